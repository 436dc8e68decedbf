package models

import (
	"slices"
	"time"
)

// Case is what we know of a case: the row that lists, searches and figures read. The kernel's own
// view of it, which has no personal data and may lie in histories, is lifecycle.Case; its bytes are
// kept here as Snapshot, so that a lost workflow can be started again from the row.
type Case struct {
	ID             string `gorm:"primaryKey"`
	Number         string
	Seq            int64 // of the last event applied
	Hash           []byte
	State          State
	Severity       Severity
	Nature         Nature
	Attribution    Attribution
	Cause          Cause
	Outcome        Outcome
	Channel        Channel
	Category       string
	Region         string
	Product        string
	Model          string
	Language       Language
	Zone           string
	CustomerID     string
	KeyID          string
	Department     string
	Supervising    string
	Assignee       string
	RecordedBy     string
	Anonymous      bool
	Confidential   bool
	MysteryShopper bool
	Sample         bool
	Source         string // system whose log it came from; empty: it was opened here
	Reference      string // its number there
	Policy         string
	Cycle          int
	Reworks        int
	Breached       bool // any clock ever ran past a bound
	Escalated      bool // any alert ever went out
	CloseReason    CloseReason
	Ending         State       // how it ended, also when it is archived; empty while it is open
	Returns        int         // work orders sent back
	Transfers      int         // hand-overs to another department
	Urges          int         // how often somebody pressed for it
	Problem        bool        // a problem case
	PauseReason    PauseReason // what it waits for now; empty: it does not
	Interim        bool        // the 48 h promise was kept by an interim answer, in cycle 1
	MergedInto     string      // id of the case that goes on for it
	GroupLead      string      // id of the case that leads its group
	Tasks          []string    `gorm:"serializer:ids"` // departments with an open joint task
	Circle         []string    `gorm:"serializer:ids"`
	Named          []string    `gorm:"serializer:ids"`
	Asks           []string    `gorm:"serializer:ids"` // roles that a request waits for to be decided, sorted
	GivenMinor     int64       // money given, in minor units of GivenCurrency
	GivenCurrency  string      // of the first payment; another currency stays in the events
	NextDue        *time.Time  // the next instant at which a clock runs past a bound; nil: none running
	DueClock       Clock       // of the clocks that run and do not wait, the one whose first bound is the earliest
	DueFrom        *time.Time  // since when it counts; nil: no clock runs
	SoonAt         *time.Time  // three quarters of its way
	DueAt          *time.Time  // its first bound: once that is past, the case is late until the clock stops

	// The milestones, of cycle 1 where a figure asks for cycle 1.
	ReceivedAt        time.Time
	RecordedAt        time.Time
	FirstReplyAt      *time.Time
	FirstDispatchedAt *time.Time
	FirstAcceptedAt   *time.Time
	FirstSolutionAt   *time.Time
	FirstResolvedAt   *time.Time
	ResolvedAt        *time.Time // of the last cycle; nil while a rework runs
	ResultToldAt      *time.Time
	ClosedAt          *time.Time
	ArchivedAt        *time.Time
	ResponseLimitAt   time.Time  // the 24 h promise
	ResponseTargetAt  *time.Time // the severity's shorter one
	FeedbackLimitAt   time.Time  // the 48 h promise, of cycle 1
	HandlingDueAt     time.Time  // of cycle 1
	ResultScore       int        // of the last answered cycle, callback or survey; 0: no answer
	Offered           int        // surveys offered
	Answered          int        // cycles answered, by callback or survey

	// What the clocks of cycle 1 took, 0 until they are met or breached: gross is the time on the wall, net
	// is without pauses. They are the sums of the clock ledger.
	ResponseGross time.Duration // from receipt to the first reply
	ResponseNet   time.Duration
	FeedbackGross time.Duration // from receipt to the solution, or to an interim answer
	FeedbackNet   time.Duration
	HandlingGross time.Duration // from receipt to the resolution
	HandlingNet   time.Duration
	TotalGross    time.Duration // from receipt to the last resolution; it is never paused
	PausedFor     time.Duration // pauses of handling that are over, of all cycles

	Snapshot  []byte    // JSON of lifecycle.Case
	UpdatedAt time.Time // of the last event
	TouchedAt time.Time `gorm:"->:false;<-;autoUpdateTime"` // when the row was written last, by the writer's clock: only for whoever watches
}

