package store_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/pgtest"
	"recourse/internal/store"
	"recourse/internal/store/storetest"
	"recourse/models"
)

func TestSQLite(t *testing.T)   { t.Parallel(); storetest.Run(t, openSQLite) }
func TestPostgres(t *testing.T) { t.Parallel(); storetest.Run(t, openPostgres) }

func openSQLite(t *testing.T) *store.Store {
	t.Helper()
	s := open(t, "sqlite://"+filepath.Join(t.TempDir(), "recourse test#1?.db"))
	require.NoError(t, s.Migrate(t.Context()))
	return s
}

func openPostgres(t *testing.T) *store.Store {
	t.Helper()
	return open(t, pgtest.Template(t, "store", migrate))
}

func open(t *testing.T, url string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), url, store.Options{Connections: 6})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func migrate(url string) error {
	s, err := store.Open(context.Background(), url, store.Options{})
	if err != nil {
		return err
	}
	if err := s.Migrate(context.Background()); err != nil {
		return err
	}
	return s.Close()
}

func TestADumpMovesToTheOtherDatabase(t *testing.T) {
	t.Parallel()
	t.Run("SQLite to Postgres", func(t *testing.T) { storetest.Moves(t, openSQLite(t), openPostgres(t)) })
	t.Run("Postgres to SQLite", func(t *testing.T) { storetest.Moves(t, openPostgres(t), openSQLite(t)) })
	t.Run("SQLite to SQLite", func(t *testing.T) { storetest.Moves(t, openSQLite(t), openSQLite(t)) })
	t.Run("an old file of keys", func(t *testing.T) { storetest.Forgets(t, openSQLite(t), openSQLite(t)) })
}

func TestADatabaseThatDoesNotAnswerIsUnavailable(t *testing.T) {
	t.Parallel()
	_, err := store.Open(t.Context(), "postgres://nobody@127.0.0.1:1/nothing", store.Options{})
	require.Equal(t, models.CodeUnavailable, models.CodeOf(err), "%v", err)
	_, err = store.Open(t.Context(), "mysql://here", store.Options{})
	require.ErrorContains(t, err, "neither")
}

func TestTwoProcessesShareOneFile(t *testing.T) {
	t.Parallel()
	url := filepath.Join(t.TempDir(), "shared.db")
	one, two := open(t, url), open(t, url)
	require.NoError(t, one.Migrate(t.Context()))
	require.NoError(t, two.Migrate(t.Context()))
	storetest.Share(t, one, two)
	info, err := os.Stat(url)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}
