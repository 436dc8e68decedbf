package models

import (
	"slices"
	"sort"
	"time"
)

// Add returns the instant at which an amount of open time has passed since from: the first such
// instant, so that what is due as the doors close is due then. Beyond the calendar's horizon every hour
// counts as open: a clock may then be early, never lost.
func (p Plan) Add(from time.Time, a Amount) time.Time {
	cal, known := p.Calendar(a.Calendar)
	if a.Calendar == CalendarWall || !known {
		return from.Add(a.Of)
	}
	left, at := a.Of, from
	for _, open := range cal.Open[cal.first(from):] {
		start := latest(at, open.From)
		if end := start.Add(left); !end.After(open.Until) {
			return end
		}
		left -= open.Until.Sub(start)
		at = open.Until
	}
	return latest(at, cal.Until).Add(left)
}

// Back returns the instant from which on an amount of open time passes up to an instant: Add turned
// round, the last such instant. Before the calendar's first interval every hour counts as open.
func (p Plan) Back(from time.Time, a Amount) time.Time {
	cal, known := p.Calendar(a.Calendar)
	if a.Calendar == CalendarWall || !known {
		return from.Add(-a.Of)
	}
	left, at := a.Of, from
	if at.After(cal.Until) { // beyond the horizon every hour counts
		if at.Add(-left).After(cal.Until) {
			return at.Add(-left)
		}
		left, at = left-at.Sub(cal.Until), cal.Until
	}
	for _, open := range slices.Backward(cal.Open) {
		if !open.From.Before(at) {
			continue
		}
		end := open.Until
		if at.Before(end) {
			end = at
		}
		if begin := end.Add(-left); !begin.Before(open.From) {
			return begin
		}
		left -= end.Sub(open.From)
		at = open.From
	}
	return at.Add(-left)
}

// Knows says whether the plan knows a calendar as far back as an instant.
func (p Plan) Knows(at time.Time, calendar string) bool {
	cal, known := p.Calendar(calendar)
	return calendar == CalendarWall || !known || len(cal.Open) > 0 && !at.Before(cal.Open[0].From)
}

// Serves says whether all clocks that start up to an instant are due before the plan's calendars end: a plan made
// as they start would say the same of them.
func (p Plan) Serves(until time.Time) bool {
	for _, cal := range p.Calendars {
		for _, rule := range p.Clocks {
			for _, s := range Severities() {
				for _, a := range []Amount{rule.Target.For(s), rule.Limit.For(s)} {
					if a.Calendar != CalendarWall && !p.Add(until, Amount{Of: a.Of, Calendar: cal.Name}).Before(cal.Until.Add(-24*time.Hour)) {
						return false
					}
				}
			}
		}
	}
	return true
}

// OpenTime returns how much open time of a calendar lies between two instants; beyond its horizon
// every hour counts.
func (p Plan) OpenTime(calendar string, from, to time.Time) time.Duration {
	cal, known := p.Calendar(calendar)
	if calendar == CalendarWall || !known {
		return to.Sub(from)
	}
	var sum time.Duration
	for _, open := range cal.Open[cal.first(from):] {
		if !open.From.Before(to) {
			break
		}
		start, end := latest(from, open.From), open.Until
		if to.Before(end) {
			end = to
		}
		if end.After(start) {
			sum += end.Sub(start)
		}
	}
	if beyond := latest(from, cal.Until); to.After(beyond) {
		sum += to.Sub(beyond)
	}
	return sum
}

// first is the place of the first interval that ends after an instant.
func (c Calendar) first(at time.Time) int {
	return sort.Search(len(c.Open), func(i int) bool { return c.Open[i].Until.After(at) })
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
