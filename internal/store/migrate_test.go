package store_test

import (
	"io/fs"
	"path"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/pgtest"
	"recourse/internal/store"
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
		require.Empty(t, kept, "%s: tables that no model knows", name)
	}
}

// What a migration finds is not an empty database: every step is taken with rows on record, down
// to nothing, and up again.
func TestEveryMigrationGoesUpAndDownAndUpAgain(t *testing.T) {
	t.Parallel()
	urls := map[string]string{"sqlite": path.Join(t.TempDir(), "up.db"), "postgres": pgtest.URL(t)}
	for name, url := range urls {
		s := open(t, url)
		current, known, err := s.SchemaVersion(t.Context())
		require.NoError(t, err)
		require.Zero(t, current)
		steps := slices.Collect(func(yield func(int64) bool) {
			for v := int64(1); v <= known; v++ {
				if !yield(v) {
					return
				}
			}
		})
		for _, v := range steps {
			require.NoError(t, s.MigrateTo(t.Context(), v), name)
		}
		for _, v := range slices.Backward(steps) {
			require.NoError(t, s.MigrateTo(t.Context(), v-1), name)
		}
		require.NoError(t, s.Migrate(t.Context()), name)
		require.NoError(t, s.Migrate(t.Context()), "%s: a second time", name)
		current, known, err = s.SchemaVersion(t.Context())
		require.NoError(t, err)
		require.Equal(t, known, current)
		faults, err := s.Faults(t.Context())
		require.NoError(t, err)
		require.Empty(t, faults, name)
	}
}
