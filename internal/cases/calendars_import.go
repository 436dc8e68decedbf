package cases

import (
	"context"
	"fmt"
	"time"

	"recourse/internal/calendar"
	"recourse/internal/daylist"
	"recourse/internal/policy"
	"recourse/models"
)

// MaxDayList bounds a list of days, in bytes.
const MaxDayList = daylist.MaxSize

// DayList is a list of days that somebody wants in a calendar of the policy.
type DayList struct {
	Calendar   string
	Name       string // of the file: its ending tells what cannot be told by its look
	Content    []byte // ICS, CSV or JSON
	KnownUntil string // a date: up to which the holidays are entered then; empty: as before
	Document   []byte // into which they come; empty: the version in force
}

// DaysAdded is what a list of days would add. Nothing is in force by that.
type DaysAdded struct {
	Entries  []DayEntry // what is new
	Known    int        // days that the calendar had like that already
	Fragment string     // YAML, as a part of a calendar
	Document string     // the policy with it, to be published
}

// DayEntry is a day, or several in a row, as it is shown.
type DayEntry struct {
	From, Until string // Until is a day of it, too
	Kind        calendar.EntryKind
	Hours       string // of a closure; empty: all day
	Name        string
}

func shownEntry(e calendar.Entry) DayEntry {
	shown := DayEntry{From: e.From.String(), Until: e.Until.String(), Kind: e.Kind, Name: e.Name}
	if e.Hours != calendar.AllDay {
		shown.Hours = policy.HoursText([]calendar.Window{e.Hours})
	}
	return shown
}

// ImportDays works out what a list of days adds to a calendar. It is refused with all its faults, and
// changes nothing.
func (s *Service) ImportDays(ctx context.Context, l DayList) (DaysAdded, error) {
	document := l.Document
	if len(document) == 0 {
		in, err := s.Policy(ctx, "")
		if err != nil {
			return DaysAdded{}, err
		}
		document = []byte(in.Document)
	}
	p, faults := policy.Reread(document, s.Zone)
	if policy.Grave(faults) {
		return DaysAdded{}, models.Invalid("/document", "the policy has faults: "+faults[0].String())
	}
	c, known := p.Named(l.Calendar)
	if !known {
		return DaysAdded{}, models.Invalid("/calendar", fmt.Sprintf("there is no calendar %q", l.Calendar))
	}
	until, err := knownUntil(l.KnownUntil)
	if err != nil {
		return DaysAdded{}, err
	}
	a, err := added(c, l, until)
	if err != nil {
		return DaysAdded{}, err
	}
	if len(a.Entries) > 0 || l.KnownUntil != "" {
		if document, err = policy.Insert(document, l.Calendar, a, s.Zone); err != nil {
			return DaysAdded{}, err
		}
	}
	shown := DaysAdded{Entries: make([]DayEntry, len(a.Entries)), Known: a.Known, Fragment: a.Fragment(), Document: string(document)}
	for i, e := range a.Entries {
		shown.Entries[i] = shownEntry(e)
	}
	return shown, nil
}

func knownUntil(text string) (calendar.Date, error) {
	if text == "" {
		return calendar.Date{}, nil
	}
	at, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return calendar.Date{}, models.Invalid("/known_until", fmt.Sprintf("%q is no date such as 2027-12-31", text))
	}
	return calendar.DateOf(at, time.UTC), nil
}

// added reads the list and holds it against the calendar.
func added(c policy.Calendar, l DayList, until calendar.Date) (policy.Addition, error) {
	entries, wrong := daylist.Read(l.Name, l.Content, c.Zone)
	var faults []Fault
	for _, f := range wrong {
		faults = append(faults, Fault{Pointer: "/content", Line: f.Line, Says: f.Says})
	}
	if len(faults) > 0 {
		return policy.Addition{}, refusal(faults)
	}
	a, contradictions := policy.Add(c, entries, until)
	for _, f := range contradictions {
		faults = append(faults, Fault{Pointer: "/content", Line: f.Line, Says: f.Says})
	}
	return a, refusal(faults)
}
