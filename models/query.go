package models

import "time"

// Visible says which cases somebody may see at all, as data, so that a list never reads what it must
// not show: all of them, or any that one of the other fields names. The zero value sees nothing.
type Visible struct {
	All         bool
	Departments []string // cases that these departments handle
	RecordedBy  string   // cases that this person or service put on record
	Assignee    string   // cases that this person is responsible for
	Received    bool     // cases that wait to be dispatched

	Person string // who looks: kept away from cases about them, and let into those whose circle they are of
	Guards bool   // looks after guarded cases before a circle is named

	// Whole is everything there is, for the record's own questions: nobody looks, and nobody is kept
	// away. VisibleTo never says so.
	Whole bool
}

// VisibleTo says which cases an actor sees in lists: the same as See allows case by case.
func VisibleTo(a Actor) Visible {
	v := Visible{Person: a.ID, Guards: guards(a)}
	for _, r := range a.Roles {
		switch r {
		case RoleSupervisor, RoleEscalationManager, RoleExecutive, RoleAuditor, RoleQuality, RoleOps, RoleHR, RoleAdmin:
			v.All = true
		case RoleIntake:
			v.RecordedBy, v.Received = a.ID, true
		case RoleHandler, RoleDepartmentHead:
			v.Departments, v.Assignee = a.Departments, a.ID
		}
	}
	return v
}

// CaseQuery asks for cases: all conditions that are set hold together, and never more than Visible.
type CaseQuery struct {
	Visible       Visible
	States        []State
	Severities    []Severity
	Natures       []Nature
	Channels      []Channel
	Categories    []string
	Departments   []string
	Assignees     []string
	CustomerID    string // with all that were merged into it
	Products      []string
	Find          [][]Way // each must be found, in any of its ways
	Breached      *bool
	Sample        *bool
	ReceivedFrom  *time.Time // at or after
	ReceivedUntil *time.Time // before
	Number        string     // any part of it
	Asks          []Role     // a request waits for one of these to decide
	Exactly       string     // the one case of this number
	Concerns      string     // this person is responsible for it, or put it on record
	Open          bool       // the company still owes the customer something
	Paused        bool       // it waits for something
	LateAt        *time.Time // its clock was due before
	SoonAt        *time.Time // its clock will be due after, and three quarters of its way are over
	NextDueBy     *time.Time // one of its clocks runs past its next bound at or before

	Order  Order  // empty: OrderReceived
	Cursor string // where the page before ended; empty: the first page
	Limit  int    // 1 to MaxPage; 0: 50
}

// Order is how a list of cases is sorted; cases that are alike in it stand in the order of their ids.
type Order string

// The orders.
const (
	OrderReceived Order = "received" // the latest first
	OrderDue      Order = "due"      // the most pressing first, then those of which no clock runs
	OrderSeverity Order = "severity" // the gravest first, each as OrderDue
)

// Orders lists the closed set.
func Orders() []Order { return []Order{OrderDue, OrderSeverity, OrderReceived} }

// CaseCount is how many cases of one severity there are, of those asked for.
type CaseCount struct {
	Severity            Severity
	Cases               int64
	Late, Soon, Waiting int64 // by CaseQuery.LateAt, SoonAt and Paused
}

// MaxPage is the most rows that one page holds.
const MaxPage = 200

// AlertQuery asks for alerts on the cases that are visible.
type AlertQuery struct {
	Visible Visible
	CaseID  string // of this case alone
	Waiting *bool  // out, delivered, not acknowledged, and its clock still running
	To      []Role // went to one of these
	Person  string // or was handed over to this person; with To
	By      string // acknowledged by this person
	Soonest bool   // those first that must be acknowledged first; without a cursor
	Cursor  string
	Limit   int
}

// OutboxQuery asks for messages, on their way or at their end. What is empty asks for all.
type OutboxQuery struct {
	States   []MessageState
	Channels []MessageChannel
	CaseID   string
	Endpoint string
	Cursor   string
	Limit    int
}

// What the record says when it cannot take something; each carries a code, so that a door can answer
// it without knowing the store.
var (
	// ErrDuplicateKey: an intake with this idempotency key is on record or under way.
	ErrDuplicateKey = Refuse(CodeConflict, "this Idempotency-Key was used already")
	// ErrCustomerTaken: somebody else put a customer on record with one of these digests. Nothing was
	// written: find the customer by digest and try again.
	ErrCustomerTaken = Refuse(CodeConflict, "the customer was put on record meanwhile; try again")
	// ErrLastAdmin: nobody would be left to change the organisation. Nothing was written.
	ErrLastAdmin = Refuse(CodeConflict, "this is the last admin: make another one first")
	// ErrErased: the customer was erased meanwhile, and their key seals nothing any more.
	ErrErased = Refuse(CodeConflict, "the customer was erased meanwhile")
)
