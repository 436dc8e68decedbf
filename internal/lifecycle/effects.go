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

// Relay brings a command to another case. It is put on record with the event, and is decided there as
// the system's.
type Relay struct {
	To    models.Other
	Verb  models.Verb
	Data  models.Data
	Texts []models.TextRef
}

// SealArchive seals the whole record.
type SealArchive struct{}

func (Tell) effect()          {}
func (OfferSurvey) effect()   {}
func (PlaceCallback) effect() {}
func (Relay) effect()         {}
func (SealArchive) effect()   {}

// WithTheRecord says whether an effect is a row that is written with its event; the others are carried
// out afterwards.
func WithTheRecord(e Effect) bool {
	switch e.(type) {
	case Tell, Relay:
		return true
	default:
		return false
	}
}

// Templates of the messages, each in both languages in internal/notify.
const (
	TellReceipt    = "receipt"     // to the customer: number and the case's own deadlines
	TellReply      = "reply"       // to the customer
	TellSolution   = "solution"    // to the customer
	TellResult     = "result"      // to the customer
	TellSurvey     = "survey"      // to the customer: link to the survey
	TellWorkOrder  = "work_order"  // to whoever must accept, copied to the supervising department
	TellApproval   = "approval"    // to the executive: a solution waits
	TellRejected   = "rejected"    // to the proposer
	TellApproved   = "approved"    // to the proposer
	TellRequest    = "request"     // to the deciding role
	TellDecided    = "decided"     // to whoever asked
	TellRework     = "rework"      // to the handler and the head
	TellMessage    = "message"     // to the handler and the head: the customer wrote
	TellAnswer     = "answer"      // to the department: a survey was answered
	TellAlert      = "alert"       // one rung of a ladder
	TellHandedOver = "handed_over" // to whom somebody gave an alert
	TellCallback   = "callback"    // to whoever calls the customer back, with the script

	TellProgress       = "progress"        // to the customer
	TellInterim        = "interim"         // to the customer: a reasoned answer, with a date
	TellApology        = "apology"         // to the customer: we promised to be in touch and were not
	TellExtended       = "extended"        // to the customer: it takes longer, until when
	TellNotAccepted    = "not_accepted"    // to the customer, with the reason
	TellWithdrawn      = "withdrawn"       // to the customer: we closed it as you wished
	TellMerged         = "merged"          // to the customer: which case goes on for both
	TellSurveyReminder = "survey_reminder" // to the customer
	TellTask           = "task"            // to the department that gets a joint task
	TellNews           = "news"            // to one of us: something happened on a case of theirs; the event says what
)

// Templates lists the templates that the kernel uses.
func Templates() []string {
	return []string{
		TellReceipt, TellReply, TellSolution, TellResult, TellSurvey, TellWorkOrder, TellApproval, TellRejected,
		TellApproved, TellRequest, TellDecided, TellRework, TellMessage, TellAnswer, TellAlert, TellHandedOver, TellCallback,
		TellProgress, TellInterim, TellApology, TellExtended, TellNotAccepted, TellWithdrawn, TellMerged, TellSurveyReminder,
		TellTask, TellNews,
	}
}

// Effects says what the world must be told because of an event; c is the case after it.
func Effects(c Case, e models.Event) []Effect {
	switch d := e.Data.(type) {
	case models.Opened:
		return []Effect{Tell{Template: TellReceipt, Customer: true}}
	case models.Dispatched:
		if d.Supervising == "" && c.Opened.Rules >= 2 { // a rule that dispatches by itself may name none
			return []Effect{c.tellResponsible(TellWorkOrder)}
		}
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
		return append(written(d.Channel, TellSolution), c.toMembers(e, d.Copies, func(ch models.Channel, g *models.GroupAct) models.Data {
			return models.SolutionTold{Channel: ch, Group: g}
		})...)
	case models.ResultTold:
		return append(written(d.Channel, TellResult), c.toMembers(e, d.Copies, func(ch models.Channel, g *models.GroupAct) models.Data {
			return models.ResultTold{Channel: ch, Done: d.Done, Effect: d.Effect, FollowUp: d.FollowUp, Thanks: d.Thanks, Group: g}
		})...)
	case models.SurveyOffered:
		return []Effect{OfferSurvey{Cycle: d.SurveyCycle, Expires: d.ExpiresAt}}
	case models.CallbackPlaced:
		return []Effect{PlaceCallback{Cycle: e.Cycle, Attempt: d.Attempt, NotBefore: d.NotBefore, Until: d.Until}}
	case models.SurveyAnswered:
		return c.tellConcerned(TellAnswer)
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
	case models.HandedOver:
		return []Effect{Tell{Template: TellHandedOver, Person: d.Person}}
	case models.Accepted, models.ContactLogged, models.Noted, models.Resolved, models.CallbackRecorded, models.Confirmed,
		models.Closed, models.Acknowledged, models.Snoozed, models.Breached, models.SurveyExpired, models.Restarted:
		return nil
	default:
		return trafficEffects(c, e)
	}
}

