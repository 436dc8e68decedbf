package workflows_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/client"

	"recourse/internal/kpi"
	"recourse/internal/rig"
	"recourse/models"
	"recourse/workflows/contract"
)

// risen are complaints of a kettle: five a week for half a year, and thirty in the week before an instant.
func risen(until time.Time) *kpi.Table {
	table := kpi.NewTable()
	for week := range 30 {
		n := 5
		if week == 0 {
			n = 30
		}
		for i := range n {
			at := until.AddDate(0, 0, -7*week-7).Add(time.Duration(i) * time.Hour)
			table.Put(kpi.Record{Case: models.Case{
				ID: fmt.Sprintf("%d %d", week, i), Product: "kettle", ReceivedAt: at, RecordedAt: at,
				State: models.StateReceived, Severity: models.SeverityGeneral,
			}})
		}
	}
	return table
}

// A schedule that was down and comes back looks as of when it should have looked; twice is as good as once.
func TestHistoriesOfSignalsThatWereLookedForLate(t *testing.T) {
	monday := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	table := risen(monday)
	r := rig.New(t, rig.Options{Table: func(context.Context) (*kpi.Table, error) { return table, nil }})
	for _, role := range []models.Role{models.RoleExecutive, models.RoleHandler} { // who does not see the company is not told
		require.NoError(t, r.Store.Subscribe(t.Context(), models.Subscription{PersonID: string(role), Topic: models.TopicSignal, CreatedAt: monday}))
	}
	require.NoError(t, r.Engine.ScheduleSignals(t.Context(), time.UTC))
	require.NoError(t, r.Engine.ScheduleSignals(t.Context(), time.UTC), "a second worker starts")
	schedule := r.Engine.Client().ScheduleClient().GetHandle(t.Context(), contract.ScheduleSignals)
	late := func() {
		require.NoError(t, schedule.Backfill(t.Context(), client.ScheduleBackfillOptions{Backfill: []client.ScheduleBackfill{{
			Start: monday.Add(5 * time.Hour), End: monday.Add(7 * time.Hour), Overlap: enumspb.SCHEDULE_OVERLAP_POLICY_ALLOW_ALL,
		}}}))
	}
	late()
	ran := func(n int) (result contract.SignalsResult, run *client.ScheduleWorkflowExecution) {
		t.Helper()
		run = scheduled(t, r, schedule, n, &result)
		return result, run
	}
	seen := func() []models.Signal {
		page, _, err := r.Store.Signals(t.Context(), models.SignalQuery{})
		require.NoError(t, err)
		return page
	}
	late()
	found, run := ran(1)
	require.Equal(t, contract.SignalsResult{At: monday.Add(6 * time.Hour), New: 1, Mails: 1}, found)
	require.Len(t, seen(), 1)
	require.Equal(t, "kettle", seen()[0].Value)
	require.Equal(t, monday, seen()[0].Until)
	require.Equal(t, monday.Add(6*time.Hour), seen()[0].DetectedAt)

	late()
	again, _ := ran(2)
	require.Equal(t, found, again)
	require.Len(t, seen(), 1)
	mails, err := r.Store.DueMessages(t.Context(), monday.Add(7*time.Hour), time.Minute, 10)
	require.NoError(t, err)
	require.Len(t, mails, 1, "one mail, however often it is looked")
	require.Equal(t, string(models.RoleExecutive), mails[0].Person)
	require.Empty(t, mails[0].CaseID)
	keep(t, "signals", eventsOf(t, r, run.WorkflowID, run.FirstExecutionRunID))
}

// eventsOf is the history of a run.
func eventsOf(t *testing.T, r *rig.Rig, workflowID, runID string) *history.History {
	t.Helper()
	h := &history.History{}
	events := r.Engine.Client().GetWorkflowHistory(t.Context(), workflowID, runID, false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		e, err := events.Next()
		require.NoError(t, err)
		h.Events = append(h.Events, e)
	}
	return h
}

// scheduled waits for the n-th run that a schedule began, and for its result.
func scheduled(t *testing.T, r *rig.Rig, schedule client.ScheduleHandle, n int, result any) (run *client.ScheduleWorkflowExecution) {
	t.Helper()
	require.Eventually(t, func() bool {
		now, err := schedule.Describe(t.Context())
		require.NoError(t, err)
		if len(now.Info.RecentActions) == n {
			run = now.Info.RecentActions[n-1].StartWorkflowResult
		}
		return run != nil
	}, 30*time.Second, 50*time.Millisecond)
	require.NoError(t, r.Engine.Client().GetWorkflow(t.Context(), run.WorkflowID, run.FirstExecutionRunID).Get(t.Context(), result))
	return run
}
