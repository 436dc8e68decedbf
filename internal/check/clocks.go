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
	told    bool // the executive was told of that
	owes    bool // the limit was passed after the target, and the executive is to be told

	pausedAt  time.Time     // zero: it is not paused
	paused    time.Duration // in all, before pausedAt
	stoodAt   time.Time     // by which it is judged once it ended: where it stood when its pause began, else endedAt
	cancelled bool          // it ended without its milestone
}

// end stops a run.
func (r *run) end(at time.Time, cancelled bool) {
	r.endedAt, r.stoodAt, r.cancelled = at, at, cancelled
	if !r.pausedAt.IsZero() {
		r.stoodAt, r.pausedAt = r.pausedAt, time.Time{}
	}
}

func (r *run) running() bool { return r.endedAt.IsZero() }

// begins is the table of product.md, section 3, from its left: the clocks that an event starts.
func (w *watch) begins(e models.Event) []models.Clock {
	switch d := e.Data.(type) {
	case models.Opened:
		return []models.Clock{
			models.ClockRecord, models.ClockTriage, models.ClockFirstResponse, models.ClockFeedback, models.ClockHandling, models.ClockTotal,
		}
	case models.Dispatched, models.Transferred:
		return []models.Clock{models.ClockAcceptance}
	case models.Returned, models.Recalled:
		return []models.Clock{models.ClockTriage}
	case models.TaskGiven:
		return []models.Clock{models.ClockTask}
	case models.InterimTold, models.ContactPromised:
		return []models.Clock{models.ClockNextContact}
	case models.Supervised:
		return []models.Clock{models.ClockReport}
	case models.Messaged:
		return w.reply()
	case models.NotSolved:
		if w.state != models.StateFollowingUp && w.state != models.StateClosed { // then it is another cycle, no message
			return w.reply()
		}
	case models.Unmerged:
		if d.To == models.StateFollowingUp && !w.opened.Anonymous { // the customer is called after all
			return []models.Clock{models.ClockCallback}
		}
		return owed(d.To)
	case models.Linked:
		if w.lead == d.Other.Case && d.Relation != models.RelationLead {
			return slices.DeleteFunc(owed(w.state), w.runsNow)
		}
	case models.Proposed:
		if d.NeedsApproval {
			return []models.Clock{models.ClockApproval}
		}
	case models.Requested:
		return []models.Clock{models.ClockApproval}
	case models.Resolved:
		return []models.Clock{models.ClockResult}
	case models.ResultTold, models.Settled:
		if !w.opened.Anonymous {
			return []models.Clock{models.ClockCallback}
		}
	case models.SurveyOffered:
		return []models.Clock{models.ClockSurvey}
	case models.Reworked:
		return []models.Clock{models.ClockFeedback, models.ClockHandling}
	case models.Reopened:
		if w.anew() {
			return append(owed(d.To), models.ClockFeedback, models.ClockHandling)
		}
		return owed(d.To)
	}
	return nil
}

// anew says whether taking an ended case up again is another cycle: it had its resolution.
func (w *watch) anew() bool {
	return slices.Contains([]models.State{models.StateResolved, models.StateFollowingUp}, w.endedFrom)
}

// owed are the clocks that run because a case stands somewhere.
func owed(s models.State) []models.Clock {
	switch s { //nolint:exhaustive // the others owe nothing of their own
	case models.StateReceived:
		return []models.Clock{models.ClockTriage}
	case models.StateDispatched:
		return []models.Clock{models.ClockAcceptance}
	case models.StateResolved:
		return []models.Clock{models.ClockResult}
	}
	return nil
}

// reply is the clock of a message, unless an earlier one waits for its reply.
func (w *watch) reply() []models.Clock {
	if w.opened.Rules < 2 || w.runsNow(models.ClockNextReply) {
		return nil
	}
	return []models.Clock{models.ClockNextReply}
}

func (w *watch) runsNow(k models.Clock) bool {
	return slices.ContainsFunc(w.runs, func(r *run) bool { return r.clock == k && r.running() })
}

