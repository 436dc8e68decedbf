package lifecycle

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"recourse/models"
)

// Write turns decided events into everything that goes on record, and returns the case after them.
// Workflow, intake, import and samples all record what this returns.
func Write(c Case, events []models.Event) (Case, models.Recording, error) {
	after, entries, err := Seal(c, events)
	if err != nil {
		return c, models.Recording{}, err
	}
	rec := models.Recording{Entries: entries}
	at := c
	for _, e := range events {
		before := at
		at = Evolve(at, e)
		noteEvent(&rec, at, e)
		noteSettled(&rec, before, at, e)
		if end, is := callEnd(before, at, e); is {
			rec.Calls = append(rec.Calls, end)
		}
	}
	if rec.Case, err = Row(after); err != nil {
		return c, models.Recording{}, err
	}
	rec.FactRows, rec.Untraced = changedFacts(Facts(c), Facts(after)), !after.Traced()
	return after, rec, nil
}

// Merge joins two recordings of one case that follow each other, so that a backlog is one write.
func Merge(a, b models.Recording) models.Recording {
	a.Case = b.Case
	a.Entries = slices.Concat(a.Entries, b.Entries)
	a.Texts, a.Seqs = slices.Concat(a.Texts, b.Texts), slices.Concat(a.Seqs, b.Seqs)
	a.Alerts = slices.Concat(a.Alerts, b.Alerts)
	a.Changed = slices.Concat(a.Changed, b.Changed)
	a.Settled = slices.Concat(a.Settled, b.Settled)
	a.Messages = slices.Concat(a.Messages, b.Messages)
	a.Files = slices.Concat(a.Files, b.Files)
	a.Relayed = slices.Concat(a.Relayed, b.Relayed)
	a.Surveys, a.Calls = slices.Concat(a.Surveys, b.Surveys), slices.Concat(a.Calls, b.Calls)
	a.FactRows, a.Untraced = mergeFacts(a.FactRows, b.FactRows), b.Untraced
	return a
}

// noteEvent adds the rows that an event leaves beside itself; c is the case after it.
func noteEvent(rec *models.Recording, c Case, e models.Event) {
	for _, t := range e.Texts {
		rec.Texts, rec.Seqs = append(rec.Texts, t), append(rec.Seqs, e.Seq)
	}
	rec.Files = append(rec.Files, models.Bindings(e)...)
	noteAlert(rec, c, e)
	if d, answered := e.Data.(models.SurveyAnswered); answered {
		rec.Surveys = append(rec.Surveys, models.Survey{CaseID: e.Case, Cycle: d.SurveyCycle, AnsweredAt: &e.DecidedAt})
	}
	for i, effect := range Effects(c, e) {
		switch effect := effect.(type) {
		case Tell:
			rec.Messages = append(rec.Messages, messageRows(c, e, i, effect)...)
		case Relay:
			rec.Relayed = append(rec.Relayed, relayed(e, effect))
		}
	}
}

// noteAlert adds the alert that an event is, and what it changes about one that waits; c is the case after it.
func noteAlert(rec *models.Recording, c Case, e models.Event) {
	switch d := e.Data.(type) {
	case models.Escalated:
		rec.Alerts = append(rec.Alerts, alertRow(c, e, d))
	case models.Snoozed:
		rec.Changed = append(rec.Changed, models.AlertChange{CaseID: e.Case, Key: d.Alert, AckBy: d.Until, SnoozedBy: e.Actor.ID})
	case models.HandedOver:
		rec.Changed = append(rec.Changed, models.AlertChange{CaseID: e.Case, Key: d.Alert, AckBy: d.AcceptBy, HandedTo: d.Person, HandedBy: e.Actor.ID})
	}
}

// noteSettled adds what became of the alerts that are no longer waiting.
func noteSettled(rec *models.Recording, before, after Case, e models.Event) {
	for _, a := range before.Alerts {
		if slices.ContainsFunc(after.Alerts, func(b Alert) bool { return b.Key == a.Key }) {
			continue
		}
		settled := models.AlertEnd{CaseID: e.Case, Key: a.Key}
		if d, is := e.Data.(models.Acknowledged); is && d.Alert == a.Key {
			settled.AcknowledgedAt, settled.AcknowledgedBy = &e.DecidedAt, e.Actor.ID
		} else {
			settled.EndedAt = &e.DecidedAt
		}
		rec.Settled = append(rec.Settled, settled)
	}
}

