package models

import "time"

// KindAdopted begins a case that came from another system's log.
const KindAdopted Kind = "adopted"

// Adopted says how a case stood when its history was imported. It stands in the place of opened and may set
// any state and milestone: logs of other systems break our law, so the law does not judge it.
type Adopted struct {
	Opened    Opened        `json:"opened"`         // the complaint, as it had been put on record here
	Source    string        `json:"source"`         // what the mapping calls the system it came from
	Reference string        `json:"reference"`      // the case's number there
	File      string        `json:"file,omitempty"` // hex SHA-256 of the file
	Line      int           `json:"line,omitempty"` // of its first row there
	AsOf      time.Time     `json:"as_of,omitzero"` // up to when the log reaches; open cases were open then
	Moves     []AdoptedMove `json:"moves"`          // in the order in which they happened, none before Opened.ReceivedAt

	HandlingDue time.Time `json:"handling_due,omitzero"` // by the log's own account; zero: by the policy
	Transfers   *int      `json:"transfers,omitempty"`   // by the log's own counter; nil: it has none, moves are counted
	Reworks     *int      `json:"reworks,omitempty"`     // likewise, its reopenings
	PausedUntil time.Time `json:"paused_until,omitzero"` // when a pause ends by itself that the log does not end; set as it is adopted
	Inferred    []string  `json:"inferred,omitempty"`    // fields of Opened that the log does not tell: severity, channel, received_at …
}

// AdoptedMove is something that happened to an adopted case.
type AdoptedMove struct {
	At   time.Time `json:"at"`
	Kind Kind      `json:"kind"` // the kind of event that says the same here; see AdoptedKinds

	Department  string      `json:"department,omitempty"` // dispatched, transferred: to whom
	Person      string      `json:"person,omitempty"`     // dispatched, accepted, assigned, transferred: to whom; else who did it
	Severity    Severity    `json:"severity,omitempty"`   // reclassified, dispatched
	Pause       PauseReason `json:"pause,omitempty"`      // paused
	Outcome     Outcome     `json:"outcome,omitempty"`    // resolved
	Cause       Cause       `json:"cause,omitempty"`
	Attribution Attribution `json:"attribution,omitempty"`
	Scores      *Scores     `json:"scores,omitempty"`   // survey_answered
	Inferred    bool        `json:"inferred,omitempty"` // the log does not say so itself: it follows from another of its rows
	Line        int         `json:"line,omitempty"`

	Clocks []ClockSpan `json:"clocks,omitempty"` // whose bounds it moved, as they were from then on; set as it is adopted
}

// AdoptedKinds lists what a move can be.
func AdoptedKinds() []Kind {
	return []Kind{
		KindDispatched, KindAccepted, KindReplied, KindInterimTold, KindSolutionTold, KindResolved, KindResultTold,
		KindSurveyAnswered, KindClosed, KindReworked, KindPaused, KindResumed, KindAssigned, KindTransferred,
		KindReturned, KindReclassified, KindUrged, KindNotAccepted, KindWithdrawn, KindArchived,
	}
}

// Kind is KindAdopted.
func (Adopted) Kind() Kind { return KindAdopted }

// OpenedIn is the complaint that an event puts on record, opened here or adopted; false for every other event.
func OpenedIn(e Event) (Opened, bool) {
	switch d := e.Data.(type) {
	case Opened:
		return d, true
	case Adopted:
		return d.Opened, true
	default:
		return Opened{}, false
	}
}
