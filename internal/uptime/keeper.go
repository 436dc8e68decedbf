package uptime

import (
	"context"
	"log/slog"
	"time"

	"recourse/models"
)

// Every is the time between two heartbeats.
const Every = 15 * time.Second

// Silence is how long a part may be quiet before it counts as down: a heartbeat may be lost, and a
// restart in good order is none.
const Silence = time.Minute

// Record is where heartbeats go.
type Record interface {
	// Beat begins a span, or makes the one of this id longer.
	Beat(ctx context.Context, up models.Uptime) error
}

// Keeper notes on record that a part of the system is up, for as long as it runs.
type Keeper struct {
	Record Record
	Part   models.Part
	Up     func(context.Context) error // says whether the part is up; nil: it is, for it is this process
	NewID  func() string
	Now    func() time.Time
	Logger *slog.Logger

	span models.Uptime // the last one on record
}

// Run beats until ctx ends. What cannot be noted is a silence: whoever cannot reach the record cannot
// put a breach on it either.
func (k *Keeper) Run(ctx context.Context) {
	tick := time.NewTicker(Every)
	defer tick.Stop()
	for {
		if err := k.Beat(ctx); err != nil && ctx.Err() == nil {
			k.Logger.DebugContext(ctx, "no heartbeat", "part", k.Part, "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Beat is one heartbeat: it makes the span under way longer, or begins another one after a silence.
func (k *Keeper) Beat(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, Every)
	defer cancel()
	if k.Up != nil {
		if err := k.Up(ctx); err != nil {
			return err
		}
	}
	now := k.Now().UTC().Truncate(time.Microsecond)
	span := k.span
	if span.ID == "" || now.Sub(span.Until) > Silence || now.Before(span.Until) {
		span = models.Uptime{ID: k.NewID(), Part: k.Part, Since: now}
	}
	span.Until = now
	if err := k.Record.Beat(ctx, span); err != nil {
		return err
	}
	k.span = span
	return nil
}
