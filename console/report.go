package console

import (
	"fmt"
	"math"
	"net/http"
	"strings"
	"time"

	"recourse/internal/kpi"
	"recourse/internal/report"
	"recourse/models"
)

// reportPage is one report. What stands in Sheet is of its body alone: definitions of today are not asked.
type reportPage struct {
	directory

	Area    []link
	Report  models.Report
	Intact  bool
	Sheet   reportSheet
	First   *reportLine
	Twins   []reportLine
	MayMake bool
	Pressed bool   // it can be had as a PDF
	Key     string // of the form
	Reason  string // as it was sent
	Faults  map[string]string
}

// reportSheet is what a report says, ready to be read.
type reportSheet struct {
	Period, Before, Zone string
	Cut                  string // in the zone of the report, whoever reads it
	Scope                []string
	Counts               report.Counts
	Headline, Others     []reportFigure
	Labels               []string // of the trend
	Trend                []reportRow
	Parts                []reportParts
	Definitions          []reportDefinition
	Twin                 *reportTwin
}

// reportFigure is a figure as a row.
type reportFigure struct {
	ID, Title, Says, Between, Of, Before, Target string
	Met, Few, Alarm                              bool
}

// reportRow is a name with what stands beside it.
type reportRow struct {
	Name  string
	Cells []reportCell
}

// reportCell is a value, and of how many it is made.
type reportCell struct{ Says, Of string }

// reportParts is a breakdown.
type reportParts struct {
	Title   string
	Columns []string
	Rows    []reportRow
	LeftOut int
}

// reportDefinition is what a figure meant.
type reportDefinition struct {
	ID, Title, Question, Population, Numerator, Denominator, Target string
}

func (c *console) report(v *visit) error { return c.showReport(v, v.r.PathValue("id"), nil) }

func (c *console) showReport(v *visit, id string, refused error) error {
	p, err := c.reportPage(v, id)
	if err != nil {
		return err
	}
	if refused == nil {
		return v.showAs(http.StatusOK, "report", p)
	}
	p.Reason, p.Faults = v.field("reason"), v.faults(refused)
	return v.showAs(statusOf(refused), "report", p)
}

func (c *console) reportPage(v *visit, id string) (reportPage, error) {
	found, err := c.Reports.Show(v.r.Context(), v.Actor, id)
	if err != nil {
		return reportPage{}, err
	}
	p := reportPage{
		Area: v.areaOf(asking{}), Report: found.Report, Intact: found.Intact, Sheet: v.sheetOf(found.Says),
		MayMake: report.MayMake(v.Actor) == nil, Key: c.NewID(), Pressed: c.Press.Ready(),
	}
	if p.directory, err = v.directory(v.r.Context()); err != nil {
		return p, err
	}
	if found.First != nil {
		p.First = &reportLine{*found.First, v.periodOf(*found.First)}
	}
	for _, twin := range found.Twins {
		p.Twins = append(p.Twins, reportLine{twin, v.periodOf(twin)})
	}
	return p, nil
}

// sheetOf writes a body in the reader's language.
func (v *visit) sheetOf(b report.Body) reportSheet {
	zone := v.c.pages.zone(b.Zone, v.c.Zone)
	days := func(from, until time.Time) string {
		return v.Say("figures.days", "from", from.In(zone).Format(time.DateOnly), "until", until.Add(-1).In(zone).Format(time.DateOnly))
	}
	s := reportSheet{
		Period: days(b.From, b.Until), Before: days(b.PreviousFrom, b.From), Zone: b.Zone, Cut: v.Instant(b.Cut, zone), Scope: b.Scope, Counts: b.Counts, Labels: b.Trend.Labels,
	}
	for _, f := range b.Figures {
		d := b.Definition(f.ID)
		if row := v.reportFigure(d, f); d.Headline {
			s.Headline = append(s.Headline, row)
		} else {
			s.Others = append(s.Others, row)
		}
		s.Definitions = append(s.Definitions, v.reportDefinition(d))
	}
	for _, series := range b.Trend.Series {
		d := b.Definition(series.ID)
		s.Trend = append(s.Trend, reportRow{v.inEither(d.Title), v.reportCells([]report.Definition{d}, series.Values)})
	}
	for _, parts := range b.Breakdowns {
		s.Parts = append(s.Parts, v.reportParts(b, parts))
	}
	if b.Twin != nil {
		s.Twin = v.reportTwin(b)
	}
	return s
}

// inEither is a frozen text in the reader's language.
func (v *visit) inEither(t report.Text) string { return v.say(kpi.Text{EN: t.EN, ZH: t.ZH}) }

// frozenSays is a frozen value of a unit; empty where there was nothing to divide by.
func (v *visit) frozenSays(unit string, n *float64) string {
	if n == nil {
		return ""
	}
	return v.unitSays(kpi.Unit(unit), *n)
}

func (v *visit) reportFigure(d report.Definition, f report.Figure) reportFigure {
	row := reportFigure{
		ID: d.ID, Title: v.inEither(d.Title), Says: v.frozenSays(d.Unit, f.Now.Value), Before: v.frozenSays(d.Unit, f.Previous.Value),
		Of: v.reportOf(f.Now), Few: f.Now.N < few, Alarm: d.Alarm,
	}
	if f.Now.Low != nil && f.Now.High != nil {
		row.Between = v.frozenSays(d.Unit, f.Now.Low) + " – " + v.frozenSays(d.Unit, f.Now.High)
	}
	if d.Target != 0 {
		row.Target = v.targetOf(d)
		row.Met = f.Now.Value != nil && (*f.Now.Value >= d.Target) != d.Alarm
	}
	return row
}

