package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/store"
	"recourse/models"
)

var rosters = []promise{
	{"versions of a roster are added one after the other, for each role and department", func(t *testing.T, s *store.Store) {
		_, err := s.Roster(t.Context(), models.RoleExecutive, "")
		refused(t, err, models.CodeNotFound)
		one := models.Roster{Role: models.RoleExecutive, Version: 1, Document: []byte(`{"people":["ann"]}`), Author: "ada", Reason: "first", CreatedAt: later(0)}
		require.NoError(t, s.PutRoster(t.Context(), one))
		refused(t, s.PutRoster(t.Context(), one), models.CodeStale)
		two := one
		two.Version, two.CreatedAt = 2, later(1)
		onlyOneWins(t, func() error { return s.PutRoster(t.Context(), two) })
		repairs := one
		repairs.Role, repairs.Department = models.RoleDepartmentHead, "repairs"
		require.NoError(t, s.PutRoster(t.Context(), repairs))

		got, err := s.Roster(t.Context(), models.RoleExecutive, "")
		require.NoError(t, err)
		require.Equal(t, two, got)
		_, err = s.Roster(t.Context(), models.RoleExecutive, "repairs")
		refused(t, err, models.CodeNotFound)
		all, err := s.Rosters(t.Context())
		require.NoError(t, err)
		require.Equal(t, []models.Roster{two, repairs}, all)
	}},
	{"cases of which a clock reaches a bound by an instant are found, at the instant itself too", func(t *testing.T, s *store.Store) {
		due := func(at time.Duration) models.Case {
			return acceptRow(t, s, func(c *models.Case) { c.NextDue = new(later(at)) })
		}
		soon, exactly := due(time.Hour), due(2*time.Hour)
		due(3 * time.Hour)
		acceptRow(t, s, func(c *models.Case) { c.NextDue = nil })
		rows, _, err := s.Cases(t.Context(), models.CaseQuery{Visible: everyone, NextDueBy: new(later(2 * time.Hour))})
		require.NoError(t, err)
		require.ElementsMatch(t, []string{soon.ID, exactly.ID}, ids(rows))
	}},
	{"an alert that is put off and handed over says so in its row", func(t *testing.T, s *store.Store) {
		entries, next := extend(accept(t, s), 1, "alert")
		out := alert(next, 2, "open")
		require.NoError(t, s.Record(t.Context(), models.Recording{Case: next, Entries: entries, Alerts: []models.Alert{out}}))
		entries, next = extend(next, 1, "put off")
		require.NoError(t, s.Record(t.Context(), models.Recording{Case: next, Entries: entries, Changed: []models.AlertChange{
			{CaseID: next.ID, Key: "open", AckBy: later(40), SnoozedBy: "max"},
			{CaseID: next.ID, Key: "open", AckBy: later(50), HandedTo: "hal", HandedBy: "max"},
		}}))
		got, err := s.Alert(t.Context(), out.ID)
		require.NoError(t, err)
		require.Equal(t, []string{"max", "hal", "max"}, []string{got.SnoozedBy, got.HandedTo, got.HandedBy})
		require.Equal(t, later(50), *got.AckBy)
		mine, _, err := s.Alerts(t.Context(), models.AlertQuery{Visible: everyone, Waiting: new(true), To: []models.Role{models.RoleIntake}, Person: "hal", Soonest: true})
		require.NoError(t, err)
		require.Len(t, mine, 1, "it was handed to them")
	}},
}
