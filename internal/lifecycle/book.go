package lifecycle

import (
	"time"

	"recourse/models"
)

// version of the kernel's rules. A change of rules that changes the order of events or commands
// raises it, and the old rules stay for the cases that were opened under them.
const version = 2

// RulesVersion returns the version of the kernel's rules that new cases run under.
func RulesVersion() int { return version }

// book is one decision being written: the case as it evolves, and the events so far.
type book struct {
	c       Case
	plan    models.Plan
	now     time.Time
	actor   models.Actor
	command Command
	events  []models.Event

	stamping bool // what fell due is put on record and told nobody
}

// begin opens a book at an instant that is never before the last event's.
func begin(c Case, plan models.Plan, actor models.Actor, now time.Time) *book {
	c.Plan = plan
	return &book{c: c, plan: plan, now: latest(cut(now), c.LastAt), actor: actor}
}

// add records what the command asked for, with its texts.
func (b *book) add(d models.Data) {
	happened := b.now
	if !b.command.HappenedAt.IsZero() {
		happened = cut(b.command.HappenedAt)
	}
	b.write(b.actor, happened, d, b.command.Texts)
}

// follow records what follows from the command by itself.
func (b *book) follow(d models.Data) { b.write(models.System(), b.now, d, nil) }

// addAt records what came due at an instant.
func (b *book) addAt(due time.Time, d models.Data) { b.write(models.System(), due, d, nil) }

func (b *book) write(actor models.Actor, happened time.Time, d models.Data, texts []models.TextRef) {
	cause := b.command.ID
	if cause == "" {
		cause = string(d.Kind()) + "@" + b.now.Format(time.RFC3339Nano)
	}
	e := models.Event{
		ID: models.EventID(b.c.ID, b.c.Seq+1, cause), Case: b.c.ID, Seq: b.c.Seq + 1, Cycle: b.cycleAfter(d),
		Kind: d.Kind(), Version: models.VersionOf(d), Actor: actor, Command: b.command.ID,
		DecidedAt: b.now, HappenedAt: happened, Data: d, Texts: texts,
	}
	e.Clocks = spans(b.c, b.plan, d, b.now, b.workingAfter(e))
	b.c = Evolve(b.c, e)
	b.events = append(b.events, e)
}

// workingAfter names the calendar of whoever has the case after an event: the clocks that it starts are
// theirs. Empty: the company's.
func (b *book) workingAfter(e models.Event) string {
	if b.plan.CalendarsFor.IsZero() {
		return ""
	}
	after := Evolve(b.c, e)
	if name := b.plan.CalendarsFor.Of(after.Opened.Channel, after.Department); name != models.CalendarWorking {
		return name
	}
	return ""
}

// cycleAfter returns the cycle that an event belongs to.
func (b *book) cycleAfter(d models.Data) int {
	switch d.(type) {
	case models.Opened, models.Reworked:
		return b.c.Cycle + 1
	case models.Reopened:
		if b.c.startsOver() {
			return b.c.Cycle + 1
		}
		return b.c.Cycle
	default:
		return b.c.Cycle
	}
}
