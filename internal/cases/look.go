package cases

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"recourse/internal/lifecycle"
	"recourse/models"
)

// errNoCase answers for a case that is not there and for one that the actor may not know of: alike,
// so that numbers cannot be tried out.
var errNoCase = models.Refuse(models.CodeNotFound, "there is no such case, or none that you may see")

// visible returns the row of a case that the actor may know of.
func (s *Service) visible(ctx context.Context, a models.Actor, number string) (models.Case, error) {
	if !models.ValidNumber(number) {
		return models.Case{}, errNoCase
	}
	row, err := s.Store.CaseByNumber(ctx, number)
	if models.CodeOf(err) == models.CodeNotFound || err == nil && models.See(a, row.Standing()) == models.SightNone {
		return models.Case{}, errNoCase
	}
	return row, err
}

// Case shows a case as the actor may see it.
func (s *Service) Case(ctx context.Context, a models.Actor, number string) (View, error) {
	return s.view(ctx, a, number, true)
}

// Glance is Case without who the customer is: whoever glances again and again has not read it each time.
func (s *Service) Glance(ctx context.Context, a models.Actor, number string) (View, error) {
	return s.view(ctx, a, number, false)
}

func (s *Service) view(ctx context.Context, a models.Actor, number string, contact bool) (View, error) {
	row, err := s.visible(ctx, a, number)
	if err != nil {
		return View{}, err
	}
	c, err := lifecycle.Restore(row)
	if err != nil {
		return View{}, err
	}
	v := View{Case: row, Sight: models.Sees(a, row), Possible: possible(a, row.Standing())}
	for _, r := range c.Requests {
		v.Requests = append(v.Requests, RequestView{Seq: r.Seq, What: r.What, Asker: r.Asker, Decider: r.Decider, Asked: r.Asked})
	}
	if err := s.around(ctx, a, c, &v); err != nil || v.Sight == models.SightNoTexts {
		return v, err
	}
	return v, s.fill(ctx, a, &v, contact)
}

// around adds what holds the case up and what belongs to it.
func (s *Service) around(ctx context.Context, a models.Actor, c lifecycle.Case, v *View) error {
	v.PausedUntil, v.Given = c.Pause.Until, c.Given
	v.ProposedBy, v.LeadsGroup = c.Proposal.By, len(c.Members()) > 0
	if c.Callback.Open && c.State == models.StateFollowingUp {
		v.Call = &CallView{Attempt: c.Callback.Attempt, NotBefore: c.Callback.NotBefore, Until: c.Callback.Until}
	}
	if r, is := c.Latest(models.ClockReport); is && r.Running() {
		v.ReportDue = r.Limit
	}
	for _, a := range c.Alerts {
		v.Waiting = append(v.Waiting, AlertWaiting{Key: a.Key, Run: a.Run, Roles: a.Roles, AckBy: a.AckBy})
	}
	for _, t := range c.Tasks {
		r, _ := c.Run(lifecycle.RunKey(c.Cycle, models.ClockTask, t.Seq))
		v.Tasks = append(v.Tasks, TaskView{Seq: t.Seq, Department: t.Department, Due: r.Limit})
	}
	for _, l := range c.Links {
		seen, err := s.otherSeen(ctx, a, l.Other.Case)
		if err != nil {
			return err
		}
		if seen {
			v.Links = append(v.Links, l)
		}
	}
	return nil
}

