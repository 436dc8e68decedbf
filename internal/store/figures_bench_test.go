package store_test

import (
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/store"
	"recourse/internal/store/storetest"
	"recourse/models"
)

// How long it takes to read what figures need of all cases, and of the last that changed; RECOURSE_BENCH_CASES says of how many.
func BenchmarkFigures(b *testing.B) {
	cases, _ := strconv.Atoi(os.Getenv("RECOURSE_BENCH_CASES"))
	cases = max(cases, 2000)
	for name, open := range map[string]storetest.Open{"SQLite": openSQLite, "Postgres": openPostgres} {
		b.Run(name, func(b *testing.B) {
			s := open(b)
			multiply(b, s, cases)
			b.Run("all", func(b *testing.B) {
				for b.Loop() {
					n := 0
					require.NoError(b, s.Figures(b.Context(), func(r models.FigureRow) error {
						n += len(r.Facts)
						return nil
					}))
					require.Equal(b, cases, n)
				}
				b.ReportMetric(float64(cases)*float64(b.N)/b.Elapsed().Seconds(), "cases/s")
			})
			b.Run("the last", func(b *testing.B) {
				for b.Loop() {
					page, _, err := s.FiguresSince(b.Context(), time.Time{}, "", 500)
					require.NoError(b, err)
					require.Len(b, page, 500)
				}
			})
		})
	}
}

// multiply puts as many cases on record, each a copy of one with facts, a lever, three ownerships and an alert.
func multiply(b *testing.B, s *store.Store, cases int) {
	b.Helper()
	in := storetest.Letter()
	row := in.Recording.Case
	in.Recording.Facts = []models.Fact{{CaseID: row.ID, Cycle: 1, BeganAt: row.ReceivedAt, Response: models.ClockFact{StartedAt: &row.ReceivedAt, Department: "repairs"}}}
	in.Recording.Levers = []models.Lever{{CaseID: row.ID, Seq: 1, Kind: models.LeverPause, Cycle: 1, At: row.ReceivedAt}}
	in.Recording.Ownerships = nil
	for part := range 3 {
		in.Recording.Ownerships = append(in.Recording.Ownerships, models.Ownership{CaseID: row.ID, Part: part + 1, Seq: 1, Cycle: 1, Department: "repairs", From: row.ReceivedAt})
	}
	in.Recording.Alerts = []models.Alert{{ID: "a", CaseID: row.ID, Key: "k", Roles: []models.Role{models.RoleExecutive}, DueAt: row.ReceivedAt, FiredAt: row.ReceivedAt}}
	in.Recording.Case.Snapshot = make([]byte, 8000)
	require.NoError(b, s.AcceptIntake(b.Context(), in))
	for _, table := range []string{"cases", "facts", "levers", "ownerships", "alerts"} {
		for done := 1; done < cases; done += 5000 {
			require.NoError(b, s.Multiply(b.Context(), table, row.ID, done, min(cases, done+5000)), fmt.Sprint(table, done))
		}
	}
	require.NoError(b, s.Analyse(b.Context()))
}
