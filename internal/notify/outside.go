package notify

import (
	"context"
	"slices"
	"time"

	"recourse/internal/endpoints"
	"recourse/models"
)

// Sender hands parcels to endpoints. Its errors are *endpoints.Refused and repeat no address and no secret.
type Sender interface {
	Deliver(ctx context.Context, to endpoints.Target, p endpoints.Parcel) (endpoints.Answer, error)
}

// toEndpoint hands a message to its endpoint when it is the endpoint's turn, and keeps what was answered.
func (d *Dispatcher) toEndpoint(ctx context.Context, m models.Message, row models.Case) end {
	if d.o.Sender == nil {
		return skipped{"nothing leaves to endpoints"}
	}
	e, err := d.o.Outbox.Endpoint(ctx, m.Endpoint)
	if err != nil {
		return again{err: err}
	}
	if why := whyNot(e, row); why != "" {
		return skipped{why}
	}
	if until := d.gates.turn(e, m.ID, d.o.Now()); !until.IsZero() {
		return waits{until}
	}
	access, err := d.o.Access(ctx, e)
	if err != nil {
		return again{err: err}
	}
	p, ready := d.parcel(ctx, e, m, row)
	if _, is := ready.(sent); !is {
		return ready
	}
	return d.hand(ctx, e, access, m, p, ready)
}

// whyNot says why a message does not go to an endpoint any more: what was meant for it once may be guarded now.
func whyNot(e models.Endpoint, row models.Case) string {
	switch {
	case !e.Enabled():
		return "the endpoint is disabled"
	case row.Sample:
		return "samples are sent to nobody outside"
	case row.Guarded() && (e.Channel.Robot() || e.Channel == models.MessageWebhook && !e.Confidential):
		return "the case is confidential, or only some may see it"
	}
	return ""
}

// hand hands a parcel over, and notes how that went: on record, and for the endpoint's next messages.
func (d *Dispatcher) hand(ctx context.Context, e models.Endpoint, access models.EndpointAccess, m models.Message, p endpoints.Parcel, ready end) end {
	to := endpoints.Target{Channel: e.Channel, URL: access.URL, Secret: access.Secret}
	at := d.o.Now()
	if e.PreviousUntil != nil && at.Before(*e.PreviousUntil) {
		to.Previous = access.Previous
	}
	answer, err := d.o.Sender.Deliver(ctx, to, p)
	note := models.Delivery{
		MessageID: m.ID, EndpointID: e.ID, Attempt: m.Attempts, At: at.UTC(), Took: answer.Took, Status: answer.Status, Code: answer.Code,
		Answer: answer.Text, Outcome: models.MessageSent,
	}
	if e.Channel.Gateway() {
		note.Answer = "" // gateways like to repeat the number
	}
	result := ready
	if err != nil {
		note.Outcome, result = models.MessagePending, again{err: err, least: waitOf(err)}
		switch {
		case isFinal(err):
			note.Outcome, result = models.MessageFailed, failed{err.Error()}
		case m.Attempts >= attempts:
			note.Outcome = models.MessageFailed
		}
	}
	d.gates.went(e, d.o.Now(), err == nil || isFinal(err), waitOf(err))
	d.note(ctx, note)
	return result
}

// note keeps an attempt; without it the message goes its way all the same.
func (d *Dispatcher) note(ctx context.Context, n models.Delivery) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewell)
	defer cancel()
	if err := d.o.Outbox.PutDelivery(ctx, n); err != nil {
		d.o.Log.Warn("an attempt at an endpoint is not on record", "message", n.MessageID, "endpoint", n.EndpointID, "error", err)
	}
}

// parcel is a message as its endpoint gets it, and how the message ends once it left.
func (d *Dispatcher) parcel(ctx context.Context, e models.Endpoint, m models.Message, row models.Case) (endpoints.Parcel, end) {
	p := endpoints.Parcel{ID: m.ID, At: m.CreatedAt.UTC(), Language: e.Language, Type: string(e.Channel)}
	if m.Template == models.TemplateEvent {
		return d.eventParcel(ctx, e, m, row, p)
	}
	p.URL = d.caseURL(row)
	if e.Channel.Gateway() {
		to, lang, refused := d.phone(ctx, m, row)
		if refused != nil {
			return p, refused
		}
		p.To, p.Language, p.URL = to, lang, ""
	}
	var ready end
	p.Title, p.Text, ready = d.prepare(ctx, m, row, p.Language)
	return p, ready
}

// phone is the number that a message by SMS or voice goes to, and its language.
func (d *Dispatcher) phone(ctx context.Context, m models.Message, row models.Case) (string, models.Language, end) {
	if m.Person == "" {
		contact, err := d.o.Contact(ctx, row)
		if err != nil {
			return "", "", ended(err)
		}
		if number := phoneOf(contact); number != "" {
			return number, m.Language, nil
		}
		return "", "", skipped{"no phone number is known"}
	}
	p, is, err := d.present(ctx, m.Person)
	switch {
	case err != nil:
		return "", "", again{err: err}
	case !is || !sees(p, row):
		return "", "", skipped{"the person is no longer here, or may not see the case"}
	case p.Phone == "":
		return "", "", skipped{"no phone number is known"}
	}
	return p.Phone, d.language(p), nil
}