// weighed says whether a value is a share of weights: of its items alone it would be another one.
func weighed(value report.Value) bool {
	const told = 0.001 // less than this nobody reads
	if value.Value == nil || value.Low != nil || value.N == 0 || *value.Value > 1 {
		return false
	}
	return math.Abs(*value.Value-float64(value.Hits)/float64(value.N)) > told
}

// reportOf says of how many a value is made.
func (v *visit) reportOf(value report.Value) string {
	if weighed(value) {
		return v.Say("reports.weighed", "n", value.N)
	}
	return v.Say("overview.of", "some", v.Number(value.Hits), "all", v.Number(value.N))
}

func (v *visit) targetOf(d report.Definition) string {
	if d.Target == 0 {
		return ""
	}
	sign := "≥ "
	if d.Alarm {
		sign = "≤ "
	}
	return sign + v.unitSays(kpi.Unit(d.Unit), d.Target)
}

// reportCells are values in a row: all of one definition, or each of its own.
func (v *visit) reportCells(of []report.Definition, values []report.Value) (cells []reportCell) {
	for i, value := range values {
		d := of[min(i, len(of)-1)]
		cells = append(cells, reportCell{v.frozenSays(d.Unit, value.Value), v.reportOf(value)})
	}
	return cells
}

func (v *visit) reportParts(b report.Body, parts report.Breakdown) reportParts {
	p := reportParts{Title: v.inEither(parts.Title), LeftOut: parts.LeftOut}
	var of []report.Definition
	for _, id := range parts.IDs {
		d := b.Definition(id)
		of, p.Columns = append(of, d), append(p.Columns, v.inEither(d.Title))
	}
	for _, row := range parts.Rows {
		name := v.inEither(row.Name)
		if row.Key == "" {
			name = v.Say("figures.none_given")
		}
		p.Rows = append(p.Rows, reportRow{name, v.reportCells(of, row.Values)})
	}
	return p
}

func (v *visit) reportDefinition(d report.Definition) reportDefinition {
	return reportDefinition{
		ID: d.ID, Title: v.inEither(d.Title), Question: v.inEither(d.Question), Population: v.inEither(d.Population),
		Numerator: v.inEither(d.Numerator), Denominator: v.inEither(d.Denominator), Target: v.targetOf(d),
	}
}

// reportTwin is why a restated report says something else than its original.
type reportTwin struct {
	Reason    string
	Cut       string // of the original
	Digest    string
	Causes    []report.Cause // the columns
	Changes   []reportChange
	Unchanged int
}

// reportChange is one figure that changed.
type reportChange struct {
	Title, Was, Is, Then, Now string
	Steps                     []reportStep // in the order of the causes
}

// reportStep is what one cause did: to the value, and to what it is made of.
type reportStep struct {
	By, Of string
	None   bool // it did nothing
}

// causes are those a report tells apart; a rest is told wherever there is one.
var causes = []report.Cause{report.CauseRecord, report.CauseLate, report.CauseTime, report.CauseDefinition, report.CauseRest}

func (v *visit) reportTwin(b report.Body) *reportTwin {
	t := &reportTwin{Reason: b.Twin.Reason, Cut: v.Instant(b.Twin.Cut, v.c.pages.zone(b.Zone, v.c.Zone)), Digest: b.Twin.Digest, Causes: causes}
	for _, c := range b.Twin.Changes {
		if !c.Changed() {
			t.Unchanged++
			continue
		}
		was := c.Old
		change := reportChange{
			Title: v.inEither(was.Title), Was: c.Was, Is: c.Is, Then: v.frozenSays(was.Unit, c.Then.Value), Now: v.frozenSays(was.Unit, c.Now.Value),
		}
		for _, cause := range causes {
			change.Steps = append(change.Steps, v.reportStep(was.Unit, cause, c.Steps))
		}
		t.Changes = append(t.Changes, change)
	}
	return t
}

func (v *visit) reportStep(unit string, cause report.Cause, steps []report.Stepwise) reportStep {
	for _, s := range steps {
		if s.Cause != cause || s.N == 0 && s.Hits == 0 && (s.By == nil || *s.By == 0) {
			continue
		}
		step := reportStep{Of: v.Say("reports.of_by", "some", moved(s.Hits), "all", moved(s.N))}
		if s.By != nil {
			step.By = v.movedBy(unit, *s.By)
		}
		return step
	}
	return reportStep{None: true}
}

// movedBy is by how much a value moved: a share in points of a hundred.
func (v *visit) movedBy(unit string, by float64) string {
	if unit == string(kpi.UnitRatio) {
		return v.Say("reports.points", "n", strings.Replace(fmt.Sprintf("%+.2f", 100*by), "-", "−", 1))
	}
	return strings.Replace(fmt.Sprintf("%+.2f", by), "-", "−", 1)
}

func moved(n int64) string { return strings.Replace(fmt.Sprintf("%+d", n), "-", "−", 1) }