// trafficEffects are those of what happens beside the main road.
func trafficEffects(c Case, e models.Event) []Effect {
	switch d := e.Data.(type) {
	case models.Settled:
		return written(d.Channel, TellResult)
	case models.Returned:
		return []Effect{Tell{Template: TellNews, Roles: []models.Role{models.RoleSupervisor}}}
	case models.Transferred:
		return []Effect{c.tellResponsible(TellWorkOrder)}
	case models.Assigned, models.Urged, models.Supervised:
		return c.tellBoth(TellNews)
	case models.TaskGiven:
		return []Effect{Tell{Template: TellTask, Department: d.Department}}
	case models.TaskFinished, models.Compensated:
		return []Effect{c.tellResponsible(TellNews)}
	case models.Reported, models.ProblemDeclared:
		return []Effect{Tell{Template: TellNews, Roles: []models.Role{models.RoleSupervisor}}}
	case models.ProgressTold:
		return written(d.Channel, TellProgress)
	case models.InterimTold:
		return written(d.Channel, TellInterim)
	case models.ContactPromised:
		if e.Actor.Kind == models.ActorSystem {
			return []Effect{Tell{Template: TellApology, Customer: true}}
		}
	case models.SurveyReminded:
		return []Effect{Tell{Template: TellSurveyReminder, Customer: true}}
	case models.DeadlinesMoved:
		if d.Tell {
			return []Effect{Tell{Template: TellExtended, Customer: true}}
		}
		return nil
	case models.Extended:
		return []Effect{Tell{Template: TellExtended, Customer: true}}
	case models.NotAccepted:
		return []Effect{Tell{Template: TellNotAccepted, Customer: true}}
	case models.Withdrawn:
		return []Effect{Tell{Template: TellWithdrawn, Customer: true}, c.tellResponsible(TellNews)}
	case models.Merged:
		return []Effect{
			Tell{Template: TellMerged, Customer: true},
			Relay{To: d.Into, Verb: models.VerbLink, Data: models.Linked{Other: c.asOther(), Relation: models.RelationMerged}},
		}
	case models.Unmerged:
		return c.unlinkOthers()
	case models.Linked:
		return c.mirror(e, d)
	}
	return nil
}

// asOther names this case to others.
func (c Case) asOther() models.Other { return models.Other{Case: c.ID, Number: c.Opened.Number} }

// mirror tells the other case how this one belongs to it. What came from there is not told back.
func (c Case) mirror(e models.Event, d models.Linked) []Effect {
	if e.Actor.Kind == models.ActorSystem {
		return nil
	}
	back := d.Relation
	switch d.Relation { //nolint:exhaustive // the others are the same from both sides
	case models.RelationLead:
		back = models.RelationMember
	case models.RelationMember:
		back = models.RelationLead
	}
	mirrored := models.Linked{Other: c.asOther(), Relation: back}
	if back == models.RelationLead {
		mirrored.Department = c.Department
	}
	return []Effect{Relay{To: d.Other, Verb: models.VerbLink, Data: mirrored}}
}

// unlinkOthers tells the case that went on for this one that both are related, and no more than that.
func (c Case) unlinkOthers() []Effect {
	var relays []Effect
	for _, l := range c.Links {
		if l.Relation == models.RelationRelated {
			relays = append(relays, Relay{To: l.Other, Verb: models.VerbLink, Data: models.Linked{Other: c.asOther(), Relation: models.RelationRelated}})
		}
	}
	return relays
}

// toMembers brings to each member of the group what its customer is told.
func (c Case) toMembers(e models.Event, copies []models.GroupCopy, data func(models.Channel, *models.GroupAct) models.Data) []Effect {
	var relays []Effect
	for _, to := range copies {
		act := &models.GroupAct{
			Lead: c.asOther(), Seq: e.Seq, Department: c.Department, Person: c.Assignee,
			Outcome: c.Outcome, Cause: c.Cause, Attribution: c.Attribution,
		}
		verb := models.VerbTellSolution
		d := data(to.Channel, act)
		if d.Kind() == models.KindResultTold {
			verb = models.VerbTellResult
		}
		relays = append(relays, Relay{To: to.Other, Verb: verb, Data: d, Texts: to.Texts})
	}
	return relays
}

// tellConcerned tells the department that handled the case and the one that it is about.
func (c Case) tellConcerned(template string) []Effect {
	tells := []Effect{Tell{Template: template, Department: c.Department}}
	if other := c.Opened.Concerned; other != "" && other != c.Department {
		tells = append(tells, Tell{Template: template, Department: other})
	}
	return tells
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

// tellBoth tells whoever is responsible and, beside a person, the head of their department.
func (c Case) tellBoth(template string) []Effect {
	tells := []Effect{c.tellResponsible(template)}
	if c.Assignee != "" && c.Department != "" {
		tells = append(tells, Tell{Template: template, Department: c.Department})
	}
	return tells
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
