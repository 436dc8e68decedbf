package check_test

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	acts "recourse/internal/cases"
	"recourse/internal/check"
	"recourse/internal/check/checktest"
	"recourse/internal/pgtest"
	"recourse/internal/store"
	"recourse/models"
)

// BenchmarkRun reads a whole record, of RECOURSE_BENCH_CASES cases or of 1,000.
func BenchmarkRun(b *testing.B) {
	onWholeRecords(b, func(s *store.Store, _ int) {
		r, err := check.Run(b.Context(), s, nil, config())
		require.NoError(b, err)
		require.True(b, r.OK())
	})
}

// BenchmarkRebuildFacts folds the facts of a whole record again, of as many cases: all of them are behind.
func BenchmarkRebuildFacts(b *testing.B) {
	onWholeRecords(b, func(s *store.Store, n int) {
		_, _, err := s.RewriteFacts(b.Context(), "", n, func(entries [][]models.Entry) ([]models.FactRows, error) {
			return make([]models.FactRows, len(entries)), nil // away with them
		})
		require.NoError(b, err)
		changed, err := acts.RebuildFacts(b.Context(), s, true, func(_, _ int64) {})
		require.NoError(b, err)
		require.Equal(b, n, changed)
	})
}

// onWholeRecords measures what is done with a whole record of either database.
func onWholeRecords(b *testing.B, do func(s *store.Store, cases int)) {
	b.Helper()
	n := 1000
	if given, err := strconv.Atoi(os.Getenv("RECOURSE_BENCH_CASES")); err == nil {
		n = given
	}
	for name, url := range map[string]func() string{
		"SQLite":   func() string { return filepath.Join(b.TempDir(), "bench.db") },
		"Postgres": func() string { return pgtest.URL(b) },
	} {
		b.Run(name, func(b *testing.B) {
			s, err := store.Open(b.Context(), url(), store.Options{})
			require.NoError(b, err)
			defer s.Close()
			require.NoError(b, s.Migrate(b.Context()))
			require.NoError(b, checktest.Fill(b.Context(), s, seed, n))
			for b.Loop() {
				do(s, n)
			}
			b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "cases/s")
		})
	}
}
