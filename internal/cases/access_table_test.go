package cases_test

import (
	"slices"

	"recourse/models"
)

// What the access table lets somebody know, from nothing to all.
const (
	nothing = iota
	standing
	words
	everything
)

// reads is the access table read a second time, from product.md, section 8, and ADR 14, and not from
// the code: how much of a case each role knows.
var reads = map[models.Role]func(a models.Actor, c models.Case) int{
	models.RoleIntake: func(a models.Actor, c models.Case) int {
		return everythingIf(c.RecordedBy == a.ID || c.State == "received")
	},
	models.RoleHandler:           ofTheDepartment,
	models.RoleDepartmentHead:    ofTheDepartment,
	models.RoleSupervisor:        ofAll(everything),
	models.RoleEscalationManager: ofAll(everything),
	models.RoleExecutive:         ofAll(everything),
	models.RoleAuditor:           ofAll(everything),
	models.RoleQuality:           ofAll(words),
	models.RoleOps:               ofAll(standing),
	models.RoleHR:                ofAll(standing),
	models.RoleAdmin:             ofAll(standing),
}

func ofAll(level int) func(models.Actor, models.Case) int {
	return func(models.Actor, models.Case) int { return level }
}

func everythingIf(yes bool) int {
	if yes {
		return everything
	}
	return nothing
}

// ofTheDepartment: their own cases, those of their departments, and those in which a department of
// theirs was given a joint task.
func ofTheDepartment(a models.Actor, c models.Case) int {
	for _, d := range a.Departments {
		if c.Department == d || slices.Contains(c.Tasks, d) {
			return everything
		}
	}
	return everythingIf(c.Assignee == a.ID)
}

// keptAway: from what is about them, and from the inner affairs of others. A complaint about staff or
// with a legal side, and whatever has a circle, is for the circle and for whoever is responsible; while
// there is no circle, for whoever recorded it and those whom its alerts reach.
func keptAway(a models.Actor, c models.Case) bool {
	if slices.Contains(c.Named, a.ID) {
		return true
	}
	inner := c.Nature == "internal" || c.Nature == "special" || len(c.Circle) != 0
	if !inner || c.Assignee == a.ID || slices.Contains(c.Circle, a.ID) {
		return false
	}
	if len(c.Circle) != 0 || c.RecordedBy == a.ID {
		return len(c.Circle) != 0
	}
	for _, r := range a.Roles {
		if r == "supervisor" || r == "escalation_manager" || r == "executive" {
			return false
		}
	}
	return true
}

// mayKnow is how much of a case somebody may know; of what is confidential, contact data is for
// supervisors and whoever is responsible.
func mayKnow(a models.Actor, c models.Case) int {
	level := nothing
	if keptAway(a, c) {
		return level
	}
	for _, r := range a.Roles {
		level = max(level, reads[r](a, c))
	}
	if c.Confidential && c.Assignee != a.ID && !slices.Contains(a.Roles, "supervisor") {
		level = min(level, words)
	}
	return level
}
