package cases

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"recourse/internal/lifecycle"
	"recourse/internal/policy"
	"recourse/models"
	"recourse/workflows/contract"
)

// openTries bounds how often an intake is tried again because somebody else put the same customer on
// record, or erased them, at the same moment.
const openTries = 3

// Open puts a complaint on record. When it returns nil, case, first event, texts and the intent to
// start its workflow are committed; the workflow may run already or start later.
func (s *Service) Open(ctx context.Context, call Call, n NewComplaint) (Accepted, error) {
	s.opening.Add(1)
	defer s.opening.Add(-1)
	if err := models.May(call.Actor, models.VerbOpen, models.Standing{}); err != nil {
		return Accepted{}, err
	}
	if err := s.complete(ctx, &n); err != nil {
		return Accepted{}, err
	}
	for try := 1; ; try++ {
		accepted, err := s.open(ctx, call, n)
		taken := errors.Is(err, models.ErrCustomerTaken) || errors.Is(err, models.ErrErased)
		if !taken || try == openTries {
			return accepted, err
		}
	}
}

func (s *Service) open(ctx context.Context, call Call, n NewComplaint) (Accepted, error) {
	accepted, c, err := s.accept(ctx, call, n)
	if errors.Is(err, models.ErrDuplicateKey) {
		return s.acceptedBefore(ctx, call)
	}
	if err != nil {
		return Accepted{}, err
	}
	if s.Starter.Now(ctx, contract.CaseInput{Case: c}) {
		accepted.Orchestration = OrchestrationStarted
	}
	s.Counted(accepted.Orchestration)
	return accepted, nil
}

// accept puts the complaint on record, in its turn: the database does a few at a time fastest, and
// who came first is answered first.
func (s *Service) accept(ctx context.Context, call Call, n NewComplaint) (Accepted, lifecycle.Case, error) {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return Accepted{}, lifecycle.Case{}, ctx.Err()
	}
	in, c, err := s.draft(ctx, call, n)
	if err != nil {
		return Accepted{}, c, err
	}
	accepted := s.accepted(c)
	key := s.key(call)
	key.State, key.Status = models.KeyDone, 201
	if key.Answer, err = json.Marshal(accepted); err != nil {
		return Accepted{}, c, fmt.Errorf("keep answer: %w", err)
	}
	in.Answered = &key
	return accepted, c, s.Store.AcceptIntake(ctx, in)
}

// draft decides the first event and makes everything that goes on record with it.
func (s *Service) draft(ctx context.Context, call Call, n NewComplaint) (models.Intake, lifecycle.Case, error) {
	now, id := s.now(), s.NewID()
	if n.Opened.ReceivedAt.IsZero() {
		n.Opened.ReceivedAt = now
	}
	var err error
	if n.Opened.Files, err = s.filesFor(ctx, call, n.Attachments, 0); err != nil {
		return models.Intake{}, lifecycle.Case{}, err
	}
	in, customer, err := s.customer(ctx, &n.Opened, n.Contact, now)
	if err != nil {
		return in, lifecycle.Case{}, err
	}
	if err := s.number(ctx, &n.Opened, now); err != nil {
		return in, lifecycle.Case{}, err
	}
	words, err := n.words()
	if err != nil {
		return in, lifecycle.Case{}, err
	}
	texts, refs, err := s.seal(customer, id, call.commandID(), words, now)
	if err != nil {
		return in, lifecycle.Case{}, err
	}
	cmd := lifecycle.Command{ID: call.commandID(), Verb: models.VerbOpen, Actor: call.Actor, Data: n.Opened, Texts: refs}
	c := lifecycle.Case{ID: id}
	plan, err := s.Plans.Plan(ctx, "", now, n.Opened.Zone)
	if err != nil {
		return in, lifecycle.Case{}, err
	}
	events, err := lifecycle.Decide(c, cmd, plan, now)
	if err != nil {
		return in, c, err
	}
	c.Plan = plan
	if c, in.Recording, err = lifecycle.Write(c, events); err != nil {
		return in, c, err
	}
	in.Uploader, in.Recording.Files = call.principal(), bindings(events)
	for i := range texts {
		texts[i].Seq = 1
	}
	in.Texts, in.Terms = texts, s.factTerms(in.Recording.Case)
	in.Links = []models.Link{s.statusLink(id, now)}
	in.Start = models.StartIntent{CaseID: id, Severity: c.Severity, CreatedAt: now, NextAt: now.Add(2 * s.StartWait)}
	return in, c, nil
}

// statusLink is the customer's link to the status of a case; its token is derived, not kept.
func (s *Service) statusLink(caseID string, now time.Time) models.Link {
	token := s.Vault.LinkToken(models.StatusLink(caseID)...)
	return models.Link{Hash: s.Hash(token), CaseID: caseID, Kind: models.LinkStatus, CreatedAt: now}
}

