package check

import (
	"fmt"
	"slices"
	"time"

	"recourse/models"
)

// run is one run of one clock, read from the events alone.
type run struct {
	key     string
	clock   models.Clock
	cycle   int
	span    models.ClockSpan // as moved last
	movedAt time.Time
	endedAt time.Time // zero: it runs
	missed  []models.Bound
	reached int  // rungs of its ladder reached: the index of the next
	owes    bool // the limit was passed after the target, and the executive is to be told
}

func (r *run) running() bool { return r.endedAt.IsZero() }

// begins is the table of product.md, section 3, from its left: the clocks that an event starts.
func begins(e models.Event, anonymous bool) []models.Clock {
	switch d := e.Data.(type) {
	case models.Opened:
		return []models.Clock{
			models.ClockRecord, models.ClockTriage, models.ClockFirstResponse, models.ClockFeedback, models.ClockHandling, models.ClockTotal,
		}
	case models.Dispatched:
		return []models.Clock{models.ClockAcceptance}
	case models.Proposed:
		if d.NeedsApproval {
			return []models.Clock{models.ClockApproval}
		}
	case models.Requested:
		return []models.Clock{models.ClockApproval}
	case models.Resolved:
		return []models.Clock{models.ClockResult}
	case models.ResultTold:
		if !anonymous {
			return []models.Clock{models.ClockCallback}
		}
	case models.SurveyOffered:
		return []models.Clock{models.ClockSurvey}
	case models.Reworked:
		return []models.Clock{models.ClockFeedback, models.ClockHandling}
	case models.Reopened:
		if d.To == models.StateReceived {
			return []models.Clock{models.ClockTriage, models.ClockFeedback, models.ClockHandling}
		}
		return []models.Clock{models.ClockFeedback, models.ClockHandling}
	}
	return nil
}

// ends is the same table from its right: whether an event ends a run, by reaching its milestone or
// by making it pointless.
func ends(e models.Event, r *run) bool {
	switch d := e.Data.(type) {
	case models.Opened:
		return r.clock == models.ClockRecord || d.Answered && r.clock == models.ClockFirstResponse
	case models.Dispatched:
		return r.clock == models.ClockTriage
	case models.Accepted:
		return r.clock == models.ClockAcceptance
	case models.Replied:
		return r.clock == models.ClockFirstResponse
	case models.SolutionTold:
		return r.clock == models.ClockFirstResponse || r.clock == models.ClockFeedback
	case models.Approved:
		return r.key == approvalKey(r, d.Request)
	case models.Rejected:
		return r.key == approvalKey(r, d.Request)
	case models.Decided:
		return r.key == approvalKey(r, d.Request)
	case models.Resolved:
		return r.clock == models.ClockHandling || r.clock == models.ClockTotal
	case models.ResultTold:
		return r.clock == models.ClockResult
	case models.CallbackRecorded:
		return r.clock == models.ClockCallback &&
			outcome(e, models.CallbackReachedSolved, models.CallbackReachedUnsolved, models.CallbackNotReceived)
	case models.SurveyAnswered:
		return r.clock == models.ClockSurvey && r.cycle == d.SurveyCycle
	case models.SurveyExpired:
		return r.clock == models.ClockSurvey && r.cycle == d.SurveyCycle
	case models.Closed:
		return r.clock != models.ClockSurvey
	case models.Reworked, models.Reopened:
		return r.clock != models.ClockTotal // it never restarts
	case models.Archived:
		return true
	}
	return false
}

func approvalKey(r *run, seq int64) string { return runKey(r.cycle, models.ClockApproval, seq) }

// runKey names a run as the alerts do: cycle, clock, and the sequence of the event that started it.
func runKey(cycle int, k models.Clock, seq int64) string {
	return fmt.Sprintf("%d/%s/%d", cycle, k, seq)
}

// tick takes an event into the runs: first those end that it ends, then those start or move that it
// names. It says where the event names others than it should.
func (w *watch) tick(e models.Event) {
	for _, r := range w.runs {
		switch {
		case r.clock == models.ClockTotal && (e.Kind == models.KindReworked || e.Kind == models.KindReopened):
			r.endedAt = time.Time{}
		case r.running() && ends(e, r):
			r.endedAt = e.DecidedAt
		}
	}
	starts := begins(e, w.opened.Anonymous)
	for _, s := range e.Clocks {
		if i := slices.Index(starts, s.Clock); i >= 0 {
			starts = slices.Delete(starts, i, i+1)
			w.start(e, s)
			continue
		}
		i := slices.IndexFunc(w.runs, func(r *run) bool { return r.clock == s.Clock && r.running() })
		if i < 0 || e.Kind != models.KindDispatched {
			w.found.say("event %d (%s) names clock %s, which it neither starts nor moves", e.Seq, e.Kind, s.Clock)
			continue
		}
		w.move(e, w.runs[i], s)
	}
	for _, k := range starts {
		w.found.say("event %d (%s) does not start clock %s", e.Seq, e.Kind, k)
	}
}

// start begins a run, and compares its instants with what the policy says.
func (w *watch) start(e models.Event, s models.ClockSpan) {
	r := &run{key: runKey(e.Cycle, s.Clock, e.Seq), clock: s.Clock, cycle: e.Cycle, span: s}
	if w.knownPlan {
		if want := w.bounds(e, s.Clock); !want.StartedAt.Equal(s.StartedAt) || !want.Target.Equal(s.Target) || !want.Limit.Equal(s.Limit) {
			w.found.say("event %d starts clock %s from %s to %s and %s; the policy says from %s to %s and %s", e.Seq, s.Clock,
				stamp(s.StartedAt), stamp(s.Target), stamp(s.Limit), stamp(want.StartedAt), stamp(want.Target), stamp(want.Limit))
		}
	}
	if e.Kind == models.KindOpened && ends(e, r) { // on record with the first event, answered at intake
		r.endedAt = e.DecidedAt
	}
	w.runs = append(w.runs, r)
}

// move takes new bounds, which a dispatch may bring: forward for a raised severity, or the handling
// due of the work order. A bound that was passed stays where it was.
func (w *watch) move(e models.Event, r *run, s models.ClockSpan) {
	for _, b := range []models.Bound{models.BoundTarget, models.BoundLimit} {
		was, is := r.span.At(b), s.At(b)
		ordered := r.clock == models.ClockHandling && b == models.BoundLimit && is.Equal(e.Data.(models.Dispatched).HandlingDue)
		switch {
		case is.Equal(was) || ordered && !slices.Contains(r.missed, b):
		case slices.Contains(r.missed, b), is.Before(e.DecidedAt), !was.IsZero() && is.After(was), r.clock == models.ClockTotal:
			w.found.say("event %d moves the %s of clock %s to %s, which it may not", e.Seq, b, r.clock, stamp(is))
		}
	}
	if !s.StartedAt.Equal(r.span.StartedAt) {
		w.found.say("event %d moves the start of clock %s", e.Seq, r.clock)
	}
	r.span, r.movedAt = s, e.DecidedAt
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return "none"
	}
	return t.UTC().Format(time.RFC3339Nano)
}
