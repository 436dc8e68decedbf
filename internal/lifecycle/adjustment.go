package lifecycle

import (
	"fmt"
	"slices"
	"time"

	"recourse/models"
)

// An adjustment comes over many running cases at once: another version of the policy, or more time.
// How a bound moves is told in docs/adr/0019-adjustments.md.

// Moved is the adjustment that moved the deadlines of a case last: what it takes to move them back
// exactly.
type Moved struct {
	Seq        int64      `json:"seq"` // of the event that moved them
	Adjustment string     `json:"adjustment"`
	Under      string     `json:"under,omitempty"`     // of the case before
	EverLate   bool       `json:"ever_late,omitempty"` // before
	Runs       []MovedRun `json:"runs"`
}

// MovedRun is a run of a clock as it was before and after it was moved.
type MovedRun struct {
	Key          string           `json:"key"`
	Before       models.ClockSpan `json:"before"`
	After        models.ClockSpan `json:"after"`
	TargetMissed bool             `json:"target_missed,omitempty"` // before
	LimitMissed  bool             `json:"limit_missed,omitempty"`  // before
	Paused       time.Duration    `json:"paused,omitempty"`        // before, in all
	PausedAt     time.Time        `json:"paused_at,omitzero"`      // before
}

// PlanFor is the plan by which a command is decided: the fresh one that came with it, unless the case
// was moved to another version of the policy while the command was on its way, or none came with it
// because another case asks for it.
func (c Case) PlanFor(cmd Command, fresh models.Plan) models.Plan {
	_, moves := cmd.Data.(models.DeadlinesMoved)
	switch {
	case fresh.Policy == "":
		return c.Plan
	case !moves && c.Under != "" && fresh.Policy != c.Under:
		return c.Plan
	default:
		return fresh
	}
}

// moveDeadlines moves the deadlines as an adjustment has it.
func (b *book) moveDeadlines(d models.DeadlinesMoved) error {
	d.Was = b.c.Policy()
	switch {
	case d.Adjustment == "":
		return models.Invalid("/adjustment", "name the adjustment")
	case d.Undoes != 0:
		return b.moveBack(d)
	case d.Policy != "":
		if d.Policy == d.Was {
			return models.Refuse(models.CodeConflict, fmt.Sprintf("the case runs under %s already", d.Policy))
		}
		if d.Policy != b.plan.Policy {
			return models.Invalid("/policy", fmt.Sprintf("the plan is of %s, not of %s", b.plan.Policy, d.Policy))
		}
		b.add(d)
		return nil
	default:
		d.Was = ""
		return b.moveLater(d)
	}
}

func (b *book) moveLater(d models.DeadlinesMoved) error {
	switch i := slices.IndexFunc(d.Clocks, func(k models.Clock) bool { return !k.Movable() }); {
	case d.Later.Of <= 0:
		return models.Invalid("/later", "say by how much the deadlines move; it is more than nothing")
	case len(d.Clocks) == 0:
		return models.Invalid("/clocks", "say which clocks get more time")
	case i >= 0:
		return models.Invalid(fmt.Sprintf("/clocks/%d", i), fmt.Sprintf("%s cannot be moved by an adjustment", d.Clocks[i]))
	case len(moved(b.c, b.plan, d, b.now)) == 0:
		return models.Refuse(models.CodeConflict, "none of these clocks has a bound before it; there is nothing to move")
	}
	b.add(d)
	return nil
}

func (b *book) moveBack(d models.DeadlinesMoved) error {
	m := b.c.Moved
	if m == nil || m.Seq != d.Undoes || m.Adjustment != d.Adjustment {
		return models.Refuse(models.CodeConflict, "the deadlines were moved by another adjustment since, or not by this one")
	}
	if d.Policy = m.policy(b.c); d.Policy == d.Was {
		d.Policy, d.Was = "", ""
	}
	b.add(d)
	return nil
}

// policy is the version of the policy that the case ran under before it was moved.
func (m Moved) policy(c Case) string {
	if m.Under != "" {
		return m.Under
	}
	return c.Opened.Policy
}

