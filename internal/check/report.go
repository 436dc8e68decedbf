package check

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"recourse/models"
)

// Report is what a check found. It marshals as the program's JSON.
type Report struct {
	At       time.Time     `json:"at"`
	Cases    int           `json:"cases"`
	Events   int           `json:"events"`
	Messages Messages      `json:"messages"`
	Verdicts []Verdict     `json:"verdicts"`
	Took     time.Duration `json:"took_ns"`
}

// Messages counts the messages by what became of them; Distributed are those to roles and
// departments that went on to people as messages of their own, and are none of the others.
type Messages struct {
	Created     int `json:"created"`
	Sent        int `json:"sent"`
	Pending     int `json:"pending"`
	Failed      int `json:"failed"`
	Skipped     int `json:"skipped"`
	Distributed int `json:"distributed"`
}

// Verdict is what became of one invariant.
type Verdict struct {
	Key      string    `json:"key"`
	Title    string    `json:"title"`
	Skipped  bool      `json:"skipped,omitempty"` // not checked at all; Note says why
	Note     string    `json:"note,omitempty"`
	Broken   int       `json:"broken"`             // cases, or places, where it does not hold
	Findings []Finding `json:"findings,omitempty"` // the first of them
}

// Finding says where an invariant does not hold, and how.
type Finding struct {
	Number string   `json:"number,omitempty"` // of the case; empty: it is about no case
	Says   []string `json:"says"`
}

// OK says that nothing was found wrong. What was skipped was not.
func (r Report) OK() bool {
	for _, v := range r.Verdicts {
		if v.Broken > 0 {
			return false
		}
	}
	return true
}

// Verdict returns the verdict on the invariant called key.
func (r Report) Verdict(key string) Verdict {
	for _, v := range r.Verdicts {
		if v.Key == key {
			return v
		}
	}
	return Verdict{}
}

// Numbers lists the cases found, as far as they are listed.
func (v Verdict) Numbers() []string {
	var numbers []string
	for _, f := range v.Findings {
		numbers = append(numbers, f.Number)
	}
	return numbers
}

func (v *Verdict) find(f Finding, most int) {
	v.Broken++
	if len(v.Findings) < most {
		v.Findings = append(v.Findings, f)
	}
}

// status is the verdict in a word.
func (v Verdict) status() string {
	switch {
	case v.Skipped:
		return "skipped"
	case v.Broken > 0:
		return "BROKEN"
	default:
		return "ok"
	}
}

// Write writes the report for people: a line for each invariant, and under it where it is broken.
func (r Report) Write(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%d cases, %d events, %s, at %s\n", r.Cases, r.Events, r.Took.Round(time.Millisecond), r.At.Format(time.RFC3339))
	m := r.Messages
	fmt.Fprintf(&b, "%d messages: %d sent, %d pending, %d failed, %d skipped, %d distributed\n\n",
		m.Created, m.Sent, m.Pending, m.Failed, m.Skipped, m.Distributed)
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, v := range r.Verdicts {
		fmt.Fprintf(table, "%s\t%s\t%s%s\n", v.Key, v.status(), v.Title, v.beside())
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, v := range r.Verdicts {
		v.detail(&b)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (v Verdict) beside() string {
	switch {
	case v.Broken > 0:
		return fmt.Sprintf(": broken in %d", v.Broken)
	case v.Note != "":
		return " (" + v.Note + ")"
	default:
		return ""
	}
}

func (v Verdict) detail(b *strings.Builder) {
	if v.Broken == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s: %s\n", v.Key, v.Title)
	for _, f := range v.Findings {
		name := f.Number
		if name == "" {
			name = "—"
		}
		for _, says := range f.Says {
			fmt.Fprintf(b, "  %s  %s\n", name, says)
		}
	}
	if more := v.Broken - len(v.Findings); more > 0 {
		fmt.Fprintf(b, "  and %d more\n", more)
	}
}

// tally counts a case's messages.
func (r *Report) tally(d models.Dossier) {
	for _, m := range d.Messages {
		r.Messages.Created++
		switch {
		case forwarded(m):
			r.Messages.Distributed++
		case m.State == models.MessageSent:
			r.Messages.Sent++
		case m.State == models.MessagePending:
			r.Messages.Pending++
		case m.State == models.MessageFailed:
			r.Messages.Failed++
		case m.State == models.MessageSkipped:
			r.Messages.Skipped++
		}
	}
}
