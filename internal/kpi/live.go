package kpi

import (
	"slices"
	"time"

	"recourse/models"
)

// Live is how the open cases stand now.
type Live struct {
	Cut     time.Time
	Samples bool
	All     LiveCount
	By      []LiveRow // the gravest first
}

// LiveCount counts open cases. A mystery shopper's is work as any other.
type LiveCount struct {
	Open    int64
	Soon    int64 // three quarters of the way to the bound that presses most are over
	Overdue int64 // that bound is past
	Paused  int64 // they wait for something
}

// LiveRow is the count of one severity.
type LiveRow struct {
	Severity models.Severity
	LiveCount
}

// Live counts the open cases that are visible at the data cut of a query, of those that its filters name, whenever they
// were received; by department and person they are of those who have them.
func (t *Table) Live(q Query) (l Live, err error) {
	q.From, q.Until = q.Cut, q.Cut.Add(1)
	t.read(func() { l, err = t.standing(q) })
	return l, err
}

func (t *Table) standing(q Query) (Live, error) {
	s, err := t.ready(q)
	if err != nil {
		return Live{}, err
	}
	l := Live{Cut: q.Cut, Samples: s.samples && len(t.slots) > 0}
	of := map[string]*LiveCount{}
	for _, severity := range slices.Backward(models.Severities()) {
		l.By = append(l.By, LiveRow{Severity: severity})
	}
	for i := range l.By {
		of[string(l.By[i].Severity)] = &l.By[i].LiveCount
	}
	x := look{t: t, cut: s.cut}
	for slot, now := range t.live {
		r := t.row(slot)
		x.r = r
		if r.flags.is(isSample) != s.samples || !s.names(slot, r) || !s.mine(r, x.ownerOf(WhoseNow, 0)) {
			continue
		}
		l.All.count(now, s.cut)
		if c := of[t.name(BySeverity, uint32(r.severity))]; c != nil {
			c.count(now, s.cut)
		}
	}
	return l, nil
}

func (c *LiveCount) count(now live, cut int64) {
	c.Open++
	switch {
	case now.due != none && now.due < cut:
		c.Overdue++
	case now.soon != none && now.soon <= cut:
		c.Soon++
	}
	if now.paused {
		c.Paused++
	}
}
