package pgtest

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"
)

// EnvURL names the variable that points tests at a server of your own. Its role
// must be allowed to create databases.
const EnvURL = "RECOURSE_TEST_DATABASE_URL"

// URL returns the address of a fresh, empty database that is dropped when the test ends.
func URL(tb testing.TB) string {
	tb.Helper()
	return clone(tb, server(tb), emptyTemplate)
}

// Template returns the address of a fresh copy of the template called name. The
// first caller in a process fills the template with migrate; nobody may be
// connected to it afterwards. The copy is dropped when the test ends.
func Template(tb testing.TB, name string, migrate func(url string) error) string {
	tb.Helper()
	admin := server(tb)
	template, err := templateOf(admin, name, migrate)
	if err != nil {
		tb.Fatalf("template database %s: %v", name, err)
	}
	return clone(tb, admin, template)
}

// server returns the maintenance URL of the server this process tests against.
func server(tb testing.TB) string {
	tb.Helper()
	admin, err := sharedServer()
	if err != nil {
		refuse(tb, err, os.Getenv("CI") == "true")
	}
	return admin
}

var sharedServer = sync.OnceValues(func() (string, error) {
	if own := os.Getenv(EnvURL); own != "" {
		if err := sweep(own); err != nil {
			return "", fmt.Errorf("%s: %w", EnvURL, err)
		}
		return own, nil
	}
	cluster, err := Start("")
	if err != nil {
		return "", err
	}
	return cluster.URL, nil
})

// refuse ends a test that has no server. Only missing binaries may be skipped,
// and never in CI: a suite that quietly tests one database of two proves nothing.
func refuse(tb testing.TB, err error, ci bool) {
	tb.Helper()
	if errors.Is(err, ErrNoBinaries) && !ci {
		tb.Skipf("SKIPPED: %v", err)
	}
	tb.Fatalf("a Postgres server for tests: %v", err)
}