// phoneOf is where an SMS to the customer goes: to them, or to whoever acts for them.
func phoneOf(c models.Contact) string {
	if c.Phone == "" && c.Second != nil && c.Second.ActsFor {
		return c.Second.Phone
	}
	return c.Phone
}

// robots are the copies of an alert for the group chats that the case is for, one each.
func (d *Dispatcher) robots(ctx context.Context, m models.Message, row models.Case) ([]models.Message, error) {
	if m.Template != templateAlert || m.Person != "" || row.Guarded() || d.o.Sender == nil {
		return nil, nil
	}
	ways, err := d.ways(ctx, m)
	if err != nil || !models.By(ways, models.WayChat) {
		return nil, err
	}
	all, err := d.o.Outbox.Endpoints(ctx)
	var copies []models.Message
	for _, e := range all {
		if e.Channel.Robot() && e.Takes(row) {
			copies = append(copies, d.copyTo(m, row, e, models.Person{}))
		}
	}
	return copies, err
}

// toWebhooks puts an event into the hands of the webhooks that the case is for.
func (d *Dispatcher) toWebhooks(ctx context.Context, m models.Message, row models.Case) end {
	all, err := d.o.Outbox.Endpoints(ctx)
	if err != nil {
		return again{err: err}
	}
	var copies []models.Message
	for _, e := range all {
		if e.Channel == models.MessageWebhook && e.Takes(row) && whyNot(e, row) == "" {
			copies = append(copies, d.copyTo(m, row, e, models.Person{}))
		}
	}
	if len(copies) == 0 || d.o.Sender == nil {
		return skipped{"no webhook is for this case"}
	}
	if err := d.o.Outbox.Distribute(ctx, m.ID, d.o.Now(), copies); err != nil {
		return again{err: err}
	}
	return nil
}

// calls are the copies of an alert to somebody's phone, by the ways that its rung names.
func (d *Dispatcher) calls(ctx context.Context, m models.Message, row models.Case, p models.Person, ways []models.AlertWay) (copies []models.Message, err error) {
	if p.Phone == "" || p.Sample {
		return nil, nil
	}
	for _, by := range phoneWays {
		if !models.By(ways, by.way) {
			continue
		}
		e, is, err := d.gateway(ctx, by.channel, row)
		if err != nil {
			return nil, err
		}
		if is {
			copies = append(copies, d.copyTo(m, row, e, p))
		}
	}
	return copies, nil
}

// phoneWays are the ways to somebody's phone, by their channels.
var phoneWays = []struct {
	way     models.AlertWay
	channel models.MessageChannel
}{{models.WaySMS, models.MessageSMS}, {models.WayVoice, models.MessageVoice}}

// gateway is the one that serves a case: the department's own before the company's.
func (d *Dispatcher) gateway(ctx context.Context, channel models.MessageChannel, row models.Case) (models.Endpoint, bool, error) {
	if d.o.Sender == nil {
		return models.Endpoint{}, false, nil
	}
	all, err := d.o.Outbox.Endpoints(ctx)
	fit := slices.DeleteFunc(all, func(e models.Endpoint) bool { return e.Channel != channel || !e.Takes(row) })
	if err != nil || len(fit) == 0 {
		return models.Endpoint{}, false, err
	}
	own := slices.IndexFunc(fit, func(e models.Endpoint) bool { return e.Department != "" })
	return fit[max(own, 0)], true, nil
}

// ways are those that the rung of an alert names; of anything else none.
func (d *Dispatcher) ways(ctx context.Context, m models.Message) ([]models.AlertWay, error) {
	if m.Template != templateAlert {
		return nil, nil
	}
	entries, err := d.o.Outbox.Entries(ctx, m.CaseID, m.Seq-1, 1)
	if err != nil || len(entries) == 0 {
		return nil, err
	}
	e, err := entries[0].Event()
	alert, _ := e.Data.(models.Escalated)
	return alert.By, err
}

// copyTo is message m to an endpoint, for somebody when it is a gateway.
func (d *Dispatcher) copyTo(m models.Message, row models.Case, e models.Endpoint, p models.Person) models.Message {
	c := d.copyFor(m, row, p, e.Channel)
	c.ID = models.EventID(m.CaseID, m.Seq, "copy "+m.ID+" "+e.ID+" "+p.ID)
	c.Endpoint, c.Department, c.Roles = e.ID, "", nil
	if p.ID == "" {
		c.Language = e.Language
	}
	return c
}

// isFinal says whether an endpoint will never take a message; waitOf how long it wants us to wait at least.
func isFinal(err error) bool {
	r := refusedBy(err)
	return r != nil && r.Final
}

func waitOf(err error) time.Duration {
	if r := refusedBy(err); r != nil {
		return r.Wait
	}
	return 0
}
