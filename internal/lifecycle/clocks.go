package lifecycle

import (
	"fmt"
	"slices"
	"time"

	"recourse/models"
)

// RunKey names a run of a clock: cycle, clock and the sequence of the event that started it.
func RunKey(cycle int, k models.Clock, seq int64) string {
	return fmt.Sprintf("%d/%s/%d", cycle, k, seq)
}

// starts lists the clocks that an event starts a run of, and since when they count.
func starts(c Case, d models.Data, now time.Time) []models.ClockSpan {
	at := func(t time.Time, clocks ...models.Clock) []models.ClockSpan {
		spans := make([]models.ClockSpan, len(clocks))
		for i, k := range clocks {
			spans[i] = models.ClockSpan{Clock: k, StartedAt: t}
		}
		return spans
	}
	switch d := d.(type) {
	case models.Opened:
		spans := at(cut(d.ReceivedAt), models.ClockRecord, models.ClockFirstResponse, models.ClockFeedback, models.ClockHandling, models.ClockTotal)
		return append(spans, at(now, models.ClockTriage)...)
	case models.Dispatched, models.Transferred:
		return at(now, models.ClockAcceptance)
	case models.Returned, models.Recalled:
		return at(now, models.ClockTriage)
	case models.Proposed:
		if d.NeedsApproval {
			return at(now, models.ClockApproval)
		}
		return nil
	case models.Requested:
		return at(now, models.ClockApproval)
	case models.Resolved:
		return at(now, models.ClockResult)
	case models.TaskGiven:
		return until(now, models.ClockTask, d.Due)
	case models.InterimTold:
		return until(now, models.ClockNextContact, d.Until)
	case models.ContactPromised:
		return until(now, models.ClockNextContact, d.At)
	case models.Supervised:
		return until(now, models.ClockReport, d.ReportDue)
	case models.Messaged, models.NotSolved:
		if c.owesReply() || c.Opened.Rules < 2 || d.Kind() == models.KindNotSolved && c.knowsResult() {
			return nil
		}
		return at(now, models.ClockNextReply)
	case models.ResultTold, models.Settled:
		if c.Opened.Anonymous {
			return nil // nobody to call
		}
		return at(now, models.ClockCallback)
	case models.SurveyOffered:
		return at(now, models.ClockSurvey)
	case models.Reworked:
		return at(now, models.ClockFeedback, models.ClockHandling)
	case models.Reopened:
		return reopened(c, d, at, now)
	case models.Unmerged:
		if d.To == models.StateFollowingUp && !c.Opened.Anonymous {
			return at(now, models.ClockCallback)
		}
		return at(now, owedIn(d.To)...)
	case models.Linked:
		if lead, in := c.Lead(); in && lead.Case == d.Other.Case && d.Relation != models.RelationLead { // it walks alone again
			return at(now, slices.DeleteFunc(owedIn(c.State), c.runs)...)
		}
		return nil
	default:
		return nil
	}
}

// knowsResult says whether the customer was told the result of this cycle: then "not solved" starts
// another, and is no message that waits for a reply.
func (c Case) knowsResult() bool {
	return c.State == models.StateFollowingUp || c.State == models.StateClosed
}

// startsOver says whether taking an ended case up again is another cycle: the one that ended had its
// resolution. What ended before it goes on in the cycle it was in.
func (c Case) startsOver() bool {
	return c.State == models.StateClosed || c.EndedFrom == models.StateResolved || c.EndedFrom == models.StateFollowingUp
}

// reopened are the clocks that start when a case is taken up again. What ended before its resolution
// goes on under its first promises, which come back with their original instants; see revives.
func reopened(c Case, d models.Reopened, at func(time.Time, ...models.Clock) []models.ClockSpan, now time.Time) []models.ClockSpan {
	triage := owedIn(d.To)
	if c.startsOver() {
		return at(now, append(triage, models.ClockFeedback, models.ClockHandling)...)
	}
	return at(now, triage...)
}

