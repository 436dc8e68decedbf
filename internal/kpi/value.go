package kpi

import (
	"cmp"
	"maps"
	"slices"

	"recourse/internal/stats"
)

// Value is what came out for one measure in one cell. N items count and Hits of them are in the numerator: the
// lists behind the cell are just as long.
type Value struct {
	N, Hits                int64
	Numerator, Denominator int64     // of a rate: Hits and N, unless items weigh more or less than one
	Value                  *float64  // the rate, the mean in seconds, the sum of a count, the points; nil: nothing to divide by
	Interval               *Interval // 95 %, of rates of items and of NPS
	Stats                  *Stats    // of what is no rate; nil when nothing counts
	Money                  []Money   // of what is money, by currency
}

// Interval is where the truth lies with 95 % confidence.
type Interval struct{ Low, High float64 }

// Stats describes values; durations in seconds. Quantiles are exact, by nearest rank; the median of an even
// number of values is the mean of the two in the middle. SD is of a sample (n−1); 0 of a single value.
type Stats struct{ Mean, SD, Min, Max, Median, P90, Sum float64 }

// Money is an amount in one currency.
type Money struct {
	Currency     string
	Cases, Minor int64
}

// tally is what is counted for one measure in one cell.
type tally struct {
	n, hits, num, den int64
	more              *moments
	money             map[uint32]Money
	customers         []uint32 // one for each of their cases
}

// add counts an item, and says whether it counted and was a hit.
func (c *tally) add(m *Measure, x *look) {
	switch {
	case m.shape == customers:
		if x.r.customer != 0 {
			c.customers = append(c.customers, x.t.survivor(x.r.customer))
		}
	case m.judge != nil:
		c.verdict(m, x, m.judge(x))
	case m.value != nil:
		if v, counts := m.value(x); counts {
			c.n++
			c.hits++
			c.moments().add(v)
		}
	case m.Unit == UnitMoney && x.r.flags.is(isPaid):
		c.pay(x.t.money[x.slot])
	}
}

func (c *tally) verdict(m *Measure, x *look, v verdict) {
	if v == leftOut {
		return
	}
	c.n++
	if v == hit {
		c.hits++
	}
	if m.weight != nil {
		part, whole := m.weight(x)
		c.num += part
		c.den += whole
	}
}

func (c *tally) moments() *moments {
	if c.more == nil {
		c.more = &moments{}
	}
	return c.more
}

func (c *tally) pay(given money) {
	if c.money == nil {
		c.money = map[uint32]Money{}
	}
	sum := c.money[given.currency]
	c.money[given.currency] = Money{Cases: sum.Cases + 1, Minor: sum.Minor + given.minor}
	c.n++
	c.hits++
}

func (c *tally) merge(o *tally) {
	c.n, c.hits, c.num, c.den = c.n+o.n, c.hits+o.hits, c.num+o.num, c.den+o.den
	if o.more != nil {
		c.moments().merge(o.more)
	}
	for currency, sum := range o.money {
		if c.money == nil {
			c.money = map[uint32]Money{}
		}
		mine := c.money[currency]
		c.money[currency] = Money{Cases: mine.Cases + sum.Cases, Minor: mine.Minor + sum.Minor}
	}
	c.customers = append(c.customers, o.customers...)
}

// figure is what a tally says for its measure.
func (t *Table) figure(m *Measure, c *tally) Value {
	switch {
	case m.shape == customers:
		return ofCustomers(c)
	case m.shape == composite:
		return composed(c)
	case m.Unit == UnitNPS:
		return net(c)
	case m.Unit == UnitMoney:
		return t.paid(c)
	case m.judge == nil:
		return measured(m, c)
	case m.weight != nil || m.shape == perVolume:
		return Value{N: c.n, Hits: c.hits, Numerator: c.num, Denominator: c.den, Value: share(c.num, c.den), Interval: spread(m, c)}
	case m.shape == flow:
		return Value{N: c.n, Hits: c.hits, Numerator: c.hits, Denominator: c.n, Value: share(c.hits, c.n)}
	}
	return proportion(c.hits, c.n)
}

func proportion(hits, n int64) Value {
	v := Value{N: n, Hits: hits, Numerator: hits, Denominator: n, Value: share(hits, n)}
	if n > 0 {
		low, high := stats.Wilson(int(hits), int(n))
		v.Interval = &Interval{low, high}
	}
	return v
}

func share(part, whole int64) *float64 {
	if whole == 0 {
		return nil
	}
	return new(float64(part) / float64(whole))
}

// spread is the interval of complaints per volume; weights have none.
func spread(m *Measure, c *tally) *Interval {
	if m.shape != perVolume || c.den == 0 {
		return nil
	}
	low, high := stats.Poisson(int(c.num))
	return &Interval{low / float64(c.den), high / float64(c.den)}
}

func ofCustomers(c *tally) Value {
	slices.Sort(c.customers)
	var n, more int64
	for i, who := range c.customers {
		switch {
		case i == 0 || c.customers[i-1] != who:
			n++
		case i == 1 || c.customers[i-2] != who: // their second
			more++
		}
	}
	return proportion(more, n)
}

// The parts of the composite: what customers say, and what our own inspection says.
const composedOfAnswers, composedOfInspections = 0.7, 0.3

func composed(c *tally) Value {
	v := Value{N: c.n, Hits: c.hits, Numerator: c.hits, Denominator: c.n}
	if c.n > 0 && c.den > 0 {
		v.Value = new(float64(composedOfAnswers*(*share(c.hits, c.n))) + float64(composedOfInspections*(*share(c.num, c.den))))
	}
	return v
}

func net(c *tally) Value {
	v := Value{N: c.n, Hits: c.hits, Numerator: c.num, Denominator: c.den}
	if c.n == 0 {
		return v
	}
	detractors := c.hits - c.num
	points, low, high := stats.NPS(int(c.hits), int(c.n-c.hits-detractors), int(detractors))
	v.Value, v.Interval = &points, &Interval{low, high}
	return v
}

func measured(m *Measure, c *tally) Value {
	v := Value{N: c.n, Hits: c.hits}
	if c.more != nil {
		v.Stats = c.more.stats(m.scale())
	}
	switch {
	case m.Unit == UnitCount:
		v.Value = new(0.0)
		if v.Stats != nil {
			v.Value = new(v.Stats.Sum)
		}
	case v.Stats != nil:
		v.Value = new(v.Stats.Mean)
	}
	return v
}

// scale is how many of what is kept make one of what is told: durations are told in seconds.
func (m *Measure) scale() int64 {
	if m.Unit == UnitDuration {
		return 1e6
	}
	return 1
}

func (t *Table) paid(c *tally) Value {
	v := Value{N: c.n, Hits: c.hits}
	for _, currency := range slices.Collect(maps.Keys(c.money)) {
		sum := c.money[currency]
		sum.Currency = t.currencies.names[currency]
		v.Money = append(v.Money, sum)
	}
	slices.SortFunc(v.Money, func(a, b Money) int { return cmp.Compare(a.Currency, b.Currency) })
	return v
}
