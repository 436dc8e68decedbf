package activities

import (
	"context"

	"recourse/workflows/contract"
)

// Signals puts on record what rises, as of an instant.
func (a *Activities) Signals(ctx context.Context, in contract.SignalsInput) (contract.SignalsResult, error) {
	found, err := a.Watcher.Look(ctx, in.At)
	return contract.SignalsResult{At: in.At, New: len(found)}, err
}

// TellSignals queues the mails about what was seen first at an instant, and says how many these are.
func (a *Activities) TellSignals(ctx context.Context, in contract.SignalsInput) (int, error) {
	return a.Watcher.Tell(ctx, in.At)
}
