package duty

import (
	"fmt"
	"slices"
	"time"
)

// Fault is what is wrong with a roster, and where.
type Fault struct {
	Path    string // JSON pointer
	Says    string
	Warning bool // it may stand so
}

// What a roster may have at most.
const (
	mostPeople = 100
	mostSwaps  = 200
	mostDays   = 92
	longest    = 92 * 24 * time.Hour // of a swap
)

// Person is what a roster must know of somebody.
type Person struct {
	ID     string
	Holds  bool   // the role, in the department of the roster
	Deputy string // id; empty: none
	Away   []Away // in times to come
}

// Away is a time in which somebody is not there.
type Away struct{ From, Until time.Time }

// Check says everything that is wrong with a roster: what cannot be read, people who are not on record or do
// not hold the role, swaps that overlap. It warns of turns within a time of which nobody takes.
func Check(r Roster, people []Person, now time.Time, ahead time.Duration) []Fault {
	c := checker{people: map[string]Person{}}
	for _, p := range people {
		c.people[p.ID] = p
	}
	c.form(r)
	for i, id := range r.People {
		c.person(fmt.Sprintf("/people/%d", i), id)
	}
	c.swaps(r.Swaps)
	if len(c.faults) == 0 {
		c.absences(r, now, now.Add(ahead))
	}
	return c.faults
}

type checker struct {
	people map[string]Person
	faults []Fault
}

func (c *checker) fault(at, says string, args ...any) {
	c.faults = append(c.faults, Fault{Path: at, Says: fmt.Sprintf(says, args...)})
}

// form: what stands in the roster can be read.
func (c *checker) form(r Roster) {
	if _, err := time.LoadLocation(r.Zone); err != nil || r.Zone == "" || r.Zone == "Local" {
		c.fault("/zone", "%q is not an IANA time zone such as Asia/Shanghai", r.Zone)
	}
	if _, err := time.Parse(time.DateOnly, r.Start); err != nil {
		c.fault("/start", "%q is no day such as 2026-11-23", r.Start)
	}
	if _, err := time.Parse("15:04", r.HandOver); err != nil {
		c.fault("/hand_over", "%q is no time of day such as 09:00", r.HandOver)
	}
	if r.TurnDays < 1 || r.TurnDays > mostDays {
		c.fault("/turn_days", "a turn has 1 to %d days", mostDays)
	}
	if len(r.People) > mostPeople {
		c.fault("/people", "at most %d are possible", mostPeople)
	}
	if len(r.Swaps) > mostSwaps {
		c.fault("/swaps", "at most %d are possible", mostSwaps)
	}
	if len(r.Swaps) > 0 && len(r.People) == 0 {
		c.fault("/swaps", "there is nobody to swap with")
	}
}

func (c *checker) person(at, id string) {
	switch p, known := c.people[id]; {
	case !known:
		c.fault(at, "%q is not on record", id)
	case !p.Holds:
		c.fault(at, "%q does not have this role there", id)
	}
}

func (c *checker) swaps(swaps []Swap) {
	for i, s := range swaps {
		at := fmt.Sprintf("/swaps/%d", i)
		c.person(at+"/person", s.Person)
		switch {
		case !s.From.Before(s.Until):
			c.fault(at+"/until", "it ends before it begins")
		case s.Until.Sub(s.From) > longest:
			c.fault(at+"/until", "a swap is for %d days at most", mostDays)
		case slices.ContainsFunc(swaps[:i], func(o Swap) bool { return s.From.Before(o.Until) && o.From.Before(s.Until) }):
			c.fault(at+"/from", "two swaps lie across each other")
		}
	}
}

// absences warns of turns in which whoever is on duty is away and nobody stands in for them.
func (c *checker) absences(r Roster, from, until time.Time) {
	for _, t := range r.Turns(from, until) {
		p := c.people[t.Person]
		i := slices.IndexFunc(p.Away, func(a Away) bool { return a.From.Before(t.Until) && t.From.Before(a.Until) })
		if i < 0 || p.Deputy != "" {
			continue
		}
		next := "nobody"
		for _, id := range r.People {
			if id != t.Person {
				next = id
				break
			}
		}
		c.faults = append(c.faults, Fault{Path: "/people", Warning: true, Says: fmt.Sprintf(
			"%q is away from %s on and has no deputy; %s is told meanwhile", t.Person, p.Away[i].From.UTC().Format(time.RFC3339), next)})
	}
}
