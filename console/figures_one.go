package console

import (
	"cmp"
	"slices"
	"strings"

	"recourse/internal/kpi"
)

// figurePage is one figure in depth.
type figurePage struct {
	figuresFrame

	Card       card
	Measure    kpi.Measure
	Definition []fact
	Numerator  string // how its parts are headed
	Cases      string // address of the cases behind it
	Steps      []link
	Trend      *chart
	By, And    []choiceOf
	ByTitle    string
	Parts      *chart
	Left       int // values that are not shown, because there are too many
	Pareto     *chart
	Spread     *chart
	Lies       []fact // percentiles, and what else says how the values lie
	Cross      *chart
}

// choiceOf is one of several, in a form.
type choiceOf struct {
	Value, Says string
	Here        bool
}

// usualBy is the dimension that a figure is broken down by where the address names none.
const usualBy = kpi.ByDepartment

// mostBars is how many values of a dimension are drawn and listed: those of which most is counted. The file has all.
const mostBars = 30

func (c *console) figurePage(v *visit) error {
	a, err := c.readAsking(v.r.URL.Query())
	if err != nil {
		return v.sorryFigures(err)
	}
	m, err := kpi.Find(v.r.PathValue("kpi"))
	if err != nil {
		return v.sorryFigures(err)
	}
	a.By, a.Kpis = cmp.Or(a.By, usualBy), nil
	if a.And == a.By {
		a.And = ""
	}
	table, q, err := c.figures(v, a, m.ID())
	if err != nil {
		return v.sorryFigures(err)
	}
	p := figurePage{Measure: m, Definition: v.definition(m), Cases: a.at("/figures/"+keyOf(m)+"/cases", "step", "", "by", "", "and", "")}
	if p.figuresFrame, err = c.figuresFrame(v, a, table, q); err != nil {
		return v.sorryFigures(err)
	}
	known, err := c.company(v)
	if err != nil {
		return err
	}
	for _, fill := range []func(*visit, asking, *kpi.Table, kpi.Query, company) error{p.itself, p.trend, p.parts, p.pareto, p.spread, p.cross} {
		if err := fill(v, a, table, q, known); err != nil {
			return v.sorryFigures(err)
		}
	}
	return v.show("figure", p)
}

// keyOf is how an address names a measure: a retired one with its version.
func keyOf(m kpi.Measure) string {
	if m.Retired {
		return m.ID()
	}
	return m.Key
}

func (p *figurePage) itself(v *visit, a asking, table *kpi.Table, q kpi.Query, _ company) error {
	s, err := table.Summary(q)
	if err != nil {
		return err
	}
	p.Card = v.card(a, s.Answers[0])
	return nil
}

func (p *figurePage) trend(v *visit, a asking, table *kpi.Table, q kpi.Query, _ company) error {
	t, err := table.Trend(q, a.step())
	if err != nil {
		return err
	}
	one := v.trendCharts(a, t)[0]
	p.Trend, p.Steps = &one, stepLinks(a, p.Path)
	return nil
}

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
	rows := p.most(b.Rows)
	m := b.Measures[0]
	c := chart{ID: "parts", Title: v.Say("figures.parts", "by", p.ByTitle), Unit: axis(m), Lying: true, Heads: []chartHead{{Says: p.ByTitle}}}
	currencies := currenciesOf(b.Total[0])
	if m.Unit == kpi.UnitMoney {
		for _, currency := range currencies {
			c.Heads = append(c.Heads, chartHead{currency, "bar"})
		}
	} else {
		c.Heads = append(c.Heads, chartHead{v.say(m.Title), "bar"})
	}
	for _, row := range rows {
		behind := a.with("/figures/"+keyOf(m)+"/cases", string(a.By), row.Keys[0])
		line := chartRow{Says: v.valueName(a.By, row.Keys[0], known), Path: behind}
		if m.Unit == kpi.UnitMoney {
			for _, currency := range currencies {
				line.Cells = append(line.Cells, v.moneyCell(row.Values[0].Money, currency, behind))
			}
		} else {
			line.Cells = append(line.Cells, v.cellOf(m, row.Values[0], ""))
		}
		c.Rows = append(c.Rows, line)
	}
	if !m.Additive() {
		c.Note = append(c.Note, v.Say("figures.not_additive"))
	}
	p.Parts = &c
	return nil
}