// reaches is the same table from its right: whether an event is the milestone of a run.
func reaches(e models.Event, r *run) bool {
	if slices.Contains(hears(e), r.clock) {
		return true
	}
	switch d := e.Data.(type) {
	case models.Opened:
		return r.clock == models.ClockRecord || d.Answered && r.clock == models.ClockFirstResponse
	case models.Dispatched:
		return r.clock == models.ClockTriage
	case models.Accepted, models.Returned, models.Recalled:
		return r.clock == models.ClockAcceptance
	case models.Settled:
		return slices.Contains([]models.Clock{
			models.ClockTriage, models.ClockFirstResponse, models.ClockFeedback, models.ClockHandling, models.ClockTotal,
		}, r.clock)
	case models.Retracted:
		return r.key == approvalKey(r, d.Request)
	case models.TaskFinished:
		return r.key == runKey(r.cycle, models.ClockTask, d.Task)
	case models.Reported:
		return r.clock == models.ClockReport
	case models.Approved:
		return r.key == approvalKey(r, d.Request)
	case models.Rejected:
		return r.key == approvalKey(r, d.Request)
	case models.Decided:
		return r.key == approvalKey(r, d.Request)
	case models.Resolved:
		return r.clock == models.ClockHandling || r.clock == models.ClockTotal
	case models.ResultTold:
		return r.clock == models.ClockResult || d.Group != nil && (r.clock == models.ClockHandling || r.clock == models.ClockTotal)
	case models.CallbackRecorded:
		return r.clock == models.ClockCallback &&
			outcome(e, models.CallbackReachedSolved, models.CallbackReachedUnsolved, models.CallbackNotReceived)
	case models.SurveyAnswered:
		return r.clock == models.ClockSurvey && r.cycle == d.SurveyCycle
	case models.SurveyExpired:
		return r.clock == models.ClockSurvey && r.cycle == d.SurveyCycle
	case models.Closed:
		return r.clock == models.ClockCallback && d.Reason == models.CloseNotReached
	}
	return false
}

// hears lists the clocks that end because the customer is heard from.
func hears(e models.Event) []models.Clock {
	switch d := e.Data.(type) {
	case models.Replied:
		return []models.Clock{models.ClockFirstResponse, models.ClockNextReply, models.ClockNextContact}
	case models.SolutionTold, models.InterimTold:
		return []models.Clock{models.ClockFirstResponse, models.ClockFeedback, models.ClockNextReply, models.ClockNextContact}
	case models.ResultTold, models.ProgressTold, models.Settled:
		return []models.Clock{models.ClockNextReply, models.ClockNextContact}
	case models.ContactPromised:
		return []models.Clock{models.ClockNextContact}
	case models.ContactLogged:
		if d.Held && d.Direction == models.DirectionOut {
			return []models.Clock{models.ClockNextContact}
		}
	}
	return nil
}

// cancels says whether an event makes a run pointless.
func cancels(e models.Event, r *run) bool {
	switch d := e.Data.(type) {
	case models.Closed:
		return r.clock != models.ClockSurvey
	case models.Reworked, models.Reopened: // total never restarts; what is promised to somebody is still owed
		return !slices.Contains([]models.Clock{models.ClockTotal, models.ClockNextContact, models.ClockNextReply, models.ClockReport}, r.clock)
	case models.Archived, models.Withdrawn, models.Merged, models.NotAccepted:
		return true
	case models.Unmerged:
		return r.clock == models.ClockApproval
	case models.TaskCancelled:
		return r.key == runKey(r.cycle, models.ClockTask, d.Task)
	case models.Linked:
		return d.Relation == models.RelationLead && (r.clock == models.ClockTriage || r.clock == models.ClockAcceptance)
	case models.SolutionTold:
		return d.Group != nil && slices.Contains([]models.Clock{models.ClockTriage, models.ClockAcceptance, models.ClockTask}, r.clock)
	}
	return false
}

// returns says whether an ended run goes on: the total in every cycle, a promise that was cut off by
// an end that came before the resolution.
func (w *watch) returns(e models.Event, r *run) bool {
	ended := r.cancelled && r.endedAt.Equal(w.endedAt)
	cutOff := ended && (r.clock.Ladder() == models.LadderPromise || r.clock == models.ClockTotal)
	switch e.Kind { //nolint:exhaustive // the others bring nothing back
	case models.KindReworked:
		return r.clock == models.ClockTotal
	case models.KindReopened:
		return w.anew() && r.clock == models.ClockTotal || !w.anew() && cutOff
	case models.KindUnmerged:
		return cutOff || ended && r.clock == models.ClockSurvey && r.cycle == e.Cycle
	default:
		return false
	}
}

func approvalKey(r *run, seq int64) string { return runKey(r.cycle, models.ClockApproval, seq) }

// runKey names a run as the alerts do: cycle, clock, and the sequence of the event that started it.
func runKey(cycle int, k models.Clock, seq int64) string {
	return fmt.Sprintf("%d/%s/%d", cycle, k, seq)
}

// tick takes an event into the runs: first those end that it ends, then those start or move that it
// names. It says where the event names others than it should.
func (w *watch) tick(e models.Event) {
	starts := w.begins(e)
	for _, r := range w.runs {
		switch {
		case !r.running() && w.returns(e, r):
			r.endedAt, r.stoodAt, r.cancelled = time.Time{}, time.Time{}, false
			if r.clock != models.ClockTotal {
				r.movedAt = e.DecidedAt
			}
		case r.running() && reaches(e, r):
			r.end(e.DecidedAt, false)
		case r.running() && cancels(e, r):
			r.end(e.DecidedAt, true)
		}
	}
	w.name(e, starts)
	w.hold(e)
}

