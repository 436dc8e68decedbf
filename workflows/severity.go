package workflows

import (
	"fmt"

	"go.temporal.io/sdk/temporal"

	"recourse/models"
)

// branch is what the severity of a case means for how its workflow runs. The ladders themselves are
// data of the plan; here stands, in words, which way each severity goes.
type branch struct {
	name     string
	promise  string // what happens when nobody is quick enough, for whoever reads the Temporal UI
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
		name: "urgent", promise: "head and escalation manager at once, executive when nobody acknowledges",
		priority: temporal.Priority{PriorityKey: 1},
	}
}

// important: reputation or business at risk. The head is told before it is late, the escalation
// manager when it is and must acknowledge, then the executive.
func important() branch {
	return branch{
		name: "important", promise: "department head before it is late, escalation manager when it is, then the executive",
		priority: temporal.Priority{PriorityKey: 2},
	}
}

// general: everything else. The handler is reminded, the department head told when it is late, the
// escalation manager much later.
func general() branch {
	return branch{
		name: "general", promise: "handler before it is late, department head when it is, then the escalation manager",
		priority: temporal.Priority{PriorityKey: 3},
	}
}

// rung says in words what reaching a rung does.
func (b branch) rung(n int) string {
	if n == models.RungAtOnce {
		return b.name + ": alert at once"
	}
	return fmt.Sprintf("%s: rung %d of %s", b.name, n+1, b.promise)
}
