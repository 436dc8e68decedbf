package check

import (
	"slices"
	"time"

	"recourse/models"
)

// moved is how a case stood before an adjustment moved its deadlines: what it is put back to.
type moved struct {
	seq   int64
	under string
	runs  map[string]before
}

// before is a run as an adjustment found it, and where it put its bounds.
type before struct {
	was, set models.ClockSpan
	missed   []models.Bound
	paused   time.Duration
	pausedAt time.Time
}

// knownBack is how far back a plan knows its calendars, in whole days.
const knownBack = 62 * 24 * time.Hour

// adjust is where the bounds of a clock lie after an adjustment.
func (w *watch) adjust(e models.Event, d models.DeadlinesMoved, r *run) models.ClockSpan {
	is := w.present(r, e.DecidedAt)
	s, into := is, w
	switch {
	case d.Undoes != 0:
		old, known := w.foundAs(r)
		if !known {
			return r.span
		}
		if asOne(r.span, old.set) && r.pausedAt.Equal(old.pausedAt) {
			return old.was
		}
		paused := r.paused
		if !r.pausedAt.IsZero() {
			paused += e.DecidedAt.Sub(r.pausedAt)
		}
		into = w.as(w.moved.under)
		s = old.back(is, paused-old.paused)
	case d.Policy != "":
		into = w.as(d.Policy)
		s = w.comesUnder(into, e, r, is)
		s = within(r, is, s, d.Grace, e.DecidedAt)
	case slices.Contains(d.Clocks, r.clock):
		for _, b := range []models.Bound{models.BoundTarget, models.BoundLimit} {
			if r.awaits(s, b) {
				later := d.Later
				later.Calendar = own(later.Calendar, w.hours())
				s = with(s, b, w.later(s.At(b), later))
			}
		}
	}
	switch {
	case s == is:
		return r.span
	case r.pausedAt.IsZero():
		return s
	default:
		there := *r
		there.span = s
		return into.still(&there, s, e.DecidedAt)
	}
}

// as is the same watch under another version of the policy.
func (w *watch) as(version string) *watch {
	other := *w
	other.under = version
	if plan, known := w.version(version); known {
		other.plan = plan
	} else {
		w.found.say("nobody knows version %q of the policy any more: its clocks cannot be followed", version)
	}
	return &other
}

// with is a span with another bound.
func with(s models.ClockSpan, b models.Bound, at time.Time) models.ClockSpan {
	if b == models.BoundTarget {
		s.Target = at
	} else {
		s.Limit = at
	}
	return s
}

// hours names the calendar of whoever has the case.
func (w *watch) hours() string {
	if name := w.plan.CalendarsFor.Departments[w.department]; name != "" {
		return name
	}
	return w.plan.CalendarsFor.Channels[w.opened.Channel]
}

// amountOf is what a version allows for a bound of a clock that has a calendar of its own, or none.
func (w *watch) amountOf(k models.Clock, b models.Bound, calendar string) models.Amount {
	rule := w.plan.Rule(k)
	a := rule.Limit.For(w.severity)
	if b == models.BoundTarget {
		a = rule.Target.For(w.severity)
	}
	if !a.IsZero() {
		a.Calendar = own(a.Calendar, calendar)
	}
	return a
}

// foundAs is how the last adjustment found a run.
func (w *watch) foundAs(r *run) (before, bool) {
	if w.moved == nil {
		return before{}, false
	}
	old, known := w.moved.runs[r.key]
	return old, known
}

// comesUnder is where the bounds of a clock lie under another version: from where the old one counted
// them, or as far away from the old one's as they were; never those that passed, or were set by hand.
func (w *watch) comesUnder(into *watch, e models.Event, r *run, is models.ClockSpan) models.ClockSpan {
	s := is
	if r.clock == models.ClockSurvey {
		return s
	}
	s.Calendar = into.chosen(r.clock)
	paused := r.paused
	if !r.pausedAt.IsZero() {
		paused += e.DecidedAt.Sub(r.pausedAt)
	}
	for _, b := range []models.Bound{models.BoundTarget, models.BoundLimit} {
		old, now, at := w.amountOf(r.clock, b, is.Calendar), into.amountOf(r.clock, b, s.Calendar), is.At(b)
		byHand := old.IsZero() && (now.IsZero() || !at.IsZero()) || b == models.BoundLimit && r.clock == models.ClockHandling && w.dueSet
		switch {
		case slices.Contains(r.missed, b) || byHand:
		case now.IsZero():
			s = with(s, b, time.Time{})
		case at.IsZero():
			from := s.StartedAt
			if w.severity != w.opened.Severity {
				from = later(from, w.raisedAt)
			}
			s = with(s, b, into.later(from, now).Add(paused))
		default:
			s = with(s, b, w.counted(into, e, s.StartedAt, at, paused, old, now))
		}
	}
	return single(r, s)
}

// single: equal bounds are one.
func single(r *run, s models.ClockSpan) models.ClockSpan {
	if !slices.Contains(r.missed, models.BoundTarget) && !s.Limit.IsZero() && !s.Target.Before(s.Limit) {
		s.Target = time.Time{}
	}
	return s
}

