package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/pgtest"
)

const variable = "WITHPOSTGRES_TEST_URL"

func TestTheCommandIsToldWhereTheServerIs(t *testing.T) {
	pgtest.URL(t) // skips where there is nothing to start
	said := filepath.Join(t.TempDir(), "said")
	code, err := run(variable, []string{"sh", "-c", "echo $" + variable + " >" + said})
	require.NoError(t, err)
	require.Zero(t, code)
	text, err := os.ReadFile(said)
	require.NoError(t, err)
	require.Regexp(t, `^postgres://postgres:\w+@127\.0\.0\.1:\d+/postgres\?sslmode=disable\n$`, string(text))
}

func TestAServerThatIsNamedAlreadyIsUsed(t *testing.T) {
	t.Setenv(variable, "postgres://elsewhere/")
	code, err := run(variable, []string{"sh", "-c", `test "$` + variable + `" = postgres://elsewhere/`})
	require.NoError(t, err)
	require.Zero(t, code)
}

func TestWhatTheCommandReturnsIsReturned(t *testing.T) {
	t.Setenv(variable, "postgres://elsewhere/")
	for script, want := range map[string]int{"exit 7": 7, "kill -9 $$": 1} {
		code, err := run(variable, []string{"sh", "-c", script})
		require.NoError(t, err)
		require.Equal(t, want, code, script)
	}
	code, err := run(variable, []string{"/no/such/command"})
	require.Error(t, err)
	require.Equal(t, 1, code)
}
