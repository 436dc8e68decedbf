package models

import "time"

// StretchKind says what a stretch of time is to a calendar.
type StretchKind string

// The kinds.
const (
	StretchOpen    StretchKind = "open"
	StretchClosed  StretchKind = "closed"  // outside the hours of its week
	StretchHoliday StretchKind = "holiday" // a day that its week would have open
)

// Stretch is time of one kind, from From up to but without Until.
type Stretch struct {
	From, Until time.Time
	Kind        StretchKind
	NameEN      string // of a holiday; empty where the calendar has none for it
	NameZH      string
}
