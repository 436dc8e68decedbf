package models

import "slices"

// Sees is See for a whole case, contact data included: what is confidential is for the supervisor and
// for whoever handles it, and everybody else sees it masked.
func Sees(a Actor, c Case) Sight {
	sight := See(a, c.Standing())
	if sight == SightFull && c.Confidential && !knowsConfidential(a, c) {
		return SightMasked
	}
	return sight
}

func knowsConfidential(a Actor, c Case) bool {
	return a.Kind == ActorSystem || a.Is(RoleSupervisor) || a.ID != "" && c.Assignee == a.ID
}

// VisibleAs says which cases an actor sees at least so well, for a search in what the others of their
// cases do not show them. What is confidential is not told apart here: ask Sees case by case.
func VisibleAs(a Actor, least Sight) Visible {
	a.Roles = slices.DeleteFunc(slices.Clone(a.Roles), func(r Role) bool { return best(r) < least })
	return VisibleTo(a)
}

// best is the most that a role ever sees of a case, asked of See itself.
func best(r Role) Sight {
	insider := Actor{Kind: ActorPerson, ID: "x", Roles: []Role{r}, Departments: []string{"x"}}
	return See(insider, Standing{State: StateReceived, Department: "x", Assignee: "x", RecordedBy: "x"})
}

// Nothing says whether nothing can be seen.
func (v Visible) Nothing() bool {
	return !v.Whole && !v.All && !v.Received && v.RecordedBy == "" && v.Assignee == "" && len(v.Departments) == 0
}

// SeesCompany says whether an actor sees the cases of the whole company, and so the figures of it.
func SeesCompany(a Actor) bool { return a.Kind == ActorSystem || VisibleTo(a).All }
