package console

import (
	"strconv"
	"strings"

	"recourse/internal/kpi"
)

// spread draws how the values lie, of what is no share of yes and no.
func (p *figurePage) spread(v *visit, a asking, table *kpi.Table, q kpi.Query, _ company) error {
	if !p.Measure.Valued() {
		return nil
	}
	d, err := table.Distribution(q, p.Measure.ID())
	if err != nil {
		return err
	}
	if s := d.Stats; s != nil && p.Measure.Unit == kpi.UnitCount && s.Min == s.Max {
		return nil // one by one: that they are counted says all
	}
	c := chart{ID: "spread", Title: v.Say("figures.spread_title"), Heads: []chartHead{{Says: v.Say("figures.value")}, {v.Say("figures.how_many"), "bar"}}}
	for i, bin := range trimmed(d.Bins) {
		cell := chartCell{N: whole(bin.N), Says: v.Number(bin.N), Path: binPath(a, p.Measure, i, bin.N)}
		c.Rows = append(c.Rows, chartRow{Says: v.binName(p.Measure, bin), Cells: []chartCell{cell}})
	}
	p.Spread = &c
	if d.Stats == nil {
		return nil
	}
	says := func(n float64) string {
		if p.Measure.Unit == kpi.UnitDuration {
			return v.lasting(n)
		}
		return v.Number(strings.TrimSuffix(sprint2(n), ".00"))
	}
	for _, one := range []struct {
		key string
		n   float64
	}{{"mean", d.Stats.Mean}, {"median", d.Stats.Median}, {"sd", d.Stats.SD}, {"min", d.Stats.Min}, {"max", d.Stats.Max}} {
		p.Lies = append(p.Lies, fact{v.Say("figures.stat_" + one.key), says(one.n)})
	}
	for _, one := range d.Percentiles {
		p.Lies = append(p.Lies, fact{v.Say("figures.percentile", "n", one.Percent), says(one.Value)})
	}
	return nil
}

// binPath is the address of the items in a bin of a distribution, from 0; empty where there are none.
func binPath(a asking, m kpi.Measure, i int, n int64) string {
	if n == 0 {
		return ""
	}
	return a.with("/figures/"+keyOf(m)+"/cases", "bin", strconv.Itoa(i+1))
}

// binSays is how people call a bin of a measure's distribution, from 1.
func (v *visit) binSays(m kpi.Measure, bin int) string { return v.binName(m, kpi.Bins(m)[bin-1]) }

// trimmed is bins without the empty ones at the end.
func trimmed(bins []kpi.Bin) []kpi.Bin {
	for len(bins) > 1 && bins[len(bins)-1].N == 0 {
		bins = bins[:len(bins)-1]
	}
	return bins
}

func (v *visit) binName(m kpi.Measure, b kpi.Bin) string {
	says := v.plainNumber
	if m.Unit == kpi.UnitDuration {
		says = v.lasting
	}
	switch {
	case b.Until == nil && (m.Unit == kpi.UnitRatio || m.Unit == kpi.UnitNPS): // the highest score
		return says(b.From)
	case b.Until == nil:
		return v.Say("figures.and_more", "from", says(b.From))
	case m.Unit != kpi.UnitDuration && *b.Until == b.From+1:
		return says(b.From)
	case b.From == 0:
		return v.Say("figures.less_than", "until", says(*b.Until))
	case m.Unit != kpi.UnitDuration:
		return v.Say("figures.from_until", "from", says(b.From), "until", says(*b.Until-1))
	}
	return v.Say("figures.from_until", "from", says(b.From), "until", says(*b.Until))
}
