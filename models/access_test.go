package models_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/models"
)

// The ways in which a case can belong to somebody.
var standings = []struct {
	name string
	on   models.Standing
}{
	{"own", models.Standing{State: models.StateInvestigating, Department: "repairs", Assignee: "me", RecordedBy: "ivy"}},
	{"department", models.Standing{State: models.StateInvestigating, Department: "repairs", Assignee: "hal", RecordedBy: "ivy"}},
	{"unassigned", models.Standing{State: models.StateDispatched, Department: "repairs", RecordedBy: "ivy"}},
	{"foreign", models.Standing{State: models.StateInvestigating, Department: "sales", Assignee: "sid", RecordedBy: "ivy"}},
	{"moved", models.Standing{State: models.StateInvestigating, Department: "sales", Assignee: "me", RecordedBy: "ivy"}}, // still mine, in a department that is not
	{"received", models.Standing{State: models.StateReceived, RecordedBy: "ivy"}},
	{"recorded", models.Standing{State: models.StateInvestigating, Department: "sales", Assignee: "sid", RecordedBy: "me"}},
}

// mayMatrix says in which standings each role may use each verb; a verb or standing that is not
// named is forbidden. "all" is every standing.
var mayMatrix = map[models.Role]map[models.Verb]string{
	models.RoleIntake: {
		models.VerbOpen: "all", models.VerbDispatch: "received recorded", models.VerbReply: "received recorded",
		models.VerbLogContact: "received recorded", models.VerbNote: "received recorded", models.VerbMessage: "received recorded",
	},
	models.RoleHandler: {
		models.VerbAccept: "own unassigned", models.VerbPropose: "own", models.VerbTellSolution: "own", models.VerbResolve: "own",
		models.VerbTellResult: "own", models.VerbRework: "own", models.VerbArchiveEarly: "own",
		models.VerbReply: "own department unassigned", models.VerbLogContact: "own department unassigned",
		models.VerbNote: "own department unassigned", models.VerbMessage: "own department unassigned",
		models.VerbAcknowledge: "own department unassigned",
	},
	models.RoleDepartmentHead: {
		models.VerbAccept: "own department unassigned", models.VerbReply: "own department unassigned",
		models.VerbLogContact: "own department unassigned", models.VerbNote: "own department unassigned",
		models.VerbMessage: "own department unassigned", models.VerbPropose: "own department unassigned",
		models.VerbTellSolution: "own department unassigned", models.VerbResolve: "own department unassigned",
		models.VerbTellResult: "own department unassigned", models.VerbRework: "own department unassigned",
		models.VerbArchiveEarly: "own department unassigned", models.VerbAcknowledge: "own department unassigned",
	},
	models.RoleSupervisor: {
		models.VerbOpen: "all", models.VerbDispatch: "all", models.VerbReply: "all", models.VerbLogContact: "all",
		models.VerbNote: "all", models.VerbMessage: "all", models.VerbRecordCallback: "all", models.VerbRework: "all",
		models.VerbClose: "all", models.VerbReopen: "all", models.VerbArchive: "all", models.VerbArchiveEarly: "all",
		models.VerbDecide: "all", models.VerbAcknowledge: "all",
	},
	models.RoleEscalationManager: {models.VerbNote: "all", models.VerbAcknowledge: "all"},
	models.RoleExecutive: {
		models.VerbNote: "all", models.VerbApprove: "all", models.VerbReject: "all", models.VerbAcknowledge: "all",
	},
	models.RoleQuality: {
		models.VerbNote: "all", models.VerbMessage: "all", models.VerbRecordCallback: "all", models.VerbArchiveEarly: "all",
	},
	models.RoleHR: {}, models.RoleAdmin: {}, models.RoleOps: {}, models.RoleAuditor: {},
}

