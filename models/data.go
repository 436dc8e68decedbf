package models

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Kind names what an event says. Kinds are never renamed.
type Kind string

// The kinds of event, in the order of the main road, then what happens by itself.
const (
	KindOpened           Kind = "opened"
	KindDispatched       Kind = "dispatched"
	KindAccepted         Kind = "accepted"
	KindReplied          Kind = "replied"
	KindContactLogged    Kind = "contact_logged"
	KindNoted            Kind = "noted"
	KindMessaged         Kind = "messaged"
	KindProposed         Kind = "proposed"
	KindApproved         Kind = "approved"
	KindRejected         Kind = "rejected"
	KindSolutionTold     Kind = "solution_told"
	KindResolved         Kind = "resolved"
	KindResultTold       Kind = "result_told"
	KindSurveyOffered    Kind = "survey_offered"
	KindCallbackPlaced   Kind = "callback_placed"
	KindCallbackRecorded Kind = "callback_recorded"
	KindSurveyAnswered   Kind = "survey_answered"
	KindConfirmed        Kind = "confirmed"
	KindNotSolved        Kind = "not_solved"
	KindClosed           Kind = "closed"
	KindReworked         Kind = "reworked"
	KindReopened         Kind = "reopened"
	KindRequested        Kind = "requested"
	KindDecided          Kind = "decided"
	KindArchived         Kind = "archived"
	KindAcknowledged     Kind = "acknowledged"
	KindBreached         Kind = "breached"
	KindEscalated        Kind = "escalated"
	KindSurveyExpired    Kind = "survey_expired"
	KindRestarted        Kind = "restarted"
)

// Opened puts a complaint on record. Its texts: text, contact, particulars, answer (given in the
// intake call), receipt_evidence.
type Opened struct {
	Number         string    `json:"number"`
	CustomerID     string    `json:"customer_id,omitempty"` // empty when anonymous
	KeyID          string    `json:"key_id"`                // whose key encrypts the case's texts
	Channel        Channel   `json:"channel"`
	Language       Language  `json:"language"`
	Zone           string    `json:"zone"` // the customer's IANA time zone
	ReceivedAt     time.Time `json:"received_at"`
	Severity       Severity  `json:"severity"`
	Nature         Nature    `json:"nature,omitempty"`
	Category       string    `json:"category,omitempty"`
	Region         string    `json:"region,omitempty"`
	Concerned      string    `json:"concerned,omitempty"` // department the complaint is about
	Product        string    `json:"product,omitempty"`
	Model          string    `json:"model,omitempty"`
	Anonymous      bool      `json:"anonymous,omitempty"`
	Confidential   bool      `json:"confidential,omitempty"`
	MysteryShopper bool      `json:"mystery_shopper,omitempty"`
	Sample         bool      `json:"sample,omitempty"`
	Answered       bool      `json:"answered,omitempty"` // the intake call already answered it, with content
	Files          []FileRef `json:"files,omitempty"`    // attachments that came with it
	Route          *Route    `json:"route,omitempty"`    // what the dispatch table proposes; nil: no rule was asked
	Policy         string    `json:"policy"`             // version the case runs under
	Rules          int       `json:"rules"`              // version of the kernel's rules
}

// FileRef names an attachment inside an event. The bytes lie outside the event, encrypted; the
// digest proves them and tells nothing.
type FileRef struct {
	ID        string `json:"id"`
	Digest    string `json:"digest"` // hex HMAC-SHA-256 of the bytes
	Size      int64  `json:"size"`   // bytes
	MediaType string `json:"media_type"`
}

// Route is what a rule of the dispatch table proposes for a case.
type Route struct {
	Rule        string `json:"rule"` // its name; "fallback" when none matched
	Department  string `json:"department"`
	Person      string `json:"person,omitempty"`
	Supervising string `json:"supervising,omitempty"`
	Auto        bool   `json:"auto,omitempty"` // the rule dispatches by itself
}

// Dispatched issues the work order. Its texts: facts, objective.
type Dispatched struct {
	Department  string    `json:"department"`
	Supervising string    `json:"supervising"`      // department that gets a copy
	Person      string    `json:"person,omitempty"` // empty: whoever of the department accepts
	Severity    Severity  `json:"severity"`
	Nature      Nature    `json:"nature"`
	Category    string    `json:"category"`
	HandlingDue time.Time `json:"handling_due,omitzero"` // zero: the default of the severity stands
}

// Accepted signs for the work order.
type Accepted struct {
	Person string `json:"person"` // who is responsible from now on
}

// Replied answers the customer with content. Its text: text.
type Replied struct {
	Channel Channel `json:"channel"`
}

// Direction says who called whom.
type Direction string

