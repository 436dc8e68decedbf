package check_test

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/check"
	"recourse/internal/check/checktest"
	"recourse/internal/pgtest"
	"recourse/internal/store"
)

// BenchmarkRun reads a whole record, of RECOURSE_BENCH_CASES cases or of 1,000.
func BenchmarkRun(b *testing.B) {
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
				r, err := check.Run(b.Context(), s, nil, config())
				require.NoError(b, err)
				require.True(b, r.OK())
				b.ReportMetric(float64(r.Events), "events")
			}
			b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "cases/s")
		})
	}
}
