package console

import "recourse/internal/kpi"

// mostCrossed is how many values each side of a cross table shows.
const mostCrossed = 15

// cross draws two dimensions against each other.
func (p *figurePage) cross(v *visit, a asking, table *kpi.Table, q kpi.Query, known company) error {
	if a.And == "" || p.Measure.Unit == kpi.UnitMoney {
		return nil
	}
	b, err := table.Breakdown(q, a.By, a.And)
	if err != nil {
		return err
	}
	m, at := b.Measures[0], map[[2]string]kpi.Value{}
	for _, row := range b.Rows {
		at[[2]string{row.Keys[0], row.Keys[1]}] = row.Values[0]
	}
	c := chart{ID: "cross", Title: v.Say("figures.cross", "by", p.ByTitle, "and", v.dimensionName(a.And)), Kind: "heat", Unit: axis(m), Heads: []chartHead{{Says: p.ByTitle}}}
	var keys [2][]string
	for side, d := range []kpi.Dimension{a.By, a.And} {
		one, err := table.Breakdown(q, d)
		if err != nil {
			return err
		}
		shown, left := mostOf(one.Rows, mostCrossed)
		for _, row := range shown {
			keys[side] = append(keys[side], row.Keys[0])
		}
		if left > 0 {
			c.Note = append(c.Note, v.Say("figures.left", "n", left))
		}
	}
	for _, key := range keys[1] {
		c.Heads = append(c.Heads, chartHead{Says: v.valueName(a.And, key, known)})
	}
	for _, one := range keys[0] {
		row := chartRow{Says: v.valueName(a.By, one, known)}
		for _, other := range keys[1] {
			value, is := at[[2]string{one, other}]
			cell := chartCell{}
			if is {
				cell = v.cellOf(m, value, a.with("/figures/"+keyOf(m)+"/cases", string(a.By), one, string(a.And), other))
			}
			row.Cells = append(row.Cells, cell)
		}
		c.Rows = append(c.Rows, row)
	}
	p.Cross = &c
	return nil
}
