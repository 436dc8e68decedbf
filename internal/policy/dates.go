package policy

import (
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"recourse/internal/calendar"
)

const (
	maxDates  = 3000 // of a calendar
	maxRange  = 366  // days in a row that are written as one
	maxReason = 80   // letters of the name of a day, or of the reason of a closure
)

// betweenDates stands between the first and the last day of several.
const betweenDates = ".."

// datesOf reads what stands in a calendar by date.
type datesOf struct {
	*reader

	of    *Calendar
	taken map[calendar.Date]string // by which part: a day is said one thing of
}

// each walks a mapping from dates to values. Between the days and the value may stand hours.
func (r datesOf) each(n *yaml.Node, at string, take func(days []calendar.Date, hours string, n *yaml.Node, at string)) {
	r.Pairs(n, at, func(name string, n *yaml.Node, at string) {
		dates, hours, _ := strings.Cut(name, " ")
		days := r.dates(dates, at)
		if days == nil {
			return
		}
		take(days, strings.TrimSpace(hours), n, at)
	})
	if len(r.taken)+len(r.of.Closures) > maxDates {
		r.Fault(at, "a calendar has at most %d days that differ", maxDates)
	}
}

// dates reads 2026-12-24, or 2026-12-24..2026-12-31 with its last day; nil: it is neither.
func (r datesOf) dates(text, at string) (days []calendar.Date) {
	first, last, several := strings.Cut(text, betweenDates)
	if !several {
		last = first
	}
	from, err := time.Parse(time.DateOnly, first)
	until, err2 := time.Parse(time.DateOnly, last)
	switch {
	case errors.Join(err, err2) != nil:
		r.Fault(at, "%q is no date such as 2026-12-24 and no days such as 2026-12-24..2026-12-31", text)
		return nil
	case until.Before(from):
		r.Fault(at, "%q ends before it begins", text)
		return nil
	case until.Sub(from) >= maxRange*day:
		r.Fault(at, "%q is more than a year", text)
		return nil
	}
	for d := from; !d.After(until); d = d.AddDate(0, 0, 1) {
		days = append(days, calendar.DateOf(d, time.UTC))
	}
	return days
}

// take lets a part of the calendar have a day, unless another one has it.
func (r datesOf) take(part string, d calendar.Date, at string) bool {
	if by, taken := r.taken[d]; taken {
		r.Fault(at, "%s stands in %s already", d, by)
		return false
	}
	r.taken[d] = part
	return true
}

// days reads the hours of single days.
func (r datesOf) days(n *yaml.Node, at string) {
	r.of.Days = map[calendar.Date][]calendar.Window{}
	r.each(n, at, func(days []calendar.Date, hours string, n *yaml.Node, at string) {
		if hours != "" {
			r.Fault(at, "the hours stand behind the colon")
			return
		}
		open := r.hours(n, at)
		for _, d := range days {
			if !r.take("days", d, at) {
				return
			}
			r.of.Days[d] = open
		}
	})
}

// named reads days off, or days that are worked instead, each with its name.
func (r datesOf) named(part string, into *map[calendar.Date]calendar.Name, n *yaml.Node, at string) {
	*into = map[calendar.Date]calendar.Name{}
	r.each(n, at, func(days []calendar.Date, hours string, n *yaml.Node, at string) {
		if hours != "" {
			r.Fault(at, "only closures have hours; hours of a day of its own stand in days")
			return
		}
		name := r.reason(n, at)
		for _, d := range days {
			if !r.take(part, d, at) {
				return
			}
			(*into)[d] = name
		}
	})
}

// closures reads days, or hours of days, in which nobody works, each with its reason.
func (r datesOf) closures(n *yaml.Node, at string) {
	r.of.Closures = map[calendar.Date][]calendar.Closure{}
	r.each(n, at, func(days []calendar.Date, hours string, n *yaml.Node, at string) {
		shut := calendar.Closure{Window: calendar.AllDay, Name: r.reason(n, at)}
		if hours != "" {
			var is bool
			if shut.Window, is = r.window(hours, at); !is {
				return
			}
		}
		for _, d := range days {
			for _, other := range r.of.Closures[d] {
				if shut.From < other.Until && other.From < shut.Until {
					r.Fault(at, "%s is closed then already", d)
					return
				}
			}
			r.of.Closures[d] = append(r.of.Closures[d], shut)
		}
	})
}

// known reads up to which day the holidays are entered.
func (r datesOf) known(n *yaml.Node, at string) {
	text, is := r.Text(n, at)
	day, err := time.Parse(time.DateOnly, text)
	switch {
	case !is:
	case err != nil:
		r.Fault(at, "%q is no date such as 2027-12-31", text)
	default:
		r.of.Known = calendar.DateOf(day, time.UTC)
	}
}

// reason reads the name of a day, or why it is closed: the same in every language.
func (r datesOf) reason(n *yaml.Node, at string) calendar.Name {
	text, is := r.Text(n, at)
	switch {
	case is && text == "":
		r.Fault(at, "say what day it is, or why it is closed")
	case utf8.RuneCountInString(text) > maxReason || strings.ContainsAny(text, "\n\r"):
		r.Fault(at, "it has at most %d letters, in one line", maxReason)
	}
	return calendar.Name{EN: text, ZH: text}
}

// closureHours writes the hours of a closure as they are read; empty: all day.
func closureHours(c calendar.Closure) string {
	if c.Window == calendar.AllDay {
		return ""
	}
	return HoursText([]calendar.Window{c.Window})
}
