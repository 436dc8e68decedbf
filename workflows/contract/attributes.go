package contract

import (
	"go.temporal.io/sdk/temporal"

	"recourse/internal/lifecycle"
)

// Search attributes of a case, for ops only: states and instants, never personal data. They are
// registered before anybody polls, because an unregistered one stalls a case for ever. NextDueAt is
// as of the last change of one of the others.
var (
	AttrState      = temporal.NewSearchAttributeKeyKeyword("CaseState")
	AttrSeverity   = temporal.NewSearchAttributeKeyKeyword("Severity")
	AttrDepartment = temporal.NewSearchAttributeKeyKeyword("Department")
	AttrChannel    = temporal.NewSearchAttributeKeyKeyword("Channel")
	AttrOpenAlerts = temporal.NewSearchAttributeKeyInt64("OpenAlerts") // out and waiting for an acknowledgement
	AttrNextDueAt  = temporal.NewSearchAttributeKeyTime("NextDueAt")
	AttrBreached   = temporal.NewSearchAttributeKeyBool("Breached") // some clock ever ran past a bound
	AttrOverdue    = temporal.NewSearchAttributeKeyBool("Overdue")  // some clock is past a bound now
	AttrProblem    = temporal.NewSearchAttributeKeyBool("ProblemCase")
)

// AttributeTypes lists the search attributes with the names of their Temporal types.
func AttributeTypes() map[string]string {
	return map[string]string{
		AttrState.GetName(): "Keyword", AttrSeverity.GetName(): "Keyword", AttrDepartment.GetName(): "Keyword",
		AttrChannel.GetName(): "Keyword", AttrOpenAlerts.GetName(): "Int", AttrNextDueAt.GetName(): "Datetime",
		AttrBreached.GetName(): "Bool", AttrOverdue.GetName(): "Bool", AttrProblem.GetName(): "Bool",
	}
}

// Attributes returns the search attributes of a case as it stands.
func Attributes(c lifecycle.Case) []temporal.SearchAttributeUpdate {
	updates := []temporal.SearchAttributeUpdate{
		AttrState.ValueSet(string(c.State)),
		AttrSeverity.ValueSet(string(c.Severity)),
		AttrChannel.ValueSet(string(c.Opened.Channel)),
		AttrOpenAlerts.ValueSet(int64(c.Unacknowledged())),
		AttrBreached.ValueSet(c.EverLate),
		AttrOverdue.ValueSet(c.Overdue()),
		AttrProblem.ValueSet(c.Problem),
	}
	if c.Department != "" {
		updates = append(updates, AttrDepartment.ValueSet(c.Department))
	}
	if next, _ := lifecycle.Agenda(c); !next.IsZero() {
		updates = append(updates, AttrNextDueAt.ValueSet(next))
	}
	return updates
}