// adjusted is what an adjustment makes of a running clock.
func adjusted(c Case, p models.Plan, d models.DeadlinesMoved, now time.Time) func(Run) models.ClockSpan {
	switch {
	case d.Undoes != 0:
		return func(r Run) models.ClockSpan { return movedBack(c, p, r, now) }
	case d.Policy != "":
		return underAnother(c, p, d.Grace, now)
	default:
		d.Later = p.Counted(d.Later, p.CalendarsFor.Of(c.Opened.Channel, c.Department))
		return anew(p, now, func(r Run) models.ClockSpan { return later(p, r, d) })
	}
}

// later gives a clock more time: its bounds not yet passed move by it.
func later(p models.Plan, r Run, d models.DeadlinesMoved) models.ClockSpan {
	s := r.ClockSpan
	if !slices.Contains(d.Clocks, r.Clock) {
		return s
	}
	if !s.Target.IsZero() && !r.TargetMissed {
		s.Target = cut(p.Add(s.Target, d.Later))
	}
	if !s.Limit.IsZero() && !r.LimitMissed {
		s.Limit = cut(p.Add(s.Limit, d.Later))
	}
	return s
}

// underAnother is a clock under another version of the policy. What is left before the bounds of a
// paused one is counted in the calendar of the version that it comes under.
func underAnother(c Case, p models.Plan, grace time.Duration, now time.Time) func(Run) models.ClockSpan {
	return func(r Run) models.ClockSpan {
		stands := asOf(c.Plan, r, now)
		s := repoliced(c, p, stands)
		if grace > 0 {
			s = graced(stands, s, now.Add(grace))
		}
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

// repoliced puts the bounds of a clock where another version of the policy has them. What was set by
// hand for this case stays, and so does a bound once passed.
func repoliced(c Case, p models.Plan, r Run) models.ClockSpan {
	s, was, is := r.ClockSpan, c.Plan.Rule(r.Clock), p.Rule(r.Clock)
	if r.Clock == models.ClockSurvey {
		return s
	}
	s.Calendar = c.ownCalendar(p, r.Clock)
	put := func(bound time.Time, missed bool, before, after models.BySeverity) time.Time {
		old, now := c.Plan.Counted(before.For(c.Severity), r.Calendar), p.Counted(after.For(c.Severity), s.Calendar)
		switch {
		case missed, old.IsZero() && now.IsZero(), old.IsZero() && !bound.IsZero(): // passed, or set by hand
			return bound
		case now.IsZero():
			return time.Time{}
		case bound.IsZero():
			return cut(p.Add(latest(r.StartedAt, c.raisedAt()), now).Add(r.Paused))
		default:
			return c.shifted(p, r, bound, old, now)
		}
	}
	s.Target = put(s.Target, r.TargetMissed, was.Target, is.Target)
	if r.Clock != models.ClockHandling || !c.DueSet {
		s.Limit = put(s.Limit, r.LimitMissed, was.Limit, is.Limit)
	}
	if !r.TargetMissed && !s.Limit.IsZero() && !s.Target.Before(s.Limit) {
		s.Target = time.Time{} // equal bounds are one
	}
	return s
}

// ownCalendar names the calendar that a clock has for its own under a plan, by who has the case; empty
// where that is the company's, or it counts in none.
func (c Case) ownCalendar(p models.Plan, k models.Clock) string {
	name := p.CalendarsFor.Of(c.Opened.Channel, c.Department)
	if name == models.CalendarWorking || !p.Rule(k).CountsIn(models.CalendarWorking) {
		return ""
	}
	return name
}

// raisedAt is since when the severity is other than it came with; zero when it is not.
func (c Case) raisedAt() time.Time {
	if c.Severity == c.Opened.Severity {
		return time.Time{}
	}
	return c.SeverityAt
}

// shifted moves one bound from an amount of one version to that of another. A bound that lies where
// the old version has it, counted from the start or from the change of severity, goes to where the new
// one has it, counted from there. One that was moved since, by a pause for instance, keeps the
// difference: what was used stays used.
func (c Case) shifted(p models.Plan, r Run, bound time.Time, old, now models.Amount) time.Time {
	for _, from := range []time.Time{r.StartedAt, c.SeverityAt} {
		if c.Plan.Knows(from, old.Calendar) && cut(c.Plan.Add(from, old)).Equal(bound) {
			return cut(p.Add(from, now))
		}
	}
	if old.Calendar != now.Calendar {
		return cut(p.Add(r.StartedAt, now).Add(r.Paused))
	}
	if now.Of < old.Of {
		return cut(p.Back(bound, models.Amount{Of: old.Of - now.Of, Calendar: now.Calendar}))
	}
	return cut(p.Add(bound, models.Amount{Of: now.Of - old.Of, Calendar: now.Calendar}))
}

// graced keeps bounds that come nearer from coming nearer than an instant, or than they were.
func graced(r Run, s models.ClockSpan, soonest time.Time) models.ClockSpan {
	soonest = cut(soonest)
	keep := func(was, is time.Time, missed bool) time.Time {
		switch {
		case missed || is.IsZero() || !is.Before(soonest) || !was.IsZero() && !is.Before(was):
			return is
		case was.IsZero() || soonest.Before(was):
			return soonest
		default:
			return was
		}
	}
	s.Target, s.Limit = keep(r.Target, s.Target, r.TargetMissed), keep(r.Limit, s.Limit, r.LimitMissed)
	if !r.TargetMissed && !s.Limit.IsZero() && !s.Target.Before(s.Limit) {
		s.Target = time.Time{}
	}
	return s
}

// movedBack is a clock as it would be, had the change not come over it.
func movedBack(c Case, p models.Plan, r Run, now time.Time) models.ClockSpan {
	i := slices.IndexFunc(c.Moved.Runs, func(m MovedRun) bool { return m.Key == r.Key })
	if i < 0 {
		return r.ClockSpan
	}
	m := c.Moved.Runs[i]
	if r.ClockSpan == m.After && r.PausedAt.Equal(m.PausedAt) {
		return m.Before
	}
	return anew(p, now, func(stands Run) models.ClockSpan { return m.takenBack(stands) })(r)
}

// takenBack puts the bounds of a run back to where they were. A pause since has moved them as far; a
// bound that somebody set since stays.
func (m MovedRun) takenBack(r Run) models.ClockSpan {
	since := r.Paused - m.Paused
	back := func(was, set, is time.Time) time.Time {
		switch {
		case is.Equal(set):
			return was
		case since <= 0:
			return is
		case was.IsZero():
			return was
		case set.IsZero():
			return cut(was.Add(since))
		default:
			return is.Add(was.Sub(set))
		}
	}
	s := r.ClockSpan
	s.Calendar = m.Before.Calendar
	s.Target, s.Limit = back(m.Before.Target, m.After.Target, s.Target), back(m.Before.Limit, m.After.Limit, s.Limit)
	return s
}

// moveDeadlines applies an adjustment: what it takes to take it back is kept.
func (c *Case) moveDeadlines(e models.Event, d models.DeadlinesMoved) {
	if d.Undoes != 0 {
		c.undo(e)
		return
	}
	m := &Moved{Seq: e.Seq, Adjustment: d.Adjustment, Under: c.Under, EverLate: c.EverLate}
	for _, r := range c.Runs {
		if r.Running() {
			m.Runs = append(m.Runs, MovedRun{
				Key: r.Key, Before: r.ClockSpan, After: r.ClockSpan, TargetMissed: r.TargetMissed, LimitMissed: r.LimitMissed,
				Paused: r.Paused, PausedAt: r.PausedAt,
			})
		}
	}
	c.Moved = m
	if d.Policy != "" {
		c.Under = d.Policy
	}
}

// undo forgets what the change brought: a bound that was passed by it alone is passed no more, and a
// clock that ended since is judged by the bounds it had, unless it was in time by those it ended under.
func (c *Case) undo(e models.Event) {
	for i, r := range c.Runs {
		j := slices.IndexFunc(c.Moved.Runs, func(m MovedRun) bool { return m.Key == r.Key })
		if j < 0 {
			continue
		}
		m := c.Moved.Runs[j]
		if r.Running() {
			back := spanOf(e, r)
			passed := func(bound time.Time) bool { return !bound.IsZero() && bound.Before(e.DecidedAt) }
			r.TargetMissed = r.TargetMissed && (m.TargetMissed || passed(back.Target))
			r.LimitMissed = r.LimitMissed && (m.LimitMissed || passed(back.Limit))
		} else if r.End != models.ClockCancelled {
			r = r.judgedAgain(m)
		}
		c.Runs[i] = r
	}
	c.EverLate = c.Moved.EverLate || slices.ContainsFunc(c.Runs, func(r Run) bool {
		return r.Clock != models.ClockSurvey && (r.TargetMissed || r.LimitMissed) // a survey that expires is no breach
	})
	c.Under, c.Moved = c.Moved.Under, nil
}

// spanOf is a running clock as an event leaves it.
func spanOf(e models.Event, r Run) models.ClockSpan {
	i := slices.IndexFunc(e.Clocks, func(s models.ClockSpan) bool { return s.Clock == r.Clock && s.StartedAt.Equal(r.StartedAt) })
	if i < 0 {
		return r.ClockSpan
	}
	return e.Clocks[i]
}

// judgedAgain is an ended run by the bounds that it had before it was moved. Whoever was in time by the
// bounds that held then stays so.
func (r Run) judgedAgain(m MovedRun) Run {
	was := r
	r.ClockSpan = m.takenBack(r)
	at := r.EndedAt
	if !r.StoodAt.IsZero() {
		at = r.StoodAt
	}
	r.TargetLeft, r.LimitLeft, r.TargetMissed, r.LimitMissed, r.End = 0, 0, false, false, models.ClockMet
	for _, b := range r.Bounds() {
		if at.After(r.At(b)) {
			r.End = models.ClockBreached
			r.TargetMissed = r.TargetMissed || b == models.BoundTarget
			r.LimitMissed = r.LimitMissed || b == models.BoundLimit
		}
	}
	if r.TargetMissed && !was.TargetMissed || r.LimitMissed && !was.LimitMissed {
		return was
	}
	return r
}

// note keeps where the change itself put a run.
func (m *Moved) note(e models.Event, r Run) {
	if m == nil || m.Seq != e.Seq {
		return
	}
	if i := slices.IndexFunc(m.Runs, func(moved MovedRun) bool { return moved.Key == r.Key }); i >= 0 {
		m.Runs[i].After = r.ClockSpan
	}
}

// MovedFrom is the version of the policy that an adjustment moved the case from; empty: none did.
func (c Case) MovedFrom() string {
	if c.Moved == nil {
		return ""
	}
	return c.Moved.policy(c)
}

// WouldMove says which bounds a command would move, were it decided at an instant: an adjustment's preview.
func (c Case) WouldMove(cmd Command, plan models.Plan, at time.Time) ([]models.BoundMove, error) {
	events, err := Decide(c, cmd, plan, at)
	if err != nil {
		return nil, err
	}
	for _, e := range events {
		c = Evolve(c, e)
	}
	d, _ := cmd.Data.(models.DeadlinesMoved)
	moves, _, _ := c.MovedBounds(d.Adjustment)
	return moves, nil
}

// MovedBounds lists the bounds that an adjustment moved, and the sequence of the event that did; false
// when another one, or none, moved them last.
func (c Case) MovedBounds(adjustment string) (moves []models.BoundMove, seq int64, is bool) {
	if c.Moved == nil || c.Moved.Adjustment != adjustment {
		return nil, 0, false
	}
	for _, m := range c.Moved.Runs {
		for _, b := range []models.Bound{models.BoundTarget, models.BoundLimit} {
			if from, to := m.Before.At(b), m.After.At(b); !from.Equal(to) {
				moves = append(moves, models.BoundMove{Run: m.Key, Clock: m.Before.Clock, Bound: b, From: from, To: to})
			}
		}
	}
	return moves, c.Moved.Seq, true
}
