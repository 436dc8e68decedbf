package cases

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"recourse/internal/lifecycle"
	"recourse/models"
)

// Sample is a made-up case with a past, for the first look at the product. It is judged by the
// instants at which things happened, which nothing but a sample and an import may be.
type Sample struct {
	ID         string
	New        NewComplaint
	By         models.Actor // who puts it on record
	RecordedAt time.Time
	Acts       []Act
}

// Act is what somebody did to a sample, and when. Where its data names no alert or request, the one
// that waits is meant; an attempt that reached nobody is moved into its half-day.
type Act struct {
	At    time.Time
	Actor models.Actor
	Wish
}

// Settle says what has become of a message of a sample: that message, and more that came of it. The
// case is as it was after the event that caused the message.
type Settle func(lifecycle.Case, models.Message) []models.Message

// PutSample puts a sample on record as it stands at an instant: all of its past in one transaction,
// and the wish to start its workflow from there. Its messages go on record as settle leaves them.
func (s *Service) PutSample(ctx context.Context, sample Sample, until time.Time, settle Settle) error {
	in, err := s.DraftSample(ctx, sample, until, settle)
	if err != nil {
		return err
	}
	return s.Store.AcceptIntake(ctx, in)
}

// DraftSample makes what PutSample puts on record, and gives it a number.
func (s *Service) DraftSample(ctx context.Context, sample Sample, until time.Time, settle Settle) (models.Intake, error) {
	until = until.UTC().Truncate(time.Microsecond)
	n := sample.New
	if err := s.complete(ctx, &n); err != nil {
		return models.Intake{}, err
	}
	n.Opened.Sample = true
	in, key, err := s.customer(ctx, &n.Opened, n.Contact, sample.RecordedAt)
	if err != nil {
		return in, err
	}
	if err := s.number(ctx, &n.Opened, sample.RecordedAt); err != nil {
		return in, err
	}
	words, err := n.words()
	if err != nil {
		return in, err
	}
	opening := Act{At: sample.RecordedAt, Actor: sample.By, Wish: Wish{Verb: models.VerbOpen, Data: n.Opened, Words: words}}
	p := past{s: s, key: key, zone: n.Opened.Zone, c: lifecycle.Case{ID: sample.ID}}
	if err := p.live(ctx, append([]Act{opening}, sample.Acts...), until); err != nil {
		return in, err
	}
	rec, err := p.recording(settle)
	if err != nil {
		return in, err
	}
	in.Recording, in.Texts = rec, p.texts
	in.Terms = s.factTerms(in.Recording.Case)
	in.Links = []models.Link{s.statusLink(sample.ID, sample.RecordedAt)}
	in.Start = models.StartIntent{CaseID: sample.ID, Severity: rec.Case.Severity, CreatedAt: until, NextAt: until}
	if !rec.Case.State.Live() {
		in.Start.StartedAt = &until // nothing to start: it was all over before
	}
	return in, nil
}

// past is the life of a sample while it is lived again.
type past struct {
	s      *Service
	key    dataKey
	zone   string // of the customer
	c      lifecycle.Case
	events []models.Event
	texts  []models.Text
}

// live lets the acts happen, and everything that comes due between and after them, up to an instant.
// An act that would lie behind it has not happened yet.
func (p *past) live(ctx context.Context, acts []Act, until time.Time) error {
	for _, act := range acts {
		act = p.fillIn(act)
		if act.At.After(until) {
			break
		}
		row, err := lifecycle.Row(p.c)
		if err != nil {
			return err
		}
		if act.Data, err = p.s.completed(ctx, act.Actor, row, act.Data); err != nil {
			return err
		}
		if err := p.play(ctx, act); err != nil {
			return fmt.Errorf("sample %s, %s: %w", p.c.ID, act.Verb, err)
		}
	}
	p.wait(until)
	return nil
}

// recording writes all of it.
func (p *past) recording(settle Settle) (models.Recording, error) {
	_, rec, err := lifecycle.Write(lifecycle.Case{ID: p.c.ID, Plan: p.c.Plan}, p.events)
	if err != nil {
		return rec, err
	}
	var (
		at      lifecycle.Case
		settled []models.Message
	)
	for _, e := range p.events {
		at = lifecycle.Evolve(at, e)
		for _, m := range rec.Messages {
			if m.Seq == e.Seq {
				settled = append(settled, settle(at, m)...)
			}
		}
	}
	rec.Messages = settled
	return rec, nil
}

// intoHalfDay is when in its half-day an attempt is made.
const intoHalfDay = 20 * time.Minute

// noticed is how long after its due instant the engine notices something, while it is up.
const noticed = 40 * time.Millisecond

// wait lets time pass up to an instant: what comes due happens when it is due.
func (p *past) wait(until time.Time) {
	for {
		next, _ := lifecycle.Agenda(p.c)
		if next.IsZero() || !next.Before(until) {
			return
		}
		at := next.Add(noticed)
		if at.After(until) {
			at = until
		}
		after, events := lifecycle.FireDue(p.c, at)
		p.c, p.events = after, append(p.events, events...)
	}
}

// play lets an act happen at its instant.
func (p *past) play(ctx context.Context, act Act) error {
	p.wait(act.At)
	act = p.fillIn(act) // once more: an alert may have gone out meanwhile
	call := Call{Actor: act.Actor, Route: "sample " + p.c.ID, Key: strconv.Itoa(len(p.events))}
	texts, refs, err := p.s.seal(p.key, p.c.ID, call.commandID(), act.Words, act.At)
	if err != nil {
		return err
	}
	cmd := lifecycle.Command{ID: call.commandID(), Verb: act.Verb, Actor: act.Actor, HappenedAt: act.HappenedAt, Data: act.Data, Texts: refs}
	plan, err := p.s.Plans.Plan(ctx, p.c.Plan.Policy, act.At, p.zone)
	if err != nil {
		return err
	}
	events, err := lifecycle.Decide(p.c, cmd, plan, act.At)
	if err != nil {
		return err
	}
	for _, e := range events {
		p.c = lifecycle.Evolve(p.c, e)
	}
	p.c.Plan = plan
	p.events = append(p.events, events...)
	p.bind(texts, events)
	return nil
}

// bind ties texts to the events that name them.
func (p *past) bind(texts []models.Text, events []models.Event) {
	for _, t := range texts {
		i := slices.IndexFunc(events, func(e models.Event) bool {
			named, is := e.Text(t.Name)
			return is && named.Ref == t.Ref
		})
		t.Seq = events[i].Seq
		p.texts = append(p.texts, t)
	}
}

// fillIn names the alert or request that waits, and moves an attempt into its half-day.
func (p *past) fillIn(act Act) Act {
	switch d := act.Data.(type) {
	case models.Acknowledged:
		for _, a := range p.c.Alerts {
			if d.Alert == "" || !a.AckBy.IsZero() {
				d.Alert = a.Key
			}
		}
		act.Data = d
	case models.Decided:
		if d.Request == 0 && len(p.c.Requests) > 0 {
			d.Request = p.c.Requests[0].Seq
		}
		act.Data = d
	case models.CallbackRecorded:
		if from := p.c.Callback.NotBefore; act.At.Before(from) {
			act.At = from.Add(intoHalfDay)
		}
	}
	if act.At.Before(p.c.LastAt) {
		act.At = p.c.LastAt
	}
	return act
}
