package workflows_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"recourse/internal/kpi"
	"recourse/internal/rig"
	"recourse/models"
	"recourse/workflows/contract"
)

// A schedule that comes back late makes the report of the period it was meant for, once, and mails it once.
func TestHistoriesOfReportsThatWereMadeLate(t *testing.T) {
	october := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	table := kpi.NewTable()
	table.Put(kpi.Record{Case: models.Case{
		ID: "1", ReceivedAt: october.Add(time.Hour), RecordedAt: october.Add(time.Hour), State: models.StateReceived, Severity: models.SeverityGeneral,
	}})
	r := rig.New(t, rig.Options{Table: func(context.Context) (*kpi.Table, error) { return table, nil }})
	for _, role := range []models.Role{models.RoleExecutive, models.RoleHandler} { // who may not see them is not told
		require.NoError(t, r.Store.Subscribe(t.Context(), models.Subscription{PersonID: string(role), Topic: models.TopicReport, CreatedAt: october}))
	}
	require.NoError(t, r.Engine.ScheduleReports(t.Context(), time.UTC, []string{"month", "week"}))
	require.NoError(t, r.Engine.ScheduleReports(t.Context(), time.UTC, []string{"month"}), "a second worker starts, with another setting")
	schedules := r.Engine.Client().ScheduleClient()
	_, err := schedules.GetHandle(t.Context(), contract.ScheduleReport("week")).Describe(t.Context())
	require.Error(t, err, "there is none of weeks any more")
	schedule := schedules.GetHandle(t.Context(), contract.ScheduleReport("month"))
	made := func(n int) (result contract.ReportResult, run *client.ScheduleWorkflowExecution) {
		t.Helper()
		due := october.AddDate(0, 1, 0)
		require.NoError(t, schedule.Backfill(t.Context(), client.ScheduleBackfillOptions{Backfill: []client.ScheduleBackfill{{
			Start: due, End: due.Add(24 * time.Hour), Overlap: enumspb.SCHEDULE_OVERLAP_POLICY_ALLOW_ALL,
		}}}))
		run = scheduled(t, r, schedule, n, &result)
		return result, run
	}
	first, run := made(1)
	require.Equal(t, contract.ReportResult{ID: first.ID, From: october, Until: october.AddDate(0, 1, 0), Made: true, Mails: 1}, first)
	again, _ := made(2)
	first.Made = false
	require.Equal(t, first, again, "the same report, and no mail that was not queued")
	page, _, err := r.Store.Reports(t.Context(), "", 9)
	require.NoError(t, err)
	require.Len(t, page, 1)
	require.Empty(t, page[0].MadeBy)
	shown, err := r.Reports().Show(t.Context(), r.Person(models.RoleExecutive).Actor(), first.ID)
	require.NoError(t, err)
	require.True(t, shown.Intact)
	require.EqualValues(t, 1, shown.Says.Counts.Received)
	mails, _, err := r.Store.Outbox(t.Context(), models.OutboxQuery{})
	require.NoError(t, err)
	require.Len(t, mails, 1)
	require.Equal(t, "executive", mails[0].Person)
	require.Equal(t, first.ID, mails[0].About)
	keep(t, "report", eventsOf(t, r, run.WorkflowID, run.FirstExecutionRunID))
}
