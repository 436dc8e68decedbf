package models

import (
	"fmt"
	"time"
)

// Acknowledged says that somebody took an alert on.
type Acknowledged struct {
	Alert string `json:"alert"` // its key
}

// Snoozed says that somebody put an alert off: it climbs at an instant of theirs unless it is
// acknowledged before. Its text: reason.
type Snoozed struct {
	Alert string    `json:"alert"` // its key
	Until time.Time `json:"until"`
}

// HandedOver says that somebody gave an alert to a named person, who acknowledges it in time or it climbs.
// Its text: reason.
type HandedOver struct {
	Alert    string    `json:"alert"`     // its key
	Person   string    `json:"person"`    // id of whom it was given to
	AcceptBy time.Time `json:"accept_by"` // until when they must acknowledge
}

// Breached says that a clock ran past one of its bounds. The event's HappenedAt is the due instant,
// its DecidedAt when the system noticed.
type Breached struct {
	Run   string    `json:"run"`
	Clock Clock     `json:"clock"`
	Bound Bound     `json:"bound"`
	DueAt time.Time `json:"due_at"`
}

// LateReason says why an alert went out late.
type LateReason string

// The reasons for lateness; empty means in time.
const (
	LateRecorded LateReason = "recorded_late" // it was due before the complaint was on record
	LateOutage   LateReason = "system_delay"  // the system was down or slow
)

// Rungs that stand in no ladder's count.
const (
	RungAtOnce  = -1 // once per case, as soon as its severity is the ladder's
	RungLimit   = -2 // the second breach: the limit was passed after the target
	RungProblem = -3 // once per case: it became a problem case
)

// AlertKey names one alert of a case: clock run, bound, rung and repeat number.
func AlertKey(run string, b Bound, rung, repeat int) string {
	return fmt.Sprintf("%s/%s/%d/%d", run, b, rung, repeat)
}

// Escalated alerts somebody: one rung of a ladder.
type Escalated struct {
	Alert      string        `json:"alert"` // its key: run, bound, rung, repeat
	Run        string        `json:"run"`
	Clock      Clock         `json:"clock"`
	Bound      Bound         `json:"bound"`
	Rung       int           `json:"rung"`
	Repeat     int           `json:"repeat"`
	Roles      []Role        `json:"roles"`
	DueAt      time.Time     `json:"due_at"`
	AckBy      time.Time     `json:"ack_by,omitzero"`      // zero: nobody needs to acknowledge
	Follows    string        `json:"follows,omitempty"`    // key of the alert that nobody acknowledged
	Superseded bool          `json:"superseded,omitempty"` // a higher rung fell due as well and was delivered
	LateBy     time.Duration `json:"late_by,omitempty"`    // nanoseconds from DueAt to delivery, when more than a minute
	LateReason LateReason    `json:"late_reason,omitempty"`
	By         []AlertWay    `json:"by,omitempty"` // the ways its rung names, when they are not e-mail and chat
}

// RestartCause says why a workflow was started again from the record.
type RestartCause string

// The causes of a restart.
const (
	RestartTerminated RestartCause = "terminated" // ended by hand in the Temporal UI
	RestartFailed     RestartCause = "failed"
	RestartMissing    RestartCause = "missing"  // Temporal does not know it any more
	RestartDiverged   RestartCause = "diverged" // the record was ahead of the workflow
)

// Restarted says that the workflow was started again from the record.
type Restarted struct {
	Cause RestartCause `json:"cause"`
}

// Kind implements Data.
func (Acknowledged) Kind() Kind { return KindAcknowledged }
func (Snoozed) Kind() Kind      { return KindSnoozed }    //nolint:revive // see Acknowledged
func (HandedOver) Kind() Kind   { return KindHandedOver } //nolint:revive // see Acknowledged
func (Breached) Kind() Kind     { return KindBreached }   //nolint:revive // see Acknowledged
func (Escalated) Kind() Kind    { return KindEscalated }  //nolint:revive // see Acknowledged
func (Restarted) Kind() Kind    { return KindRestarted }  //nolint:revive // see Acknowledged
