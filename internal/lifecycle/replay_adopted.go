package lifecycle

import (
	"slices"
	"time"

	"recourse/models"
)

// adopt lets a case come on record again from another system, with what it would have lived through beside it. A
// history that never was on record lives whole.
func (p *replay) adopt(e models.Event, d models.Adopted) {
	if !e.DecidedAt.Before(p.asOf) {
		p.history(e, d)
		return
	}
	elsewhere := &replay{rules: p.rules, asOf: e.DecidedAt, c: Case{ID: e.Case}}
	elsewhere.history(e, d)
	p.before = &Lived{Case: elsewhere.c, Events: elsewhere.events, Alerts: elsewhere.alerts.rows}
	plans := p.plansOf(d)
	before := Case{ID: e.Case}
	b := begin(before, plans(e.DecidedAt), e.Actor, e.DecidedAt)
	b.adopt(promised(e.Case, d, plans))
	b.stamp()
	p.late = slices.DeleteFunc(p.late, func(l lateness) bool { return l.noticedAt.Equal(e.DecidedAt) }) // what was stamped
	p.keep(before, b)
	p.adoptedAt = e.DecidedAt
}

// plansOf are the plans of an adopted case.
func (p *replay) plansOf(d models.Adopted) Plans {
	return func(at time.Time) models.Plan { return p.rules.Plan(d.Opened.Policy, at, d.Opened.Zone) }
}

// history lets a case live through its history, with what was due between its moves.
func (p *replay) history(e models.Event, d models.Adopted) {
	if d.Moves, _ = resumed(d.Moves); d.PausedUntil.IsZero() {
		d.PausedUntil = p.asOf // nobody knows how long a pause went on that the log does not end
	}
	plans := p.plansOf(d)
	for i := range len(d.Moves) + 1 {
		step := p.c.adoptedStep(e, d, i)
		p.elsewhere(step.DecidedAt)
		step = p.c.adoptedStep(e, d, i) // of the case as it is by then
		p.c.Plan = plans(step.DecidedAt)
		step.Seq = p.c.Seq + 1
		step.Clocks = p.c.adoptedSpans(d, step, plans)
		c := p.c.clone()
		c.Seq, c.LastAt = step.Seq, step.DecidedAt
		c.live(d, step)
		c.trace(p.c, step, i)
		p.alerts.settle(p.c, c, step)
		p.c, p.events = c, append(p.events, step)
	}
	p.c.counted(d)
	p.c.trace(p.c, e, 0)
	p.elsewhere(e.DecidedAt)
	p.adoptedAt, p.c.LastAt = e.DecidedAt, latest(p.c.LastAt, e.DecidedAt)
}

// elsewhere is until for the time before a case was adopted: clocks run and ladders are climbed, but nothing
// closes that the log says was open.
func (p *replay) elsewhere(at time.Time) {
	for {
		_, agenda := Agenda(p.c)
		i := slices.IndexFunc(agenda, func(d Due) bool { return d.Kind != DueClose && d.Kind != DueArchive })
		if i < 0 || !agenda[i].At.Before(at) {
			return
		}
		events := Fire(p.c, agenda[i], latest(agenda[i].At.Add(time.Microsecond), p.c.LastAt))
		p.alerts.follow(p.c, events)
		for _, e := range events {
			p.c = Evolve(p.c, e)
		}
		p.events = append(p.events, events...)
	}
}

// alertRows are the rows of the alerts of a case, as they stand.
type alertRows struct {
	rows   []models.Alert
	places map[string]int // of the keys of alerts
}

// follow takes in what events made of the alerts; before is the case before them.
func (a *alertRows) follow(before Case, events []models.Event) {
	isAlert := func(e models.Event) bool { return e.Kind == models.KindEscalated }
	if len(before.Alerts) == 0 && !slices.ContainsFunc(events, isAlert) {
		return
	}
	for _, e := range events {
		after := Evolve(before, e)
		a.note(after, e)
		a.settle(before, after, e)
		before = after
	}
}

// note takes in what an event says of an alert; c is the case after it.
func (a *alertRows) note(c Case, e models.Event) {
	rec := models.Recording{}
	noteAlert(&rec, c, e)
	for _, row := range rec.Alerts {
		if a.places == nil {
			a.places = map[string]int{}
		}
		a.places[row.Key] = len(a.rows)
		a.rows = append(a.rows, row)
	}
	for _, change := range rec.Changed {
		if i, known := a.places[change.Key]; known {
			change.Apply(&a.rows[i])
		}
	}
}

// settle takes in what became of the alerts that no longer wait after an event. What came first stays.
func (a *alertRows) settle(before, after Case, e models.Event) {
	rec := models.Recording{}
	noteSettled(&rec, before, after, e)
	for _, end := range rec.Settled {
		i, known := a.places[end.Key]
		if !known {
			continue
		}
		row := &a.rows[i]
		if end.AcknowledgedAt != nil && row.AcknowledgedAt == nil {
			row.AcknowledgedAt, row.AcknowledgedBy = end.AcknowledgedAt, end.AcknowledgedBy
		}
		if end.EndedAt != nil && row.EndedAt == nil {
			row.EndedAt = end.EndedAt
		}
	}
}
