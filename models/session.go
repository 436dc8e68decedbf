package models

import "time"

// Password is what is kept of what a person signs in with.
type Password struct {
	PersonID  string `gorm:"primaryKey"`
	Hash      string // argon2id, as a PHC string
	ChangedAt time.Time
}

// Session is somebody signed in at the console, in one browser. Only the hash of its secret is kept.
type Session struct {
	ID        string `gorm:"primaryKey"`
	PersonID  string
	Hash      []byte
	Agent     string // the browser, as it calls itself
	CreatedAt time.Time
	UsedAt    time.Time // last, to within a minute
	ExpiresAt time.Time // whatever happens
	EndedAt   *time.Time
}
