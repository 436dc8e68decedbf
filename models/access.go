package models

import (
	"fmt"
	"slices"
)

// Standing is all that access depends on in a case: no more than where it stands and whose it is.
type Standing struct {
	State      State
	Nature     Nature
	Department string   // that handles it; empty before the first dispatch
	Assignee   string   // person responsible; empty until somebody accepts
	RecordedBy string   // person or service that put it on record
	Tasks      []string // departments with an open joint task
	Circle     []string // people who alone may see it; empty: everybody whose role allows it
	Named      []string // people whom it is about: they are kept away from it
}

// Guarded says whether cases of this nature are for a named circle only.
func (n Nature) Guarded() bool { return n == NatureInternal || n == NatureSpecial }

// admits says whether somebody may come near a case at all, whatever their roles: nobody whom it is
// about, and of a guarded case its circle alone: those named, and whoever is responsible for it.
// Before a circle is named, that is whoever recorded it, and those whom its
// alerts reach: supervisors, escalation managers and executives.
func admits(a Actor, on Standing) bool {
	switch {
	case slices.Contains(on.Named, a.ID):
		return false
	case !on.Nature.Guarded() && len(on.Circle) == 0:
		return true
	case slices.Contains(on.Circle, a.ID) || a.ID != "" && on.Assignee == a.ID:
		return true
	}
	return len(on.Circle) == 0 && (guards(a) || a.ID != "" && on.RecordedBy == a.ID)
}

// guards says whether somebody looks after guarded cases before a circle is named.
func guards(a Actor) bool {
	return a.Is(RoleSupervisor) || a.Is(RoleEscalationManager) || a.Is(RoleExecutive)
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
		return admits(a, on) && slices.ContainsFunc(grants, func(g grant) bool {
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
var customerVerbs = []Verb{VerbMessage, VerbConfirm, VerbNotSolved, VerbAnswerSurvey, VerbWithdraw, VerbReschedule}

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

func givenTask(a Actor, on Standing) bool {
	return slices.ContainsFunc(on.Tasks, func(d string) bool { return a.In(d) })
}

func ownInDepartment(a Actor, on Standing) bool { return a.In(on.Department) && on.Assignee == a.ID }

func freeInDepartment(a Actor, on Standing) bool {
	return a.In(on.Department) && (on.Assignee == "" || on.Assignee == a.ID)
}

// talk are the verbs of whoever speaks with the customer about a case.
var talk = []Verb{
	VerbReply, VerbLogContact, VerbNote, VerbMessage, VerbUrge, VerbPromiseContact, VerbWithdraw, VerbLink, VerbAmend, VerbAttach,
}

// work are the verbs of whoever is responsible for a case.
var work = []Verb{
	VerbPropose, VerbTellSolution, VerbResolve, VerbTellResult, VerbRework, VerbArchiveEarly, VerbTransfer, VerbRetract,
	VerbGiveTask, VerbCancelTask, VerbImmediateMeasure, VerbTellProgress, VerbTellInterim, VerbPause, VerbResume, VerbExtend,
	VerbLowerSeverity, VerbLongPause, VerbCompensate, VerbNotAccept, VerbReclassify, VerbReport, VerbVoid,
}

// onAlerts are the verbs of whoever alerts reach; to which of them each one went is the kernel's to know.
var onAlerts = []Verb{VerbAcknowledge, VerbSnooze, VerbHandOver}

// grants is the access table of the verbs.
var grants = []grant{
	{RoleIntake, anywhere, "anywhere", []Verb{VerbOpen}},
	{RoleIntake, ownOrReceived, "own or received", slices.Concat(talk, []Verb{
		VerbDispatch, VerbSettle, VerbRecall, VerbReclassify, VerbLowerSeverity, VerbRetract, VerbImmediateMeasure,
	})},
	{RoleHandler, freeInDepartment, "own or unassigned in the department", []Verb{VerbAccept}},
	{RoleHandler, ownInDepartment, "own", work},
	{RoleHandler, inDepartment, "department", slices.Concat(talk, []Verb{VerbReturn}, onAlerts)},
	{RoleHandler, givenTask, "given a joint task", []Verb{VerbFinishTask, VerbNote, VerbAttach}},
	{RoleDepartmentHead, inDepartment, "department", slices.Concat(talk, work, []Verb{VerbAccept, VerbReturn, VerbAssign}, onAlerts)},
	{RoleDepartmentHead, givenTask, "given a joint task", []Verb{VerbFinishTask, VerbNote, VerbAttach}},
	{RoleSupervisor, anywhere, "anywhere", slices.Concat(talk, []Verb{
		VerbOpen, VerbDispatch, VerbRecall, VerbRecordCallback, VerbRework, VerbClose, VerbReopen, VerbArchive, VerbArchiveEarly,
		VerbDecide, VerbAssign, VerbTransfer, VerbCancelTask, VerbImmediateMeasure, VerbTellInterim, VerbTellProgress,
		VerbPause, VerbResume, VerbReclassify, VerbSupervise, VerbRestrict, VerbMerge, VerbUnmerge, VerbVoid, VerbNotAccept,
		VerbLowerSeverity, VerbRetract,
	}, onAlerts)},
	{RoleQuality, anywhere, "anywhere", []Verb{VerbNote, VerbMessage, VerbRecordCallback, VerbArchiveEarly, VerbRetract, VerbReclassify}},
	{RoleEscalationManager, anywhere, "anywhere", slices.Concat([]Verb{VerbNote, VerbUrge}, onAlerts)},
	{RoleExecutive, anywhere, "anywhere", slices.Concat([]Verb{VerbNote, VerbApprove, VerbReject, VerbDecide, VerbUrge, VerbRestrict}, onAlerts)},
}

// TakesOn lists the roles whose alerts somebody may take on: their own, and those below them in the
// escalation chain.
func TakesOn(a Actor) []Role {
	return slices.DeleteFunc(Roles(), func(r Role) bool {
		return !a.Is(r) && !slices.ContainsFunc(Above(r), a.Is)
	})
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
		if !admits(a, on) {
			return SightNone
		}
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
		return full(inDepartment(a, on) || on.Assignee == a.ID || givenTask(a, on))
	case RoleSupervisor, RoleEscalationManager, RoleExecutive, RoleAuditor:
		return SightFull
	case RoleQuality:
		return SightMasked
	case RoleOps, RoleHR, RoleAdmin:
		return SightNoTexts
	}
	return SightNone
}
