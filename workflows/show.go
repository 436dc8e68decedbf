package workflows

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"recourse/internal/lifecycle"
	"recourse/models"
	"recourse/workflows/contract"
)

// shown is what the search attributes say of a case; they are written only when it changes.
type shown struct {
	state      models.State
	severity   models.Severity
	department string
	breached   bool
	overdue    bool
	alerts     int
}

func attributesOf(c lifecycle.Case) shown {
	return shown{
		state: c.State, severity: c.Severity, department: c.Department, breached: c.EverLate,
		overdue: overdue(c), alerts: awaitingAcknowledgement(c),
	}
}

// overdue says that a clock that still runs is past one of its bounds.
func overdue(c lifecycle.Case) bool {
	return slices.ContainsFunc(c.Runs, func(r lifecycle.Run) bool {
		return r.Running() && (r.TargetMissed || r.LimitMissed)
	})
}

func awaitingAcknowledgement(c lifecycle.Case) int {
	n := 0
	for _, a := range c.Alerts {
		if !a.AckBy.IsZero() {
			n++
		}
	}
	return n
}

// show tells ops where the case stands: search attributes when they change, and the details page of
// the Temporal UI, which costs no event.
func (w *complaint) show(ctx workflow.Context) error {
	workflow.SetCurrentDetails(ctx, w.details())
	now := attributesOf(w.c)
	if now == w.shown {
		return nil
	}
	w.shown = now
	return workflow.UpsertTypedSearchAttributes(ctx, Attributes(w.c)...)
}

// Attributes returns the search attributes of a case as it stands.
func Attributes(c lifecycle.Case) []temporal.SearchAttributeUpdate {
	s := attributesOf(c)
	updates := []temporal.SearchAttributeUpdate{
		contract.AttrState.ValueSet(string(s.state)),
		contract.AttrSeverity.ValueSet(string(s.severity)),
		contract.AttrChannel.ValueSet(string(c.Opened.Channel)),
		contract.AttrOpenAlerts.ValueSet(int64(s.alerts)),
		contract.AttrBreached.ValueSet(s.breached),
		contract.AttrOverdue.ValueSet(s.overdue),
		contract.AttrProblem.ValueSet(false), // problem cases come with the verbs that make them
	}
	if s.department != "" {
		updates = append(updates, contract.AttrDepartment.ValueSet(s.department))
	}
	if next, _ := lifecycle.Agenda(c); !next.IsZero() {
		updates = append(updates, contract.AttrNextDueAt.ValueSet(next))
	}
	return updates
}

// details is the page an operator reads in the Temporal UI: where the case stands, what it waits
// for, until when, and what happens then.
func (w *complaint) details() string {
	var b strings.Builder
	fmt.Fprintf(&b, "### %s · %s · %s\n\n", w.c.Opened.Number, w.c.State, w.c.Severity)
	fmt.Fprintf(&b, "| | |\n|---|---|\n| department | %s |\n| cycle | %d |\n| event | %d, on record up to %d |\n",
		orDash(w.c.Department), w.c.Cycle, w.c.Seq, w.recorded)
	if w.degraded {
		b.WriteString("| **store** | **away; a durable activity catches up** |\n")
	}
	if n := awaitingAcknowledgement(w.c); n > 0 {
		fmt.Fprintf(&b, "| **alerts** | **%d wait for an acknowledgement** |\n", n)
	}
	_, agenda := lifecycle.Agenda(w.c)
	if len(agenda) == 0 {
		return b.String()
	}
	b.WriteString("\n| when (UTC) | then |\n|---|---|\n")
	for _, due := range agenda[:min(len(agenda), 6)] {
		fmt.Fprintf(&b, "| %s | %s |\n", due.At.Format(time.DateTime), w.what(due))
	}
	return b.String()
}

func orDash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}