// The directions of a contact.
const (
	DirectionIn  Direction = "in"
	DirectionOut Direction = "out"
)

// ContactLogged records a contact. Its text: text.
type ContactLogged struct {
	Channel   Channel   `json:"channel"`
	Direction Direction `json:"direction"`
	Held      bool      `json:"held"` // false: attempted, nobody reached
}

// Audience says who may read a note.
type Audience string

// The audiences of a note.
const (
	AudienceInternal Audience = "internal"
	AudienceCustomer Audience = "customer"
)

// Noted leaves a note. Its text: text.
type Noted struct {
	Audience Audience `json:"audience"`
}

// Messaged records a message from the customer. Its text: text.
type Messaged struct {
	Channel Channel `json:"channel"`
}

// Measure is one thing that will be done, by whom and until when; what it is, is the text measure.N.
type Measure struct {
	Owner string    `json:"owner"` // person or department
	Due   time.Time `json:"due"`
}

// Proposed proposes a solution. Its texts: solution, minutes, measure.0, measure.1 …
type Proposed struct {
	Measures      []Measure `json:"measures"`
	Money         *Money    `json:"money,omitempty"` // that the solution gives
	NeedsApproval bool      `json:"needs_approval,omitempty"`
}

// Approved approves the proposal made at sequence Request. Its text: reason.
type Approved struct {
	Request int64 `json:"request"`
}

// Rejected sends the proposal made at sequence Request back. Its text: reason.
type Rejected struct {
	Request int64 `json:"request"`
}

// SolutionTold says that the customer was told the solution. Its text: text.
type SolutionTold struct {
	Channel Channel     `json:"channel"`
	Copies  []GroupCopy `json:"copies,omitempty"` // told to these members of the group that this case leads, in the same act
	Group   *GroupAct   `json:"group,omitempty"`  // told with the lead case
}

// GroupCopy is what one member of a group is told: its own channel, and its own texts.
type GroupCopy struct {
	Other
	Channel Channel   `json:"channel"`
	Texts   []TextRef `json:"texts"`
}

// GroupAct is what a member of a group takes over from its lead case when both are told in one act.
type GroupAct struct {
	Lead        Other       `json:"lead"`
	Seq         int64       `json:"seq,omitempty"` // of the lead's event, when both were told in one act
	Department  string      `json:"department"`
	Person      string      `json:"person,omitempty"`
	Outcome     Outcome     `json:"outcome,omitempty"`
	Cause       Cause       `json:"cause,omitempty"`
	Attribution Attribution `json:"attribution,omitempty"`
}

// Resolved records that all measures are done. Its text: result.
type Resolved struct {
	MeasuresDone bool        `json:"measures_done"` // required: nothing is resolved half done
	Outcome      Outcome     `json:"outcome"`
	Cause        Cause       `json:"cause,omitempty"`
	Attribution  Attribution `json:"attribution,omitempty"`
}

// ResultTold says that the customer was told the result; all four parts are required. Its
// texts: text, and reason when it was told by another channel than the customer's.
type ResultTold struct {
	Channel  Channel `json:"channel"`
	Done     bool    `json:"done"`      // what was done
	Effect   bool    `json:"effect"`    // what it brought about
	FollowUp bool    `json:"follow_up"` // what comes next
	Thanks   bool    `json:"thanks"`

	Copies []GroupCopy `json:"copies,omitempty"` // as in SolutionTold
	Group  *GroupAct   `json:"group,omitempty"`
}

// SurveyOffered offers the survey of a cycle to the customer.
type SurveyOffered struct {
	SurveyCycle int       `json:"survey_cycle"`
	ExpiresAt   time.Time `json:"expires_at"`
}

// CallbackPlaced asks somebody outside the handling department to call the customer back.
type CallbackPlaced struct {
	Attempt   int       `json:"attempt"` // 1, 2, 3 of the cycle
	NotBefore time.Time `json:"not_before"`
	Until     time.Time `json:"until"`
}

// Scores are what the customer said of us; zero means not asked or not answered.
type Scores struct {
	Process   int  `json:"process,omitempty"`   // 1–5
	Result    int  `json:"result,omitempty"`    // 1–5
	Speed     int  `json:"speed,omitempty"`     // 1–5
	Attitude  int  `json:"attitude,omitempty"`  // 1–5
	Recommend *int `json:"recommend,omitempty"` // 0–10
}

// CallbackRecorded says what came of an attempt. Its text: text.
type CallbackRecorded struct {
	Attempt       int             `json:"attempt"`
	Outcome       CallbackOutcome `json:"outcome"`
	Scores        *Scores         `json:"scores,omitempty"`
	RescheduledTo time.Time       `json:"rescheduled_to,omitzero"`
	OtherChannel  bool            `json:"other_channel,omitempty"` // refused or wrong number: one other channel was tried
}

