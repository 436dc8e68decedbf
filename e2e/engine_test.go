package e2e_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/history/v1"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
)

// silent is the SDK's log where nobody reads it.
var silent = log.NewStructuredLogger(slog.New(slog.DiscardHandler))

func execution(workflowID string) *commonpb.WorkflowExecution {
	return &commonpb.WorkflowExecution{WorkflowId: workflowID}
}

func newKey() string { return uuid.NewString() }

// runs says whether the workflow of a case runs, by the server itself.
func runs(t *testing.T, c client.Client, workflowID string) bool {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	desc, err := c.DescribeWorkflowExecution(ctx, workflowID, "")
	return err == nil && desc.GetWorkflowExecutionInfo().GetStatus() == enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING
}

// executions lists every workflow that the index finds by a query.
func executions(t *testing.T, c client.Client, query string) []*workflowpb.WorkflowExecutionInfo {
	t.Helper()
	var found []*workflowpb.WorkflowExecutionInfo
	for page := []byte(nil); ; {
		list, err := c.ListWorkflow(t.Context(), &workflowservice.ListWorkflowExecutionsRequest{Query: query, NextPageToken: page})
		require.NoError(t, err)
		found = append(found, list.GetExecutions()...)
		if page = list.GetNextPageToken(); len(page) == 0 {
			return found
		}
	}
}

// eventsOf reads the history of one run; an empty run is the latest.
func eventsOf(t *testing.T, c client.Client, workflowID, run string) []*history.HistoryEvent {
	t.Helper()
	var all []*history.HistoryEvent
	events := c.GetWorkflowHistory(t.Context(), workflowID, run, false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		e, err := events.Next()
		require.NoError(t, err)
		all = append(all, e)
	}
	return all
}
