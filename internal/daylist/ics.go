package daylist

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"recourse/internal/calendar"
)

const beginCalendar = "BEGIN:VCALENDAR"

// line is a content line of a calendar: what was folded is one again.
type line struct {
	number int // of its first part
	text   string
}

// unfolded are the content lines of a text.
func unfolded(text string) (lines []line) {
	for i, part := range strings.Split(text, "\n") {
		part = strings.TrimSuffix(part, "\r")
		if n := len(lines); n > 0 && (strings.HasPrefix(part, " ") || strings.HasPrefix(part, "\t")) {
			lines[n-1].text += part[1:]
			continue
		}
		if strings.TrimSpace(part) != "" {
			lines = append(lines, line{i + 1, part})
		}
	}
	return lines
}

// event is an event of a calendar as far as it was read.
type event struct {
	line     int
	depth    int // of what lies in it, such as an alarm
	starts   *ics.BaseProperty
	ends     *ics.BaseProperty
	length   string
	name     string
	cancel   bool
	category string
}

// ics reads the events of a calendar: whole days are days off, or make-up days where their words say so;
// others are closures.
func (l *list) ics(text string) {
	var open *event
	lines := unfolded(text)
	if len(lines) == 0 || !strings.EqualFold(lines[0].text, beginCalendar) {
		l.fault(1, "a calendar begins with %s", beginCalendar)
		return
	}
	for _, at := range lines {
		if len(l.faults) > maxFaults {
			return
		}
		p, err := ics.ParseProperty(ics.ContentLine(at.text))
		switch {
		case err != nil || p == nil:
			l.fault(at.number, "this is no line of a calendar, such as SUMMARY:New Year")
		case open == nil && is(p, "BEGIN", "VEVENT"):
			open = &event{line: at.number}
		case open == nil:
		case open.depth == 0 && is(p, "END", "VEVENT"):
			l.event(*open)
			open = nil
		case strings.EqualFold(p.IANAToken, "BEGIN"):
			open.depth++
		case strings.EqualFold(p.IANAToken, "END"):
			open.depth--
		case open.depth == 0:
			l.property(open, p, at.number)
		}
	}
	if open != nil {
		l.fault(open.line, "this event has no end")
	}
}

func is(p *ics.BaseProperty, name, value string) bool {
	return strings.EqualFold(p.IANAToken, name) && strings.EqualFold(strings.TrimSpace(p.Value), value)
}

// property takes a property of an event.
func (l *list) property(e *event, p *ics.BaseProperty, number int) {
	switch name := strings.ToUpper(p.IANAToken); name {
	case "DTSTART":
		e.starts = p
	case "DTEND":
		e.ends = p
	case "DURATION":
		e.length = p.Value
	case "SUMMARY":
		e.name = p.Value
	case "CATEGORIES":
		e.category = p.Value
	case "STATUS":
		e.cancel = strings.EqualFold(p.Value, "CANCELLED")
	case "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID":
		l.fault(number, "this event repeats (%s), and nothing is guessed: write each of its days out", name)
	}
}

// worked says of an event's words that people work on that day.
var worked = regexp.MustCompile(`(?i)make-?up|work(ing)? ?day|补班|上班|工作日|[（(\[]班[)）\]]|班$`)

// event takes an event as an entry.
func (l *list) event(e event) {
	if e.cancel {
		return
	}
	if e.starts == nil {
		l.fault(e.line, "this event has no DTSTART")
		return
	}
	from, whole, is := l.instant(e.line, e.starts)
	until := from
	switch {
	case !is:
	case e.ends != nil:
		var days bool
		if until, days, is = l.instant(e.line, e.ends); is && days != whole {
			l.fault(e.line, "this event begins with a day and ends with an hour, or the other way round")
			return
		}
	case e.length != "":
		if until, is = after(from, e.length); !is {
			l.fault(e.line, "%q is no length such as P1D or PT2H30M", e.length)
		}
	case whole:
		until = from.AddDate(0, 0, 1)
	}
	switch {
	case !is:
	case !until.After(from):
		l.fault(e.line, "this event ends as it begins, or before")
	case whole:
		l.whole(e, from, until)
	default:
		l.hours(e, from, until)
	}
}

// whole takes an event of whole days; it ends before its last day.
func (l *list) whole(e event, from, until time.Time) {
	kind := calendar.EntryOff
	if worked.MatchString(e.name) || worked.MatchString(e.category) {
		kind = calendar.EntryWorked
	}
	l.add(calendar.Entry{
		From: calendar.DateOf(from, l.zone), Until: calendar.DateOf(until.AddDate(0, 0, -1), l.zone),
		Kind: kind, Hours: calendar.AllDay, Name: e.name, Line: e.line,
	})
}

// hours takes an event of hours as a closure of each day that it touches.
func (l *list) hours(e event, from, until time.Time) {
	if until.Sub(from) > maxDays*24*time.Hour {
		l.fault(e.line, "this event lasts more than a year")
		return
	}
	minutes := func(at time.Time) int { return at.Hour()*60 + at.Minute() }
	for last := calendar.DateOf(until.Add(-time.Nanosecond), l.zone); ; {
		day := calendar.DateOf(from, l.zone)
		w := calendar.Window{From: minutes(from), Until: calendar.AllDay.Until}
		if day == last {
			if w.Until = minutes(until); w.Until == 0 {
				w.Until = calendar.AllDay.Until
			}
		}
		if w.From < w.Until {
			l.add(calendar.Entry{From: day, Until: day, Kind: calendar.EntryClosed, Hours: w, Name: e.name, Line: e.line})
		}
		if day == last {
			return
		}
		next := day.Next()
		from = time.Date(next.Year, next.Month, next.Day, 0, 0, 0, 0, l.zone)
	}
}

// instant reads a date, or an instant in its zone; whole: it is a date. It is one of the list's zone.
func (l *list) instant(line int, p *ics.BaseProperty) (at time.Time, whole, read bool) {
	value := strings.TrimSpace(p.Value)
	at, err := time.ParseInLocation("20060102", value, l.zone)
	if err == nil {
		return at, true, true
	}
	zone := l.zone
	if names := p.ICalParameters["TZID"]; len(names) > 0 {
		if zone, err = time.LoadLocation(names[0]); err != nil || names[0] == "" || names[0] == "Local" {
			l.fault(line, "%q is not an IANA time zone such as Asia/Shanghai", names[0])
			return at, false, false
		}
	}
	if utc, is := strings.CutSuffix(value, "Z"); is {
		value, zone = utc, time.UTC
	}
	if at, err = time.ParseInLocation("20060102T150405", value, zone); err != nil {
		l.fault(line, "%q is neither a date such as 20261224 nor an instant such as 20261224T140000", p.Value)
		return at, false, false
	}
	return at.In(l.zone), false, true
}

var length = regexp.MustCompile(`^P(?:(\d{1,3})W)?(?:(\d{1,3})D)?(?:T(?:(\d{1,3})H)?(?:(\d{1,4})M)?)?$`)

// after is the instant that lies a length behind another.
func after(from time.Time, text string) (until time.Time, is bool) {
	parts := length.FindStringSubmatch(strings.TrimSpace(text))
	if parts == nil {
		return from, false
	}
	n := make([]int, len(parts))
	for i, part := range parts[1:] {
		n[i], _ = strconv.Atoi(part) // digits, or nothing
	}
	return from.AddDate(0, 0, 7*n[0]+n[1]).Add(time.Duration(n[2])*time.Hour + time.Duration(n[3])*time.Minute), true
}
