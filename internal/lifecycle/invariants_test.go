package lifecycle_test

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/lifecycle"
	"recourse/models"
)

// witness looks at every event of a case as it is decided, and speaks up as soon as one breaks what
// must always hold.
type witness struct {
	t               require.TestingT
	id              string
	events          []models.Event
	body            [][]byte
	head            []byte
	c               lifecycle.Case // the fold so far, without plan and head
	alerts          map[string]bool
	awaited         map[string]time.Time // until when each alert must be acknowledged
	snoozed, handed map[string]bool
	frozen          map[string]time.Time // runs that ended while paused, by where they stood
	closed          map[string]bool      // runs cancelled by an end that came by itself and was noticed later
}

func watch(t require.TestingT, id string) *witness {
	return &witness{t: t, id: id, c: lifecycle.Case{ID: id}, alerts: map[string]bool{}, awaited: map[string]time.Time{}, snoozed: map[string]bool{}, handed: map[string]bool{}, frozen: map[string]time.Time{}, closed: map[string]bool{}}
}

// see takes one batch: what one decision, or one look at the clock, brought.
func (w *witness) see(batch []models.Event) {
	help(w.t)
	for _, e := range batch {
		before := w.c
		w.order(before, e)
		w.c = lifecycle.Evolve(before, e)
		w.alert(before, e)
		w.putOff(before, e)
		w.breach(before, e)
		w.clocks(e)
		w.freeze(before, e)
		if !models.MayBecome(before.State, w.c.State) {
			w.fail(e, "the law does not lead from %s to %s", before.State, w.c.State)
		}
		w.events = append(w.events, e)
	}
	if len(batch) > 0 {
		w.ends(batch[len(batch)-1])
	}
}

// store takes a batch as it goes on record.
func (w *witness) store(batch []models.Event, entries []models.Entry) {
	help(w.t)
	require.Len(w.t, entries, len(batch))
	for i, e := range batch {
		w.body = append(w.body, entries[i].Body)
		w.head = models.Chain(w.head, entries[i].Body)
		if !bytes.Equal(w.head, entries[i].Hash) || entries[i].Seq != e.Seq || entries[i].ID != e.ID {
			w.fail(e, "the entry is not the event, or the chain does not verify")
		}
	}
}

func (w *witness) fail(e models.Event, format string, args ...any) {
	help(w.t)
	require.FailNow(w.t, fmt.Sprintf("%s/%d %s %+v: ", w.id, e.Seq, e.Kind, e.Data)+fmt.Sprintf(format, args...))
}

// order: the sequence has no gap, decided instants never go back, all are cut to microseconds.
func (w *witness) order(before lifecycle.Case, e models.Event) {
	switch {
	case e.Seq != before.Seq+1:
		w.fail(e, "the sequence has a gap after %d", before.Seq)
	case e.DecidedAt.Before(before.LastAt):
		w.fail(e, "decided at %s, before the event before it at %s", e.DecidedAt, before.LastAt)
	case e.HappenedAt.After(e.DecidedAt):
		w.fail(e, "happened at %s, after it was decided", e.HappenedAt)
	case !e.DecidedAt.Equal(e.DecidedAt.Truncate(us)) || !e.HappenedAt.Equal(e.HappenedAt.Truncate(us)):
		w.fail(e, "an instant is finer than a microsecond")
	case e.Version != models.VersionOf(e.Data) || e.Kind != e.Data.Kind() || e.Case != w.id:
		w.fail(e, "it is not what it says it is")
	}
}

// alert: one alert per key, none after its milestone, none before it is due.
func (w *witness) alert(before lifecycle.Case, e models.Event) {
	d, is := e.Data.(models.Escalated)
	if !is {
		return
	}
	r, known := before.Run(d.Run)
	switch {
	case w.alerts[d.Alert]:
		w.fail(e, "the alert went out before")
	case !known || !r.Running():
		w.fail(e, "its milestone was reached, or its clock never ran")
	case len(d.Roles) == 0:
		w.fail(e, "it goes to nobody")
	case !r.PausedAt.IsZero() && d.Follows == "" && d.Rung != models.RungAtOnce:
		w.fail(e, "its clock is paused")
	case d.Rung == models.RungLimit && d.DueAt.Equal(r.MovedAt): // the clock came back past its limit
	case !d.DueAt.Before(e.DecidedAt) && d.Rung != models.RungProblem:
		w.fail(e, "it went out before it was due")
	case d.Rung == models.RungProblem && (!w.c.Problem || !d.DueAt.Equal(e.DecidedAt)):
		w.fail(e, "it is no problem case, or was one before")
	case d.Alert != models.AlertKey(d.Run, d.Bound, d.Rung, d.Repeat):
		w.fail(e, "its key is not its own")
	case (d.LateBy > 0) != (e.DecidedAt.Sub(d.DueAt) > time.Minute) || (d.LateBy > 0) != (d.LateReason != ""):
		w.fail(e, "late by %s for %q, but due at %s and decided at %s", d.LateBy, d.LateReason, d.DueAt, e.DecidedAt)
	case d.Follows != "" && d.DueAt.Before(w.awaited[d.Follows]):
		w.fail(e, "somebody still had time to acknowledge until %s", w.awaited[d.Follows])
	case d.Superseded && !d.AckBy.IsZero():
		w.fail(e, "nobody got it, so nobody can acknowledge it")
	}
	w.alerts[d.Alert] = true
	w.awaited[d.Alert] = d.AckBy
}

