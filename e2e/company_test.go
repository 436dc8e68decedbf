package e2e_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/internal/store"
	"recourse/models"
)

// Departments of the tests.
const (
	care       = "care"    // handles
	repairs    = "repairs" // handles other cases
	quality    = "quality"
	management = "management"
)

// People who share a role with somebody.
const (
	stranger   = "stranger"   // handler of another department
	otherClerk = "otherClerk" // takes complaints in, but not these
	secondOne  = "secondOne"  // supervisor who decides what the other asks
)

// company puts departments, one person per role and their tokens on record, as a finished
// installation has them.
func (s *stack) company(t *testing.T) {
	t.Helper()
	record, err := store.Open(t.Context(), s.url, store.Options{})
	require.NoError(t, err)
	defer func() { require.NoError(t, record.Close()) }()
	now := time.Now().UTC().Truncate(time.Microsecond)
	for _, id := range []string{management, care, repairs, quality} {
		require.NoError(t, record.PutDepartment(t.Context(), models.Department{
			ID: id, NameZH: id, NameEN: id, Supervising: management, CreatedAt: now,
		}))
	}
	for _, p := range people() {
		p.CreatedAt = now
		require.NoError(t, record.PutPerson(t.Context(), p))
		token := cases.TokenPrefix + uuid.NewString()
		require.NoError(t, record.PutToken(t.Context(), models.Token{
			ID: uuid.NewString(), PersonID: p.ID, Hash: cases.HashToken(token), CreatedAt: now, ExpiresAt: now.Add(time.Hour),
		}))
		s.tokens[p.ID] = token
	}
}

func people() []models.Person {
	var all []models.Person
	add := func(id string, role models.Role, departments ...string) {
		all = append(all, models.Person{
			ID: id, Name: id, Language: models.LanguageEN, Roles: []models.Role{role}, Departments: departments,
		})
	}
	for _, role := range models.Roles() {
		department := management
		switch role { //nolint:exhaustive // the others are of the management
		case models.RoleHandler, models.RoleDepartmentHead:
			department = care
		case models.RoleQuality:
			department = quality
		}
		add(string(role), role, department)
	}
	add(otherClerk, models.RoleIntake, management)
	add(stranger, models.RoleHandler, repairs)
	add(secondOne, models.RoleSupervisor, management)
	return all
}
