package kpi

import (
	"maps"
	"slices"
	"sync"

	"recourse/models"
)

// block is how many rows lie beside each other, and are read by one worker at a time.
const block = 4096

// Table keeps what figures need of every case. Many may ask it while one writes: a writer waits for those who
// read, and those who come later for the writer.
type Table struct {
	mu     sync.RWMutex
	blocks [][]row
	slots  map[ident]uint32
	free   []uint32
	odd    map[ident]string
	real   int // cases that are no samples

	departments, people, categories, products, regions, policies, currencies *dict
	enums                                                                    map[Dimension]*dict

	customers map[ident]uint32    // their numbers; 0 is nobody
	ids       []ident             // by number
	heads     []uint32            // the newest case of each customer, by number; nowhere: none
	survivors map[uint32]uint32   // of merged records
	dirty     map[uint32]struct{} // customers some of whose cases changed

	answers arena[answer]
	laters  arena[later]
	stays   arena[stay]
	levers  arena[lever]
	alarms  arena[alarm]

	numbers     map[uint32]string // those that are no numbers of ours
	money       map[uint32]money
	inspections map[uint32][]Inspection
	access      map[uint32]access
	live        map[uint32]live

	volumes volumes
}

type money struct {
	currency uint32
	minor    int64
}

// access is what decides who sees a case, beside its columns.
type access struct{ tasks, circle, named []string }

// live is what is told of an open case.
type live struct {
	due, soon int64
	paused    bool
}

// NewTable makes an empty table.
func NewTable() *Table {
	t := &Table{
		slots: map[ident]uint32{}, odd: map[ident]string{},
		departments: newDict(), people: newDict(), categories: newDict(), products: newDict(), regions: newDict(),
		policies: newDict(), currencies: newDict(), customers: map[ident]uint32{}, ids: make([]ident, 1), enums: map[Dimension]*dict{},
		dirty: map[uint32]struct{}{}, numbers: map[uint32]string{}, money: map[uint32]money{}, inspections: map[uint32][]Inspection{},
		access: map[uint32]access{}, live: map[uint32]live{},
	}
	t.heads = []uint32{nowhere}
	for _, d := range enumerated {
		t.enums[d] = newDict()
	}
	return t
}

// Len returns how many cases the table knows.
func (t *Table) Len() int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return len(t.slots)
}

// Put takes cases in, in the place of what it knew of them. The order of their coming changes no answer.
func (t *Table) Put(records ...Record) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := range records {
		t.put(&records[i])
	}
	t.tidy()
}

// Remove forgets cases; an id that it does not know is none of its business.
func (t *Table) Remove(ids ...string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, id := range ids {
		i, _ := identOf(id)
		if slot, is := t.slots[i]; is {
			t.forget(i, slot)
		}
	}
}

// SetCustomers says which customer records were merged into which, in the place of what was said before.
func (t *Table) SetCustomers(survivors map[string]string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	into := map[uint32]uint32{}
	for record, survivor := range survivors {
		for next, is := survivors[survivor]; is && next != record; next, is = survivors[survivor] {
			survivor = next
		}
		into[t.customerNumber(record)] = t.customerNumber(survivor)
	}
	if maps.Equal(into, t.survivors) {
		return // as nearly always: to link every case anew takes a second a million
	}
	t.survivors = into
	for i := range t.heads {
		t.heads[i] = nowhere
	}
	t.each(func(slot uint32, r *row) { t.link(slot, r, r.customer) })
}

// read runs an answer while nobody writes, after what changed was looked at again.
func (t *Table) read(answer func()) {
	for range 3 {
		t.mu.RLock()
		if len(t.dirty) == 0 {
			defer t.mu.RUnlock()
			answer()
			return
		}
		t.mu.RUnlock()
		t.mu.Lock()
		t.refresh()
		t.mu.Unlock()
	}
	t.mu.Lock() // somebody writes without a pause: once it is our turn
	defer t.mu.Unlock()
	t.refresh()
	answer()
}

func (t *Table) row(slot uint32) *row { return &t.blocks[slot/block][slot%block] }

// each visits every row in use.
func (t *Table) each(visit func(uint32, *row)) {
	for b, rows := range t.blocks {
		for i := range rows {
			if !rows[i].flags.is(isGone) {
				visit(uint32(b*block+i), &rows[i])
			}
		}
	}
}

// take returns the slot of a case, a free one if it is new.
func (t *Table) take(id ident) (slot uint32, isNew bool) {
	if slot, is := t.slots[id]; is {
		return slot, false
	}
	if n := len(t.free); n > 0 {
		slot, t.free = t.free[n-1], t.free[:n-1]
		t.slots[id] = slot
		return slot, true
	}
	last := len(t.blocks) - 1
	if last < 0 || len(t.blocks[last]) == block {
		t.blocks = append(t.blocks, make([]row, 0, block))
		last++
	}
	slot = uint32(last*block + len(t.blocks[last])) //nolint:gosec // four thousand million cases
	t.blocks[last] = append(t.blocks[last], row{})
	t.slots[id] = slot
	return slot, true
}

func (t *Table) forget(id ident, slot uint32) {
	r := t.row(slot)
	t.unlink(slot, r)
	if !r.flags.is(isSample) {
		t.real--
	}
	t.aside(slot)
	kept := *r
	*r = row{flags: isGone, answered: kept.answered, laters: kept.laters, stays: kept.stays, used: kept.used, alerts: kept.alerts}
	delete(t.slots, id)
	delete(t.odd, id)
	t.free = append(t.free, slot)
}

// aside forgets what only some rows have.
func (t *Table) aside(slot uint32) {
	delete(t.numbers, slot)
	delete(t.money, slot)
	delete(t.inspections, slot)
	delete(t.access, slot)
	delete(t.live, slot)
}

// tidy packs arenas that hold more of the past than of the present.
func (t *Table) tidy() {
	spans := func(of func(*row) *span) func(func(*span)) {
		return func(yield func(*span)) {
			for _, rows := range t.blocks {
				for i := range rows {
					yield(of(&rows[i]))
				}
			}
		}
	}
	pack(&t.answers, spans(func(r *row) *span { return &r.answered }))
	pack(&t.laters, spans(func(r *row) *span { return &r.laters }))
	pack(&t.stays, spans(func(r *row) *span { return &r.stays }))
	pack(&t.levers, spans(func(r *row) *span { return &r.used }))
	pack(&t.alarms, spans(func(r *row) *span { return &r.alerts }))
}

func pack[T any](a *arena[T], spans func(func(*span))) {
	if a.wasteful() {
		a.pack(spans)
	}
}

// enum returns the number of a value of a closed set.
func (t *Table) enum(d Dimension, v string) uint8 {
	return uint8(min(t.enums[d].code(v), 255))
}

// guards says what a case needs beside its columns to decide who sees it.
func guards(c models.Case) (access, bool) {
	a := access{c.Tasks, c.Circle, c.Named}
	return access{slices.Clone(a.tasks), slices.Clone(a.circle), slices.Clone(a.named)}, len(a.tasks)+len(a.circle)+len(a.named) > 0
}
