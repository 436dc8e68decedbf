// Package sheet reads and writes tables row by row, in constant memory. It reads what other programs
// write: CSV in several encodings, bare, gzipped or zipped, and Excel workbooks; a row that cannot be read
// is told with its line, and the rows behind it are read on.
package sheet
