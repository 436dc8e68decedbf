package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"recourse/internal/lifecycle"
	"recourse/models"
	"recourse/workflows/contract"
)

// Intents is the record of what Temporal still has to be told.
type Intents interface {
	// DueStarts claims up to n start intents that are due, for as long as the lease.
	DueStarts(ctx context.Context, now time.Time, lease time.Duration, n int) ([]models.StartIntent, error)
	// StartDone takes a start intent off the record.
	StartDone(ctx context.Context, caseID string, at time.Time) error
	// StartFailed says when to try again, and why it failed.
	StartFailed(ctx context.Context, caseID string, next time.Time, why string) error
	// PutStart asks for a start; nothing happens when one is asked for already.
	PutStart(ctx context.Context, start models.StartIntent) error
	// Start returns the start intent of a case, CodeNotFound without one.
	Start(ctx context.Context, caseID string) (models.StartIntent, error)
	// Case returns the row of a case.
	Case(ctx context.Context, id string) (models.Case, error)
	// DueIncomings claims up to n customers' answers that are due, for as long as the lease.
	DueIncomings(ctx context.Context, now time.Time, lease time.Duration, n int) ([]models.Incoming, error)
	// IncomingFailed says when to try again.
	IncomingFailed(ctx context.Context, id string, next time.Time) error
	// IncomingRefused says that an answer came too late to be decided, and why.
	IncomingRefused(ctx context.Context, id string, at time.Time, why string) error
}

// RelayConfig tunes the relay.
type RelayConfig struct {
	Poll       time.Duration // between two looks when nothing was due
	Parallel   int           // starts in flight from the queue, when nothing else wants the machine
	Busy       func() bool   // intake wants the machine: one start in flight is enough then, and never fewer; nil: never
	Behind     time.Duration // leaves younger starts to whoever is nearer to the intake
	Inline     int           // starts in flight from inside intake
	InlineWait time.Duration // how long intake waits for its own start
	Now        func() time.Time
	Logger     *slog.Logger
}

// Relay brings to Temporal what is on record: starts of new cases and answers of customers. It
// never gives up; an answer that is on record is passed on when Temporal is back.
type Relay struct {
	RelayConfig

	engine  *Engine
	intents Intents
	inline  chan struct{}
	wake    chan struct{}
}

// NewRelay makes a relay.
func NewRelay(e *Engine, intents Intents, cfg RelayConfig) *Relay {
	return &Relay{
		RelayConfig: cfg, engine: e, intents: intents,
		inline: make(chan struct{}, max(cfg.Inline, 1)), wake: make(chan struct{}, 1),
	}
}

// lease is how long a claimed intent is ours; whoever dies with it is followed by another.
const lease = 30 * time.Second

// Now tries to start a new case from inside its intake and says whether its workflow runs. When two
// are being started already, or Temporal needs longer than the wait, the queue does it.
func (r *Relay) Now(ctx context.Context, in contract.CaseInput) bool {
	if r.Busy != nil && r.Busy() {
		r.Wake()
		return false
	}
	select {
	case r.inline <- struct{}{}:
		defer func() { <-r.inline }()
	default:
		r.Wake()
		return false
	}
	// The caller may hang up; the case is on record and its start is worth finishing.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), r.InlineWait)
	defer cancel()
	if err := r.engine.Start(ctx, in); err != nil {
		r.Wake()
		return false
	}
	if err := r.intents.StartDone(context.WithoutCancel(ctx), in.Case.ID, r.RelayConfig.Now()); err != nil {
		r.Logger.WarnContext(ctx, "a started case stays in the queue; starting it again changes nothing", "case", in.Case.ID, "error", err)
	}
	return true
}

// Wake makes the relay look at once.
func (r *Relay) Wake() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// Run relays until ctx ends.
func (r *Relay) Run(ctx context.Context) {
	for ctx.Err() == nil {
		starts, answers := r.relayStarts(ctx), r.relayAnswers(ctx)
		if starts+answers > 0 {
			continue
		}
		select {
		case <-ctx.Done():
		case <-r.wake:
		case <-time.After(r.Poll):
		}
	}
}

