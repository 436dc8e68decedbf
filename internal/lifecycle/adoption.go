package lifecycle

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"recourse/models"
)

// Plans says by what plan a case runs at an instant: calendars are needed at its receipt, whenever it is taken
// up again or goes on, and now. A plan made up to a fortnight before will do.
type Plans func(at time.Time) models.Plan

// Adopt takes a case over from another system's log, under an id, at an instant: the case as it stands, and all
// that goes on record. What fell due before is stamped, and nobody is told of it. Nothing is asked of the law;
// a history that contradicts itself is refused with the place of what is wrong with it.
func Adopt(id string, a models.Adopted, by models.Actor, plans Plans, now time.Time) (Case, models.Recording, error) {
	now = cut(now)
	plan := plans(now)
	a, err := sound(a, now)
	if err != nil {
		return Case{}, models.Recording{}, err
	}
	a.Opened.Policy, a.Opened.Rules = plan.Policy, plan.Rules
	a = finished(a, plan, now)
	b := begin(Case{ID: id}, plan, by, now)
	b.adopt(promised(id, a, plans))
	b.stamp()
	return Write(Case{ID: id, Plan: plan}, b.events)
}

// sound refuses a history that contradicts itself, and cuts its instants.
func sound(a models.Adopted, now time.Time) (models.Adopted, error) {
	o := &a.Opened
	o.ReceivedAt, a.HandlingDue, a.AsOf = cut(o.ReceivedAt), cut(a.HandlingDue), cut(a.AsOf)
	o.Severity = cmp.Or(o.Severity, models.SeverityGeneral)
	if err := firstError(
		oneOf("/opened/channel", o.Channel, models.Channels()),
		oneOf("/opened/severity", o.Severity, models.Severities()),
		oneOf("/opened/nature", o.Nature, append(models.Natures(), "")),
	); err != nil {
		return a, err
	}
	if o.ReceivedAt.IsZero() || o.ReceivedAt.After(now) {
		return a, models.Invalid("/opened/received_at", "say when it was received; that is not after now")
	}
	a.Moves = slices.Clone(a.Moves)
	last := o.ReceivedAt
	for i := range a.Moves {
		if err := soundMove(&a.Moves[i], i, last, now); err != nil {
			return a, err
		}
		last = a.Moves[i].At
	}
	return a, nil
}

func soundMove(m *models.AdoptedMove, place int, last, now time.Time) error {
	at := func(field string) string { return fmt.Sprintf("/moves/%d/%s", place, field) }
	m.At = cut(m.At)
	switch {
	case m.At.Before(last):
		return models.Invalid(at("at"), "lies before what happened before it")
	case m.At.After(now):
		return models.Invalid(at("at"), "lies in the future")
	case m.Kind == models.KindPaused:
		if err := oneOf(at("pause"), m.Pause, models.PauseReasons()); err != nil {
			return err
		}
	}
	return firstError(
		oneOf(at("kind"), m.Kind, models.AdoptedKinds()),
		oneOf(at("severity"), m.Severity, append(models.Severities(), "")),
	)
}

// goesOnFor lists the moves before which a pause is over, as it is for the verbs that move a case.
var goesOnFor = []models.Kind{
	models.KindDispatched, models.KindAccepted, models.KindSolutionTold, models.KindResolved, models.KindResultTold, models.KindClosed,
	models.KindReworked, models.KindTransferred, models.KindReturned, models.KindNotAccepted, models.KindWithdrawn, models.KindArchived,
	models.KindPaused,
}

// resumed tells of the ends of pauses that a log leaves to be inferred from what came next.
func resumed(moves []models.AdoptedMove) (all []models.AdoptedMove, paused bool) {
	for _, m := range moves {
		if paused && slices.Contains(goesOnFor, m.Kind) {
			all, paused = append(all, models.AdoptedMove{At: m.At, Kind: models.KindResumed, Inferred: true, Line: m.Line}), false
		}
		switch m.Kind { //nolint:exhaustive // the others neither begin nor end one
		case models.KindPaused:
			paused = true
		case models.KindResumed:
			paused = false
		}
		all = append(all, m)
	}
	return all, paused
}

// finished adds what follows from a history by itself: the ends of its pauses, until when the one lasts that it
// leaves open, and its archiving, when the window in which it could be taken up again has passed.
func finished(a models.Adopted, plan models.Plan, now time.Time) models.Adopted {
	open := false
	if a.Moves, open = resumed(a.Moves); open {
		a.PausedUntil = cut(now.Add(plan.PauseAtMost))
	}
	c := Case{Plan: plan}
	for i := range len(a.Moves) + 1 {
		c.live(a, c.adoptedStep(models.Event{}, a, i))
	}
	if over := c.reopenUntil(); c.State.Ended() && over.Before(now) {
		over = latest(over, a.Moves[len(a.Moves)-1].At)
		a.Moves = append(a.Moves, models.AdoptedMove{At: over, Kind: models.KindArchived, Inferred: true})
	}
	return a
}

