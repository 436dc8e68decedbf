package lifecycle

import (
	"slices"
	"strings"
	"time"

	"recourse/models"
)

// Rules say by what a case lives once more.
type Rules struct {
	// Plan is the plan of a version of the policy for a customer in a zone, made at an instant or up to a
	// fortnight before.
	Plan func(version string, at time.Time, zone string) models.Plan
	// Fixed: there is one policy, whatever version the record names; cases are not moved to another.
	Fixed bool
}

// Lived is a case that lived once more.
type Lived struct {
	Case   Case
	Events []models.Event
	Alerts []models.Alert // the rows of its alerts, as they stand in the end
	// Before is the life up to when the case came on record from another system, as it would have been here.
	// Nobody was told of anything there, so it is no part of the life on record. Nil: it began here.
	Before *Lived
}

// Replay lets a case live once more: what people did happens when it did, unasked whether the law allows it;
// what happens by itself, happens by the rules, up to an instant. The events given are those on record up to that
// instant, or a history in an event that is decided at it: one that never was on record, and lives whole. Where
// the record says that something due was noticed later, it is so again: under the rules that it lived by, a case
// lives as it did, event by event.
func Replay(events []models.Event, rules Rules, asOf time.Time) Lived {
	if len(events) == 0 {
		return Lived{}
	}
	p := &replay{rules: rules, asOf: asOf, c: Case{ID: events[0].Case}, seqs: map[int64]int64{}}
	for _, e := range events {
		if byTime(e) && e.Command == "" && e.HappenedAt.Before(e.DecidedAt) {
			p.late = append(p.late, lateness{e.Seq, e.HappenedAt, e.DecidedAt})
		}
	}
	for i, e := range events {
		if goesOn := i > 0 && e.Command != "" && events[i-1].Command == e.Command; !goesOn && !byTime(e) { // a command is one act
			p.until(e.DecidedAt)
		}
		p.take(e)
		if last := i+1 == len(events) || events[i+1].Command != e.Command; last && p.open {
			p.watchProblem(e)
		}
	}
	if asOf.After(p.adoptedAt) { // at the instant of adopting nothing has been looked at yet
		p.until(asOf)
	}
	return Lived{p.c, p.events, p.alerts.rows, p.before}
}

// byTime says whether an event happened by itself: because its time had come, or because of what the rules
// make of something that was done.
func byTime(e models.Event) bool {
	switch d := e.Data.(type) {
	case models.Breached, models.Escalated, models.ProblemDeclared, models.SurveyExpired, models.SurveyReminded:
		return true
	case models.Resumed:
		return d.Cause == models.ResumeExpired
	case models.ContactPromised, models.Closed, models.Archived:
		return e.Command == "" && e.Actor.Kind == models.ActorSystem
	default:
		return false
	}
}

// replay is a case that lives once more.
type replay struct {
	rules     Rules
	asOf      time.Time
	c         Case
	was       Case           // as it was on record
	events    []models.Event // as they are now
	before    *Lived         // elsewhere
	alerts    alertRows
	late      []lateness
	seqs      map[int64]int64 // where events that people brought about were, and are
	adoptedAt time.Time
	done      int64 // sequence on record of the last event that somebody brought about
	open      bool  // a command's events are being taken
}

// lateness is a while, on record, from when something was due to when that was noticed.
type lateness struct {
	seq            int64
	due, noticedAt time.Time
}

// covers says whether something that is due now would have been noticed at its end.
func (l lateness) covers(due time.Time) bool { return !due.Before(l.due) && due.Before(l.noticedAt) }

// take lets an event happen, if somebody brought it about.
func (p *replay) take(e models.Event) {
	defer func() { p.was = Evolve(p.was, e) }()
	if byTime(e) {
		return
	}
	if d, adopted := e.Data.(models.Adopted); adopted {
		p.adopt(e, d)
		return
	}
	d, is := p.translated(e)
	if !is {
		return
	}
	plan := p.plan(e, d)
	before := p.c
	b := &book{c: p.c, plan: plan, now: e.DecidedAt, actor: e.Actor, command: Command{ID: e.Command}}
	if _, moves := d.(models.DeadlinesMoved); !moves {
		b.c.Plan = plan
	}
	b.write(e.Actor, e.HappenedAt, d, e.Texts)
	p.seqs[e.Seq], p.done, p.open = b.c.Seq, e.Seq, e.Command != ""
	if e.Kind == models.KindOpened {
		b.breachAtOnce()
	}
	b.c.Plan = plan
	p.keep(before, b)
}

// plan is the plan by which an event is decided again.
func (p *replay) plan(e models.Event, d models.Data) models.Plan {
	version, zone := Evolve(p.was, e).Policy(), p.c.Opened.Zone
	if o, opened := d.(models.Opened); opened {
		version, zone = o.Policy, o.Zone
	}
	return p.rules.Plan(version, e.DecidedAt, zone)
}

func (p *replay) keep(before Case, b *book) {
	p.alerts.follow(before, b.events)
	p.c, p.events = b.c, append(p.events, b.events...)
}