// Standing is all that access depends on.
func (c Case) Standing() Standing {
	return Standing{
		State: c.State, Nature: c.Nature, Department: c.Department, Assignee: c.Assignee, RecordedBy: c.RecordedBy,
		Tasks: c.Tasks, Circle: c.Circle, Named: c.Named,
	}
}

// Text is a text or a piece of contact data, encrypted with the key named KeyID. A text is staged
// under its command first and bound when an event names it; an unbound one is swept after a day.
type Text struct {
	Ref      string `gorm:"primaryKey"`
	CaseID   string
	KeyID    string
	Command  string // id of the command that staged it
	Name     string
	Sealed   []byte // nonce and AES-256-GCM of salt and words, bound to Ref and KeyID
	Digest   string // as in TextRef
	Seq      int64  // of the event that names it; 0: staged only
	StagedAt time.Time

	Terms []int64          `gorm:"-"` // by which search finds it; they go into an index of their own
	Ways  []CustomerDigest `gorm:"-"` // of corrected contact data: by what the customer is found from its event on
}

// Key is a data key, wrapped by the master key. Erasing a customer deletes the wrapped key.
type Key struct {
	ID        string `gorm:"primaryKey"`
	Wrapped   []byte // empty once erased
	CreatedAt time.Time
	ErasedAt  *time.Time
}

// Customer is somebody who complained, found again by keyed digests of phone, e-mail or external id.
type Customer struct {
	ID        string `gorm:"primaryKey"`
	KeyID     string
	Language  Language
	Zone      string
	Profile   []byte // sealed Contact as first given; later ones stay on their cases
	CreatedAt time.Time
	ErasedAt  *time.Time
	// MergedInto is the record that goes on for this one; their keys, cases and digests stay two, because
	// texts are sealed by the one and events name the other. A survivor is never merged itself.
	MergedInto string
	HeldAt     *time.Time // since then nothing may be erased: a legal hold
}

// CustomerDigest finds a customer by one way to reach them.
type CustomerDigest struct {
	Digest     string `gorm:"primaryKey"` // hex HMAC of kind and normalised value
	CustomerID string
	Kind       string // phone, email or external_id
}

// ContactWay is one way by which a customer is found once the corrected contact data in a text is on
// record. It may be another customer's: then it finds that one, as before.
type ContactWay struct {
	Ref    string `gorm:"primaryKey"` // of the text
	Digest string `gorm:"primaryKey"`
	Kind   string // as of CustomerDigest
}

// Contact is how a customer can be reached, as given.
type Contact struct {
	Name       string         `json:"name,omitempty"`
	Phone      string         `json:"phone,omitempty"`
	Email      string         `json:"email,omitempty"`
	ExternalID string         `json:"external_id,omitempty"`
	Address    string         `json:"address,omitempty"`
	Second     *SecondContact `json:"second,omitempty"`
}

// SecondContact is another way to the customer, or a person acting for them.
type SecondContact struct {
	Name    string `json:"name,omitempty"`
	Phone   string `json:"phone,omitempty"`
	Email   string `json:"email,omitempty"`
	ActsFor bool   `json:"acts_for,omitempty"`
}

// Reachable says whether there is any way to reach the customer.
func (c Contact) Reachable() bool {
	return c.Phone != "" || c.Email != "" || c.ExternalID != "" || c.Address != ""
}

// Particulars are the words of a complaint beside its text.
type Particulars struct {
	Happened     string `json:"happened,omitempty"` // what happened when and where
	Serial       string `json:"serial,omitempty"`
	OrderNumber  string `json:"order_number,omitempty"`
	PurchaseDate string `json:"purchase_date,omitempty"` // YYYY-MM-DD
	Symptom      string `json:"symptom,omitempty"`
	Remedy       string `json:"remedy,omitempty"` // remedy sought
}

// Person is somebody of the company, or a named service with a token of its own.
type Person struct {
	ID          string `gorm:"primaryKey"`
	Name        string
	Email       string
	Phone       string // for alerts by SMS and voice
	Language    Language
	Service     bool
	Sample      bool
	Roles       []Role     `gorm:"serializer:json"`
	Departments []string   `gorm:"serializer:json"`
	Teams       []string   `gorm:"serializer:json"`
	Languages   []Language `gorm:"serializer:json"` // spoken besides Language
	Deputy      string     // stands in while the person is absent
	CreatedAt   time.Time
	DisabledAt  *time.Time
}

