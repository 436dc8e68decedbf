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
	case models.Dispatched:
		return at(now, models.ClockAcceptance)
	case models.Proposed:
		if d.NeedsApproval {
			return at(now, models.ClockApproval)
		}
		return nil
	case models.Requested:
		return at(now, models.ClockApproval)
	case models.Resolved:
		return at(now, models.ClockResult)
	case models.ResultTold:
		if c.Opened.Anonymous {
			return nil // nobody to call
		}
		return at(now, models.ClockCallback)
	case models.SurveyOffered:
		return at(now, models.ClockSurvey)
	case models.Reworked:
		return at(now, models.ClockFeedback, models.ClockHandling)
	case models.Reopened:
		if d.To == models.StateReceived {
			return at(now, models.ClockTriage, models.ClockFeedback, models.ClockHandling)
		}
		return at(now, models.ClockFeedback, models.ClockHandling)
	default:
		return nil
	}
}

// spans computes the clocks that an event starts, or whose bounds it moves, as absolute instants.
func spans(c Case, p models.Plan, d models.Data, now time.Time) []models.ClockSpan {
	severity := c.Severity
	if o, opened := d.(models.Opened); opened {
		severity = o.Severity
	}
	started := starts(c, d, now)
	for i, s := range started {
		started[i] = bounded(p, s, severity)
		if o, offered := d.(models.SurveyOffered); offered {
			started[i].Limit = o.ExpiresAt
		}
	}
	if o, dispatched := d.(models.Dispatched); dispatched {
		started[0] = bounded(p, started[0], o.Severity)
		started = append(started, moved(c, p, o, now)...)
	}
	return started
}

// bounded gives a span the bounds that the plan sets for a severity.
func bounded(p models.Plan, s models.ClockSpan, severity models.Severity) models.ClockSpan {
	rule := p.Rule(s.Clock)
	if limit := rule.Limit.For(severity); !limit.IsZero() {
		s.Limit = cut(after(p, s.StartedAt, limit))
	}
	if target := rule.Target.For(severity); !target.IsZero() {
		if t := cut(after(p, s.StartedAt, target)); s.Limit.IsZero() || t.Before(s.Limit) {
			s.Target = t
		}
	}
	return s
}

// moved computes the running clocks whose bounds a dispatch moves: a raised severity brings them
// forward, counted from the raising; the first work order of a cycle may set the handling due.
func moved(c Case, p models.Plan, d models.Dispatched, now time.Time) []models.ClockSpan {
	var spans []models.ClockSpan
	for _, r := range c.Runs {
		if !r.Running() || r.Clock == models.ClockTriage { // triage ends with the dispatch
			continue
		}
		s := r.ClockSpan
		if d.Severity != c.Severity {
			s = raised(p, r, d.Severity, now)
		}
		if r.Clock == models.ClockHandling && !d.HandlingDue.IsZero() && !r.LimitMissed {
			s.Limit = cut(d.HandlingDue)
		}
		if s != r.ClockSpan {
			spans = append(spans, s)
		}
	}
	return spans
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
		t := cut(after(p, now, a))
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
	switch d := e.Data.(type) {
	case models.Opened:
		return r.Clock == models.ClockRecord || d.Answered && r.Clock == models.ClockFirstResponse
	case models.Dispatched:
		return r.Clock == models.ClockTriage
	case models.Accepted:
		return r.Clock == models.ClockAcceptance
	case models.Replied:
		return r.Clock == models.ClockFirstResponse
	case models.SolutionTold:
		return r.Clock == models.ClockFirstResponse || r.Clock == models.ClockFeedback
	case models.Approved:
		return r.Clock == models.ClockApproval && r.Seq == d.Request
	case models.Rejected:
		return r.Clock == models.ClockApproval && r.Seq == d.Request
	case models.Decided:
		return r.Clock == models.ClockApproval && r.Seq == d.Request
	case models.Resolved:
		return r.Clock == models.ClockHandling || r.Clock == models.ClockTotal
	case models.ResultTold:
		return r.Clock == models.ClockResult
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

// cancels says which running clocks an event makes pointless.
func cancels(r Run, e models.Event) bool {
	switch e.Data.(type) {
	case models.Closed:
		return r.Clock != models.ClockSurvey // the survey runs on
	case models.Reworked, models.Reopened, models.Archived:
		return true
	default:
		return false
	}
}

// expires says whether the event ends the run by passing its bound.
func expires(r Run, e models.Event) bool {
	d, expired := e.Data.(models.SurveyExpired)
	return expired && r.Clock == models.ClockSurvey && r.Cycle == d.SurveyCycle
}

// resumes says whether an event makes the total clock run on: it never restarts.
func resumes(e models.Event) bool {
	return slices.Contains([]models.Kind{models.KindReworked, models.KindReopened}, e.Kind)
}

// stop ends a run at an instant: at or before its first bound it is met.
func (r Run) stop(at time.Time) Run {
	r.EndedAt, r.End = at, models.ClockMet
	for _, b := range r.Bounds() {
		if at.After(r.At(b)) {
			r.End = models.ClockBreached
		}
	}
	return r
}

// cut brings an instant to the precision of the record: UTC, microseconds.
func cut(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
