package notify_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/lifecycle"
	"recourse/models"
)

// atNight opens a complaint that the handler has, so that three quarters of its first response pass at four in
// the morning: the reminder waits until eight, and the limit is at ten.
func atNight(t *testing.T) (w *world, id string) {
	t.Helper()
	w = newWorld(t, handler, head, other, sue, executive)
	w.quiet = true
	c := w.dispatch(w.open("c-1", wang))
	c = w.do(c, handler.Actor(), models.VerbAccept, models.Accepted{})
	w.work()
	w.wait(18*time.Hour + time.Second)
	w.fire(c)
	for range 3 {
		w.work()
	}
	return w, c.ID
}

func (w *world) again() {
	w.t.Helper()
	for range 4 {
		w.work()
	}
}

func TestAReminderKeepsQuietHoursAndIsNotLateForIt(t *testing.T) {
	t.Parallel()
	w, id := atNight(t)
	alerts, err := w.store.AlertsOf(t.Context(), id)
	require.NoError(t, err)
	require.Len(t, alerts, 1, "on record as it fired")
	require.Equal(t, monday.Add(18*time.Hour), alerts[0].DueAt)
	require.Empty(t, w.readers(id, "alert"), "nobody is woken")

	var delays []time.Duration
	w.options.Delay = func(_ models.MessageChannel, alert bool, by time.Duration) {
		if alert {
			delays = append(delays, by)
		}
	}
	w.wait(4*time.Hour - time.Minute)
	w.again()
	require.Empty(t, w.readers(id, "alert"))
	w.wait(time.Minute)
	w.again()
	require.Equal(t, []string{"hal"}, w.readers(id, "alert"))
	require.Len(t, delays, 1)
	require.Less(t, delays[0], time.Minute, "it was not under way for four hours")
	require.NotContains(t, w.opened(w.only(id, "alert", models.MessageInbox, "hal")), "overdue")
}

func TestAReminderWhoseClockHasEndedInTheNightIsNotSent(t *testing.T) {
	t.Parallel()
	w, id := atNight(t)
	row, err := w.store.Case(t.Context(), id)
	require.NoError(t, err)
	c, err := lifecycle.Restore(row)
	require.NoError(t, err)
	c.Head = row.Hash
	w.do(c, handler.Actor(), models.VerbReply, models.Replied{Channel: models.ChannelPhone}, models.TextText)
	w.wait(5 * time.Hour)
	w.again()
	require.Empty(t, w.readers(id, "alert"))
	skipped := w.with(id, func(m models.Message) bool { return m.Template == "alert" })
	require.Len(t, skipped, 1)
	require.Equal(t, models.MessageSkipped, skipped[0].State)
	require.Contains(t, skipped[0].LastError, "over before quiet hours ended")
}

// Opened at five in the morning, three quarters of the first response pass at eleven at night and its limit at
// five: the head is told of that at once, and the reminder of eleven comes at eight. Whoever gets both gets the
// alert alone; whoever gets the reminder reads that it is late by now.
func TestAReminderThatComesBehindTheAlertSaysSoOrIsLeftOut(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		accepted bool
		want     []string
	}{
		"the handler was not told of the limit": {true, []string{"hal", "hedy"}},
		"the head is told once":                 {false, []string{"hedy"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, handler, head, other, sue, executive)
			w.quiet = true
			w.wait(19 * time.Hour)
			c := w.dispatch(w.open("c-1", wang))
			if tt.accepted {
				c = w.do(c, handler.Actor(), models.VerbAccept, models.Accepted{})
			}
			w.wait(18*time.Hour + time.Second)
			c = w.fire(c)
			w.again()
			require.Empty(t, w.told(c.ID, models.ClockFirstResponse), "it is night")
			w.wait(6 * time.Hour)
			c = w.fire(c)
			w.again()
			require.Equal(t, []string{"hedy"}, w.told(c.ID, models.ClockFirstResponse), "what is late is told at any hour")
			w.wait(3 * time.Hour)
			w.again()
			require.ElementsMatch(t, tt.want, w.told(c.ID, models.ClockFirstResponse))
			if tt.accepted {
				require.Contains(t, w.opened(w.only(c.ID, "alert", models.MessageInbox, "hal")), "is overdue")
			}
		})
	}
}

// told lists in whose inboxes the alerts of a clock lie.
func (w *world) told(id string, k models.Clock) (people []string) {
	w.t.Helper()
	alerts, err := w.store.AlertsOf(w.t.Context(), id)
	require.NoError(w.t, err)
	about := map[int64]bool{}
	for _, a := range alerts {
		about[a.Seq] = a.Clock == k
	}
	for _, m := range w.with(id, func(m models.Message) bool {
		return m.Template == "alert" && about[m.Seq] && m.Person != "" && m.Channel == models.MessageInbox && m.State == models.MessageSent
	}) {
		people = append(people, m.Person)
	}
	return people
}
