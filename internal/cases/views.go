package cases

import (
	"time"

	"recourse/internal/policy"
	"recourse/models"
)

// Call is who asks for something, and how to recognise the same wish when it is asked again.
type Call struct {
	Actor models.Actor
	Route string // of the door, such as POST /complaints
	Key   string // Idempotency-Key
	Body  []byte // hash of the request's body
}

// NewComplaint is a complaint as given at intake.
type NewComplaint struct {
	Opened          models.Opened // number, ids, policy and rules are filled in here
	Text            string
	Contact         models.Contact
	Particulars     models.Particulars
	Answer          string   // given in the intake call, with content
	ReceiptEvidence string   // how it is known that it was received earlier
	Attachments     []string // ids of the caller's uploads
}

// Orchestration says whether the workflow of a new case runs already.
type Orchestration string

// The states of a new case's workflow.
const (
	OrchestrationStarted Orchestration = "started"
	OrchestrationPending Orchestration = "pending" // the relay starts it as soon as Temporal answers
)

// Accepted is the answer to a new complaint: it is on record whatever happens next.
type Accepted struct {
	ID            string        `json:"id"`
	Number        string        `json:"number"`
	WorkflowID    string        `json:"workflow_id"`
	Orchestration Orchestration `json:"orchestration"`
	StatusToken   string        `json:"-"` // of the customer's link; derived, never stored
	ReceivedAt    time.Time     `json:"received_at"`
	RecordedAt    time.Time     `json:"recorded_at"`
	ResponseDue   time.Time     `json:"response_due"` // the 24 h promise
	ResponseBy    time.Time     `json:"response_by"`  // the severity's target, or the promise
	FeedbackDue   time.Time     `json:"feedback_due"` // the 48 h promise
	HandlingDue   time.Time     `json:"handling_due"` // by default of the severity
	Replayed      bool          `json:"-"`            // the same key was answered before
}

// Wish is a verb somebody wishes to use on a case.
type Wish struct {
	Verb        models.Verb
	Data        models.Data       // what it would put on record
	Words       map[string]string // texts by name, as the kernel knows them (lifecycle.Text…)
	Contact     *models.Contact   // of an amendment: all contact data, as it should read
	Attachments []string          // ids of the caller's uploads, for a verb whose data is models.Filing
	HappenedAt  time.Time         // zero: now
	IfSeq       int64             // refuse when the case has moved on; 0: never
	ToAll       bool              // tell the members of the group that the case leads as well
}

// Done is what became of a wish.
type Done struct {
	Number   string        `json:"number"`
	Seq      int64         `json:"seq"`
	State    models.State  `json:"state"`
	Recorded bool          `json:"recorded"` // false: decided, the database is catching up
	Possible []models.Verb `json:"possible"` // by the law, for this actor
	Replayed bool          `json:"-"`
}

// View is a case as one actor may see it.
type View struct {
	Case        models.Case
	Sight       models.Sight
	Text        string             // as last corrected; empty where the sight has no texts, or the customer was erased
	Contact     *models.Contact    // as last corrected; masked unless the sight is full; nil where it has no texts
	Corrections []Correction       // of the contact data, oldest first
	Namesakes   []string           // other customers whom corrected contact data finds, of those that this actor may see
	Particulars models.Particulars // of the complaint
	Solution    string             // latest proposed
	Result      string             // latest recorded
	Possible    []models.Verb      // what this actor may do now
	Requests    []RequestView      // what waits for a decision
	PausedUntil time.Time          // zero: it is not paused
	Tasks       []TaskView         // joint tasks that are open
	Links       []models.Linked    // to cases that this actor may see
	Given       []models.Money     // to the customer
	Call        *CallView          // the callback attempt under way; nil: none
	Waiting     []AlertWaiting     // alerts that nobody has acknowledged
	ReportDue   time.Time          // of a supervised case; zero: no report is owed
	ProposedBy  string             // who proposed the latest solution
	LeadsGroup  bool               // its solution and result can be told to all members
	Erased      bool
}

// CallView is a callback attempt that waits for its outcome.
type CallView struct {
	Attempt          int
	NotBefore, Until time.Time
}

