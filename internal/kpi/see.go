package kpi

import (
	"slices"

	"recourse/models"
)

// sight is models.Visible in the numbers of a table: the same as the store asks row by row.
type sight struct {
	models.Visible
	departments                         map[uint32]bool
	person, assignee, recorder, waiting uint32
}

func (t *Table) sightOf(v models.Visible) sight {
	s := sight{Visible: v, departments: map[uint32]bool{}, person: nowhere, assignee: nowhere, recorder: nowhere, waiting: nowhere}
	for _, d := range v.Departments {
		if d != "" {
			s.departments[t.departments.find(d)] = true
		}
	}
	delete(s.departments, nowhere)
	someone := func(id string) uint32 {
		if id == "" {
			return nowhere
		}
		return t.people.find(id)
	}
	s.person, s.assignee, s.recorder = someone(v.Person), someone(v.Assignee), someone(v.RecordedBy)
	if v.Received {
		s.waiting = t.enums[byState].find(string(models.StateReceived))
	}
	return s
}

// of says whether a row may be seen.
func (s *sight) of(t *Table, slot uint32, r *row) bool {
	if s.Whole {
		return true
	}
	var a access
	if r.flags.is(isNamed) {
		a = t.access[slot]
	}
	if slices.Contains(a.named, s.Person) || !s.near(a, r) {
		return false
	}
	return s.All || s.departments[r.department[ownerNow]] || r.person[ownerNow] == s.assignee || r.recorder == s.recorder ||
		uint32(r.state) == s.waiting || slices.ContainsFunc(a.tasks, func(d string) bool { return slices.Contains(s.Departments, d) })
}

// near says whether somebody may come near a case at all: of a guarded one its circle alone, and whoever is
// responsible for it; before a circle is named, whoever recorded it and those who look after such cases.
func (s *sight) near(a access, r *row) bool {
	switch {
	case len(a.circle) == 0 && !r.flags.is(isGuarded):
		return true
	case slices.Contains(a.circle, s.Person), r.person[ownerNow] == s.person:
		return true
	}
	return len(a.circle) == 0 && (s.Guards || r.recorder == s.person)
}
