package console

import (
	"cmp"
	"slices"
	"strings"

	"recourse/internal/kpi"
)

// controlled is what a control chart is drawn of.
type controlled struct {
	ID, Title   string
	Step, Value string // what the columns are called
	Unit        string // of the axis, as of a chart
	Kind        string // xmr, p or u
	Points      []controlPoint
	Say         func(float64) string // writes a value
}

// controlPoint is one point of a control chart; what it has not is nil.
type controlPoint struct {
	Says, Path           string // when, and the address of the cases behind it
	Value                *float64
	ValueSays            string
	Center, Lower, Upper *float64
	Rules                []string // that fired, by their names in internal/stats, and ruleJump
	Left                 string   // why it is not judged; empty: it is
}

// up says whether the point lies above the centre.
func (p controlPoint) up() bool { return p.Value != nil && p.Center != nil && *p.Value > *p.Center }

// control is a control chart with what it found, in words, and how it is read.
type control struct {
	Chart   *chart // nil: it has no limits
	Found   string // in words; or why nothing can be found
	Fired   []controlAlarm
	More    int      // points out of the ordinary that only the table tells: the older ones
	Explain []string // how it is read
}

// controlAlarm is a point that is out of the ordinary: when, what it was, and by which rules.
type controlAlarm struct{ When, Path, Says, How string }

// mostFired is how many points out of the ordinary are told one by one: the newest. The table has all.
const mostFired = 5

// ruleJump fires where a single value lies too far from the one before: its range is beyond the limit of ranges.
const ruleJump = "jump"

// control draws a control chart: the value, its centre and limits, and by which rule a point is out of the
// ordinary. Its template is "control".
func (v *visit) control(of controlled) control {
	c := chart{ID: of.ID, Title: of.Title, Unit: of.Unit, Kind: "control", Heads: []chartHead{
		{Says: of.Step},
		{of.Value, "line"},
		{v.Say("control.center"), "center"},
		{v.Say("control.lower"), "limit"},
		{v.Say("control.upper"), "limit"},
		{v.Say("control.found"), "none"},
	}}
	out := control{Chart: &c, Explain: v.controlRead(of.Kind)}
	judged := 0
	for _, p := range of.Points {
		value := chartCell{Says: p.ValueSays, Path: p.Path, Flag: len(p.Rules) > 0}
		if p.Left == "" {
			value.N = asDrawn(p.Value)
			judged++
		}
		how := cmp.Or(v.firedSays(p), p.Left)
		row := chartRow{Says: p.Says, Cells: []chartCell{value}}
		for _, n := range []*float64{p.Center, p.Lower, p.Upper} {
			cell := chartCell{N: asDrawn(n)}
			if n != nil {
				cell.Says = of.Say(*n)
			}
			row.Cells = append(row.Cells, cell)
		}
		row.Cells = append(row.Cells, chartCell{Says: how})
		c.Rows = append(c.Rows, row)
		if value.Flag {
			out.Fired = append(out.Fired, controlAlarm{p.Says, p.Path, p.ValueSays, how})
		}
	}
	if out.Found = v.Say("control.calm", "n", judged); len(out.Fired) > 0 {
		out.Found = v.Say("control.fired", "n", len(out.Fired), "of", v.Number(judged))
	}
	slices.Reverse(out.Fired)
	if out.More = len(out.Fired) - mostFired; out.More > 0 {
		out.Fired = out.Fired[:mostFired]
	}
	return out
}

// controlRead says how a chart of a kind is read: what its limits are, and each rule.
func (v *visit) controlRead(kind string) []string {
	says := []string{v.Say("control.limits_" + kind)}
	for _, rule := range []string{"beyond", "two_of_three", "four_of_five", "eight"} {
		says = append(says, v.Say("control.explain_"+rule))
	}
	if kind == "xmr" {
		says = append(says, v.Say("control.explain_"+ruleJump))
	}
	return says
}

// firedSays says by which rules a point is out of the ordinary, and on which side; empty: by none.
func (v *visit) firedSays(p controlPoint) string {
	if len(p.Rules) == 0 {
		return ""
	}
	rules := make([]string, len(p.Rules))
	for i, rule := range p.Rules {
		rules[i] = v.Say("control.rule_" + rule)
	}
	side := map[bool]string{true: "control.above", false: "control.below"}[p.up()]
	return v.Say(side, "rules", strings.Join(rules, v.Say("list.separator")))
}

// control draws the figure as a control chart, or says why it has none.
func (p *figurePage) control(v *visit, a asking, table *kpi.Table, q kpi.Query, _ company) error {
	if !p.Measure.Controlled() {
		return nil
	}
	found, err := table.Control(q, p.Measure.ID(), a.step())
	if err != nil {
		return err
	}
	one := control{Explain: v.controlRead(string(found.Chart.Kind))}
	switch {
	case found.Judged < kpi.ControlledFrom:
		one.Found = v.Say("control.few_"+string(found.Step), "n", found.Judged, "least", v.Number(kpi.ControlledFrom))
	case !found.Limits():
		one.Found = v.Say("control.constant", "n", found.Judged)
	default:
		one = v.control(v.controlledOf(a, found))
		one.Chart.Note = v.controlNotes(found, p.Going)
	}
	p.Control = &one
	return nil
}

// controlNotes are what a reader must know who acts on a control chart.
func (v *visit) controlNotes(found kpi.Control, going bool) (notes []string) {
	if found.Judged < kpi.PreliminaryBelow {
		notes = append(notes, v.Say("control.preliminary", "n", found.Judged))
	}
	if found.Thin() {
		notes = append(notes, v.Say("control.thin"))
	}
	if going {
		notes = append(notes, v.Say("control.unripe"))
	}
	return notes
}

// controlledOf is a figure's control chart, to be drawn.
func (v *visit) controlledOf(a asking, found kpi.Control) controlled {
	m := found.Measure
	of := controlled{
		ID: "control", Title: v.Say("control.title"), Step: v.Say("figures.step_" + string(found.Step)), Value: v.say(m.Title), Unit: axis(m),
		Kind: string(found.Chart.Kind), Say: func(n float64) string { return v.unitSays(m.Unit, n) },
	}
	for i, b := range found.Buckets {
		if found.Chart.Points[i].Empty && of.Points == nil {
			continue // nothing to see before the first
		}
		at, cell := found.Chart.Points[i], v.cellOf(m, found.Values[i], a.within("/figures/"+keyOf(m)+"/cases", b))
		p := controlPoint{
			Says: bucketName(b, a.days.from.Location(), found.Step), Path: cell.Path, Value: found.Values[i].Value, ValueSays: cell.Says,
			Center: &found.Chart.Center,
		}
		switch {
		case at.Empty && found.Whole[i]:
			p.Left = v.Say("control.nothing")
		case at.Empty:
			p.Left = v.Say("control.part")
		default:
			p.Lower, p.Upper = &at.Lower, &at.Upper
			for _, rule := range at.Rules {
				p.Rules = append(p.Rules, string(rule))
			}
			if found.Jumped(i) {
				p.Rules = append(p.Rules, ruleJump)
			}
		}
		of.Points = append(of.Points, p)
	}
	return of
}