// relayStarts starts what is due and returns how many it started.
func (r *Relay) relayStarts(ctx context.Context) int {
	parallel, n := max(r.Parallel, 1), 0
	if r.Busy != nil && r.Busy() {
		parallel = 1
	}
	due, err := r.intents.DueStarts(ctx, r.RelayConfig.Now().Add(-r.Behind), lease, 4*parallel)
	if err != nil {
		r.Logger.WarnContext(ctx, "starts could not be read", "error", err)
		return 0
	}
	var (
		done  sync.WaitGroup
		slots = make(chan struct{}, parallel)
		mu    sync.Mutex
	)
	for _, intent := range due {
		slots <- struct{}{}
		done.Go(func() {
			defer func() { <-slots }()
			if r.start(ctx, intent) {
				mu.Lock()
				n++
				mu.Unlock()
			}
		})
	}
	done.Wait()
	return n
}

// start starts one case and says whether it did.
func (r *Relay) start(ctx context.Context, intent models.StartIntent) bool {
	err := r.startFromRow(ctx, intent)
	if err == nil {
		err = r.intents.StartDone(ctx, intent.CaseID, r.RelayConfig.Now())
	}
	if err == nil {
		return true
	}
	next := r.RelayConfig.Now().Add(backoff(intent.Attempts))
	if failed := r.intents.StartFailed(context.WithoutCancel(ctx), intent.CaseID, next, err.Error()); failed != nil {
		r.Logger.WarnContext(ctx, "a failed start could not be noted; its lease runs out", "case", intent.CaseID, "error", failed)
	}
	if ctx.Err() == nil {
		r.Logger.WarnContext(ctx, "start failed", "case", intent.CaseID, "attempt", intent.Attempts+1, "error", err)
	}
	return false
}

func (r *Relay) startFromRow(ctx context.Context, intent models.StartIntent) error {
	row, err := r.intents.Case(ctx, intent.CaseID)
	if err != nil {
		return fmt.Errorf("read case: %w", err)
	}
	if !row.State.Live() {
		return nil // archived meanwhile: nothing to run
	}
	c, err := lifecycle.Restore(row)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, commandWithin)
	defer cancel()
	return r.engine.Start(ctx, contract.CaseInput{Case: c, Restart: intent.Restart})
}

// relayAnswers passes customers' answers on and returns how many.
func (r *Relay) relayAnswers(ctx context.Context) int {
	due, err := r.intents.DueIncomings(ctx, r.RelayConfig.Now(), lease, 16)
	if err != nil {
		r.Logger.WarnContext(ctx, "answers could not be read", "error", err)
		return 0
	}
	n := 0
	for _, in := range due {
		if r.pass(ctx, in) {
			n++
		}
	}
	return n
}

// pass passes one answer on. The workflow marks it as decided; until then the lease brings it back,
// and the workflow knows it by its id.
func (r *Relay) pass(ctx context.Context, in models.Incoming) bool {
	order, err := readOrder(in)
	if err == nil {
		ctx, cancel := context.WithTimeout(ctx, commandWithin)
		defer cancel()
		err = r.engine.Pass(ctx, in.CaseID, contract.Answer{ID: in.ID, Order: order})
	}
	if err == nil {
		return true
	}
	if errors.Is(err, contract.ErrNotRunning) {
		if row, lost := r.intents.Case(ctx, in.CaseID); lost == nil && !row.State.Live() {
			refused := r.intents.IncomingRefused(ctx, in.ID, r.RelayConfig.Now(), models.Unlawful(in.Verb, row.State).Error())
			return refused == nil
		}
	}
	next := r.RelayConfig.Now().Add(backoff(in.Attempts))
	r.Logger.WarnContext(ctx, "an answer could not be passed on yet", "answer", in.ID, "attempt", in.Attempts+1, "error", err)
	if failed := r.intents.IncomingFailed(context.WithoutCancel(ctx), in.ID, next); failed != nil {
		r.Logger.WarnContext(ctx, "a failed answer could not be noted; its lease runs out", "answer", in.ID, "error", failed)
	}
	return false
}

// backoff waits longer with each attempt: from half a second to half a minute.
func backoff(attempts int) time.Duration {
	return min(500*time.Millisecond<<min(attempts, 10), 30*time.Second)
}
