package lifecycle

import (
	"time"

	"recourse/models"
)

// Effect is something the world must be told or given because of an event. An activity or the
// dispatcher carries it out; each is known by a key of its own, so that twice is once.
type Effect interface{ effect() }

// Tell sends a message, in the language of whoever gets it.
type Tell struct {
	Template   string
	Customer   bool          // the customer, by the way given
	Person     string        // this person
	Roles      []models.Role // whoever has one of these roles for the case
	Department string        // the head of this department
}

// OfferSurvey gives the customer a secret link to the survey of a cycle.
type OfferSurvey struct {
	Cycle   int       `json:"cycle"`
	Expires time.Time `json:"expires"`
}

// PlaceCallback gives somebody outside the handling department a call to make.
type PlaceCallback struct {
	Cycle     int       `json:"cycle"`
	Attempt   int       `json:"attempt"`
	NotBefore time.Time `json:"not_before"`
	Until     time.Time `json:"until"`
}

// SealArchive seals the whole record.
type SealArchive struct{}

func (Tell) effect()          {}
func (OfferSurvey) effect()   {}
func (PlaceCallback) effect() {}
func (SealArchive) effect()   {}

// Templates of the messages, each in both languages in internal/notify.
const (
	TellReceipt   = "receipt"    // to the customer: number and the case's own deadlines
	TellReply     = "reply"      // to the customer
	TellSolution  = "solution"   // to the customer
	TellResult    = "result"     // to the customer
	TellSurvey    = "survey"     // to the customer: link to the survey
	TellWorkOrder = "work_order" // to whoever must accept, copied to the supervising department
	TellApproval  = "approval"   // to the executive: a solution waits
	TellRejected  = "rejected"   // to the proposer
	TellApproved  = "approved"   // to the proposer
	TellRequest   = "request"    // to the deciding role
	TellDecided   = "decided"    // to whoever asked
	TellRework    = "rework"     // to the handler and the head
	TellMessage   = "message"    // to the handler and the head: the customer wrote
	TellAnswer    = "answer"     // to the department: a survey was answered
	TellAlert     = "alert"      // one rung of a ladder
	TellCallback  = "callback"   // to whoever calls the customer back, with the script
)

// Templates lists the templates that the kernel uses.
func Templates() []string {
	return []string{
		TellReceipt, TellReply, TellSolution, TellResult, TellSurvey, TellWorkOrder, TellApproval, TellRejected,
		TellApproved, TellRequest, TellDecided, TellRework, TellMessage, TellAnswer, TellAlert, TellCallback,
	}
}

// Effects says what the world must be told because of an event; c is the case after it.
func Effects(c Case, e models.Event) []Effect {
	switch d := e.Data.(type) {
	case models.Opened:
		return []Effect{Tell{Template: TellReceipt, Customer: true}}
	case models.Dispatched:
		return []Effect{c.tellResponsible(TellWorkOrder), Tell{Template: TellWorkOrder, Department: d.Supervising}}
	case models.Replied:
		return written(d.Channel, TellReply)
	case models.Messaged, models.NotSolved:
		return []Effect{c.tellResponsible(TellMessage)}
	case models.Proposed:
		if d.NeedsApproval {
			return []Effect{Tell{Template: TellApproval, Roles: []models.Role{models.RoleExecutive}}}
		}
		return nil
	case models.Approved:
		return []Effect{Tell{Template: TellApproved, Person: c.Proposal.By}}
	case models.Rejected:
		return []Effect{Tell{Template: TellRejected, Person: c.Proposal.By}}
	case models.SolutionTold:
		return written(d.Channel, TellSolution)
	case models.ResultTold:
		return written(d.Channel, TellResult)
	case models.SurveyOffered:
		return []Effect{OfferSurvey{Cycle: d.SurveyCycle, Expires: d.ExpiresAt}}
	case models.CallbackPlaced:
		return []Effect{PlaceCallback{Cycle: e.Cycle, Attempt: d.Attempt, NotBefore: d.NotBefore, Until: d.Until}}
	case models.SurveyAnswered:
		return []Effect{Tell{Template: TellAnswer, Department: c.Department}}
	case models.Reworked, models.Reopened:
		return []Effect{c.tellResponsible(TellRework)}
	case models.Requested:
		return []Effect{Tell{Template: TellRequest, Roles: []models.Role{d.Decider}}}
	case models.Decided:
		return []Effect{Tell{Template: TellDecided, Person: d.Asker}}
	case models.Archived:
		return []Effect{SealArchive{}}
	case models.Escalated:
		if d.Superseded {
			return nil
		}
		return []Effect{Tell{Template: TellAlert, Roles: d.Roles}}
	case models.Accepted, models.ContactLogged, models.Noted, models.Resolved, models.CallbackRecorded, models.Confirmed,
		models.Closed, models.Acknowledged, models.Breached, models.SurveyExpired, models.Restarted:
		return nil
	}
	return nil
}

// tellResponsible tells whoever is responsible: the assignee, else the head of the department.
func (c Case) tellResponsible(template string) Tell {
	switch {
	case c.Assignee != "":
		return Tell{Template: template, Person: c.Assignee}
	case c.Department != "":
		return Tell{Template: template, Department: c.Department}
	default:
		return Tell{Template: template, Roles: []models.Role{models.RoleSupervisor}}
	}
}

// written says whether words leave by mail: on the phone or at the desk they were spoken already.
func written(ch models.Channel, template string) []Effect {
	switch ch {
	case models.ChannelEmail, models.ChannelWeb, models.ChannelApp, models.ChannelAPI:
		return []Effect{Tell{Template: template, Customer: true}}
	case models.ChannelPhone, models.ChannelLetterBox, models.ChannelServiceDesk, models.ChannelSocial:
		return nil
	}
	return nil
}

// Outstanding lists the effects that a case still owes where it stands: a workflow that takes over
// from the record carries them out again, because nobody knows how far the one before it came.
func Outstanding(c Case) []Effect {
	var owed []Effect
	for _, s := range c.Surveys {
		if s.Cycle == c.Cycle && !s.Answered && !s.Expired {
			owed = append(owed, OfferSurvey{Cycle: s.Cycle, Expires: s.Expires})
		}
	}
	if c.Callback.Open {
		owed = append(owed, PlaceCallback{
			Cycle: c.Cycle, Attempt: c.Callback.Attempt, NotBefore: c.Callback.NotBefore, Until: c.Callback.Until,
		})
	}
	return owed
}
