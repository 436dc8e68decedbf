package lifecycle_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/lifecycle"
	"recourse/models"
)

func TestARowIsPressedByTheClockWhoseFirstBoundIsTheEarliest(t *testing.T) {
	t.Parallel()
	s := blank(t)
	s.open(complaint())
	pressed := func(clock models.Clock, from, soon, due time.Duration) {
		t.Helper()
		row, err := lifecycle.Row(s.c)
		require.NoError(t, err)
		require.Equal(t, clock, row.DueClock)
		require.Equal(t, []time.Time{monday.Add(from), monday.Add(soon), monday.Add(due)}, []time.Time{*row.DueFrom, *row.SoonAt, *row.DueAt})
	}
	pressed(models.ClockTriage, 0, 3*time.Hour, 4*time.Hour)
	s.wait(5 * time.Hour)
	pressed(models.ClockTriage, 0, 3*time.Hour, 4*time.Hour) // it is late until somebody dispatches
	s.dispatch()
	s.accept()
	pressed(models.ClockFirstResponse, 0, 18*time.Hour, 24*time.Hour)
	s.reply()
	pressed(models.ClockFeedback, 0, 36*time.Hour, 48*time.Hour)
	s.pause(models.PauseCustomer, s.now.Add(day))
	row, err := lifecycle.Row(s.c)
	require.NoError(t, err)
	require.NotEqual(t, models.ClockFeedback, row.DueClock, "a clock that waits presses nobody")
}

func TestNoClockPressesWhatHasEnded(t *testing.T) {
	t.Parallel()
	s := atFollowingUp(t)
	s.callBack(models.CallbackReachedSolved, &models.Scores{Result: 5})
	row, err := lifecycle.Row(s.c)
	require.NoError(t, err)
	require.Equal(t, models.StateClosed, row.State)
	require.Empty(t, row.DueClock)
	require.Nil(t, row.DueAt)
	require.Nil(t, row.DueFrom)
	require.Nil(t, row.SoonAt)
}
