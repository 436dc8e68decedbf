package pgtest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestATestWithoutAServer(t *testing.T) {
	t.Parallel()
	missing := fmt.Errorf("start: %w", ErrNoBinaries)
	for name, tt := range map[string]struct {
		err   error
		ci    bool
		skips bool
		fails bool
	}{
		"skips aloud when there is nothing to start":     {err: missing, skips: true},
		"fails in CI when there is nothing to start":     {err: missing, ci: true, fails: true},
		"fails anywhere when there is one that will not": {err: errors.New("initdb: disk full"), fails: true},
		"fails in CI when there is one that will not":    {err: errors.New("initdb: disk full"), ci: true, fails: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			said := Spy(t, func(tb testing.TB) {
				tb.Helper()
				refuse(tb, tt.err, tt.ci)
			})
			require.Equal(t, tt.skips, said.Skip != "")
			require.Equal(t, tt.fails, said.Fatal != "")
			require.Contains(t, said.Skip+said.Fatal, tt.err.Error())
		})
	}
}

func TestTheSkipTellsWhatToInstall(t *testing.T) {
	t.Parallel()
	said := Spy(t, func(tb testing.TB) {
		tb.Helper()
		refuse(tb, ErrNoBinaries, false)
	})
	require.Equal(t, "SKIPPED: no Postgres server binaries; install postgresql", said.Skip)
}

func TestTheNewestServerIsTakenFirst(t *testing.T) {
	t.Parallel()
	require.Equal(t, 15, version("/usr/lib/postgresql/15/bin"))
	require.Greater(t, version("/usr/lib/postgresql/17/bin"), version("/usr/lib/postgresql/9.6/bin"))
	require.Zero(t, version("/usr/local/pgsql/bin"))
}

func TestOnlyTheTemporaryFolderIsOpenedToOthers(t *testing.T) {
	t.Parallel()
	closed := filepath.Join(t.TempDir(), "closed")
	inside := filepath.Join(closed, "inside")
	require.NoError(t, os.Mkdir(closed, 0o700))
	require.NoError(t, os.Mkdir(inside, 0o700))

	require.NoError(t, openTheWay(inside))
	info, err := os.Stat(closed)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o711), info.Mode().Perm(), "they pass, they do not look around")

	info, err = os.Stat(inside)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o700), info.Mode().Perm(), "the folder itself keeps its door")
}

// Spy runs a test helper and tells how it ended the test it was given.
func Spy(t *testing.T, run func(testing.TB)) (said Said) {
	t.Helper()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		run(spy{TB: t, said: &said})
	}()
	<-ended
	return said
}

// Said is what a test was told when it was ended.
type Said struct{ Fatal, Skip string }

type spy struct {
	testing.TB
	said *Said
}

func (s spy) Skipf(format string, args ...any) {
	s.said.Skip = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

func (s spy) Fatalf(format string, args ...any) {
	s.said.Fatal = fmt.Sprintf(format, args...)
	runtime.Goexit()
}
