package models

import "time"

// Recording is everything that one decision leaves on record, written in one transaction: the
// entries, the row they lead to, and the rows derived from them. It is computed by the kernel, so
// that workflow, import and samples leave the same rows.
type Recording struct {
	Case     Case          `json:"case"` // the row after the last entry, with its snapshot
	Entries  []Entry       `json:"entries"`
	Texts    []TextRef     `json:"texts,omitempty"` // staged texts that the entries name, with the entry's sequence in Seqs
	Seqs     []int64       `json:"seqs,omitempty"`
	Files    []FileBinding `json:"files,omitempty"`    // claimed attachments that the entries name
	Alerts   []Alert       `json:"alerts,omitempty"`   // new ones
	Changed  []AlertChange `json:"changed,omitempty"`  // alerts put off or handed over
	Settled  []AlertEnd    `json:"settled,omitempty"`  // alerts acknowledged or overtaken
	Messages []Message     `json:"messages,omitempty"` // new ones
	Surveys  []Survey      `json:"surveys,omitempty"`  // answered: case, cycle and AnsweredAt
	Calls    []CallTask    `json:"calls,omitempty"`    // made or not needed any more: case, cycle, attempt, Outcome and DoneAt
	Relayed  []Incoming    `json:"relayed,omitempty"`  // what other cases must be told

	FactRows      // those that are new or not as they were before
	Untraced bool `json:"untraced,omitempty"` // the case has no trail: its facts are folded from its events where it is recorded
}

// AlertChange says that an alert which waits was put off, or handed over: until when it must be
// acknowledged now, and by whom that came.
type AlertChange struct {
	CaseID    string    `json:"case_id"`
	Key       string    `json:"key"`
	AckBy     time.Time `json:"ack_by"`
	SnoozedBy string    `json:"snoozed_by,omitempty"`
	HandedTo  string    `json:"handed_to,omitempty"`
	HandedBy  string    `json:"handed_by,omitempty"`
}

// Apply changes the row of the alert.
func (c AlertChange) Apply(a *Alert) {
	a.AckBy = &c.AckBy
	if c.SnoozedBy != "" {
		a.SnoozedBy = c.SnoozedBy
	}
	if c.HandedTo != "" {
		a.HandedTo, a.HandedBy = c.HandedTo, c.HandedBy
	}
}

// AlertEnd says what became of an alert after it went out.
type AlertEnd struct {
	CaseID         string     `json:"case_id"`
	Key            string     `json:"key"`
	AcknowledgedAt *time.Time `json:"acknowledged_at,omitempty"`
	AcknowledgedBy string     `json:"acknowledged_by,omitempty"`
	EndedAt        *time.Time `json:"ended_at,omitempty"`
}

// Intake is everything that a new complaint leaves on record, written in one transaction: 2xx means
// that all of it is committed.
type Intake struct {
	Recording Recording
	Customer  *Customer        // a new one; nil when known or anonymous
	Digests   []CustomerDigest // ways to find the new customer again
	Key       *Key             // a new data key; nil when the customer's is used
	Texts     []Text           // already bound to the entries
	Uploader  string           // whose uploads Recording.Files are, not claimed yet
	Terms     []int64          // by which search finds the case itself: number, product, model
	Links     []Link
	Start     StartIntent
	Answered  *IdempotencyKey // what the same key will be answered
}
