package models

import "time"

// The kinds of what holds a case up, what is asked for it, and how it ends otherwise.
const (
	KindPaused      Kind = "paused"
	KindResumed     Kind = "resumed"
	KindExtended    Kind = "extended"
	KindCompensated Kind = "compensated"
	KindNotAccepted Kind = "not_accepted"
	KindWithdrawn   Kind = "withdrawn"
	KindMerged      Kind = "merged"
	KindUnmerged    Kind = "unmerged"
	KindLinked      Kind = "linked"

	KindDeadlinesMoved Kind = "deadlines_moved" // by a change that came over many cases
)

// PauseReason says what a case waits for.
type PauseReason string

// The reasons for a pause; each pauses its own clocks.
const (
	PauseCustomer PauseReason = "waiting_for_customer" // feedback, handling and tasks; needs an outbound contact as evidence
	PauseOutside  PauseReason = "waiting_for_others"   // handling and tasks: parts, an expert, an authority
	PauseWish     PauseReason = "customer_wish"        // the callback: the customer wishes to be called later
)

// PauseReasons lists the closed set.
func PauseReasons() []PauseReason { return []PauseReason{PauseCustomer, PauseOutside, PauseWish} }

// Pauses lists the clocks that a pause for this reason stops.
func (r PauseReason) Pauses() []Clock {
	switch r {
	case PauseCustomer:
		return []Clock{ClockFeedback, ClockHandling, ClockTask}
	case PauseOutside:
		return []Clock{ClockHandling, ClockTask}
	case PauseWish:
		return []Clock{ClockCallback}
	}
	return nil
}

// Paused stops clocks until a date at the latest. Its text: reason.
type Paused struct {
	Reason   PauseReason `json:"reason"`
	Evidence int64       `json:"evidence,omitempty"` // sequence of the outbound contact that asks the customer
	Until    time.Time   `json:"until"`              // then the case goes on by itself
}

// ResumeCause says what ended a pause.
type ResumeCause string

// The causes.
const (
	ResumeByHand   ResumeCause = "by_hand"
	ResumeExpired  ResumeCause = "expired"  // its longest time has passed
	ResumeMoved    ResumeCause = "moved"    // a verb moved the case
	ResumeCustomer ResumeCause = "customer" // the customer was heard from
)

// Resumed ends a pause; what was paused moves by the time that it took.
type Resumed struct {
	Cause ResumeCause `json:"cause"`
}

// Extended moves the handling due by a granted request.
type Extended struct {
	Until time.Time `json:"until"`
}

// MoneyKind says what a payment is for.
type MoneyKind string

// The kinds of money given.
const (
	MoneyRefund       MoneyKind = "refund"
	MoneyCompensation MoneyKind = "compensation"
	MoneyGoodwill     MoneyKind = "goodwill"
	MoneyVoucher      MoneyKind = "voucher"
)

// MoneyKinds lists the closed set.
func MoneyKinds() []MoneyKind {
	return []MoneyKind{MoneyRefund, MoneyCompensation, MoneyGoodwill, MoneyVoucher}
}

// Money is an amount in the smallest unit of its currency; it is never converted.
type Money struct {
	Minor    int64     `json:"minor"`    // in minor units, such as cents
	Currency string    `json:"currency"` // ISO 4217
	Kind     MoneyKind `json:"kind"`
}

// Compensated gives the customer money. Its text: reason, where nobody had to grant it.
type Compensated struct {
	Money Money `json:"money"`
}

// NotAccepted refuses the complaint by a granted request; the customer is told why.
type NotAccepted struct{}

// Withdrawn takes the complaint back, with the customer's word on record. Its text: text.
type Withdrawn struct{}

// Other names another case.
type Other struct {
	Case   string `json:"case"` // its id
	Number string `json:"number"`
}

// Merged ends the case in an earlier one, which goes on for both. Its text: reason.
type Merged struct {
	Into Other `json:"into"`
}

// Unmerged takes a merged case up again where it was. Its text: reason.
type Unmerged struct {
	To State `json:"to"`
}

// Relation says how another case belongs to this one.
type Relation string

// The relations.
const (
	RelationRelated Relation = "related"
	RelationRepeat  Relation = "repeat" // the same customer with the same matter again
	RelationMerged  Relation = "merged" // the other was merged into this one
	RelationLead    Relation = "lead"   // the other leads the group that this one belongs to
	RelationMember  Relation = "member" // the other belongs to the group that this one leads
	RelationNone    Relation = "none"   // no longer related: it was wrong, or undone
)

// Relations lists the closed set.
func Relations() []Relation {
	return []Relation{RelationRelated, RelationRepeat, RelationMerged, RelationLead, RelationMember, RelationNone}
}

// Linked says how another case belongs to this one, from now on.
type Linked struct {
	Other      Other    `json:"other"`
	Relation   Relation `json:"relation"`
	Department string   `json:"department,omitempty"` // lead: the department that works for the group
}

// Kind implements Data.
func (Paused) Kind() Kind      { return KindPaused }
func (Resumed) Kind() Kind     { return KindResumed }     //nolint:revive // see Paused
func (Extended) Kind() Kind    { return KindExtended }    //nolint:revive // see Paused
func (Compensated) Kind() Kind { return KindCompensated } //nolint:revive // see Paused
func (NotAccepted) Kind() Kind { return KindNotAccepted } //nolint:revive // see Paused
func (Withdrawn) Kind() Kind   { return KindWithdrawn }   //nolint:revive // see Paused
func (Merged) Kind() Kind      { return KindMerged }      //nolint:revive // see Paused
func (Unmerged) Kind() Kind    { return KindUnmerged }    //nolint:revive // see Paused
func (Linked) Kind() Kind      { return KindLinked }      //nolint:revive // see Paused
