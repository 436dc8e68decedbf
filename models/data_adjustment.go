package models

import "time"

// DeadlinesMoved says that an adjustment, which came over many running cases, moved the deadlines of this
// one: to where another version of the policy has them, by an amount of time, or back to where they
// were. The clocks it moved stand in the event with their new instants.
type DeadlinesMoved struct {
	Adjustment string        `json:"adjustment"`       // its id
	By         string        `json:"by"`               // id of the person who ordered it
	Policy     string        `json:"policy,omitempty"` // version that the case runs under from now on; empty: as before
	Was        string        `json:"was,omitempty"`    // version before
	Grace      time.Duration `json:"grace,omitempty"`  // nanoseconds: no bound comes nearer than this after the decision
	Later      Amount        `json:"later,omitzero"`   // by which the bounds of Clocks move
	Clocks     []Clock       `json:"clocks,omitempty"` // that Later moves
	Tell       bool          `json:"tell,omitempty"`   // the customer is told of a later handling due
	Undoes     int64         `json:"undoes,omitempty"` // sequence of the event that it takes back; 0: none
}

// Kind implements Data.
func (DeadlinesMoved) Kind() Kind { return KindDeadlinesMoved }

// Movable says whether an adjustment may move the bounds of c by an amount of time. The two promises
// hold on every case whatever comes: only the policy says otherwise. What somebody promised by a date,
// and clocks without a bound of the policy's, are nobody else's to move.
func (c Clock) Movable() bool {
	switch c {
	case ClockTriage, ClockAcceptance, ClockApproval, ClockHandling, ClockResult, ClockNextReply, ClockCallback, ClockTask, ClockReport:
		return true
	case ClockRecord, ClockFirstResponse, ClockFeedback, ClockNextContact, ClockSurvey, ClockTotal:
		return false
	}
	return false
}
