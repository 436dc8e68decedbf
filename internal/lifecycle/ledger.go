package lifecycle

import (
	"cmp"
	"slices"
	"time"

	"recourse/models"
)

// Past knows what versions of the policy say of any time gone by.
type Past interface {
	// Rule returns how long a clock may take by a version.
	Rule(version string, k models.Clock) models.ClockRule
	// Stretches says what a calendar of a version was between two instants, in order and without a gap.
	Stretches(version, calendar string, from, until time.Time) []models.Stretch
}

// SegmentKind says what a clock did for a while.
type SegmentKind string

// The kinds. Running and over count, the others do not.
const (
	SegmentRunning SegmentKind = "running"
	SegmentPaused  SegmentKind = "paused"
	SegmentClosed  SegmentKind = "closed"  // outside the hours of the calendar that it counts in
	SegmentHoliday SegmentKind = "holiday" // a day off of that calendar
	SegmentOver    SegmentKind = "over"    // it had ended, and came back with its original instants: the time counts
)

// Counted says whether time of this kind is taken from the clock's amount.
func (k SegmentKind) Counted() bool { return k == SegmentRunning || k == SegmentOver }

// Segment is a part of a run of a clock, from From up to but without Until.
type Segment struct {
	Kind        SegmentKind
	From, Until time.Time
	Seq         int64              // of the event that began it: also of the one that had begun when the doors closed
	Actor       models.Actor       // whose event that was
	Reason      models.PauseReason // of a pause
	NameEN      string             // of a holiday
	NameZH      string
	Policy      string // version in force
	Calendar    string // that the clock counts in; CalendarWall: every hour counts
}

// Lasts returns how long it was.
func (s Segment) Lasts() time.Duration { return s.Until.Sub(s.From) }

// Sums are how long a run took, and of that, what it was: Gross is the sum of all others.
type Sums struct {
	Gross   time.Duration // on the wall
	Net     time.Duration // counted: what the clock has used of its amount
	Paused  time.Duration
	Closed  time.Duration
	Holiday time.Duration
}

// add takes a segment into the sums.
func (s *Sums) add(g Segment) {
	s.Gross += g.Lasts()
	switch g.Kind {
	case SegmentRunning, SegmentOver:
		s.Net += g.Lasts()
	case SegmentPaused:
		s.Paused += g.Lasts()
	case SegmentClosed:
		s.Closed += g.Lasts()
	case SegmentHoliday:
		s.Holiday += g.Lasts()
	}
}

// DelayCause says why a breach was noticed later than it was due.
type DelayCause string

// The causes; empty means that it was noticed in time.
const (
	DelayRecorded DelayCause = "recorded_late" // it was due before the complaint was on record
	DelayOver     DelayCause = "came_back"     // it was due while the clock had ended; it came back
	DelayOutage   DelayCause = "outage"        // nothing ran that could have noticed
	DelayUnknown  DelayCause = "unknown"       // everything was up: the system was slow, or its heartbeats are not on record
)

// LedgerBreach is a bound that a run passed.
type LedgerBreach struct {
	Bound     models.Bound
	Seq       int64 // of the event that says so
	DueAt     time.Time
	NoticedAt time.Time
	Cause     DelayCause
	Outages   []models.Outage // between the two
}

// Delay is how long after it was due it was noticed.
func (b LedgerBreach) Delay() time.Duration { return b.NoticedAt.Sub(b.DueAt) }

// Ledger is the account of one run of a clock: what it did from its start on, without a gap.
type Ledger struct {
	Run      Run
	AsOf     time.Time // up to where: its end, or the instant it was asked for
	Segments []Segment
	Sums     Sums
	Breaches []LedgerBreach
	Outages  []models.Outage // that lie on it; they count like any other time
}

// Ledgers writes the account of every run of every clock of a case, those that run as of now. It is the
// record's events told once more, clock by clock, and its sums are the figures'.
func Ledgers(events []models.Event, past Past, now time.Time) []Ledger {
	var a accounts
	for _, e := range events {
		a.take(e)
	}
	now = latest(cut(now), a.c.LastAt)
	ledgers := make([]Ledger, len(a.of))
	for i, phases := range a.of {
		ledgers[i] = ledger(a.c.Runs[i], phases, past, now)
		ledgers[i].Breaches = a.breaches[ledgers[i].Run.Key]
	}
	return ledgers
}

