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
				f := Fault{Path: fmt.Sprintf("/ladders/%s/%s/%d/roles", l.Severity, l.Class, i)}
				above := models.Above(role)
				if next := slices.IndexFunc(above, held); next >= 0 {
					f.Warning, f.Says = true, fmt.Sprintf("nobody is %s; %s is told instead", role, above[next])
				} else {
					f.Says = fmt.Sprintf("nobody is %s, and nobody is above", role)
				}
				faults = append(faults, f)
			}
		}
	}
	return faults
}

// Unknown warns of calendars whose holidays are not known for as long ahead as plans reach: clocks of
// cases that come now may be due on a day off without anybody noticing.
func Unknown(p Policy, now time.Time) (faults []Fault) {
	for _, c := range p.Calendars {
		until := c.KnownUntil()
		if until.IsZero() || until.After(now.Add(horizon)) {
			continue
		}
		faults = append(faults, Fault{
			Path: "/calendars/" + c.Name, Warning: true,
			Says: fmt.Sprintf("its holidays are known up to %s; from then on it is open by its week alone, unless days say otherwise",
				until.In(c.Zone).AddDate(0, 0, -1).Format(time.DateOnly)),
		})
	}
	return faults
}