// watchProblem sees, when all of a command has happened, whether the case is a problem case by now.
func (p *replay) watchProblem(e models.Event) {
	b := &book{c: p.c, plan: p.c.Plan, now: e.DecidedAt, actor: e.Actor, command: Command{ID: e.Command}}
	b.watchProblem()
	p.keep(p.c, b)
	p.open = false
}

// until lets everything happen that is due strictly before an instant, each when it would be noticed.
func (p *replay) until(at time.Time) {
	for {
		next, _ := Agenda(p.c)
		if next.IsZero() || !next.Before(at) {
			return
		}
		now := p.noticed(next)
		if now.After(at) {
			now = at
		}
		after, events := FireDue(p.c, now)
		if len(events) == 0 { // what is due cannot happen
			return
		}
		p.alerts.follow(p.c, events)
		p.c, p.events = after, append(p.events, events...)
	}
}

// noticed is when something due is noticed: at once, or when the record says that it was.
func (p *replay) noticed(due time.Time) time.Time {
	var by time.Time
	for _, l := range p.late {
		if l.seq > p.done && l.covers(due) && !l.noticedAt.Before(p.c.LastAt) && (by.IsZero() || l.noticedAt.Before(by)) {
			by = l.noticedAt
		}
	}
	if by.IsZero() {
		by = due.Add(time.Microsecond)
	}
	return latest(by, p.c.LastAt)
}

// translated is what an event says, with its references to other events and alerts as they are now; false when
// what it refers to never happened.
func (p *replay) translated(e models.Event) (models.Data, bool) {
	switch d := e.Data.(type) {
	case models.DeadlinesMoved:
		if d.Undoes != 0 {
			at, known := p.seqs[d.Undoes]
			d.Undoes = at
			return d, known && p.c.Moved != nil && p.c.Moved.Seq == at
		}
		return d, d.Policy == "" || !p.rules.Fixed
	case models.Acknowledged:
		return models.Acknowledged{Alert: p.alert(d.Alert)}, p.alert(d.Alert) != ""
	case models.Snoozed:
		d.Alert = p.alert(d.Alert)
		return d, d.Alert != ""
	case models.HandedOver:
		d.Alert = p.alert(d.Alert)
		return d, d.Alert != ""
	case models.SurveyOffered:
		if p.rules.Fixed {
			d.ExpiresAt = e.DecidedAt.Add(p.c.Plan.Survey.Expires)
		}
		return d, true
	default:
		return p.referring(d), true
	}
}

// referring is data with its references to other events as they are now.
func (p *replay) referring(d models.Data) models.Data {
	switch d := d.(type) {
	case models.Approved:
		d.Request = p.at(d.Request)
		return d
	case models.Rejected:
		d.Request = p.at(d.Request)
		return d
	case models.Decided:
		d.Request = p.at(d.Request)
		return d
	case models.Retracted:
		d.Request = p.at(d.Request)
		return d
	case models.TaskFinished:
		d.Task = p.at(d.Task)
		return d
	case models.TaskCancelled:
		d.Task = p.at(d.Task)
		return d
	case models.Paused:
		d.Evidence = p.at(d.Evidence)
		return d
	case models.Voided:
		d.Entry = p.at(d.Entry)
		return d
	default:
		return d
	}
}

// at is where an event is now that was at a sequence; where nothing is, what was.
func (p *replay) at(seq int64) int64 {
	if now, known := p.seqs[seq]; known {
		return now
	}
	return seq
}

// alert is the alert out now that stands for one on record: the same, else the one that waits longest of its
// run, since whoever took that on would have taken this on. Empty: none is out.
func (p *replay) alert(key string) string {
	run, rest, is := p.runOf(key)
	if !is {
		return ""
	}
	same := func(a Alert) bool { return a.Key == run.Key+rest }
	if i := slices.IndexFunc(p.c.Alerts, same); i >= 0 {
		return p.c.Alerts[i].Key
	}
	if !p.rules.Fixed {
		return ""
	}
	i := slices.IndexFunc(p.c.Alerts, func(a Alert) bool { return a.Run == run.Key && !a.AckBy.IsZero() })
	if i < 0 {
		return ""
	}
	return p.c.Alerts[i].Key
}

// runOf is the run now that an alert on record is about, and the rest of the alert's key.
func (p *replay) runOf(key string) (run Run, rest string, is bool) {
	i := slices.IndexFunc(p.was.Runs, func(r Run) bool { return strings.HasPrefix(key, r.Key+"/") })
	if i < 0 {
		return Run{}, "", false
	}
	was, nth := p.was.Runs[i], 0
	alike := func(r Run) bool {
		return r.Clock == was.Clock && r.Cycle == was.Cycle && r.StartedAt.Equal(was.StartedAt)
	}
	for _, r := range p.was.Runs[:i] {
		if alike(r) {
			nth++
		}
	}
	for _, r := range p.c.Runs {
		if alike(r) {
			if nth == 0 {
				return r, strings.TrimPrefix(key, was.Key), true
			}
			nth--
		}
	}
	return Run{}, "", false
}