// accounts are the phases of every run so far, in the order of Case.Runs.
type accounts struct {
	c        Case
	of       [][]Segment // the last one is open while the run runs
	under    []ruling    // the versions of the policy that the case ran under, in order
	breaches map[string][]LedgerBreach
}

// ruling is a version of the policy, and since when it is the case's.
type ruling struct {
	since  time.Time
	policy string
}

// take tells what an event did.
func (a *accounts) take(e models.Event) {
	if d, is := e.Data.(models.Adopted); is { // every step of a history is a line of its own
		c, whole := Case{Seq: e.Seq, LastAt: e.DecidedAt}, Evolve(a.c, e)
		c.adoptBy(e, d, func(before Case, step models.Event) { a.note(before, c.clone(), step) })
		a.c = whole
		return
	}
	a.note(a.c, Evolve(a.c, e), e)
}

// note tells what an event did to each run by the case before and after it.
func (a *accounts) note(before, after Case, e models.Event) {
	a.c = after
	if len(a.under) == 0 || before.Policy() != a.c.Policy() {
		a.under = append(a.under, ruling{e.DecidedAt, a.c.Policy()})
	}
	for i, r := range a.c.Runs {
		if i >= len(before.Runs) {
			a.of = append(a.of, nil)
			a.begin(i, SegmentRunning, r.StartedAt, e)
			if !r.Running() {
				a.end(i, r.EndedAt)
			}
			continue
		}
		a.turn(i, before.Runs[i], r, e)
		a.rule(i, r, e)
	}
	if d, is := e.Data.(models.Breached); is {
		a.breach(d, e)
	}
}

// turn begins another phase of a run where an event did.
func (a *accounts) turn(i int, was, is Run, e models.Event) {
	switch {
	case was.Running() && !is.Running():
		a.end(i, is.EndedAt)
	case !was.Running() && is.Running():
		a.over(i, was.EndedAt, e)
		a.begin(i, SegmentRunning, e.DecidedAt, e)
	case was.PausedAt.IsZero() && !is.PausedAt.IsZero():
		a.end(i, is.PausedAt)
		a.begin(i, SegmentPaused, is.PausedAt, e)
	case !was.PausedAt.IsZero() && is.PausedAt.IsZero() && is.Running():
		resumed := was.PausedAt.Add(is.Paused - was.Paused)
		a.end(i, resumed)
		a.begin(i, SegmentRunning, resumed, e)
	}
}

// over tells of the time in which a run had ended that has come back, by the versions of the policy that
// were the case's meanwhile.
func (a *accounts) over(i int, from time.Time, e models.Event) {
	a.begin(i, SegmentOver, from, e)
	for _, u := range a.under {
		if !u.since.Before(e.DecidedAt) {
			break
		}
		if u.since.After(from) {
			a.end(i, u.since)
			a.begin(i, SegmentOver, u.since, e)
		}
		a.of[i][len(a.of[i])-1].Policy = u.policy
	}
	a.end(i, e.DecidedAt)
}

// rule cuts the open phase of a run where an event put it under another version of the policy, or into
// another calendar. A pause stays the pause that it is.
func (a *accounts) rule(i int, r Run, e models.Event) {
	open := &a.of[i][len(a.of[i])-1]
	if !r.Running() || open.Policy == a.c.Policy() && open.Calendar == r.Calendar {
		return
	}
	after := *open
	open.Until, after.From = e.DecidedAt, e.DecidedAt
	after.Policy, after.Calendar = a.c.Policy(), r.Calendar
	if after.Kind != SegmentPaused {
		after.Seq, after.Actor = e.Seq, e.Actor
	}
	a.of[i] = append(a.of[i], after)
}

// begin opens a phase.
func (a *accounts) begin(i int, kind SegmentKind, at time.Time, e models.Event) {
	s := Segment{Kind: kind, From: at, Seq: e.Seq, Actor: e.Actor, Policy: a.c.Policy(), Calendar: a.c.Runs[i].Calendar}
	if d, is := e.Data.(models.Paused); is && kind == SegmentPaused {
		s.Reason = d.Reason
	}
	a.of[i] = append(a.of[i], s)
}

// end closes the phase that is open.
func (a *accounts) end(i int, at time.Time) { a.of[i][len(a.of[i])-1].Until = at }

