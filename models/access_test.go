package models_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/models"
)

// standing is a way in which a case can belong to somebody.
type standing struct {
	name string
	on   models.Standing
}

var standings = []standing{
	{"own", models.Standing{State: models.StateInvestigating, Department: "repairs", Assignee: "me", RecordedBy: "ivy"}},
	{"department", models.Standing{State: models.StateInvestigating, Department: "repairs", Assignee: "hal", RecordedBy: "ivy"}},
	{"unassigned", models.Standing{State: models.StateDispatched, Department: "repairs", RecordedBy: "ivy"}},
	{"foreign", models.Standing{State: models.StateInvestigating, Department: "sales", Assignee: "sid", RecordedBy: "ivy"}},
	{"moved", models.Standing{State: models.StateInvestigating, Department: "sales", Assignee: "me", RecordedBy: "ivy"}}, // still mine, in a department that is not
	{"received", models.Standing{State: models.StateReceived, RecordedBy: "ivy"}},
	{"recorded", models.Standing{State: models.StateInvestigating, Department: "sales", Assignee: "sid", RecordedBy: "me"}},
	{"task", models.Standing{State: models.StateInvestigating, Department: "sales", Assignee: "sid", RecordedBy: "ivy", Tasks: []string{"law", "repairs"}}},
}

// The verbs by who they are for, once more by hand; see product.md, sections 2 and 8.
const (
	talkVerbs = "reply log_contact note message urge promise_contact withdraw link amend attach"
	workVerbs = "propose tell_solution resolve tell_result rework archive_early transfer retract give_task cancel_task " +
		"immediate_measure tell_progress tell_interim pause resume extend lower_severity long_pause compensation not_accept reclassify report void"
)

// mayMatrix says of each role which verbs it may use where; a verb or standing that is not named is
// forbidden. "all" is every standing.
var mayMatrix = map[models.Role]map[string]string{ // places → verbs
	models.RoleIntake: {
		"all":               "open",
		"received recorded": talkVerbs + " dispatch settle recall reclassify lower_severity retract immediate_measure",
	},
	models.RoleHandler: {
		"own unassigned":            "accept",
		"own":                       workVerbs,
		"own department unassigned": talkVerbs + " return acknowledge snooze hand_over",
		"task":                      "finish_task note attach",
	},
	models.RoleDepartmentHead: {
		"own department unassigned": talkVerbs + " " + workVerbs + " accept return assign acknowledge snooze hand_over",
		"task":                      "finish_task note attach",
	},
	models.RoleSupervisor: {
		"all": talkVerbs + " open dispatch recall record_callback rework close reopen archive archive_early decide acknowledge snooze hand_over assign transfer " +
			"cancel_task immediate_measure tell_interim tell_progress pause resume reclassify lower_severity retract supervise restrict merge unmerge void not_accept",
	},
	models.RoleEscalationManager: {"all": "note acknowledge snooze hand_over urge"},
	models.RoleExecutive:         {"all": "note approve reject acknowledge snooze hand_over decide urge restrict"},
	models.RoleQuality:           {"all": "note message record_callback archive_early retract reclassify"},
	models.RoleHR:                {}, models.RoleAdmin: {}, models.RoleOps: {}, models.RoleAuditor: {},
}

// granted says whether the matrix lets a role use a verb where a case stands so.
func granted(role models.Role, v models.Verb, where string) bool {
	for places, verbs := range mayMatrix[role] {
		if (places == "all" || slices.Contains(strings.Fields(places), where)) && slices.Contains(strings.Fields(verbs), string(v)) {
			return true
		}
	}
	return false
}

// seeMatrix says how much each role sees of a case, by standing.
var seeMatrix = map[models.Role]map[string]models.Sight{
	models.RoleIntake:            {"received": models.SightFull, "recorded": models.SightFull},
	models.RoleHandler:           inTheDepartment,
	models.RoleDepartmentHead:    inTheDepartment,
	models.RoleSupervisor:        everySight(models.SightFull),
	models.RoleEscalationManager: everySight(models.SightFull),
	models.RoleExecutive:         everySight(models.SightFull),
	models.RoleAuditor:           everySight(models.SightFull),
	models.RoleQuality:           everySight(models.SightMasked),
	models.RoleHR:                everySight(models.SightNoTexts),
	models.RoleAdmin:             everySight(models.SightNoTexts),
	models.RoleOps:               everySight(models.SightNoTexts),
}

