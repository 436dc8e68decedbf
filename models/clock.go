package models

import (
	"slices"
	"time"
)

// Clock names one of the SLA clocks. What starts and stops each stands in internal/lifecycle/clocks.go.
type Clock string

// The clocks, in the order in which a case meets them. Clocks of later verbs have their place here.
const (
	ClockRecord        Clock = "record"         // reached us → on record
	ClockTriage        Clock = "triage"         // recorded, or back in received → dispatched
	ClockAcceptance    Clock = "acceptance"     // dispatched → accepted
	ClockFirstResponse Clock = "first_response" // received → first reply: the 24 h promise
	ClockFeedback      Clock = "feedback"       // received → solution told: the 48 h promise
	ClockApproval      Clock = "approval"       // a request asked → decided
	ClockReport        Clock = "report"         // put under supervision → written report
	ClockHandling      Clock = "handling"       // received → resolved
	ClockResult        Clock = "result"         // resolved → result told
	ClockNextContact   Clock = "next_contact"   // the date promised → a contact
	ClockNextReply     Clock = "next_reply"     // the customer's message → a person's reply
	ClockCallback      Clock = "callback"       // result told → reached or attempts exhausted
	ClockSurvey        Clock = "survey"         // offered → answered
	ClockTask          Clock = "task"           // joint task given → done
	ClockTotal         Clock = "total"          // received → finally resolved; no limit, never restarts
)

// Clocks lists the closed set.
func Clocks() []Clock {
	return []Clock{
		ClockRecord, ClockTriage, ClockAcceptance, ClockFirstResponse, ClockFeedback, ClockApproval, ClockReport,
		ClockHandling, ClockResult, ClockNextContact, ClockNextReply, ClockCallback, ClockSurvey, ClockTask, ClockTotal,
	}
}

// LadderClass says which of a severity's ladders a clock climbs.
type LadderClass string

// The classes; LadderNone marks a clock that alerts nobody.
const (
	LadderNone    LadderClass = ""
	LadderPromise LadderClass = "promise" // what the customer was promised
	LadderStep    LadderClass = "step"    // what one of us owes the next
)

// Ladder returns the class of ladder that c climbs.
func (c Clock) Ladder() LadderClass {
	switch c {
	case ClockFirstResponse, ClockFeedback, ClockHandling:
		return LadderPromise
	case ClockRecord, ClockTriage, ClockAcceptance, ClockApproval, ClockReport, ClockResult, ClockNextContact,
		ClockNextReply, ClockCallback, ClockTask:
		return LadderStep
	case ClockSurvey, ClockTotal:
		return LadderNone
	}
	return LadderNone
}

// Bound is one of the two instants at which a clock can be late.
type Bound string

// The bounds: the severity's shorter target comes first, the limit never goes away.
const (
	BoundTarget Bound = "target"
	BoundLimit  Bound = "limit"
)

// ClockEnd is how a run of a clock ended.
type ClockEnd string

// The ends; ClockRunning marks a run that has not ended.
const (
	ClockRunning   ClockEnd = ""
	ClockMet       ClockEnd = "met"       // stopped at or before its first bound
	ClockBreached  ClockEnd = "breached"  // stopped after a bound, or ended by one
	ClockCancelled ClockEnd = "cancelled" // the case ended or moved on before it could be met
)

// ClockSpan is what an event says of a clock: since when it runs and by when it must stop. An event
// carries absolute instants, so that a policy edited later can never move a case that is under way.
type ClockSpan struct {
	Clock     Clock     `json:"clock"`
	StartedAt time.Time `json:"started_at"`
	Target    time.Time `json:"target,omitzero"` // zero: no shorter target
	Limit     time.Time `json:"limit,omitzero"`  // zero: shown, never late

	// Calendar is what CalendarWorking means to this clock, fixed when it started: the hours of the
	// department that had the case then, or of the channel; empty: the company's.
	Calendar string `json:"calendar,omitempty"`

	// While the clock is paused: open time, in the calendar of the bound, that was left before it.
	TargetLeft time.Duration `json:"target_left,omitempty"`
	LimitLeft  time.Duration `json:"limit_left,omitempty"`
}

// FirstBound returns the earlier bound, from which ladder shares count, and its instant; a zero
// instant means that the clock has no bound.
func (s ClockSpan) FirstBound() (Bound, time.Time) {
	if !s.Target.IsZero() && (s.Limit.IsZero() || s.Target.Before(s.Limit)) {
		return BoundTarget, s.Target
	}
	return BoundLimit, s.Limit
}

// Bounds lists the distinct bounds, earliest first.
func (s ClockSpan) Bounds() []Bound {
	first, at := s.FirstBound()
	switch {
	case at.IsZero():
		return nil
	case first == BoundTarget && !s.Limit.IsZero():
		return []Bound{BoundTarget, BoundLimit}
	default:
		return []Bound{first}
	}
}

// At returns the instant of bound b.
func (s ClockSpan) At(b Bound) time.Time {
	if b == BoundTarget {
		return s.Target
	}
	return s.Limit
}

// Role is what a person may be for the company; a person can have several.
type Role string

// The roles.
const (
	RoleIntake            Role = "intake"
	RoleHandler           Role = "handler"
	RoleDepartmentHead    Role = "department_head"
	RoleSupervisor        Role = "supervisor"
	RoleEscalationManager Role = "escalation_manager"
	RoleExecutive         Role = "executive"
	RoleQuality           Role = "quality"
	RoleHR                Role = "hr"
	RoleAdmin             Role = "admin"
	RoleOps               Role = "ops"
	RoleAuditor           Role = "auditor"
)

// Roles lists the closed set.
func Roles() []Role {
	return []Role{
		RoleIntake, RoleHandler, RoleDepartmentHead, RoleSupervisor, RoleEscalationManager, RoleExecutive,
		RoleQuality, RoleHR, RoleAdmin, RoleOps, RoleAuditor,
	}
}

// EscalationChain is the order in which an alert falls through to the next role when nobody of the
// asked role can be reached.
func EscalationChain() []Role {
	return []Role{RoleHandler, RoleDepartmentHead, RoleSupervisor, RoleEscalationManager, RoleExecutive}
}

// Above lists the roles of the chain above r, nearest first.
func Above(r Role) []Role {
	chain := EscalationChain()
	i := slices.Index(chain, r)
	return chain[i+1:]
}
