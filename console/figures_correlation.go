package console

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"recourse/internal/kpi"
	"recourse/models"
)

// correlationPage is whether two figures go together, case by case.
type correlationPage struct {
	figuresFrame

	X, Y       card
	Xs, Ys     []choiceOf
	Swap       string // address with both in each other's place
	Found      string // in words
	Facts      []fact
	Chart      chart
	Cases      *chart // those of the cell that is asked for
	CasesTotal int64
	CasesLeft  int64
	Back       string // address without a cell
}

// usualX and usualY are the figures set against each other where the address names none: do those who wait longer
// like the result less?
const usualX, usualY = "resolution_time", "csat"

// mostPoints is up to how many cases are drawn one by one; more are counted by where they lie.
const mostPoints = 300

func (c *console) correlationPage(v *visit) error {
	a, err := c.readAsking(v.r.URL.Query())
	if err != nil {
		return v.sorryFigures(err)
	}
	a.X, a.Y, a.Kpis, a.By, a.And, a.Step = cmp.Or(a.X, usualX), cmp.Or(a.Y, usualY), nil, "", "", ""
	x, err := c.pairable("/x", a.X)
	if err != nil {
		return v.sorryFigures(err)
	}
	y, err := c.pairable("/y", a.Y)
	if err != nil {
		return v.sorryFigures(err)
	}
	cell, err := cellOf(a.Cell)
	if err != nil {
		return v.sorryFigures(err)
	}
	table, q, err := c.figures(v, a, x.ID(), y.ID())
	if err != nil {
		return v.sorryFigures(err)
	}
	s, err := table.Summary(q)
	if err != nil {
		return v.sorryFigures(err)
	}
	found, err := table.Scatter(q, x.ID(), y.ID(), cell, mostPoints)
	if err != nil {
		return v.sorryFigures(err)
	}
	p := correlationPage{X: v.card(a, s.Answers[0]), Y: v.card(a, s.Answers[1])}
	if p.figuresFrame, err = c.figuresFrame(v, a, table, q); err != nil {
		return v.sorryFigures(err)
	}
	p.Back, p.Swap = a.at(p.Path), a.at(p.Path, "x", a.Y, "y", a.X)
	for _, m := range kpi.Measures() {
		if m.Pairable() {
			p.Xs = append(p.Xs, choiceOf{m.Key, v.say(m.Title), m.Key == x.Key})
			p.Ys = append(p.Ys, choiceOf{m.Key, v.say(m.Title), m.Key == y.Key})
		}
	}
	p.Found, p.Facts = v.together(found.Correlation), v.correlationFacts(found.Correlation)
	switch {
	case cell != nil:
		listed := v.pairsChart("cell", found)
		p.Cases, p.CasesTotal, p.CasesLeft = &listed, found.Total, found.Total-int64(len(found.Pairs))
		fallthrough
	case found.N > mostPoints, !drawnAsPoints(x), !drawnAsPoints(y):
		p.Chart = v.cellsChart(a, found)
	default:
		p.Chart = v.pairsChart("together", found)
		p.Chart.Kind = "scatter"
	}
	return v.show("figures_correlation", p)
}

// pairable finds a figure that single cases have.
func (c *console) pairable(at, key string) (kpi.Measure, error) {
	m, err := kpi.Find(key)
	if err != nil || !m.Pairable() {
		return m, models.Invalid(at, fmt.Sprintf("%q is no figure of single cases", key))
	}
	return m, nil
}

// cellOf reads which cell of the chart an address asks for: its column and row, from 0.
func cellOf(says string) (*kpi.CellOf, error) {
	if says == "" {
		return nil, nil //nolint:nilnil // none is asked for
	}
	var cell kpi.CellOf
	if n, err := fmt.Sscanf(says, "%d,%d", &cell.X, &cell.Y); err != nil || n != 2 || says != fmt.Sprintf("%d,%d", cell.X, cell.Y) {
		return nil, models.Invalid("/cell", fmt.Sprintf("%q is no cell of the chart", says))
	}
	return &cell, nil
}

// drawnAsPoints says whether cases differ enough by a figure to be drawn one by one.
func drawnAsPoints(m kpi.Measure) bool { return m.Unit == kpi.UnitDuration || m.Unit == kpi.UnitCount }

