package console

import (
	"context"
	"slices"

	"recourse/internal/cases"
	"recourse/internal/figures"
	"recourse/internal/kpi"
	"recourse/models"
)

// Figures keep the table that figures are computed from; internal/figures has it.
type Figures interface {
	Table(ctx context.Context) (*kpi.Table, error)
	Query(a models.Actor, ask figures.Ask) (kpi.Query, error)
}

// figuresPage is how a period went, in figures.
type figuresPage struct {
	figuresFrame

	Standings  *cases.Standings // nil: filters are in force, and Live tells instead
	Live       liveTiles
	Cards      []card
	Chosen     []chosen // figures that can be drawn over time
	Trends     []chart
	Backlog    chart
	Hours      chart
	Voices     chart
	Survey     surveyed
	Steps      []link
	KpisChosen []string
}

// chosen is a figure that can be chosen to be drawn.
type chosen struct {
	Key, Title string
	Here       bool
}

func (c *console) figuresPage(v *visit) error {
	a, err := c.readAsking(v.r.URL.Query())
	if err != nil {
		return v.sorryFigures(err)
	}
	table, q, err := c.figures(v, a)
	if err != nil {
		return v.sorryFigures(err)
	}
	p := figuresPage{}
	if p.figuresFrame, err = c.figuresFrame(v, a, table, q); err != nil {
		return v.sorryFigures(err)
	}
	for _, fill := range []func(*visit, asking, *kpi.Table, kpi.Query) error{p.now, p.cards, p.trends, p.backlog, p.hours, p.voices} {
		if err := fill(v, a, table, q); err != nil {
			return v.sorryFigures(err)
		}
	}
	return v.show("figures", p)
}

// now is how the open cases stand: with the tiles of the overview, that lead to the list, as long as no
// filter is in force that the list does not know.
func (p *figuresPage) now(v *visit, a asking, table *kpi.Table, q kpi.Query) error {
	if len(a.Filters) > 0 {
		q.Cut = v.c.Now()
		live, err := table.Live(q)
		p.Live = liveTiles{Live: live, Again: a.at("/figures/now")}
		return err
	}
	found, err := v.c.Cases.Standings(v.r.Context(), v.Actor)
	p.Standings = &found
	return err
}

// liveTiles are how the open cases stand that filters name.
type liveTiles struct {
	kpi.Live

	Again string // where they are asked for anew
}

// figuresNow shows how the open cases stand now, to be put into a page that is open.
func (c *console) figuresNow(v *visit) error {
	a, err := c.readAsking(v.r.URL.Query())
	if err != nil {
		return err
	}
	table, q, err := c.figures(v, a)
	if err != nil {
		return err
	}
	p := figuresPage{}
	if err := p.now(v, a, table, q); err != nil {
		return err
	}
	if p.Standings != nil {
		return v.part("figures", "tiles", p.Standings)
	}
	return v.part("figures", "live-tiles", p.Live)
}

func (p *figuresPage) cards(v *visit, a asking, table *kpi.Table, q kpi.Query) error {
	s, err := table.Summary(q)
	if err != nil {
		return err
	}
	trend, err := table.Trend(q, a.step())
	if err != nil {
		return err
	}
	for i, answer := range s.Answers {
		one := v.card(a, answer)
		one.Spark = v.sparkOf(trend.Series[i])
		p.Cards = append(p.Cards, one)
	}
	return nil
}

// trends draws the chosen figures over time, those of one unit together.
func (p *figuresPage) trends(v *visit, a asking, table *kpi.Table, q kpi.Query) error {
	q.Measures = a.Kpis
	trend, err := table.Trend(q, a.step())
	if err != nil {
		return err
	}
	p.Trends = v.trendCharts(a, trend)
	for _, m := range kpi.Measures() {
		here := slices.ContainsFunc(trend.Series, func(s kpi.Series) bool { return s.Key == m.Key })
		p.Chosen = append(p.Chosen, chosen{m.Key, v.say(m.Title), here})
	}
	p.Steps = stepLinks(a, "/figures")
	return nil
}

// trendCharts draws series, those of one unit together; money by itself.
func (v *visit) trendCharts(a asking, t kpi.Trend) (charts []chart) {
	var units []kpi.Unit
	of := map[kpi.Unit][]kpi.Series{}
	for _, s := range t.Series {
		if s.Unit == kpi.UnitMoney {
			one := v.moneyChart(a, "trend-"+s.Key, t, s)
			one.Title = v.say(s.Title)
			charts = append(charts, one)
			continue
		}
		if of[s.Unit] == nil {
			units = append(units, s.Unit)
		}
		of[s.Unit] = append(of[s.Unit], s)
	}
	for _, unit := range units {
		one := v.trendChart(a, "trend-"+string(unit), t, of[unit])
		one.Title = v.Say("figures.unit_" + string(unit))
		if len(of[unit]) == 1 {
			one.Title = v.say(of[unit][0].Title)
		}
		charts = append(charts, one)
	}
	return charts
}

