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
	result := contract.SignalsResult{At: in.At}
	if err := workflow.ExecuteActivity(withSignals(ctx, "look for complaints that rise"), contract.ActivitySignals, in).Get(ctx, &result); err != nil || result.New == 0 {
		return result, err
	}
	err := workflow.ExecuteActivity(withSignals(ctx, "mail them to those who want to be told"), contract.ActivityTellSignals, in).Get(ctx, &result.Mails)
	return result, err
}

// withSignals is for what reads all figures first, if nobody has asked for one yet, however long the record is away.
func withSignals(ctx workflow.Context, summary string) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:           contract.QueueJobs,
		StartToCloseTimeout: 10 * time.Minute,
		RetryPolicy:         &temporal.RetryPolicy{InitialInterval: time.Second, MaximumInterval: 5 * time.Minute},
		Summary:             summary,
	})
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
