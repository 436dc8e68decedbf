package notify

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"recourse/internal/endpoints"
	"recourse/internal/templates"
	"recourse/models"
)

// Outbox is the record, as the dispatcher needs it.
type Outbox interface {
	// DueMessages hands out up to n messages to nobody else until the lease has run out; an attempt
	// counts when it is handed out.
	DueMessages(ctx context.Context, now time.Time, lease time.Duration, n int) ([]models.Message, error)
	// PutMessages adds messages; one whose id is on record stays as it is.
	PutMessages(ctx context.Context, messages []models.Message) error
	// Distribute adds one message for each person and ends the one to their role, all or nothing.
	Distribute(ctx context.Context, id string, at time.Time, copies []models.Message) error
	// MessageSent keeps when a message left, and its words sealed with the key named keyID.
	MessageSent(ctx context.Context, id string, at time.Time, keyID string, body []byte) error
	// MessageRetry says why a message did not leave, and when to try again.
	MessageRetry(ctx context.Context, id string, next time.Time, why string) error
	// MessageFailed gives a message up.
	MessageFailed(ctx context.Context, id, why string) error
	// MessageSkipped says why a message need not be sent.
	MessageSkipped(ctx context.Context, id, why string) error

	// Case returns the row of a case.
	Case(ctx context.Context, id string) (models.Case, error)
	// Entries returns a case's events behind a sequence; a limit of 0 means all.
	Entries(ctx context.Context, caseID string, afterSeq int64, limit int) ([]models.Entry, error)
	// Person returns a person, also a disabled one; CodeNotFound when there is none.
	Person(ctx context.Context, id string) (models.Person, error)
	// Absent returns the ids of everybody who is away at an instant.
	Absent(ctx context.Context, at time.Time) ([]string, error)
	// Roster returns the latest version of a role's roster in a department, or of the whole company's when
	// it is empty; CodeNotFound when there is none.
	Roster(ctx context.Context, role models.Role, department string) (models.Roster, error)
	// Alert returns an alert by id; CodeNotFound when there is none.
	Alert(ctx context.Context, id string) (models.Alert, error)
	// Messages returns the messages of a case in the order of their events.
	Messages(ctx context.Context, caseID string) ([]models.Message, error)
	// PutAlertLink keeps the hash of an alert's link; the same hash a second time changes nothing.
	PutAlertLink(ctx context.Context, link models.AlertLink) error
	// PeopleIn returns the people who have a role: in a department, or in any when it is empty.
	PeopleIn(ctx context.Context, role models.Role, department string) ([]models.Person, error)
	// Templates returns the latest version of every text that the company put in place of the product's.
	Templates(ctx context.Context) ([]models.Template, error)

	// Endpoints returns all endpoints, Endpoint one of them; CodeNotFound when there is none.
	Endpoints(ctx context.Context) ([]models.Endpoint, error)
	Endpoint(ctx context.Context, id string) (models.Endpoint, error)
	// MessageWaits puts a message off until its turn; the attempt was none.
	MessageWaits(ctx context.Context, id string, until time.Time) error
	// PutDelivery keeps an attempt at an endpoint.
	PutDelivery(ctx context.Context, d models.Delivery) error
}

// ErrErased is what the functions of Options return for a customer whose key was erased.
var ErrErased = errors.New("the customer was erased")

// Options are what a dispatcher works with. Mailer, Sender, Count and Delay may be nil.
type Options struct {
	Outbox  Outbox
	Company Company
	Mailer  *Mailer // nil: no mail leaves
	Sender  Sender  // nil: nothing leaves to endpoints

	// Words opens a text that an event names, Contact how a case's customer can be reached. Seal
	// seals the words of a message with the key named keyID. Each may return ErrErased.
	Words   func(ctx context.Context, row models.Case, ref models.TextRef) (string, error)
	Contact func(ctx context.Context, row models.Case) (models.Contact, error)
	Seal    func(ctx context.Context, keyID, messageID, words string) ([]byte, error)
	// About words what is about no case; needed with Mailer.
	About About
	// Access opens how an endpoint is reached; needed with Sender.
	Access func(ctx context.Context, e models.Endpoint) (models.EndpointAccess, error)
	// LinkToken derives the token of a link, LinkHash is what is kept of it.
	LinkToken func(parts ...string) string
	LinkHash  func(token string) string

	Poll        time.Duration
	Concurrency int                            // messages on their way at a time
	Rush        func(ctx context.Context) bool // complaints are coming in faster than they are started: one batch each Poll is enough; nil: never
	Now         func() time.Time
	Log         *slog.Logger
	Count       func(channel models.MessageChannel, outcome models.MessageState) // pending: to be tried again
	// Delay notes how long after its event a message left; nil: nobody asks.
	Delay func(channel models.MessageChannel, alert bool, by time.Duration)
}

// Dispatcher sees recorded messages out. Several may work on one record, in one process or many.
type Dispatcher struct {
	o     Options
	book  *templates.Book
	gates gates
}

// NewDispatcher makes a dispatcher; Run lets it work.
func NewDispatcher(o Options) *Dispatcher {
	o.Concurrency = max(o.Concurrency, 1)
	if o.Rush == nil {
		o.Rush = func(context.Context) bool { return false }
	}
	if o.Count == nil {
		o.Count = func(models.MessageChannel, models.MessageState) {}
	}
	if o.Delay == nil {
		o.Delay = func(models.MessageChannel, bool, time.Duration) {}
	}
	return &Dispatcher{o: o, book: templates.NewBook(o.Outbox, o.Now, o.Log)}
}

