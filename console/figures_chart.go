package console

import (
	"fmt"
	"strconv"
	"time"

	"recourse/internal/kpi"
)

// chart is numbers to look at, and the table that they stand in for whoever wants to read them.
type chart struct {
	ID      string
	Title   string
	Note    []string // what a reader must know who compares
	Kind    string   // heat: the whole table is a map; scatter: its rows are points; else its columns are series
	Unit    string   // of its axis: ratio, duration; empty: numbers
	Lying   bool     // bars lie, because there are many with long names
	Named   bool     // the rows are names, none of which can be left out as one of many days can
	Stack   string
	Heads   []chartHead // the first is the name of the rows
	Rows    []chartRow
	Numbers string // what is said where there is nothing to draw
}

// chartHead is a column: what it is called, and how it is drawn; by itself as bars.
type chartHead struct{ Says, Draw string }

type chartRow struct {
	Says, Path string
	Cells      []chartCell
}

// chartCell is a number: as it is drawn, as it is said, and where it leads.
type chartCell struct {
	N, Says, Path string
	Flag          bool // it stands out
}

// Empty says that there is nothing to draw.
func (c chart) Empty() bool {
	if c.Kind == "scatter" { // zeros are points, too
		return len(c.Rows) == 0
	}
	for _, r := range c.Rows {
		for _, cell := range r.Cells {
			if cell.N != "" && cell.N != "0" {
				return false
			}
		}
	}
	return true
}

// Height is how tall it is drawn, in rem.
func (c chart) Height() string {
	if c.Lying {
		return strconv.FormatFloat(4+1.9*float64(len(c.Rows)), 'f', 1, 64)
	}
	if c.Kind == "heat" {
		return strconv.FormatFloat(3+1.7*float64(len(c.Rows)), 'f', 1, 64)
	}
	return "18"
}

// asDrawn is a number as a chart reads it; empty where there is none.
func asDrawn(n *float64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatFloat(*n, 'g', -1, 64)
}

func whole(n int64) string { return strconv.FormatInt(n, 10) }

func sprint1(n float64) string { return fmt.Sprintf("%.1f", n) }

// axis is the unit of a measure's axis.
func axis(m kpi.Measure) string {
	if m.Unit == kpi.UnitRatio || m.Unit == kpi.UnitDuration {
		return string(m.Unit)
	}
	if m.Unit == kpi.UnitNPS || m.Unit == kpi.UnitMoney {
		return "score"
	}
	return ""
}

// cellOf is a value of a measure in a chart, with how many it is made of.
func (v *visit) cellOf(m kpi.Measure, value kpi.Value, path string) chartCell {
	c := chartCell{N: asDrawn(value.Value), Says: v.figureSays(m, value)}
	if c.Says == "" {
		return chartCell{Says: v.Say("figures.nothing")}
	}
	if m.Unit != kpi.UnitCount {
		c.Says = v.Say("figures.value_of", "value", c.Says, "of", v.countedOf(m, value))
	}
	if value.N > 0 {
		c.Path = path
	}
	return c
}

// bucketName is a part of a trend as people call it: days by their date.
func bucketName(b kpi.Bucket, zone *time.Location, step kpi.Step) string {
	if step == kpi.StepDay {
		return b.From.In(zone).Format(time.DateOnly)
	}
	return b.Label
}

// trendChart draws measures of one unit step by step; a single one with its target.
func (v *visit) trendChart(a asking, id string, t kpi.Trend, of []kpi.Series) chart {
	c := chart{ID: id, Unit: axis(of[0].Measure), Heads: []chartHead{{Says: v.Say("figures.step_" + string(t.Step))}}}
	for _, s := range of {
		draw := "line"
		if s.Unit == kpi.UnitCount {
			draw = "bar"
		}
		c.Heads = append(c.Heads, chartHead{v.say(s.Title), draw})
	}
	target := len(of) == 1 && of[0].Target != 0
	if target {
		c.Heads = append(c.Heads, chartHead{v.Say(targetKey(of[0].Measure)), "limit"})
	}
	for i, b := range t.Buckets {
		row := chartRow{Says: bucketName(b, a.days.from.Location(), t.Step)}
		for _, s := range of {
			row.Cells = append(row.Cells, v.cellOf(s.Measure, s.Values[i], a.within("/figures/"+keyOf(s.Measure)+"/cases", b)))
		}
		if target {
			row.Cells = append(row.Cells, chartCell{N: asDrawn(&of[0].Target), Says: v.unitSays(of[0].Unit, of[0].Target)})
		}
		c.Rows = append(c.Rows, row)
	}
	c.Note = v.differing(of)
	return c
}

func targetKey(m kpi.Measure) string {
	if m.Alarm {
		return "figures.ceiling"
	}
	return "figures.target"
}

// differing says in what the measures of a chart differ, so that nobody compares what cannot be compared.
func (v *visit) differing(of []kpi.Series) (notes []string) {
	alike := true
	for _, s := range of[1:] {
		alike = alike && s.Cycle == of[0].Cycle && s.Population == of[0].Population && s.Kind == of[0].Kind && s.Of == of[0].Of
	}
	if alike {
		return nil
	}
	notes = append(notes, v.Say("figures.differ"))
	for _, s := range of {
		notes = append(notes, v.Say("figures.counts", "title", v.say(s.Title), "items", v.Say("figures.items_"+string(s.Of)), "cycle", v.Say("figures.cycle_"+string(s.Cycle))))
	}
	return notes
}

// moneyChart draws amounts step by step, a series for each currency.
func (v *visit) moneyChart(a asking, id string, t kpi.Trend, s kpi.Series) chart {
	c := chart{ID: id, Unit: "score", Heads: []chartHead{{Says: v.Say("figures.step_" + string(t.Step))}}}
	for _, total := range s.Total.Money {
		c.Heads = append(c.Heads, chartHead{total.Currency, "bar"})
	}
	for i, b := range t.Buckets {
		row := chartRow{Says: bucketName(b, a.days.from.Location(), t.Step)}
		for _, total := range s.Total.Money {
			row.Cells = append(row.Cells, v.moneyCell(s.Values[i].Money, total.Currency, a.within("/figures/"+keyOf(s.Measure)+"/cases", b)))
		}
		c.Rows = append(c.Rows, row)
	}
	return c
}

func (v *visit) moneyCell(all []kpi.Money, currency, path string) chartCell {
	for _, m := range all {
		if m.Currency == currency {
			return chartCell{N: strconv.FormatFloat(major(m), 'f', -1, 64), Says: v.amounts([]kpi.Money{m}), Path: path}
		}
	}
	return chartCell{N: "0", Says: v.Number(0)}
}

func sprint2(n float64) string { return fmt.Sprintf("%.2f", n) }
