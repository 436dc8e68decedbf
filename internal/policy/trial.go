package policy

import (
	"time"

	"recourse/models"
)

// mostTried bounds the amounts that are tried: their way is told day by day.
const mostTried = 60 * day

// Amount reads a length such as 8h, 3d or 1d12h for a trial, of sixty days at most. A day is 24 hours.
func Amount(text string) (of time.Duration, is bool) {
	of, err := parseLength(text)
	return of, err == nil && of > 0 && of <= mostTried
}

// Try says when an amount of a calendar's open time has passed since an instant, as a case on record
// then would count it; beyond: that lies behind what its plan knows, where every hour counts.
func (p Policy) Try(c Calendar, from time.Time, amount time.Duration) (due time.Time, beyond bool) {
	cal := p.ahead(c, from, 0)
	plan := models.Plan{Calendars: []models.Calendar{cal}}
	due = plan.Add(from, models.Amount{Of: amount, Calendar: c.Name})
	return due, due.After(cal.Until)
}
