package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/store/storetest"
)

// What one intake costs the record alone, with eight doors open.
func BenchmarkAcceptIntake(b *testing.B) {
	for name, open := range map[string]storetest.Open{"SQLite": openSQLite, "Postgres": openPostgres} {
		b.Run(name, func(b *testing.B) {
			s := open(b)
			b.SetParallelism(4)
			b.ReportAllocs()
			b.ResetTimer() // starting a server is not taking a letter
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					require.NoError(b, s.AcceptIntake(b.Context(), storetest.Letter()))
				}
			})
		})
	}
}
