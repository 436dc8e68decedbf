package engine_test

import (
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/workflowservice/v1"

	"recourse/internal/cases"
	"recourse/internal/engine"
	"recourse/internal/rig"
	"recourse/models"
	"recourse/workflows/contract"
)

var query = regexp.MustCompile("(?s)```sql\n(.*?)\n```")

// A query in the runbook that Temporal refuses is found here, not at night.
func TestEverySavedQueryOfTheRunbookIsUnderstoodByTemporal(t *testing.T) {
	r := rig.New(t, rig.Options{NoWork: true})
	page, err := os.ReadFile("../../docs/runbook.md")
	require.NoError(t, err)
	queries := query.FindAllStringSubmatch(string(page), -1)
	require.GreaterOrEqual(t, len(queries), 5)
	for _, q := range queries {
		_, err := r.Engine.Client().ListWorkflow(t.Context(), &workflowservice.ListWorkflowExecutionsRequest{
			Namespace: rig.Namespace, Query: q[1], PageSize: 10,
		})
		require.NoError(t, err, q[1])
	}
}

func TestAnUnacknowledgedUrgentCaseIsFoundByItsSavedQuery(t *testing.T) {
	r := rig.New(t, rig.Options{})
	a := r.Open(cases.NewComplaint{Opened: models.Opened{Channel: models.ChannelPhone, Severity: models.SeverityUrgent}})
	require.Eventually(t, func() bool {
		found, err := r.Engine.Client().ListWorkflow(t.Context(), &workflowservice.ListWorkflowExecutionsRequest{
			Namespace: rig.Namespace, Query: "WorkflowType = 'Complaint' AND ExecutionStatus = 'Running' AND OpenAlerts > 0", PageSize: 100,
		})
		require.NoError(t, err)
		for _, w := range found.GetExecutions() {
			if w.GetExecution().GetWorkflowId() == a.WorkflowID {
				return true
			}
		}
		return false
	}, waitFor, tick)
}

func TestAWorkflowThatEndedOtherThanByItsSealIsInTroubleUntilItRunsAgain(t *testing.T) {
	r := rig.New(t, rig.Options{})
	a := r.Open(cases.NewComplaint{Opened: models.Opened{Channel: models.ChannelPhone}})
	failing := func() bool {
		ids, _, err := r.Engine.Troubled(t.Context(), contract.TroubleFailing)
		require.NoError(t, err)
		return slices.Contains(ids, a.ID)
	}
	require.False(t, failing())
	require.NoError(t, r.Engine.Client().TerminateWorkflow(t.Context(), a.WorkflowID, "", "to see it"))
	require.Eventually(t, failing, waitFor, tick)
	_, err := r.Sweep(t.Context(), nil)
	require.NoError(t, err)
	require.Eventually(t, func() bool { return !failing() }, waitFor, tick)
	ids, _, err := r.Engine.Troubled(t.Context(), contract.TroubleStuck)
	require.NoError(t, err)
	require.NotContains(t, ids, a.ID)
}

func TestTheTroublesAreThoseOfTheRunbook(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/runbook.md")
	require.NoError(t, err)
	for _, q := range engine.Queries() {
		require.Contains(t, string(page), q)
	}
}
