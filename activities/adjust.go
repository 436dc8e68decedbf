package activities

import (
	"context"

	"go.temporal.io/sdk/activity"

	"recourse/workflows/contract"
)

// Adjust carries an adjustment out on some more of its cases, or takes it back. What is done is on
// record case by case: running it again goes on where it stopped.
func (a *Activities) Adjust(ctx context.Context, in contract.AdjustInput) (contract.AdjustResult, error) {
	return a.Adjuster.Adjust(ctx, in.ID, in.Undo, func() { activity.RecordHeartbeat(ctx) })
}
