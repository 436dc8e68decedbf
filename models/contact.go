package models

import "time"

// ReadPlace says where contact data was read.
type ReadPlace string

// The places.
const (
	ReadCase      ReadPlace = "case"
	ReadTimeline  ReadPlace = "timeline"
	ReadWorkOrder ReadPlace = "work_order"
	ReadCustomer  ReadPlace = "customer"
	ReadLetter    ReadPlace = "letter"
	ReadUnmask    ReadPlace = "unmask" // by somebody who sees it masked, for a reason
)

// ContactRead is one time that somebody was shown contact data in full.
type ContactRead struct {
	ID         string `gorm:"primaryKey"`
	CaseID     string // empty: on the customer's page
	CustomerID string
	Person     string
	ReadAt     time.Time
	Place      ReadPlace
	KeyID      string // seals Reason; empty without one
	Reason     []byte // sealed; of an unmasking
}

// CustomerActKind says what was done to a customer's record.
type CustomerActKind string

// The acts on a customer's record.
const (
	ActHold    CustomerActKind = "hold"    // nothing of it may be erased
	ActRelease CustomerActKind = "release" // the hold is over
	ActMerge   CustomerActKind = "merge"   // it is the same customer as another
	ActErase   CustomerActKind = "erase"
)

// CustomerAct is what somebody did to a customer's record: kept for ever, its reason as long as the
// customer's key.
type CustomerAct struct {
	ID         string `gorm:"primaryKey"`
	CustomerID string
	Into       string // of a merge: who survives
	Kind       CustomerActKind
	Person     string
	ActedAt    time.Time
	KeyID      string
	Reason     []byte // sealed
}

// SearchText is what the search index keeps of one text: the keyed digests of its terms. Ref is the
// text's, or the case's own id for its number, product, model and number elsewhere.
type SearchText struct {
	Ref    string
	CaseID string
	KeyID  string // of the text: once erased, nothing of it is indexed any more; empty for facts
	Terms  []int64
}

// Way is one way to find what is looked for in a case: in one of its texts all terms of one of the
// sets must be there. It is open only where Visible says.
type Way struct {
	Visible Visible
	Any     [][]int64
}
