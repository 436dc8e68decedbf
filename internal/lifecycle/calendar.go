package lifecycle

import (
	"time"

	"recourse/models"
)

// after returns the instant at which an amount of open time has passed since from. Beyond the
// calendar's horizon every hour counts as open: a clock may then be early, never lost.
func after(p models.Plan, from time.Time, a models.Amount) time.Time {
	if a.Calendar == models.CalendarWall {
		return from.Add(a.Of)
	}
	cal, known := p.Calendar(a.Calendar)
	if !known {
		return from.Add(a.Of)
	}
	left, at := a.Of, from
	for _, open := range cal.Open {
		if !open.Until.After(at) {
			continue
		}
		start := latest(at, open.From)
		if end := start.Add(left); !end.After(open.Until) {
			return end
		}
		left -= open.Until.Sub(start)
		at = open.Until
	}
	return latest(at, cal.Until).Add(left)
}

// openTime returns how much open time of a calendar lies between two instants; beyond its horizon
// every hour counts.
func openTime(p models.Plan, calendar string, from, to time.Time) time.Duration {
	cal, known := p.Calendar(calendar)
	if calendar == models.CalendarWall || !known {
		return to.Sub(from)
	}
	var sum time.Duration
	for _, open := range cal.Open {
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

// slot returns the first open interval of a calendar that has not ended at from and does not end at
// or before past; without one, the hour that follows.
func slot(p models.Plan, calendar string, from, past time.Time) models.Interval {
	cal, _ := p.Calendar(calendar)
	for _, open := range cal.Open {
		if open.Until.After(from) && open.Until.After(past) {
			return models.Interval{From: latest(open.From, from), Until: open.Until}
		}
	}
	start := latest(from, past)
	return models.Interval{From: start, Until: start.Add(time.Hour)}
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
