package simulate_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/check/checktest"
	"recourse/internal/duty"
	"recourse/internal/simulate"
	"recourse/models"
)

func TestAlertsGoToWhoeverIsOnDutyAndToEverybodyWhereNobodyIs(t *testing.T) {
	t.Parallel()
	turns := duty.Roster{Zone: "UTC", Start: "2026-09-07", HandOver: "09:00", TurnDays: 7, People: []string{"ann", "bob"}}
	ask := func(rosters ...simulate.Roster) simulate.Outcome {
		s, err := simulate.New(simulate.Config{
			Variants: []simulate.Variant{{Name: "as recorded", Rules: asRecorded()}}, AsOf: checktest.Now, Zone: time.UTC, Rosters: rosters,
		})
		require.NoError(t, err)
		for _, c := range recorded(t, 40) {
			require.NoError(t, s.Add(c))
		}
		r, err := s.Report()
		require.NoError(t, err)
		return r.Policies[0]
	}
	role := models.RoleExecutive
	of := func(o simulate.Outcome) simulate.Load {
		for _, l := range o.Load {
			if l.Role == role {
				return l
			}
		}
		return simulate.Load{}
	}
	mine := func(o simulate.Outcome) (all int, who []string) {
		for _, p := range o.People {
			if p.Person == "ann" || p.Person == "bob" {
				all += p.Alerts
				who = append(who, p.Person)
			}
		}
		return all, who
	}
	without := ask()
	require.Positive(t, of(without).Alerts)
	require.Equal(t, of(without).Alerts, of(without).ToEverybody, "there is no roster")
	none, _ := mine(without)
	require.Zero(t, none)

	with := ask(simulate.Roster{Role: role, Roster: turns})
	require.Equal(t, of(without).Work, of(with).Work, "a roster changes nothing of what goes out")
	require.Zero(t, of(with).ToEverybody)
	all, who := mine(with)
	require.Equal(t, of(with).Alerts, all)
	require.Equal(t, []string{"ann", "bob"}, who, "in turn")

	elsewhere := ask(simulate.Roster{Role: role, Department: "nowhere", Roster: turns})
	require.Equal(t, of(without).ToEverybody, of(elsewhere).ToEverybody, "another department's roster says nothing of ours")
}