var inTheDepartment = map[string]models.Sight{
	"own": models.SightFull, "department": models.SightFull, "unassigned": models.SightFull, "moved": models.SightFull, "task": models.SightFull,
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
		require.Contains(t, mayMatrix, role)
		for _, v := range models.Verbs() {
			for _, st := range standings {
				want := granted(role, v, st.name)
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
	carried := []models.Verb{
		models.VerbMessage, models.VerbAnswerSurvey, models.VerbConfirm, models.VerbNotSolved, models.VerbWithdraw, models.VerbReschedule,
	}
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

func TestEveryVerbOfTheMatrixIsAVerb(t *testing.T) {
	t.Parallel()
	for role, places := range mayMatrix {
		for _, verbs := range places {
			for v := range strings.FieldsSeq(verbs) {
				require.Contains(t, models.Verbs(), models.Verb(v), role)
			}
		}
	}
}

// circles says who comes near a guarded case or one with a circle at all; roles decide beyond that.
var circles = []struct {
	name   string
	change func(*models.Standing)
	near   func(role models.Role, on models.Standing) bool
}{
	{"everybody's", func(*models.Standing) {}, everybody},
	{"in my circle", func(on *models.Standing) { on.Circle = []string{"ann", "me"} }, everybody},
	{"in another circle", func(on *models.Standing) { on.Circle = []string{"ann"} }, mine},
	{"about staff, before a circle is named", func(on *models.Standing) { on.Nature = models.NatureInternal }, guardians},
	{"with a legal side, before a circle is named", func(on *models.Standing) { on.Nature = models.NatureSpecial }, guardians},
	{"about staff, in my circle", func(on *models.Standing) { on.Nature, on.Circle = models.NatureInternal, []string{"me"} }, everybody},
	{"about staff, in another circle", func(on *models.Standing) { on.Nature, on.Circle = models.NatureInternal, []string{"ann"} }, mine},
	{"about the process", func(on *models.Standing) { on.Nature = models.NatureSystemic }, everybody},
	{"about me", func(on *models.Standing) { on.Named = []string{"ann", "me"} }, nobody},
	{"about me, in my circle", func(on *models.Standing) { on.Named, on.Circle = []string{"me"}, []string{"me"} }, nobody},
	{"about staff and me", func(on *models.Standing) { on.Nature, on.Named = models.NatureInternal, []string{"me"} }, nobody},
	{"about somebody else", func(on *models.Standing) { on.Named = []string{"ann"} }, everybody},
}

func everybody(models.Role, models.Standing) bool { return true }
func nobody(models.Role, models.Standing) bool    { return false }
func mine(_ models.Role, on models.Standing) bool { return on.Assignee == "me" }
func guardians(r models.Role, on models.Standing) bool {
	return r == models.RoleSupervisor || r == models.RoleEscalationManager || r == models.RoleExecutive || on.Assignee == "me" || on.RecordedBy == "me"
}

func TestACircleAndRecusalComeBeforeEveryRole(t *testing.T) {
	t.Parallel()
	for _, c := range circles {
		for _, st := range standings {
			on := st.on
			c.change(&on)
			for _, role := range models.Roles() {
				near := c.near(role, st.on)
				for _, v := range models.Verbs() {
					require.Equal(t, near && granted(role, v, st.name), models.May(me(models.ActorPerson, role), v, on) == nil,
						"%s %s a case that is %s and %s", role, v, st.name, c.name)
				}
				want := models.SightNone
				if near {
					want = seeMatrix[role][st.name]
				}
				require.Equal(t, want, models.See(me(models.ActorPerson, role), on), "%s sees a case that is %s and %s", role, st.name, c.name)
			}
		}
	}
}

func TestNobodyIsMistakenForWhoeverHasNoName(t *testing.T) {
	t.Parallel() // a case without an assignee or recorder is not everybody's whose id is empty
	nameless := models.Actor{Kind: models.ActorService, Roles: []models.Role{models.RoleIntake, models.RoleAuditor}}
	on := models.Standing{State: models.StateReceived, Nature: models.NatureInternal}
	require.Equal(t, models.SightNone, models.See(nameless, on))
}

// shows is how a store reads Visible.
func shows(v models.Visible, on models.Standing) bool {
	place := v.All || v.Received && on.State == models.StateReceived || v.RecordedBy != "" && v.RecordedBy == on.RecordedBy ||
		v.Assignee != "" && v.Assignee == on.Assignee || slices.Contains(v.Departments, on.Department) ||
		slices.ContainsFunc(on.Tasks, func(d string) bool { return slices.Contains(v.Departments, d) })
	guarded := on.Nature.Guarded() || len(on.Circle) > 0
	near := !guarded || slices.Contains(on.Circle, v.Person) || v.Person == on.Assignee ||
		len(on.Circle) == 0 && (v.Guards || v.Person == on.RecordedBy)
	return place && near && !slices.Contains(on.Named, v.Person)
}

func TestAListShowsExactlyWhatCanBeSeenCaseByCase(t *testing.T) {
	t.Parallel()
	for _, c := range circles {
		for _, st := range standings {
			on := st.on
			c.change(&on)
			for _, role := range models.Roles() {
				a := me(models.ActorPerson, role)
				require.Equal(t, models.See(a, on) != models.SightNone, shows(models.VisibleTo(a), on), "%s, a case that is %s and %s", role, st.name, c.name)
			}
		}
	}
}
