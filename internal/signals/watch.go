package signals

import (
	"context"
	"fmt"
	"time"

	"recourse/internal/kpi"
	"recourse/models"
)

// Record is where signals are kept; internal/store has it.
type Record interface {
	PutSignals(ctx context.Context, signals []models.Signal) error
	Signals(ctx context.Context, q models.SignalQuery) (page []models.Signal, next string, err error)
	SubscribersOf(ctx context.Context, topic models.Topic) ([]models.Person, error)
	PutMessages(ctx context.Context, messages []models.Message) error
}

// Template is the template of a mail about signals. It is about the instant at which these were seen first.
const Template = "signals"

// Watch looks for signals and puts them on record.
type Watch struct {
	Table  func(ctx context.Context) (*kpi.Table, error)
	Record Record
	Zone   *time.Location // the company's
}

// Look puts on record what can be seen at an instant, and returns what nobody had seen before it, the newest
// periods first and without their evidence. Looking twice at the same instant returns the same.
func (w Watch) Look(ctx context.Context, at time.Time) ([]models.Signal, error) {
	at = at.UTC().Truncate(time.Microsecond)
	table, err := w.Table(ctx)
	if err != nil {
		return nil, err
	}
	found, err := Find(table, at, w.Zone)
	if err != nil {
		return nil, fmt.Errorf("look for signals: %w", err)
	}
	if err := w.Record.PutSignals(ctx, found); err != nil {
		return nil, err
	}
	return w.SeenAt(ctx, at)
}

// Tell queues a mail about what was seen first at an instant to everybody who subscribed and may see it, and says
// to how many. Done again, it queues none twice; where nothing was seen, none.
func (w Watch) Tell(ctx context.Context, at time.Time) (int, error) {
	at = at.UTC().Truncate(time.Microsecond)
	seen, _, err := w.Record.Signals(ctx, models.SignalQuery{DetectedAt: at, Limit: 1})
	if err != nil || len(seen) == 0 {
		return 0, err
	}
	people, err := w.Record.SubscribersOf(ctx, models.TopicSignal)
	if err != nil {
		return 0, err
	}
	var mails []models.Message
	for _, p := range people {
		if models.SeesCompany(p.Actor()) {
			mails = append(mails, mailAbout(at, p))
		}
	}
	if len(mails) == 0 {
		return 0, nil
	}
	return len(mails), w.Record.PutMessages(ctx, mails)
}

// mailAbout is the mail to a person about what was seen first at an instant.
func mailAbout(at time.Time, p models.Person) models.Message {
	about := at.Format(time.RFC3339Nano)
	return models.Message{
		ID: models.EventID(Template, 0, about+"\n"+p.ID), About: about, Template: Template, Channel: models.MessageEmail, Person: p.ID, Language: p.Language,
		State: models.MessagePending, CreatedAt: at, NextAt: at,
	}
}

// Told returns what a mail is about. CodeForbidden: the person may not see it any more.
func (w Watch) Told(ctx context.Context, m models.Message, to models.Person) ([]models.Signal, error) {
	if !models.SeesCompany(to.Actor()) {
		return nil, models.Refuse(models.CodeForbidden, "signals are of the whole company, for people who see all its cases")
	}
	at, err := time.Parse(time.RFC3339Nano, m.About)
	if err != nil {
		return nil, fmt.Errorf("message %s: %w", m.ID, err)
	}
	return w.SeenAt(ctx, at)
}

// SeenAt returns what was seen first at an instant.
func (w Watch) SeenAt(ctx context.Context, at time.Time) (all []models.Signal, err error) {
	q := models.SignalQuery{DetectedAt: at, Limit: 200}
	for {
		page, next, err := w.Record.Signals(ctx, q)
		if err != nil {
			return nil, err
		}
		all = append(all, page...)
		if next == "" {
			return all, nil
		}
		q.Cursor = next
	}
}
