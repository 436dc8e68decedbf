package kpi

import (
	"cmp"
	"slices"
)

// again is how long after a resolution the same complaint of the same customer is a recurrence: 30 days,
// in microseconds.
const again = 30 * 24 * 3600 * 1e6

// customerNumber is the number of a customer, a new one if need be; 0 for nobody.
func (t *Table) customerNumber(id string) uint32 {
	if id == "" {
		return 0
	}
	i := t.keep(id)
	n, is := t.customers[i]
	if !is {
		n = uint32(len(t.ids)) //nolint:gosec // there are not so many customers
		t.customers[i], t.ids = n, append(t.ids, i)
	}
	return n
}

// survivor is the number of the record that goes on for a customer.
func (t *Table) survivor(customer uint32) uint32 {
	if len(t.survivors) == 0 {
		return customer
	}
	if into, is := t.survivors[customer]; is {
		return into
	}
	return customer
}

// link puts a row among those of its customer.
func (t *Table) link(slot uint32, r *row, customer uint32) {
	r.customer = customer
	if customer == 0 {
		return
	}
	as := t.survivor(customer)
	for len(t.heads) < len(t.ids) {
		t.heads = append(t.heads, nowhere)
	}
	r.next, t.heads[as] = t.heads[as], slot
	t.dirty[as] = struct{}{}
}

// unlink takes a row from among those of its customer.
func (t *Table) unlink(slot uint32, r *row) {
	if r.customer == 0 {
		return
	}
	as := t.survivor(r.customer)
	t.dirty[as] = struct{}{}
	for at := &t.heads[as]; *at != nowhere; at = &t.row(*at).next {
		if *at == slot {
			*at = r.next
			return
		}
	}
}

// refresh judges the cases of customers again some of whose cases changed.
func (t *Table) refresh() {
	var rows []*row
	for customer := range t.dirty {
		rows = rows[:0]
		for at := t.heads[customer]; at != nowhere; at = t.row(at).next {
			rows = append(rows, t.row(at))
		}
		t.recur(rows)
	}
	clear(t.dirty)
}

// recur finds for each case of a customer when they came again with the same. What they came with counts
// whatever became of it, unless it was merged, a mystery shopper's, or a sample beside a real one.
func (t *Table) recur(rows []*row) {
	slices.SortFunc(rows, func(a, b *row) int {
		return cmp.Or(cmp.Compare(a.category, b.category), cmp.Compare(a.received, b.received))
	})
	for _, r := range rows {
		t.judge(r, repeatOf(r, rows))
	}
}

// repeatOf is the first instant after a case's resolution at which the customer came again with the same
// category; none if they never did. The rows are sorted by category and receipt.
func repeatOf(r *row, rows []*row) int64 {
	if r.resolved == none {
		return none
	}
	i, _ := slices.BinarySearchFunc(rows, r, func(o, r *row) int {
		return cmp.Or(cmp.Compare(o.category, r.category), cmp.Compare(o.received, r.resolved+1))
	})
	for ; i < len(rows) && rows[i].category == r.category; i++ {
		o := rows[i]
		if o != r && !o.flags.is(isMerged|isMystery) && o.flags.is(isSample) == r.flags.is(isSample) {
			return o.received
		}
	}
	return none
}

// judge writes the masks of a row and from which data cut on they hold.
func (t *Table) judge(r *row, repeat int64) {
	r.repeat = repeat
	r.holds = holdsFrom(r)
	for _, v := range t.levers.of(r.used) {
		r.holds = max(r.holds, v.at)
	}
	for _, l := range t.laters.of(r.laters) {
		r.holds = max(r.holds, l.began)
	}
	x := look{t: t, r: r, cut: r.holds}
	r.den, r.num = x.masks(all)
}

// all is the mask of every measure that has a bit.
const all = ^uint64(0)

// holdsFrom is the data cut from which on nothing that a row knows changes a verdict any more: everything
// that happened has happened, and whatever did not was due.
func holdsFrom(r *row) int64 {
	at := r.received
	for _, happened := range []int64{
		r.reply, r.dispatched, r.accepted, r.kept, r.solution, r.firstResolved, r.resolved, r.closed, r.scoredAt, r.repeat, r.over,
	} {
		at = max(at, happened)
	}
	due := func(done int64, bounds ...int64) {
		for _, b := range bounds {
			if done == none && b != none {
				at = max(at, b+1)
			}
		}
	}
	due(r.reply, r.responseLimit, r.responseTarget)
	due(r.kept, r.feedbackBound, r.feedbackLimit)
	due(r.solution, r.feedbackLimit)
	due(r.firstResolved, r.handlingBound, r.handlingLimit)
	if r.resolved != none {
		at = max(at, r.resolved+again+1)
	}
	return at
}

// masks judges the rates of cases in a mask at the cut: in whose denominator the case is, and in whose numerator.
func (x *look) masks(of uint64) (den, num uint64) {
	of &= x.r.may()
	for i := range rates {
		m := &rates[i]
		if of>>m.bit&1 == 0 {
			continue
		}
		switch m.judge(x) {
		case hit:
			num |= 1 << m.bit
			den |= 1 << m.bit
		case miss:
			den |= 1 << m.bit
		case leftOut, outside:
		}
	}
	return den, num
}

// counts says whether a case belongs to a population.
func (f flags) counts(as population) bool {
	switch as {
	case quality:
		return !f.is(isMystery | isMerged | isOut)
	case received:
		return !f.is(isMystery | isMerged)
	case recorded:
		return !f.is(isMystery)
	}
	return false
}

// may is the mask of the measures whose population the case belongs to.
func (r *row) may() (of uint64) {
	for p := quality; p <= recorded; p++ {
		if r.flags.counts(p) {
			of |= peopled[p]
		}
	}
	return of
}

// rates are the measures with a bit, by their bit; peopled are the masks of those of each population.
var rates, peopled = rated(current, retired)

func rated(lists ...[]Measure) (rates []Measure, of [3]uint64) {
	for _, m := range slices.Concat(lists...) {
		if m.bit >= 0 {
			rates = append(rates, m)
			of[m.of] |= 1 << m.bit
		}
	}
	slices.SortFunc(rates, func(a, b Measure) int { return cmp.Compare(a.bit, b.bit) })
	return rates, of
}
