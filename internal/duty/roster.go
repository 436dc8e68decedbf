package duty

import (
	"cmp"
	"slices"
	"time"
)

// Roster is who is on duty for a role, in turn. Field names outlive the process: it is kept as JSON.
type Roster struct {
	Zone     string   `json:"zone"`      // IANA name
	Start    string   `json:"start"`     // the day of the first hand-over, as 2026-11-23; a weekly one stays on its weekday
	HandOver string   `json:"hand_over"` // when turns begin, on the wall clock of the zone, as 09:00
	TurnDays int      `json:"turn_days"` // how many days a turn has
	People   []string `json:"people"`    // ids, in the order of their turns; none: nobody is on duty by this roster
	Swaps    []Swap   `json:"swaps,omitempty"`
}

// Swap puts somebody else on duty from an instant until, but not at, another.
type Swap struct {
	From   time.Time `json:"from"`
	Until  time.Time `json:"until"`
	Person string    `json:"person"` // id
}

// Turn is a time in which one person is on duty.
type Turn struct {
	Person      string
	From, Until time.Time
	Swapped     bool // it is not theirs by the order of turns
}

// plan is a roster that was read.
type plan struct {
	Roster

	zone         *time.Location
	start        time.Time // midnight of the first day, as if its zone were UTC
	hour, minute int
}

func (r Roster) read() (plan, bool) {
	p := plan{Roster: r}
	var errs [3]error
	p.zone, errs[0] = time.LoadLocation(r.Zone)
	p.start, errs[1] = time.Parse(time.DateOnly, r.Start)
	clock, err := time.Parse("15:04", r.HandOver)
	errs[2] = err
	p.hour, p.minute = clock.Hour(), clock.Minute()
	return p, errs == [3]error{} && r.TurnDays > 0 && len(r.People) > 0
}

// begins is when turn k begins; the wall clock may have been changed since the one before.
func (p plan) begins(k int) time.Time {
	d := p.start.AddDate(0, 0, k*p.TurnDays)
	return time.Date(d.Year(), d.Month(), d.Day(), p.hour, p.minute, 0, 0, p.zone).UTC()
}

// turn is the number of the turn that an instant lies in; negative before the first.
func (p plan) turn(at time.Time) int {
	k := int(at.Sub(p.begins(0)) / (24 * time.Hour) / time.Duration(p.TurnDays))
	for p.begins(k).After(at) {
		k--
	}
	for !p.begins(k + 1).After(at) {
		k++
	}
	return k
}

// swap is the swap that an instant lies in.
func (r Roster) swap(at time.Time) (Swap, bool) {
	i := slices.IndexFunc(r.Swaps, func(s Swap) bool { return !at.Before(s.From) && at.Before(s.Until) })
	if i < 0 {
		return Swap{}, false
	}
	return r.Swaps[i], true
}

// On says who is on duty at an instant; empty: nobody.
func (r Roster) On(at time.Time) (person string, swapped bool) {
	p, readable := r.read()
	if !readable {
		return "", false
	}
	if s, is := r.swap(at); is {
		return s.Person, true
	}
	if k := p.turn(at); k >= 0 {
		return r.People[k%len(r.People)], false
	}
	return "", false
}

// Turns lists who is on duty between two instants, in order and without gaps but those in which nobody is.
func (r Roster) Turns(from, until time.Time) (turns []Turn) {
	p, readable := r.read()
	if !readable || !from.Before(until) {
		return nil
	}
	cuts := []time.Time{from, until}
	for k := max(p.turn(from), 0); p.begins(k).Before(until); k++ {
		cuts = append(cuts, p.begins(k))
	}
	for _, s := range r.Swaps {
		cuts = append(cuts, s.From, s.Until)
	}
	slices.SortFunc(cuts, time.Time.Compare)
	for i := range cuts[:len(cuts)-1] {
		begin, end := cuts[i], cuts[i+1]
		if !begin.Before(end) || begin.Before(from) || end.After(until) {
			continue
		}
		if person, swapped := r.On(begin); person != "" {
			turns = join(turns, Turn{person, begin, end, swapped})
		}
	}
	return turns
}

// join adds a turn; a swap goes on where a hand-over would have been.
func join(turns []Turn, t Turn) []Turn {
	if last := len(turns) - 1; last >= 0 && turns[last].Person == t.Person && turns[last].Swapped && t.Swapped && turns[last].Until.Equal(t.From) {
		turns[last].Until = t.Until
		return turns
	}
	return append(turns, t)
}

// Reach says who is to be told at an instant: whoever is on duty if they are there, else the first deputy
// along their chain who is, else whoever comes next in turn. Empty: nobody of the roster is there.
func (r Roster) Reach(at time.Time, there func(person string) bool, deputy func(person string) string) string {
	on, _ := r.On(at)
	if on == "" {
		return ""
	}
	for asked := []string(nil); on != "" && !slices.Contains(asked, on); on = deputy(on) {
		if there(on) {
			return on
		}
		asked = append(asked, on)
	}
	on, _ = r.On(at)
	after := slices.Index(r.People, on) + 1 // a swap may have brought somebody of no turn: then the first
	for i := range r.People {
		if next := r.People[(after+i)%len(r.People)]; there(next) {
			return next
		}
	}
	return ""
}

// Sort puts the swaps into their order.
func (r *Roster) Sort() {
	slices.SortStableFunc(r.Swaps, func(a, b Swap) int { return cmp.Or(a.From.Compare(b.From), a.Until.Compare(b.Until)) })
}
