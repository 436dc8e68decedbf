package workflows_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/testsuite"

	"recourse/internal/lifecycle"
	"recourse/internal/policy"
	"recourse/models"
	"recourse/workflows"
	"recourse/workflows/contract"
)

// skipping is a case in a workflow whose time is skipped over, with what it puts on record.
type skipping struct {
	*testsuite.TestWorkflowEnvironment

	t       *testing.T
	start   time.Time
	plan    models.Plan
	entries []models.Entry
}

func skip(t *testing.T) *skipping {
	t.Helper()
	s := &skipping{t: t, start: time.Date(2026, time.March, 2, 2, 0, 0, 0, time.UTC)}
	s.TestWorkflowEnvironment = new(testsuite.WorkflowTestSuite).NewTestWorkflowEnvironment()
	s.SetStartTime(s.start)
	s.plan = policy.Default(time.UTC).Plan(s.start, "UTC", lifecycle.RulesVersion())
	named := func(name string, do any) { s.RegisterActivityWithOptions(do, activity.RegisterOptions{Name: name}) }
	named(contract.ActivityRecord, func(_ context.Context, in contract.RecordInput) error {
		s.entries = append(s.entries, in.Recording.Entries...)
		return nil
	})
	named(contract.ActivityFreshPlan, func(context.Context, contract.FreshPlanInput) (models.Plan, error) { return s.plan, nil })
	named(contract.ActivityArchive, func(context.Context, contract.ArchiveInput) error { return nil })
	return s
}

// run leads an urgent complaint from its intake to its end.
func (s *skipping) run() {
	s.t.Helper()
	c := lifecycle.Case{ID: "c-1"}
	events, err := lifecycle.Decide(c, lifecycle.Command{
		ID: "open", Verb: models.VerbOpen, Actor: models.Actor{Kind: models.ActorPerson, ID: "ivy", Roles: []models.Role{models.RoleIntake}},
		Data: models.Opened{
			Number: models.Number(2026, 1), CustomerID: "cu-1", KeyID: "k-1", Channel: models.ChannelPhone, Severity: models.SeverityUrgent,
			Nature: models.NatureCustomer, Language: models.LanguageEN, ReceivedAt: s.start,
		},
		Texts: []models.TextRef{{Name: models.TextText, Ref: "t-1", Digest: "d0"}},
	}, s.plan, s.start)
	require.NoError(s.t, err)
	c.Plan = s.plan
	c, _, err = lifecycle.Write(c, events)
	require.NoError(s.t, err)
	s.after(3*time.Hour, models.TheCustomer(), models.VerbWithdraw, models.Withdrawn{}, models.TextText)
	s.ExecuteWorkflow(workflows.Complaint, contract.CaseInput{Case: c})
	require.True(s.t, s.IsWorkflowCompleted())
	require.NoError(s.t, s.GetWorkflowError())
}

// after gives a command so long after the intake; it must not be refused.
func (s *skipping) after(d time.Duration, who models.Actor, v models.Verb, data models.Data, text string) {
	cmd := lifecycle.Command{ID: string(v), Verb: v, Actor: who, Data: data}
	if text != "" {
		cmd.Texts = []models.TextRef{{Name: text, Ref: "t-" + string(v), Digest: "d0"}}
	}
	s.RegisterDelayedCallback(func() {
		s.UpdateWorkflow(contract.UpdateCommand, string(v), &testsuite.TestUpdateCallback{
			OnAccept: func() {}, OnReject: func(err error) { require.NoError(s.t, err) }, OnComplete: func(_ any, err error) { require.NoError(s.t, err) },
		}, contract.Order{Command: cmd, Plan: s.plan})
	}, d)
}

// climbed is an alert of the first response: when it was due, and to whom it went.
type climbed struct {
	after time.Duration
	roles []models.Role
}

func (s *skipping) climb() (all []climbed) {
	s.t.Helper()
	keys := []string{}
	for _, entry := range s.entries {
		e, err := entry.Event()
		require.NoError(s.t, err)
		if d, is := e.Data.(models.Escalated); is && d.Clock == models.ClockFirstResponse {
			require.NotContains(s.t, keys, d.Alert, "each alert exactly once")
			keys = append(keys, d.Alert)
			all = append(all, climbed{d.DueAt.Sub(s.start).Round(time.Second), d.Roles})
		}
	}
	return all
}

func TestAnUrgentCaseThatNobodyAcknowledgesClimbsRungByRungToTheExecutive(t *testing.T) {
	t.Parallel()
	s := skip(t)
	s.run()
	executive := []models.Role{models.RoleExecutive}
	require.Equal(t, []climbed{
		{0, []models.Role{models.RoleDepartmentHead, models.RoleEscalationManager}},
		{15 * time.Minute, executive},
		{30 * time.Minute, []models.Role{models.RoleHandler}},
		{30 * time.Minute, executive},
		{45 * time.Minute, executive},
		{time.Hour, executive},
		{time.Hour, executive},
	}, s.climb())
}

func TestAcknowledgingStopsTheClimbOfAnUrgentCase(t *testing.T) {
	t.Parallel()
	s := skip(t)
	boss := models.Actor{Kind: models.ActorPerson, ID: "eve", Roles: []models.Role{models.RoleExecutive}}
	s.after(20*time.Minute, boss, models.VerbAcknowledge, models.Acknowledged{Alert: models.AlertKey("1/first_response/1", models.BoundTarget, models.RungAtOnce, 1)}, "")
	s.run()
	require.Equal(t, []time.Duration{0, 15 * time.Minute, 30 * time.Minute, time.Hour}, instants(s.climb()), "the clock's own rungs go on, at half its time and when it is due")
}

func TestASnoozedAlertOfARunningCaseClimbsWhenItsTimeIsOver(t *testing.T) {
	t.Parallel()
	s := skip(t)
	boss := models.Actor{Kind: models.ActorPerson, ID: "max", Roles: []models.Role{models.RoleEscalationManager}}
	s.after(5*time.Minute, boss, models.VerbSnooze, models.Snoozed{
		Alert: models.AlertKey("1/first_response/1", models.BoundTarget, models.RungAtOnce, 0), Until: s.start.Add(50 * time.Minute),
	}, models.TextReason)
	s.run()
	require.True(t, slices.Contains(instants(s.climb()), 50*time.Minute))
	require.False(t, slices.Contains(instants(s.climb()), 15*time.Minute))
}

func instants(all []climbed) (at []time.Duration) {
	for _, c := range all {
		at = append(at, c.after)
	}
	return at
}
