package check

import (
	"slices"
	"time"

	"recourse/models"
)

// shift works out where the bounds of every clock that runs lie after an event: it is the second
// opinion to the kernel's, which put them on record.
func (w *watch) shift(e models.Event) map[*run]models.ClockSpan {
	want := map[*run]models.ClockSpan{}
	for _, r := range w.runs {
		if !r.running() {
			continue
		}
		switch d := e.Data.(type) {
		case models.Paused:
			want[r] = r.span
			if slices.Contains(d.Reason.Pauses(), r.clock) {
				want[r] = w.still(r, r.span, e.DecidedAt)
			}
		case models.Resumed:
			want[r] = full(w.present(r, resumedAt(e)))
		case models.DeadlinesMoved:
			want[r] = w.adjust(e, d, r)
		default:
			want[r] = w.set(e, r)
		}
	}
	return want
}

// full is a span of a clock that is not paused.
func full(s models.ClockSpan) models.ClockSpan {
	s.TargetLeft, s.LimitLeft = 0, 0
	return s
}

// calendarOf is what a bound of a run is counted in.
func (w *watch) calendarOf(r *run, b models.Bound) string {
	rule := w.plan.Rule(r.clock)
	if b == models.BoundTarget {
		return own(rule.Target.General.Calendar, r.span.Calendar)
	}
	return own(rule.Limit.General.Calendar, r.span.Calendar)
}

// awaits says whether a run has a bound that is not passed yet.
func (r *run) awaits(s models.ClockSpan, b models.Bound) bool {
	return !s.At(b).IsZero() && !slices.Contains(r.missed, b)
}

// still says what is left before the bounds of a clock that stands still from an instant on.
func (w *watch) still(r *run, s models.ClockSpan, at time.Time) models.ClockSpan {
	s = full(s)
	if r.awaits(s, models.BoundTarget) {
		s.TargetLeft = w.between(w.calendarOf(r, models.BoundTarget), at, s.Target)
	}
	if r.awaits(s, models.BoundLimit) {
		s.LimitLeft = w.between(w.calendarOf(r, models.BoundLimit), at, s.Limit)
	}
	return s
}

// present is where bounds lie at an instant: those of a paused clock keep their distance.
func (w *watch) present(r *run, at time.Time) models.ClockSpan {
	s := r.span
	if r.pausedAt.IsZero() {
		return s
	}
	if r.awaits(s, models.BoundTarget) {
		s.Target = w.later(at, models.Amount{Of: s.TargetLeft, Calendar: w.calendarOf(r, models.BoundTarget)})
	}
	if r.awaits(s, models.BoundLimit) {
		s.Limit = w.later(at, models.Amount{Of: s.LimitLeft, Calendar: w.calendarOf(r, models.BoundLimit)})
	}
	return s
}

// set is where the bounds lie that somebody set anew: by a severity, a work order or an extension.
func (w *watch) set(e models.Event, r *run) models.ClockSpan {
	is := w.present(r, e.DecidedAt)
	s := is
	handling := r.clock == models.ClockHandling && !slices.Contains(r.missed, models.BoundLimit)
	switch d := e.Data.(type) {
	case models.Dispatched:
		s = w.weigh(e, r, s, d.Severity)
		if handling && !d.HandlingDue.IsZero() {
			s.Limit = d.HandlingDue
		}
	case models.Reclassified:
		s = w.weigh(e, r, s, d.Severity)
	case models.Extended:
		if handling {
			s.Limit = d.Until
		}
	}
	switch {
	case s == is:
		return r.span
	case r.pausedAt.IsZero():
		return s
	default:
		return w.still(r, s, e.DecidedAt)
	}
}

// weigh is where the bounds lie under another severity. Those that somebody set for this case are no
// matter of it, and are never put back.
func (w *watch) weigh(e models.Event, r *run, s models.ClockSpan, to models.Severity) models.ClockSpan {
	order := models.Severities()
	switch was, is := slices.Index(order, w.severity), slices.Index(order, to); {
	case to == "" || is == was:
		return s
	case is > was:
		return w.heavier(r, s, to, e.DecidedAt)
	case r.clock == models.ClockHandling && w.dueSet:
		return s
	default:
		return w.lighter(r, s, to, e.DecidedAt)
	}
}

// heavier: the higher severity's amounts count from the raising, and only bring forward; what the
// severity has a target for leaves the limit alone.
func (w *watch) heavier(r *run, s models.ClockSpan, to models.Severity, at time.Time) models.ClockSpan {
	var due time.Time
	for _, b := range s.Bounds() {
		if due.IsZero() && r.awaits(s, b) {
			due = s.At(b)
		}
	}
	rule := w.plan.Rule(r.clock)
	target, limit := rule.Target.For(to), rule.Limit.For(to)
	was := s
	sooner := func(a models.Amount, bound time.Time) (time.Time, bool) {
		a.Calendar = own(a.Calendar, r.span.Calendar)
		t := w.later(at, a)
		return t, !a.IsZero() && t.Before(due) && (bound.IsZero() || t.Before(bound))
	}
	if t, is := sooner(limit, was.Limit); is && target.IsZero() {
		s.Limit = t
	}
	if t, is := sooner(target, was.Target); is && !slices.Contains(r.missed, models.BoundTarget) {
		s.Target = t
	}
	return s
}

// lighter: the lower severity's amounts count from the start, with the time paused; nothing comes
// forward, what was passed stays so, and no bound comes into being that would have been passed.
func (w *watch) lighter(r *run, s models.ClockSpan, to models.Severity, at time.Time) models.ClockSpan {
	rule := w.plan.Rule(r.clock)
	if rule.Limit.For(to).IsZero() && rule.Target.For(to).IsZero() {
		return s
	}
	paused := r.paused
	if !r.pausedAt.IsZero() {
		paused += at.Sub(r.pausedAt)
	}
	milder := func(b models.Bound, was, bound time.Time, a models.BySeverity) time.Time {
		switch {
		case slices.Contains(r.missed, b) || !a.For(to).IsZero() && a.For(to) == a.For(w.severity):
			return was
		case bound.IsZero():
			return bound
		case was.IsZero() && !bound.Add(paused).After(at):
			return was
		}
		return later(was, bound.Add(paused))
	}
	target, limit := w.bounded(r.clock, to, s.StartedAt, r.span.Calendar)
	s.Limit = milder(models.BoundLimit, s.Limit, limit, rule.Limit)
	s.Target = milder(models.BoundTarget, s.Target, target, rule.Target)
	if !slices.Contains(r.missed, models.BoundTarget) && !s.Limit.IsZero() && !s.Target.Before(s.Limit) {
		s.Target = time.Time{}
	}
	return s
}
