package lifecycle

import (
	"time"

	"recourse/models"
)

// A paused clock is known by the open time that is left before its bounds: that stays as it is for as
// long as the pause takes, and needs no calendar of the days gone by when the clock goes on.

// held is a run whose clock stands still from an instant on.
func held(p models.Plan, r Run, now time.Time) models.ClockSpan {
	s, rule := r.ClockSpan, p.Rule(r.Clock)
	left := func(bound time.Time, missed bool, a models.BySeverity) time.Duration {
		if bound.IsZero() || missed {
			return 0
		}
		return p.OpenTime(p.Counted(a.General, s.Calendar).Calendar, now, bound)
	}
	s.TargetLeft, s.LimitLeft = left(s.Target, r.TargetMissed, rule.Target), left(s.Limit, r.LimitMissed, rule.Limit)
	return s
}

// asOf is a run as it stands at an instant: the bounds of a paused one have moved by the pause so far,
// which is part of the time paused. A bound that had passed before the pause stays passed.
func asOf(p models.Plan, r Run, now time.Time) Run {
	if r.PausedAt.IsZero() {
		return r
	}
	rule := p.Rule(r.Clock)
	ahead := func(bound time.Time, missed bool, left time.Duration, a models.BySeverity) time.Time {
		if bound.IsZero() || missed {
			return bound
		}
		return cut(p.Add(now, p.Counted(models.Amount{Of: left, Calendar: a.General.Calendar}, r.Calendar)))
	}
	r.Target = ahead(r.Target, r.TargetMissed, r.TargetLeft, rule.Target)
	r.Limit = ahead(r.Limit, r.LimitMissed, r.LimitLeft, rule.Limit)
	r.Paused += now.Sub(r.PausedAt)
	return r
}

// goesOn is a run whose pause is over.
func goesOn(p models.Plan, r Run, now time.Time) models.ClockSpan {
	s := asOf(p, r, now).ClockSpan
	s.TargetLeft, s.LimitLeft = 0, 0
	return s
}

// anew lets a change set bounds as they stand at an instant. A bound set while its clock is paused
// moves by what is left of the pause alone: what is left before it is counted from that instant.
func anew(p models.Plan, now time.Time, to func(Run) models.ClockSpan) func(Run) models.ClockSpan {
	return func(r Run) models.ClockSpan {
		stands := asOf(p, r, now)
		s := to(stands)
		if s == stands.ClockSpan {
			return r.ClockSpan
		}
		if !r.PausedAt.IsZero() {
			r.ClockSpan = s
			s = held(p, r, now)
		}
		return s
	}
}
