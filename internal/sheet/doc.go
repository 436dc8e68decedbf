// Package sheet reads and writes tables row by row, as CSV or as an Excel workbook, in constant memory.
package sheet
