package models

import "time"

// Report is what the figures said of a period, frozen. It never changes: what is to be said otherwise later
// is said by a twin that stands beside it.
type Report struct {
	ID       string `gorm:"primaryKey"`
	Step     string // how long the period is: week, month, quarter, year
	FromAt   time.Time
	UntilAt  time.Time // not in the period
	Zone     string    // IANA zone in which its days begin
	Scope    []string  `gorm:"serializer:json"` // filters dimension:value; none: the whole company
	CutAt    time.Time // clocks that ran then are judged as of then
	MadeAt   time.Time
	MadeBy   string // id of a person; empty: the schedule, or whoever sits at the machine
	Original string // id of the report that it restates; empty: it is the first of its period
	Reason   string // why it was restated
	Format   int    // of Body
	Digest   string // hex SHA-256 of Body
	Body     []byte // JSON of internal/report, as it was made
}

// Twin says whether the report restates another.
func (r Report) Twin() bool { return r.Original != "" }
