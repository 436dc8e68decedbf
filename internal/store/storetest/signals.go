package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/store"
	"recourse/models"
)

// signal is one of the week that begins so many days after noon.
func signal(id, value string, days int) models.Signal {
	from := later(0).AddDate(0, 0, days)
	return models.Signal{
		ID: id, Dimension: "product", Value: value, Step: "week", From: from, Until: from.AddDate(0, 0, 7), Zone: "Asia/Shanghai",
		Chart: "u", Count: 31, Size: 1000, Center: 0.0101, Upper: 0.1 + 0.2, Rules: []string{"beyond", "two_of_three"}, Chance: 3.25e-17,
		FirstSeen: from.AddDate(0, 0, -7), DetectedAt: from.AddDate(0, 0, 8),
		Evidence: models.Evidence{
			Format: 1, Volume: models.VolumeUnits, Base: 1, Widened: 1.25, Chances: []models.RuleChance{{Rule: "beyond", Chance: 3.25e-17}},
			Points: []models.EvidencePoint{{From: from.AddDate(0, 0, -7), Until: from, Label: "2026-W08", Count: 10, Size: 1000, Upper: 1.0 / 3}, {From: from, Until: from.AddDate(0, 0, 7), Count: 31, Size: 1000, Rules: []string{"beyond"}}},
		},
	}
}

var signals = []promise{
	{"a signal stays as it was seen first", func(t *testing.T, s *store.Store) {
		kettle := signal("s-1", "kettle", 0)
		require.NoError(t, s.PutSignals(t.Context(), []models.Signal{kettle}))
		again := signal("s-1", "kettle", 0)
		again.Count, again.DetectedAt = 99, later(0).AddDate(1, 0, 0)
		require.NoError(t, s.PutSignals(t.Context(), []models.Signal{again, signal("s-2", "pan", 7)}))
		got, err := s.Signal(t.Context(), "s-1")
		require.NoError(t, err)
		require.Equal(t, kettle, got)
		_, err = s.Signal(t.Context(), "s-3")
		require.Equal(t, models.CodeNotFound, models.CodeOf(err))
		require.NoError(t, s.PutSignals(t.Context(), nil))
	}},
	{"signals are listed by page, those of the newest periods first, and narrowed", func(t *testing.T, s *store.Store) {
		all := []models.Signal{signal("a", "kettle", 0), signal("b", "pan", 7), signal("c", "kettle", 14), signal("d", "pan", 14)}
		all[1].Dimension, all[2].Step = "category", "month"
		require.NoError(t, s.PutSignals(t.Context(), all))
		list := func(q models.SignalQuery) (ids []string) {
			t.Helper()
			page, next, err := s.Signals(t.Context(), q)
			require.NoError(t, err)
			for _, one := range page {
				ids = append(ids, one.ID)
				require.Empty(t, one.Evidence.Points)
				require.Equal(t, int64(31), one.Count)
				require.Equal(t, []string{"beyond", "two_of_three"}, one.Rules)
			}
			if next != "" {
				q.Cursor = next
				ids = append(append(ids, "|"), func() []string {
					rest, _, err := s.Signals(t.Context(), q)
					require.NoError(t, err)
					var more []string
					for _, one := range rest {
						more = append(more, one.ID)
					}
					return more
				}()...)
			}
			return ids
		}
		require.Equal(t, []string{"d", "c", "b", "a"}, list(models.SignalQuery{}))
		require.Equal(t, []string{"d", "c", "|", "b", "a"}, list(models.SignalQuery{Limit: 2}))
		require.Equal(t, []string{"c", "a"}, list(models.SignalQuery{Value: "kettle"}))
		require.Equal(t, []string{"b"}, list(models.SignalQuery{Dimension: "category"}))
		require.Equal(t, []string{"c"}, list(models.SignalQuery{Step: "month"}))
		require.Equal(t, []string{"d", "c"}, list(models.SignalQuery{From: later(0).AddDate(0, 0, 14)}))
		require.Equal(t, []string{"a"}, list(models.SignalQuery{Until: later(0).AddDate(0, 0, 7)}))
		require.Equal(t, []string{"b"}, list(models.SignalQuery{DetectedAt: later(0).AddDate(0, 0, 15)}))
		require.Empty(t, list(models.SignalQuery{DetectedAt: later(time.Second)}))
		_, _, err := s.Signals(t.Context(), models.SignalQuery{Cursor: "no"})
		require.Equal(t, models.CodeInvalid, models.CodeOf(err))
	}},
}
