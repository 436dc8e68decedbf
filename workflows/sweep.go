package workflows

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"recourse/workflows/contract"
)

// Sweep compares the record with the running workflows once: open cases whose workflow is closed or
// missing are started again, running workflows without an open case are reported.
func Sweep(ctx workflow.Context) (contract.SweepResult, error) {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:           contract.QueueJobs,
		StartToCloseTimeout: 10 * time.Minute,
		HeartbeatTimeout:    30 * time.Second,
		RetryPolicy:         &temporal.RetryPolicy{MaximumAttempts: 3},
		Summary:             "compare the record with the running workflows",
	})
	var result contract.SweepResult
	err := workflow.ExecuteActivity(ctx, contract.ActivitySweep).Get(ctx, &result)
	return result, err
}
