package models

import "time"

// Fact is what figures read of one cycle of a case, beside the case's own row. It is projected by the
// kernel from the fold of the case's events and written with them, so that it can always be written again.
type Fact struct {
	CaseID  string     `gorm:"primaryKey"`
	Cycle   int        `gorm:"primaryKey;autoIncrement:false"`
	BeganAt time.Time  // received in cycle 1; taken up again in a later one
	EndedAt *time.Time // when the next cycle began, or the case ended; nil: it runs

	Response ClockFact `gorm:"embedded;embeddedPrefix:response_"` // of cycle 1 only
	Feedback ClockFact `gorm:"embedded;embeddedPrefix:feedback_"`
	Handling ClockFact `gorm:"embedded;embeddedPrefix:handling_"`

	SolutionAt   *time.Time // the solution was told
	ResolvedAt   *time.Time
	ResultToldAt *time.Time
	ClosedAt     *time.Time
	Interim      bool // the promise of feedback was kept by an interim answer
	Settled      bool // settled at the first contact

	Missing Steps // required steps that the cycle lacks, as far as it has come
	Late    bool  // any clock of the cycle ran past a bound

	OfferedAt  *time.Time // the survey
	AnsweredAt *time.Time // the answer that counts
	AnsweredBy AnswerSource
	Process    int // scores of that answer, 1–5; 0: not given
	Result     int
	Speed      int
	Attitude   int
	Recommend  *int // 0–10; nil: not given
}

// ClockFact is one run of a promise's clock, the first of its cycle.
type ClockFact struct {
	StartedAt  *time.Time // nil: it never ran in this cycle
	EndedAt    *time.Time // nil: it runs
	Target     *time.Time // nil: none shorter than the limit
	Limit      *time.Time // nil: none
	End        ClockEnd
	Gross      time.Duration // on the wall; 0 until it is met or breached
	Net        time.Duration // without pauses
	Department string        // whose it was at the decisive moment: its end, or its limit if that came first
	Person     string        // likewise
}

// AnswerSource says how a customer answered.
type AnswerSource string

// The sources; empty: no answer.
const (
	AnswerCallback AnswerSource = "callback"
	AnswerSurvey   AnswerSource = "survey"
)

// Steps is a set of steps that a case's way requires.
type Steps int

// The steps, one bit each. They are added to, never renumbered.
const (
	StepContact  Steps = 1 << iota // talk with the customer before a solution is proposed
	StepMinutes                    // minutes of the investigation before a solution is approved
	StepProgress                   // word to the customer at least every three days
	StepResult                     // the result told with all that belongs to it
	StepCallback                   // a callback by somebody who did not handle the case
)

// Lever is something that one of us did and that moves a figure without helping the customer, so that a
// rate names it and them. It is no reproach: most are done for good reasons.
type Lever struct {
	CaseID     string `gorm:"primaryKey"`
	Seq        int64  `gorm:"primaryKey;autoIncrement:false"` // of the event
	Cycle      int
	Kind       LeverKind
	At         time.Time
	Person     string // who did it
	Department string // whose the case was
	Bell       bool   // in the last tenth of the time that a promise's clock had, or after its bound
}

// LeverKind names a lever.
type LeverKind string

// The levers.
const (
	LeverInterim     LeverKind = "interim"     // an interim answer
	LeverPause       LeverKind = "pause"       // a pause
	LeverExtension   LeverKind = "extension"   // a later handling due
	LeverDowngrade   LeverKind = "downgrade"   // a lower severity
	LeverBackdating  LeverKind = "backdating"  // a contact said to have happened more than an hour before it was put on record
	LeverRefusal     LeverKind = "refusal"     // not accepted
	LeverMerge       LeverKind = "merge"       // merged into another
	LeverTransfer    LeverKind = "transfer"    // given to another department, or returned
	LeverAttribution LeverKind = "attribution" // its attribution or cause changed after it was first said
	LeverHandClose   LeverKind = "hand_close"  // closed by hand, not by the customer's word
	LeverReopening   LeverKind = "rework"      // taken up again
)

// LeverKinds lists the closed set.
func LeverKinds() []LeverKind {
	return []LeverKind{
		LeverInterim, LeverPause, LeverExtension, LeverDowngrade, LeverBackdating, LeverRefusal, LeverMerge,
		LeverTransfer, LeverAttribution, LeverHandClose, LeverReopening,
	}
}

// Ownership is a while during which a case was in one department's and person's hands.
type Ownership struct {
	CaseID     string `gorm:"primaryKey"`
	Seq        int64  `gorm:"primaryKey;autoIncrement:false"` // of the event that gave it to them
	Cycle      int
	Department string        // empty: nobody's yet, with the intake
	Person     string        // empty: whoever of the department
	From       time.Time     `gorm:"column:from_at"`
	Until      *time.Time    `gorm:"column:until_at"` // nil: it is theirs
	Paused     time.Duration // of handling, in that while; without a pause that runs
}