// SurveyAnswered is the customer's answer to the survey of a cycle. Its text: text.
type SurveyAnswered struct {
	SurveyCycle int    `json:"survey_cycle"`
	Scores      Scores `json:"scores"`
}

// Confirmed says that the customer calls the problem solved. Its text: text.
type Confirmed struct{}

// NotSolved says that the customer calls the problem not solved. Its text: text.
type NotSolved struct{}

// CloseReason says why a case closed.
type CloseReason string

// The reasons for closing.
const (
	CloseSolved     CloseReason = "solved"      // the customer said so in a callback
	CloseConfirmed  CloseReason = "confirmed"   // the customer said so by link
	CloseNotReached CloseReason = "not_reached" // attempts exhausted after the result was told
	CloseAnonymous  CloseReason = "anonymous"   // nobody to ask; the wait after the result is over
	CloseByHand     CloseReason = "by_hand"     // by a supervisor, for a written reason
)

// Closed ends the case. Its text: reason, when closed by hand.
type Closed struct {
	Reason CloseReason `json:"reason"`
}

// ReworkCause says what started another cycle.
type ReworkCause string

// The causes of a rework.
const (
	ReworkByHand      ReworkCause = "by_hand"
	ReworkCallback    ReworkCause = "callback"     // reached_unsolved
	ReworkNotReceived ReworkCause = "not_received" // the customer never got the result
	ReworkScore       ReworkCause = "score"        // the result score is low
	ReworkCustomer    ReworkCause = "customer"     // "not solved" by link
)

// Reworked starts another cycle in investigating. Its text: reason.
type Reworked struct {
	Cause ReworkCause `json:"cause"`
}

// Reopened takes an ended case up again, as another cycle. Its text: reason.
type Reopened struct {
	To State `json:"to"` // investigating, or received when it was never dispatched
}

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

// Acknowledged says that somebody took an alert on.
type Acknowledged struct {
	Alert string `json:"alert"` // its key
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
}

