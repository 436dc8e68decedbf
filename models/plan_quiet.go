package models

import (
	"encoding/json"
	"fmt"
	"time"
)

// Nights are stretches of quiet that begin at the same time day after day: a plan travels with every
// command, and a season of nights is three numbers. Where the wall clock is put forward or back, others begin.
type Nights struct {
	From  time.Time // of the first, in whole seconds
	Until time.Time // up to but without
	Days  int       // how many there are, each 24 hours after the one before it
}

const nightly = 24 * time.Hour

// MarshalJSON writes the nights as three numbers, instants in Unix seconds.
func (n Nights) MarshalJSON() ([]byte, error) {
	return fmt.Appendf(nil, "[%d,%d,%d]", n.From.Unix(), n.Until.Unix(), n.Days), nil
}

// UnmarshalJSON reads the three numbers.
func (n *Nights) UnmarshalJSON(b []byte) error {
	var numbers [3]int64
	if err := json.Unmarshal(b, &numbers); err != nil {
		return fmt.Errorf("read nights: %w", err)
	}
	n.From, n.Until, n.Days = time.Unix(numbers[0], 0).UTC(), time.Unix(numbers[1], 0).UTC(), int(numbers[2])
	return nil
}

// end is when the night ends that an instant lies in; zero: it lies in none.
func (n Nights) end(at time.Time) time.Time {
	if at.Before(n.From) {
		return time.Time{}
	}
	passed := at.Sub(n.From) / nightly
	if until := n.Until.Add(passed * nightly); passed < time.Duration(n.Days) && at.Before(until) {
		return until
	}
	return time.Time{}
}

// Quiet says when nobody is reminded: at night, or whenever a calendar is closed.
type Quiet struct {
	Nights  []Nights `json:"nights,omitempty"`  // in order, up to the plan's horizon
	Outside string   `json:"outside,omitempty"` // name of a calendar of the plan
}

// IsZero says that people are reminded at any hour.
func (q Quiet) IsZero() bool { return len(q.Nights) == 0 && q.Outside == "" }

// RemindAt returns when people may be reminded of something that came up at an instant: at once, or when the
// quiet ends that the instant lies in. working names the calendar that CalendarWorking means for the case.
// Behind the plan's horizon nothing is known, and nothing waits.
func (p Plan) RemindAt(at time.Time, working string) time.Time {
	for _, nights := range p.Quiet.Nights {
		if end := nights.end(at); !end.IsZero() {
			return end
		}
	}
	outside := p.Quiet.Outside
	if outside == CalendarWorking && working != "" {
		outside = working
	}
	if cal, known := p.Calendar(outside); known && outside != CalendarWall {
		for _, open := range cal.Open {
			if at.Before(open.Until) {
				return latest(at, open.From)
			}
		}
	}
	return at
}
