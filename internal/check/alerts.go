package check

import (
	"cmp"
	"slices"
	"time"

	"recourse/models"
)

// watch follows the clocks of one case through its events, by itself: it shares the policy with the
// kernel, and none of its code.
type watch struct {
	plans      Plans
	version    func(version string) (models.Plan, bool)
	under      string // version of the policy that the case runs under
	moved      *moved // the adjustment that moved its deadlines last
	keeping    *moved // one that is just coming
	plan       models.Plan
	knownPlan  bool
	opened     models.Opened
	adopted    bool // it lived elsewhere before
	stamping   bool // what fell due there is put on record
	severity   models.Severity
	raisedAt   time.Time // since when it is
	state      models.State
	department string // that has the case once the event that is looked at has happened
	toldAt     time.Time
	endedAt    time.Time    // when it closed or ended otherwise
	endedFrom  models.State // where it was then
	lead       string       // the case that leads its group
	dueSet     bool         // the handling due was set for this case in this cycle
	recorded   time.Time
	runs       []*run
	reminded   map[int]bool // surveys, by cycle

	pausedUntil time.Time // zero: it is not paused
	highest     models.Role
	problem     string // the command that made it a problem case, while its alert is still to come
	waiting     []waiting
	alerted     bool // the alert that goes out once per case did
	found       complaints
}

// plan is what the version of the policy that a case runs under says; calendars apart, the instant
// does not matter.
func (r *round) plan(version, zone string) (models.Plan, bool) {
	if kept, is := r.ladders.Load(version); is {
		plan, known := kept.(models.Plan)
		return plan, known
	}
	plan, known := r.cfg.Plans.Plan(version, r.now, zone)
	if known {
		r.ladders.Store(version, plan)
	}
	return plan, known
}

// alerts: what the clocks brought is what they should have, no more and no less, and every alert
// that went out has its row.
func alerts(f *file) []string {
	if len(f.events) == 0 {
		return nil
	}
	opened, is := models.OpenedIn(f.events[0])
	if !is {
		return nil // lawful says so
	}
	w := &watch{
		plans: f.round.cfg.Plans, under: opened.Policy, opened: opened, adopted: f.events[0].Kind == models.KindAdopted, recorded: f.events[0].DecidedAt, reminded: map[int]bool{},
		version: func(version string) (models.Plan, bool) { return f.round.plan(version, opened.Zone) },
	}
	if w.plan, w.knownPlan = w.version(opened.Policy); !w.knownPlan {
		w.found.say("nobody knows version %q of the policy any more: its clocks cannot be followed", opened.Policy)
		return append(w.found, alertRows(f)...)
	}
	for i, e := range f.events {
		if e.Command != "" && (i == 0 || f.events[i-1].Command != e.Command) {
			w.settled(e.DecidedAt)
		}
		w.stamping = w.adopted && e.DecidedAt.Equal(w.recorded)
		w.expect(e)
		w.department = f.moment(i).Department
		if d, is := e.Data.(models.Adopted); is && i == 0 {
			w.adopt(e, d, f.moment(0))
		} else {
			w.take(e, f.moment(i).State)
		}
	}
	w.stamping = false
	w.atTheEnd(f)
	return append(w.found, alertRows(f)...)
}

// settled: everything that fell due strictly before an instant has happened.
func (w *watch) settled(by time.Time) {
	for _, d := range w.ahead() {
		if d.at.Before(by) {
			w.found.say("%s, due at %s, is missing at %s", d.name(), stamp(d.at), stamp(by))
		}
	}
}

// name says what is due, with the key of an alert.
func (d due) name() string {
	switch {
	case d.run == nil:
		return string(d.kind)
	case d.kind == models.KindEscalated:
		return "alert " + d.alert()
	default:
		return string(d.kind) + " of " + d.run.key + " " + string(d.bound)
	}
}

// atTheEnd: what was due by the last look at the clocks has happened; with a live engine, what was
// due by now.
func (w *watch) atTheEnd(f *file) {
	last := f.events[len(f.events)-1]
	by := time.Time{}
	if last.Command == "" && last.Kind != models.KindRestarted {
		by = last.DecidedAt
	}
	if cut := f.round.now.Add(-f.round.cfg.Grace); f.round.engine != nil && last.DecidedAt.Before(cut) {
		by = cut
	}
	w.settled(by)
	for _, r := range w.runs {
		if r.running() || r.clock == models.ClockSurvey {
			continue
		}
		for _, b := range r.span.Bounds() {
			if r.stoodAt.After(r.span.At(b)) && !slices.Contains(r.missed, b) && !r.span.At(b).Before(by) {
				w.found.say("%s %s ended after its %s without a breach", r.clock, r.key, b)
			}
		}
	}
}

