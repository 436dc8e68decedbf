// Package calendar knows when a company, a channel or a department is open: weekly hours, holidays and
// make-up working days in, open intervals out.
package calendar
