package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/store"
	"recourse/models"
)

func person(id string, roles []models.Role, departments ...string) models.Person {
	return models.Person{ID: id, Name: id, Language: models.LanguageEN, Roles: roles, Departments: departments, CreatedAt: later(0)}
}

var company = []promise{
	{"people are kept, changed and found by role", func(t *testing.T, s *store.Store) {
		head := []models.Role{models.RoleDepartmentHead, models.RoleHandler}
		ada, bob, gone, robot := person("ada", head, "sales"), person("bob", head, "works"), person("gone", head, "sales"), person("robot", head, "sales")
		gone.DisabledAt, robot.Service = new(later(0)), true
		for _, p := range []models.Person{ada, bob, gone, robot, person("zoe", nil)} {
			require.NoError(t, s.PutPerson(t.Context(), p))
		}
		got, err := s.PeopleIn(t.Context(), models.RoleHandler, "sales")
		require.NoError(t, err)
		require.Equal(t, []models.Person{ada}, got)
		got, err = s.PeopleIn(t.Context(), models.RoleDepartmentHead, "")
		require.NoError(t, err)
		require.Equal(t, []models.Person{ada, bob}, got)

		ada.Name, ada.Departments = "Ada", []string{"works"}
		require.NoError(t, s.PutPerson(t.Context(), ada))
		one, err := s.Person(t.Context(), "ada")
		require.NoError(t, err)
		require.Equal(t, ada, one)
		_, err = s.Person(t.Context(), "nobody")
		refused(t, err, models.CodeNotFound)
		everybody, err := s.People(t.Context())
		require.NoError(t, err)
		require.Len(t, everybody, 5)
	}},
	{"departments and categories are kept and changed", func(t *testing.T, s *store.Store) {
		d := models.Department{ID: "sales", NameZH: "销售部", NameEN: "Sales", CreatedAt: later(0)}
		c := models.Category{ID: "billing", NameZH: "账单", NameEN: "Billing"}
		require.NoError(t, s.PutDepartment(t.Context(), d))
		require.NoError(t, s.PutCategory(t.Context(), c))
		d.Supervising, c.Parent = "works", "money"
		require.NoError(t, s.PutDepartment(t.Context(), d))
		require.NoError(t, s.PutCategory(t.Context(), c))
		departments, err := s.Departments(t.Context())
		require.NoError(t, err)
		require.Equal(t, []models.Department{d}, departments)
		categories, err := s.Categories(t.Context())
		require.NoError(t, err)
		require.Equal(t, []models.Category{c}, categories)
		_, err = s.Department(t.Context(), "none")
		refused(t, err, models.CodeNotFound)
		got, err := s.Category(t.Context(), "billing")
		require.NoError(t, err)
		require.Equal(t, c, got)
	}},
	{"a token lets in while it is good and its person is", func(t *testing.T, s *store.Store) {
		ada := person("ada", []models.Role{models.RoleHandler})
		require.NoError(t, s.PutPerson(t.Context(), ada))
		token := models.Token{ID: newID(), PersonID: "ada", Hash: []byte("hash"), CreatedAt: later(0), ExpiresAt: later(time.Hour)}
		require.NoError(t, s.PutToken(t.Context(), token))
		enter := func(hash string, at time.Time) error {
			_, _, err := s.PersonByToken(t.Context(), []byte(hash), at)
			return err
		}
		who, which, err := s.PersonByToken(t.Context(), []byte("hash"), noon)
		require.NoError(t, err)
		require.Equal(t, ada, who)
		require.Equal(t, models.Token{ID: token.ID, PersonID: "ada"}, which)
		refused(t, enter("other", noon), models.CodeUnauthorized)
		refused(t, enter("hash", noon.Add(time.Hour)), models.CodeUnauthorized)

		for _, at := range []time.Duration{0, time.Minute, 6 * time.Minute} {
			tokens, err := s.Tokens(t.Context(), "ada")
			require.NoError(t, err)
			require.NoError(t, s.TouchToken(t.Context(), tokens[0], noon.Add(at)))
		}
		tokens, err := s.Tokens(t.Context(), "ada")
		require.NoError(t, err)
		require.Equal(t, new(later(6*time.Minute)), tokens[0].UsedAt)
		require.NoError(t, s.TouchToken(t.Context(), token, noon.Add(7*time.Minute)))
		tokens, err = s.Tokens(t.Context(), "ada")
		require.NoError(t, err)
		require.Equal(t, new(later(6*time.Minute)), tokens[0].UsedAt, "within five minutes nothing is written")

		away := ada
		away.DisabledAt = new(later(0))
		require.NoError(t, s.PutPerson(t.Context(), away))
		refused(t, enter("hash", noon), models.CodeUnauthorized)
		require.NoError(t, s.PutPerson(t.Context(), ada))
		require.NoError(t, enter("hash", noon))
		require.NoError(t, s.RevokeToken(t.Context(), token.ID, noon))
		refused(t, enter("hash", noon), models.CodeUnauthorized)
		refused(t, s.RevokeToken(t.Context(), "none", noon), models.CodeNotFound)
	}},
	{"surveys, links and seals are put once, as they were first", func(t *testing.T, s *store.Store) {
		row := accept(t, s)
		link := models.Link{Hash: "survey-1", CaseID: row.ID, Kind: models.LinkSurvey, Cycle: 1, CreatedAt: later(0), ExpiresAt: new(later(time.Hour))}
		said := []models.Message{message(row, 1, "survey", "")}
		survey := models.Survey{CaseID: row.ID, Cycle: 1, OfferedAt: later(0), ExpiresAt: later(time.Hour)}
		require.NoError(t, s.PutSurvey(t.Context(), survey, link, said))
		other := survey
		other.OfferedAt = later(time.Minute)
		require.NoError(t, s.PutSurvey(t.Context(), other, link, said))
		got, err := s.Survey(t.Context(), row.ID, 1)
		require.NoError(t, err)
		require.Equal(t, survey, got)
		require.NoError(t, s.SurveyAnswered(t.Context(), row.ID, 1, noon))
		require.NoError(t, s.SurveyAnswered(t.Context(), row.ID, 1, noon.Add(time.Hour)))
		got, err = s.Survey(t.Context(), row.ID, 1)
		require.NoError(t, err)
		require.Equal(t, new(later(0)), got.AnsweredAt)
		_, err = s.Survey(t.Context(), row.ID, 2)
		refused(t, err, models.CodeNotFound)

		opened, err := s.Link(t.Context(), "survey-1", noon)
		require.NoError(t, err)
		require.Equal(t, link, opened)
		_, err = s.Link(t.Context(), "survey-1", noon.Add(time.Hour))
		refused(t, err, models.CodeGone)
		_, err = s.Link(t.Context(), "none", noon)
		refused(t, err, models.CodeNotFound)
		require.NoError(t, s.PutLink(t.Context(), models.Link{Hash: "survey-1", CaseID: row.ID, Kind: models.LinkStatus, CreatedAt: noon}))

		status := models.Link{Hash: "status of " + row.ID, CaseID: row.ID, Kind: models.LinkStatus, CreatedAt: later(0)}
		require.NoError(t, s.PutLink(t.Context(), status))
		seal := models.Archive{CaseID: row.ID, Seq: 1, Head: row.Hash, Digest: []byte("digest"), Document: []byte("{}"), SealedAt: later(0)}
		require.NoError(t, s.PutArchive(t.Context(), seal))
		seal.SealedAt = later(time.Hour)
		require.NoError(t, s.PutArchive(t.Context(), seal))
		broken := seal
		broken.Digest = []byte("other")
		refused(t, s.PutArchive(t.Context(), broken), models.CodeDiverged)
		kept, err := s.Archive(t.Context(), row.ID)
		require.NoError(t, err)
		require.Equal(t, later(0), kept.SealedAt)
		_, err = s.Link(t.Context(), status.Hash, later(store.LinkLife-time.Second))
		require.NoError(t, err)
		_, err = s.Link(t.Context(), status.Hash, later(store.LinkLife))
		refused(t, err, models.CodeGone)
	}},
}
