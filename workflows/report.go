package workflows

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"recourse/workflows/contract"
)

// Report makes the report of the last period that was over at the instant for which the run was scheduled,
// and mails it to its subscribers. Run for the same instant again it makes and mails nothing twice.
func Report(ctx workflow.Context, in contract.ReportInput) (contract.ReportResult, error) {
	in.At = scheduledFor(ctx)
	var made contract.ReportResult
	if err := workflow.ExecuteActivity(withReports(ctx, "freeze the figures of the period"), contract.ActivityMakeReport, in).Get(ctx, &made); err != nil {
		return made, err
	}
	err := workflow.ExecuteActivity(withReports(ctx, "mail it to its subscribers"), contract.ActivityTellReport, made.ID).Get(ctx, &made.Mails)
	return made, err
}

// withReports is for what reads all figures first, if nobody has asked for one yet, and for the record being away.
func withReports(ctx workflow.Context, summary string) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:           contract.QueueJobs,
		StartToCloseTimeout: 10 * time.Minute,
		RetryPolicy:         &temporal.RetryPolicy{InitialInterval: time.Second, MaximumInterval: 5 * time.Minute},
		Summary:             summary,
	})
}
