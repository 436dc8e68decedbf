// Package kpi says what is measured and answers what came out: every figure is a value that carries its own
// definition, read by API, console, exports, reports and docs alike. It is pure: records and an instant in,
// figures out. A Table keeps what figures need of every case in memory; its answers are exact, the same
// whatever order the records came in, and each leads to the cases behind it.
package kpi

//go:generate go test -run TestDocsAreCurrent . -update
