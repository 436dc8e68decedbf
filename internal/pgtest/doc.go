// Package pgtest gives tests and benches a Postgres server of their own.
//
//	url := pgtest.URL(t)                        // a fresh, empty database
//	url := pgtest.Template(t, "store", migrate) // a fresh copy of one that migrate filled once
//
// The first call starts one private cluster for the whole test process, from the
// server binaries found on this machine; the databases go with their tests, the
// cluster with the process, also when that is killed. Where
// RECOURSE_TEST_DATABASE_URL names a server, the databases are made there
// instead. Without either, tests fail in CI (CI=true) and skip elsewhere.
//
// Programs that need a cluster of their own, to crash it or to measure it, use
// [Start].
package pgtest
