package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/store/storetest"
	"recourse/models"
)

// What one intake costs the record alone, with eight doors open, and how much of that are its facts.
func BenchmarkAcceptIntake(b *testing.B) {
	for name, open := range map[string]storetest.Open{"SQLite": openSQLite, "Postgres": openPostgres} {
		for with, letter := range map[string]func() models.Intake{"with facts": storetest.Letter, "without": bare} {
			b.Run(name+" "+with, func(b *testing.B) {
				s := open(b)
				b.SetParallelism(4)
				b.ReportAllocs()
				b.ResetTimer() // starting a server is not taking a letter
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						require.NoError(b, s.AcceptIntake(b.Context(), letter()))
					}
				})
			})
		}
	}
}

// bare is a letter without facts.
func bare() models.Intake {
	in := storetest.Letter()
	in.Recording.FactRows = models.FactRows{}
	return in
}
