package kpi

import (
	"cmp"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"time"

	"recourse/models"
)

// Part says which of the items behind a figure are asked for.
type Part string

// The parts.
const (
	PartDenominator Part = "denominator" // the items that count; N of them
	PartNumerator   Part = "numerator"   // those in the numerator; Hits of them
	PartAll         Part = "all"         // of measures of cases: those too that say nothing yet; else as denominator
)

// Parts lists the closed set.
func Parts() []Part { return []Part{PartDenominator, PartNumerator, PartAll} }

// List asks for the items behind a figure.
type List struct {
	Measure string
	Part    Part   // empty: PartDenominator
	Bin     int    // from 1: only items whose value lies in that bin of the measure's distribution; 0: all
	Cursor  string // where the page before ended; empty: the first page
	Limit   int    // 1 to models.MaxPage; 0: 50
}

// Page is a page of items, in the order in which their cases were received.
type Page struct {
	Measure
	Total int64 // of all pages
	Items []Item
	Next  string // empty: this is the last page
}

// Item is one thing that a figure counts.
type Item struct {
	CaseID     string
	Number     string
	Cycle      int
	Kind       Items
	Ref        string // an alert's or customer's id, a lever's sequence and kind, the instant at which a stay began
	ReceivedAt time.Time
	Counts     bool     // in the denominator
	Hit        bool     // in the numerator
	Value      *float64 // of what is no rate; durations in seconds
}

// Cases lists the items behind a cell: the same query with the values of the cell as filters, and its bucket
// as the period.
func (t *Table) Cases(q Query, l List) (p Page, err error) {
	t.read(func() { p, err = t.cases(q, l) })
	return p, err
}

func (t *Table) cases(q Query, l List) (Page, error) {
	if l.Part == "" {
		l.Part = PartDenominator
	}
	if !slices.Contains(Parts(), l.Part) {
		return Page{}, unknown("/part", "part", string(l.Part), texts(Parts()))
	}
	limit := cmp.Or(l.Limit, 50)
	if limit < 1 || limit > models.MaxPage {
		return Page{}, models.Invalid("/limit", fmt.Sprintf("a page has 1 to %d items", models.MaxPage))
	}
	q.Measures = []string{l.Measure}
	s, err := t.ready(q)
	if err != nil {
		return Page{}, err
	}
	after, err := readCursor(l.Cursor)
	if err != nil {
		return Page{}, err
	}
	if l.Bin != 0 {
		if err := s.narrow(l.Bin); err != nil {
			return Page{}, err
		}
	}
	if m := s.measures[0]; m.shape == customers {
		return s.customers(l.Part, after, limit), nil
	}
	found := s.list(l.Part, after, limit)
	return s.page(found, limit), nil
}

// narrow leaves of the one measure of a scope the items whose value lies in a bin of its distribution.
func (s *scope) narrow(bin int) error {
	m, is := s.measures[0].valued()
	from := edges(m)
	if !is || bin < 1 || bin > len(from) {
		return models.Invalid("/bin", fmt.Sprintf("the distribution has parts 1 to %d", len(from)))
	}
	of := m.value
	m.value = func(x *look) (int64, bool) {
		v, counts := of(x)
		return v, counts && v >= from[bin-1] && (bin == len(from) || v < from[bin])
	}
	s.measures[0] = m
	return nil
}

// entry is an item of a list, by its place in it.
type entry struct {
	received int64
	id       ident
	nth      uint32 // of the case's items
	slot     uint32
	verdict  verdict
	value    int64
	cycle    uint16
}

func (a *entry) compare(b *entry) int {
	return cmp.Or(cmp.Compare(a.received, b.received), slices.Compare(a.id[:], b.id[:]), cmp.Compare(a.nth, b.nth))
}

// top keeps the first entries after a cursor, and counts all.
type top struct {
	after *entry
	most  int
	total int64
	first []entry
	look  look
}

func (l *top) add(e entry) {
	l.total++
	if l.after != nil && e.compare(l.after) <= 0 {
		return
	}
	l.keep(e)
}

func (l *top) keep(e entry) {
	if len(l.first) == l.most && e.compare(&l.first[l.most-1]) >= 0 {
		return
	}
	i, _ := slices.BinarySearchFunc(l.first, e, func(a, b entry) int { return a.compare(&b) })
	l.first = slices.Insert(l.first, i, e)
	if len(l.first) > l.most {
		l.first = l.first[:l.most]
	}
}

// list finds a page of the items of the one measure of a scope, and one more.
func (s *scope) list(part Part, after *entry, limit int) *top {
	m := &s.measures[0]
	begin := func() *top { return &top{after: after, most: limit + 1, look: look{t: s.t, cut: s.cut}} }
	visit := func(l *top, slot uint32, r *row) {
		if m.shape != flow && !s.in(r) || !r.flags.counts(m.of) || !s.lets(slot, r) {
			return
		}
		x := &l.look
		x.r, x.slot = r, slot
		nth := uint32(0)
		x.items(m, func(o owner) {
			nth++
			v, value := s.verdictOf(m, x, part)
			if !s.mine(r, o) || !part.takes(m, v) {
				return
			}
			l.add(entry{r.received, r.id, nth - 1, slot, v, value, o.cycle})
		})
	}
	join := func(into, from *top) {
		into.total += from.total
		for _, e := range from.first {
			into.keep(e)
		}
	}
	return sweep(s.t, begin, visit, join)
}

