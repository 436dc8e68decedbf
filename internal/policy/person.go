package policy

import (
	"cmp"
	"slices"

	"recourse/models"
)

// Load is what the choice of a person depends on beside who they are.
type Load struct {
	Absent map[string]bool
	Open   map[string]int // open cases by person
}

// PersonFor chooses who of a department, or of a team of it, gets a case: present, a handler, of the
// case's language if anybody is, with the fewest open cases, then by id. Empty: there is nobody.
func PersonFor(people []models.Person, d Destination, language models.Language, load Load) string {
	able := slices.DeleteFunc(slices.Clone(people), func(p models.Person) bool {
		return !Handles(p, d) || load.Absent[p.ID]
	})
	speaks := slices.DeleteFunc(slices.Clone(able), func(p models.Person) bool { return !p.Speaks(language) })
	if len(speaks) > 0 {
		able = speaks
	}
	if len(able) == 0 {
		return ""
	}
	return slices.MinFunc(able, func(a, b models.Person) int {
		return cmp.Or(cmp.Compare(load.Open[a.ID], load.Open[b.ID]), cmp.Compare(a.ID, b.ID))
	}).ID
}

// Handles says whether somebody handles cases there, if they are present.
func Handles(p models.Person, d Destination) bool {
	return p.DisabledAt == nil && !p.Service && p.Actor().Is(models.RoleHandler) && p.Actor().In(d.Department) &&
		(d.Team == "" || slices.Contains(p.Teams, d.Team))
}
