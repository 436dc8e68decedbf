package console

import (
	"cmp"
	"slices"

	"recourse/internal/kpi"
)

// mostBars is how many values of a dimension are drawn and listed: those of which most is counted. The file has all.
const mostBars = 30

// parts draws a bar for each value of a dimension.
func (p *figurePage) parts(v *visit, a asking, table *kpi.Table, q kpi.Query, known company) error {
	for _, d := range dimensions() {
		p.By = append(p.By, choiceOf{string(d), v.dimensionName(d), d == a.By})
		p.And = append(p.And, choiceOf{string(d), v.dimensionName(d), d == a.And})
	}
	p.ByTitle = v.dimensionName(a.By)
	b, err := table.Breakdown(q, a.By)
	if err != nil {
		return err
	}
	m, rows := b.Measures[0], []kpi.Row(nil)
	rows, p.Left = mostOf(b.Rows, mostBars)
	c := chart{ID: "parts", Title: v.Say("figures.parts", "by", p.ByTitle), Unit: axis(m), Lying: true, Heads: []chartHead{{Says: p.ByTitle}}}
	series := v.seriesOf(m, b.Total[0])
	c.Heads = append(c.Heads, series...)
	for _, row := range rows {
		behind := a.with("/figures/"+keyOf(m)+"/cases", string(a.By), row.Keys[0])
		line := chartRow{Says: v.valueName(a.By, row.Keys[0], known), Path: behind}
		if m.Unit != kpi.UnitMoney {
			line.Cells = []chartCell{v.cellOf(m, row.Values[0], "")}
		} else {
			for _, currency := range series {
				line.Cells = append(line.Cells, v.moneyCell(row.Values[0].Money, currency.Says, behind))
			}
		}
		c.Rows = append(c.Rows, line)
	}
	if !m.Additive() {
		c.Note = append(c.Note, v.Say("figures.not_additive"))
	}
	p.Parts = &c
	return nil
}

// seriesOf are the bars of a measure: one, or of money one for each currency.
func (v *visit) seriesOf(m kpi.Measure, total kpi.Value) (heads []chartHead) {
	if m.Unit != kpi.UnitMoney {
		return []chartHead{{v.say(m.Title), "bar"}}
	}
	for _, money := range total.Money {
		heads = append(heads, chartHead{money.Currency, "bar"})
	}
	return heads
}

// mostOf are the rows of which most is counted, where there are too many to be seen, and how many are left out.
func mostOf(rows []kpi.Row, most int) (shown []kpi.Row, left int) {
	if len(rows) <= most {
		return rows, 0
	}
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, func(a, b kpi.Row) int { return cmp.Compare(b.Values[0].N, a.Values[0].N) })
	return rows[:most], len(rows) - most
}

// pareto draws which values contribute most, with what they come to together.
func (p *figurePage) pareto(v *visit, a asking, table *kpi.Table, q kpi.Query, known company) error {
	m := p.Measure
	if m.Unit == kpi.UnitMoney || m.Unit == kpi.UnitNPS || !m.Additive() || m.Better == kpi.BetterHigher {
		return nil // it cannot be added up, or nobody looks for those with the most of it
	}
	found, err := table.Pareto(q, m.ID(), a.By)
	if err != nil || len(found.Rows) < 2 {
		return err
	}
	c := chart{ID: "pareto", Named: true, Title: v.Say("figures.pareto", "by", p.ByTitle), Heads: []chartHead{
		{Says: p.ByTitle}, {v.say(m.Title), "bar"}, {v.Say("figures.together"), "share"}, {v.Say("figures.first"), "none"},
	}, Note: []string{v.Say("figures.pareto_says")}}
	if m.Unit == kpi.UnitDuration {
		c.Unit = string(m.Unit)
	}
	for _, row := range found.Rows[:min(len(found.Rows), mostBars)] {
		amount, so := row.Amount, row.Cumulative
		says := v.Number(int64(amount))
		if m.Unit == kpi.UnitDuration {
			says = v.lasting(amount)
		}
		first := ""
		if row.First {
			first = v.Say("queue.yes")
		}
		c.Rows = append(c.Rows, chartRow{
			Says: v.valueName(a.By, row.Key, known), Path: a.with("/figures/"+keyOf(m)+"/cases", string(a.By), row.Key, "part", string(kpi.PartNumerator)),
			Cells: []chartCell{{N: asDrawn(&amount), Says: says, Flag: row.First}, {N: asDrawn(&so), Says: v.share(so)}, {Says: first}},
		})
	}
	p.Pareto = &c
	return nil
}
