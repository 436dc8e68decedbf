package workflows

import (
	"fmt"
	"strings"
	"time"

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
	problem    bool
	alerts     int
}

func attributesOf(c lifecycle.Case) shown {
	return shown{
		state: c.State, severity: c.Severity, department: c.Department, breached: c.EverLate,
		overdue: c.Overdue(), problem: c.Problem, alerts: c.Unacknowledged(),
	}
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
	return workflow.UpsertTypedSearchAttributes(ctx, contract.Attributes(w.c)...)
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
	if p := w.c.Pause; p.Seq != 0 {
		fmt.Fprintf(&b, "| **paused** | **%s, until %s** |\n", p.Reason, p.Until.Format(time.DateTime))
	}
	if n := len(w.c.Tasks); n > 0 {
		fmt.Fprintf(&b, "| joint tasks | %d open |\n", n)
	}
	if w.c.Problem {
		b.WriteString("| **problem case** | **reworked, or handed to and fro, too often** |\n")
	}
	if n := w.c.Unacknowledged(); n > 0 {
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
