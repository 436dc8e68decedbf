package models

import "time"

// AdjustmentKind says what an adjustment does to the cases it comes over.
type AdjustmentKind string

// The kinds.
const (
	AdjustPolicy AdjustmentKind = "policy" // they come under another version of the policy
	AdjustLater  AdjustmentKind = "later"  // some of their clocks get more time
	AdjustPause  AdjustmentKind = "pause"  // their clocks wait until an instant
)

// AdjustmentKinds lists the closed set.
func AdjustmentKinds() []AdjustmentKind {
	return []AdjustmentKind{AdjustPolicy, AdjustLater, AdjustPause}
}

// AdjustmentState is how far an adjustment has come.
type AdjustmentState string

// The states. A preview changes nothing until it is started.
const (
	AdjustmentPreviewed AdjustmentState = "previewed"
	AdjustmentRunning   AdjustmentState = "running"
	AdjustmentDone      AdjustmentState = "done"
	AdjustmentUndoing   AdjustmentState = "undoing"
	AdjustmentUndone    AdjustmentState = "undone"
)

// Adjustment is a change to the deadlines of many running cases: previewed, carried out case by case,
// and taken back exactly if that is wished.
type Adjustment struct {
	ID        string `gorm:"primaryKey"`
	Kind      AdjustmentKind
	State     AdjustmentState
	Policy    string           // of AdjustPolicy: the version
	Grace     time.Duration    // of AdjustPolicy; nanoseconds
	Later     time.Duration    // of AdjustLater; nanoseconds of open time
	Calendar  string           // in which Later counts
	Clocks    []string         `gorm:"serializer:ids"` // of AdjustLater
	Until     *time.Time       // of AdjustPause
	Tell      bool             // of AdjustLater: customers are told
	Filter    AdjustmentFilter `gorm:"serializer:json"`
	Reason    string           // why; operators' words
	Author    string           // id of the person who previewed it
	NotBefore *time.Time       // it waits until then
	CreatedAt time.Time
	StartedBy string     // id of a person
	StartedAt *time.Time // nil: it is a preview
	DoneAt    *time.Time
	UndoneBy  string // id of a person
	UndoneAt  *time.Time
}

// AdjustmentFilter says which running cases an adjustment comes over; an empty list means any.
type AdjustmentFilter struct {
	Channels    []string `json:"channels,omitempty"`
	Regions     []string `json:"regions,omitempty"`
	Departments []string `json:"departments,omitempty"` // that handle them
	Categories  []string `json:"categories,omitempty"`
	Products    []string `json:"products,omitempty"`
	Severities  []string `json:"severities,omitempty"`
}

// AdjustedState is what became of one case under an adjustment.
type AdjustedState string

// The states of a case under an adjustment.
const (
	AdjustedPlanned AdjustedState = "planned"    // previewed, or still to come
	AdjustedDone    AdjustedState = "done"       // carried out
	AdjustedSkipped AdjustedState = "skipped"    // there was nothing to do: it ended meanwhile, or ran so already
	AdjustedFailed  AdjustedState = "failed"     // it could not be reached; tried again until it is given up
	AdjustedUndone  AdjustedState = "undone"     // taken back
	AdjustedStays   AdjustedState = "not_undone" // it has moved on since, and stays as it is; Why says how
)

// AdjustedStates lists the closed set.
func AdjustedStates() []AdjustedState {
	return []AdjustedState{AdjustedPlanned, AdjustedDone, AdjustedSkipped, AdjustedFailed, AdjustedUndone, AdjustedStays}
}

// AdjustedCase is one case under an adjustment: what the preview says of it, and what was done.
type AdjustedCase struct {
	AdjustmentID string `gorm:"primaryKey"`
	CaseID       string `gorm:"primaryKey"`
	Number       string
	State        AdjustedState
	Planned      []BoundMove `gorm:"serializer:json"`
	Moved        []BoundMove `gorm:"serializer:json"` // what was done; of an undone one, what was taken back
	Earlier      bool        // some bound comes nearer
	Later        bool        // some bound goes further away, or goes
	AtOnce       bool        // some bound lies in the past then: it is breached at once
	Seq          int64       // of the event that moved it
	Attempts     int
	Why          string // it was skipped or failed
	At           *time.Time
}

// BoundMove is one bound of one clock before and after.
type BoundMove struct {
	Run   string    `json:"run"`
	Clock Clock     `json:"clock"`
	Bound Bound     `json:"bound"`
	From  time.Time `json:"from,omitzero"` // zero: there was none
	To    time.Time `json:"to,omitzero"`   // zero: there is none
}

// AdjustmentCount is how many cases of an adjustment are in a state.
type AdjustmentCount struct {
	State   AdjustedState
	Cases   int
	Earlier int
	Later   int
	AtOnce  int
}