// promised goes through a history with the plans at hand, and passes every bound where it lies: it returns the
// clocks as they were started, and the history with what its moves did to them.
func promised(id string, a models.Adopted, plans Plans) (models.Adopted, []models.ClockSpan) {
	a.Moves = slices.Clone(a.Moves)
	c := Case{ID: id}
	var started []models.ClockSpan
	for i := range len(a.Moves) + 1 {
		step := c.adoptedStep(models.Event{Case: id, Seq: 1}, a, i)
		c.pass(step.DecidedAt)
		step.Clocks = c.adoptedSpans(a, step, plans)
		c.live(a, step)
		if i > 0 {
			a.Moves[i-1].Clocks = nil
		}
		if len(startsAdopted(step.Data)) > 0 {
			started = append(started, step.Clocks...)
		} else if i > 0 {
			a.Moves[i-1].Clocks = step.Clocks
		}
	}
	return a, started
}

// pass notes the bounds of running clocks that lie before an instant.
func (c *Case) pass(at time.Time) {
	for i, r := range c.Runs {
		if r.Running() && r.PausedAt.IsZero() {
			c.Runs[i].TargetMissed = r.TargetMissed || !r.Target.IsZero() && r.Target.Before(at)
			c.Runs[i].LimitMissed = r.LimitMissed || !r.Limit.IsZero() && r.Limit.Before(at)
		}
	}
}

// adoptedSpans computes the clocks that a step of a history starts, or whose bounds it moves.
func (c *Case) adoptedSpans(a models.Adopted, step models.Event, plans Plans) []models.ClockSpan {
	started := startsAdopted(step.Data)
	if len(started) == 0 {
		if !moves(step) {
			return nil
		}
		return moved(*c, plans(step.DecidedAt), step.Data, step.DecidedAt)
	}
	plan, severity, channel := plans(step.DecidedAt), c.Severity, c.Opened.Channel
	if o, opening := step.Data.(models.Opened); opening {
		severity, channel = o.Severity, o.Channel
	}
	working := plan.CalendarsFor.Of(channel, c.Department)
	spans := make([]models.ClockSpan, len(started))
	for i, k := range started {
		s := models.ClockSpan{Clock: k, StartedAt: step.DecidedAt}
		if working != models.CalendarWorking && plan.Rule(k).CountsIn(models.CalendarWorking) {
			s.Calendar = working
		}
		if spans[i] = bounded(plan, s, severity); step.Kind == models.KindOpened && k == models.ClockHandling {
			spans[i] = dueBy(spans[i], a.HandlingDue)
		}
	}
	return spans
}

// dueBy is a span that is due by the log's own account, if it has one.
func dueBy(s models.ClockSpan, due time.Time) models.ClockSpan {
	if due.IsZero() {
		return s
	}
	s.Limit = due
	if !s.Target.Before(due) {
		s.Target = time.Time{} // equal bounds are one, and none lies behind the limit
	}
	return s
}

// adopt records a history.
func (b *book) adopt(a models.Adopted, spans []models.ClockSpan) {
	e := models.Event{
		ID: models.EventID(b.c.ID, 1, "adopted "+a.Source+" "+a.Reference), Case: b.c.ID, Seq: 1, Kind: models.KindAdopted,
		Version: models.KindAdopted.Version(), Actor: b.actor, DecidedAt: b.now, HappenedAt: b.now, Data: a, Clocks: spans,
	}
	e.Cycle = 1
	for _, m := range a.Moves {
		if m.Kind == models.KindReworked {
			e.Cycle++
		}
	}
	b.c = Evolve(b.c, e)
	b.events = append(b.events, e)
}

// stamp records what fell due before the case was adopted: the bounds that were passed, and the rungs of the
// clocks that still run. It happened to nobody here.
func (b *book) stamp() {
	for _, r := range b.c.Runs {
		for _, bound := range r.passedBounds() {
			b.addAt(r.At(bound), models.Breached{Run: r.Key, Clock: r.Clock, Bound: bound, DueAt: r.At(bound)})
		}
	}
	b.stamping = true
	for {
		due, is := b.unstamped()
		if !is {
			return
		}
		b.fire(due)
	}
}

// passedBounds lists the bounds that a run which has ended had passed by then.
func (r Run) passedBounds() (passed []models.Bound) {
	stood := r.EndedAt
	if !r.StoodAt.IsZero() {
		stood = r.StoodAt
	}
	for _, b := range r.Bounds() {
		if !r.Running() && stood.After(r.At(b)) && !r.Missed(b) {
			passed = append(passed, b)
		}
	}
	return passed
}

// unstamped returns what fell due first on a clock that still runs: before the case was adopted, or before the
// pause in which the clock stands.
func (b *book) unstamped() (Due, bool) {
	past := func(before time.Time) func(Due) bool {
		return func(d Due) bool { return d.At.Before(before) && (d.Kind == DueBreach || d.Kind == DueRung) }
	}
	for _, r := range b.c.Runs {
		if r.Running() && !r.PausedAt.IsZero() {
			agenda := runAgenda(b.c, r)
			if i := slices.IndexFunc(agenda, past(r.PausedAt)); i >= 0 {
				return agenda[i], true
			}
		}
	}
	_, agenda := Agenda(b.c)
	i := slices.IndexFunc(agenda, past(b.now))
	if i < 0 {
		return Due{}, false
	}
	return agenda[i], true
}