// expect: what happens by itself was due, and is what was due.
func (w *watch) expect(e models.Event) {
	switch d := e.Data.(type) {
	case models.Breached:
		if got := w.find(func(x due) bool {
			return x.kind == e.Kind && x.run.key == d.Run && x.bound == d.Bound && x.run.clock == d.Clock
		}); got == nil || !got.at.Equal(d.DueAt) || !d.DueAt.Before(e.DecidedAt) || !e.HappenedAt.Equal(d.DueAt) {
			w.found.say("event %d: the %s of %s was not passed at %s, or was before", e.Seq, d.Bound, d.Run, stamp(d.DueAt))
		}
	case models.Escalated:
		w.expectAlert(e, d)
	case models.ContactPromised, models.Resumed, models.SurveyReminded:
		w.expectItself(e)
	case models.Snoozed:
		w.expectSnooze(e, d)
	case models.HandedOver:
		w.expectHandOver(e, d)
	case models.SurveyExpired:
		if got := w.find(func(x due) bool { return x.kind == e.Kind && x.run.cycle == d.SurveyCycle }); got == nil || !got.at.Before(e.DecidedAt) {
			w.found.say("event %d: no survey of cycle %d ran out", e.Seq, d.SurveyCycle)
		}
	}
}

// expectItself: what the system does with no command was due.
func (w *watch) expectItself(e models.Event) {
	if e.Command != "" || e.Actor.Kind != models.ActorSystem {
		return
	}
	got := w.find(func(x due) bool { return x.kind == e.Kind && x.at.Equal(e.HappenedAt) })
	if got == nil || !got.at.Before(e.DecidedAt) {
		w.found.say("event %d (%s) was not due at %s", e.Seq, e.Kind, stamp(e.HappenedAt))
	}
}

// expectProblem: whoever stands one above the highest so far is told of a problem case, once.
func (w *watch) expectProblem(e models.Event, d models.Escalated) {
	above := models.Above(cmp.Or(w.highest, models.RoleHandler))
	if len(above) == 0 {
		above = []models.Role{models.RoleExecutive}
	}
	switch {
	case w.problem == "" || w.problem != e.Command:
		w.found.say("event %d: alert %s is not that of a case that became a problem", e.Seq, d.Alert)
	case !slices.Equal(d.Roles, above[:1]) || !d.DueAt.Equal(e.DecidedAt) || d.Clock != models.ClockTotal:
		w.found.say("event %d: alert %s of a problem case went to %v at %s", e.Seq, d.Alert, d.Roles, stamp(d.DueAt))
	}
	w.problem = ""
}

func (w *watch) expectAlert(e models.Event, d models.Escalated) {
	if d.Rung == models.RungProblem {
		w.expectProblem(e, d)
		return
	}
	got := w.find(func(x due) bool { return x.kind == e.Kind && x.alert() == d.Alert && x.after == d.Follows })
	back := got != nil && d.Rung == models.RungLimit && d.DueAt.Equal(got.run.movedAt) // the clock came back past its limit
	if got == nil || !got.at.Equal(d.DueAt) || !d.DueAt.Before(e.DecidedAt) && !back {
		w.found.say("event %d: alert %s was not due at %s", e.Seq, d.Alert, stamp(d.DueAt))
		return
	}
	late := e.DecidedAt.Sub(d.DueAt)
	var ackBy time.Time
	if got.ack > 0 && !d.Superseded {
		ackBy = e.DecidedAt.Add(got.ack)
	}
	switch {
	case d.Run != got.run.key || d.Clock != got.run.clock || d.Bound != got.bound || d.Rung != got.rung || d.Repeat != got.repeat:
		w.found.say("event %d: alert %s is about something else than its key", e.Seq, d.Alert)
	case !slices.Equal(d.Roles, got.roles):
		w.found.say("event %d: alert %s went to %v instead of %v", e.Seq, d.Alert, d.Roles, got.roles)
	case !slices.Equal(d.By, got.by):
		w.found.say("event %d: alert %s left by %v instead of %v", e.Seq, d.Alert, d.By, got.by)
	case d.Superseded != w.superseded(e, *got):
		w.found.say("event %d: alert %s was delivered or not against what came after it", e.Seq, d.Alert)
	case !d.AckBy.Equal(ackBy):
		w.found.say("event %d: alert %s is to be acknowledged until %s instead of %s", e.Seq, d.Alert, stamp(d.AckBy), stamp(ackBy))
	case (d.LateBy > 0) != (late > time.Minute) || d.LateBy > 0 && (d.LateBy != late || d.LateReason == ""):
		w.found.say("event %d: alert %s says that it was late by %s, and was by %s", e.Seq, d.Alert, d.LateBy, late)
	}
}

// superseded: of several rungs that fell due while nobody looked, only the highest is delivered.
func (w *watch) superseded(e models.Event, d due) bool {
	if w.stamping {
		return true
	}
	if d.rung < 0 || d.after != "" {
		return false
	}
	above := *d.run
	above.reached = d.rung + 1
	_, rung, is := w.nextRung(&above)
	if w.apologises(d.run) && is && d.run.span.Limit.Before(w.rungAt(&above, rung)) {
		return false // the apology ends the climb before it comes to that
	}
	return is && w.rungAt(&above, rung).Before(e.DecidedAt)
}

func (w *watch) find(is func(due) bool) *due {
	list := w.ahead()
	i := slices.IndexFunc(list, is)
	if i < 0 {
		return nil
	}
	return &list[i]
}