// name takes the clocks that an event names: it starts them, or moves or holds up the bounds of those
// that run, each to where the policy has it, and no other.
func (w *watch) name(e models.Event, starts []models.Clock) {
	want, taken := w.shift(e), map[*run]bool{}
	for _, s := range e.Clocks {
		if i := slices.Index(starts, s.Clock); i >= 0 && (!moving(e) || w.meant(s, taken) == nil) {
			starts = slices.Delete(starts, i, i+1)
			w.start(e, s)
			continue
		}
		r := w.meant(s, taken)
		if r == nil || !moving(e) {
			w.found.say("event %d (%s) names clock %s, which it neither starts nor moves", e.Seq, e.Kind, s.Clock)
			continue
		}
		taken[r] = true
		if !asOne(s, want[r]) {
			w.found.say("event %d (%s) leaves clock %s at %s; the policy says %s", e.Seq, e.Kind, r.key, bounds(s), bounds(want[r]))
		}
		r.span, r.movedAt = s, e.DecidedAt
	}
	for _, k := range starts {
		w.found.say("event %d (%s) does not start clock %s", e.Seq, e.Kind, k)
	}
	for r, s := range want {
		if !taken[r] && !asOne(s, r.span) {
			w.found.say("event %d (%s) does not move clock %s to %s", e.Seq, e.Kind, r.key, bounds(s))
		}
	}
}

func asOne(a, b models.ClockSpan) bool {
	return a.StartedAt.Equal(b.StartedAt) && a.Target.Equal(b.Target) && a.Limit.Equal(b.Limit) &&
		a.TargetLeft == b.TargetLeft && a.LimitLeft == b.LimitLeft && a.Calendar == b.Calendar
}

// bounds says where a clock's bounds lie, for people.
func bounds(s models.ClockSpan) string {
	return fmt.Sprintf("%s and %s, with %s and %s left", stamp(s.Target), stamp(s.Limit), s.TargetLeft, s.LimitLeft)
}

// meant finds the run that a span is about: of its clock, running since its start.
func (w *watch) meant(s models.ClockSpan, taken map[*run]bool) *run {
	i := slices.IndexFunc(w.runs, func(r *run) bool {
		return r.clock == s.Clock && r.running() && r.span.StartedAt.Equal(s.StartedAt) && !taken[r]
	})
	if i < 0 {
		return nil
	}
	return w.runs[i]
}

// moving says whether an event may move the bounds of clocks that run.
func moving(e models.Event) bool {
	return slices.Contains([]models.Kind{
		models.KindDispatched, models.KindReclassified, models.KindExtended, models.KindPaused, models.KindResumed, models.KindDeadlinesMoved,
	}, e.Kind)
}

// hold pauses runs, and lets them go on.
func (w *watch) hold(e models.Event) {
	switch d := e.Data.(type) {
	case models.Paused:
		w.pausedUntil = d.Until
		for _, r := range w.runs {
			if r.running() && slices.Contains(d.Reason.Pauses(), r.clock) {
				r.pausedAt = e.DecidedAt
			}
		}
	case models.Resumed:
		w.pausedUntil = time.Time{}
		for _, r := range w.runs {
			if !r.pausedAt.IsZero() {
				r.paused += resumedAt(e).Sub(r.pausedAt)
				r.pausedAt, r.movedAt = time.Time{}, resumedAt(e)
			}
		}
	case models.Closed, models.Archived, models.Withdrawn, models.Merged, models.NotAccepted:
		w.pausedUntil = time.Time{}
	}
}

// resumedAt is when a pause was over: one that has lasted as long as it may ended then.
func resumedAt(e models.Event) time.Time {
	if d, is := e.Data.(models.Resumed); is && d.Cause == models.ResumeExpired {
		return e.HappenedAt
	}
	return e.DecidedAt
}

// start begins a run, and compares its instants with what the policy says.
func (w *watch) start(e models.Event, s models.ClockSpan) {
	r := &run{key: runKey(e.Cycle, s.Clock, e.Seq), clock: s.Clock, cycle: e.Cycle, span: s}
	if w.knownPlan {
		if want := w.starting(e, s.Clock); !asOne(want, s) {
			w.found.say("event %d starts clock %s from %s to %s and %s; the policy says from %s to %s and %s", e.Seq, s.Clock,
				stamp(s.StartedAt), stamp(s.Target), stamp(s.Limit), stamp(want.StartedAt), stamp(want.Target), stamp(want.Limit))
		}
	}
	if e.Kind == models.KindOpened && reaches(e, r) { // on record with the first event, answered at intake
		r.end(e.DecidedAt, false)
	}
	w.runs = append(w.runs, r)
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return "none"
	}
	return t.UTC().Format(time.RFC3339Nano)
}