// counted is a bound by another amount.
func (w *watch) counted(into *watch, e models.Event, start, at time.Time, paused time.Duration, old, now models.Amount) time.Time {
	for _, from := range []time.Time{start, w.raisedAt} {
		known := old.Calendar == models.CalendarWall || e.DecidedAt.Sub(from) <= knownBack
		if known && w.later(from, old).Equal(at) {
			return into.later(from, now)
		}
	}
	switch more := now.Of - old.Of; {
	case old.Calendar != now.Calendar:
		return into.later(start, now).Add(paused)
	case more < 0:
		return into.sooner(at, models.Amount{Of: -more, Calendar: now.Calendar})
	default:
		return into.later(at, models.Amount{Of: more, Calendar: now.Calendar})
	}
}

// sooner is the last instant from which an amount of time passes up to another.
func (w *watch) sooner(to time.Time, a models.Amount) time.Time {
	if a.Calendar == models.CalendarWall {
		return to.Add(-a.Of).Truncate(time.Microsecond)
	}
	low, high := to.Add(-a.Of-knownBack), to
	for high.Sub(low) > 1 { // no less than a passes from low, less from high
		middle := low.Add(high.Sub(low) / 2)
		if w.betweenAt(a.Calendar, to, middle) >= a.Of {
			low = middle
		} else {
			high = middle
		}
	}
	return low.Truncate(time.Microsecond)
}

// betweenAt is the open time up to an instant, by the calendar as it was known then.
func (w *watch) betweenAt(name string, to, from time.Time) time.Duration {
	calendar := w.calendar(name, to)
	var sum time.Duration
	if len(calendar.Open) > 0 {
		sum = max(0, earlier(to, calendar.Open[0].From).Sub(from)) // before what is known every hour counts
	}
	sum += max(0, to.Sub(later(from, calendar.Until)))
	for _, open := range calendar.Open {
		if until := earlier(open.Until, to); until.After(later(open.From, from)) {
			sum += until.Sub(later(open.From, from))
		}
	}
	return sum
}

// within: with grace no bound comes nearer than so long after the decision, nor goes beyond where it was.
func within(r *run, is, s models.ClockSpan, grace time.Duration, now time.Time) models.ClockSpan {
	soonest := now.Add(grace).Truncate(time.Microsecond)
	for _, b := range []models.Bound{models.BoundTarget, models.BoundLimit} {
		was, at := is.At(b), s.At(b)
		nearer := was.IsZero() || at.Before(was)
		if grace <= 0 || slices.Contains(r.missed, b) || at.IsZero() || !nearer || !at.Before(soonest) {
			continue
		}
		if at = soonest; !was.IsZero() && was.Before(at) {
			at = was
		}
		s = with(s, b, at)
	}
	if grace > 0 {
		s = single(r, s)
	}
	return s
}

// back puts bounds back: those that nobody set since go to where they were, further by a pause since.
func (b before) back(s models.ClockSpan, paused time.Duration) models.ClockSpan {
	s.Calendar = b.was.Calendar
	for _, bound := range []models.Bound{models.BoundTarget, models.BoundLimit} {
		was, set, at := b.was.At(bound), b.set.At(bound), s.At(bound)
		switch {
		case at.Equal(set) || paused > 0 && was.IsZero():
			s = with(s, bound, was)
		case paused <= 0: // set by hand
		case set.IsZero():
			s = with(s, bound, was.Add(paused))
		default:
			s = with(s, bound, at.Add(was.Sub(set)))
		}
	}
	return s
}

// takeMove keeps how the case stood before an adjustment, and takes what it stands on now.
func (w *watch) takeMove(e models.Event, d models.DeadlinesMoved) {
	if d.Undoes != 0 {
		w.takeBack(e)
		return
	}
	if w.keeping == nil || w.keeping.seq != e.Seq {
		return
	}
	w.moved = w.keeping
	for key, old := range w.moved.runs {
		old.set = w.run(key).span
		w.moved.runs[key] = old
	}
	if d.Policy != "" {
		w.under, w.plan = d.Policy, w.as(d.Policy).plan
	}
}

// beforeMove keeps the runs as an adjustment finds them.
func (w *watch) beforeMove(e models.Event) {
	d, is := e.Data.(models.DeadlinesMoved)
	if !is || d.Undoes != 0 {
		return
	}
	w.keeping = &moved{seq: e.Seq, under: w.under, runs: map[string]before{}}
	for _, r := range w.runs {
		if r.running() {
			w.keeping.runs[r.key] = before{was: r.span, missed: slices.Clone(r.missed), paused: r.paused, pausedAt: r.pausedAt}
		}
	}
}

// betterAsItEnded: whoever was in time by the bounds that held then stays so.
func (r *run) betterAsItEnded(by models.ClockSpan) bool {
	return slices.ContainsFunc(by.Bounds(), func(b models.Bound) bool {
		return r.stoodAt.After(by.At(b)) && !slices.Contains(r.missed, b)
	})
}

// takeBack: a bound that the change alone let pass has not passed, and what ended since is judged by
// the bounds it had.
func (w *watch) takeBack(e models.Event) {
	if w.moved == nil {
		w.found.say("event %d takes back an adjustment that there was not", e.Seq)
		return
	}
	for key, old := range w.moved.runs {
		r := w.run(key)
		judged := e.DecidedAt
		if !r.running() {
			span := full(old.back(r.span, r.paused-old.paused))
			if r.cancelled || r.betterAsItEnded(span) {
				continue
			}
			r.span, judged = span, r.stoodAt
		}
		r.missed = slices.DeleteFunc(slices.Clone(r.missed), func(b models.Bound) bool {
			at := r.span.At(b)
			return !slices.Contains(old.missed, b) && (at.IsZero() || !at.Before(judged))
		})
	}
	w.under, w.plan = w.moved.under, w.as(w.moved.under).plan
	w.moved = nil
}
