// Command withpostgres starts a private Postgres server, runs a command with its
// address in an environment variable, and ends the server with the command:
//
//	withpostgres RECOURSE_TEST_POSTGRES go test ./...
//
// It serves programs that cannot import internal/pgtest. Where the variable is
// set already it only runs the command. Without server binaries it fails in CI
// and elsewhere runs the command without the variable, saying so.
package main
