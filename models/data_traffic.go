package models

import "time"

// The kinds of what happens beside the main road: work that changes hands, words with the customer,
// and judgements.
const (
	KindSettled         Kind = "settled"
	KindReturned        Kind = "returned"
	KindRecalled        Kind = "recalled"
	KindTransferred     Kind = "transferred"
	KindRetracted       Kind = "retracted"
	KindAssigned        Kind = "assigned"
	KindTaskGiven       Kind = "task_given"
	KindTaskFinished    Kind = "task_finished"
	KindTaskCancelled   Kind = "task_cancelled"
	KindMeasureTaken    Kind = "measure_taken"
	KindProgressTold    Kind = "progress_told"
	KindInterimTold     Kind = "interim_told"
	KindContactPromised Kind = "contact_promised"
	KindUrged           Kind = "urged"
	KindSupervised      Kind = "supervised"
	KindReported        Kind = "reported"
	KindReclassified    Kind = "reclassified"
	KindAmended         Kind = "amended"
	KindVoided          Kind = "voided"
	KindAttached        Kind = "attached"
	KindRestricted      Kind = "restricted"
	KindProblemDeclared Kind = "problem_declared"
	KindRescheduled     Kind = "callback_rescheduled"
	KindSurveyReminded  Kind = "survey_reminded"
)

// Settled solves a complaint in the first contact: solution told, resolved and result told in one
// act. Its texts: text (what was said), result.
type Settled struct {
	Channel     Channel     `json:"channel"`
	Department  string      `json:"department"` // of whoever settled it
	Person      string      `json:"person"`     // who settled it
	Nature      Nature      `json:"nature"`
	Category    string      `json:"category,omitempty"`
	Outcome     Outcome     `json:"outcome"`
	Cause       Cause       `json:"cause,omitempty"`
	Attribution Attribution `json:"attribution,omitempty"`
}

// Returned sends the work order back to whoever dispatched it. Its text: reason.
type Returned struct{}

// Recalled takes the work order back. Its text: reason.
type Recalled struct{}

// Transferred hands the case to another department; the handling due stays. Its texts: reason, objective.
type Transferred struct {
	Department  string `json:"department"`
	Supervising string `json:"supervising,omitempty"`
	Person      string `json:"person,omitempty"`
}

// Retracted takes the request made at sequence Request back. Its text: reason.
type Retracted struct {
	Request int64       `json:"request"`
	What    RequestKind `json:"what"`
}

// Assigned makes a person of the department responsible.
type Assigned struct {
	Person string `json:"person"` // empty: whoever of the department takes it
}

// TaskGiven gives another department a part of the investigation. Its text: text.
type TaskGiven struct {
	Department string    `json:"department"`
	Due        time.Time `json:"due"`
}

// TaskFinished finishes the task given at sequence Task. Its text: text.
type TaskFinished struct {
	Task int64 `json:"task"`
}

// TaskCancelled takes the task given at sequence Task back. Its text: reason.
type TaskCancelled struct {
	Task int64 `json:"task"`
}

// MeasureTaken records an immediate measure that stops the harm; it needs no approval. Its text: text.
type MeasureTaken struct{}

// ProgressTold says that the customer was told how the work is coming on. Its text: text.
type ProgressTold struct {
	Channel Channel `json:"channel"`
}

// InterimTold gives the customer a reasoned answer before the solution, with the date by which it
// will be told. Its text: text.
type InterimTold struct {
	Channel Channel   `json:"channel"`
	Until   time.Time `json:"until"`
}

// ContactPromised promises the customer to be heard from by a date. The system promises anew when a
// promise was broken.
type ContactPromised struct {
	At time.Time `json:"at"`
}

// Urged records that the customer, or somebody above, presses for an open case. Its text: text.
type Urged struct {
	Channel Channel `json:"channel"`
}

// Supervised puts the case under supervision: a written report is due. Its text: reason.
type Supervised struct {
	ReportDue time.Time `json:"report_due"`
}

// Reported is the written report of a supervised case. Its text: text.
type Reported struct{}

// Reclassified changes how the complaint is filed; an empty field stays as it was. Its text: reason.
type Reclassified struct {
	Severity    Severity    `json:"severity,omitempty"`
	Nature      Nature      `json:"nature,omitempty"`
	Category    string      `json:"category,omitempty"`
	Cause       Cause       `json:"cause,omitempty"`
	Attribution Attribution `json:"attribution,omitempty"`
}