// fill adds the words of a case to its view, with contact data if asked for.
func (s *Service) fill(ctx context.Context, a models.Actor, v *View, contact bool) error {
	events, err := s.events(ctx, v.Case.ID)
	if err != nil {
		return err
	}
	words, err := s.read(ctx, v.Case)
	if err != nil {
		return err
	}
	v.Erased = words.erased
	for _, e := range events {
		switch e.Kind { //nolint:exhaustive // the others bring no words to this view
		case models.KindOpened, models.KindAdopted:
			v.Text, v.Particulars = words.of(e, models.TextText), words.particulars(e)
		case models.KindAmended:
			v.Text = cmp.Or(words.of(e, models.TextText), v.Text)
		case models.KindProposed:
			v.Solution = words.of(e, models.TextSolution)
		case models.KindResolved:
			v.Result = words.of(e, models.TextResult)
		}
	}
	if !contact {
		return nil
	}
	if v.Contact, err = s.contactFor(ctx, a, v.Case, words.contactNow(), models.ReadCase); err != nil {
		return err
	}
	v.Corrections = words.corrections(events, v.Sight)
	if len(v.Corrections) > 0 && v.Sight == models.SightFull {
		v.Namesakes, err = s.namesakes(ctx, a, v.Case, *v.Contact)
	}
	return err
}

// entriesPage is how many entries are read at a time.
const entriesPage = 500

// events reads all events of a case.
func (s *Service) events(ctx context.Context, caseID string) ([]models.Event, error) {
	var events []models.Event
	err := s.entries(ctx, caseID, func(_ models.Entry, e models.Event) { events = append(events, e) })
	return events, err
}

func (s *Service) entries(ctx context.Context, caseID string, visit func(models.Entry, models.Event)) error {
	for after := int64(0); ; {
		page, err := s.Store.Entries(ctx, caseID, after, entriesPage)
		if err != nil {
			return err
		}
		for _, entry := range page {
			e, err := entry.Event()
			if err != nil {
				return fmt.Errorf("entry %s/%d: %w", caseID, entry.Seq, err)
			}
			visit(entry, e)
			after = entry.Seq
		}
		if len(page) < entriesPage {
			return nil
		}
	}
}

// List shows the cases that the actor may see, newest first unless another order is asked for. With
// words to find, a page may be shorter than asked for although there is a next one.
func (s *Service) List(ctx context.Context, a models.Actor, q Query) (Page[models.Case], error) {
	if q.Departments != nil && (len(q.Departments) == 0 || q.Department != "" && !slices.Contains(q.Departments, q.Department)) {
		return Page[models.Case]{}, nil // of none
	}
	query := s.asked(a, q)
	if q.Q == "" {
		rows, next, err := s.Store.Cases(ctx, query)
		return Page[models.Case]{Items: rows, Next: next}, err
	}
	f, err := s.finder(a, q.Q, "/q", inFacts, inText, inContact)
	if err != nil {
		return Page[models.Case]{}, err
	}
	query.Find = f.ways
	hits, next, err := s.seek(ctx, f, query)
	page := Page[models.Case]{Next: next}
	for _, h := range hits {
		page.Items = append(page.Items, h.Case)
	}
	return page, err
}

// asked is what is asked of the record, and never more than the actor may see.
func (s *Service) asked(a models.Actor, q Query) models.CaseQuery {
	query := models.CaseQuery{
		Visible: models.VisibleTo(a), States: q.States, Severities: q.Severities, Natures: q.Natures, Channels: q.Channels,
		Breached: q.Breached, Sample: q.Sample, Number: q.Number, Exactly: q.Exactly, Cursor: q.Cursor, Limit: q.Limit, Order: q.Order,
		Departments: q.Departments, Assignees: some(q.Assignee), Categories: some(q.Category),
		ReceivedFrom: maybe(q.ReceivedFrom), ReceivedUntil: maybe(q.ReceivedTo), Open: q.Open, Paused: q.Paused,
	}
	if q.Department != "" {
		query.Departments = some(q.Department)
	}
	if q.Mine {
		query.Concerns = a.ID
	}
	now := s.now()
	if q.Late {
		query.LateAt = &now
	}
	if q.Soon {
		query.SoonAt = &now
	}
	return query
}

func some(v string) []string {
	if v == "" {
		return nil
	}
	return []string{v}
}

