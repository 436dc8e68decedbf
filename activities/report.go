package activities

import (
	"context"

	"recourse/models"
	"recourse/workflows/contract"
)

// MakeReport makes the report of the last period that was over at an instant, unless there is one.
func (a *Activities) MakeReport(ctx context.Context, in contract.ReportInput) (contract.ReportResult, error) {
	r, made, err := a.Reporter.Scheduled(ctx, in.Step, in.At)
	if models.CodeOf(err) == models.CodeInvalid { // no retry makes it valid
		return contract.ReportResult{}, contract.Failure(err)
	}
	return contract.ReportResult{ID: r.ID, From: r.FromAt, Until: r.UntilAt, Made: made}, err
}

// TellReport queues the mails about a report, and says how many these are.
func (a *Activities) TellReport(ctx context.Context, id string) (int, error) {
	return a.Reporter.Tell(ctx, id)
}
