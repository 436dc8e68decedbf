package daylist

import (
	"bytes"
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"recourse/internal/calendar"
)

const (
	// MaxSize bounds a list, in bytes.
	MaxSize = 1 << 20

	maxEntries = 3000
	maxDays    = 366 // in a row
	maxName    = 80  // letters
)

// Fault is what is wrong with a list, and where.
type Fault struct {
	Line int // 0: with the list as a whole
	Says string
}

// String is the fault as a line of text.
func (f Fault) String() string {
	if f.Line == 0 {
		return f.Says
	}
	return fmt.Sprintf("line %d: %s", f.Line, f.Says)
}

// Read reads a list of days by what it looks like, else by the ending of its name. Instants of it are read
// in a zone. A list with a fault has no entries.
func Read(name string, content []byte, zone *time.Location) ([]calendar.Entry, []Fault) {
	l := list{zone: zone}
	if len(content) > MaxSize {
		l.fault(0, "a list of days has at most %d bytes", MaxSize)
		return nil, l.faults
	}
	text, err := decoded(content)
	if err != nil {
		l.fault(0, "this is no text, neither in UTF-8 nor in GB18030")
		return nil, l.faults
	}
	switch formOf(name, text) {
	case formICS:
		l.ics(text)
	case formJSON:
		l.json(text)
	case formCSV:
		l.csv(text)
	}
	if len(l.faults) == 0 && len(l.entries) == 0 {
		l.fault(0, "it names no day")
	}
	if len(l.faults) > 0 {
		slices.SortStableFunc(l.faults, func(a, b Fault) int { return cmp.Compare(a.Line, b.Line) })
		return nil, l.faults
	}
	return l.entries, nil
}

// decoded is the text of a list: UTF-8 with or without a mark, else as Chinese spreadsheets write it.
func decoded(content []byte) (string, error) {
	content = bytes.TrimPrefix(content, []byte("\ufeff"))
	if !utf8.Valid(content) {
		var err error
		if content, err = simplifiedchinese.GB18030.NewDecoder().Bytes(content); err != nil || bytes.ContainsRune(content, utf8.RuneError) {
			return "", fmt.Errorf("decode list: %w", cmp.Or(err, errNoText))
		}
	}
	if bytes.IndexByte(content, 0) >= 0 {
		return "", errNoText
	}
	return string(content), nil
}

type form int

const (
	formCSV form = iota
	formICS
	formJSON
)

// formOf tells the forms apart.
func formOf(name, text string) form {
	start := strings.TrimLeft(text, " \t\r\n")
	switch {
	case len(start) >= len(beginCalendar) && strings.EqualFold(start[:len(beginCalendar)], beginCalendar):
		return formICS
	case strings.HasPrefix(start, "{"), strings.HasPrefix(start, "["):
		return formJSON
	}
	switch strings.ToLower(filepath.Ext(name)) {
	case ".ics", ".ical", ".ifb":
		return formICS
	case ".json":
		return formJSON
	}
	return formCSV
}

// list is what was read of a list so far.
type list struct {
	zone    *time.Location
	entries []calendar.Entry
	faults  []Fault
}

func (l *list) fault(line int, says string, args ...any) {
	l.faults = append(l.faults, Fault{Line: line, Says: fmt.Sprintf(says, args...)})
}

// add takes an entry, unless something is wrong with it.
func (l *list) add(e calendar.Entry) {
	e.Name = strings.Join(strings.Fields(e.Name), " ")
	switch {
	case len(l.entries) >= maxEntries:
		if len(l.entries) == maxEntries {
			l.fault(e.Line, "a list has at most %d entries", maxEntries)
		}
	case e.Until.Before(e.From):
		l.fault(e.Line, "%s..%s ends before it begins", e.From, e.Until)
		return
	case e.From.Year < 1970 || e.Until.Year > 2199:
		l.fault(e.Line, "%s lies too far away", e.From)
		return
	case e.Name == "":
		l.fault(e.Line, "%s has no name: say what day it is, or why it is closed", e.From)
		return
	case utf8.RuneCountInString(e.Name) > maxName:
		l.fault(e.Line, "a name has at most %d letters", maxName)
		return
	}
	days := 1
	for d := e.From; d.Before(e.Until); d = d.Next() {
		if days++; days > maxDays {
			l.fault(e.Line, "%s..%s is more than a year", e.From, e.Until)
			return
		}
	}
	l.entries = append(l.entries, e)
}

