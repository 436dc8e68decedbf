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
	{"the link of an alert is for one wish, and free again when that came to nothing", func(t *testing.T, s *store.Store) {
		row := accept(t, s)
		link := models.AlertLink{Hash: newID(), CaseID: row.ID, AlertID: "a-1", PersonID: "max", CreatedAt: later(0), ExpiresAt: later(time.Hour)}
		require.NoError(t, s.PutAlertLink(t.Context(), link))
		require.NoError(t, s.PutAlertLink(t.Context(), link), "the same mail is written again")
		got, err := s.AlertLink(t.Context(), link.Hash, later(time.Minute))
		require.NoError(t, err)
		require.Equal(t, link, got)

		require.NoError(t, s.UseAlertLink(t.Context(), link.Hash, "snooze", later(time.Minute)))
		require.NoError(t, s.UseAlertLink(t.Context(), link.Hash, "snooze", later(2*time.Minute)), "a click too many")
		refused(t, s.UseAlertLink(t.Context(), link.Hash, "acknowledge", later(2*time.Minute)), models.CodeGone)
		require.NoError(t, s.FreeAlertLink(t.Context(), link.Hash, "acknowledge"), "it was never for that")
		got, err = s.AlertLink(t.Context(), link.Hash, later(time.Minute))
		require.NoError(t, err)
		require.Equal(t, later(time.Minute), *got.UsedAt)
		require.NoError(t, s.PutAlertLink(t.Context(), link), "and changes nothing")
		require.NoError(t, s.FreeAlertLink(t.Context(), link.Hash, "snooze"))
		require.NoError(t, s.UseAlertLink(t.Context(), link.Hash, "acknowledge", later(3*time.Minute)))
		refused(t, s.UseAlertLink(t.Context(), link.Hash, "snooze", later(3*time.Minute)), models.CodeGone)

		_, err = s.AlertLink(t.Context(), link.Hash, later(time.Hour))
		refused(t, err, models.CodeGone)
		_, err = s.AlertLink(t.Context(), "nothing", later(0))
		refused(t, err, models.CodeNotFound)
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
