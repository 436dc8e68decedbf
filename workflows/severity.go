package workflows

import (
	"fmt"
	"strings"

	"go.temporal.io/sdk/temporal"

	"recourse/models"
)

// branch is what the severity of a case means for how its workflow runs. The ladders themselves are
// data of the plan; here stands, in words, which way each severity goes.
type branch struct {
	name     string
	late     string // who hears of a broken promise, for whoever reads the Temporal UI
	priority temporal.Priority
}

// branch picks the way by severity.
func (w *complaint) branch() branch {
	switch w.c.Severity {
	case models.SeverityUrgent:
		return urgent()
	case models.SeverityImportant:
		return important()
	case models.SeverityGeneral:
		return general()
	}
	return general()
}

// urgent: safety or major loss. The department head and the escalation manager are told at once and
// must acknowledge in minutes; then the executive, again and again. Everything of it goes first.
func urgent() branch {
	return branch{
		name: "urgent", late: "the executive is told",
		priority: temporal.Priority{PriorityKey: 1},
	}
}

// important: reputation or business at risk. The head is told before it is late, the escalation
// manager when it is and must acknowledge, then the executive.
func important() branch {
	return branch{
		name: "important", late: "the escalation manager must acknowledge",
		priority: temporal.Priority{PriorityKey: 2},
	}
}

// general: everything else. The handler is reminded, the department head told when it is late, the
// escalation manager much later.
func general() branch {
	return branch{
		name: "general", late: "the department head is told",
		priority: temporal.Priority{PriorityKey: 3},
	}
}

// rung says in words what reaching a rung does.
func (b branch) rung(roles []models.Role) string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = strings.ReplaceAll(string(r), "_", " ")
	}
	return fmt.Sprintf("%s ladder alerts %s", b.name, strings.Join(names, " and "))
}
