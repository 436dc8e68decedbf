package console

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"recourse/internal/kpi"
	"recourse/models"
)

// figuresFrame is what stands around the figures of a period: which, of whom, and what they are made of.
type figuresFrame struct {
	Area    []link // of the figures area
	Asked   asking
	Path    string // of the page, without its question
	Spans   []link
	Chips   []chip
	Sets    []filterSet // that can be chosen
	NoChips string      // address without any filter
	From    string      // the days of the period, both included
	Until   string
	Zone    string
	Cut     time.Time
	Summary kpi.Summary // of the period as a whole
	Before  string      // the period before
	Going   bool        // the period is not over yet
	Files   []download
}

// Dimensions are the names of all filters.
func (f figuresFrame) Dimensions() []any {
	all := []any{"cursor"}
	for _, d := range dimensions() {
		all = append(all, string(d))
	}
	return all
}

// download is a table to be taken away.
type download struct {
	Key       string // of what it is
	CSV, XLSX string
}

// filterSet is a dimension with the values to choose from; many are offered as a list.
type filterSet struct {
	Dimension kpi.Dimension
	Title     string
	Values    []option
	Many      bool
}

func (c *console) figuresFrame(v *visit, a asking, table *kpi.Table, q kpi.Query) (f figuresFrame, err error) {
	known, err := c.company(v)
	if err != nil {
		return f, err
	}
	zone := a.days.from.Location()
	f = figuresFrame{
		Area: v.areaOf(a), Asked: a, Path: v.r.URL.Path, From: a.days.from.Format(time.DateOnly), Until: a.days.until.Add(-1).In(zone).Format(time.DateOnly),
		Zone: v.Speaker.Zone(a.days.from), Cut: q.Cut, Going: a.days.until.After(q.Cut),
	}
	f.NoChips = asking{Beside: a.Beside, Span: a.Span, From: a.From, Until: a.Until, Zone: a.Zone, Step: a.Step, Kpis: a.Kpis, By: a.By, And: a.And}.at(f.Path)
	for _, name := range spans {
		f.Spans = append(f.Spans, link{Path: a.at(f.Path, "period", name, "from", "", "until", "", "step", ""), Key: "figures.period_" + name, Here: a.Span == name})
	}
	q.Measures = nil
	if f.Summary, err = table.Summary(q); err != nil {
		return f, err
	}
	f.Before = v.Say("figures.days", "from", f.Summary.PreviousFrom.In(zone).Format(time.DateOnly), "until", f.Summary.From.Add(-1).In(zone).Format(time.DateOnly))
	f.Chips = v.figureChips(a, f.Path, known)
	f.Sets, err = v.filterSets(a, table, q, known)
	f.Files = downloads(a)
	return f, err
}

// downloads are the tables behind a page: its own figures, broken down as they are there, and what they are made of.
func downloads(a asking) (all []download) {
	add := func(table string, change ...string) {
		at := func(format string) string { return a.at("/extracts/"+table, append(change, "format", format)...) }
		all = append(all, download{"figures.table_" + table, at("csv"), at("xlsx")})
	}
	add("summary", "step", "", "by", "", "and", "")
	add("trend", "step", string(a.step()), "by", "", "and", "")
	if a.By != "" {
		add("breakdown", "step", "")
	}
	for _, table := range []string{"cases", "cycles", "clocks", "segments", "alerts", "requests", "answers", "volumes"} {
		add(table, "step", "", "by", "", "and", "", "kpi", "")
	}
	return all
}

// about is what is asked, of these figures.
func (a asking) about(kpis ...string) asking {
	a.Kpis = kpis
	return a
}

// figureChips are the filters in force, each with the way out of it.
func (v *visit) figureChips(a asking, path string, known company) (chips []chip) {
	for _, d := range dimensions() {
		for _, value := range a.Filters[d] {
			in := a.values()
			in[string(d)] = slices.DeleteFunc(slices.Clone(in[string(d)]), func(kept string) bool { return kept == orNone(value) })
			chips = append(chips, chip{Key: v.dimensionName(d), Value: v.valueName(d, value, known), Off: path + "?" + in.Encode()})
		}
	}
	if a.Company {
		chips = append(chips, chip{Key: v.Say("figures.seen"), Value: v.Say("figures.seen_company"), Off: a.at(path, seenName, "")})
	}
	return chips
}

// offered are the dimensions that filters are chosen of, in this order; those of when a complaint came and of
// what became of it are filters of links.
var offered = []kpi.Dimension{
	kpi.BySeverity, kpi.ByChannel, kpi.ByNature, kpi.ByCause, kpi.ByAttribution, kpi.ByDepartment, kpi.ByPerson, kpi.ByCategory,
	kpi.ByProduct, kpi.ByRegion, kpi.ByOutcome, kpi.ByAnonymous, kpi.ByAdopted,
}

// tickedMost is up to how many values stand there to be tickedMost; more are a list.
const tickedMost = 8

// mostOffered is how many values of a dimension are offered: those with the most cases.
const mostOffered = 200

// filterSets are the values that there are to filter by, and those that are filtered by. Which products and
// regions there are, only the cases of the period say.
func (v *visit) filterSets(a asking, table *kpi.Table, q kpi.Query, known company) (sets []filterSet, err error) {
	q.Measures, q.Filters = []string{"received"}, nil
	for _, d := range offered {
		values := valuesOf(d, known)
		if values == nil {
			b, err := table.Breakdown(q, d)
			if err != nil {
				return nil, err
			}
			values = mostReceived(b)
		}
		for _, value := range a.Filters[d] {
			if !slices.Contains(values, value) {
				values = append(values, value)
			}
		}
		set := filterSet{Dimension: d, Title: v.dimensionName(d)}
		for _, value := range values {
			set.Values = append(set.Values, option{orNone(value), v.valueName(d, value, known)})
		}
		if set.Many = len(set.Values) > tickedMost; set.Many {
			slices.SortStableFunc(set.Values, func(a, b option) int { return strings.Compare(a.Says, b.Says) })
		}
		if len(set.Values) > 1 || len(a.Filters[d]) > 0 {
			sets = append(sets, set)
		}
	}
	return sets, nil
}

// valuesOf are all values of a dimension that are known beforehand; nil: they are not.
func valuesOf(d kpi.Dimension, known company) []string {
	switch d { //nolint:exhaustive // the others are not known
	case kpi.ByDepartment:
		return idsOf(known.departments, func(d models.Department) string { return d.ID })
	case kpi.ByPerson:
		return idsOf(slices.DeleteFunc(slices.Clone(known.people), func(p models.Person) bool { return !worksOnCases(p) }), func(p models.Person) string { return p.ID })
	case kpi.ByCategory:
		return idsOf(known.categories, func(k models.Category) string { return k.ID })
	}
	return kpi.Closed(d)
}

func idsOf[T any](all []T, id func(T) string) []string {
	ids := make([]string, len(all))
	for i, one := range all {
		ids[i] = id(one)
	}
	return ids
}

// mostReceived are the values of a breakdown with the most complaints.
func mostReceived(b kpi.Breakdown) []string {
	rows := b.Rows
	slices.SortStableFunc(rows, func(a, b kpi.Row) int { return cmp.Compare(b.Values[0].N, a.Values[0].N) })
	values := make([]string, 0, mostOffered)
	for _, row := range rows[:min(len(rows), mostOffered)] {
		values = append(values, row.Keys[0])
	}
	return values
}
