package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/store"
	"recourse/models"
)

var adjustments = []promise{
	{"an adjustment moves from state to state once, with who and when", func(t *testing.T, s *store.Store) {
		_, err := s.Adjustment(t.Context(), "a-1")
		refused(t, err, models.CodeNotFound)
		until := later(9)
		a := models.Adjustment{
			ID: "a-1", Kind: models.AdjustLater, State: models.AdjustmentPreviewed, Later: 24 * time.Hour, Calendar: "working", Clocks: []string{"handling"},
			Until: &until, Tell: true, Filter: models.AdjustmentFilter{Regions: []string{"南区", "north"}}, Reason: "台风", Author: "ada", CreatedAt: later(0),
		}
		require.NoError(t, s.PutAdjustment(t.Context(), a, nil))
		b := a
		b.ID, b.CreatedAt = "a-2", later(1)
		require.NoError(t, s.PutAdjustment(t.Context(), b, nil))
		kept, err := s.Adjustment(t.Context(), "a-1")
		require.NoError(t, err)
		require.Equal(t, a, kept)
		for _, want := range []bool{true, false} {
			moved, err := s.MoveAdjustment(t.Context(), "a-1", models.AdjustmentPreviewed, models.AdjustmentRunning, "otto", later(2))
			require.NoError(t, err)
			require.Equal(t, want, moved)
		}
		all, err := s.Adjustments(t.Context(), 10)
		require.NoError(t, err)
		require.Equal(t, []string{"a-2", "a-1"}, []string{all[0].ID, all[1].ID}, "the latest first")
		require.Equal(t, []any{models.AdjustmentRunning, "otto", later(2)}, []any{all[1].State, all[1].StartedBy, *all[1].StartedAt})
	}},
	{"the cases of an adjustment are kept once, paged and counted", func(t *testing.T, s *store.Store) {
		a := models.Adjustment{ID: "a-1", Kind: models.AdjustPolicy, State: models.AdjustmentPreviewed, Policy: "policy-1", Reason: "r", Author: "ada", CreatedAt: later(0)}
		moves := []models.BoundMove{{Run: "1/handling/1", Clock: models.ClockHandling, Bound: models.BoundLimit, From: later(5), To: later(3)}, {Run: "1/total/1"}}
		one := models.AdjustedCase{AdjustmentID: "a-1", CaseID: "c-1", Number: "N1", State: models.AdjustedPlanned, Planned: moves, Earlier: true, AtOnce: true}
		two := models.AdjustedCase{AdjustmentID: "a-1", CaseID: "c-2", Number: "N2", State: models.AdjustedPlanned}
		require.NoError(t, s.PutAdjustment(t.Context(), a, []models.AdjustedCase{one, two}))
		at := later(4)
		one.State, one.Moved, one.Seq, one.Attempts, one.Why, one.At = models.AdjustedDone, moves[:1], 7, 2, "因为", &at
		require.NoError(t, s.SetAdjusted(t.Context(), one))
		again := models.AdjustedCase{AdjustmentID: "a-1", CaseID: "c-1", Number: "other"}
		require.NoError(t, s.AddAdjusted(t.Context(), []models.AdjustedCase{again}), "it is there, and stays as it is")
		page, err := s.Adjusted(t.Context(), "a-1", "", 1)
		require.NoError(t, err)
		require.Equal(t, []models.AdjustedCase{one}, page)
		page, err = s.Adjusted(t.Context(), "a-1", "c-1", 5, models.AdjustedPlanned)
		require.NoError(t, err)
		require.Equal(t, []models.AdjustedCase{two}, page)
		counts, err := s.CountAdjusted(t.Context(), "a-1")
		require.NoError(t, err)
		require.Equal(t, []models.AdjustmentCount{{State: models.AdjustedDone, Cases: 1, Earlier: 1, AtOnce: 1}, {State: models.AdjustedPlanned, Cases: 1}}, counts)
	}},
}