// together says in words whether two figures go together: by ranks, which no single long case moves.
func (v *visit) together(c kpi.Correlation) string {
	if c.Spearman == nil || c.N < 4 {
		return v.Say("correlation.nothing", "n", c.N)
	}
	r, low, high := *c.Spearman, c.RankInterval.Low, c.RankInterval.High
	if low <= 0 && high >= 0 {
		return v.Say("correlation.chance", "n", c.N)
	}
	key := "weak"
	switch size := math.Abs(r); {
	case size >= 0.5:
		key = "strong"
	case size >= 0.3:
		key = "fair"
	}
	way := map[bool]string{true: "correlation.same", false: "correlation.opposite"}[r > 0]
	return v.Say(way, "n", c.N, "x", v.say(c.X.Title), "y", v.say(c.Y.Title), "strength", v.Say("correlation."+key))
}

func (v *visit) correlationFacts(c kpi.Correlation) (facts []fact) {
	facts = append(facts, fact{v.Say("correlation.n"), v.Number(c.N)})
	for _, one := range []struct {
		key      string
		r        *float64
		interval *kpi.Interval
	}{{"spearman", c.Spearman, c.RankInterval}, {"pearson", c.Pearson, c.Interval}} {
		says := v.Say("correlation.undefined")
		if one.r != nil {
			says = v.Say("correlation.r", "r", v.signed(*one.r), "low", v.signed(one.interval.Low), "high", v.signed(one.interval.High))
		}
		facts = append(facts, fact{v.Say("correlation." + one.key), says})
	}
	return facts
}

// signed writes a coefficient with two digits and its sign.
func (v *visit) signed(r float64) string {
	sign := "+"
	if r = math.Round(100*r) / 100; r < 0 {
		sign = "−"
	}
	if r == 0 {
		sign = ""
	}
	return sign + v.Number(sprint2(math.Abs(r)))
}

// pairSays writes what a case has of a figure.
func (v *visit) pairSays(m kpi.Measure, n float64) string {
	switch {
	case m.Unit == kpi.UnitDuration:
		return v.lasting(n)
	case m.Valued():
		return v.plainNumber(n)
	}
	return capital(v.Say(map[bool]string{true: "queue.yes", false: "queue.no"}[n > 0]))
}

// pairsChart lists cases with what they have of both figures.
func (v *visit) pairsChart(id string, found kpi.Scatter) chart {
	c := chart{ID: id, Title: v.Say("correlation.cases"), Heads: []chartHead{
		{Says: v.Say("queue.number")},
		{v.say(found.X.Title), cmp.Or(axis(found.X), "plain")},
		{v.say(found.Y.Title), cmp.Or(axis(found.Y), "plain")},
	}}
	for _, p := range found.Pairs {
		row := chartRow{Says: p.Number, Path: "/cases/" + p.Number}
		for _, one := range []struct {
			m kpi.Measure
			n float64
		}{{found.X, p.X}, {found.Y, p.Y}} {
			row.Cells = append(row.Cells, chartCell{N: asDrawn(&one.n), Says: v.pairSays(one.m, one.n)})
		}
		c.Rows = append(c.Rows, row)
	}
	return c
}

// cellsChart counts cases by where they lie, the highest of Y above.
func (v *visit) cellsChart(a asking, found kpi.Scatter) chart {
	x, y := v.say(found.X.Title), v.say(found.Y.Title)
	c := chart{ID: "together", Title: v.Say("correlation.by", "x", x, "y", y), Kind: "heat", Note: []string{v.Say("correlation.axes", "x", x, "y", y)}, Heads: []chartHead{{Says: v.Say("correlation.corner", "x", x, "y", y)}}}
	name := func(m kpi.Measure, b kpi.Bin) string {
		if !m.Valued() {
			return v.pairSays(m, b.From)
		}
		return v.binName(m, b)
	}
	for _, b := range found.XBins {
		c.Heads = append(c.Heads, chartHead{Says: name(found.X, b)})
	}
	for i, b := range slices.Backward(found.YBins) {
		row := chartRow{Says: name(found.Y, b)}
		for j, n := range found.Counts[i] {
			cell := chartCell{N: whole(n), Says: v.Number(n)}
			if n > 0 {
				cell.Path = a.at("/figures/correlation", "cell", fmt.Sprintf("%d,%d", j, i)) + "#cases"
			}
			row.Cells = append(row.Cells, cell)
		}
		c.Rows = append(c.Rows, row)
	}
	return c
}