// seeMatrix says how much each role sees of a case, by standing.
var seeMatrix = map[models.Role]map[string]models.Sight{
	models.RoleIntake:            {"received": models.SightFull, "recorded": models.SightFull},
	models.RoleHandler:           {"own": models.SightFull, "department": models.SightFull, "unassigned": models.SightFull, "moved": models.SightFull},
	models.RoleDepartmentHead:    {"own": models.SightFull, "department": models.SightFull, "unassigned": models.SightFull, "moved": models.SightFull},
	models.RoleSupervisor:        everySight(models.SightFull),
	models.RoleEscalationManager: everySight(models.SightFull),
	models.RoleExecutive:         everySight(models.SightFull),
	models.RoleAuditor:           everySight(models.SightFull),
	models.RoleQuality:           everySight(models.SightMasked),
	models.RoleHR:                everySight(models.SightNoTexts),
	models.RoleAdmin:             everySight(models.SightNoTexts),
	models.RoleOps:               everySight(models.SightNoTexts),
}

func everySight(s models.Sight) map[string]models.Sight {
	all := map[string]models.Sight{}
	for _, st := range standings {
		all[st.name] = s
	}
	return all
}

func me(kind models.ActorKind, roles ...models.Role) models.Actor {
	return models.Actor{Kind: kind, ID: "me", Roles: roles, Departments: []string{"repairs"}}
}

func TestEachRoleMayDoWhatTheMatrixSaysAndNothingElse(t *testing.T) {
	t.Parallel()
	for _, role := range models.Roles() {
		verbs, known := mayMatrix[role]
		require.True(t, known, role)
		for _, v := range models.Verbs() {
			for _, st := range standings {
				want := verbs[v] == "all" || slices.Contains(strings.Fields(verbs[v]), st.name)
				for _, kind := range []models.ActorKind{models.ActorPerson, models.ActorService} {
					err := models.May(me(kind, role), v, st.on)
					require.Equal(t, want, err == nil, "%s %s a case that is %s", role, v, st.name)
					if err != nil {
						require.Equal(t, models.CodeForbidden, models.CodeOf(err))
					}
				}
			}
		}
	}
}

func TestEachRoleSeesWhatTheMatrixSaysAndNoMore(t *testing.T) {
	t.Parallel()
	for _, role := range models.Roles() {
		sights, known := seeMatrix[role]
		require.True(t, known, role)
		for _, st := range standings {
			require.Equal(t, sights[st.name], models.See(me(models.ActorPerson, role), st.on), "%s sees a case that is %s", role, st.name)
		}
	}
}

func TestAPersonMayAndSeesTheMostThatAnyOfTheirRolesAllows(t *testing.T) {
	t.Parallel()
	foreign := standings[3].on
	both := me(models.ActorPerson, models.RoleQuality, models.RoleAuditor)
	require.Equal(t, models.SightFull, models.See(both, foreign))
	require.NoError(t, models.May(both, models.VerbRecordCallback, foreign))
	require.Error(t, models.May(both, models.VerbClose, foreign))
}

func TestTheCustomerMayDoWhatALinkCarriesAndSeesNoCase(t *testing.T) {
	t.Parallel()
	carried := []models.Verb{models.VerbMessage, models.VerbAnswerSurvey, models.VerbConfirm, models.VerbNotSolved}
	for _, st := range standings {
		for _, v := range models.Verbs() {
			require.Equal(t, slices.Contains(carried, v), models.May(models.TheCustomer(), v, st.on) == nil, v)
		}
		require.Equal(t, models.SightNone, models.See(models.TheCustomer(), st.on))
		require.Equal(t, models.SightFull, models.See(models.System(), st.on))
	}
}

func TestNobodyWithoutARoleMayOrSeesAnything(t *testing.T) {
	t.Parallel()
	for _, a := range []models.Actor{{}, me(models.ActorPerson), me("robot", models.Roles()...), me(models.ActorPerson, "king")} {
		for _, st := range standings {
			for _, v := range models.Verbs() {
				require.Error(t, models.May(a, v, st.on), "%+v", a)
			}
			require.Equal(t, models.SightNone, models.See(a, st.on))
		}
	}
}

func TestEveryVerbIsGrantedToSomebody(t *testing.T) {
	t.Parallel()
	for _, v := range models.Verbs() {
		granted := models.May(models.TheCustomer(), v, models.Standing{}) == nil ||
			slices.ContainsFunc(models.Grants(), func(g models.Grant) bool { return slices.Contains(g.Verbs, v) })
		require.True(t, granted, v)
	}
	for _, g := range models.Grants() {
		for _, v := range g.Verbs {
			require.Contains(t, models.Verbs(), v, g.Role)
		}
	}
}