// take moves the case on by one event.
func (w *watch) take(e models.Event, state models.State) {
	w.beforeMove(e)
	w.tick(e)
	if state.Ended() && !w.state.Ended() {
		w.endedFrom, w.endedAt = w.state, e.DecidedAt
	}
	w.state = state
	switch d := e.Data.(type) {
	case models.Opened:
		w.severity, w.raisedAt = d.Severity, e.DecidedAt
	case models.Dispatched:
		w.dueSet = w.dueSet || !d.HandlingDue.IsZero()
		if d.Severity != w.severity {
			w.severity, w.raisedAt = d.Severity, e.DecidedAt
		}
	case models.Extended:
		w.dueSet = true
	case models.Reworked:
		w.dueSet = false
	case models.Reopened:
		w.dueSet = w.dueSet && !w.anew()
	case models.ResultTold:
		w.toldAt = e.DecidedAt
	case models.Settled:
		w.toldAt = e.DecidedAt
	case models.Reclassified:
		if d.Severity != "" && d.Severity != w.severity {
			w.severity, w.raisedAt = d.Severity, e.DecidedAt
		}
	case models.Linked:
		w.link(d)
	case models.Merged:
		w.link(models.Linked{Other: d.Into})
	case models.Amended:
		for _, c := range d.Changes {
			if c.Field == "zone" {
				w.opened.Zone = c.Is
			}
		}
	case models.DeadlinesMoved:
		w.takeMove(e, d)
	case models.SurveyReminded:
		w.reminded[d.SurveyCycle] = true
	case models.ProblemDeclared:
		w.problem = e.Command
	case models.Acknowledged:
		w.drop(d.Alert)
	case models.Snoozed:
		w.moveAlert(d.Alert, d.Until)
	case models.HandedOver:
		w.moveAlert(d.Alert, d.AcceptBy)
	case models.Breached:
		if r := w.run(d.Run); r != nil {
			first, _ := r.span.FirstBound()
			r.missed = append(r.missed, d.Bound)
			r.owes = !r.told && r.running() && d.Bound != first && r.clock.Ladder() != models.LadderNone
		}
	case models.Escalated:
		w.escalate(d)
	}
	w.waiting = slices.DeleteFunc(w.waiting, func(a waiting) bool { return !a.run.running() })
}

// link keeps the group that the case belongs to.
func (w *watch) link(d models.Linked) {
	switch {
	case d.Relation == models.RelationLead:
		w.lead = d.Other.Case
	case w.lead == d.Other.Case:
		w.lead = ""
	}
}

func (w *watch) escalate(d models.Escalated) {
	for _, role := range d.Roles {
		if w.stamping { // it went to nobody
			break
		}
		if slices.Index(models.EscalationChain(), role) > slices.Index(models.EscalationChain(), w.highest) {
			w.highest = role
		}
	}
	r := w.run(d.Run)
	if r == nil {
		return
	}
	w.alerted = w.alerted || d.Rung == models.RungAtOnce
	r.reached = max(r.reached, d.Rung+1)
	r.told = r.told || d.Rung == models.RungLimit
	r.owes = r.owes && !r.told
	w.drop(d.Follows)
	if !d.Superseded {
		w.waiting = append(w.waiting, waiting{key: d.Alert, run: r, bound: d.Bound, rung: d.Rung, repeat: d.Repeat, ackBy: d.AckBy})
	}
}

// moveAlert keeps until when an alert must be acknowledged now.
func (w *watch) moveAlert(key string, ackBy time.Time) {
	for i := range w.waiting {
		if w.waiting[i].key == key {
			w.waiting[i].ackBy = ackBy
		}
	}
}

func (w *watch) drop(key string) {
	w.waiting = slices.DeleteFunc(w.waiting, func(a waiting) bool { return a.key == key })
}

func (w *watch) run(key string) *run {
	for _, r := range w.runs {
		if r.key == key {
			return r
		}
	}
	return nil
}

// alertRows: the rows are those of the alerts that went out, each as it stands now.
func alertRows(f *file) []string {
	var found complaints
	want := map[string]models.Alert{}
	for _, a := range f.should.Alerts {
		want[a.Key] = a
	}
	for _, c := range f.should.Changed {
		a := want[c.Key]
		c.Apply(&a)
		want[c.Key] = a
	}
	for _, s := range f.should.Settled {
		a := want[s.Key]
		a.AcknowledgedAt, a.AcknowledgedBy, a.EndedAt = s.AcknowledgedAt, s.AcknowledgedBy, s.EndedAt
		want[s.Key] = a
	}
	for _, have := range f.Alerts {
		a, known := want[have.Key]
		if !known {
			found.say("alert %s has a row and never went out", have.Key)
			continue
		}
		delete(want, have.Key)
		for _, column := range differ(a, have) {
			found.say("alert %s: column %s is not what the events say", have.Key, column)
		}
	}
	for key := range want {
		found.say("alert %s went out and has no row", key)
	}
	slices.Sort(found)
	return found
}
