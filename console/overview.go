package console

import (
	"strconv"
	"time"

	"recourse/internal/cases"
	"recourse/internal/kpi"
	"recourse/models"
)

// periods are how many days the overview can reach back.
var periods = []int{7, 30, 90}

// overviewPage is how the work stands, and how it went of late.
type overviewPage struct {
	cases.Standings

	Days    int
	Periods []period
	Summary kpi.Summary
	Cards   []card
	Figures string // address of the figures of the same days
	Intake  chart
}

// period is a choice of how far back the overview reaches.
type period struct {
	Days int
	Here bool
}

func (c *console) overview(v *visit) error {
	days, err := daysAsked(v.r.URL.Query().Get("days"))
	if err != nil {
		return err
	}
	a := asking{Span: strconv.Itoa(days)}
	if err := a.settle(c); err != nil {
		return err
	}
	table, q, err := c.figures(v, a)
	if err != nil {
		return err
	}
	p := overviewPage{Days: days, Figures: a.at("/figures")}
	for _, n := range periods {
		p.Periods = append(p.Periods, period{n, n == days})
	}
	if p.Standings, err = c.Cases.Standings(v.r.Context(), v.Actor); err != nil {
		return err
	}
	if p.Summary, err = table.Summary(q); err != nil {
		return err
	}
	for _, answer := range p.Summary.Answers {
		p.Cards = append(p.Cards, v.card(a, answer))
	}
	if p.Intake, err = v.intakeChart(a, table, q); err != nil {
		return err
	}
	return v.show("overview", p)
}

// intakeChart draws how many complaints came each day.
func (v *visit) intakeChart(a asking, table *kpi.Table, q kpi.Query) (chart, error) {
	q.Measures = []string{"received"}
	t, err := table.Trend(q, kpi.StepDay)
	if err != nil {
		return chart{}, err
	}
	c := chart{ID: "intake-days", Title: v.Say("overview.intake"), Heads: []chartHead{{Says: v.Say("overview.day")}, {v.Say("overview.complaints"), "bar"}}}
	for i, b := range t.Buckets {
		n := t.Series[0].Values[i].N
		cell := chartCell{N: whole(n), Says: v.Number(n)}
		if n > 0 {
			cell.Path = a.within("/figures/received/cases", b)
		}
		c.Rows = append(c.Rows, chartRow{Says: b.From.In(a.days.from.Location()).Format(time.DateOnly), Cells: []chartCell{cell}})
	}
	return c, nil
}

// tiles shows how the work stands now, to be put into a page that is open.
func (c *console) tiles(v *visit) error {
	found, err := c.Cases.Standings(v.r.Context(), v.Actor)
	if err != nil {
		return err
	}
	return v.part("overview", "tiles", found)
}

// daysAsked is the period that an address names; 30 days where it names none.
func daysAsked(given string) (int, error) {
	if given == "" {
		return 30, nil
	}
	for _, n := range periods {
		if given == strconv.Itoa(n) {
			return n, nil
		}
	}
	return 0, models.Invalid("/days", "figures reach back 7, 30 or 90 days")
}
