package kpi

import (
	"slices"

	"recourse/models"
)

// Distribution is how the values of a measure lie. Bins never depend on the data, so that two can be compared.
type Distribution struct {
	Measure
	N           int64
	Stats       *Stats // nil when nothing counts
	Percentiles []Percentile
	Bins        []Bin
}

// Percentile is the value at or below which so many percent of the values lie.
type Percentile struct {
	Percent int
	Value   float64
}

// Bin is how many values lie at or above From and below Until; nil: there is no end. Durations in seconds.
type Bin struct {
	From  float64
	Until *float64
	N     int64
}

// percents are the percentiles that a distribution tells.
var percents = []int{5, 25, 50, 75, 90, 95, 99}

// Distribution answers how the values of one measure lie: of a duration or a count, or the scores of a share
// of answers.
func (t *Table) Distribution(q Query, key string) (d Distribution, err error) {
	t.read(func() { d, err = t.distribution(q, key) })
	return d, err
}

func (t *Table) distribution(q Query, key string) (Distribution, error) {
	q.Measures = []string{key}
	s, err := t.ready(q)
	if err != nil {
		return Distribution{}, err
	}
	m := s.measures[0]
	valued, is := m.valued()
	if !is {
		return Distribution{}, m.spreadless()
	}
	s.measures[0] = valued
	c := s.cell(s.count(func(*row, int64, owner) (uint64, bool) { return 0, true })[0])[0]
	d := Distribution{Measure: m, N: c.n}
	values := c.moments()
	d.Stats = values.stats(valued.scale())
	for _, p := range percents {
		if c.n > 0 {
			d.Percentiles = append(d.Percentiles, Percentile{p, quantile(values.values, p, float64(valued.scale()))})
		}
	}
	slices.Sort(values.values)
	d.Bins = binned(edges(valued), float64(valued.scale()), values.values)
	return d, nil
}

// spreadless refuses to tell how the values of a measure lie that has none to tell of.
func (m Measure) spreadless() error {
	switch {
	case m.Unit == UnitMoney:
		return models.Invalid("/kpi", m.Key+" is money: each currency is added up by itself, and has no distribution")
	case !m.Pairable():
		return models.Invalid("/kpi", m.Key+" says nothing of single cases")
	}
	return models.Invalid("/kpi", m.Key+" is a share: its values are yes and no, and have no distribution")
}

// valued is the measure whose items have values: the measure itself, or the scores behind a share of answers.
func (m Measure) valued() (Measure, bool) {
	switch {
	case m.value != nil:
		return m, true
	case m.Unit == UnitNPS:
		m.value = func(x *look) (int64, bool) {
			return int64(x.a.recommend), x.a.recommend >= 0 && x.done(x.a.answered)
		}
	case m.score != nil:
		of := m.score
		m.value = func(x *look) (int64, bool) {
			return int64(of(x.a)), of(x.a) > 0 && x.done(x.a.answered)
		}
	default:
		return m, false
	}
	m.judge, m.weight, m.shape, m.Unit = nil, nil, plain, unitScore
	return m, true
}

// unitScore is the unit of the scores behind a share.
const unitScore Unit = "score"

const hour = 3600 * 1e6

// edges are where bins begin, in the values that are kept.
func edges(m Measure) []int64 {
	if m.Unit == UnitDuration {
		hours := []int64{0, 1, 2, 4, 8, 12, 24, 36, 48, 72, 120, 168, 240, 336, 504, 720, 1440, 2160, 4320, 8760}
		for i := range hours {
			hours[i] *= hour
		}
		return hours
	}
	switch {
	case m.Unit == UnitCount:
		return []int64{0, 1, 2, 3, 4, 5, 6, 11, 21}
	case m.Key == "nps":
		return []int64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	}
	return []int64{1, 2, 3, 4, 5}
}

// binned counts sorted values by bins that begin at some of them; so many of what is kept make one of what is told.
func binned(from []int64, by float64, sorted []int64) []Bin {
	bins := make([]Bin, len(from))
	at := 0
	for i := range from {
		bins[i].From = float64(from[i]) / by
		if i+1 < len(from) {
			bins[i].Until = new(float64(from[i+1]) / by)
		}
		for at < len(sorted) && (i+1 == len(from) || sorted[at] < from[i+1]) {
			bins[i].N++
			at++
		}
	}
	return bins
}

// Valued says whether the items of a measure have values, and with them a distribution.
func (m Measure) Valued() bool {
	_, is := m.valued()
	return is
}

// Bins are the bins of a measure's distribution, which hold nothing yet.
func Bins(m Measure) []Bin {
	valued, _ := m.valued()
	return binned(edges(valued), float64(valued.scale()), nil)
}
