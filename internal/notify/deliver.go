package notify

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"recourse/models"
)

// Templates whose values depend on more than the event that causes them. The names are the kernel's.
const (
	templateReply    = "reply"
	templateSolution = "solution"
	templateResult   = "result"
	templateSurvey   = "survey"
	templateCallback = "callback"
	templateProgress = "progress"
	templateInterim  = "interim"
	templateReminder = "survey_reminder"
	templateRefusal  = "not_accepted"
	templateAlert    = "alert"
)

// deliver sends a message its way and says what came of it; nil when it was put into other hands.
func (d *Dispatcher) deliver(ctx context.Context, m models.Message) end {
	if m.CaseID == "" {
		return d.toSubscriber(ctx, m)
	}
	row, err := d.o.Outbox.Case(ctx, m.CaseID)
	if err != nil {
		return again{err: err}
	}
	if m.Template == templateAlert {
		why, err := d.outlived(ctx, m)
		if err != nil {
			return again{err: err}
		}
		if why != "" {
			return skipped{why}
		}
	}
	switch {
	case m.Endpoint != "":
		return d.toEndpoint(ctx, m, row)
	case m.Template == models.TemplateEvent:
		return d.toWebhooks(ctx, m, row)
	case m.Person != "":
		return d.toPerson(ctx, m, row)
	case len(m.Roles) > 0 || m.Department != "":
		return d.handOn(ctx, m, row)
	case m.Channel == models.MessageEmail:
		return d.mailCustomer(ctx, m, row)
	default:
		return d.post(ctx, m, row)
	}
}

func (d *Dispatcher) handOn(ctx context.Context, m models.Message, row models.Case) end {
	if err := d.distribute(ctx, m, row); err != nil {
		return again{err: err}
	}
	return nil
}

// toPerson puts a message into somebody's inbox, with a mail beside it where there is an address, or
// sends that mail. What was for somebody who is gone, or may not see the case any more, goes to who
// leads the department.
func (d *Dispatcher) toPerson(ctx context.Context, m models.Message, row models.Case) end {
	p, is, err := d.present(ctx, m.Person)
	switch {
	case err != nil:
		return again{err: err}
	case (!is || !sees(p, row)) && m.Channel == models.MessageEmail:
		return skipped{"the person is no longer here, or may not see the case"}
	case !is || !sees(p, row):
		return d.handOn(ctx, m, row)
	}
	to := mailbox{address: p.Email, lang: d.language(p), sample: p.Sample}
	if m.Channel == models.MessageEmail {
		return d.mail(ctx, m, row, to)
	}
	copies, err := d.forStandIns(ctx, m, row, p)
	if err != nil {
		return again{err: err}
	}
	ways, err := d.ways(ctx, m)
	if err != nil {
		return again{err: err}
	}
	calls, err := d.calls(ctx, m, row, p, ways)
	if err != nil {
		return again{err: err}
	}
	copies = append(copies, calls...)
	if d.whyNoMail(to) == "" && models.By(ways, models.WayEmail) {
		copies = append(copies, d.copyFor(m, row, p, models.MessageEmail))
	}
	if len(copies) > 0 {
		if err := d.o.Outbox.PutMessages(ctx, copies); err != nil {
			return again{err: err}
		}
	}
	_, _, end := d.prepare(ctx, m, row, to.lang)
	return end
}

// post leaves words on the customer's status page: they are there once they are on record.
func (d *Dispatcher) post(ctx context.Context, m models.Message, row models.Case) end {
	_, _, end := d.prepare(ctx, m, row, m.Language)
	return end
}

func (d *Dispatcher) mailCustomer(ctx context.Context, m models.Message, row models.Case) end {
	gateway, texting, err := d.gateway(ctx, models.MessageSMS, row)
	if err != nil {
		return again{err: err}
	}
	if d.o.Mailer == nil && !texting {
		return d.mail(ctx, m, row, mailbox{}) // nobody needs to open the contact for that
	}
	contact, err := d.o.Contact(ctx, row)
	if err != nil {
		return ended(err)
	}
	if texting && addressOf(contact) == "" && phoneOf(contact) != "" {
		return d.textCustomer(ctx, m, row, gateway)
	}
	return d.mail(ctx, m, row, mailbox{address: addressOf(contact), lang: m.Language, sample: row.Sample})
}

// textCustomer sends a customer without a mail address a short message by SMS instead.
func (d *Dispatcher) textCustomer(ctx context.Context, m models.Message, row models.Case, gateway models.Endpoint) end {
	sms := d.copyTo(m, row, gateway, models.Person{})
	sms.Language = m.Language
	if err := d.o.Outbox.PutMessages(ctx, []models.Message{sms}); err != nil {
		return again{err: err}
	}
	return skipped{"no mail address is known; it goes by SMS"}
}

// addressOf is where mail to the customer goes: to them, or to whoever acts for them.
func addressOf(c models.Contact) string {
	if c.Email == "" && c.Second != nil && c.Second.ActsFor {
		return c.Second.Email
	}
	return c.Email
}

