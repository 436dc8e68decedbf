// Package browser proves the console's promises in a real browser: one program with the sample
// company, looked at and used as people do.
package browser
