package workflows

import (
	"fmt"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"recourse/workflows/contract"
)

// adjustRounds is after how many rounds an adjustment goes on in a new history.
const adjustRounds = 200

// failedPause is how long cases that failed are left alone before they are tried again.
const failedPause = 10 * time.Second

// Adjust carries an adjustment out on all its cases, or takes it back. What is done lies on record, so
// a worker that dies costs nothing but time.
func Adjust(ctx workflow.Context, in contract.AdjustInput) error {
	if wait := in.NotBefore.Sub(workflow.Now(ctx)); !in.NotBefore.IsZero() && wait > 0 {
		workflow.SetCurrentDetails(ctx, "waits until "+in.NotBefore.UTC().Format(time.RFC3339))
		if err := workflow.Sleep(ctx, wait); err != nil {
			return err
		}
	}
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:           contract.QueueJobs,
		StartToCloseTimeout: 5 * time.Minute,
		HeartbeatTimeout:    time.Minute,
		RetryPolicy:         &temporal.RetryPolicy{InitialInterval: time.Second, MaximumInterval: time.Minute},
		Summary:             "some more cases",
	})
	for range adjustRounds {
		var so contract.AdjustResult
		if err := workflow.ExecuteActivity(ctx, contract.ActivityAdjust, in).Get(ctx, &so); err != nil {
			return err
		}
		workflow.SetCurrentDetails(ctx, fmt.Sprintf("%d cases done, %d to come, %d of those failed and are tried again", so.Done, so.Left, so.Failed))
		if so.Left == 0 {
			return nil
		}
		if so.Left == so.Failed {
			if err := workflow.Sleep(ctx, failedPause); err != nil {
				return err
			}
		}
	}
	return workflow.NewContinueAsNewError(ctx, contract.WorkflowAdjust, in)
}
