package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.temporal.io/api/workflowservice/v1"

	"recourse/workflows/contract"
)

// troubled are the saved queries of docs/runbook.md by what they find.
var troubled = map[contract.Trouble]string{
	contract.TroubleStuck:   "WorkflowType = 'Complaint' AND ExecutionStatus = 'Running' AND TemporalReportedProblems IS NOT NULL",
	contract.TroubleFailing: "WorkflowType = 'Complaint' AND ExecutionStatus IN ('Failed', 'Terminated', 'Canceled', 'TimedOut')",
}

const (
	troubleMost   = 100                    // ended runs looked at for one answer
	troubleWithin = 500 * time.Millisecond // that a page waits for it
)

// Troubled returns the ids of the cases whose workflow is in a trouble, as far as Temporal's index knows
// by now; more: there may be others beside them. An error when Temporal does not answer soon.
func (e *Engine) Troubled(ctx context.Context, t contract.Trouble) (ids []string, more bool, err error) {
	if err := e.Reachable(ctx); err != nil {
		return nil, false, err
	}
	ctx, cancel := context.WithTimeout(ctx, troubleWithin)
	defer cancel()
	ids, more, err = e.found(ctx, troubled[t])
	if err != nil || len(ids) == 0 || t != contract.TroubleFailing {
		return ids, more, err
	}
	quoted := make([]string, len(ids))
	for i, id := range ids {
		quoted[i] = "'" + contract.WorkflowID(id) + "'"
	}
	again, _, err := e.found(ctx, "ExecutionStatus = 'Running' AND WorkflowId IN ("+strings.Join(quoted, ", ")+")")
	return slices.DeleteFunc(ids, func(id string) bool { return slices.Contains(again, id) }), more, err
}

// found lists the cases of the workflows that a query finds, each once.
func (e *Engine) found(ctx context.Context, query string) (ids []string, more bool, err error) {
	list, err := e.client.ListWorkflow(ctx, &workflowservice.ListWorkflowExecutionsRequest{Query: query, PageSize: troubleMost})
	if err != nil {
		return nil, false, fmt.Errorf("list workflows: %w", err)
	}
	for _, w := range list.GetExecutions() {
		id := strings.TrimPrefix(w.GetExecution().GetWorkflowId(), contract.WorkflowID(""))
		if !slices.Contains(ids, id) && !strings.Contains(id, "'") { // none of ours has one
			ids = append(ids, id)
		}
	}
	return ids, len(list.GetNextPageToken()) > 0, nil
}
