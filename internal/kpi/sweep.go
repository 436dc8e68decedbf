package kpi

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// sweep shows every row to one of several workers, each with something of its own, and joins what they made.
// Joining must not depend on who saw what.
func sweep[A any](t *Table, begin func() A, visit func(A, uint32, *row), join func(into, from A)) A {
	workers := min(runtime.GOMAXPROCS(0), max(len(t.blocks), 1))
	made := make([]A, workers)
	var next atomic.Int64
	var group sync.WaitGroup
	for w := range made {
		made[w] = begin()
		group.Go(func() {
			for {
				b := int(next.Add(1)) - 1
				if b >= len(t.blocks) {
					return
				}
				rows := t.blocks[b]
				for i := range rows {
					visit(made[w], uint32(b*block+i), &rows[i]) //nolint:gosec // as many as slots
				}
			}
		})
	}
	group.Wait()
	for _, other := range made[1:] {
		join(made[0], other)
	}
	return made[0]
}

// board is what one worker counts: a tally for each measure in each cell.
type board struct {
	s     *scope
	place place
	few   [][]tally          // cells with small keys
	cells map[uint64][]tally // all others
	look  look
}

// fewAtMost is below which keys cells are found by their place instead of by a map.
const fewAtMost = 4096

// place says in which cell an item counts: by when it counts, whose it is, and in which cycle. False: in none.
type place func(r *row, at int64, o owner) (uint64, bool)

// count counts the measures of a scope in cells.
func (s *scope) count(p place) map[uint64][]tally {
	plan := s.plan()
	begin := func() *board {
		return &board{s: s, place: p, cells: map[uint64][]tally{}, look: look{t: s.t, cut: s.cut}}
	}
	visit := func(b *board, slot uint32, r *row) { b.visit(plan, slot, r) }
	join := func(into, from *board) {
		from.each(func(key uint64, theirs []tally) {
			mine := into.cell(key)
			for i := range mine {
				mine[i].merge(&theirs[i])
			}
		})
	}
	b := sweep(s.t, begin, visit, join)
	b.each(func(key uint64, c []tally) { b.cells[key] = c })
	return b.cells
}

// each visits every cell in which something was counted.
func (b *board) each(visit func(uint64, []tally)) {
	for key, c := range b.few {
		if c != nil {
			visit(uint64(key), c)
		}
	}
	for key, c := range b.cells {
		visit(key, c)
	}
}

// plan is how the measures of a scope are counted: rates of cases by their bits, the others one by one.
type plan struct {
	groups []group
	others []kindred
	flows  []int
	byBit  [64][]int // which measures of the scope a bit is
}

// kindred are measures of the same items, by their place in the scope: most rows have none of most items.
type kindred struct {
	of   Items
	list []int
}

// group are the rates of cases that count for the same person and department.
type group struct {
	whose Whose
	lever uint8
	bits  uint64
}

func (s *scope) plan() *plan {
	p := &plan{}
	for i, m := range s.measures {
		switch {
		case m.shape == flow:
			p.flows = append(p.flows, i)
		case m.bit >= 0:
			p.byBit[m.bit] = append(p.byBit[m.bit], i)
			p.join(m)
		default:
			p.other(m.itemsRead(), i)
		}
	}
	return p
}

func (p *plan) other(of Items, i int) {
	for k := range p.others {
		if p.others[k].of == of {
			p.others[k].list = append(p.others[k].list, i)
			return
		}
	}
	p.others = append(p.others, kindred{of, []int{i}})
}

// itemsRead are the items that a row must have to be looked at: a composite looks at inspections, too.
func (m *Measure) itemsRead() Items {
	if m.shape == composite {
		return ItemCases
	}
	return m.Of
}

func (p *plan) join(m Measure) {
	for i, g := range p.groups {
		if g.whose == m.Whose && (g.whose != WhoseLever || g.lever == m.lever) {
			p.groups[i].bits |= 1 << m.bit
			return
		}
	}
	p.groups = append(p.groups, group{m.Whose, m.lever, 1 << m.bit})
}

func (b *board) cell(key uint64) []tally {
	if key < fewAtMost {
		for uint64(len(b.few)) <= key {
			b.few = append(b.few, nil)
		}
		if b.few[key] == nil {
			b.few[key] = make([]tally, len(b.s.measures))
		}
		return b.few[key]
	}
	at, is := b.cells[key]
	if !is {
		at = make([]tally, len(b.s.measures))
		b.cells[key] = at
	}
	return at
}

