package console

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"recourse/internal/figures"
	"recourse/internal/kpi"
	"recourse/models"
)

// noneGiven is how an address asks for what has no value in a dimension; an empty field of a form is any.
const noneGiven = "~"

// spans are the periods that an address names, and the one that it means where it names none.
var spans = []string{"7", "30", "90", "month", "last_month", "quarter", "last_quarter", "year"}

const usualSpan = "30"

// asking is what an address asks of figures: it holds all of it, so that whoever gets it sent sees the same.
type asking struct {
	Span        string // one of spans; empty: From and Until
	From, Until string // days, both included
	Zone        string // in which days begin; empty: the company's
	Step        kpi.Step
	Kpis        []string
	By, And     kpi.Dimension
	X, Y, Cell  string // of a correlation: both figures, and one cell of its chart
	Part        kpi.Part
	Company     bool // without what is for a named circle only, as signals count
	Bin         int  // from 1: a part of the distribution of values; 0: all
	Cursor      string
	Format      string
	Filters     map[kpi.Dimension][]string
	Beside      url.Values // what a page asks for that is no question of figures

	days struct{ from, until time.Time } // what the period comes to: from the first instant up to but without the last
}

// readAsking reads an address. What it does not know is refused by its name: a link with a misspelt filter
// must not show other figures than meant.
func (c *console) readAsking(asked url.Values) (a asking, err error) {
	r := reader{asked: asked}
	a = asking{
		Span: oneOf(&r, "period", "", spans), From: asked.Get("from"), Until: asked.Get("until"), Zone: asked.Get("zone"),
		Step: kpi.Step(asked.Get("step")), Kpis: given(asked["kpi"]), By: kpi.Dimension(asked.Get("by")), And: kpi.Dimension(asked.Get("and")),
		X: asked.Get("x"), Y: asked.Get("y"), Cell: asked.Get("cell"),
		Part: oneOf(&r, "part", "", kpi.Parts()), Cursor: asked.Get("cursor"), Format: asked.Get("format"), Filters: map[kpi.Dimension][]string{},
	}
	a.Company = oneOf(&r, seenName, "", []string{seenCompany}) != ""
	if says := asked.Get("bin"); says != "" {
		if a.Bin, err = strconv.Atoi(says); err != nil || a.Bin < 1 {
			return a, models.Invalid("/bin", fmt.Sprintf("%q is no part of the distribution", says))
		}
	}
	for name := range asked {
		if !slices.Contains(askedFor, name) && r.err == nil {
			r.err = a.filter(asked, kpi.Dimension(name))
		}
	}
	if r.err != nil {
		return a, r.err
	}
	if err := knownOf("/step", a.Step, kpi.Steps()); err != nil {
		return a, err
	}
	for at, d := range map[string]kpi.Dimension{"/by": a.By, "/and": a.And} {
		if err := knownOf(at, d, dimensions()); err != nil {
			return a, err
		}
	}
	return a, a.settle(c)
}

// askedFor are the names in an address that are no dimension.
var askedFor = []string{"period", "from", "until", "zone", "step", "kpi", "by", "and", "part", "cursor", "format", "x", "y", "cell", "bin", seenName}

// seenName is how an address asks for less than its reader may see: what whoever sees the company sees, that is without
// what is for a named circle only.
const seenName, seenCompany = "seen", "company"

// given are the values of a parameter that are not empty.
func given[T ~string](values []T) []T {
	return slices.DeleteFunc(slices.Clone(values), func(v T) bool { return v == "" })
}

func (a *asking) filter(asked url.Values, d kpi.Dimension) error {
	if !slices.Contains(dimensions(), d) {
		return models.Invalid("/"+string(d), fmt.Sprintf("the address asks for a %s that there is not", d))
	}
	for _, value := range given(asked[string(d)]) {
		if value == noneGiven {
			value = ""
		}
		a.Filters[d] = append(a.Filters[d], value)
	}
	return nil
}

// knownOf refuses a value that is none of a closed set; none given is none wrong.
func knownOf[T ~string](at string, value T, set []T) error {
	if value == "" || slices.Contains(set, value) {
		return nil
	}
	return models.Invalid(at, fmt.Sprintf("the address asks for a %s that there is not", strings.TrimPrefix(at, "/")))
}

func dimensions() []kpi.Dimension {
	all := kpi.Dimensions()
	keys := make([]kpi.Dimension, len(all))
	for i, d := range all {
		keys[i] = d.Key
	}
	return keys
}

// settle finds the days of the period, as they lie in its zone.
func (a *asking) settle(c *console) error {
	zone, err := figures.ZoneOf(a.Zone, c.Zone)
	if err != nil {
		return err
	}
	today := startOf(c.Now().In(zone), 0)
	if a.From == "" && a.Until == "" {
		if a.Span == "" {
			a.Span = usualSpan
		}
		a.days.from, a.days.until = span(a.Span, today)
		return nil
	}
	a.Span = ""
	if a.Until != "" {
		if today, err = dayOf("/until", a.Until, zone); err != nil {
			return err
		}
	}
	a.days.until = startOf(today, 1)
	if a.days.from = startOf(today, -29); a.From != "" {
		if a.days.from, err = dayOf("/from", a.From, zone); err != nil {
			return err
		}
	}
	if !a.days.from.Before(a.days.until) {
		return models.Invalid("/from", "the period ends before it begins")
	}
	return nil
}

