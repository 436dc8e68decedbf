package kpi

import (
	"cmp"
	"slices"

	"recourse/models"
)

// Pareto is what a dimension's values contribute to a measure, the most first.
type Pareto struct {
	Measure
	By    Dimension
	Total float64
	Rows  []ParetoRow
}

// ParetoRow is one value's part. The first fifth of the values, rounded up, are marked: they come first when
// processes are made anew.
type ParetoRow struct {
	Key                       string
	Amount, Share, Cumulative float64
	First                     bool
}

// Pareto answers which values of a dimension contribute most to a measure: of a rate the items in the
// numerator, of anything else the sum. Money has no sum over currencies and is refused.
func (t *Table) Pareto(q Query, key string, by Dimension) (Pareto, error) {
	q.Measures = []string{key}
	b, err := t.Breakdown(q, by)
	if err != nil {
		return Pareto{}, err
	}
	p := Pareto{Measure: b.Measures[0], By: by}
	if p.Unit == UnitMoney || p.Unit == UnitNPS {
		return Pareto{}, models.Invalid("/kpi", p.Key+" cannot be added up")
	}
	for _, r := range b.Rows {
		if amount := amountOf(p.Measure, r.Values[0]); amount > 0 {
			p.Rows = append(p.Rows, ParetoRow{Key: r.Keys[0], Amount: amount})
		}
	}
	slices.SortFunc(p.Rows, func(a, b ParetoRow) int { return cmp.Or(cmp.Compare(b.Amount, a.Amount), cmp.Compare(a.Key, b.Key)) })
	for _, r := range p.Rows {
		p.Total += r.Amount
	}
	so := 0.0
	for i := range p.Rows {
		r := &p.Rows[i]
		so += r.Amount
		r.Share, r.Cumulative, r.First = r.Amount/p.Total, so/p.Total, i < (len(p.Rows)+4)/5
	}
	return p, nil
}

func amountOf(m Measure, v Value) float64 {
	switch {
	case m.Rate():
		return float64(v.Hits)
	case v.Stats != nil:
		return v.Stats.Sum
	}
	return 0
}
