package simulate_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/check/checktest"
	"recourse/internal/lifecycle"
	"recourse/internal/policy"
	"recourse/internal/simulate"
	"recourse/models"
)

func TestASimulationEndsWithWhoeverAskedAndTheNextMayBegin(t *testing.T) {
	t.Parallel()
	s := fresh(t)
	require.NoError(t, checktest.Fill(t.Context(), s, 3, 12))
	rows, err := s.AllCases(t.Context(), "", 12)
	require.NoError(t, err)
	ask := simulate.Ask{From: checktest.Now.AddDate(-1, 0, 0), Until: checktest.Now, Limits: []simulate.Limit{
		{Clock: models.ClockFirstResponse, Severity: models.SeverityUrgent, Of: time.Minute},
	}}
	for _, row := range rows {
		ask.Cases = append(ask.Cases, row.ID)
	}
	ctx, leave := context.WithCancel(t.Context())
	desk := &simulate.Desk{
		Record: s, Zone: time.UTC, Now: func() time.Time { return checktest.Now }, Most: 12,
		Open: func(policy.Policy) func(models.Case, string, time.Time, time.Time) (time.Duration, error) { return nil },
		Policy: func(context.Context, string) (policy.Policy, error) {
			leave()
			return policy.Default(time.UTC), nil
		},
	}
	_, err = desk.What(ctx, ask)
	require.ErrorIs(t, err, context.Canceled)
	answer, err := desk.What(t.Context(), ask)
	require.NoError(t, err)
	require.Equal(t, 12, answer.Cases)
	require.Len(t, answer.Changes, answer.Changed.Verdicts)
	desk.Most = 11
	_, err = desk.What(t.Context(), ask)
	require.Equal(t, models.CodeInvalid, models.CodeOf(err))
}

func TestAFaultOfOursEndsTheSimulationAndNotTheServer(t *testing.T) {
	t.Parallel()
	s, err := simulate.New(simulate.Config{
		Zone: time.UTC, AsOf: checktest.Now, Temp: t.TempDir(),
		Variants: []simulate.Variant{{Name: "broken", Rules: lifecycle.Rules{Plan: func(string, time.Time, string) models.Plan { panic("no plan") }}}},
	})
	require.NoError(t, err)
	for _, reference := range []string{"A", "B", "C"} {
		require.NoError(t, s.Add(simulate.History(models.Adopted{Source: "desk", Reference: reference, Opened: models.Opened{
			Channel: models.ChannelPhone, ReceivedAt: checktest.Now.AddDate(0, -1, 0),
		}}, "", checktest.Now)))
	}
	_, err = s.Report()
	require.ErrorContains(t, err, "case A cannot be simulated: no plan")
}

func TestALimitOfManyWorkingHoursIsDueWhereTheRecordHasIt(t *testing.T) {
	t.Parallel()
	document, _, _ := bytes.Cut(policy.DefaultDocument(), []byte("\nexamples:"))
	document = bytes.Replace(document, []byte("{general: 7d, important: 5d, urgent: 3d}"), []byte("500h working"), 1)
	document = bytes.Replace(document, []byte(`hours: {mon-fri: "00:00-24:00"}`), []byte(`hours: {mon-fri: "09:00-17:00"}`), 1)
	p, faults := policy.Read(document, time.UTC)
	require.False(t, policy.Grave(faults), faults)
	plan := func(_ string, at time.Time, zone string) models.Plan {
		return p.Plan(at, zone, lifecycle.RulesVersion())
	}
	rules := simulate.AsRecorded(plan)
	for days := range 14 {
		at := time.Date(2026, 3, 2+days, 9, 30, 0, 0, time.UTC)
		for _, of := range []time.Duration{20 * time.Hour, 400 * time.Hour, 500 * time.Hour} {
			amount := models.Amount{Of: of, Calendar: models.CalendarWorking}
			require.Equal(t, plan("", at, "UTC").Add(at, amount), rules.Plan("", at, "UTC").Add(at, amount), "%s from %s", of, at)
		}
	}
}

func TestATargetThatIsNoShorterThanTheNewLimitFallsAway(t *testing.T) {
	t.Parallel()
	was := policy.Default(time.UTC)
	is := simulate.Varied(was, []simulate.Limit{
		{Clock: models.ClockFirstResponse, Severity: models.SeverityImportant, Of: 8 * time.Hour},
		{Clock: models.ClockFirstResponse, Severity: models.SeverityUrgent, Of: 2 * time.Hour},
	})
	rule := is.Rule(models.ClockFirstResponse)
	require.Equal(t, 8*time.Hour, rule.Limit.Important.Of)
	require.True(t, rule.Target.Important.IsZero(), "8 hours are both")
	require.Equal(t, time.Hour, rule.Target.Urgent.Of)
	require.Equal(t, 24*time.Hour, was.Rule(models.ClockFirstResponse).Limit.Important.Of, "the policy in force stays what it is")
}
