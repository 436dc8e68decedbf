package policy

import (
	"slices"
	"time"

	"recourse/models"
)

// Rule returns how long a clock may take; without one the clock has no bound.
func (p Policy) Rule(k models.Clock) models.ClockRule { return models.Plan{Clocks: p.Clocks}.Rule(k) }

// Stretches says what a calendar was between any two instants, also long before a plan reaches. As in
// a plan, the half-days are those of the customer's zone, and a calendar that nobody knows is open.
func (p Policy) Stretches(name, customerZone string, from, until time.Time) []models.Stretch {
	i := slices.IndexFunc(p.Calendars, func(c Calendar) bool { return c.Name == name })
	if i < 0 || !from.Before(until) {
		return []models.Stretch{{From: from, Until: until, Kind: models.StretchOpen}}
	}
	c := p.Calendars[i]
	if zone, err := Zone(customerZone); err == nil && name == models.CalendarHalves {
		c = c.keeping(zone)
	}
	return c.Stretches(from, until)
}