// Speaks says whether the person can answer in a language.
func (p Person) Speaks(l Language) bool {
	return p.Language == l || slices.Contains(p.Languages, l)
}

// Admin says whether the person may change the organisation now.
func (p Person) Admin() bool { return p.DisabledAt == nil && slices.Contains(p.Roles, RoleAdmin) }

// Actor is the person as the author of an event.
func (p Person) Actor() Actor {
	kind := ActorPerson
	if p.Service {
		kind = ActorService
	}
	return Actor{Kind: kind, ID: p.ID, Roles: p.Roles, Departments: p.Departments}
}

// Department handles complaints.
type Department struct {
	ID          string `gorm:"primaryKey"`
	NameZH      string
	NameEN      string
	Supervising string // id of the department that supervises it
	Sample      bool
	CreatedAt   time.Time
	DisabledAt  *time.Time
}

// Category is a node of the tree by which complaints are filed.
type Category struct {
	ID     string `gorm:"primaryKey"`
	Parent string
	NameZH string
	NameEN string
	Sample bool
}

// Token lets a person or service in. Only the hash of its secret is kept.
type Token struct {
	ID        string `gorm:"primaryKey"`
	PersonID  string
	Hash      []byte
	CreatedAt time.Time
	ExpiresAt time.Time
	RevokedAt *time.Time
	UsedAt    *time.Time
}

// StartIntent is the promise to start a case's workflow; it is kept, with StartedAt, once the
// workflow runs.
type StartIntent struct {
	CaseID      string `gorm:"primaryKey"`
	Severity    Severity
	Restart     RestartCause // empty for the first start
	Attempts    int
	CreatedAt   time.Time
	NextAt      time.Time // not before
	StartedAt   *time.Time
	LastFailure string
}

// KeyState says how far the first request with an idempotency key has come.
type KeyState string

// The states of an idempotency key.
const (
	KeyRunning KeyState = "running"
	KeyDone    KeyState = "done"
)

// IdempotencyKey is what was asked with a key and what was answered; kept for 24 h.
type IdempotencyKey struct {
	Principal string `gorm:"primaryKey"`
	Route     string `gorm:"primaryKey"`
	Key       string `gorm:"primaryKey"`
	BodyHash  []byte
	State     KeyState
	Status    int
	Answer    []byte
	CreatedAt time.Time
	LeaseAt   time.Time // while running: until then nobody else tries
}

// Alert is one rung of a ladder as delivered: recorded exactly once per case and key.
type Alert struct {
	ID             string `gorm:"primaryKey"`
	CaseID         string
	Key            string
	Seq            int64 // of the escalated event
	Clock          Clock
	Bound          Bound
	Rung           int
	Repeat         int
	Roles          []Role `gorm:"serializer:json"`
	Severity       Severity
	Department     string
	Assignee       string
	DueAt          time.Time
	FiredAt        time.Time
	AckBy          *time.Time
	SnoozedBy      string // id of whoever put it off, until AckBy; empty: nobody did
	HandedTo       string // id of whom it was given to, until AckBy; empty: nobody
	HandedBy       string
	Superseded     bool
	LateBy         time.Duration
	LateReason     LateReason
	AcknowledgedAt *time.Time
	AcknowledgedBy string
	EndedAt        *time.Time // the clock or the case ended before anybody acknowledged
}

// MessageState says how far a message has come.
type MessageState string

// The states of a message.
const (
	MessagePending MessageState = "pending"
	MessageSent    MessageState = "sent"
	MessageFailed  MessageState = "failed"  // gave up; ops see why
	MessageSkipped MessageState = "skipped" // nobody to send it to, or the customer was erased
)

// MessageStates lists the closed set.
func MessageStates() []MessageState {
	return []MessageState{MessagePending, MessageSent, MessageFailed, MessageSkipped}
}

// MessageChannel is a way for messages to leave.
type MessageChannel string