// A mailbox is where a mail goes.
type mailbox struct {
	address string
	lang    models.Language
	sample  bool
}

func (d *Dispatcher) whyNoMail(to mailbox) string {
	switch {
	case d.o.Mailer == nil:
		return "no mail server is configured"
	case to.sample:
		return "samples get no mail" // their addresses may be somebody's
	case to.address == "":
		return "no mail address is known"
	}
	return ""
}

func (d *Dispatcher) mail(ctx context.Context, m models.Message, row models.Case, to mailbox) end {
	if why := d.whyNoMail(to); why != "" {
		return skipped{why}
	}
	subject, body, ready := d.prepare(ctx, m, row, to.lang)
	if _, is := ready.(sent); !is {
		return ready
	}
	err := d.o.Mailer.Send(ctx, Mail{
		ID: m.ID, To: to.address, Subject: subject, Body: body, Language: to.lang, At: m.CreatedAt,
	})
	if u, is := errors.AsType[*Undelivered](err); is && u.Final {
		return failed{u.Error()}
	}
	if err != nil {
		return again{err: err}
	}
	return ready
}

// prepare writes a message and seals it before it leaves, so that whoever was erased gets none. What
// it returns is how the message ends once it left, or why it must not leave. For one of us the case
// goes on when its customer was erased, only the words are not kept.
func (d *Dispatcher) prepare(ctx context.Context, m models.Message, row models.Case, lang models.Language) (subject, body string, _ end) {
	subject, body, err := d.write(ctx, m, row, lang)
	if err != nil {
		return "", "", ended(err)
	}
	keyID := m.KeyID
	if keyID == "" {
		keyID = row.KeyID
	}
	sealed, err := d.o.Seal(ctx, keyID, m.ID, Whole(subject, body))
	switch {
	case errors.Is(err, ErrErased) && toUs(m):
		return subject, body, sent{}
	case err != nil:
		return "", "", ended(err)
	}
	return subject, body, sent{keyID: keyID, sealed: sealed}
}

// toUs says whether one of us reads a message, not the customer.
func toUs(m models.Message) bool {
	return m.Person != "" || m.Channel.Robot()
}

// ended says what follows from not being able to write to a customer.
func ended(err error) end {
	if errors.Is(err, ErrErased) {
		return skipped{ErrErased.Error()}
	}
	return again{err: err}
}

// write renders a message for whoever gets it.
func (d *Dispatcher) write(ctx context.Context, m models.Message, row models.Case, lang models.Language) (subject, body string, err error) {
	o := occasion{company: d.o.Company, token: d.o.LinkToken, row: row, lang: lang, zone: d.o.Company.Zone, told: m.CreatedAt}
	if !toUs(m) {
		o.zone = d.zoneOf(row)
	}
	if o.events, err = d.events(ctx, m); err != nil {
		return "", "", err
	}
	if ref, is, needed := o.quoted(m.Template); needed {
		if !is {
			return "", "", fmt.Errorf("event %d of case %s has no text to send", m.Seq, m.CaseID)
		}
		if o.text, err = d.o.Words(ctx, row, ref); err != nil {
			return "", "", err
		}
	}
	v, onRecord := o.values(), true
	switch m.Template {
	case templateSurvey, templateReminder:
		onRecord = o.addSurvey(&v)
	case templateCallback:
		onRecord = o.addCallback(&v)
	}
	if m.Person != "" && m.Channel != models.MessageInbox { // who reads it in the product is signed in
		if v.AckURL, err = d.ackURL(ctx, m, o); err != nil {
			return "", "", err
		}
	}
	if !onRecord { // a workflow may be ahead of a record that was away
		return "", "", fmt.Errorf("what %s of case %s is about is not on record yet", m.Template, m.CaseID)
	}
	return d.render(ctx, m, lang, v)
}

// events returns the events up to the one that causes a message. The messages of activities name no
// event, or one behind theirs: for them all events count.
func (d *Dispatcher) events(ctx context.Context, m models.Message) ([]models.Event, error) {
	entries, err := d.o.Outbox.Entries(ctx, m.CaseID, 0, 0)
	if err != nil {
		return nil, err
	}
	var events []models.Event
	for _, e := range entries {
		if e.Seq > m.Seq && m.Template != templateSurvey && m.Template != templateCallback {
			break
		}
		event, err := e.Event()
		if err != nil {
			return nil, err
		}
		events = append(events, event)
	}
	return events, nil
}

// quoted is the text that a message repeats: what was said with its event, or for a refusal the reason
// of whoever decided it.
func (o occasion) quoted(template string) (ref models.TextRef, is, needed bool) {
	switch template {
	case templateReply, templateSolution, templateResult, templateProgress, templateInterim:
		ref, is = o.cause().Text("text")
		return ref, is, true
	case templateRefusal:
		for _, e := range slices.Backward(o.events) {
			if e.Kind == models.KindDecided {
				ref, is = e.Text("reason")
				return ref, is, true
			}
		}
	}
	return models.TextRef{}, false, false
}
