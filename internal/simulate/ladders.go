package simulate

import (
	"cmp"
	"maps"
	"slices"

	"recourse/internal/duty"
	"recourse/internal/lifecycle"
	"recourse/models"
)

// Roster says who is on duty for a role, in a department or, where that is empty, in the whole company.
type Roster struct {
	Role       models.Role
	Department string
	duty.Roster
}

// ladders are the sums of what went out.
type ladders struct {
	cfg    Config
	alerts int
	rungs  map[rung]*Rung
	load   map[models.Role]*Load
	people map[string]*PersonLoad
}

type rung struct {
	clock  models.Clock
	bound  models.Bound
	rung   int
	repeat int
}

func newLadders(cfg Config) *ladders {
	return &ladders{cfg: cfg, rungs: map[rung]*Rung{}, load: map[models.Role]*Load{}, people: map[string]*PersonLoad{}}
}

// take takes the alerts of a case in.
func (l *ladders) take(c lifecycle.Lived) {
	for _, e := range c.Events {
		d, is := e.Data.(models.Escalated)
		if !is {
			continue
		}
		l.alerts++
		of := at(l.rungs, rung{d.Clock, d.Bound, d.Rung, d.Repeat}, func() *Rung {
			return &Rung{Clock: d.Clock, Bound: d.Bound, Rung: d.Rung, Repeat: d.Repeat}
		})
		of.Alerts++
		if d.Follows != "" {
			of.Unacknowledged++
		}
		if d.Superseded {
			of.Superseded++
		}
	}
	for _, a := range c.Alerts {
		if !a.Superseded {
			l.out(a)
		}
	}
}

// out takes in an alert that went out.
func (l *ladders) out(a models.Alert) {
	told := map[string]bool{} // somebody with two roles is told once
	for _, role := range a.Roles {
		load := at(l.load, role, func() *Load { return &Load{Role: role} })
		load.add(l.cfg, a)
		who := l.onDuty(role, a)
		switch {
		case who == "":
			load.ToEverybody++
		case !told[who]:
			told[who] = true
			at(l.people, who, func() *PersonLoad { return &PersonLoad{Person: who} }).add(l.cfg, a)
		}
	}
}

// onDuty is who alone is told: whoever is responsible, as a handler; else whoever is on duty by the roster of the
// department, or by the company's. Empty: all who have the role are.
func (l *ladders) onDuty(role models.Role, a models.Alert) string {
	if role == models.RoleHandler && a.Assignee != "" {
		return a.Assignee
	}
	for _, department := range slices.Compact([]string{a.Department, ""}) {
		for _, r := range l.cfg.Rosters {
			if r.Role != role || r.Department != department {
				continue
			}
			if who, _ := r.On(a.FiredAt); who != "" {
				return who
			}
		}
	}
	return ""
}

func (w *Work) add(cfg Config, a models.Alert) {
	local := a.FiredAt.In(cfg.Zone)
	w.Alerts++
	w.ByHour[int(local.Weekday()+6)%7][local.Hour()]++
	if a.AckBy != nil {
		w.ToAcknowledge++
	}
}

// told are the sums, in order.
func (l *ladders) told() Ladders {
	var all Ladders
	for _, of := range l.rungs {
		all.Rungs = append(all.Rungs, *of)
	}
	slices.SortFunc(all.Rungs, func(a, b Rung) int {
		return cmp.Or(cmp.Compare(slices.Index(models.Clocks(), a.Clock), slices.Index(models.Clocks(), b.Clock)),
			-cmp.Compare(a.Bound, b.Bound), cmp.Compare(a.Rung, b.Rung), cmp.Compare(a.Repeat, b.Repeat))
	})
	for _, role := range models.Roles() {
		if of, is := l.load[role]; is {
			all.Load = append(all.Load, *of)
		}
	}
	for _, who := range slices.Sorted(maps.Keys(l.people)) {
		all.People = append(all.People, *l.people[who])
	}
	return all
}