// The channels for messages.
const (
	MessageInbox MessageChannel = "inbox" // shown in the product itself
	MessageEmail MessageChannel = "email"
	MessagePost  MessageChannel = "post" // posted on the customer's status page

	// Through an endpoint.
	MessageWebhook  MessageChannel = "webhook"
	MessageWeCom    MessageChannel = "wecom"
	MessageDingTalk MessageChannel = "dingtalk"
	MessageFeishu   MessageChannel = "feishu"
	MessageSMS      MessageChannel = "sms"
	MessageVoice    MessageChannel = "voice"
)

// TemplateEvent is the template of a message that carries an event itself, for webhooks.
const TemplateEvent = "event"

// Message is one message to one recipient. It is written with the event that causes it and sent by
// the dispatcher: at least once on the wire under a stable id, exactly once on record.
type Message struct {
	ID         string `gorm:"primaryKey"`          // stable; derived from event, template, channel and recipient
	CaseID     string `gorm:"serializer:optional"` // empty: it is about no case, but about what stands in About
	Seq        int64  // of the event that causes it
	About      string // id of what a message without a case is about; what that is, its template says
	Template   string
	Channel    MessageChannel
	Person     string // recipient inside; empty: the customer
	Endpoint   string // recipient outside; empty: none, or not yet resolved to endpoints
	Roles      []Role `gorm:"serializer:json"` // recipients not yet resolved to persons
	Department string // whose head is meant, not yet resolved to a person
	Language   Language
	State      MessageState
	Attempts   int
	NextAt     time.Time
	CreatedAt  time.Time // with its event; a reminder that keeps quiet hours, when they end
	SentAt     *time.Time
	ReadAt     *time.Time
	LastError  string
	KeyID      string
	Body       []byte // sealed, as sent
}

// Survey is the survey of one cycle, behind a secret link whose hash alone is kept.
type Survey struct {
	CaseID     string `gorm:"primaryKey"`
	Cycle      int    `gorm:"primaryKey;autoIncrement:false"`
	OfferedAt  time.Time
	ExpiresAt  time.Time
	AnsweredAt *time.Time
}

// LinkKind says what a secret link opens.
type LinkKind string

// The kinds of link.
const (
	LinkStatus LinkKind = "status"
	LinkSurvey LinkKind = "survey"
)

// Link is a secret link; only the hash of its token is kept.
type Link struct {
	Hash      string `gorm:"primaryKey"` // hex SHA-256 of the token
	CaseID    string
	Kind      LinkKind
	Cycle     int
	CreatedAt time.Time
	ExpiresAt *time.Time
}

// IncomingState says how far a customer's answer has come.
type IncomingState string

// The states of a customer's answer.
const (
	IncomingPending IncomingState = "pending" // on record, not yet passed on
	IncomingPassed  IncomingState = "passed"  // the workflow decided it
	IncomingRefused IncomingState = "refused" // the workflow refused it; why stands in Refusal
)

// Incoming is what a customer sent by link: stored first, passed on when Temporal is up.
type Incoming struct {
	ID         string `gorm:"primaryKey"`
	CaseID     string
	Verb       Verb
	Cycle      int
	Command    []byte // JSON of the lifecycle.Command; texts by reference
	State      IncomingState
	Refusal    string
	Attempts   int
	ReceivedAt time.Time
	NextAt     time.Time
	PassedAt   *time.Time
}

// CallTask asks somebody outside the handling department to call a customer back.
type CallTask struct {
	CaseID    string `gorm:"primaryKey"`
	Cycle     int    `gorm:"primaryKey;autoIncrement:false"`
	Attempt   int    `gorm:"primaryKey;autoIncrement:false"`
	Caller    string // person proposed; empty: any of quality or supervisors
	NotBefore time.Time
	Until     time.Time
	Script    string          // key of the script
	Outcome   CallbackOutcome // empty once it is done: nobody needs to make it any more
	DoneAt    *time.Time
}

// Archive is the seal of a whole record.
type Archive struct {
	CaseID   string `gorm:"primaryKey"`
	Seq      int64  // of the archived event
	Head     []byte // hash of that event: the end of the chain
	Digest   []byte // SHA-256 of the sealed document
	Document []byte // canonical JSON: entries, texts by digest, messages by id
	SealedAt time.Time
}

// MessageCount is how many messages stand so.
type MessageCount struct {
	State    MessageState
	Channel  MessageChannel
	Messages int64
}
