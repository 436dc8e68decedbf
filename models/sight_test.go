package models_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/models"
)

func TestContactDataOfAConfidentialCaseIsForTheSupervisorAndTheAssignee(t *testing.T) {
	t.Parallel()
	for _, r := range models.Roles() {
		a := models.Actor{Kind: models.ActorPerson, ID: "p-1", Roles: []models.Role{r}, Departments: []string{"d-1"}}
		c := models.Case{State: models.StateReceived, Department: "d-1", Assignee: "p-2", RecordedBy: "p-1"}
		plain := models.Sees(a, c)
		require.Equal(t, models.See(a, c.Standing()), plain, r)
		c.Confidential = true
		if r == models.RoleSupervisor {
			require.Equal(t, models.SightFull, models.Sees(a, c))
			continue
		}
		require.Equal(t, min(plain, models.SightMasked), models.Sees(a, c), r)
		c.Assignee = "p-1"
		require.Equal(t, models.See(a, c.Standing()), models.Sees(a, c), r)
	}
	nobody := models.Actor{Kind: models.ActorPerson, Roles: []models.Role{models.RoleExecutive}}
	require.Equal(t, models.SightMasked, models.Sees(nobody, models.Case{Confidential: true}), "nobody is not the assignee of what has none")
}

func TestWhatIsVisibleSoWellIsWhatSeeAllows(t *testing.T) {
	t.Parallel()
	for _, one := range models.Roles() {
		for _, two := range models.Roles() {
			a := models.Actor{Kind: models.ActorPerson, ID: "p-1", Roles: []models.Role{one, two}, Departments: []string{"d-1"}}
			for _, least := range []models.Sight{models.SightNoTexts, models.SightMasked, models.SightFull} {
				v := models.VisibleAs(a, least)
				if v.All {
					require.GreaterOrEqual(t, models.See(a, models.Standing{State: models.StateClosed, Department: "d-9"}), least, "%s %s", one, two)
				}
				require.Equal(t, v.Nothing(), models.See(a, models.Standing{
					State: models.StateReceived, Department: "d-1", Assignee: "p-1", RecordedBy: "p-1",
				}) < least, "%s %s %d", one, two, least)
			}
			require.Equal(t, models.VisibleTo(a), models.VisibleAs(a, models.SightNoTexts))
			require.Equal(t, []models.Role{one, two}, a.Roles, "the actor is left as they are")
		}
	}
}