// How many messages are claimed per worker, for how long nobody else is handed them, and how long
// one may take: a batch ends well before its lease, and a message before a process must have stopped.
const (
	batch     = 4
	lease     = 2 * time.Minute  // a batch of four takes at most four times patience and farewell
	patience  = 21 * time.Second // twice a mailer's 10 s, and a moment
	farewell  = 3 * time.Second  // to record what came of it
	firstWait = time.Minute
	longest   = 4 * time.Hour
	attempts  = 14 // 1 + 2 + 4 + … + 128 minutes, then 4 hours each: about a day
)

// Run works until ctx ends, and ends when what was under way is on record. It only stops for that.
func (d *Dispatcher) Run(ctx context.Context) {
	failing := false
	for ctx.Err() == nil {
		n, err := d.Once(ctx)
		switch {
		case err != nil && ctx.Err() == nil && !failing: // once, not twice a second while the database is away
			d.o.Log.Warn("messages wait: the record cannot be read", "error", err)
		case err == nil && failing:
			d.o.Log.Info("messages leave again")
		}
		failing = err != nil
		if n == d.o.Concurrency*batch && !d.o.Rush(ctx) {
			continue // there is more
		}
		select {
		case <-ctx.Done():
		case <-time.After(d.o.Poll):
		}
	}
}

// Once sees out what is due now, at most one batch, and says how many messages that were.
func (d *Dispatcher) Once(ctx context.Context) (int, error) {
	due, err := d.o.Outbox.DueMessages(ctx, d.o.Now(), lease, d.o.Concurrency*batch)
	if err != nil {
		return 0, err
	}
	queue := make(chan models.Message, len(due))
	for _, m := range due {
		queue <- m
	}
	close(queue)
	var workers sync.WaitGroup
	for range d.o.Concurrency {
		workers.Go(func() {
			for m := range queue {
				if ctx.Err() == nil { // else its lease runs out and somebody else sends it
					d.see(ctx, m)
				}
			}
		})
	}
	workers.Wait()
	return len(due), nil
}

// see sees one message out and records what came of it. Once begun it is not interrupted: a mail
// that left should be on record as sent.
func (d *Dispatcher) see(ctx context.Context, m models.Message) {
	ctx = context.WithoutCancel(ctx)
	trying, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	end := d.deliver(trying, m)
	if end == nil {
		return // distributed: the copies are messages of their own
	}
	recording, cancel := context.WithTimeout(ctx, farewell)
	defer cancel()
	outcome, err := end.record(recording, d, m)
	if err != nil { // it stays claimed and comes again when its lease has run out
		d.o.Log.Warn("what came of a message is not on record", "message", m.ID, "error", err)
		return
	}
	if _, is := end.(waits); is {
		return // nothing became of it yet
	}
	d.o.Count(m.Channel, outcome)
	if outcome == models.MessageSent {
		d.o.Delay(m.Channel, m.Template == templateAlert, d.o.Now().Sub(m.CreatedAt))
	}
}

// An end is what came of trying to send a message.
type end interface {
	record(ctx context.Context, d *Dispatcher, m models.Message) (models.MessageState, error)
}

type (
	sent struct { // left, with these words
		keyID  string
		sealed []byte
	}
	skipped struct{ why string } // need not leave
	failed  struct{ why string } // cannot ever leave
	again   struct {             // did not leave this time
		err   error
		least time.Duration // until the next attempt
	}
	waits struct{ until time.Time } // was not tried: it is not its turn
)

func (w waits) record(ctx context.Context, d *Dispatcher, m models.Message) (models.MessageState, error) {
	return models.MessagePending, d.o.Outbox.MessageWaits(ctx, m.ID, w.until)
}

func (s sent) record(ctx context.Context, d *Dispatcher, m models.Message) (models.MessageState, error) {
	return models.MessageSent, d.o.Outbox.MessageSent(ctx, m.ID, d.o.Now(), s.keyID, s.sealed)
}

func (s skipped) record(ctx context.Context, d *Dispatcher, m models.Message) (models.MessageState, error) {
	return models.MessageSkipped, d.o.Outbox.MessageSkipped(ctx, m.ID, s.why)
}

func (f failed) record(ctx context.Context, d *Dispatcher, m models.Message) (models.MessageState, error) {
	d.o.Log.Error("a message is given up", "message", m.ID, "template", m.Template, "channel", m.Channel,
		"attempts", m.Attempts, "reason", f.why)
	return models.MessageFailed, d.o.Outbox.MessageFailed(ctx, m.ID, f.why)
}

func (a again) record(ctx context.Context, d *Dispatcher, m models.Message) (models.MessageState, error) {
	why := "it could not be prepared; the log knows more"
	if u, is := errors.AsType[*Undelivered](a.err); is {
		why = u.Error()
	} else if r := refusedBy(a.err); r != nil {
		why = r.Error()
	} else {
		d.o.Log.Warn("a message cannot be prepared", "message", m.ID, "template", m.Template, "error", a.err)
	}
	if m.Attempts >= attempts {
		return failed{why}.record(ctx, d, m)
	}
	return models.MessagePending, d.o.Outbox.MessageRetry(ctx, m.ID, d.o.Now().Add(max(backoff(m.Attempts), a.least)), why)
}

// refusedBy is what an endpoint said; nil when the error is no answer of one.
func refusedBy(err error) *endpoints.Refused {
	r, _ := errors.AsType[*endpoints.Refused](err)
	return r
}

// backoff is the wait after so many attempts; a tenth of it is chance, so that what failed together
// does not come again together.
func backoff(attempt int) time.Duration {
	wait := longest
	if attempt < 9 {
		wait = firstWait << max(attempt-1, 0)
	}
	return wait + rand.N(wait/10) //nolint:gosec // chance, not a secret
}
