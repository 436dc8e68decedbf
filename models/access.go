package models

import (
	"fmt"
	"slices"
)

// Standing is all that access depends on in a case: no more than where it stands and whose it is.
type Standing struct {
	State      State
	Department string // that handles it; empty before the first dispatch
	Assignee   string // person responsible; empty until somebody accepts
	RecordedBy string // person or service that put it on record
}

// Sight is how much of a case somebody may see.
type Sight int

// The sights, from nothing to all.
const (
	SightNone    Sight = iota // the case does not exist for them
	SightNoTexts              // states, instants and figures
	SightMasked               // texts, but no contact data
	SightFull
)

// May says who may use verb on a case that stands so: nil, or an Error with CodeForbidden. It is
// the one place where this is decided, for every door; a verb's own conditions (the decider is
// never the asker, a callback is made by an outsider) are the kernel's.
func May(a Actor, v Verb, on Standing) error {
	if mayUse(a, v, on) {
		return nil
	}
	return Refuse(CodeForbidden, fmt.Sprintf("%s is not for you on this case", v))
}

func mayUse(a Actor, v Verb, on Standing) bool {
	switch a.Kind {
	case ActorSystem:
		return true
	case ActorCustomer:
		return slices.Contains(customerVerbs, v)
	case ActorPerson, ActorService:
		return slices.ContainsFunc(grants, func(g grant) bool {
			return slices.Contains(g.verbs, v) && a.Is(g.role) && g.where(a, on)
		})
	}
	return false
}

// Is says whether the actor has role r.
func (a Actor) Is(r Role) bool { return slices.Contains(a.Roles, r) }

// In says whether the actor belongs to department d.
func (a Actor) In(d string) bool { return d != "" && slices.Contains(a.Departments, d) }

// customerVerbs are the verbs that a secret link carries.
var customerVerbs = []Verb{VerbMessage, VerbConfirm, VerbNotSolved, VerbAnswerSurvey}

// A grant is one line of the access table: this role may use these verbs where this holds.
type grant struct {
	role  Role
	where func(Actor, Standing) bool
	place string // names where, for docs and tests
	verbs []Verb
}

func anywhere(Actor, Standing) bool          { return true }
func inDepartment(a Actor, on Standing) bool { return a.In(on.Department) }
func ownOrReceived(a Actor, on Standing) bool {
	return on.RecordedBy == a.ID || on.State == StateReceived
}

func ownInDepartment(a Actor, on Standing) bool { return a.In(on.Department) && on.Assignee == a.ID }

func freeInDepartment(a Actor, on Standing) bool {
	return a.In(on.Department) && (on.Assignee == "" || on.Assignee == a.ID)
}

// grants is the access table of the verbs.
var grants = []grant{
	{RoleIntake, anywhere, "anywhere", []Verb{VerbOpen}},
	{RoleIntake, ownOrReceived, "own or received", []Verb{VerbDispatch, VerbReply, VerbLogContact, VerbNote, VerbMessage}},
	{RoleHandler, freeInDepartment, "own or unassigned in the department", []Verb{VerbAccept}},
	{RoleHandler, ownInDepartment, "own", []Verb{
		VerbPropose, VerbTellSolution, VerbResolve, VerbTellResult, VerbRework, VerbArchiveEarly,
	}},
	{RoleHandler, inDepartment, "department", []Verb{VerbReply, VerbLogContact, VerbNote, VerbMessage, VerbAcknowledge}},
	{RoleDepartmentHead, inDepartment, "department", []Verb{
		VerbAccept, VerbReply, VerbLogContact, VerbNote, VerbMessage, VerbPropose, VerbTellSolution, VerbResolve,
		VerbTellResult, VerbRework, VerbArchiveEarly, VerbAcknowledge,
	}},
	{RoleSupervisor, anywhere, "anywhere", []Verb{
		VerbOpen, VerbDispatch, VerbReply, VerbLogContact, VerbNote, VerbMessage, VerbRecordCallback, VerbRework,
		VerbClose, VerbReopen, VerbArchive, VerbArchiveEarly, VerbDecide, VerbAcknowledge,
	}},
	{RoleQuality, anywhere, "anywhere", []Verb{VerbNote, VerbMessage, VerbRecordCallback, VerbArchiveEarly}},
	{RoleEscalationManager, anywhere, "anywhere", []Verb{VerbNote, VerbAcknowledge}},
	{RoleExecutive, anywhere, "anywhere", []Verb{VerbNote, VerbApprove, VerbReject, VerbAcknowledge}},
}

// Grant is one line of the access table in words, for docs and tests.
type Grant struct {
	Role  Role
	Place string
	Verbs []Verb
}

// Grants returns the access table of the verbs in words.
func Grants() []Grant {
	table := make([]Grant, len(grants))
	for i, g := range grants {
		table[i] = Grant{Role: g.role, Place: g.place, Verbs: slices.Clone(g.verbs)}
	}
	return table
}

// See says how much of a case that stands so the actor may see: the most that any of their roles
// allows.
func See(a Actor, on Standing) Sight {
	switch a.Kind {
	case ActorSystem:
		return SightFull
	case ActorCustomer: // sees the page behind the link, never the case
		return SightNone
	case ActorPerson, ActorService:
		sight := SightNone
		for _, r := range a.Roles {
			sight = max(sight, seeAs(r, a, on))
		}
		return sight
	}
	return SightNone
}

func seeAs(r Role, a Actor, on Standing) Sight {
	full := func(may bool) Sight {
		if may {
			return SightFull
		}
		return SightNone
	}
	switch r {
	case RoleIntake:
		return full(ownOrReceived(a, on))
	case RoleHandler, RoleDepartmentHead:
		return full(inDepartment(a, on) || on.Assignee == a.ID)
	case RoleSupervisor, RoleEscalationManager, RoleExecutive, RoleAuditor:
		return SightFull
	case RoleQuality:
		return SightMasked
	case RoleOps, RoleHR, RoleAdmin:
		return SightNoTexts
	}
	return SightNone
}
