// Package figures keeps the table that figures are computed from in memory, in line with the record.
package figures
