package storetest

import (
	"encoding/base64"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/store"
	"recourse/models"
)

// assigned puts a case on record that somebody is responsible for.
func assigned(t *testing.T, s *store.Store, who string, state models.State) models.Case {
	t.Helper()
	return acceptRow(t, s, func(c *models.Case) { c.Assignee, c.Department, c.State = who, "sales", state })
}

var organisation = []promise{
	{"a change keeps when a row came to be and since when it is switched off", func(t *testing.T, s *store.Store) {
		p := person("ada", nil)
		p.DisabledAt = new(later(time.Minute))
		require.NoError(t, s.PutPerson(t.Context(), p))
		p.Name, p.CreatedAt, p.DisabledAt = "Ada", later(time.Hour), new(later(time.Hour))
		require.NoError(t, s.PutPerson(t.Context(), p))
		got, err := s.Person(t.Context(), "ada")
		require.NoError(t, err)
		require.Equal(t, "Ada", got.Name)
		require.Equal(t, later(0), got.CreatedAt)
		require.Equal(t, new(later(time.Minute)), got.DisabledAt)

		p.DisabledAt = nil
		require.NoError(t, s.PutPerson(t.Context(), p))
		p.DisabledAt = new(later(2 * time.Hour))
		require.NoError(t, s.PutPerson(t.Context(), p))
		got, err = s.Person(t.Context(), "ada")
		require.NoError(t, err)
		require.Equal(t, new(later(2*time.Hour)), got.DisabledAt, "switched on in between")
	}},
	{"a company is put whole or not at all", func(t *testing.T, s *store.Store) {
		whole := models.Company{
			Departments: []models.Department{{ID: "sales", NameEN: "Sales", CreatedAt: later(0)}},
			Teams:       []models.Team{{ID: "north", Department: "sales", CreatedAt: later(0)}},
			People: []models.Person{{
				ID: "ada", Language: models.LanguageEN, Languages: []models.Language{models.LanguageZH}, Teams: []string{"north"},
				Departments: []string{"sales"}, Deputy: "bob", CreatedAt: later(0),
			}},
			Categories: []models.Category{{ID: "billing"}},
		}
		require.NoError(t, s.PutCompany(t.Context(), whole))
		require.NoError(t, s.PutCompany(t.Context(), whole))
		ada, err := s.Person(t.Context(), "ada")
		require.NoError(t, err)
		require.Equal(t, whole.People[0], ada)
		north, err := s.Team(t.Context(), "north")
		require.NoError(t, err)
		require.Equal(t, whole.Teams[0], north)
		teams, err := s.Teams(t.Context())
		require.NoError(t, err)
		require.Equal(t, whole.Teams, teams)

		require.Error(t, s.PutCompany(t.Context(), models.Company{
			Departments: []models.Department{{ID: "works", CreatedAt: later(0)}},
			Teams:       []models.Team{{ID: "lost", Department: "nowhere", CreatedAt: later(0)}},
		}))
		departments, err := s.Departments(t.Context())
		require.NoError(t, err)
		require.Len(t, departments, 1)
	}},
	{"who is absent is absent from one instant until another", func(t *testing.T, s *store.Store) {
		refused(t, s.PutAbsences(t.Context(), "ada", nil), models.CodeNotFound)
		require.NoError(t, s.PutPerson(t.Context(), person("ada", nil)))
		away := []models.Absence{
			{PersonID: "ada", FromAt: later(0), UntilAt: later(time.Hour), Reason: "leave"},
			{PersonID: "ada", FromAt: later(3 * time.Hour), UntilAt: later(4 * time.Hour)},
		}
		require.NoError(t, s.PutAbsences(t.Context(), "ada", away))
		got, err := s.Absences(t.Context(), "ada")
		require.NoError(t, err)
		require.Equal(t, away, got)
		for at, want := range map[time.Duration][]string{-time.Second: nil, 0: {"ada"}, time.Hour: nil, 3 * time.Hour: {"ada"}} {
			ids, err := s.Absent(t.Context(), later(at))
			require.NoError(t, err)
			require.ElementsMatch(t, want, ids, at)
		}
		require.NoError(t, s.PutAbsences(t.Context(), "ada", nil))
		got, err = s.Absences(t.Context(), "ada")
		require.NoError(t, err)
		require.Empty(t, got)
	}},
	{"who leaves is let in no more, and what is theirs is found", func(t *testing.T, s *store.Store) {
		for _, id := range []string{"ada", "bob", "cid"} {
			p := person(id, []models.Role{models.RoleHandler}, "sales")
			p.Deputy = "ada"
			require.NoError(t, s.PutPerson(t.Context(), p))
		}
		token := models.Token{ID: newID(), PersonID: "ada", Hash: []byte("ada's"), CreatedAt: later(0), ExpiresAt: later(time.Hour)}
		require.NoError(t, s.PutToken(t.Context(), token))
		open, _ := assigned(t, s, "ada", models.StateInvestigating), assigned(t, s, "ada", models.StateClosed)
		assigned(t, s, "bob", models.StateInvestigating)
		counts, err := s.OpenByAssignee(t.Context())
		require.NoError(t, err)
		require.Equal(t, map[string]int{"ada": 1, "bob": 1}, counts)
		counts, err = s.OpenByDepartment(t.Context())
		require.NoError(t, err)
		require.Equal(t, map[string]int{"sales": 2}, counts)
		left, err := s.LeftBehind(t.Context(), "")
		require.NoError(t, err)
		require.Empty(t, left)

		gone := models.Departure{PersonID: "ada", Successor: "bob", Author: "boss", LeftAt: later(time.Minute)}
		require.NoError(t, s.Leave(t.Context(), gone))
		_, _, err = s.PersonByToken(t.Context(), token.Hash, later(time.Minute))
		refused(t, err, models.CodeUnauthorized)
		tokens, err := s.Tokens(t.Context(), "ada")
		require.NoError(t, err)
		require.Equal(t, new(later(time.Minute)), tokens[0].RevokedAt)
		for id, deputy := range map[string]string{"bob": "", "cid": "bob"} {
			p, err := s.Person(t.Context(), id)
			require.NoError(t, err)
			require.Equal(t, deputy, p.Deputy, id)
		}
		left, err = s.LeftBehind(t.Context(), "ada")
		require.NoError(t, err)
		require.Equal(t, []models.LeftBehind{{CaseID: open.ID, Number: open.Number, Department: "sales", Assignee: "ada", Successor: "bob"}}, left)

		gone.Successor, gone.LeftAt = "cid", later(time.Hour)
		require.NoError(t, s.Leave(t.Context(), gone))
		left, err = s.LeftBehind(t.Context(), "")
		require.NoError(t, err)
		require.Equal(t, "cid", left[0].Successor)
		ada, err := s.Person(t.Context(), "ada")
		require.NoError(t, err)
		require.Equal(t, new(later(time.Minute)), ada.DisabledAt, "the first instant holds")
		refused(t, s.Leave(t.Context(), models.Departure{PersonID: "none", LeftAt: noon}), models.CodeNotFound)
	}},
	{"somebody stays who can change the organisation", func(t *testing.T, s *store.Store) {
		ada, bob := person("ada", []models.Role{models.RoleAdmin}), person("bob", nil)
		require.NoError(t, s.PutPerson(t.Context(), bob), "where there was none, none is the last")
		require.NoError(t, s.PutPerson(t.Context(), ada))
		gone, plain := ada, ada
		gone.DisabledAt, plain.Roles = new(later(0)), nil
		for _, wish := range []models.Person{gone, plain} {
			require.ErrorIs(t, s.PutPerson(t.Context(), wish), models.ErrLastAdmin)
			require.ErrorIs(t, s.PutCompany(t.Context(), models.Company{People: []models.Person{wish}}), models.ErrLastAdmin)
		}
		require.ErrorIs(t, s.Leave(t.Context(), models.Departure{PersonID: "ada", LeftAt: noon}), models.ErrLastAdmin)
		kept, err := s.Person(t.Context(), "ada")
		require.NoError(t, err)
		require.True(t, kept.Admin(), "nothing was written")
		bob.Roles = ada.Roles
		require.NoError(t, s.PutCompany(t.Context(), models.Company{People: []models.Person{plain, bob}}), "handed on in one act")
	}},
	{"versions of the dispatch table are added one after the other", func(t *testing.T, s *store.Store) {
		_, err := s.DispatchTable(t.Context())
		refused(t, err, models.CodeNotFound)
		one := models.DispatchTable{Version: 1, Document: []byte(`{"n":1}`), Author: "ada", Reason: "first", CreatedAt: later(0)}
		require.NoError(t, s.PutDispatchTable(t.Context(), one))
		refused(t, s.PutDispatchTable(t.Context(), one), models.CodeStale)

		two := one
		two.Version, two.Document = 2, []byte(`{"n":2}`)
		onlyOneWins(t, func() error { return s.PutDispatchTable(t.Context(), two) })
		got, err := s.DispatchTable(t.Context())
		require.NoError(t, err)
		require.Equal(t, two, got)
		first, next, err := s.DispatchTables(t.Context(), "", 1)
		require.NoError(t, err)
		require.Equal(t, []models.DispatchTable{two}, first)
		rest, none, err := s.DispatchTables(t.Context(), next, 1)
		require.NoError(t, err)
		require.Equal(t, []models.DispatchTable{one}, rest)
		require.Empty(t, none)
		for _, cursor := range []string{"x", cursorOf("not a number")} {
			_, _, err = s.DispatchTables(t.Context(), cursor, 0)
			refused(t, err, models.CodeInvalid)
		}
	}},
}

// cursorOf is a cursor of somebody's own making.
func cursorOf(id string) string { return base64.RawURLEncoding.EncodeToString([]byte("1 " + id)) }
