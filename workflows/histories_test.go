package workflows_test

import (
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/history/v1"
	"google.golang.org/protobuf/encoding/protojson"

	"recourse/internal/cases"
	"recourse/internal/engine"
	"recourse/internal/policy"
	"recourse/internal/rig"
	"recourse/models"
	"recourse/workflows/contract"
)

// record names the release whose histories are written to testdata; empty writes nothing. Histories
// are recorded again only on purpose: they are promises to cases that run.
var record = flag.String("record", "", "write the histories to testdata/`release`")

// A scenario walks one case over a real server and leaves its history.
type scenario struct {
	name   string
	budget int // most events of the history; 0: not limited
	policy func(policy.Policy) policy.Policy
	walk   func(t *testing.T, r *rig.Rig) (number string)
}

// soon shortens the waits that end a case, so that a test need not wait thirty days.
func soon(p policy.Policy) policy.Policy {
	p.ReopenWithin = 500 * time.Millisecond
	return p
}

var scenarios = []scenario{
	{name: "main_road", budget: 110, policy: soon, walk: walkMainRoad},
	{name: "overdue_at_start", walk: walkOverdueAtStart},
	{name: "rework", walk: walkRework},
	{name: "late_survey_after_close", walk: walkLateSurvey},
	{name: "reopened", walk: walkReopened},
	{name: "terminated_and_restarted", walk: walkTerminated},
	{name: "urgent_ladder_climbing", policy: impatient, walk: walkUrgent},
	{name: "awaiting_approval", walk: walkAwaitingApproval},
}

func TestHistoriesStayWithinTheirBudget(t *testing.T) {
	for _, s := range scenarios {
		t.Run(s.name, func(t *testing.T) {
			r := rig.New(t, rig.Options{Policy: s.policy})
			number := s.walk(t, r)
			h := historyOf(t, r, number)
			t.Logf("%s: %d events", s.name, len(h.GetEvents()))
			if s.budget > 0 {
				require.LessOrEqual(t, len(h.GetEvents()), s.budget)
			}
			keep(t, s.name, h)
		})
	}
}

// A store that is away when a decision is to be recorded holds up nobody: the case goes on, and the
// record catches up.
func TestHistoriesOfADegradedRecord(t *testing.T) {
	var away atomic.Bool
	r := rig.New(t, rig.Options{Store: func(s rig.Record) rig.Record { return &flaky{trueStore: s, away: &away} }})
	number := r.Open(cases.NewComplaint{}).Number
	r.ToDispatched(number)
	away.Store(true)
	done := r.Do(models.RoleHandler, number, models.Accepted{})
	require.False(t, done.Recorded, "the store is away")
	require.Equal(t, models.StateInvestigating, done.State)
	require.Equal(t, models.StateDispatched, r.Row(number).State)
	away.Store(false)
	r.Await(number, "the record catches up", func(c models.Case) bool { return c.State == models.StateInvestigating })
	r.Do(models.RoleHandler, number, models.Replied{Channel: models.ChannelPhone}, models.TextText, "we are on it")
	keep(t, "degraded_record", historyOf(t, r, number))
}

type trueStore = rig.Record

// flaky is a store that cannot record while away is set.
type flaky struct {
	trueStore
	away *atomic.Bool
}

func (f *flaky) Record(ctx context.Context, rec models.Recording) error {
	if f.away.Load() {
		return errors.New("the store is away")
	}
	return f.trueStore.Record(ctx, rec)
}

func walkMainRoad(t *testing.T, r *rig.Rig) string {
	number := r.Open(cases.NewComplaint{}).Number
	r.ToInvestigating(number)
	r.ToImplementing(number)
	r.ToFollowingUp(number)
	answerSurvey(t, r, number, 5)
	r.ToClosed(number)
	r.Await(number, "the record is sealed after the window", func(c models.Case) bool { return c.State == models.StateArchived })
	awaitEnd(t, r, number)
	return number
}

func walkOverdueAtStart(t *testing.T, r *rig.Rig) string {
	number := r.Open(cases.NewComplaint{
		Opened:          models.Opened{Channel: models.ChannelLetterBox, ReceivedAt: time.Now().Add(-30 * time.Hour)},
		ReceiptEvidence: "postmark of the day before",
	}).Number
	c := r.Await(number, "it escalates at once", func(c models.Case) bool { return c.Escalated })
	require.True(t, c.Breached)
	alerts, err := r.Store.AlertsOf(t.Context(), c.ID)
	require.NoError(t, err)
	for _, a := range alerts {
		if a.Clock == models.ClockFirstResponse && !a.Superseded {
			require.Equal(t, models.LateRecorded, a.LateReason)
			require.Positive(t, a.LateBy)
		}
	}
	return number
}

func walkRework(t *testing.T, r *rig.Rig) string {
	number := r.Open(cases.NewComplaint{}).Number
	r.ToInvestigating(number)
	r.ToImplementing(number)
	r.ToFollowingUp(number)
	r.Do(models.RoleQuality, number, models.CallbackRecorded{Outcome: models.CallbackReachedUnsolved}, models.TextText, "it leaks again")
	require.Equal(t, 2, r.Row(number).Cycle)
	r.Solve(number)
	r.ToFollowingUp(number)
	r.ToClosed(number)
	return number
}

func walkLateSurvey(t *testing.T, r *rig.Rig) string {
	number := r.Open(cases.NewComplaint{}).Number
	r.ToInvestigating(number)
	r.ToImplementing(number)
	r.ToFollowingUp(number)
	r.ToClosed(number)
	answerSurvey(t, r, number, 1)
	r.Await(number, "a low score starts another cycle", func(c models.Case) bool { return c.Cycle == 2 })
	return number
}

