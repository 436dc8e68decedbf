package cases_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/models"
)

func weekly(people ...string) cases.DutyRoster {
	return cases.DutyRoster{Zone: "UTC", Start: monday.Format(time.DateOnly), HandOver: "00:00", TurnDays: 7, People: people}
}

func ofRole(role models.Role) func(*models.Person) {
	return func(p *models.Person) { p.Roles, p.Teams = []models.Role{role}, nil }
}

func TestARosterSaysWhoIsOnDutyNowAndLater(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, id := range []string{"ann", "bob"} {
		h.person(t, id, ofRole(models.RoleDepartmentHead))
	}
	h.person(t, "dee", ofRole(models.RoleDepartmentHead))
	wish := cases.RosterWish{Role: models.RoleDepartmentHead, Department: "repairs", Reason: "nights", Roster: weekly("ann", "bob")}
	put, err := h.PutRoster(t.Context(), admin, wish)
	require.NoError(t, err)
	require.Equal(t, int64(1), put.Version)
	require.Equal(t, "ann", put.Now.Person)
	require.NotEmpty(t, put.Turns)

	again, err := h.PutRoster(t.Context(), admin, wish)
	require.NoError(t, err)
	require.Equal(t, int64(1), again.Version, "the same is no new version")

	later := h.now.AddDate(0, 0, 7)
	on, err := h.OnDuty(t.Context(), models.RoleDepartmentHead, "repairs", later)
	require.NoError(t, err)
	require.Equal(t, []string{"bob", "bob"}, []string{on.Person, on.Told})
	on, err = h.OnDuty(t.Context(), models.RoleDepartmentHead, "legal", later)
	require.NoError(t, err)
	require.Empty(t, on.Person, "of another department, and the company has none")

	require.NoError(t, h.PutPerson(t.Context(), admin, models.Person{ID: "bob", Name: "Bob", Language: models.LanguageEN, Roles: []models.Role{models.RoleDepartmentHead}, Departments: []string{"repairs"}, Deputy: "dee"}))
	require.NoError(t, h.PutAbsences(t.Context(), admin, "bob", []models.Absence{{FromAt: later.AddDate(0, 0, -1), UntilAt: later.AddDate(0, 0, 1)}}))
	on, err = h.OnDuty(t.Context(), models.RoleDepartmentHead, "repairs", later)
	require.NoError(t, err)
	require.Equal(t, []string{"bob", "dee"}, []string{on.Person, on.Told}, "away: the deputy")
}

func TestARosterIsRefusedWithEveryFaultByItsField(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.person(t, "ann", ofRole(models.RoleExecutive))
	h.person(t, "hal")
	put := func(a models.Actor, w cases.RosterWish) error {
		_, err := h.PutRoster(t.Context(), a, w)
		return err
	}
	good := cases.RosterWish{Role: models.RoleExecutive, Reason: "nights", Roster: weekly("ann")}
	for field, spoil := range map[string]func(*cases.RosterWish){
		"/role":             func(w *cases.RosterWish) { w.Role = models.RoleIntake },
		"/reason":           func(w *cases.RosterWish) { w.Reason = " " },
		"/department":       func(w *cases.RosterWish) { w.Department = "nowhere" },
		"/roster/people/0":  func(w *cases.RosterWish) { w.Roster = weekly("hal") },
		"/roster/zone":      func(w *cases.RosterWish) { w.Roster.Zone = "Mars" },
		"/roster/hand_over": func(w *cases.RosterWish) { w.Roster.HandOver = "9" },
		"/roster/turn_days": func(w *cases.RosterWish) { w.Roster.TurnDays = 0 },
		"/roster/swaps/0/until": func(w *cases.RosterWish) {
			w.Roster.Swaps = []cases.DutySwap{{From: h.now, Until: h.now, Person: "ann"}}
		},
	} {
		w := good
		spoil(&w)
		err := put(admin, w)
		var e *models.Error
		require.ErrorAs(t, err, &e, field)
		require.Equal(t, models.CodeInvalid, e.Code, field)
		require.Equal(t, field, e.Field)
	}
	require.Equal(t, models.CodeForbidden, models.CodeOf(put(actor("x", models.RoleHandler), good)))
	require.NoError(t, put(actor("sue", models.RoleSupervisor), good))
	stale := good
	stale.IfVersion, stale.Roster.TurnDays = 7, 1
	require.Equal(t, models.CodeStale, models.CodeOf(put(admin, stale)))
}

func TestARosterThatNamesSomebodyGoneIsAGapAndAnEndedOneIsNotShown(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.person(t, "ann", ofRole(models.RoleExecutive))
	wish := cases.RosterWish{Role: models.RoleExecutive, Reason: "nights", Roster: weekly("ann")}
	_, err := h.PutRoster(t.Context(), admin, wish)
	require.NoError(t, err)
	gone := h.now
	h.person(t, "ann", ofRole(models.RoleExecutive), func(p *models.Person) { p.DisabledAt = &gone })
	gaps, err := h.Gaps(t.Context(), admin)
	require.NoError(t, err)
	require.Contains(t, gaps, models.Gap{Kind: models.GapRosterNamesNobody, ID: "executive", To: "ann"})
	all, err := h.Rosters(t.Context())
	require.NoError(t, err)
	require.Len(t, all, 1)
	require.NotEmpty(t, all[0].Warnings)
	require.Empty(t, all[0].Now.Told)

	wish.Roster.People = nil
	_, err = h.PutRoster(t.Context(), admin, wish)
	require.NoError(t, err)
	all, err = h.Rosters(t.Context())
	require.NoError(t, err)
	require.Empty(t, all)
	_, err = h.Roster(t.Context(), models.RoleExecutive, "")
	require.Equal(t, models.CodeNotFound, models.CodeOf(err))
}