// relayed is a command for another case, as the relay brings it there. Its id is derived, so that
// recording it twice is recording it once, and so is deciding it.
func relayed(e models.Event, r Relay) models.Incoming {
	id := models.EventID(e.Case, e.Seq, fmt.Sprintf("relay %s %s", r.Verb, r.To.Case))
	order := struct { // as contract.Order; the plan is the case's own
		Command Command `json:"command"`
	}{Command{ID: id, Verb: r.Verb, Actor: models.System(), Data: r.Data, Texts: r.Texts}}
	command, err := json.Marshal(order)
	if err != nil {
		panic(fmt.Sprintf("a command of our own cannot be written: %v", err)) // a fault of the program, found by every test of it
	}
	return models.Incoming{
		ID: id, CaseID: r.To.Case, Verb: r.Verb, Command: command, State: models.IncomingPending,
		ReceivedAt: e.DecidedAt, NextAt: e.DecidedAt,
	}
}

func alertRow(c Case, e models.Event, d models.Escalated) models.Alert {
	return models.Alert{
		ID: models.AlertID(e.Case, e.Seq, d.Alert), CaseID: e.Case, Key: d.Alert, Seq: e.Seq,
		Clock: d.Clock, Bound: d.Bound, Rung: d.Rung, Repeat: d.Repeat, Roles: d.Roles, Severity: c.Severity,
		Department: c.Department, Assignee: c.Assignee, DueAt: d.DueAt, FiredAt: e.DecidedAt, AckBy: maybe(d.AckBy),
		Superseded: d.Superseded, LateBy: d.LateBy, LateReason: d.LateReason,
	}
}

// messageRows makes the rows of one message: to the customer by post on the status page and by
// e-mail, to one of us by the inbox. Roles and departments are resolved to people by the dispatcher.
func messageRows(c Case, e models.Event, effect int, t Tell) []models.Message {
	from := c.tellFrom(e)
	row := func(ch models.MessageChannel) models.Message {
		cause := fmt.Sprintf("message %d %s %s %s %v %s", effect, t.Template, ch, t.Person, t.Roles, t.Department)
		return models.Message{
			ID: models.EventID(e.Case, e.Seq, cause), CaseID: e.Case, Seq: e.Seq, Template: t.Template, Channel: ch,
			Person: t.Person, Roles: t.Roles, Department: t.Department, Language: c.Opened.Language,
			State: models.MessagePending, CreatedAt: from, NextAt: from, KeyID: c.Opened.KeyID,
		}
	}
	if !t.Customer {
		return []models.Message{row(models.MessageInbox)}
	}
	if c.Opened.Anonymous {
		return []models.Message{row(models.MessagePost)}
	}
	return []models.Message{row(models.MessagePost), row(models.MessageEmail)}
}

// Row projects a case onto the row that lists and figures read.
func Row(c Case) (models.Case, error) {
	snapshot, err := json.Marshal(c)
	if err != nil {
		return models.Case{}, fmt.Errorf("snapshot of %s: %w", c.ID, err)
	}
	row := Columns(c)
	row.Snapshot = snapshot
	return row, nil
}

