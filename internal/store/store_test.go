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

func TestSQLite(t *testing.T) {
	t.Parallel()
	storetest.Run(t, openSQLite)
}

func TestPostgres(t *testing.T) {
	t.Parallel()
	storetest.Run(t, openPostgres)
}

func openSQLite(tb testing.TB) *store.Store {
	tb.Helper()
	s := open(tb, "sqlite://"+filepath.Join(tb.TempDir(), "recourse test#1?.db"))
	require.NoError(tb, s.Migrate(tb.Context()))
	return s
}

func openPostgres(tb testing.TB) *store.Store {
	tb.Helper()
	return open(tb, pgtest.Template(tb, "store", migrate))
}

func open(tb testing.TB, url string) *store.Store {
	tb.Helper()
	s, err := store.Open(tb.Context(), url, store.Options{Connections: 6})
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, s.Close()) })
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