func maybe(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// WorkOrder shows what the handling department works by: the latest dispatch.
func (s *Service) WorkOrder(ctx context.Context, a models.Actor, number string) (WorkOrder, error) {
	row, err := s.visible(ctx, a, number)
	if err != nil {
		return WorkOrder{}, err
	}
	events, err := s.events(ctx, row.ID)
	if err != nil {
		return WorkOrder{}, err
	}
	order := WorkOrder{Case: row}
	sight := models.Sees(a, row)
	words := opened{}
	if sight != models.SightNoTexts {
		if words, err = s.read(ctx, row); err != nil {
			return WorkOrder{}, err
		}
	}
	for _, e := range events {
		switch e.Kind { //nolint:exhaustive // a work order is made of these
		case models.KindOpened, models.KindAdopted:
			order.Text = words.of(e, models.TextText)
		case models.KindAmended:
			order.Text = cmp.Or(words.of(e, models.TextText), order.Text)
		case models.KindDispatched:
			order.Event = e
			order.Objective, order.Facts = words.of(e, models.TextObjective), words.of(e, models.TextFacts)
		}
	}
	if order.Event.Seq == 0 {
		return WorkOrder{}, models.Refuse(models.CodeNotFound, "the case was not dispatched yet: there is no work order")
	}
	order.Contact, err = s.contactFor(ctx, a, row, words.contactNow(), models.ReadWorkOrder)
	return order, err
}

// Alerts shows the alerts on cases that the actor may see, newest first.
func (s *Service) Alerts(ctx context.Context, a models.Actor, q AlertQuery) (Page[AlertView], error) {
	rows, next, err := s.Store.Alerts(ctx, models.AlertQuery{
		Visible: models.VisibleTo(a), Waiting: q.Open, Cursor: q.Cursor, Limit: q.Limit,
	})
	if err != nil {
		return Page[AlertView]{}, err
	}
	page, numbers := Page[AlertView]{Next: next}, map[string]string{}
	for _, alert := range rows {
		number, err := s.numberOf(ctx, alert.CaseID, numbers)
		if err != nil {
			return page, err
		}
		page.Items = append(page.Items, AlertView{Alert: alert, Number: number})
	}
	return page, nil
}

// Inbox shows what was sent to the actor, newest first, in their language, as it was sent. What is
// about a case that they may no longer see is not shown any more.
func (s *Service) Inbox(ctx context.Context, a models.Actor, cursor string, limit int) (Page[Notice], error) {
	rows, next, err := s.Store.Inbox(ctx, a.ID, models.VisibleTo(a), cursor, limit)
	if err != nil {
		return Page[Notice]{}, err
	}
	page, numbers := Page[Notice]{Next: next}, map[string]string{}
	for _, m := range rows {
		number, err := s.numberOf(ctx, m.CaseID, numbers)
		if err != nil {
			return page, err
		}
		sent, err := s.sent(ctx, m)
		if err != nil {
			return page, err
		}
		n := Notice{Message: m, Number: number}
		n.Subject, n.Text, _ = strings.Cut(sent, "\n")
		page.Items = append(page.Items, n)
	}
	return page, nil
}

// numberOf is the number of a case; those known are kept, for a page is often of few cases.
func (s *Service) numberOf(ctx context.Context, id string, known map[string]string) (string, error) {
	if number, is := known[id]; is {
		return number, nil
	}
	row, err := s.Store.Case(ctx, id)
	known[id] = row.Number
	return row.Number, err
}

// sent opens a message as it was sent; empty when it can no longer be read.
func (s *Service) sent(ctx context.Context, m models.Message) (string, error) {
	if len(m.Body) == 0 {
		return "", nil
	}
	key, err := s.Store.Key(ctx, m.KeyID)
	if err != nil || len(key.Wrapped) == 0 {
		return "", err
	}
	words, _, err := s.Vault.OpenText(key.Wrapped, key.ID, m.ID, m.Body)
	if err != nil {
		return "", fmt.Errorf("message %s cannot be read: %w", m.ID, err)
	}
	return words, nil
}