// visit counts one row.
func (b *board) visit(p *plan, slot uint32, r *row) {
	in := b.s.in(r)
	flowed := len(p.flows) > 0 && r.firstResolved >= b.s.from && r.firstResolved < b.s.until
	if !in && !flowed || !b.s.lets(slot, r) {
		return
	}
	x := &b.look
	x.r, x.slot = r, slot
	b.flow(p.flows, in)
	if !in {
		return
	}
	b.rates(p)
	for _, k := range p.others {
		if !r.has(k.of) {
			continue
		}
		for _, i := range k.list {
			b.other(i, r)
		}
	}
}

// other counts one measure that is no rate of cases.
func (b *board) other(i int, r *row) {
	m, x := &b.s.measures[i], &b.look
	if !r.flags.counts(m.of) || m.Of == ItemLevers && r.levers>>m.lever&1 == 0 {
		return
	}
	x.items(m, func(o owner) { b.take(i, m, o) })
	if m.shape == composite {
		b.inspected(i, m)
	}
}

// take counts the item that is looked at.
func (b *board) take(i int, m *Measure, o owner) {
	x := &b.look
	if !b.s.mine(x.r, o) {
		return
	}
	key, is := b.place(x.r, x.r.received, o)
	if !is {
		return
	}
	c := &b.cell(key)[i]
	switch m.shape {
	case perVolume:
		if from, until := b.s.span(key); b.s.covers(m.volume, x.r, from, until) {
			c.n, c.hits, c.num = c.n+1, c.hits+1, c.num+1
		}
	case composite:
		c.add(m, x)
	case plain, flow, customers:
		c.add(m, x)
	}
}

// rates counts the rates of cases: by the masks of the row where these hold, else by judging it at the cut.
func (b *board) rates(p *plan) {
	x := &b.look
	var den, num uint64
	known := false
	for _, g := range p.groups {
		o := x.ownerOf(g.whose, g.lever)
		if !b.s.mine(x.r, o) {
			continue
		}
		key, is := b.place(x.r, x.r.received, o)
		if !is {
			continue
		}
		if !known {
			den, num = x.verdicts()
			known = true
		}
		cell := b.cell(key)
		for d := den & g.bits; d != 0; d &= d - 1 {
			bit := trailing(d)
			for _, i := range p.byBit[bit] {
				cell[i].n++
				cell[i].hits += int64(num >> bit & 1)
			}
		}
	}
}

// verdicts are the masks of the row that is looked at, at the cut.
func (x *look) verdicts() (den, num uint64) {
	if x.cut >= x.r.holds {
		return x.r.den, x.r.num
	}
	return x.masks(all)
}

// flow counts what came in and, of all that was ever received, what was resolved in the period.
func (b *board) flow(flows []int, in bool) {
	x := &b.look
	for _, i := range flows {
		m := &b.s.measures[i]
		o := x.ownerOf(m.Whose, 0)
		if !x.r.flags.counts(m.of) || !b.s.mine(x.r, o) {
			continue
		}
		if key, is := b.place(x.r, x.r.received, o); in && is {
			b.cell(key)[i].n++
		}
		if at := x.r.firstResolved; x.done(at) && at >= b.s.from && at < b.s.until {
			if key, is := b.place(x.r, at, o); is {
				b.cell(key)[i].hits++
			}
		}
	}
}

// inspected counts the inspections of a row into a composite.
func (b *board) inspected(i int, m *Measure) {
	x := &b.look
	scores := x.t.inspections[x.slot]
	if len(scores) == 0 || !x.r.flags.counts(m.of) {
		return
	}
	o := x.ownerOf(m.Whose, 0)
	key, is := b.place(x.r, x.r.received, o)
	if !is || !b.s.mine(x.r, o) {
		return
	}
	c := &b.cell(key)[i]
	for _, s := range scores {
		if x.done(micro(s.At)) {
			c.den++
			if s.Score >= satisfied {
				c.num++
			}
		}
	}
}

// span is the while that a cell stands for.
func (s *scope) span(key uint64) (from, until int64) {
	if s.buckets == nil {
		return s.from, s.until
	}
	b := s.buckets[key]
	return b.From.UnixMicro(), b.Until.UnixMicro()
}
