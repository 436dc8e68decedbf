package kpi

// customer is what a list of customers knows of one.
type customerSeen struct {
	first entry // their first case of those asked for
	cases int
}

// customers lists customers, by their first case of those asked for.
func (s *scope) customers(part Part, after *entry, limit int) Page {
	m := &s.measures[0]
	seen := sweep(s.t, func() map[uint32]customerSeen { return map[uint32]customerSeen{} },
		func(seen map[uint32]customerSeen, slot uint32, r *row) {
			x := look{t: s.t, r: r, slot: slot, cut: s.cut}
			if r.customer == 0 || !s.in(r) || !r.flags.counts(m.of) || !s.lets(slot, r) || !s.mine(r, x.ownerOf(m.Whose, 0)) {
				return
			}
			meet(seen, s.t.survivor(r.customer), customerSeen{entry{received: r.received, id: r.id, slot: slot}, 1})
		},
		func(into, from map[uint32]customerSeen) {
			for who, c := range from {
				meet(into, who, c)
			}
		})
	l := &top{after: after, most: limit + 1}
	for _, c := range seen {
		c.first.verdict, c.first.value = hitIf(c.cases > 1), int64(c.cases)
		if part.takes(m, c.first.verdict) {
			l.add(c.first)
		}
	}
	p := s.page(l, limit)
	for i := range p.Items {
		e := &l.first[i]
		p.Items[i].Ref = s.t.tell(s.t.ids[s.t.survivor(s.t.row(e.slot).customer)])
		p.Items[i].Value = new(float64(e.value)) // how many cases
	}
	return p
}

func meet(seen map[uint32]customerSeen, who uint32, c customerSeen) {
	known, is := seen[who]
	if !is {
		seen[who] = c
		return
	}
	known.cases += c.cases
	if c.first.compare(&known.first) < 0 {
		known.first = c.first
	}
	seen[who] = known
}
