package lifecycle

import (
	"time"

	"recourse/models"
)

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
