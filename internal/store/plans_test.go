package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/models"
)

// SQLite decides by what a query says alone, so that its plans are the same on an empty record. What
// Postgres does depends on what is there: make bench-console.
func TestTheQueuesOfSQLiteGoAlongAnIndex(t *testing.T) {
	t.Parallel()
	now, s := time.Date(2026, time.March, 18, 12, 0, 0, 0, time.UTC), openSQLite(t)
	supervisor := models.VisibleTo(models.Actor{ID: "lin", Roles: []models.Role{models.RoleSupervisor}})
	for what, want := range map[string]struct {
		query   models.CaseQuery
		indexes []string // of each leg
	}{
		"all": {query: models.CaseQuery{Visible: supervisor, Open: true, Order: models.OrderDue}, indexes: []string{"cases_due", "cases_waiting"}},
		"of a department": {
			query:   models.CaseQuery{Visible: supervisor, Open: true, Departments: []string{"works"}, Order: models.OrderDue},
			indexes: []string{"cases_department_due", "cases_department"}, // the few without a clock are sorted
		},
		"overdue of a department": {
			query:   models.CaseQuery{Visible: supervisor, Open: true, Departments: []string{"works"}, LateAt: &now, Order: models.OrderDue},
			indexes: []string{"cases_department_due"},
		},
		"of a person": {
			query:   models.CaseQuery{Visible: supervisor, Open: true, Assignees: []string{"wei"}, SoonAt: &now, Order: models.OrderDue},
			indexes: []string{"cases_assignee_due"},
		},
		"to decide":  {query: models.CaseQuery{Visible: supervisor, Asks: []models.Role{models.RoleSupervisor}}, indexes: []string{"cases_asks"}},
		"the latest": {query: models.CaseQuery{Visible: supervisor}, indexes: []string{"cases_received"}},
	} {
		plans, err := s.Plans(t.Context(), want.query)
		require.NoError(t, err, what)
		require.Len(t, plans, len(want.indexes), what)
		for i, plan := range plans {
			require.Contains(t, plan, want.indexes[i], what)
			if i == 0 && len(want.query.Asks) == 0 { // the few that ask for a decision are sorted
				require.NotContains(t, plan, "TEMP B-TREE", what)
			}
		}
	}
}

func TestWhatSomebodyAcknowledgedIsFoundAlongAnIndex(t *testing.T) {
	t.Parallel()
	s := openSQLite(t)
	visible := models.VisibleTo(models.Actor{ID: "lin", Roles: []models.Role{models.RoleSupervisor}})
	plan, err := s.AlertPlan(t.Context(), models.AlertQuery{Visible: visible, By: "lin"})
	require.NoError(t, err)
	require.Contains(t, plan, "alerts_by")
}

// See migration 15.
func TestTheSnapshotLiesBehindWhatListsRead(t *testing.T) {
	t.Parallel()
	last, err := openSQLite(t).LastColumn(t.Context(), "cases")
	require.NoError(t, err)
	require.Equal(t, "snapshot", last)
}