func dayOf(at, value string, zone *time.Location) (time.Time, error) {
	day, err := time.Parse(time.DateOnly, value)
	if err != nil {
		return day, models.Invalid(at, fmt.Sprintf("%q is no day; write one as 2026-03-31", value))
	}
	return kpi.StepDay.Begin(time.Date(day.Year(), day.Month(), day.Day(), 12, 0, 0, 0, zone)), nil
}

// startOf is the first instant of a day so many days from one.
func startOf(day time.Time, days int) time.Time {
	y, m, d := day.Date()
	return kpi.StepDay.Begin(time.Date(y, m, d+days, 12, 0, 0, 0, day.Location()))
}

// span is the period of a name: up to the end of today, or of the month or quarter.
func span(name string, today time.Time) (from, until time.Time) {
	month := kpi.StepMonth.Begin(today)
	quarter := kpi.StepQuarter.Begin(today)
	switch name {
	case "7":
		return startOf(today, -6), startOf(today, 1)
	case "90":
		return startOf(today, -89), startOf(today, 1)
	case "month":
		return month, startOf(today, 1)
	case "last_month":
		return kpi.StepMonth.Begin(startOf(month, -1)), month
	case "quarter":
		return quarter, startOf(today, 1)
	case "last_quarter":
		return kpi.StepQuarter.Begin(startOf(quarter, -1)), quarter
	case "year":
		return startOf(time.Date(today.Year(), time.January, 1, 12, 0, 0, 0, today.Location()), 0), startOf(today, 1)
	}
	return startOf(today, -29), startOf(today, 1)
}

// step is the one asked for; else one that makes a trend of the period that can be read.
func (a asking) step() kpi.Step {
	if a.Step != "" {
		return a.Step
	}
	switch days := a.days.until.Sub(a.days.from).Hours() / 24; {
	case days < 32:
		return kpi.StepDay
	case days < 120:
		return kpi.StepWeek
	case days < 1100:
		return kpi.StepMonth
	}
	return kpi.StepQuarter
}

// values are what is asked for as it stands in an address.
func (a asking) values() url.Values {
	in := url.Values{}
	for name, value := range map[string]string{
		"period": a.Span, "from": a.From, "until": a.Until, "zone": a.Zone, "step": string(a.Step), "by": string(a.By), "and": string(a.And),
		"x": a.X, "y": a.Y,
	} {
		if value != "" {
			in.Set(name, value)
		}
	}
	for _, k := range a.Kpis {
		in.Add("kpi", k)
	}
	for d, values := range a.Filters {
		for _, value := range values {
			in.Add(string(d), orNone(value))
		}
	}
	if a.Company {
		in.Set(seenName, seenCompany)
	}
	for name, values := range a.Beside {
		in[name] = slices.Clone(values)
	}
	return in
}

func orNone(value string) string {
	if value == "" {
		return noneGiven
	}
	return value
}

// at is an address of a page with the same period and filters; change is name, value, name, value, and an
// empty value leaves one out.
func (a asking) at(path string, change ...string) string {
	in := a.values()
	for pair := range slices.Chunk(change, 2) {
		if in.Del(pair[0]); pair[1] != "" {
			in.Set(pair[0], pair[1])
		}
	}
	if len(in) == 0 {
		return path
	}
	return path + "?" + in.Encode()
}

// within is at of a part of the period, such as a day of a trend.
func (a asking) within(path string, b kpi.Bucket) string {
	zone := a.days.from.Location()
	return a.at(path, "period", "", "step", "", "kpi", "", "by", "", "and", "",
		"from", b.From.In(zone).Format(time.DateOnly), "until", b.Until.Add(-1).In(zone).Format(time.DateOnly))
}

// with is at where a dimension has one value.
func (a asking) with(path string, change ...string) string {
	for i := 1; i < len(change); i += 2 {
		change[i] = orNone(change[i])
	}
	return a.at(path, append(change, "by", "", "and", "", "kpi", "", "step", "")...)
}

// ask is what is asked, for the figures.
func (a asking) ask(measures ...string) figures.Ask {
	ask := figures.Ask{From: a.days.from, Until: a.days.until, Zone: a.Zone, Measures: measures}
	for d, values := range a.Filters {
		for _, value := range values {
			ask.Filters = append(ask.Filters, string(d)+":"+value)
		}
	}
	return ask
}

// figures makes the table ready, and the question of some measures; of none, of the headline figures.
func (c *console) figures(v *visit, a asking, measures ...string) (*kpi.Table, kpi.Query, error) {
	q, err := c.Figures.Query(v.Actor, a.ask(measures...))
	if err != nil {
		return nil, q, err
	}
	if a.Company {
		if !models.SeesCompany(v.Actor) {
			return nil, q, models.Refuse(models.CodeForbidden, "signals are of the whole company, for people who see all its cases")
		}
		q.Visible = models.Visible{All: true, Person: q.Visible.Person} // whoever looks stays away from what is about them
	}
	table, err := c.Figures.Table(v.r.Context())
	return table, q, err
}

// At is at, for templates.
func (a asking) At(path string) string { return a.at(path) }

// Frame is an address of a page with the same period and filters, and nothing else.
func (a asking) Frame(path string) string {
	return asking{Span: a.Span, From: a.From, Until: a.Until, Zone: a.Zone, Filters: a.Filters, Company: a.Company}.at(path)
}

// Fields are what is asked for, for a form that keeps it.
func (a asking) Fields() url.Values { return a.values() }

// Has says whether a filter has a value, for the form.
func (a asking) Has(name, value string) bool { return slices.Contains(a.values()[name], value) }