func walkReopened(t *testing.T, r *rig.Rig) string {
	number := r.Open(cases.NewComplaint{}).Number
	r.ToInvestigating(number)
	r.ToImplementing(number)
	r.ToFollowingUp(number)
	r.ToClosed(number)
	r.Do(models.RoleSupervisor, number, models.Reopened{}, models.TextReason, "the customer called again")
	require.Equal(t, models.StateInvestigating, r.Row(number).State)
	return number
}

func walkTerminated(t *testing.T, r *rig.Rig) string {
	a := r.Open(cases.NewComplaint{})
	r.ToInvestigating(a.Number)
	require.NoError(t, r.Engine.Client().TerminateWorkflow(t.Context(), a.WorkflowID, "", "by hand"))
	require.Eventually(t, func() bool {
		status, err := r.Engine.Status(t.Context(), a.ID)
		return err == nil && status == engine.StatusTerminated
	}, 10*time.Second, 20*time.Millisecond)
	require.Eventually(t, func() bool { // the list of running workflows lags
		result, err := r.Sweep(t.Context(), nil)
		return err == nil && len(result.Restarted) == 1
	}, 20*time.Second, 100*time.Millisecond)
	r.Relay.Wake()
	row := r.Await(a.Number, "the restart is on record", func(c models.Case) bool { return c.Seq == 4 })
	entries, err := r.Store.Entries(t.Context(), row.ID, 3, 10)
	require.NoError(t, err)
	require.Equal(t, models.KindRestarted, entries[0].Kind)
	r.ToImplementing(a.Number)
	return a.Number
}

// impatient lets the ladder of an urgent case climb within seconds.
func impatient(p policy.Policy) policy.Policy {
	p.Ladders = append([]models.Ladder{}, p.Ladders...)
	for i, l := range p.Ladders {
		if l.Severity == models.SeverityUrgent && l.Class == models.LadderPromise {
			p.Ladders[i].Rungs = []models.Rung{
				{
					AtOnce: true, Roles: []models.Role{models.RoleDepartmentHead, models.RoleEscalationManager},
					AckWithin: time.Second, RepeatTo: []models.Role{models.RoleExecutive}, Repeats: 4,
				},
				{Share: 50, Roles: []models.Role{models.RoleHandler}},
				{Roles: []models.Role{models.RoleExecutive}},
			}
		}
	}
	return p
}

func walkUrgent(t *testing.T, r *rig.Rig) string {
	number := r.Open(cases.NewComplaint{Opened: models.Opened{Channel: models.ChannelPhone, Severity: models.SeverityUrgent}}).Number
	row := r.Row(number)
	waiting := func() *models.Alert {
		alerts, err := r.Store.AlertsOf(t.Context(), row.ID)
		require.NoError(t, err)
		for _, a := range alerts {
			if a.Repeat == 2 {
				return &a
			}
		}
		return nil
	}
	require.Eventually(t, func() bool { return waiting() != nil }, 20*time.Second, 50*time.Millisecond, "the executive is told twice")
	_, err := r.Service.Acknowledge(t.Context(), r.As(models.RoleExecutive, "POST /escalations"), waiting().ID)
	require.NoError(t, err)
	alerts, err := r.Store.AlertsOf(t.Context(), row.ID)
	require.NoError(t, err)
	require.Len(t, alerts, 3, "at once, then twice to the executive, then silence")
	return number
}

func walkAwaitingApproval(t *testing.T, r *rig.Rig) string {
	number := r.Open(cases.NewComplaint{Opened: models.Opened{Channel: models.ChannelPhone, Severity: models.SeverityImportant}}).Number
	r.ToInvestigating(number)
	r.Do(models.RoleHandler, number, models.Proposed{
		Measures: []models.Measure{{Owner: "handler", Due: time.Now().Add(time.Hour)}},
	}, models.TextSolution, "a new kettle", models.TextMinutes, "we met", models.TextMeasure(0), "send it")
	require.Equal(t, models.StateAwaitingApproval, r.Row(number).State)
	return number
}

// answerSurvey answers by the customer's link, and waits until the case has decided it.
func answerSurvey(t *testing.T, r *rig.Rig, number string, score int) {
	t.Helper()
	row := r.Row(number)
	token := r.Vault.LinkToken(models.SurveyLink(row.ID, row.Cycle)...)
	require.Eventually(t, func() bool {
		_, err := r.Service.Survey(t.Context(), token)
		return err == nil
	}, 20*time.Second, 20*time.Millisecond, "the survey is offered")
	call := cases.Call{Route: "POST /s", Key: number, Body: []byte{byte(score)}}
	require.NoError(t, r.Service.AnswerSurvey(t.Context(), call, token, models.Scores{Result: score}, ""))
	r.Await(number, "the answer is decided", func(c models.Case) bool { return c.ResultScore == score })
}

func awaitEnd(t *testing.T, r *rig.Rig, number string) {
	t.Helper()
	require.Eventually(t, func() bool {
		status, err := r.Engine.Status(t.Context(), r.Row(number).ID)
		return err == nil && status == engine.StatusCompleted
	}, 20*time.Second, 50*time.Millisecond)
}

func historyOf(t *testing.T, r *rig.Rig, number string) *history.History {
	t.Helper()
	return eventsOf(t, r, contract.WorkflowID(r.Row(number).ID), "")
}

func keep(t *testing.T, name string, h *history.History) {
	t.Helper()
	if *record == "" {
		return
	}
	folder := filepath.Join("testdata", *record)
	require.NoError(t, os.MkdirAll(folder, 0o755))
	body, err := protojson.MarshalOptions{Multiline: true, Indent: " "}.Marshal(h)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(folder, name+".json"), body, 0o644))
}