// number gives the complaint its number, of the company's year.
func (s *Service) number(ctx context.Context, o *models.Opened, now time.Time) error {
	sequence, err := s.Store.NextSequence(ctx)
	if err != nil {
		return err
	}
	o.Number = models.Number(now.In(s.Zone).Year(), sequence)
	return nil
}

// complete fills in what the complaint leaves open and refuses what it lacks.
func (s *Service) complete(ctx context.Context, n *NewComplaint) error {
	o := &n.Opened
	o.Sample = false // only `recourse dev` makes samples, by another way
	o.Answered = n.Answer != ""
	if o.Language == "" {
		o.Language = s.Language
	}
	if o.Zone == "" {
		o.Zone = s.Zone.String()
	}
	if _, err := policy.Zone(o.Zone); err != nil {
		return models.Invalid("/zone", err.Error())
	}
	if o.Anonymous && n.Contact != (models.Contact{}) {
		return models.Invalid("/contact", "an anonymous complaint has no contact data")
	}
	if !o.Anonymous && !n.Contact.Reachable() {
		return models.Invalid("/contact", "give a phone number, e-mail address, postal address or external id, or mark the complaint as anonymous")
	}
	if o.Concerned != "" {
		d, err := s.Store.Department(ctx, o.Concerned)
		if err := missing(err, d.DisabledAt, "/department_concerned", o.Concerned); err != nil {
			return err
		}
	}
	if err := s.known(ctx, "", o.Category); err != nil {
		return err
	}
	o.Route = s.routeAtIntake(ctx, *o)
	return nil
}

// known refuses a department or category that is not on record.
func (s *Service) known(ctx context.Context, department, category string) error {
	if department != "" {
		d, err := s.Store.Department(ctx, department)
		if err := missing(err, d.DisabledAt, "/department", department); err != nil {
			return err
		}
	}
	if category != "" {
		_, err := s.Store.Category(ctx, category)
		if err := missing(err, nil, "/category", category); err != nil {
			return err
		}
	}
	return nil
}

func missing(err error, disabled *time.Time, field, id string) error {
	if models.CodeOf(err) == models.CodeNotFound || err == nil && disabled != nil {
		return models.Invalid(field, fmt.Sprintf("%q is not on record", id))
	}
	return err
}

// words lists the texts of a complaint by the names under which its first event knows them.
func (n NewComplaint) words() (map[string]string, error) {
	words := map[string]string{
		models.TextText: n.Text, models.TextAnswer: n.Answer, models.TextEvidence: n.ReceiptEvidence,
	}
	if n.Contact != (models.Contact{}) {
		contact, err := json.Marshal(n.Contact)
		if err != nil {
			return nil, fmt.Errorf("write contact: %w", err)
		}
		words[models.TextContact] = string(contact)
	}
	if n.Particulars != (models.Particulars{}) {
		particulars, err := json.Marshal(n.Particulars)
		if err != nil {
			return nil, fmt.Errorf("write particulars: %w", err)
		}
		words[models.TextDetails] = string(particulars)
	}
	return words, nil
}

// accepted is the answer to a new complaint whose workflow does not run yet.
func (s *Service) accepted(c lifecycle.Case) Accepted {
	a := Accepted{
		ID: c.ID, Number: c.Opened.Number, WorkflowID: contract.WorkflowID(c.ID), Orchestration: OrchestrationPending,
		StatusToken: s.Vault.LinkToken(models.StatusLink(c.ID)...), ReceivedAt: c.Opened.ReceivedAt, RecordedAt: c.RecordedAt,
	}
	if r, is := c.First(models.ClockFirstResponse); is {
		a.ResponseDue = r.Limit
		_, a.ResponseBy = r.FirstBound()
	}
	if r, is := c.First(models.ClockFeedback); is {
		a.FeedbackDue = r.Limit
	}
	if r, is := c.First(models.ClockHandling); is {
		a.HandlingDue = r.Limit
	}
	return a
}

// acceptedBefore returns what the same key was answered before.
func (s *Service) acceptedBefore(ctx context.Context, call Call) (Accepted, error) {
	kept, fresh, err := s.Store.Begin(ctx, s.key(call))
	if err != nil {
		return Accepted{}, err
	}
	if fresh { // the other request ended without an answer between our two looks
		return Accepted{}, models.Refuse(models.CodeInFlight, "try again")
	}
	var a Accepted
	if err := json.Unmarshal(kept.Answer, &a); err != nil {
		return Accepted{}, fmt.Errorf("read kept answer: %w", err)
	}
	a.Replayed = true
	a.StatusToken = s.Vault.LinkToken(models.StatusLink(a.ID)...)
	if _, err := s.Store.Start(ctx, a.ID); models.CodeOf(err) == models.CodeNotFound {
		a.Orchestration = OrchestrationStarted
	}
	return a, nil
}