// dateForms are the ways in which dates are written.
var dateForms = []string{time.DateOnly, "2006-1-2", "2006/1/2", "2006.1.2", "20060102", "2006年1月2日"}

// date reads a date as people write it.
func (l *list) date(line int, text string) (calendar.Date, bool) {
	text = strings.TrimSpace(text)
	for _, form := range dateForms {
		if at, err := time.Parse(form, text); err == nil {
			return calendar.DateOf(at, time.UTC), true
		}
	}
	l.fault(line, "%q is no date such as 2026-12-24", text)
	return calendar.Date{}, false
}

// kinds are the words for what a day is.
var kinds = map[string]calendar.EntryKind{
	"off": calendar.EntryOff, "holiday": calendar.EntryOff, "public_holiday": calendar.EntryOff, "true": calendar.EntryOff,
	"休": calendar.EntryOff, "放假": calendar.EntryOff, "假日": calendar.EntryOff, "节假日": calendar.EntryOff, "法定节假日": calendar.EntryOff,
	"worked": calendar.EntryWorked, "work": calendar.EntryWorked, "workday": calendar.EntryWorked, "make_up": calendar.EntryWorked,
	"transfer_workday": calendar.EntryWorked, "false": calendar.EntryWorked, "班": calendar.EntryWorked, "补班": calendar.EntryWorked,
	"上班": calendar.EntryWorked, "调休上班": calendar.EntryWorked,
	"closed": calendar.EntryClosed, "closure": calendar.EntryClosed, "停业": calendar.EntryClosed, "关闭": calendar.EntryClosed,
}

// raw is an entry as a list writes it, all in words.
type raw struct {
	line                          int
	from, until, kind, name, hour string
}

// take reads an entry written in words.
func (l *list) take(r raw) {
	e := calendar.Entry{Line: r.line, Name: r.name, Kind: calendar.EntryOff, Hours: calendar.AllDay}
	var is bool
	if e.From, is = l.date(r.line, r.from); !is {
		return
	}
	e.Until = e.From
	if strings.TrimSpace(r.until) != "" {
		if e.Until, is = l.date(r.line, r.until); !is {
			return
		}
	}
	if r.hour = strings.TrimSpace(r.hour); r.hour != "" {
		e.Kind = calendar.EntryClosed
		if e.Hours, is = hoursIn(r.hour); !is {
			l.fault(r.line, "%q are no hours such as 14:00-16:00", r.hour)
			return
		}
	}
	if word := strings.ToLower(strings.TrimSpace(r.kind)); word != "" {
		kind, known := kinds[word]
		switch {
		case !known:
			l.fault(r.line, "%q is no kind of day: off, worked or closed", r.kind)
			return
		case r.hour != "" && kind != calendar.EntryClosed:
			l.fault(r.line, "only closures have hours")
			return
		}
		e.Kind = kind
	}
	l.add(e)
}

// hoursIn reads 14:00-16:00.
func hoursIn(text string) (w calendar.Window, is bool) {
	from, until, _ := strings.Cut(text, "-")
	minute := func(text string) (int, bool) {
		if text = strings.TrimSpace(text); text == "24:00" {
			return 24 * 60, true
		}
		at, err := time.Parse("15:04", text)
		return at.Hour()*60 + at.Minute(), err == nil
	}
	a, is := minute(from)
	b, too := minute(until)
	return calendar.Window{From: a, Until: b}, is && too && a < b
}