func (p Part) takes(m *Measure, v verdict) bool {
	switch p {
	case PartNumerator:
		return v == hit
	case PartAll:
		return v == hit || v == miss || v == leftOut && m.Of == ItemCases && m.shape == plain && m.judge != nil
	case PartDenominator:
	}
	return v == hit || v == miss
}

// outside is the verdict on an item that is not of the period at all.
const outside verdict = -1

// verdictOf is what the item that is looked at is to the measure, and its value if it has one.
func (s *scope) verdictOf(m *Measure, x *look, part Part) (verdict, int64) {
	in := s.in(x.r)
	if m.shape == flow {
		at := x.r.firstResolved
		resolved := x.done(at) && at >= s.from && at < s.until
		if part == PartNumerator {
			return hitOr(resolved, leftOut), 0
		}
		return missOr(in, leftOut), 0
	}
	switch {
	case !in:
		return outside, 0
	case m.shape == perVolume:
		return hitOr(s.covers(m.volume, x.r, s.from, s.until), leftOut), 0
	case m.bit >= 0 && x.cut >= x.r.holds:
		return byMask(x.r, m.bit), 0
	case m.judge != nil:
		return m.judge(x), 0
	case m.value != nil:
		v, is := m.value(x)
		return hitOr(is, leftOut), v
	case m.Unit == UnitMoney && x.r.flags.is(isPaid):
		return hit, s.t.money[x.slot].minor
	}
	return leftOut, 0
}

// byMask is the verdict on a case as the masks of its row say.
func byMask(r *row, bit int) verdict {
	if r.den>>bit&1 == 0 {
		return leftOut
	}
	return hitIf(r.num>>bit&1 != 0)
}

func hitOr(is bool, other verdict) verdict {
	if is {
		return hit
	}
	return other
}

func missOr(is bool, other verdict) verdict {
	if is {
		return miss
	}
	return other
}

func (s *scope) page(l *top, limit int) Page {
	m := &s.measures[0]
	p := Page{Measure: *m, Total: l.total}
	if len(l.first) > limit {
		l.first = l.first[:limit]
		p.Next = l.first[limit-1].cursor()
	}
	for i := range l.first {
		p.Items = append(p.Items, s.item(m, &l.first[i]))
	}
	return p
}

func (s *scope) item(m *Measure, e *entry) Item {
	r := s.t.row(e.slot)
	i := Item{
		CaseID: s.t.tell(r.id), Number: s.t.numberOf(e.slot, r), Cycle: int(e.cycle), Kind: m.Of, ReceivedAt: instant(r.received),
		Counts: e.verdict != leftOut, Hit: e.verdict == hit, Ref: s.t.ref(m.Of, r, int(e.nth)),
	}
	if m.judge == nil && i.Counts {
		i.Value = new(float64(e.value) / float64(m.scale()))
	}
	return i
}

// ref names an item that is more than a case and a cycle.
func (t *Table) ref(of Items, r *row, nth int) string {
	switch of {
	case ItemAlerts:
		return t.tell(t.alarms.of(r.alerts)[nth].id)
	case ItemStays:
		return instant(t.stays.of(r.stays)[nth].from).Format(time.RFC3339Nano)
	case ItemLevers:
		v := t.levers.of(r.used)[nth]
		return strconv.FormatInt(v.seq, 10) + "/" + string(models.LeverKinds()[v.kind])
	case ItemCases, ItemAnswers, ItemCycles, ItemCustomers:
	}
	return ""
}

// cursor names the place of an entry in its list.
func (a *entry) cursor() string {
	b := binary.BigEndian.AppendUint64(nil, uint64(a.received)) //nolint:gosec // back again below
	b = append(b, a.id[:]...)
	return base64.RawURLEncoding.EncodeToString(binary.BigEndian.AppendUint32(b, a.nth))
}

func readCursor(c string) (*entry, error) {
	if c == "" {
		return nil, nil //nolint:nilnil // from the beginning
	}
	b, err := base64.RawURLEncoding.DecodeString(c)
	if err != nil || len(b) != 28 {
		return nil, models.Invalid("/cursor", "this is no cursor of ours")
	}
	e := entry{received: int64(binary.BigEndian.Uint64(b)), id: ident(b[8:24]), nth: binary.BigEndian.Uint32(b[24:])} //nolint:gosec // as written
	return &e, nil
}

// Matching lists the ids of all cases of a query's period, filters and visibility, the oldest first: those too
// that no figure counts. By department and person they are of those who have them now.
func (t *Table) Matching(q Query) (ids []string, err error) {
	t.read(func() { ids, err = t.matching(q, func(*scope, *row) bool { return true }) })
	return ids, err
}

// MatchingReal is Matching without samples as soon as one real case is on record.
func (t *Table) MatchingReal(q Query) (ids []string, err error) {
	t.read(func() {
		ids, err = t.matching(q, func(s *scope, r *row) bool { return r.flags.is(isSample) == s.samples })
	})
	return ids, err
}

func (t *Table) matching(q Query, wanted func(*scope, *row) bool) ([]string, error) {
	s, err := t.ready(q)
	if err != nil {
		return nil, err
	}
	x := look{t: t}
	var found []entry
	t.each(func(slot uint32, r *row) {
		x.r = r
		if s.in(r) && wanted(s, r) && s.names(slot, r) && s.mine(r, x.ownerOf(WhoseNow, 0)) {
			found = append(found, entry{received: r.received, id: r.id})
		}
	})
	slices.SortFunc(found, func(a, b entry) int { return a.compare(&b) })
	ids := make([]string, len(found))
	for i := range found {
		ids[i] = t.tell(found[i].id)
	}
	return ids, nil
}