func currenciesOf(total kpi.Value) (all []string) {
	for _, money := range total.Money {
		all = append(all, money.Currency)
	}
	return all
}

// most are the rows of which most is counted, where there are too many to be seen; they keep their order.
func (p *figurePage) most(rows []kpi.Row) []kpi.Row {
	if len(rows) <= mostBars {
		return rows
	}
	p.Left = len(rows) - mostBars
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, func(a, b kpi.Row) int { return cmp.Compare(b.Values[0].N, a.Values[0].N) })
	return rows[:mostBars]
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
	c := chart{ID: "pareto", Title: v.Say("figures.pareto", "by", p.ByTitle), Heads: []chartHead{
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

// spread draws how the values lie, of what is no share of yes and no.
func (p *figurePage) spread(v *visit, _ asking, table *kpi.Table, q kpi.Query, _ company) error {
	if !p.Measure.Valued() {
		return nil
	}
	d, err := table.Distribution(q, p.Measure.ID())
	if err != nil {
		return err
	}
	c := chart{ID: "spread", Title: v.Say("figures.spread_title"), Heads: []chartHead{{Says: v.Say("figures.value")}, {v.Say("figures.how_many"), "bar"}}}
	for _, bin := range trimmed(d.Bins) {
		c.Rows = append(c.Rows, chartRow{Says: v.binName(p.Measure, bin), Cells: []chartCell{{N: whole(bin.N), Says: v.Number(bin.N)}}})
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

// mostCrossed is how many values each side of a cross table shows.
const mostCrossed = 15

// mostOf are the keys of the rows of which most is counted, and how many are left out; all keep their order.
func mostOf(rows []kpi.Row, most int) (keys []string, left int) {
	if left = max(0, len(rows)-most); left > 0 {
		rows = slices.Clone(rows)
		slices.SortStableFunc(rows, func(a, b kpi.Row) int { return cmp.Compare(b.Values[0].N, a.Values[0].N) })
		rows = rows[:most]
	}
	for _, row := range rows {
		keys = append(keys, row.Keys[0])
	}
	return keys, left
}

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
		var left int
		if keys[side], left = mostOf(one.Rows, mostCrossed); left > 0 {
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

// definition lists what a figure is, in the reader's language.
func (v *visit) definition(m kpi.Measure) (all []fact) {
	add := func(key, says string) {
		if says != "" {
			all = append(all, fact{v.Say("figures.def_" + key), says})
		}
	}
	add("population", v.say(m.Population))
	if m.Rate() || m.Unit == kpi.UnitNPS {
		add("numerator", v.say(m.Numerator))
		add("denominator", v.say(m.Denominator))
	} else {
		add("measured", v.say(m.Numerator))
		add("of", v.say(m.Denominator))
	}
	add("from", v.say(m.From))
	add("to", v.say(m.To))
	if m.Kind != kpi.KindNone {
		add("kind", v.Say("figures.kind_"+string(m.Kind)))
	}
	add("cycle", v.Say("figures.cycle_"+string(m.Cycle)))
	add("items", v.Say("figures.items_"+string(m.Of)))
	add("whose", v.Say("figures.whose_"+string(m.Whose)))
	if m.Target != 0 {
		add(strings.TrimPrefix(targetKey(m), "figures."), v.unitSays(m.Unit, m.Target))
	}
	add("better", v.Say("figures.better_"+cmp.Or(string(m.Better), "neither")))
	add("version", m.ID())
	return all
}
