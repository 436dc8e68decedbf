package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/store"
	"recourse/models"
)

var uptimes = []promise{
	{"heartbeats make one span longer, and spans are found with the last ones before them", func(t *testing.T, s *store.Store) {
		up := func(id string, part models.Part, since, until time.Duration) models.Uptime {
			return models.Uptime{ID: id, Part: part, Since: later(since), Until: later(until)}
		}
		beat := func(all ...models.Uptime) {
			for _, u := range all {
				require.NoError(t, s.Beat(t.Context(), u))
			}
		}
		one, two := up("1", models.PartWorker, 0, time.Hour), up("2", models.PartWorker, 2*time.Hour, 3*time.Hour)
		engine := up("3", models.PartTemporal, 0, 9*time.Hour)
		beat(up("1", models.PartWorker, 0, 0), one, two, engine, up("0", models.PartWorker, -time.Hour, -time.Minute))
		found := func(from, until time.Duration, want ...models.Uptime) {
			t.Helper()
			spans, err := s.Uptimes(t.Context(), later(from), later(until))
			require.NoError(t, err)
			require.ElementsMatch(t, want, spans)
		}
		found(90*time.Minute, 4*time.Hour, one, two, engine)
		found(time.Hour, 2*time.Hour, up("0", models.PartWorker, -time.Hour, -time.Minute), one, two, engine)
		found(-9*time.Hour, -2*time.Hour)
		found(20*time.Hour, 21*time.Hour, two, engine)

		gone, err := s.SweepUptimes(t.Context(), later(2*time.Hour))
		require.NoError(t, err)
		require.EqualValues(t, 2, gone)
		found(-9*time.Hour, 20*time.Hour, two, engine)
	}},
}
