// Package extract writes tables of cases and of what belongs to them, row by row, for other programs and for
// whoever wants to check our figures.
package extract
