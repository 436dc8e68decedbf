package console

import (
	"cmp"

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
	Control    *control // nil: it has none
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
	p.Files = downloads(a.about(keyOf(m)))
	known, err := c.company(v)
	if err != nil {
		return err
	}
	for _, fill := range []func(*visit, asking, *kpi.Table, kpi.Query, company) error{p.itself, p.trend, p.control, p.parts, p.pareto, p.spread, p.cross} {
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
