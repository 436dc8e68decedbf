package cases_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/models"
)

func TestWhoWatchesIsToldOfWhatTheyMaySeeAndNoMore(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *desk) {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		sees, other := h.Watch(ctx, supervisor), h.Watch(ctx, as(models.RoleHandler, "works"))
		row := h.open(t, told("the kettle leaks", "Ada", "13800000001"))
		require.Equal(t, cases.Change{ID: row.ID, Number: row.Number, Seq: row.Seq, New: true}, <-sees)
		require.Empty(t, other, "a case that waits to be dispatched is not for handlers")

		again := h.open(t, told("the kettle leaks again", "Ada", "13800000001"))
		require.Equal(t, again.ID, (<-sees).ID)
		require.Empty(t, sees, "nothing is told twice")
	})
}

func TestNobodyIsAskedForWhenNobodyWatches(t *testing.T) {
	t.Parallel()
	h := newDesk(t, t.TempDir()+"/cases.db")
	ctx, stop := context.WithCancel(t.Context())
	first := h.Watch(ctx, supervisor)
	h.open(t, told("one", "Ada", "13800000001"))
	<-first
	stop()
	ctx, stop = context.WithCancel(t.Context())
	defer stop()
	second := h.Watch(ctx, supervisor) // whether or not the first has ended yet
	row := h.open(t, told("two", "Ada", "13800000001"))
	for change := range second {
		if change.ID == row.ID {
			break
		}
	}
}
