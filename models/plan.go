package models

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// CalendarWall is the calendar that is always open: its time is the time on the wall.
const CalendarWall = ""

// Amount is a length of time that a clock may take, in the open time of a calendar.
type Amount struct {
	Of       time.Duration `json:"of"`                 // nanoseconds of open time
	Calendar string        `json:"calendar,omitempty"` // CalendarWall: every hour counts
}

// IsZero says that there is no such amount.
func (a Amount) IsZero() bool { return a.Of == 0 }

// BySeverity is an amount for each severity.
type BySeverity struct {
	General   Amount `json:"general,omitzero"`
	Important Amount `json:"important,omitzero"`
	Urgent    Amount `json:"urgent,omitzero"`
}

// For returns the amount for s.
func (b BySeverity) For(s Severity) Amount {
	switch s {
	case SeverityGeneral:
		return b.General
	case SeverityImportant:
		return b.Important
	case SeverityUrgent:
		return b.Urgent
	}
	return Amount{}
}

// ClockRule says how long a clock may run: by its limit, and by the severity's shorter target.
type ClockRule struct {
	Clock  Clock      `json:"clock"`
	Limit  BySeverity `json:"limit,omitzero"`
	Target BySeverity `json:"target,omitzero"`
}

// Rung is one step of a ladder: when, who, and how soon they must acknowledge. Exactly one of Share,
// After and AtOnce says when; all zero means at the first bound itself.
type Rung struct {
	Share     int           `json:"share,omitempty"`      // percent of the time from start to the first bound
	After     time.Duration `json:"after,omitempty"`      // nanoseconds after the first bound
	AtOnce    bool          `json:"at_once,omitempty"`    // once per case, as soon as its severity is this ladder's
	Roles     []Role        `json:"roles"`                // who is alerted
	AckWithin time.Duration `json:"ack_within,omitempty"` // nanoseconds from delivery; zero: no need to acknowledge
	RepeatTo  []Role        `json:"repeat_to,omitempty"`  // who is alerted when nobody acknowledges; empty: the next rung is
	Repeats   int           `json:"repeats,omitempty"`    // at most so many repetitions
	By        []AlertWay    `json:"by,omitempty"`         // beside the inbox; empty: e-mail and chat
}

// Ladder is the list of rungs that clocks of one class climb for one severity.
type Ladder struct {
	Severity Severity    `json:"severity"`
	Class    LadderClass `json:"class"`
	Rungs    []Rung      `json:"rungs"`
}

// Interval is a stretch of open time in whole seconds, from From up to but without Until.
type Interval struct {
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`
}

// MarshalJSON writes the interval as two numbers of Unix seconds: a plan travels with every command.
func (i Interval) MarshalJSON() ([]byte, error) {
	return fmt.Appendf(nil, "[%d,%d]", i.From.Unix(), i.Until.Unix()), nil
}

// UnmarshalJSON reads the two numbers.
func (i *Interval) UnmarshalJSON(b []byte) error {
	var seconds [2]int64
	if err := json.Unmarshal(b, &seconds); err != nil {
		return fmt.Errorf("read interval: %w", err)
	}
	i.From, i.Until = time.Unix(seconds[0], 0).UTC(), time.Unix(seconds[1], 0).UTC()
	return nil
}

// Calendar is a calendar as a case needs it: its open intervals in UTC up to a horizon. No zone
// and no holiday is looked up inside a workflow.
type Calendar struct {
	Name  string     `json:"name"`
	Until time.Time  `json:"until"` // the horizon: nothing is known of the time after it
	Open  []Interval `json:"open"`  // in order, without overlaps
}

// Calendars that every plan brings.
const (
	CalendarWorking = "working" // working days of the company
	CalendarHalves  = "halves"  // half-days inside the customer's decent hours: each open interval is one
)

// CallbackRule says how the customer is called back.
type CallbackRule struct {
	Attempts int `json:"attempts"` // on as many half-days
}

// SurveyRule says how long the survey of a cycle stays open.
type SurveyRule struct {
	Expires time.Duration `json:"expires"`          // nanoseconds from the offer
	Remind  time.Duration `json:"remind,omitempty"` // nanoseconds from the offer; zero: nobody is reminded
}

// Plan is all that a case knows of policy: amounts, ladders and open intervals, of one version.
type Plan struct {
	Policy            string        `json:"policy"` // version
	Rules             int           `json:"rules"`  // version of the kernel's rules for new cases
	Clocks            []ClockRule   `json:"clocks"`
	Ladders           []Ladder      `json:"ladders"`
	Calendars         []Calendar    `json:"calendars"`
	CalendarsFor      CalendarsFor  `json:"calendars_for,omitzero"`
	Callback          CallbackRule  `json:"callback"`
	Survey            SurveyRule    `json:"survey"`
	ReopenWithin      time.Duration `json:"reopen_within"`            // nanoseconds after closing
	CloseAnonymous    time.Duration `json:"close_anonymous"`          // nanoseconds after the result
	UnsatisfiedAtMost int           `json:"unsatisfied_at_most"`      // a result score up to this starts a rework
	PauseAtMost       time.Duration `json:"pause_at_most"`            // nanoseconds; a longer pause is a request
	MoneyAtMost       int64         `json:"money_at_most"`            // minor units; more is a request to an executive
	ProblemAfter      int           `json:"problem_after"`            // reworks that make a problem case
	ProblemMoves      int           `json:"problem_moves,omitempty"`  // transfers and returns that do; zero: as many as reworks
	PromiseAgain      time.Duration `json:"promise_again"`            // nanoseconds to the new date after a broken promise of contact
	SnoozeAtMost      time.Duration `json:"snooze_at_most,omitempty"` // nanoseconds for which an alert may be put off; zero: none may
	Quiet             Quiet         `json:"quiet,omitzero"`           // when nobody is reminded
}

// ProblemFor returns how many reworks, or transfers and returns, make a problem case; zero: none do.
func (p Plan) ProblemFor(cause ProblemCause) int {
	if cause == ProblemMoves && p.ProblemMoves > 0 {
		return p.ProblemMoves
	}
	return p.ProblemAfter
}

// Rule returns the rule for c; without one the clock has no bound.
func (p Plan) Rule(c Clock) ClockRule {
	for _, r := range p.Clocks {
		if r.Clock == c {
			return r
		}
	}
	return ClockRule{Clock: c}
}

// Rungs returns the ladder that c climbs for s.
func (p Plan) Rungs(c Clock, s Severity) []Rung {
	for _, l := range p.Ladders {
		if l.Severity == s && l.Class == c.Ladder() {
			return l.Rungs
		}
	}
	return nil
}

// Calendar returns the calendar called name.
func (p Plan) Calendar(name string) (Calendar, bool) {
	i := slices.IndexFunc(p.Calendars, func(c Calendar) bool { return c.Name == name })
	if i < 0 {
		return Calendar{}, false
	}
	return p.Calendars[i], true
}
