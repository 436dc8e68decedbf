package console

import (
	"slices"
	"strings"
	"sync"
)

// presence knows who has the page of a case open, in this process. It is comfort and no record: who
// is told a name here may see the case, and whoever is named as well.
type presence struct {
	mu    sync.Mutex
	rooms map[string]map[*seat]struct{} // by number
}

// seat is one window that shows a case.
type seat struct {
	person string // id
	name   string
	moved  chan struct{} // somebody came or went
}

// enter takes a seat and tells the others.
func (p *presence) enter(number, person, name string) *seat {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.rooms == nil {
		p.rooms = map[string]map[*seat]struct{}{}
	}
	if p.rooms[number] == nil {
		p.rooms[number] = map[*seat]struct{}{}
	}
	s := &seat{person: person, name: name, moved: make(chan struct{}, 1)}
	p.rooms[number][s] = struct{}{}
	p.stir(number)
	return s
}

// leave gives a seat back and tells the others; leaving twice is leaving once.
func (p *presence) leave(number string, s *seat) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.rooms[number], s)
	if len(p.rooms[number]) == 0 {
		delete(p.rooms, number)
	}
	p.stir(number)
}

func (p *presence) stir(number string) {
	for s := range p.rooms[number] {
		select {
		case s.moved <- struct{}{}:
		default: // is told already
		}
	}
}

// others are the names of who else looks at a case, each once, in their order.
func (p *presence) others(number, person string) []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	names := map[string]string{}
	for s := range p.rooms[number] {
		if s.person != person {
			names[s.person] = s.name
		}
	}
	var sorted []string
	for _, name := range names {
		sorted = append(sorted, name)
	}
	slices.Sort(sorted)
	return sorted
}

// sayOthers says who else looks at a case; empty when nobody does.
func (v *visit) sayOthers(number string) string {
	names := v.c.present.others(number, v.Person.ID)
	if len(names) == 0 {
		return ""
	}
	return v.Say("case.here", "n", len(names), "names", strings.Join(names, v.Say("case.and")))
}
