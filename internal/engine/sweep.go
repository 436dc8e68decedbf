package engine

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"go.temporal.io/api/workflowservice/v1"

	"recourse/models"
	"recourse/workflows/contract"
)

// Records is what a sweep reads and writes.
type Records interface {
	// OpenCases lists up to n live cases by id, after afterID.
	OpenCases(ctx context.Context, afterID string, n int) ([]models.Case, error)
	// Case returns the row of a case.
	Case(ctx context.Context, id string) (models.Case, error)
	// Start returns the start intent of a case, CodeNotFound without one.
	Start(ctx context.Context, caseID string) (models.StartIntent, error)
	// PutStart asks for a start; nothing happens when one is asked for already.
	PutStart(ctx context.Context, start models.StartIntent) error
}

// sweepPage is how many cases a sweep reads at a time.
const sweepPage = 500

// Sweep compares the record with the running workflows: a live case whose workflow has ended or is
// missing is asked to be started again from its row; a running workflow without a live case is
// reported. progress is called now and then and may be nil.
func (e *Engine) Sweep(ctx context.Context, records Records, progress func(cases int)) (contract.SweepResult, error) {
	running, err := e.running(ctx)
	if err != nil {
		return contract.SweepResult{}, err
	}
	result := contract.SweepResult{At: e.now()}
	for after := ""; ; {
		page, err := records.OpenCases(ctx, after, sweepPage)
		if err != nil {
			return result, fmt.Errorf("read live cases: %w", err)
		}
		for _, row := range page {
			after = row.ID
			result.Cases++
			if _, is := running[row.ID]; is {
				delete(running, row.ID)
				continue
			}
			asked, err := e.askAgain(ctx, records, row)
			if err != nil {
				return result, err
			}
			if asked {
				result.Restarted = append(result.Restarted, row.ID)
			}
		}
		if progress != nil {
			progress(result.Cases)
		}
		if len(page) < sweepPage {
			break
		}
	}
	result.Orphans, err = e.orphans(ctx, records, running)
	return result, err
}

// running lists the ids of the cases whose workflows the visibility index calls running. It lags, so
// it only spares questions: whoever is not in it is asked for by name.
func (e *Engine) running(ctx context.Context) (map[string]struct{}, error) {
	ids := map[string]struct{}{}
	var page []byte
	for {
		list, err := e.client.ListWorkflow(ctx, &workflowservice.ListWorkflowExecutionsRequest{
			PageSize: 1000, NextPageToken: page,
			Query: fmt.Sprintf("WorkflowType = '%s' AND ExecutionStatus = 'Running'", contract.WorkflowComplaint),
		})
		if err != nil {
			return nil, fmt.Errorf("list running workflows: %w", err)
		}
		for _, w := range list.GetExecutions() {
			ids[strings.TrimPrefix(w.GetExecution().GetWorkflowId(), contract.WorkflowID(""))] = struct{}{}
		}
		if page = list.GetNextPageToken(); len(page) == 0 {
			return ids, nil
		}
	}
}

// askAgain asks for a start when the workflow of a live case does not run and nobody asked before.
func (e *Engine) askAgain(ctx context.Context, records Records, row models.Case) (bool, error) {
	status, err := e.Status(ctx, row.ID)
	if err != nil || status == StatusRunning {
		return false, err
	}
	if now, err := records.Case(ctx, row.ID); err != nil || !now.State.Live() {
		return false, err // archived while we looked
	}
	_, err = records.Start(ctx, row.ID)
	if models.CodeOf(err) != models.CodeNotFound {
		return false, err // asked for already, or the record does not answer
	}
	cause := map[Status]models.RestartCause{
		StatusTerminated: models.RestartTerminated, StatusMissing: models.RestartMissing,
		StatusFailed: models.RestartFailed, StatusCompleted: models.RestartFailed,
	}[status]
	now := e.now().UTC().Truncate(time.Microsecond)
	intent := models.StartIntent{CaseID: row.ID, Severity: row.Severity, Restart: cause, CreatedAt: now, NextAt: now}
	if err := records.PutStart(ctx, intent); err != nil {
		return false, fmt.Errorf("ask for a restart of %s: %w", row.ID, err)
	}
	e.logger.WarnContext(ctx, "a live case had no running workflow; it is started again", "case", row.ID, "cause", cause)
	return true, nil
}

// orphans names the workflows that run although their case does not live: not on record at all, or
// sealed for longer than a workflow needs to finish.
func (e *Engine) orphans(ctx context.Context, records Records, left map[string]struct{}) ([]string, error) {
	var found []string
	for id := range left {
		row, err := records.Case(ctx, id)
		switch {
		case models.CodeOf(err) == models.CodeNotFound:
		case err != nil:
			return nil, err
		case row.State.Live() || row.ArchivedAt != nil && e.now().Sub(*row.ArchivedAt) < time.Minute:
			continue
		}
		if status, err := e.Status(ctx, id); err != nil || status != StatusRunning {
			continue
		}
		e.logger.ErrorContext(ctx, "a workflow runs without a live case", "case", id)
		found = append(found, id)
	}
	slices.Sort(found)
	return found, nil
}

// Running lists the ids of the cases whose workflows run, by the visibility index, which lags.
func (e *Engine) Running(ctx context.Context) ([]string, error) {
	ids, err := e.running(ctx)
	return slices.Sorted(maps.Keys(ids)), err
}

// Runs says whether the workflow of a case runs now.
func (e *Engine) Runs(ctx context.Context, caseID string) (bool, error) {
	status, err := e.Status(ctx, caseID)
	return status == StatusRunning, err
}