func stepLinks(a asking, path string) (links []link) {
	for _, step := range kpi.Steps() {
		links = append(links, link{Path: a.at(path, "step", string(step)), Key: "figures.by_" + string(step), Here: step == a.step()})
	}
	return links
}

// backlog draws what came, what ended, and how much was open.
func (p *figuresPage) backlog(v *visit, a asking, table *kpi.Table, q kpi.Query) error {
	b, err := table.Backlog(q, a.step())
	if err != nil {
		return err
	}
	p.Backlog = chart{ID: "backlog", Title: v.Say("figures.backlog"), Heads: []chartHead{
		{Says: v.Say("figures.step_" + string(b.Step))},
		{v.Say("figures.came"), "bar"},
		{v.Say("figures.ended"), "bar"},
		{v.Say("figures.open_then"), "line"},
		{v.Say("figures.peak"), "line"},
	}}
	for i, point := range b.Points {
		bucket, ahead := b.Buckets[i], b.Buckets[i].From.After(q.Cut)
		row := chartRow{Says: bucketName(bucket, a.days.from.Location(), b.Step)}
		for at, n := range []int64{point.Opened, point.Closed, point.Open, point.Peak} {
			cell := chartCell{N: whole(n), Says: v.Number(n)}
			if at == 0 && n > 0 {
				cell.Path = a.within("/figures/received/cases", bucket)
			}
			if ahead {
				cell = chartCell{}
			}
			row.Cells = append(row.Cells, cell)
		}
		p.Backlog.Rows = append(p.Backlog.Rows, row)
	}
	return nil
}

// hours draws when complaints come, by weekday and hour.
func (p *figuresPage) hours(v *visit, a asking, table *kpi.Table, q kpi.Query) error {
	q.Measures = []string{"received"}
	b, err := table.Breakdown(q, kpi.ByWeekday, kpi.ByHour)
	if err != nil {
		return err
	}
	p.Hours = chart{ID: "hours", Title: v.Say("figures.hours"), Kind: "heat", Heads: []chartHead{{Says: v.Say("figures.weekday")}}}
	at := map[[2]string]kpi.Value{}
	for _, row := range b.Rows {
		at[[2]string{row.Keys[0], row.Keys[1]}] = row.Values[0]
	}
	for hour := range 24 {
		p.Hours.Heads = append(p.Hours.Heads, chartHead{Says: v.Number(hour)})
	}
	for day := 1; day <= 7; day++ {
		weekday := whole(int64(day))
		row := chartRow{Says: v.Say("figures.weekday_" + weekday)}
		for hour := range int64(24) {
			n := at[[2]string{weekday, whole(hour)}].N
			cell := chartCell{N: whole(n), Says: v.Number(n)}
			if n > 0 {
				cell.Path = a.with("/figures/received/cases", "weekday", weekday, "hour", whole(hour))
			}
			row.Cells = append(row.Cells, cell)
		}
		p.Hours.Rows = append(p.Hours.Rows, row)
	}
	return nil
}

// surveyed is what customers said, in words.
type surveyed struct {
	Rate, NPS  card
	Answered   int64
	ByCallback int64
	Scores     []surveyScore
}

type surveyScore struct {
	Title, Mean, Weighted, SD string
	N                         int64
	Few                       bool
}

// scoreOf are the figures that the scores of a survey are counted by.
var scoreOf = map[string]string{"process": "process_csat", "result": "csat", "speed": "speed_csat", "attitude": "attitude_csat"}

// voices draws how customers scored.
func (p *figuresPage) voices(v *visit, a asking, table *kpi.Table, q kpi.Query) error {
	s, err := table.Survey(q)
	if err != nil {
		return err
	}
	of := func(key string, value kpi.Value) card {
		m, _ := kpi.Find(key)
		return v.card(a, kpi.Answer{Measure: m, Value: value})
	}
	p.Survey = surveyed{Rate: of("answer_rate", s.Rate), NPS: of("nps", s.NPS), Answered: s.Answered, ByCallback: s.ByCallback}
	p.Voices = chart{ID: "voices", Title: v.Say("figures.voices"), Heads: []chartHead{{Says: v.Say("figures.score")}}}
	for score := range 5 {
		p.Voices.Rows = append(p.Voices.Rows, chartRow{Says: v.Say("figures.points_of_5", "n", score+1)})
	}
	for _, one := range s.Scores {
		p.Voices.Heads = append(p.Voices.Heads, chartHead{v.say(one.Title), "bar"})
		m, _ := kpi.Find(scoreOf[one.Key])
		for i, n := range one.Distribution {
			p.Voices.Rows[i].Cells = append(p.Voices.Rows[i].Cells, chartCell{N: whole(n), Says: v.Number(n), Path: binPath(a, m, i, n)})
		}
		score := surveyScore{Title: v.say(one.Title), N: one.N, Few: one.N > 0 && one.N < few}
		for into, n := range map[*string]*float64{&score.Mean: one.Mean, &score.Weighted: one.Weighted, &score.SD: one.SD} {
			if n != nil {
				*into = v.Number(sprint2(*n))
			}
		}
		p.Survey.Scores = append(p.Survey.Scores, score)
	}
	return nil
}
