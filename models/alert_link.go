package models

import "time"

// AlertLinkLife is how long the link of an alert opens it, from the message that carries it on.
const AlertLinkLife = 7 * 24 * time.Hour

// AlertLink is a secret link in a message to one of us: whoever got it acts on that alert by it, once and
// without signing in. Only the hash of its token is kept.
type AlertLink struct {
	Hash      string `gorm:"primaryKey"` // hex SHA-256 of the token
	CaseID    string
	AlertID   string
	PersonID  string // as whom is acted
	CreatedAt time.Time
	ExpiresAt time.Time
	Wish      string // hash of what it was used for; empty: for nothing
	UsedAt    *time.Time
}

// AlertLinkTo names the link by which a person acts on an alert: its token is derived from these parts.
func AlertLinkTo(alertID, person string) []string { return []string{"alert", alertID, person} }

// AlertID is the id of an alert, of the case and the sequence of the event by which it went out.
func AlertID(caseID string, seq int64, key string) string {
	return EventID(caseID, seq, "alert "+key)
}
