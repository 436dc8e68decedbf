package check

import (
	"time"

	"recourse/models"
)

// starting works out when a clock that an event starts must stop, by the policy.
func (w *watch) starting(e models.Event, k models.Clock) models.ClockSpan {
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
	s.Calendar = w.chosen(k)
	s.Target, s.Limit = w.bounded(k, severity, s.StartedAt, s.Calendar)
	return s
}

// chosen is the calendar that a clock which starts now has for its own, by who has the case: the
// department's, else the channel's; empty where that is the company's, or it counts in none.
func (w *watch) chosen(k models.Clock) string {
	rule, counts := w.plan.Rule(k), false
	for _, s := range models.Severities() {
		counts = counts || rule.Limit.For(s).Calendar == models.CalendarWorking || rule.Target.For(s).Calendar == models.CalendarWorking
	}
	name, is := w.plan.CalendarsFor.Departments[w.department]
	if !is {
		name = w.plan.CalendarsFor.Channels[w.opened.Channel]
	}
	if !counts || name == models.CalendarWorking {
		return ""
	}
	return name
}

// own names a calendar as a clock understands it that has one of its own.
func own(name, calendar string) string {
	if name == models.CalendarWorking && calendar != "" {
		return calendar
	}
	return name
}

// bounded are the bounds of a clock for a severity, counted from an instant in a calendar of its own, if
// it has one; equal ones are one.
func (w *watch) bounded(k models.Clock, s models.Severity, from time.Time, calendar string) (target, limit time.Time) {
	rule := w.plan.Rule(k)
	if a := rule.Limit.For(s); !a.IsZero() {
		a.Calendar = own(a.Calendar, calendar)
		limit = w.later(from, a)
	}
	if a := rule.Target.For(s); !a.IsZero() {
		a.Calendar = own(a.Calendar, calendar)
		if target = w.later(from, a); !limit.IsZero() && !target.Before(limit) {
			target = time.Time{}
		}
	}
	return target, limit
}

// later adds an amount of time: on the wall, or as open time of a calendar as it was then.
func (w *watch) later(from time.Time, a models.Amount) time.Time {
	if a.Calendar == models.CalendarWall {
		return from.Add(a.Of).Truncate(time.Microsecond)
	}
	calendar := w.calendar(a.Calendar, from)
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

// calendar is what the policy said of open time at an instant.
func (w *watch) calendar(name string, at time.Time) models.Calendar {
	then, _ := w.plans.Plan(w.under, at, w.opened.Zone)
	calendar, _ := then.Calendar(name)
	return calendar
}

// between is the open time of a calendar from one instant to another.
func (w *watch) between(name string, from, to time.Time) time.Duration {
	if name == models.CalendarWall {
		return to.Sub(from)
	}
	calendar := w.calendar(name, from)
	sum := max(0, to.Sub(later(from, calendar.Until))) // beyond the horizon every hour counts
	for _, open := range calendar.Open {
		if until := earlier(open.Until, to); until.After(later(open.From, from)) {
			sum += until.Sub(later(open.From, from))
		}
	}
	return sum
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
