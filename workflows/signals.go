package workflows

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"recourse/workflows/contract"
)

// Signals looks for signals once, as of the instant for which it was scheduled, and tells those who want to be
// told. Run for the same instant again it finds and tells nothing twice.
func Signals(ctx workflow.Context) (contract.SignalsResult, error) {
	in := contract.SignalsInput{At: scheduledFor(ctx)}
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:           contract.QueueJobs,
		StartToCloseTimeout: 10 * time.Minute, // a million cases are read first, if nobody has asked for a figure yet
		RetryPolicy:         &temporal.RetryPolicy{InitialInterval: time.Second, MaximumInterval: 5 * time.Minute},
		Summary:             "look for complaints that rise",
	})
	result := contract.SignalsResult{At: in.At}
	err := workflow.ExecuteActivity(ctx, contract.ActivitySignals, in).Get(ctx, &result)
	return result, err
}

// scheduledAt is the search attribute in which Temporal keeps for when a schedule meant a run.
var scheduledAt = temporal.NewSearchAttributeKeyTime("TemporalScheduledStartTime")

// scheduledFor is the instant for which a run was scheduled, however late it is; of one by hand, its start.
func scheduledFor(ctx workflow.Context) time.Time {
	if at, is := workflow.GetTypedSearchAttributes(ctx).GetTime(scheduledAt); is {
		return at.UTC()
	}
	return workflow.GetInfo(ctx).WorkflowStartTime.UTC()
}