// Columns is the row of a case without its snapshot.
func Columns(c Case) models.Case {
	o, m := c.Opened, c.Milestones
	row := models.Case{
		ID: c.ID, Number: o.Number, Seq: c.Seq, Hash: c.Head, State: c.State, Severity: c.Severity, Nature: c.Nature,
		Attribution: c.Attribution, Cause: c.Cause, Outcome: c.Outcome, Channel: o.Channel, Category: c.Category,
		Region: o.Region, Product: o.Product, Model: o.Model, Language: o.Language, Zone: o.Zone,
		CustomerID: o.CustomerID, KeyID: o.KeyID, Department: c.Department, Supervising: c.Supervising,
		Assignee: c.Assignee, RecordedBy: c.RecordedBy, Anonymous: o.Anonymous, Confidential: o.Confidential,
		MysteryShopper: o.MysteryShopper, Sample: o.Sample, Source: c.Source, Reference: c.Reference, Policy: c.Policy(), Cycle: c.Cycle, Reworks: c.Reworks,
		Ending: c.Ending, Returns: c.Returns, Transfers: c.Transfers, Urges: c.Urges, Problem: c.Problem,
		PauseReason: c.Pause.Reason, Interim: c.Interim, Tasks: c.taskDepartments(), Circle: c.Circle, Named: c.Named, Asks: c.deciders(),
		Breached: c.EverLate, Escalated: c.EverAlert, CloseReason: c.CloseReason, NextDue: maybe(nextBound(c)),
		ReceivedAt: o.ReceivedAt, RecordedAt: c.RecordedAt, FirstReplyAt: maybe(m.FirstReplyAt),
		FirstDispatchedAt: maybe(m.FirstDispatchAt), FirstAcceptedAt: maybe(m.FirstAcceptAt),
		FirstSolutionAt: maybe(m.FirstSolutionAt), FirstResolvedAt: maybe(m.FirstResolvedAt),
		ResolvedAt: maybe(m.ResolvedAt), ResultToldAt: maybe(m.ResultToldAt), ClosedAt: maybe(m.ClosedAt),
		ArchivedAt: maybe(m.ArchivedAt), Offered: len(c.Surveys), Answered: len(c.Answers),
		UpdatedAt: c.LastAt,
	}
	if r, is := c.First(models.ClockFirstResponse); is {
		row.ResponseLimitAt, row.ResponseTargetAt = r.Limit, maybe(r.Target)
	}
	if r, is := c.First(models.ClockFeedback); is {
		row.FeedbackLimitAt = r.Limit
	}
	if r, is := c.First(models.ClockHandling); is {
		row.HandlingDueAt = r.Limit
	}
	if lead, is := c.Lead(); is {
		row.GroupLead = lead.Case
	}
	row.MergedInto = c.MergedInto.Case
	if r, is := pressing(c); is {
		_, at := r.FirstBound()
		row.DueClock, row.DueFrom, row.SoonAt, row.DueAt = r.Clock, &r.StartedAt, new(cut(r.StartedAt.Add(at.Sub(r.StartedAt)/4*3))), &at
	}
	row.GivenMinor, row.GivenCurrency = c.given()
	c.took(&row)
	if len(c.Answers) > 0 { // in the order of their coming: one to an earlier cycle may come late
		row.ResultScore = slices.MaxFunc(c.Answers, func(a, b Answer) int { return cmp.Compare(a.Cycle, b.Cycle) }).Result
	}
	return row
}

// deciders are the roles that an open request waits for, each once.
func (c Case) deciders() []string {
	var roles []string
	for _, r := range c.Requests {
		roles = append(roles, string(r.Decider))
	}
	slices.Sort(roles)
	return slices.Compact(roles)
}

// given sums the money given in the currency of the first payment.
func (c Case) given() (minor int64, currency string) {
	for _, m := range c.Given {
		if currency == "" {
			currency = m.Currency
		}
		if m.Currency == currency {
			minor += m.Minor
		}
	}
	return minor, currency
}

// Restore reads a case back from the snapshot of its row. The head hash lies in the row.
func Restore(row models.Case) (Case, error) {
	var c Case
	if err := json.Unmarshal(row.Snapshot, &c); err != nil {
		return Case{}, fmt.Errorf("snapshot of %s: %w", row.ID, err)
	}
	return c, nil
}

// nextBound returns the next instant at which a clock runs past a bound; zero when none will.
func nextBound(c Case) time.Time {
	var next time.Time
	for _, r := range c.Runs {
		if !r.Running() || !r.PausedAt.IsZero() || r.Clock == models.ClockSurvey {
			continue
		}
		if _, at := r.Due(); !at.IsZero() && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return next
}

// pressing is the run whose first bound is the earliest, passed or not, of those that somebody can stop
// now: what a queue is sorted by.
func pressing(c Case) (first Run, is bool) {
	var due time.Time
	for _, r := range c.Runs {
		_, at := r.FirstBound()
		if r.Running() && r.PausedAt.IsZero() && r.Clock != models.ClockSurvey && !at.IsZero() && (!is || at.Before(due)) {
			first, due, is = r, at, true
		}
	}
	return first, is
}

func maybe(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