// owedIn are the clocks that run because a case stands in a state.
func owedIn(s models.State) []models.Clock {
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

// until is the span of a clock whose limit somebody set.
func until(now time.Time, k models.Clock, limit time.Time) []models.ClockSpan {
	return []models.ClockSpan{{Clock: k, StartedAt: now, Limit: cut(limit)}}
}

// owesReply says whether a message of the customer waits for a reply.
func (c Case) owesReply() bool { return c.runs(models.ClockNextReply) }

// runs says whether a clock is running.
func (c Case) runs(k models.Clock) bool {
	return slices.ContainsFunc(c.Runs, func(r Run) bool { return r.Clock == k && r.Running() })
}

// spans computes the clocks that an event starts, or whose bounds it moves, as absolute instants. Those
// that it starts and that count in working time count in the calendar working, if it has a name.
func spans(c Case, p models.Plan, d models.Data, now time.Time, working string) []models.ClockSpan {
	severity := c.Severity
	if o, opened := d.(models.Opened); opened {
		severity = o.Severity
	}
	started := starts(c, d, now)
	for i, s := range started {
		if p.Rule(s.Clock).CountsIn(models.CalendarWorking) {
			s.Calendar = working
		}
		started[i] = bounded(p, s, severity)
		if o, offered := d.(models.SurveyOffered); offered {
			started[i].Limit = o.ExpiresAt
		}
	}
	if o, dispatched := d.(models.Dispatched); dispatched {
		started[0] = bounded(p, started[0], o.Severity)
	}
	return append(started, moved(c, p, d, now)...)
}

// moved computes the running clocks whose bounds an event moves, or holds up.
func moved(c Case, p models.Plan, d models.Data, now time.Time) []models.ClockSpan {
	switch d := d.(type) {
	case models.Dispatched:
		return change(c, anew(p, now, func(r Run) models.ClockSpan { return ordered(c, p, r, d, now) }))
	case models.Reclassified:
		if d.Severity == "" || d.Severity == c.Severity {
			return nil
		}
		return change(c, anew(p, now, func(r Run) models.ClockSpan { return reweighed(c, p, r, d.Severity, now) }))
	case models.Extended:
		return change(c, anew(p, now, func(r Run) models.ClockSpan {
			if r.Clock == models.ClockHandling && !r.LimitMissed { // once passed, it stays passed
				r.Limit = cut(d.Until)
			}
			return r.ClockSpan
		}))
	case models.Paused:
		return change(c, func(r Run) models.ClockSpan {
			if slices.Contains(d.Reason.Pauses(), r.Clock) {
				return held(p, r, now)
			}
			return r.ClockSpan
		})
	case models.Resumed:
		if d.Cause == models.ResumeExpired { // however late that was noticed
			now = c.Pause.Until
		}
		return change(c, func(r Run) models.ClockSpan { return goesOn(p, r, now) })
	case models.DeadlinesMoved:
		return change(c, adjusted(c, p, d, now))
	default:
		return nil
	}
}

// change lists the running clocks that to changes, as they are then. Two joint tasks given, or two
// requests made, in one instant are told apart by their order alone: both are listed as soon as one
// of them changes.
func change(c Case, to func(Run) models.ClockSpan) []models.ClockSpan {
	type start struct {
		clock models.Clock
		at    time.Time
	}
	changed := map[start]bool{}
	for _, r := range c.Runs {
		if r.Running() && to(r) != r.ClockSpan {
			changed[start{r.Clock, r.StartedAt}] = true
		}
	}
	var spans []models.ClockSpan
	for _, r := range c.Runs {
		if r.Running() && changed[start{r.Clock, r.StartedAt}] {
			spans = append(spans, to(r))
		}
	}
	return spans
}

// moves says whether the clocks of an event that run already are moved by it; those of other events
// are new runs beside them.
func moves(e models.Event) bool {
	switch e.Data.(type) {
	case models.Dispatched, models.Reclassified, models.Extended, models.Paused, models.Resumed, models.DeadlinesMoved:
		return true
	default:
		return false
	}
}

// bounded gives a span the bounds that the plan sets for a severity.
func bounded(p models.Plan, s models.ClockSpan, severity models.Severity) models.ClockSpan {
	rule := p.Rule(s.Clock)
	if limit := rule.Limit.For(severity); !limit.IsZero() {
		s.Limit = cut(p.Add(s.StartedAt, p.Counted(limit, s.Calendar)))
	}
	if target := rule.Target.For(severity); !target.IsZero() {
		if t := cut(p.Add(s.StartedAt, p.Counted(target, s.Calendar))); s.Limit.IsZero() || t.Before(s.Limit) {
			s.Target = t
		}
	}
	return s
}

// ordered is what a work order makes of a running clock: a raised severity brings it forward, counted
// from the raising; only the first work order of a cycle may set the handling due.
func ordered(c Case, p models.Plan, r Run, d models.Dispatched, now time.Time) models.ClockSpan {
	if r.Clock == models.ClockTriage { // it ends with the dispatch
		return r.ClockSpan
	}
	s := r.ClockSpan
	if d.Severity != c.Severity {
		s = reweighed(c, p, r, d.Severity, now)
	}
	if r.Clock == models.ClockHandling && !d.HandlingDue.IsZero() && !r.LimitMissed {
		s.Limit = cut(d.HandlingDue)
	}
	return s
}

// reweighed is a running clock under another severity. Bounds that somebody set stay.
func reweighed(c Case, p models.Plan, r Run, to models.Severity, now time.Time) models.ClockSpan {
	if r.Clock == models.ClockHandling && c.DueSet && lower(to, c.Severity) {
		return r.ClockSpan
	}
	if lower(to, c.Severity) {
		return lowered(p, r, c.Severity, to, now)
	}
	return raised(p, r, to, now)
}

// lower says whether a is a milder severity than b.
func lower(a, b models.Severity) bool {
	order := models.Severities()
	return slices.Index(order, a) < slices.Index(order, b)
}

// lowered gives a run the bounds of a milder severity, counted from its start; time paused stays
// paused. A bound once passed stays passed, one that is the same for both severities stays where it
// is, and none comes forward: what would have been passed already is as it was.
func lowered(p models.Plan, r Run, from, to models.Severity, now time.Time) models.ClockSpan {
	rule := p.Rule(r.Clock)
	if rule.Limit.For(to).IsZero() && rule.Target.For(to).IsZero() {
		return r.ClockSpan // set by hand
	}
	s := bounded(p, models.ClockSpan{Clock: r.Clock, StartedAt: r.StartedAt, Calendar: r.Calendar}, to)
	milder := func(bound, was time.Time, missed bool, a models.BySeverity) time.Time {
		switch paused := bound.Add(r.Paused); {
		case missed || a.For(from) == a.For(to) && !a.For(to).IsZero():
			return was
		case bound.IsZero():
			return bound
		case was.IsZero() && !paused.After(now):
			return was
		default:
			return latest(paused, was)
		}
	}
	s.Limit = milder(s.Limit, r.Limit, r.LimitMissed, rule.Limit)
	s.Target = milder(s.Target, r.Target, r.TargetMissed, rule.Target)
	if !r.TargetMissed && !s.Limit.IsZero() && !s.Target.Before(s.Limit) {
		s.Target = time.Time{} // equal bounds are one
	}
	return s
}

// raised brings the bounds of a run forward for a higher severity. The shorter target counts from
// now and is never later than the present due; a bound once passed stays passed.
func raised(p models.Plan, r Run, severity models.Severity, now time.Time) models.ClockSpan {
	s, rule := r.ClockSpan, p.Rule(r.Clock)
	_, due := r.Due()
	if due.IsZero() {
		return s
	}
	earlier := func(a models.Amount, bound time.Time) (time.Time, bool) {
		if a.IsZero() {
			return bound, false
		}
		t := cut(p.Add(now, p.Counted(a, s.Calendar)))
		return t, t.Before(due) && (bound.IsZero() || t.Before(bound))
	}
	if t, is := earlier(rule.Limit.For(severity), s.Limit); is && rule.Target.For(severity).IsZero() {
		s.Limit = t
	}
	if t, is := earlier(rule.Target.For(severity), s.Target); is && !r.TargetMissed {
		s.Target = t
	}
	return s
}

// stops says which running clocks an event stops: their milestone is reached.
func stops(r Run, e models.Event) bool {
	if heard(r, e) {
		return true
	}
	switch d := e.Data.(type) {
	case models.Opened:
		return r.Clock == models.ClockRecord || d.Answered && r.Clock == models.ClockFirstResponse
	case models.Dispatched:
		return r.Clock == models.ClockTriage
	case models.Accepted, models.Returned, models.Recalled:
		return r.Clock == models.ClockAcceptance
	case models.Settled:
		return slices.Contains([]models.Clock{
			models.ClockTriage, models.ClockFirstResponse, models.ClockFeedback, models.ClockHandling, models.ClockTotal,
		}, r.Clock)
	case models.Approved:
		return r.asked(d.Request)
	case models.Rejected:
		return r.asked(d.Request)
	case models.Decided:
		return r.asked(d.Request)
	case models.Retracted:
		return r.asked(d.Request)
	case models.TaskFinished:
		return r.Clock == models.ClockTask && r.Seq == d.Task
	case models.Reported:
		return r.Clock == models.ClockReport
	case models.Resolved:
		return r.Clock == models.ClockHandling || r.Clock == models.ClockTotal
	case models.ResultTold:
		solved := d.Group != nil && (r.Clock == models.ClockHandling || r.Clock == models.ClockTotal)
		return solved || r.Clock == models.ClockResult
	case models.CallbackRecorded:
		return r.Clock == models.ClockCallback && reached(d.Outcome)
	case models.Closed:
		return r.Clock == models.ClockCallback && d.Reason == models.CloseNotReached
	case models.SurveyAnswered:
		return r.Clock == models.ClockSurvey && r.Cycle == d.SurveyCycle
	default:
		return false
	}
}

// asked says whether the run waits for the decision on the request made at sequence seq.
func (r Run) asked(seq int64) bool { return r.Clock == models.ClockApproval && r.Seq == seq }

// heard says whether the run waits for the customer to be heard from, and an event does that.
func heard(r Run, e models.Event) bool {
	var by []models.Clock
	switch d := e.Data.(type) {
	case models.Replied:
		by = []models.Clock{models.ClockFirstResponse, models.ClockNextReply, models.ClockNextContact}
	case models.SolutionTold, models.InterimTold:
		by = []models.Clock{models.ClockFirstResponse, models.ClockFeedback, models.ClockNextReply, models.ClockNextContact}
	case models.ResultTold, models.ProgressTold, models.Settled:
		by = []models.Clock{models.ClockNextReply, models.ClockNextContact}
	case models.ContactPromised:
		by = []models.Clock{models.ClockNextContact}
	case models.ContactLogged:
		if d.Direction == models.DirectionOut && d.Held {
			by = []models.Clock{models.ClockNextContact}
		}
	}
	return slices.Contains(by, r.Clock)
}

// cancels says which running clocks an event makes pointless.
func cancels(r Run, e models.Event) bool {
	switch d := e.Data.(type) {
	case models.Closed:
		return r.Clock != models.ClockSurvey // the survey runs on
	case models.Reworked:
		return !outlives(r.Clock)
	case models.Reopened:
		return !outlives(r.Clock)
	case models.Archived, models.Withdrawn, models.Merged, models.NotAccepted:
		return true
	case models.Unmerged:
		return r.Clock == models.ClockApproval
	case models.TaskCancelled:
		return r.Clock == models.ClockTask && r.Seq == d.Task
	case models.Linked: // the lead case walks for it from now on
		return d.Relation == models.RelationLead && (r.Clock == models.ClockTriage || r.Clock == models.ClockAcceptance)
	case models.SolutionTold: // nobody signs or investigates any more for a member of a group
		return d.Group != nil && slices.Contains([]models.Clock{models.ClockTriage, models.ClockAcceptance, models.ClockTask}, r.Clock)
	default:
		return false
	}
}

// outlives says which clocks run on when another cycle begins: what was promised to the customer or
// to a supervisor is still owed.
func outlives(k models.Clock) bool {
	return k == models.ClockNextContact || k == models.ClockNextReply || k == models.ClockReport
}

// expires says whether the event ends the run by passing its bound.
func expires(r Run, e models.Event) bool {
	d, expired := e.Data.(models.SurveyExpired)
	return expired && r.Clock == models.ClockSurvey && r.Cycle == d.SurveyCycle
}

// revives says which ended runs go on with an event: the total clock, which never restarts, and the
// promises that an end other than closing cut off, with their original instants.
func revives(c Case, r Run, e models.Event) bool {
	switch e.Data.(type) {
	case models.Reworked:
		return r.Clock == models.ClockTotal
	case models.Reopened:
		if c.startsOver() {
			return r.Clock == models.ClockTotal
		}
		return c.cutOff(r)
	case models.Unmerged: // a case merged while resolved stays resolved; its survey is open as long as it was said to be
		return c.cutOff(r) || r.Clock == models.ClockSurvey && r.Cycle == c.Cycle && c.endedWithCase(r)
	default:
		return false
	}
}

// cutOff says whether the end of the case cancelled the run of a promise, or of the total.
func (c Case) cutOff(r Run) bool {
	return c.endedWithCase(r) && (r.Clock.Ladder() == models.LadderPromise || r.Clock == models.ClockTotal)
}

// endedWithCase says whether the end of the case cancelled the run.
func (c Case) endedWithCase(r Run) bool {
	return r.End == models.ClockCancelled && r.EndedAt.Equal(c.Milestones.EndedAt)
}

// stop ends a run at an instant: at or before its first bound it is met. A paused run is judged by the
// instant at which its pause began: none of its bounds has come nearer since.
func (r Run) stop(at time.Time) Run {
	reached := at
	if !r.PausedAt.IsZero() {
		reached = r.PausedAt
	}
	end := models.ClockMet
	for _, b := range r.Bounds() {
		if reached.After(r.At(b)) {
			end = models.ClockBreached
		}
	}
	return r.ended(at, end)
}

// ended closes a run, and the pause that it may lie in.
func (r Run) ended(at time.Time, end models.ClockEnd) Run {
	r.EndedAt, r.End = at, end
	r.TargetLeft, r.LimitLeft = 0, 0
	if !r.PausedAt.IsZero() {
		r.StoodAt, r.Paused, r.PausedAt = r.PausedAt, r.Paused+at.Sub(r.PausedAt), time.Time{}
	}
	return r
}

// cut brings an instant to the precision of the record: UTC, microseconds.
func cut(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
