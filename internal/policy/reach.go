package policy

import (
	"fmt"
	"slices"
	"time"

	"recourse/models"
)

// Reach says which rungs of the ladders reach nobody, when only some roles have a person. A role without
// anybody is told to the next one of the escalation chain: that is a warning; a rung for which nobody
// is left is a fault.
func Reach(p Policy, held func(models.Role) bool) (faults []Fault) {
	for _, l := range p.Ladders {
		for i, rung := range l.Rungs {
			for _, role := range rung.Roles {
				if held(role) {
					continue
				}
				faults = append(faults, unheld(fmt.Sprintf("/ladders/%s/%s/%d/roles", l.Severity, l.Class, i), role, held))
			}
		}
	}
	return faults
}

// unheld says what becomes of a rung for a role that nobody holds.
func unheld(at string, role models.Role, held func(models.Role) bool) Fault {
	above := models.Above(role)
	if next := slices.IndexFunc(above, held); next >= 0 {
		return Fault{Path: at, Warning: true, Says: fmt.Sprintf("nobody is %s; %s is told instead", role, above[next])}
	}
	return Fault{Path: at, Says: fmt.Sprintf("nobody is %s, and nobody is above", role)}
}

// Ending is a calendar whose holidays are not known as far ahead as plans reach: clocks of cases that
// come now may be due on a day off without anybody noticing.
type Ending struct {
	Calendar string
	LastDay  string // of which it is known whether it is one, as 2026-12-31
}

// Endings lists the calendars of a policy that end soon.
func Endings(p Policy, now time.Time) (ending []Ending) {
	for _, c := range p.Calendars {
		if until := c.KnownUntil(); !until.IsZero() && !until.After(now.Add(horizon)) {
			ending = append(ending, Ending{c.Name, until.In(c.Zone).AddDate(0, 0, -1).Format(time.DateOnly)})
		}
	}
	return ending
}

// Unknown warns of the calendars that end soon.
func Unknown(p Policy, now time.Time) (faults []Fault) {
	for _, e := range Endings(p, now) {
		at := "/calendars/" + e.Calendar
		faults = append(faults, Fault{Path: at, Line: p.written.Of(at), Warning: true, Says: fmt.Sprintf(
			"its holidays are known up to %s; from then on it is open by its week alone, unless days say otherwise", e.LastDay)})
	}
	return faults
}
