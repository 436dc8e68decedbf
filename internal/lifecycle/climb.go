package lifecycle

import (
	"slices"
	"time"

	"recourse/models"
)

// Climb is where an alert goes next, and when, unless somebody acts.
type Climb struct {
	At time.Time
	To []models.Role
}

// Climb returns what follows an alert that waits: its repetition or next rung because nobody
// acknowledged it, or the next rung because its clock goes on running, whichever comes first. False:
// there is nobody above, and nothing follows.
func (c Case) Climb(alert string) (Climb, bool) {
	i := slices.IndexFunc(c.Alerts, func(a Alert) bool { return a.Key == alert })
	if i < 0 {
		return Climb{}, false
	}
	_, agenda := Agenda(c)
	for _, due := range agenda {
		switch {
		case due.Kind == DueUnacked && due.Alert == alert:
			return Climb{due.At, c.unackedTo(due)}, true
		case due.Kind == DueRung && due.Run == c.Alerts[i].Run:
			return Climb{due.At, c.RolesOf(due)}, true
		}
	}
	return Climb{}, false
}

// unackedTo says who is alerted when nobody acknowledges, as fireUnacked does it.
func (c Case) unackedTo(due Due) []models.Role {
	r, _ := c.Run(due.Run)
	if rung, _ := rungOf(c, r, due.Rung); len(rung.RepeatTo) > 0 {
		return rung.RepeatTo
	}
	next, _, _ := nextRung(c, r)
	rung, _ := rungOf(c, r, next)
	return rung.Roles
}
