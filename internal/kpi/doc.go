// Package kpi says what is measured: every figure is a value that carries its own definition, read by
// API, console, export and docs alike. It is pure: facts and an instant in, figures out.
package kpi

//go:generate go test -run TestDocsAreCurrent . -update