// SurveyExpired says that nobody answered the survey of a cycle in time.
type SurveyExpired struct {
	SurveyCycle int `json:"survey_cycle"`
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
func (Opened) Kind() Kind           { return KindOpened }
func (Dispatched) Kind() Kind       { return KindDispatched }       //nolint:revive // see Opened
func (Accepted) Kind() Kind         { return KindAccepted }         //nolint:revive // see Opened
func (Replied) Kind() Kind          { return KindReplied }          //nolint:revive // see Opened
func (ContactLogged) Kind() Kind    { return KindContactLogged }    //nolint:revive // see Opened
func (Noted) Kind() Kind            { return KindNoted }            //nolint:revive // see Opened
func (Messaged) Kind() Kind         { return KindMessaged }         //nolint:revive // see Opened
func (Proposed) Kind() Kind         { return KindProposed }         //nolint:revive // see Opened
func (Approved) Kind() Kind         { return KindApproved }         //nolint:revive // see Opened
func (Rejected) Kind() Kind         { return KindRejected }         //nolint:revive // see Opened
func (SolutionTold) Kind() Kind     { return KindSolutionTold }     //nolint:revive // see Opened
func (Resolved) Kind() Kind         { return KindResolved }         //nolint:revive // see Opened
func (ResultTold) Kind() Kind       { return KindResultTold }       //nolint:revive // see Opened
func (SurveyOffered) Kind() Kind    { return KindSurveyOffered }    //nolint:revive // see Opened
func (CallbackPlaced) Kind() Kind   { return KindCallbackPlaced }   //nolint:revive // see Opened
func (CallbackRecorded) Kind() Kind { return KindCallbackRecorded } //nolint:revive // see Opened
func (SurveyAnswered) Kind() Kind   { return KindSurveyAnswered }   //nolint:revive // see Opened
func (Confirmed) Kind() Kind        { return KindConfirmed }        //nolint:revive // see Opened
func (NotSolved) Kind() Kind        { return KindNotSolved }        //nolint:revive // see Opened
func (Closed) Kind() Kind           { return KindClosed }           //nolint:revive // see Opened
func (Reworked) Kind() Kind         { return KindReworked }         //nolint:revive // see Opened
func (Reopened) Kind() Kind         { return KindReopened }         //nolint:revive // see Opened
func (Requested) Kind() Kind        { return KindRequested }        //nolint:revive // see Opened
func (Decided) Kind() Kind          { return KindDecided }          //nolint:revive // see Opened
func (Archived) Kind() Kind         { return KindArchived }         //nolint:revive // see Opened
func (Acknowledged) Kind() Kind     { return KindAcknowledged }     //nolint:revive // see Opened
func (Breached) Kind() Kind         { return KindBreached }         //nolint:revive // see Opened
func (Escalated) Kind() Kind        { return KindEscalated }        //nolint:revive // see Opened
func (SurveyExpired) Kind() Kind    { return KindSurveyExpired }    //nolint:revive // see Opened
func (Restarted) Kind() Kind        { return KindRestarted }        //nolint:revive // see Opened

// read makes a reader for the current version of one kind.
func read[D Data](raw json.RawMessage) (Data, error) {
	var d D
	if err := json.Unmarshal(raw, &d); err != nil {
		return nil, err
	}
	return d, nil
}

// kinds says for every kind how each version of its data is read; version n is at index n-1. A
// later version is appended, and the earlier readers turn old data into today's type.
var kinds = map[Kind][]func(json.RawMessage) (Data, error){
	KindOpened:           {read[Opened], read[Opened]}, // 2: files, route
	KindDispatched:       {read[Dispatched]},
	KindAccepted:         {read[Accepted]},
	KindReplied:          {read[Replied]},
	KindContactLogged:    {read[ContactLogged]},
	KindNoted:            {read[Noted]},
	KindMessaged:         {read[Messaged]},
	KindProposed:         {read[Proposed], read[Proposed]}, // 2: money
	KindApproved:         {read[Approved]},
	KindRejected:         {read[Rejected]},
	KindSolutionTold:     {read[SolutionTold], read[SolutionTold]}, // 2: group
	KindResolved:         {read[Resolved]},
	KindResultTold:       {read[ResultTold], read[ResultTold]}, // 2: group
	KindSurveyOffered:    {read[SurveyOffered]},
	KindCallbackPlaced:   {read[CallbackPlaced]},
	KindCallbackRecorded: {read[CallbackRecorded]},
	KindSurveyAnswered:   {read[SurveyAnswered]},
	KindConfirmed:        {read[Confirmed]},
	KindNotSolved:        {read[NotSolved]},
	KindClosed:           {read[Closed]},
	KindReworked:         {read[Reworked]},
	KindReopened:         {read[Reopened]},
	KindRequested:        {read[Requested], read[Requested]}, // 2: what a request of the wider life asks for
	KindDecided:          {read[Decided]},
	KindArchived:         {read[Archived]},
	KindAcknowledged:     {read[Acknowledged]},
	KindBreached:         {read[Breached]},
	KindEscalated:        {read[Escalated]},
	KindSurveyExpired:    {read[SurveyExpired]},
	KindRestarted:        {read[Restarted]},

	KindSettled:         {read[Settled]},
	KindReturned:        {read[Returned]},
	KindRecalled:        {read[Recalled]},
	KindTransferred:     {read[Transferred]},
	KindRetracted:       {read[Retracted]},
	KindAssigned:        {read[Assigned]},
	KindTaskGiven:       {read[TaskGiven]},
	KindTaskFinished:    {read[TaskFinished]},
	KindTaskCancelled:   {read[TaskCancelled]},
	KindMeasureTaken:    {read[MeasureTaken]},
	KindProgressTold:    {read[ProgressTold]},
	KindInterimTold:     {read[InterimTold]},
	KindContactPromised: {read[ContactPromised]},
	KindUrged:           {read[Urged]},
	KindSupervised:      {read[Supervised]},
	KindReported:        {read[Reported]},
	KindReclassified:    {read[Reclassified]},
	KindAmended:         {read[Amended]},
	KindVoided:          {read[Voided]},
	KindAttached:        {read[Attached]},
	KindRestricted:      {read[Restricted]},
	KindProblemDeclared: {read[ProblemDeclared]},
	KindRescheduled:     {read[Rescheduled]},
	KindSurveyReminded:  {read[SurveyReminded]},
	KindPaused:          {read[Paused]},
	KindResumed:         {read[Resumed]},
	KindExtended:        {read[Extended]},
	KindCompensated:     {read[Compensated]},
	KindNotAccepted:     {read[NotAccepted]},
	KindWithdrawn:       {read[Withdrawn]},
	KindMerged:          {read[Merged]},
	KindUnmerged:        {read[Unmerged]},
	KindLinked:          {read[Linked]},
}

// Kinds lists the kinds that this release knows, by name.
func Kinds() []Kind { return slices.Sorted(maps.Keys(kinds)) }

// Version returns the current version of a kind's data.
func (k Kind) Version() int { return len(kinds[k]) }

// ReadData reads the data of an event of kind k, as it was written in version.
func ReadData(k Kind, version int, raw json.RawMessage) (Data, error) {
	readers := kinds[k]
	if version < 1 || version > len(readers) {
		return nil, fmt.Errorf("kind %q version %d is not known to this release", k, version)
	}
	return readers[version-1](raw)
}
