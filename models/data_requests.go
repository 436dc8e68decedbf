package models

import "time"

// RequestKind says what is asked for.
type RequestKind string

// The requests.
const (
	RequestApproveSolution RequestKind = "approve_solution"
	RequestArchiveEarly    RequestKind = "archive_early"
	RequestExtend          RequestKind = "extend"
	RequestLowerSeverity   RequestKind = "lower_severity"
	RequestLongPause       RequestKind = "long_pause"
	RequestCompensation    RequestKind = "compensation"
	RequestNotAccept       RequestKind = "not_accept"
)

// Requested asks for something that another role decides. Its text: reason.
type Requested struct {
	What     RequestKind `json:"what"`
	Decider  Role        `json:"decider"`
	Until    time.Time   `json:"until,omitzero"`     // extend: the new handling due; long_pause: when it ends
	Severity Severity    `json:"severity,omitempty"` // lower_severity: to this
	Pause    PauseReason `json:"pause,omitempty"`    // long_pause: what the case waits for
	Evidence int64       `json:"evidence,omitempty"` // long_pause: as in Paused
	Money    *Money      `json:"money,omitempty"`    // compensation
}

// Decided grants or refuses the request made at sequence Request. Its text: reason.
type Decided struct {
	Request int64       `json:"request"`
	What    RequestKind `json:"what"`
	Asker   string      `json:"asker"` // who is told
	Granted bool        `json:"granted"`
}

// ArchiveCause says why a record was sealed when it was.
type ArchiveCause string

// The causes of archiving.
const (
	ArchiveWindow  ArchiveCause = "window"  // the reopen window passed
	ArchiveByHand  ArchiveCause = "by_hand" // after the window, by a supervisor
	ArchiveRequest ArchiveCause = "request" // before it, by a granted request
)

// Archived seals the record.
type Archived struct {
	Cause ArchiveCause `json:"cause"`
}

// Kind implements Data.
func (Requested) Kind() Kind { return KindRequested }
func (Decided) Kind() Kind   { return KindDecided }  //nolint:revive // see Requested
func (Archived) Kind() Kind  { return KindArchived } //nolint:revive // see Requested
