package store_test

import (
	"errors"
	"io/fs"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/pgtest"
	"recourse/internal/store"
	"recourse/internal/store/storetest"
)

func TestEveryMigrationHasItsPair(t *testing.T) {
	t.Parallel()
	list := func(database string) []string {
		files, err := store.Migrations(database)
		require.NoError(t, err)
		names, err := fs.Glob(files, "*.sql")
		require.NoError(t, err)
		return names
	}
	require.NotEmpty(t, list("sqlite"))
	require.Equal(t, list("sqlite"), list("postgres"))
}

func TestTheSchemaIsTheVocabularys(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]*store.Store{"sqlite": openSQLite(t), "postgres": openPostgres(t)} {
		kept, err := s.Columns(t.Context())
		require.NoError(t, err)
		want := store.Vocabulary()
		for table, columns := range want {
			require.ElementsMatch(t, columns, kept[table], "%s: columns of %s", name, table)
			delete(kept, table)
		}
		delete(kept, "goose_db_version")
		delete(kept, "case_numbers")
		delete(kept, "search_texts") // derived, and made differently for each
		delete(kept, "search_terms")
		require.Empty(t, kept, "%s: tables that no model knows", name)
	}
}

// What a migration finds is not an empty database: the last step is taken back and done again with
// rows in every table that the one before has.
func TestMigrationsGoUpAndDownAndUpAgain(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]string{"sqlite": filepath.Join(t.TempDir(), "up.db"), "postgres": pgtest.URL(t)} {
		s := open(t, url)
		current, known, err := s.SchemaVersion(t.Context())
		require.NoError(t, err)
		require.Zero(t, current)
		for version := int64(1); version <= known; version++ {
			require.NoError(t, s.MigrateTo(t.Context(), version), name)
		}
		storetest.Fill(t, s)
		for _, version := range []int64{known - 1, known, 0, known} {
			require.NoError(t, s.MigrateTo(t.Context(), version), "%s to %d", name, version)
		}
		require.NoError(t, s.Migrate(t.Context()), "%s: a second time", name)
		current, _, err = s.SchemaVersion(t.Context())
		require.NoError(t, err)
		require.Equal(t, known, current)
		faults, err := s.Faults(t.Context())
		require.NoError(t, err)
		require.Empty(t, faults, name)
	}
}

func TestSeveralMayMigrateAtOnce(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]string{"sqlite": filepath.Join(t.TempDir(), "once.db"), "postgres": pgtest.URL(t)} {
		var (
			all  sync.WaitGroup
			errs [3]error
		)
		for i := range errs {
			s := open(t, url)
			all.Go(func() { errs[i] = s.Migrate(t.Context()) })
		}
		all.Wait()
		require.NoError(t, errors.Join(errs[:]...), name)
		storetest.Fill(t, open(t, url))
	}
}

func TestADatabaseOfANewerProgramIsRefused(t *testing.T) {
	t.Parallel()
	s := openSQLite(t)
	require.NoError(t, s.Pretend(t.Context(), 9999))
	require.ErrorContains(t, s.Migrate(t.Context()), "use a newer program")
}
