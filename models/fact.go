package models

import "time"

// Fact is what figures read of one cycle of a case, beside the case's own row. It is projected by the
// kernel from the fold of the case's events and written with them, so that it can always be written again.
// Its columns are those of the table facts.
type Fact struct {
	CaseID  string     `gorm:"primaryKey" json:"case_id"`
	Cycle   int        `gorm:"primaryKey;autoIncrement:false" json:"cycle"`
	BeganAt time.Time  `json:"began_at"`          // received in cycle 1; taken up again in a later one
	EndedAt *time.Time `json:"ended_at,omitzero"` // when the case ended, or else the next cycle began; nil: it runs

	Response ClockFact `gorm:"embedded;embeddedPrefix:response_" json:"response,omitzero"` // of cycle 1 only
	Feedback ClockFact `gorm:"embedded;embeddedPrefix:feedback_" json:"feedback,omitzero"`
	Handling ClockFact `gorm:"embedded;embeddedPrefix:handling_" json:"handling,omitzero"`

	SolutionAt   *time.Time `json:"solution_at,omitzero"` // the solution was told, the first time in the cycle
	ResolvedAt   *time.Time `json:"resolved_at,omitzero"`
	ResultToldAt *time.Time `json:"result_told_at,omitzero"`
	ClosedAt     *time.Time `json:"closed_at,omitzero"`
	Interim      bool       `json:"interim,omitzero"` // an interim answer came before the solution: InterimAt
	Settled      bool       `json:"settled,omitzero"` // settled at the first contact: SettledAt

	Missing Steps `json:"missing,omitzero"` // required steps that the cycle lacks, as far as it has come
	Late    bool  `json:"late,omitzero"`    // any clock of the cycle ran past a bound; the survey's is no promise of ours

	// What Missing follows from: each the first of its kind in the cycle. See the steps.
	SettledAt   *time.Time  `json:"settled_at,omitzero"`
	InterimAt   *time.Time  `json:"interim_at,omitzero"`                    // before the solution
	ContactAt   *time.Time  `json:"contact_at,omitzero"`                    // a talk with the customer, or word to them
	ProposedAt  *time.Time  `json:"proposed_at,omitzero"`                   // a solution
	MinutesAt   *time.Time  `json:"minutes_at,omitzero"`                    // a proposal with minutes
	ApprovedAt  *time.Time  `json:"approved_at,omitzero"`                   // a proposal
	CompleteAt  *time.Time  `json:"complete_at,omitzero"`                   // the result was told with all that belongs to it
	CalledAt    *time.Time  `json:"called_at,omitzero"`                     // somebody outside the department, or a supervisor, called back, reached or not
	ConfirmedAt *time.Time  `json:"confirmed_at,omitzero"`                  // the customer called it solved by link
	Words       []time.Time `gorm:"serializer:json" json:"words,omitempty"` // all words to the customer; not part of a FigureRow

	OfferedAt  *time.Time   `json:"offered_at,omitzero"`  // the survey
	AnsweredAt *time.Time   `json:"answered_at,omitzero"` // the answer that counts: a callback's, until a survey's replaces it
	AnsweredBy AnswerSource `json:"answered_by,omitzero"`
	Process    int          `json:"process,omitzero"` // scores of that answer, 1–5; 0: not given
	Result     int          `json:"result,omitzero"`
	Speed      int          `json:"speed,omitzero"`
	Attitude   int          `json:"attitude,omitzero"`
	Recommend  *int         `json:"recommend,omitzero"` // 0–10; nil: not given
}

// ClockFact is one run of a promise's clock, the first of its cycle.
type ClockFact struct {
	StartedAt  *time.Time    `json:"started_at,omitzero"` // nil: it never ran in this cycle
	EndedAt    *time.Time    `json:"ended_at,omitzero"`   // nil: it runs
	Target     *time.Time    `json:"target,omitzero"`     // nil: none shorter than the limit
	Limit      *time.Time    `json:"limit,omitzero"`      // nil: none
	End        ClockEnd      `json:"end,omitzero"`
	Gross      time.Duration `json:"gross,omitzero"`      // on the wall; 0 until it is met or breached
	Net        time.Duration `json:"net,omitzero"`        // without pauses
	Unpaused   *time.Time    `json:"unpaused,omitzero"`   // the limit as if the clock had never waited; nil: it is Limit
	Department string        `json:"department,omitzero"` // whose it was at the decisive moment: its end, or its limit if that came first; until then whose it is
	Person     string        `json:"person,omitzero"`     // likewise
}

// AnswerSource says how a customer answered.
type AnswerSource string

// The sources; empty: no answer.
const (
	AnswerCallback AnswerSource = "callback"
	AnswerSurvey   AnswerSource = "survey"
)

// Steps is a set of steps that a case's way requires. A step that is not owed yet is not missing, and one
// that came too late is. Every instant is the one by which clocks are judged.
type Steps int

