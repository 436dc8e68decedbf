package check

import (
	"fmt"

	"recourse/internal/lifecycle"
	"recourse/models"
)

// file is a case with its events read and replayed.
type file struct {
	models.Dossier
	round  *round
	events []models.Event
	before []lifecycle.Case // the case before each event
	after  lifecycle.Case   // the case after the last one
	should models.Recording // what the events leave beside themselves
	unread error            // why the events cannot be read; then only the chain is checked
}

// open reads and replays the events of a case.
func (r *round) open(d models.Dossier) *file {
	f := &file{Dossier: d, round: r}
	for _, e := range d.Entries {
		event, err := e.Event()
		if err != nil {
			f.unread = fmt.Errorf("event %d cannot be read: %w", e.Seq, err)
			return f
		}
		f.events = append(f.events, event)
		f.before = append(f.before, f.after)
		f.after = lifecycle.Evolve(f.after, event)
	}
	_, f.should, f.unread = lifecycle.Write(lifecycle.Case{ID: d.Case.ID}, f.events)
	return f
}

// moment is the case right after event i.
func (f *file) moment(i int) lifecycle.Case {
	if i+1 < len(f.before) {
		return f.before[i+1]
	}
	return f.after
}

// at returns the event with a sequence; one without data when there is none.
func (f *file) at(seq int64) models.Event {
	if seq < 1 || seq > int64(len(f.events)) {
		return models.Event{}
	}
	return f.events[seq-1]
}

// complaints collects what is found about a case.
type complaints []string

func (c *complaints) say(format string, args ...any) { *c = append(*c, fmt.Sprintf(format, args...)) }
