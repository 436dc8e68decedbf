package main

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/config"
	"recourse/internal/pgtest"
	"recourse/internal/store"
	"recourse/models"
)

// found are the cases that a supervisor finds, by their numbers in the other system.
func (r *tool) found(q string) (references []string) {
	r.t.Helper()
	cfg, err := config.Load(r.args[1], os.Environ())
	require.NoError(r.t, err)
	s, err := openStack(r.t.Context(), cfg)
	require.NoError(r.t, err)
	defer s.close()
	supervisor := models.Actor{Kind: models.ActorPerson, ID: "x", Roles: []models.Role{models.RoleSupervisor}}
	hits, err := s.service.Search(r.t.Context(), supervisor, q, 9)
	require.NoError(r.t, err, q)
	for _, hit := range hits {
		references = append(references, hit.Case.Reference)
	}
	return references
}

func TestCasesOfAnotherSystemAreFoundByTheirNumbersThere(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]func(*testing.T) string{
		"sqlite":   func(t *testing.T) string { t.Helper(); return "sqlite://" + t.TempDir() + "/r.db" },
		"postgres": func(t *testing.T) string { t.Helper(); return pgtest.URL(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newToolOn(t, url(t))
			log := written(t, "log.csv", "id,in,answered,out,team,about,who,thing\n"+
				"INC0000451,2020-01-01,,2020-01-04,Gas,pipes,c-1,电饭煲\nINC0000452,2020-01-02,,,Gas,pipes,,\n客诉-2019/0077,2020-01-02,,2020-01-05,Gas,,,\n工单00123,2020-01-02,,2020-01-05,Gas,,,\n")
			r.must("import", log, "--mapping", written(t, "map.yaml", deskMapping), "--as-of", "2020-02-01")
			number := r.rows(nil)["INC0000451"].Case.Number
			for range 2 {
				for q, want := range map[string][]string{
					"INC0000451": {"INC0000451"}, "inc0000452": {"INC0000452"}, "INC000045": {"INC0000452", "INC0000451"}, "0000451": {"INC0000451"}, "451": {"INC0000451"},
					"客诉-2019/0077": {"客诉-2019/0077"}, "2019/0077": {"客诉-2019/0077"}, "77": {"客诉-2019/0077"}, "123": {"工单00123"}, "电饭煲": {"INC0000451"}, number: {"INC0000451"},
					"INC0000453": nil, "NC0000451": nil,
				} {
					require.ElementsMatch(t, want, r.found(q), q)
				}
				require.Contains(t, r.must("search", "rebuild"), "4 cases can be found")
			}
		})
	}
}

func TestACaseOfWhichALogSaysOnlyWhoHadItWasTheirDepartments(t *testing.T) {
	t.Parallel()
	r := newTool(t)
	r.rows(func(s *store.Store) {
		for _, d := range []string{"gas", "water"} {
			require.NoError(t, s.PutDepartment(t.Context(), models.Department{ID: d, NameZH: d, NameEN: d, CreatedAt: time.Now()}))
		}
		for person, in := range map[string][]string{"ada": {"gas"}, "bo": {"water"}, "cy": {"gas", "water"}} {
			require.NoError(t, s.PutPerson(t.Context(), models.Person{ID: person, Name: person, Language: models.LanguageEN, Departments: in, CreatedAt: time.Now()}))
		}
	})
	log := written(t, "log.csv", "id,at,who\nA,2020-01-01,ada\nB,2020-01-01,cy\nC,2020-01-01,cy\nC,2020-01-02,ada\nC,2020-01-03,cy\nC,2020-01-04,bo\nD,2020-01-01,nobody\n")
	mapping := written(t, "map.yaml", "source: desk\nrows: events\nzone: UTC\ninstants: [iso]\ncase: id\nat: at\nfields: {person: who}\ncreate: [people]\n"+
		"activity: {column: id, values: {X: closed}, otherwise: ignore}\n")
	r.must("import", log, "--mapping", mapping, "--as-of", "2020-02-01")
	had := map[string][]any{}
	for reference, row := range r.rows(nil) {
		had[reference] = []any{row.Case.Department, row.Case.Assignee, row.Case.Transfers}
	}
	require.Equal(t, map[string][]any{
		"A": {"gas", "ada", 0}, "B": {"", "cy", 0}, "C": {"water", "bo", 1}, "D": {"", "nobody", 0},
	}, had)
}
