package console

import (
	"strings"

	"recourse/internal/kpi"
	"recourse/internal/simulate"
	"recourse/models"
)

// simulated is what two policies came to, to be read.
type simulated struct {
	Cases   int
	Changed simulate.Changed
	Late    chart // promises and steps past their limits
	Load    chart // alerts by role
	Hours   []chart
	Figures []tryRow
	Changes []simulate.Change
	More    int // changes that are not listed
	Before  bool
}

// tryRow is a figure by both policies.
type tryRow struct {
	Title, Path, Was, Is string
	Change               change
}

// listedChanges is how many changed verdicts a page lists.
const listedChanges = 100

func (v *visit) simulated(a asking, answer simulate.Answer) *simulated {
	was, is := answer.Policies[0], answer.Policies[1]
	t := &simulated{Cases: answer.Cases, Changed: *answer.Changed, Late: v.lateChart(was, is), Load: v.loadChart(was, is)}
	t.Hours = []chart{v.hoursOf("hours-is", v.Say("simulator.hours_is"), is), v.hoursOf("hours-was", v.Say("simulator.hours_was"), was)}
	t.Figures = v.tryRows(a, was, is)
	t.Changes = answer.Changes[:min(len(answer.Changes), listedChanges)]
	t.More = answer.Changed.Verdicts - len(t.Changes)
	t.Before = was.BeforeImport != nil
	return t
}

// heads are the columns of a chart of both policies.
func (v *visit) heads(first string) []chartHead {
	return []chartHead{{Says: first}, {v.Say("simulator.was"), "bar"}, {v.Say("simulator.is"), "bar"}}
}

// lateChart is what ran past its limit, by both policies.
func (v *visit) lateChart(was, is simulate.Outcome) chart {
	c := chart{ID: "late", Lying: true, Title: v.Say("simulator.late"), Heads: v.heads(v.Say("simulator.clock"))}
	for _, k := range models.Clocks() {
		a, ran := clockOf(was, k)
		b, runs := clockOf(is, k)
		if ran || runs {
			c.Rows = append(c.Rows, chartRow{Says: capital(v.Name(k)), Cells: []chartCell{v.lateCell(a), v.lateCell(b)}})
		}
	}
	return c
}

func (v *visit) lateCell(c simulate.Clock) chartCell {
	return chartCell{N: whole(int64(c.Limit.Passed)), Says: v.Say("overview.of", "some", v.Number(int64(c.Limit.Passed)), "all", v.Number(int64(c.Limit.Set)))}
}

func clockOf(o simulate.Outcome, k models.Clock) (simulate.Clock, bool) {
	for _, c := range o.Clocks {
		if c.Clock == k {
			return c, true
		}
	}
	return simulate.Clock{}, false
}

// loadChart is what each role would have been told.
func (v *visit) loadChart(was, is simulate.Outcome) chart {
	c := chart{ID: "load", Named: true, Title: v.Say("simulator.load"), Heads: v.heads(v.Say("simulator.role"))}
	for _, role := range models.Roles() {
		a, b := loadOf(was, role), loadOf(is, role)
		if a.Alerts+b.Alerts > 0 {
			c.Rows = append(c.Rows, chartRow{Says: capital(v.Name(role)), Cells: []chartCell{v.loadCell(a), v.loadCell(b)}})
		}
	}
	return c
}

func (v *visit) loadCell(l simulate.Load) chartCell {
	return chartCell{N: whole(int64(l.Alerts)), Says: v.Say("simulator.alerts", "n", v.Number(int64(l.Alerts)), "acks", v.Number(int64(l.ToAcknowledge)))}
}

func loadOf(o simulate.Outcome, role models.Role) simulate.Load {
	for _, l := range o.Load {
		if l.Role == role {
			return l
		}
	}
	return simulate.Load{}
}

// hoursOf is when alerts would have gone out, to whichever role.
func (v *visit) hoursOf(id, title string, o simulate.Outcome) chart {
	c := chart{ID: id, Title: title, Kind: "heat", Heads: []chartHead{{Says: v.Say("figures.weekday")}}}
	for hour := range 24 {
		c.Heads = append(c.Heads, chartHead{Says: v.Number(hour)})
	}
	for day := range 7 {
		row := chartRow{Says: v.Say("figures.weekday_" + whole(int64(day+1)))}
		for hour := range 24 {
			n := 0
			for _, l := range o.Load {
				n += l.ByHour[day][hour]
			}
			row.Cells = append(row.Cells, chartCell{N: whole(int64(n)), Says: v.Number(int64(n))})
		}
		c.Rows = append(c.Rows, row)
	}
	return c
}

// tryRows are the headline figures by both policies.
func (v *visit) tryRows(a asking, was, is simulate.Outcome) (rows []tryRow) {
	for i, k := range is.KPIs {
		m, err := kpi.Find(k.Key)
		if err != nil || !k.Headline || i >= len(was.KPIs) {
			continue
		}
		before := was.KPIs[i].Value
		row := tryRow{
			Title: v.say(m.Title), Path: a.Frame("/figures/" + m.Key), Was: v.figureSays(m, before), Is: v.figureSays(m, k.Value),
			Change: v.change(m, k.Value, &before),
		}
		row.Change.Chance = false // the cases are the same
		if row.Change.Key != "" { // what is compared are policies, no periods
			row.Change.Key = strings.Replace(row.Change.Key, "figures.", "simulator.", 1)
		} else if row.Change.Says != "" {
			row.Change.Says = v.Say("simulator.same")
		}
		rows = append(rows, row)
	}
	return rows
}

// Verdict is the key of what a promise came to.
func (simulated) Verdict(of simulate.Verdict) string { return "simulator.verdict_" + string(of) }
