package kpi

import "slices"

// Trend is how measures went, part by part of a period.
type Trend struct {
	Step    Step
	Buckets []Bucket
	Series  []Series
}

// Series is one measure of a trend: a value for each bucket, zeros where nothing happened, and that of the whole period.
type Series struct {
	Measure
	Values []Value
	Total  Value
}

// Trend answers the measures of a query day by day, or by another step.
func (t *Table) Trend(q Query, step Step) (tr Trend, err error) {
	t.read(func() { tr, err = t.trend(q, step) })
	return tr, err
}

func (t *Table) trend(q Query, step Step) (Trend, error) {
	s, err := t.ready(q)
	if err != nil {
		return Trend{}, err
	}
	if s.buckets, err = Buckets(q.From, q.Until, s.zone, step); err != nil {
		return Trend{}, err
	}
	begins := make([]int64, len(s.buckets))
	for i, b := range s.buckets {
		begins[i] = b.From.UnixMicro()
	}
	cells := s.count(func(_ *row, at int64, _ owner) (uint64, bool) { return uint64(bucketOf(begins, at)), true }) //nolint:gosec // in the period
	tr := Trend{Step: step, Buckets: s.buckets}
	for i := range s.measures {
		tr.Series = append(tr.Series, t.series(s, i, cells))
	}
	return tr, nil
}

// bucketOf is the last bucket that begins at or before an instant of the period.
func bucketOf(begins []int64, at int64) int {
	i, is := slices.BinarySearch(begins, at)
	if is {
		return i
	}
	return i - 1
}

// series tells one measure in every bucket; a bucket's items are joined into the total once it was told.
func (t *Table) series(s *scope, i int, cells map[uint64][]tally) Series {
	m, total := &s.measures[i], tally{}
	out := Series{Measure: *m}
	for b := range s.buckets {
		c := &s.cell(cells[uint64(b)])[i]
		s.over(m, c, uint64(b), nil)
		out.Values = append(out.Values, t.figure(m, c))
		total.merge(c)
	}
	if m.shape == perVolume {
		total = s.whole(*m)
	}
	out.Total = t.figure(m, &total)
	return out
}

// whole counts a measure of the period at once. Complaints per volume need it: a volume of a month lies in none of its
// days, and counts all the same where the period holds it.
func (s *scope) whole(m Measure) tally {
	once := *s
	once.buckets, once.measures = nil, []Measure{m}
	c := once.cell(once.count(func(*row, int64, owner) (uint64, bool) { return 0, true })[0])[0]
	once.over(&m, &c, 0, nil)
	return c
}
