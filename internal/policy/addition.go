package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"recourse/internal/calendar"
)

// sections are the parts of a calendar that a list of days adds to, in the order of the document.
var sections = []struct {
	name string
	kind calendar.EntryKind
}{{"days_off", calendar.EntryOff}, {"days_worked", calendar.EntryWorked}, {"closures", calendar.EntryClosed}}

// Addition is what a list of days adds to a calendar.
type Addition struct {
	Entries []calendar.Entry // what is new, days in a row together, by kind and date
	Known   int              // days that the calendar had like that already
	Until   calendar.Date    // up to which day the holidays are entered then; zero: nobody said so
}

// Add works out what a list of days adds to a calendar. What contradicts the calendar, or itself, is a
// fault at the line of the list. A day off that is one of the official ones it keeps is known.
func Add(c Calendar, list []calendar.Entry, until calendar.Date) (Addition, []Fault) {
	a := adding{of: c, said: map[calendar.Date]calendar.Entry{}, shut: map[calendar.Date][]calendar.Entry{}}
	a.Until = until
	for _, e := range list {
		for d := e.From; !e.Until.Before(d); d = d.Next() {
			one := e
			one.From, one.Until = d, d
			if e.Kind == calendar.EntryClosed {
				a.closure(d, one)
			} else {
				a.day(d, one)
			}
		}
	}
	a.Entries = together(a.Entries)
	return a.Addition, a.faults
}

type adding struct {
	Addition

	of     Calendar
	said   map[calendar.Date]calendar.Entry // days off and worked of the list
	shut   map[calendar.Date][]calendar.Entry
	faults []Fault
}

func (a *adding) fault(e calendar.Entry, says string, args ...any) {
	a.faults = append(a.faults, Fault{Line: e.Line, Says: fmt.Sprintf(says, args...)})
}

// day takes a day off, or one that is worked.
func (a *adding) day(d calendar.Date, e calendar.Entry) {
	if before, is := a.said[d]; is {
		if before.Kind != e.Kind {
			a.fault(e, "%s is a day off and is worked: line %d says otherwise", d, before.Line)
		}
		return
	}
	a.said[d] = e
	if _, own := a.of.Days[d]; own {
		a.fault(e, "%s stands in %s of the calendar already", d, "days")
		return
	}
	_, off := a.of.Own.Off[d]
	_, work := a.of.Own.Work[d]
	switch {
	case off && e.Kind == calendar.EntryWorked:
		a.fault(e, "%s stands in %s of the calendar already", d, "days_off")
	case work && e.Kind == calendar.EntryOff:
		a.fault(e, "%s stands in %s of the calendar already", d, "days_worked")
	case off, work, a.official(d, e.Kind):
		a.Known++
	default:
		a.Entries = append(a.Entries, e)
	}
}

// official says whether a day is one of the holidays that the calendar keeps anyway.
func (a *adding) official(d calendar.Date, kind calendar.EntryKind) bool {
	if a.of.Holidays == nil {
		return false
	}
	_, off := a.of.Holidays.Off[d]
	_, work := a.of.Holidays.Work[d]
	return off && kind == calendar.EntryOff || !off && work && kind == calendar.EntryWorked
}

func (a *adding) closure(d calendar.Date, e calendar.Entry) {
	for _, shut := range a.of.Closures[d] {
		if shut.Window == e.Hours {
			a.Known++
			return
		}
		if shut.From < e.Hours.Until && e.Hours.From < shut.Until {
			a.fault(e, "the calendar is closed on %s then already: %s", d, shut.Name.EN)
			return
		}
	}
	for _, other := range a.shut[d] {
		if other.Hours == e.Hours {
			return
		}
		if other.Hours.From < e.Hours.Until && e.Hours.From < other.Hours.Until {
			a.fault(e, "it is closed on %s then already by line %d", d, other.Line)
			return
		}
	}
	a.shut[d] = append(a.shut[d], e)
	a.Entries = append(a.Entries, e)
}

// together sorts entries by kind and date, and makes one of days in a row that say the same.
func together(days []calendar.Entry) (all []calendar.Entry) {
	place := func(k calendar.EntryKind) int {
		return slices.IndexFunc(sections, func(s struct {
			name string
			kind calendar.EntryKind
		},
		) bool {
			return s.kind == k
		})
	}
	slices.SortStableFunc(days, func(a, b calendar.Entry) int {
		return cmp.Or(cmp.Compare(place(a.Kind), place(b.Kind)), cmp.Compare(a.Hours.From, b.Hours.From),
			cmp.Compare(a.Hours.Until, b.Hours.Until), cmp.Compare(a.From.String(), b.From.String()))
	})
	for _, e := range days {
		if n := len(all); n > 0 {
			last := &all[n-1]
			if last.Kind == e.Kind && last.Name == e.Name && last.Hours == e.Hours && last.Until.Next() == e.From && inARow(*last) < maxRange {
				last.Until = e.Until
				continue
			}
		}
		all = append(all, e)
	}
	slices.SortStableFunc(all, func(a, b calendar.Entry) int {
		return cmp.Or(cmp.Compare(place(a.Kind), place(b.Kind)), cmp.Compare(a.From.String(), b.From.String()))
	})
	return all
}

// inARow is how many days an entry has.
func inARow(e calendar.Entry) int {
	days := 1
	for d := e.From; d.Before(e.Until); d = d.Next() {
		days++
	}
	return days
}

// of are the entries of a part of the calendar.
func (a Addition) of(kind calendar.EntryKind) (found []calendar.Entry) {
	for _, e := range a.Entries {
		if e.Kind == kind {
			found = append(found, e)
		}
	}
	return found
}

// Fragment writes an addition as a part of a calendar.
func (a Addition) Fragment() string {
	var text strings.Builder
	for _, s := range sections {
		if entries := a.of(s.kind); len(entries) > 0 {
			text.WriteString(s.name + ":\n")
			for _, e := range entries {
				text.WriteString("  " + keyOf(e) + ": " + yamlText(e.Name) + "\n")
			}
		}
	}
	if a.Until != (calendar.Date{}) {
		text.WriteString("known_until: " + a.Until.String() + "\n")
	}
	return text.String()
}

// keyOf writes the days of an entry, with the hours of a closure, as they are read.
func keyOf(e calendar.Entry) string {
	key := e.From.String()
	if e.Until != e.From {
		key += betweenDates + e.Until.String()
	}
	return strings.TrimSpace(key + " " + closureHours(calendar.Closure{Window: e.Hours}))
}

// yamlText writes a text as YAML, in one line.
func yamlText(text string) string {
	written, err := yaml.Marshal(text)
	if err != nil { // a text always can be written
		return fmt.Sprintf("%q", text)
	}
	return strings.TrimSuffix(string(written), "\n")
}