// The steps, one bit each. They are added to, never renumbered.
const (
	// StepContact is a talk with the customer before a solution is proposed, or told where none was proposed.
	// Owed in every cycle of every severity, unless the case is settled at the first contact. Evidence, in the
	// cycle and no later: an answer given at intake, a reply, progress told, an interim answer, a contact that
	// was held in either direction, or the callback that began the cycle. ContactAt against ProposedAt and
	// SolutionAt.
	StepContact Steps = 1 << iota
	// StepMinutes are the minutes of the meeting before a solution is approved. Owed wherever an executive
	// approves: important and urgent cases, guarded natures, money above the limit. MinutesAt against
	// ApprovedAt.
	StepMinutes
	// StepProgress is word to the customer at least every three days of 24 hours, from the beginning of the
	// cycle until it is resolved or ended, as far as the case's last event tells. Time in which the case
	// waited for the customer, or had ended, does not count. Owed in every severity. Evidence: as for
	// StepContact, and the solution told. Words against each other, over the ownerships.
	StepProgress
	// StepResult is the result told with all that belongs to it: what was done, its effect, what follows,
	// thanks. Owed once the result is told, and when the case closes. A case settled at the first contact
	// has it; of an imported one only that it was told is judged. CompleteAt against ResultToldAt and ClosedAt.
	StepResult
	// StepCallback is a callback by somebody outside the handling department, or by a supervisor; an attempt
	// that reached nobody is one. Owed when a case closes, unless the customer is anonymous, or had called it
	// solved by link. Imported cases do not owe it. CalledAt and ConfirmedAt against ClosedAt.
	StepCallback
)

// Has says whether the set holds a step.
func (s Steps) Has(step Steps) bool { return s&step != 0 }

// Lever is something that one of us did and that moves a figure without helping the customer, so that a
// rate names it and them. It is no reproach: most are done for good reasons.
type Lever struct {
	CaseID     string    `gorm:"primaryKey" json:"case_id"`
	Seq        int64     `gorm:"primaryKey;autoIncrement:false" json:"seq"`           // of the event
	Move       int       `gorm:"primaryKey;autoIncrement:false" json:"move,omitzero"` // of an imported case: which move of the event, from 1
	Kind       LeverKind `gorm:"primaryKey" json:"kind"`
	Cycle      int       `json:"cycle"`
	At         time.Time `json:"at"`
	Person     string    `json:"person,omitzero"`     // who did it, or asked for what was granted; empty: nobody knows
	Department string    `json:"department,omitzero"` // whose the case was
	Bell       bool      `json:"bell,omitzero"`       // in the last tenth of the time from Since to Bound, or after it

	// Start and first bound of the promise's clock that ran and whose last tenth begins first; nil: none ran.
	// Both are later by as long as it has waited: none of its bounds came nearer meanwhile.
	Since *time.Time `json:"since,omitzero"`
	Bound *time.Time `json:"bound,omitzero"`
}

// LeverKind names a lever.
type LeverKind string

// The levers.
const (
	LeverInterim     LeverKind = "interim"     // an interim answer
	LeverPause       LeverKind = "pause"       // a pause, asked for or not
	LeverExtension   LeverKind = "extension"   // a later handling due: granted, or by an adjustment that gives more time
	LeverDowngrade   LeverKind = "downgrade"   // a lower severity, granted or set
	LeverBackdating  LeverKind = "backdating"  // a word to the customer, or a contact, said to have happened more than an hour before it was put on record
	LeverRefusal     LeverKind = "refusal"     // not accepted
	LeverMerge       LeverKind = "merge"       // merged into another
	LeverTransfer    LeverKind = "transfer"    // given to another department, or returned
	LeverAttribution LeverKind = "attribution" // its attribution or cause changed, or was left out, after it was first said
	LeverHandClose   LeverKind = "hand_close"  // closed by hand, not by the customer's word
	LeverReopening   LeverKind = "rework"      // taken up again by one of us, not by the customer's word
)

// LeverKinds lists the closed set. It is added to at its end, never reordered: the kernel keeps places in it.
func LeverKinds() []LeverKind {
	return []LeverKind{
		LeverInterim, LeverPause, LeverExtension, LeverDowngrade, LeverBackdating, LeverRefusal, LeverMerge,
		LeverTransfer, LeverAttribution, LeverHandClose, LeverReopening,
	}
}

// Ownership is a while during which a case was in one department's and person's hands, open, in one cycle, and
// waited for one thing or for nothing. The whiles of a case follow each other without a gap from its receipt to
// its end, but for the time in which it had ended and came back.
type Ownership struct {
	CaseID     string      `gorm:"primaryKey" json:"case_id"`
	Part       int         `gorm:"primaryKey;autoIncrement:false" json:"part"` // 1, 2, 3 …
	Seq        int64       `json:"seq"`                                        // of the event that gave it to them
	Cycle      int         `json:"cycle"`
	Department string      `json:"department,omitzero"` // empty: nobody's yet, with the intake
	Person     string      `json:"person,omitzero"`     // empty: whoever of the department
	Pause      PauseReason `json:"pause,omitzero"`      // what it waited for; empty: for nothing
	From       time.Time   `gorm:"column:from_at" json:"from"`
	Until      *time.Time  `gorm:"column:until_at" json:"until,omitzero"` // nil: it is theirs
}

// FactRows are the facts of one case: of each cycle, of each lever and of each ownership, in their order.
type FactRows struct {
	Facts      []Fact      `json:"facts,omitempty"`
	Levers     []Lever     `json:"levers,omitempty"`
	Ownerships []Ownership `json:"ownerships,omitempty"`
}

// FigureRow is all that figures read of one case. Case has no snapshot and no hash, Facts have no words.
type FigureRow struct {
	Case Case
	FactRows
	Alerts []Alert
}
