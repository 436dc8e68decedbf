package console

import (
	"strconv"

	"recourse/internal/cases"
	"recourse/internal/kpi/headline"
	"recourse/models"
)

// periods are how many days the figures can reach back.
var periods = []int{7, 30, 90}

// overviewPage is how the work stands, and how it went of late.
type overviewPage struct {
	cases.Overview
	Days    int
	Periods []period
	Shown   []figure
	Most    int // complaints on the busiest day
}

// period is a choice of how far back figures reach.
type period struct {
	Days int
	Here bool
}

// figure is a headline figure in the reader's language.
type figure struct {
	headline.Figure
	Title, Question string
	Beside          []beside
}

// beside is a figure that stands beside another, so that nobody is misled.
type beside struct {
	headline.Beside
	Title string
}

// Percent is the share that was reached.
func (f figure) Percent() float64 { return *f.Rate }

// Met says whether the target was reached.
func (f figure) Met() bool { return f.Rate != nil && *f.Rate >= f.Target }

// Percent is the share that was reached.
func (b beside) Percent() float64 { return *b.Rate }

func (c *console) overview(v *visit) error {
	days, err := daysAsked(v.r.URL.Query().Get("days"))
	if err != nil {
		return err
	}
	found, err := c.Cases.Overview(v.r.Context(), v.Actor, days)
	if err != nil {
		return err
	}
	p := overviewPage{Overview: found, Days: days}
	for _, n := range periods {
		p.Periods = append(p.Periods, period{n, n == days})
	}
	for _, day := range found.Intake {
		p.Most = max(p.Most, day.Cases)
	}
	for _, f := range found.Figures.Figures {
		p.Shown = append(p.Shown, v.figure(f))
	}
	return v.show("overview", p)
}

// tiles shows how the work stands now, to be put into a page that is open.
func (c *console) tiles(v *visit) error {
	found, err := c.Cases.Standings(v.r.Context(), v.Actor)
	if err != nil {
		return err
	}
	return v.part("overview", "tiles", found)
}

func (v *visit) figure(f headline.Figure) figure {
	say := func(t headline.Text) string { return nameIn(v.Language, t.ZH, t.EN, "") }
	shown := figure{Figure: f, Title: say(f.Title), Question: say(f.Question)}
	for _, b := range f.Beside {
		if b.Rate != nil {
			shown.Beside = append(shown.Beside, beside{b, say(b.Title)})
		}
	}
	return shown
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