// putOff: an alert is put off once and handed over once, both to later than now, and not past what its
// clock still has before it.
func (w *witness) putOff(before lifecycle.Case, e models.Event) {
	switch d := e.Data.(type) {
	case models.Snoozed:
		i := slices.IndexFunc(before.Alerts, func(a lifecycle.Alert) bool { return a.Key == d.Alert })
		r, _ := before.Run(before.Alerts[i].Run)
		_, bound := r.Due()
		switch {
		case w.snoozed[d.Alert] || before.Alerts[i].AckBy.IsZero():
			w.fail(e, "it was put off before, or waits for nobody")
		case !d.Until.After(w.awaited[d.Alert]) || d.Until.Sub(e.DecidedAt) > 2*time.Hour:
			w.fail(e, "it is put off from %s, by what is not possible", w.awaited[d.Alert])
		case !bound.IsZero() && d.Until.After(bound) && r.PausedAt.IsZero():
			w.fail(e, "its clock runs out at %s", bound)
		}
		w.snoozed[d.Alert], w.awaited[d.Alert] = true, d.Until
	case models.HandedOver:
		if w.handed[d.Alert] || d.Person == e.Actor.ID || d.AcceptBy.Before(e.DecidedAt) {
			w.fail(e, "it was handed over before, to nobody else, or into the past")
		}
		w.handed[d.Alert], w.awaited[d.Alert] = true, d.AcceptBy
	}
}

// undone is the place behind the last event that took an adjustment back, and the breaches that it alone
// had brought.
func (w *witness) undone() int {
	for i, e := range slices.Backward(w.events) {
		if d, is := e.Data.(models.DeadlinesMoved); is && d.Undoes != 0 {
			return i + 1
		}
	}
	return 0
}

// breach: only of a bound that was passed, once, by a clock that had not stopped by then.
func (w *witness) breach(before lifecycle.Case, e models.Event) {
	d, is := e.Data.(models.Breached)
	if !is {
		return
	}
	r, known := w.c.Run(d.Run)
	was, _ := before.Run(d.Run)
	switch {
	case !was.PausedAt.IsZero():
		w.fail(e, "its clock is paused")
	case !known || !r.At(d.Bound).Equal(d.DueAt):
		w.fail(e, "the run has no such bound")
	case !d.DueAt.Before(e.DecidedAt) || !r.Running() && !d.DueAt.Before(r.EndedAt):
		w.fail(e, "the milestone was reached at or before the bound")
	case slices.ContainsFunc(w.events[w.undone():], func(o models.Event) bool { return reflect.DeepEqual(o.Data, e.Data) }):
		w.fail(e, "it was breached before")
	}
}

// freeze notes the runs that ended while they were paused, and those that ended before it was noticed.
func (w *witness) freeze(before lifecycle.Case, e models.Event) {
	for _, was := range before.Runs {
		r, _ := w.c.Run(was.Key)
		if r.Running() || !was.Running() {
			continue
		}
		if !was.PausedAt.IsZero() {
			w.frozen[r.Key] = was.PausedAt
		}
		w.closed[r.Key] = e.HappenedAt.Before(e.DecidedAt) && e.Actor.Kind == models.ActorSystem
	}
}

// clocks: every run has a key of its own, a clock runs once at a time unless each run waits for
// something of its own, total never restarts.
func (w *witness) clocks(e models.Event) {
	running := map[models.Clock]bool{}
	totals := 0
	for i, r := range w.c.Runs {
		severally := r.Clock == models.ClockApproval || r.Clock == models.ClockTask
		if r.Running() && running[r.Clock] && !severally {
			w.fail(e, "%s runs twice", r.Clock)
		}
		running[r.Clock] = running[r.Clock] || r.Running()
		if r.Clock == models.ClockTotal {
			totals++
			if !r.StartedAt.Equal(w.c.Opened.ReceivedAt) {
				w.fail(e, "total counts from %s", r.StartedAt)
			}
		}
		if slices.ContainsFunc(w.c.Runs[:i], func(o lifecycle.Run) bool { return o.Key == r.Key }) {
			w.fail(e, "two runs are called %s", r.Key)
		}
		if r.Key != lifecycle.RunKey(r.Cycle, r.Clock, r.Seq) {
			w.fail(e, "run %s is of cycle %d, clock %s, sequence %d", r.Key, r.Cycle, r.Clock, r.Seq)
		}
	}
	if totals != 1 {
		w.fail(e, "total has %d runs", totals)
	}
}

