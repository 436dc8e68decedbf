// Package daylist reads lists of days off, make-up working days and closures as others write them: ICS,
// CSV and JSON.
package daylist
