package models

import "time"

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

// Kind implements Data.
func (Opened) Kind() Kind        { return KindOpened }
func (Dispatched) Kind() Kind    { return KindDispatched }    //nolint:revive // see Opened
func (Accepted) Kind() Kind      { return KindAccepted }      //nolint:revive // see Opened
func (Replied) Kind() Kind       { return KindReplied }       //nolint:revive // see Opened
func (ContactLogged) Kind() Kind { return KindContactLogged } //nolint:revive // see Opened
func (Noted) Kind() Kind         { return KindNoted }         //nolint:revive // see Opened
func (Messaged) Kind() Kind      { return KindMessaged }      //nolint:revive // see Opened
func (Proposed) Kind() Kind      { return KindProposed }      //nolint:revive // see Opened
func (Approved) Kind() Kind      { return KindApproved }      //nolint:revive // see Opened
func (Rejected) Kind() Kind      { return KindRejected }      //nolint:revive // see Opened
func (SolutionTold) Kind() Kind  { return KindSolutionTold }  //nolint:revive // see Opened
func (Resolved) Kind() Kind      { return KindResolved }      //nolint:revive // see Opened
func (ResultTold) Kind() Kind    { return KindResultTold }    //nolint:revive // see Opened