// ends: a clock that ended was breached if and only if a bound had passed by then, and the breach is
// on record if and only if it is one.
func (w *witness) ends(last models.Event) {
	for _, r := range w.c.Runs {
		if r.Running() || r.Clock == models.ClockSurvey && r.End != models.ClockMet {
			continue
		}
		passed, reached := false, r.EndedAt
		if stood, is := w.frozen[r.Key]; is {
			reached = stood
		}
		for _, b := range r.Bounds() {
			late := reached.After(r.At(b))
			passed = passed || late
			if r.End == models.ClockCancelled && late && !r.Missed(b) && w.closed[r.Key] {
				continue // the case ended by itself before the bound, which was noticed after it
			}
			if late != r.Missed(b) {
				w.fail(last, "%s ended at %s with %s at %s, breach on record: %v", r.Key, r.EndedAt, b, r.At(b), r.Missed(b))
			}
		}
		if r.End != models.ClockCancelled && passed != (r.End == models.ClockBreached) {
			w.fail(last, "%s ended %s at %s", r.Key, r.End, r.EndedAt)
		}
	}
}

// standing checks a case at an instant at which everything that came due has happened.
func (w *witness) standing(c lifecycle.Case, now time.Time) {
	help(w.t)
	next, what := lifecycle.Agenda(c)
	if !next.IsZero() && next.Before(now) {
		require.FailNow(w.t, "something due has not happened", "%+v at %s", what[0], now)
	}
	for i := range what[:max(0, len(what)-1)] {
		if what[i+1].At.Before(what[i].At) {
			require.FailNow(w.t, "the agenda is out of order", "%+v", what)
		}
	}
	if !c.State.Live() {
		return
	}
	for _, r := range c.Runs {
		for _, b := range r.Bounds() {
			if r.Running() && r.PausedAt.IsZero() && r.Clock != models.ClockSurvey && r.Missed(b) != r.At(b).Before(now) {
				require.FailNow(w.t, "breach if and only if passed", "%s %s at %s, now %s", r.Key, b, r.At(b), now)
			}
		}
	}
}

// readBack looks at the whole record once more, as it was stored: events, rows, snapshot.
func (w *witness) readBack(c lifecycle.Case) {
	help(w.t)
	stored := make([]models.Event, len(w.body))
	var chain []byte
	for i, body := range w.body {
		e, err := models.Entry{Body: body}.Event()
		require.NoError(w.t, err)
		again, err := models.Canonical(e)
		require.NoError(w.t, err)
		if !bytes.Equal(body, again) {
			require.FailNow(w.t, "an event read is not the event written", "%s\n%s", body, again)
		}
		stored[i], chain = e, models.Chain(chain, again)
	}
	require.Equal(w.t, c.Head, chain, "the chain verifies")
	require.Equal(w.t, bare(w.t, c), bare(w.t, lifecycle.Fold(stored)), "the fold of events is the case")

	fresh := lifecycle.Case{ID: w.id, Plan: c.Plan}
	written, rec, err := lifecycle.Write(fresh, stored)
	require.NoError(w.t, err)
	require.Equal(w.t, bytesOf(w.t, c), bytesOf(w.t, written))
	w.recording(c, rec)
	w.restored(c, rec.Case)
}

// bare is a case without what is not part of the fold.
func bare(t require.TestingT, c lifecycle.Case) string {
	help(t)
	c.Plan, c.Head = models.Plan{}, nil
	return bytesOf(t, c)
}

// recording: every alert has its row, and was settled once unless it is still out.
func (w *witness) recording(c lifecycle.Case, rec models.Recording) {
	help(w.t)
	require.Len(w.t, rec.Alerts, len(w.alerts))
	settled := map[string]bool{}
	for _, s := range rec.Settled {
		require.False(w.t, settled[s.Key], "%s is settled twice", s.Key)
		require.True(w.t, w.alerts[s.Key])
		settled[s.Key] = true
	}
	ids := map[string]bool{}
	for _, a := range rec.Alerts {
		out := slices.ContainsFunc(c.Alerts, func(o lifecycle.Alert) bool { return o.Key == a.Key })
		require.Equal(w.t, !a.Superseded && !out, settled[a.Key], a.Key)
		require.False(w.t, ids[a.ID])
		ids[a.ID] = true
	}
	for _, m := range rec.Messages {
		require.False(w.t, ids[m.ID])
		ids[m.ID] = true
	}
	require.Len(w.t, rec.Seqs, len(rec.Texts))
}

// restored: a case read back from its row goes on as if nothing had happened.
func (w *witness) restored(c lifecycle.Case, row models.Case) {
	help(w.t)
	back, err := lifecycle.Restore(row)
	require.NoError(w.t, err)
	require.Equal(w.t, bytesOf(w.t, c), bytesOf(w.t, back))
	for _, later := range []time.Duration{0, us, time.Hour, 40 * day} {
		one, first := lifecycle.FireDue(c, c.LastAt.Add(later))
		two, second := lifecycle.FireDue(back, c.LastAt.Add(later))
		require.Equal(w.t, bytesOf(w.t, first), bytesOf(w.t, second))
		require.Equal(w.t, bytesOf(w.t, one), bytesOf(w.t, two))
		w.standing(one, c.LastAt.Add(later))
	}
}
