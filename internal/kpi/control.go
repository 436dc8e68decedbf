package kpi

import (
	"math"
	"time"

	"recourse/internal/stats"
	"recourse/models"
)

// Control is a figure as a control chart: step by step, with the limits between which it lies while nothing out
// of the ordinary happens.
type Control struct {
	Measure
	Step    Step
	Buckets []Bucket
	Values  []Value
	Whole   []bool      // the bucket is a whole step, over, and not before the record begins: else it is not judged
	Judged  int         // buckets that are whole and have something to count: the limits are made of them
	Chart   stats.Chart // a point for each bucket; those that are not judged are Empty
}

// ControlledFrom is how many points limits are made of at least: as many as the longest of the rules looks at.
// Below, a chart has none.
const ControlledFrom = 8

// PreliminaryBelow is below how many points limits are preliminary, as Shewhart and Wheeler have it.
const PreliminaryBelow = 20

// Control answers one measure of a query as a control chart. Money has none: each currency is by itself.
func (t *Table) Control(q Query, key string, step Step) (c Control, err error) {
	t.read(func() { c, err = t.control(q, key, step) })
	return c, err
}

func (t *Table) control(q Query, key string, step Step) (Control, error) {
	q.Measures = []string{key}
	tr, err := t.trend(q, step)
	if err != nil {
		return Control{}, err
	}
	if !tr.Series[0].Controlled() {
		return Control{}, models.Invalid("/kpi", tr.Series[0].Key+" is money: each currency is by itself, and has no control chart")
	}
	c := Control{Measure: tr.Series[0].Measure, Step: step, Buckets: tr.Buckets, Values: tr.Series[0].Values}
	s, err := t.ready(q)
	if err != nil {
		return Control{}, err
	}
	begins := t.begins(s)
	var at []int // the buckets that are judged
	for i, b := range c.Buckets {
		c.Whole = append(c.Whole, step.whole(b, s.zone) && b.Until.UnixMicro() <= s.cut && b.Until.UnixMicro() > begins)
		if c.Whole[i] && c.Values[i].Value != nil {
			at = append(at, i)
		}
	}
	c.Judged = len(at)
	c.chart(at)
	return c, nil
}

// begins is when the first case on record was received, whoever may see it: before, nothing was counted, which is
// not the same as counting none.
func (t *Table) begins(s *scope) int64 {
	first := s.until
	t.each(func(_ uint32, r *row) {
		if r.flags.is(isSample) == s.samples {
			first = min(first, r.received)
		}
	})
	return first
}

// whole says whether a bucket is as long as its step, and not cut off where the period is.
func (s Step) whole(b Bucket, zone *time.Location) bool {
	from := s.begin(b.From.In(zone))
	return from.Equal(b.From) && s.next(from).Equal(b.Until)
}

// Controlled says whether the measure has a control chart.
func (m Measure) Controlled() bool { return m.Unit != UnitMoney }

// charted is which chart fits the measure: shares of what is counted have limits by how many there are, counts
// over a volume by its size; all else lies as far from its mean as it usually moves.
func (m Measure) charted() stats.ChartKind {
	switch {
	case m.shape == perVolume:
		return stats.ChartU
	case m.Unit == UnitRatio && m.weight == nil && (m.shape == plain || m.shape == customers):
		return stats.ChartP
	}
	return stats.ChartXmR
}

// chart charts the values of some buckets, and makes empty points of the others.
func (c *Control) chart(at []int) {
	var found stats.Chart
	hits, of, sizes, values := make([]int, len(at)), make([]int, len(at)), make([]float64, len(at)), make([]float64, len(at))
	for i, b := range at {
		v := c.Values[b]
		hits[i], of[i], sizes[i], values[i] = int(v.Numerator), int(v.Denominator), float64(v.Denominator), *v.Value
	}
	switch c.charted() {
	case stats.ChartU:
		found = stats.U(hits, sizes, 0)
	case stats.ChartP:
		found = stats.P(hits, of, 0)
	case stats.ChartXmR:
		found = stats.XmR(values, 0)
	}
	c.Chart = stats.Chart{Kind: found.Kind, Center: found.Center, Points: empty(len(c.Buckets))}
	if found.Ranges != nil {
		c.Chart.Ranges = empty(len(c.Buckets))
	}
	for i, b := range at {
		p := c.within(found.Points[i])
		if c.Judged < ControlledFrom {
			c.Chart.Points[b] = stats.Point{Value: p.Value, Center: p.Center}
			continue
		}
		c.Chart.Points[b] = p
		if found.Ranges != nil {
			c.Chart.Ranges[b] = found.Ranges[i]
		}
	}
}

func empty(n int) []stats.Point {
	points := make([]stats.Point, n)
	for i := range points {
		points[i].Empty = true
	}
	return points
}

// within cuts limits off where no value can be.
func (c *Control) within(p stats.Point) stats.Point {
	if c.Unit == UnitNPS {
		p.Lower, p.Upper = max(-100, p.Lower), min(100, p.Upper)
		return p
	}
	p.Lower = max(0, p.Lower)
	if c.Unit == UnitRatio && c.shape != flow && c.shape != perVolume {
		p.Upper = min(1, p.Upper)
	}
	return p
}

// Limits says whether the chart has limits: there are enough points, and they are not all the same.
func (c *Control) Limits() bool {
	for _, p := range c.Chart.Points {
		if p.Sigma > 0 {
			return true
		}
	}
	return false
}

// Jumped says whether a single value lies further from the one before than chance has it, and did not merely come
// back: of both, it lies further from the centre.
func (c *Control) Jumped(i int) bool {
	if c.Chart.Ranges == nil || len(c.Chart.Ranges[i].Rules) == 0 {
		return false
	}
	before := i - 1
	for c.Chart.Points[before].Empty {
		before--
	}
	off := func(p stats.Point) float64 { return math.Abs(p.Value - c.Chart.Center) }
	return off(c.Chart.Points[i]) >= off(c.Chart.Points[before])
}

// Thin says whether most points of a chart of shares are made of so few items that not even one is to be expected
// in the rarer of both parts: its limits are rough then.
func (c *Control) Thin() bool {
	thin, rarer := 0, min(c.Chart.Center, 1-c.Chart.Center)
	for i, p := range c.Chart.Points {
		if !p.Empty && float64(c.Values[i].Denominator)*rarer < 1 {
			thin++
		}
	}
	return c.Chart.Kind == stats.ChartP && 2*thin > c.Judged
}
