package activities

import (
	"context"

	"go.temporal.io/sdk/activity"

	"recourse/workflows/contract"
)

// Sweep compares the record with the running workflows once.
func (a *Activities) Sweep(ctx context.Context) (contract.SweepResult, error) {
	return a.Sweeper.Sweep(ctx, func(cases int) { activity.RecordHeartbeat(ctx, cases) })
}
