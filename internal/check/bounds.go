package check

import (
	"time"

	"recourse/models"
)

// bounds works out when a clock that an event starts must stop, by the policy.
func (w *watch) bounds(e models.Event, k models.Clock) models.ClockSpan {
	s := models.ClockSpan{Clock: k, StartedAt: e.DecidedAt}
	severity := w.severity
	switch d := e.Data.(type) {
	case models.Opened:
		severity = d.Severity
		if k != models.ClockTriage {
			s.StartedAt = d.ReceivedAt
		}
	case models.Dispatched:
		severity = d.Severity
	case models.SurveyOffered:
		s.Limit = e.DecidedAt.Add(w.plan.Survey.Expires)
		return s
	case models.TaskGiven:
		s.Limit = d.Due
		return s
	case models.InterimTold:
		s.Limit = d.Until
		return s
	case models.ContactPromised:
		s.Limit = d.At
		return s
	case models.Supervised:
		s.Limit = d.ReportDue
		return s
	}
	rule := w.plan.Rule(k)
	if limit := rule.Limit.For(severity); !limit.IsZero() {
		s.Limit = w.later(e, s.StartedAt, limit)
	}
	if target := rule.Target.For(severity); !target.IsZero() {
		if at := w.later(e, s.StartedAt, target); s.Limit.IsZero() || at.Before(s.Limit) {
			s.Target = at
		}
	}
	return s
}

// later adds an amount of time: on the wall, or as open time of a calendar as it was then.
func (w *watch) later(e models.Event, from time.Time, a models.Amount) time.Time {
	if a.Calendar == models.CalendarWall {
		return from.Add(a.Of).Truncate(time.Microsecond)
	}
	then, _ := w.plans.Plan(w.opened.Policy, e.DecidedAt, w.opened.Zone)
	calendar, _ := then.Calendar(a.Calendar)
	at, left := from, a.Of
	for _, open := range calendar.Open {
		if at.Before(open.From) {
			at = open.From
		}
		if at.Before(open.Until) {
			if here := open.Until.Sub(at); left > here {
				left -= here
				continue
			}
			return at.Add(left).Truncate(time.Microsecond)
		}
	}
	if at.Before(calendar.Until) {
		at = calendar.Until
	}
	return at.Add(left).Truncate(time.Microsecond)
}