// Change is one field corrected: what it was, and what it is.
type Change struct {
	Field string `json:"field"`
	Was   string `json:"was"`
	Is    string `json:"is"`
}

// Amended corrects what was recorded; the old value is kept. Its texts: reason, and text, contact or
// particulars where those are corrected.
type Amended struct {
	Changes []Change `json:"changes,omitempty"`
}

// Amendable lists the fields that can be amended.
func Amendable() []string {
	return []string{"region", "product", "model", "department_concerned", "language", "zone"}
}

// Voided marks the entry at sequence Entry as wrongly recorded. Its text: reason.
type Voided struct {
	Entry int64 `json:"entry"`
}

// Attached adds attachments to the case.
type Attached struct {
	Files []FileRef `json:"files"`
}

// Restricted names who may see and handle the case: its circle, and the persons it is about, who
// are kept away from it. Its text: reason.
type Restricted struct {
	Circle []string `json:"circle"` // ids of people; empty: everybody whose role allows it
	Named  []string `json:"named"`  // ids of people
}

// ProblemCause says what made a case a problem case.
type ProblemCause string

// The causes.
const (
	ProblemReworks ProblemCause = "reworks" // reworked too often
	ProblemMoves   ProblemCause = "moves"   // transferred and returned too often
)

// ProblemDeclared makes the case a problem case.
type ProblemDeclared struct {
	Cause ProblemCause `json:"cause"`
}

// Rescheduled is the customer's wish to be called back at another time.
type Rescheduled struct {
	Attempt int       `json:"attempt"` // the one put off
	To      time.Time `json:"to"`
}

// SurveyReminded reminds the customer of the survey of a cycle.
type SurveyReminded struct {
	SurveyCycle int `json:"survey_cycle"`
}

// Kind implements Data.
func (Settled) Kind() Kind         { return KindSettled }
func (Returned) Kind() Kind        { return KindReturned }        //nolint:revive // see Settled
func (Recalled) Kind() Kind        { return KindRecalled }        //nolint:revive // see Settled
func (Transferred) Kind() Kind     { return KindTransferred }     //nolint:revive // see Settled
func (Retracted) Kind() Kind       { return KindRetracted }       //nolint:revive // see Settled
func (Assigned) Kind() Kind        { return KindAssigned }        //nolint:revive // see Settled
func (TaskGiven) Kind() Kind       { return KindTaskGiven }       //nolint:revive // see Settled
func (TaskFinished) Kind() Kind    { return KindTaskFinished }    //nolint:revive // see Settled
func (TaskCancelled) Kind() Kind   { return KindTaskCancelled }   //nolint:revive // see Settled
func (MeasureTaken) Kind() Kind    { return KindMeasureTaken }    //nolint:revive // see Settled
func (ProgressTold) Kind() Kind    { return KindProgressTold }    //nolint:revive // see Settled
func (InterimTold) Kind() Kind     { return KindInterimTold }     //nolint:revive // see Settled
func (ContactPromised) Kind() Kind { return KindContactPromised } //nolint:revive // see Settled
func (Urged) Kind() Kind           { return KindUrged }           //nolint:revive // see Settled
func (Supervised) Kind() Kind      { return KindSupervised }      //nolint:revive // see Settled
func (Reported) Kind() Kind        { return KindReported }        //nolint:revive // see Settled
func (Reclassified) Kind() Kind    { return KindReclassified }    //nolint:revive // see Settled
func (Amended) Kind() Kind         { return KindAmended }         //nolint:revive // see Settled
func (Voided) Kind() Kind          { return KindVoided }          //nolint:revive // see Settled
func (Attached) Kind() Kind        { return KindAttached }        //nolint:revive // see Settled
func (Restricted) Kind() Kind      { return KindRestricted }      //nolint:revive // see Settled
func (ProblemDeclared) Kind() Kind { return KindProblemDeclared } //nolint:revive // see Settled
func (Rescheduled) Kind() Kind     { return KindRescheduled }     //nolint:revive // see Settled
func (SurveyReminded) Kind() Kind  { return KindSurveyReminded }  //nolint:revive // see Settled