// Policies names the versions of the policy that a case ran under, each once.
func Policies(events []models.Event) []string {
	var names []string
	for _, e := range events {
		switch d := e.Data.(type) {
		case models.Opened:
			names = append(names, d.Policy)
		case models.Adopted:
			names = append(names, d.Opened.Policy)
		case models.DeadlinesMoved:
			names = append(names, d.Policy, d.Was)
		}
	}
	slices.Sort(names)
	return slices.DeleteFunc(slices.Compact(names), func(name string) bool { return name == "" })
}

func (a *accounts) breach(d models.Breached, e models.Event) {
	if a.breaches == nil {
		a.breaches = map[string][]LedgerBreach{}
	}
	b := LedgerBreach{Bound: d.Bound, Seq: e.Seq, DueAt: d.DueAt, NoticedAt: e.DecidedAt}
	if b.Delay() > lateAfter {
		b.Cause = DelayUnknown
		switch {
		case b.DueAt.Before(a.c.RecordedAt):
			b.Cause = DelayRecorded
		case a.wasOver(d):
			b.Cause = DelayOver
		}
	}
	a.breaches[d.Run] = append(a.breaches[d.Run], b)
}

// wasOver says whether a run had ended when the bound passed that it is breached at now.
func (a *accounts) wasOver(d models.Breached) bool {
	i := slices.IndexFunc(a.c.Runs, func(r Run) bool { return r.Key == d.Run })
	return i >= 0 && slices.ContainsFunc(a.of[i], func(s Segment) bool {
		return s.Kind == SegmentOver && !d.DueAt.Before(s.From) && d.DueAt.Before(s.Until)
	})
}

// ledger cuts the phases of a run by the hours of the calendar that it counts in, and sums them up.
func ledger(r Run, phases []Segment, past Past, now time.Time) Ledger {
	l := Ledger{Run: r, AsOf: r.EndedAt}
	if r.Running() {
		l.AsOf = latest(now, r.StartedAt)
		phases = slices.Clone(phases)
		phases[len(phases)-1].Until = l.AsOf
	}
	for _, p := range phases {
		if name := calendarOf(past.Rule(p.Policy, r.Clock)); name != models.CalendarWorking || p.Calendar == "" {
			p.Calendar = name
		}
		for _, s := range byHours(p, past) {
			if s.Until.After(s.From) {
				l.Segments = append(l.Segments, s)
				l.Sums.add(s)
			}
		}
	}
	return l
}

// byHours cuts a phase where doors open and close. A pause is a pause at any hour.
func byHours(p Segment, past Past) []Segment {
	if p.Calendar == models.CalendarWall || p.Kind == SegmentPaused || !p.Until.After(p.From) {
		return []Segment{p}
	}
	var parts []Segment
	for _, s := range past.Stretches(p.Policy, p.Calendar, p.From, p.Until) {
		part := p
		part.From, part.Until = s.From, s.Until
		switch s.Kind {
		case models.StretchClosed:
			part.Kind = SegmentClosed
		case models.StretchHoliday:
			part.Kind, part.NameEN, part.NameZH = SegmentHoliday, s.NameEN, s.NameZH
		case models.StretchOpen:
		}
		parts = append(parts, part)
	}
	return parts
}

// calendarOf is the calendar that a clock counts in: its limit's, and where it has none its target's.
func calendarOf(r models.ClockRule) string {
	if !r.Limit.General.IsZero() {
		return r.Limit.General.Calendar
	}
	return cmp.Or(r.Target.General.Calendar, r.Target.Important.Calendar, r.Target.Urgent.Calendar)
}

// MarkOutages notes on ledgers when the system was down. It takes nothing from any sum: a promise to a
// customer is not longer because our machine stood still.
func MarkOutages(ledgers []Ledger, outages []models.Outage) {
	for i := range ledgers {
		l := &ledgers[i]
		l.Outages = within(outages, l.Run.StartedAt, l.AsOf)
		for j := range l.Breaches {
			b := &l.Breaches[j]
			b.Outages = within(outages, b.DueAt, b.NoticedAt)
			blind := func(o models.Outage) bool { return o.Part != models.PartAPI }
			if b.Cause == DelayUnknown && slices.ContainsFunc(b.Outages, blind) {
				b.Cause = DelayOutage
			}
		}
	}
}

// within lists the outages that lie between two instants, in part or whole.
func within(outages []models.Outage, from, until time.Time) []models.Outage {
	var in []models.Outage
	for _, o := range outages {
		if o.From.Before(until) && o.Until.After(from) {
			in = append(in, o)
		}
	}
	return in
}
