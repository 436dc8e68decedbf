package main

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/lifecycle"
	"recourse/models"
)

func TestThePageInDocsIsCurrent(t *testing.T) {
	t.Parallel()
	onDisk, err := os.ReadFile("../../../docs/case-states.md")
	require.NoError(t, err)
	require.Equal(t, page(), string(onDisk), "stale: go generate ./models/...")
}

func TestThePageNamesEveryStateEveryVerbAndWhoMay(t *testing.T) {
	t.Parallel()
	p := page()
	for _, s := range models.States() {
		require.Contains(t, p, "\n| "+code(s)+" |")
		require.NotEmpty(t, meaning[s], s)
	}
	require.Len(t, meaning, len(models.States()))
	for _, v := range models.Verbs() {
		require.Contains(t, p, "\n| "+code(v)+" |")
		require.NotEmpty(t, who(v), v)
	}
	for _, r := range []models.Role{models.RoleSupervisor, models.RoleHandler, models.RoleQuality} {
		require.Contains(t, p, string(r)+" (")
	}
}

func TestThePageSaysEverythingThatHappensByItself(t *testing.T) {
	t.Parallel()
	told := map[lifecycle.DueKind]bool{}
	for _, it := range byItself() {
		told[it.kind] = true
		require.Contains(t, page(), it.says)
		for _, from := range it.from {
			require.True(t, it.to == "" || models.MayBecome(from, it.to), "%s → %s", from, it.to)
		}
	}
	for _, k := range []lifecycle.DueKind{
		lifecycle.DueBreach, lifecycle.DueRung, lifecycle.DueUnacked, lifecycle.DueSurvey, lifecycle.DueClose, lifecycle.DueArchive,
		lifecycle.DueApology, lifecycle.DueResume, lifecycle.DueRemind,
	} {
		require.True(t, told[k], k)
	}
}

func TestTheDiagramDrawsEveryChangeOfStateOnce(t *testing.T) {
	t.Parallel()
	arrows := map[string]int{}
	for line := range strings.Lines(page()) {
		if change, _, is := strings.Cut(strings.TrimSpace(line), ":"); is && strings.Contains(change, " --> ") {
			arrows[change]++
		}
	}
	for _, m := range models.Law() {
		for _, from := range m.From {
			for _, to := range m.To {
				if from != to {
					require.Equal(t, 1, arrows[node(from)+" --> "+string(to)], "%s while %s", m.Verb, from)
				}
			}
		}
	}
}

// places are standings of which exactly the grants of one place hold, whatever the state.
var places = map[string]models.Standing{
	"anywhere":                            {Department: "sales", Assignee: "sid", RecordedBy: "ivy"},
	"own or received":                     {Department: "sales", Assignee: "sid", RecordedBy: "me"},
	"own or unassigned in the department": {Department: "repairs", RecordedBy: "ivy"},
	"own":                                 {Department: "repairs", Assignee: "me", RecordedBy: "ivy"},
	"department":                          {Department: "repairs", Assignee: "hal", RecordedBy: "ivy"},
	"given a joint task":                  {Department: "sales", Assignee: "sid", RecordedBy: "ivy", Tasks: []string{"repairs"}},
}

func TestEveryCellOfTheTableIsWhatTheLawAndTheAccessTableSay(t *testing.T) {
	t.Parallel()
	lines := map[string]string{} // state and verb → who may
	_, after, _ := strings.Cut(page(), "## Who may do what where")
	section, _, _ := strings.Cut(after, "\n## ")
	for line := range strings.Lines(section) {
		if cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), " | "); len(cells) == 3 && strings.Contains(cells[1], "`") {
			lines[strings.TrimSpace(cells[0])+" "+cells[1]] = strings.TrimSpace(cells[2])
		}
	}
	for _, s := range append([]models.State{models.StateNone}, models.States()...) {
		for _, v := range models.Verbs() {
			may, told := lines[while([]models.State{s})+" "+code(v)]
			require.Equal(t, models.Lawful(v, s), told, "%s while %q", v, s)
			if !told || strings.Contains(may, "in a group") {
				continue
			}
			require.Equal(t, models.May(models.TheCustomer(), v, models.Standing{State: s}) == nil, strings.Contains(may, "the customer (by link)"), "%s while %s", v, s)
			for _, role := range models.Roles() {
				actor := models.Actor{Kind: models.ActorPerson, ID: "me", Roles: []models.Role{role}, Departments: []string{"repairs"}}
				for place, on := range places {
					on.State = s
					named := strings.Contains(may, string(role)+" ("+place+")")
					if named {
						require.NoError(t, models.May(actor, v, on), "%s: %s while %s, %s", role, v, s, place)
					}
					if !strings.Contains(may, string(role)+" (") {
						require.Error(t, models.May(actor, v, on), "%s: %s while %s, %s", role, v, s, place)
					}
				}
			}
		}
	}
	require.Len(t, places, len(placesOfGrants()))
}

// placesOfGrants lists the places that the access table speaks of.
func placesOfGrants() map[string]bool {
	all := map[string]bool{}
	for _, g := range models.Grants() {
		all[g.Place] = true
	}
	return all
}
