// Package cases is every verb that a person, a program or an import can do to a case, and every view
// of it. Both doors call it; access is decided here.
package cases
