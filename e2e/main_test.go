package e2e_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"recourse/internal/pgtest"
	"recourse/internal/rig"
)

// long asks for the numbers of a release instead of those of every day: more seeds, more cases, a
// longer outage.
var long = os.Getenv("RECOURSE_E2E_LONG") != ""

// often returns the everyday number, or the release's.
func often(everyDay, release int) int {
	if long {
		return release
	}
	return everyDay
}

// programs is the folder with the program as it is now, and the embedded Temporal server beside it.
var programs string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	var err error
	if programs, err = os.MkdirTemp("", "recourse-e2e-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(programs) }()
	return m.Run()
}

var build = sync.OnceValue(func() error {
	server, err := filepath.Abs(rig.Program("recourse-devserver"))
	if err != nil {
		return err
	}
	if _, err := os.Stat(server); err != nil {
		return errNoServer
	}
	if err := os.Symlink(server, filepath.Join(programs, "recourse-devserver")); err != nil {
		return err
	}
	out, err := exec.Command("go", "build", "-buildvcs=false", "-o", filepath.Join(programs, "recourse"), "recourse/cmd/recourse").CombinedOutput()
	if err != nil {
		return fmt.Errorf("build the program: %w\n%s", err, out)
	}
	return nil
})

var errNoServer = errors.New("bin/recourse-devserver is not built; run `make devserver`")

// program returns the path of one of our programs. A machine without the embedded server proves
// nothing: CI fails there, everybody else is told aloud.
func program(t *testing.T, name string) string {
	t.Helper()
	err := build()
	if errors.Is(err, errNoServer) && os.Getenv("CI") == "" {
		t.Skip("SKIPPED: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(programs, name)
}

// databases are what may lie under the product: the address of a fresh, empty one each.
var databases = []struct {
	name string
	url  func(t *testing.T) string
}{
	{"SQLite", func(t *testing.T) string { t.Helper(); return "sqlite://" + filepath.Join(t.TempDir(), "recourse.db") }},
	{"Postgres", func(t *testing.T) string { t.Helper(); return pgtest.URL(t) }},
}

// onEveryDatabase runs a test of the whole stack once on each database, and ends it with a check of
// the record.
func onEveryDatabase(t *testing.T, test func(t *testing.T, s *stack)) {
	t.Helper()
	for _, db := range databases {
		t.Run(db.name, func(t *testing.T) {
			s := newStack(t, db.url(t))
			test(t, s)
			s.checkClean(t)
		})
	}
}
