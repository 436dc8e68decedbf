package report

import (
	"cmp"
	"slices"
	"time"

	"recourse/internal/kpi"
	"recourse/models"
)

// Ask says of what a report is made.
type Ask struct {
	Step        Step
	From, Until time.Time
	Zone        *time.Location
	Cut         time.Time
	Scope       []string // dimension:value
	Filters     map[kpi.Dimension][]string
	Measures    []string // keys, or keys with versions; empty: the headline figures and all other rates
	Names       func(by kpi.Dimension, key string) Text
}

// cutBy are the dimensions by which a report shows the headline figures.
var cutBy = []kpi.Dimension{kpi.ByDepartment, kpi.ByCategory, kpi.ByProduct}

// mostRows is how many parts a breakdown lists.
const mostRows = 20

// Sight is whose cases a report counts, whoever reads it: all but those that are for a named circle only.
var Sight = models.Visible{All: true}

// Make freezes what a table says of a period: what was on record at the data cut, as it stood then.
func Make(table *kpi.Table, a Ask) (Body, error) {
	q := kpi.Query{
		From: a.From, Until: a.Until, Cut: a.Cut, Recorded: a.Cut, Zone: a.Zone, Visible: Sight, Filters: a.Filters, Measures: a.measures(),
	}
	s, err := table.Summary(q)
	if err != nil {
		return Body{}, err
	}
	b := Body{
		Format: Format, Step: a.Step, From: a.From.UTC(), Until: a.Until.UTC(), PreviousFrom: s.PreviousFrom.UTC(), Zone: a.Zone.String(),
		Scope: append([]string{}, a.Scope...), Cut: a.Cut.UTC(),
		Counts: Counts{
			Samples: s.Samples, Received: s.Received, Withdrawn: s.Withdrawn, NotAccepted: s.NotAccepted, Merged: s.Merged,
			Anonymous: s.Anonymous, Open: s.Open, Resolved: s.Resolved,
		},
	}
	b.add(s.Answers)
	q.Measures = b.headline()
	if b.Trend, err = trendOf(table, q, a.Step); err != nil {
		return Body{}, err
	}
	for _, by := range cutBy {
		parts, err := breakdownOf(table, q, by, a.Names)
		if err != nil {
			return Body{}, err
		}
		b.Breakdowns = append(b.Breakdowns, parts)
	}
	return b, nil
}

// measures are the ids of what is asked for.
func (a Ask) measures() []string {
	if len(a.Measures) > 0 {
		return a.Measures
	}
	var ids []string
	for _, m := range kpi.Measures() {
		if m.Headline || m.Rate() {
			ids = append(ids, m.ID())
		}
	}
	return ids
}

func (b *Body) add(answers []kpi.Answer) {
	for _, a := range answers {
		f := Figure{ID: a.ID(), Now: valueOf(a.Value)}
		if a.Previous != nil {
			f.Previous = valueOf(*a.Previous)
		}
		b.Definitions, b.Figures = append(b.Definitions, definitionOf(a.Measure)), append(b.Figures, f)
	}
}

// headline are the figures that are cut and followed: those the product is judged by, whatever their
// version; of a report without any, all that it has.
func (b *Body) headline() (ids []string) {
	current := kpi.Headline()
	for i, d := range b.Definitions {
		if slices.ContainsFunc(current, func(m kpi.Measure) bool { return m.Key == d.Key }) {
			b.Definitions[i].Headline = true
			ids = append(ids, d.ID)
		}
	}
	if len(ids) == 0 {
		for i, d := range b.Definitions {
			b.Definitions[i].Headline = true
			ids = append(ids, d.ID)
		}
	}
	return ids
}

func trendOf(table *kpi.Table, q kpi.Query, step Step) (Trend, error) {
	t, err := table.Trend(q, within[step])
	if err != nil {
		return Trend{}, err
	}
	out := Trend{Step: string(t.Step)}
	for _, b := range t.Buckets {
		out.Labels = append(out.Labels, b.Label)
	}
	for _, s := range t.Series {
		out.Series = append(out.Series, Series{s.ID(), valuesOf(s.Values)})
	}
	return out, nil
}

func breakdownOf(table *kpi.Table, q kpi.Query, by kpi.Dimension, names func(kpi.Dimension, string) Text) (Breakdown, error) {
	found, err := table.Breakdown(q, by)
	if err != nil {
		return Breakdown{}, err
	}
	out := Breakdown{By: string(by), Title: titleOf(by)}
	for _, m := range found.Measures {
		out.IDs = append(out.IDs, m.ID())
	}
	slices.SortStableFunc(found.Rows, func(a, b kpi.Row) int { return cmp.Compare(most(b.Values), most(a.Values)) })
	for i, row := range found.Rows {
		if i == mostRows {
			out.LeftOut = len(found.Rows) - mostRows
			break
		}
		out.Rows = append(out.Rows, Row{Key: row.Keys[0], Name: names(by, row.Keys[0]), Values: valuesOf(row.Values)})
	}
	return out, nil
}

// most is of how many cases a part has figures.
func most(values []kpi.Value) (n int64) {
	for _, v := range values {
		n = max(n, v.N)
	}
	return n
}

func titleOf(by kpi.Dimension) Text {
	for _, d := range kpi.Dimensions() {
		if d.Key == by {
			return textOf(d.Title)
		}
	}
	return Text{}
}
