// Package arrows holds no code, only the tests of the architecture: which package
// may import which, and that workflows and kernel cannot do what a replay could
// not repeat. The table of table_test.go is the one that docs and lint rules show.
package arrows