// AlertWaiting is an alert on a case that waits for somebody to take it on.
type AlertWaiting struct {
	Key   string
	Run   string // of which clock
	Roles []models.Role
	AckBy time.Time // zero: nobody needs to
}

// TaskView is an open joint task.
type TaskView struct {
	Seq        int64 // names it
	Department string
	Due        time.Time
}

// RequestView is a request that waits for a decision.
type RequestView struct {
	Seq     int64 // names it
	What    models.RequestKind
	Asker   string
	Decider models.Role
	Asked   models.Requested // all of it
}

// Query filters a list; zero values do not filter.
type Query struct {
	Q            string // words that are found in the case
	States       []models.State
	Severities   []models.Severity
	Natures      []models.Nature
	Channels     []models.Channel
	Department   string
	Assignee     string
	Category     string
	Breached     *bool
	Sample       *bool
	Number       string
	ReceivedFrom time.Time
	ReceivedTo   time.Time
	Exactly      string   // the one case of this number
	Mine         bool     // the actor is responsible for it, or put it on record
	Departments  []string // any of them, none where it is empty and not nil; with Department both must hold
	Open         bool     // the company still owes the customer something
	Paused       bool     // it waits for something
	Late         bool     // its clock is past its first bound
	Soon         bool     // it is not late, and three quarters of the way are over
	Order        models.Order
	Cursor       string
	Limit        int // 1–200; 0: 50
}

// Page is a page of a list, with the cursor of the next one; empty when there is none.
type Page[T any] struct {
	Items []T
	Next  string
}

// Moment is one event of the timeline, with its words where the actor may read them.
type Moment struct {
	Event models.Event
	State models.State      // of the case from this event on
	Words map[string]string // by text name; absent where not allowed or erased
	Hash  []byte
	// Contact is what a correction changed in the contact data, masked unless the sight is full and the
	// actor asked for who the customer is.
	Contact []models.Change
}

// WorkOrder is what the handling department works by.
type WorkOrder struct {
	Case      models.Case
	Event     models.Event // dispatched
	Objective string
	Facts     string
	Text      string
	Contact   *models.Contact
}

// AlertView is an alert with the number of its case.
type AlertView struct {
	models.Alert
	Number string
}

// AlertQuery filters alerts.
type AlertQuery struct {
	Open   *bool // waiting for an acknowledgement
	Cursor string
	Limit  int
}

// Notice is a message in somebody's inbox.
type Notice struct {
	Message models.Message
	Number  string
	Subject string
	Text    string
}

// StatusView is what the customer sees behind the status link.
type StatusView struct {
	Number      string
	State       models.State
	Language    models.Language
	ReceivedAt  time.Time
	ResponseDue time.Time
	FeedbackDue time.Time
	RepliedAt   *time.Time
	Posts       []Post
	CanConfirm  bool // the result was told and nothing is decided yet
	CanMessage  bool

	Zone          string // of the customer, IANA name
	Anonymous     bool
	Ended         models.State  // how it ended; empty while it is open
	Promises      []Promise     // what they are owed next, soonest first
	Said          []Post        // what they said by this link
	Waiting       []models.Verb // said by this link and not passed on yet
	CanNotSolved  bool
	CanWithdraw   bool
	CanReschedule bool
}

// Promise is something the customer is owed by an instant.
type Promise struct {
	Clock models.Clock
	Due   time.Time
	Late  bool
}

// Post is something we told the customer.
type Post struct {
	At   time.Time
	Kind models.Kind // replied, solution_told, result_told, noted
	Text string
}

// SurveyView is what the customer sees behind the survey link.
type SurveyView struct {
	Number    string
	Cycle     int
	Language  models.Language
	ExpiresAt time.Time
	Answered  bool
	Zone      string // of the customer, IANA name
	Open      bool   // the case still takes an answer
}

// Measure of one figure: a rate with its parts, as internal/kpi defines it.

// Health is what /readyz answers.
type Health struct {
	Ready    bool
	Database string          // empty: fine; else what is wrong
	Temporal string          // empty: fine; else what is wrong. Intake works without
	RelayAge time.Duration   // of the oldest complaint whose workflow has not started
	Ending   []policy.Ending // calendars whose holidays are not known far enough ahead; everything works, and may be a day off wrong
}
