package console

import (
	"net/http"
	"net/url"
	"time"

	"recourse/internal/report"
	"recourse/models"
)

// reportsPage lists the reports, and makes one.
type reportsPage struct {
	directory

	Area    []link
	Reports []reportLine
	Older   string // the next page's address; empty: there is none
	MayMake bool
	Steps   []report.Step
	Step    string // as it was sent
	Day     string
	Latest  string // the last day of which a report can be made
	Faults  map[string]string
}

// reportLine is a report in a list.
type reportLine struct {
	models.Report

	Period string
}

func (c *console) reports(v *visit) error { return c.showReports(v, nil) }

func (c *console) showReports(v *visit, refused error) error {
	rows, next, err := c.Reports.List(v.r.Context(), v.Actor, v.r.URL.Query().Get("cursor"), 0)
	if err != nil {
		return err
	}
	begun, _ := report.StepMonth.Containing(c.Now(), c.Zone)
	p := reportsPage{
		Area: v.areaOf(asking{}), MayMake: report.MayMake(v.Actor) == nil, Steps: report.Steps(), Step: string(report.StepMonth),
		Day: begun.In(c.Zone).AddDate(0, -1, 0).Format(time.DateOnly), Latest: c.Now().In(c.Zone).Format(time.DateOnly),
	}
	if p.directory, err = v.directory(v.r.Context()); err != nil {
		return err
	}
	for _, r := range rows {
		p.Reports = append(p.Reports, reportLine{r, v.periodOf(r)})
	}
	if next != "" {
		p.Older = "/reports?" + url.Values{"cursor": {next}}.Encode()
	}
	if refused == nil {
		return v.showAs(http.StatusOK, "reports", p)
	}
	p.Step, p.Day, p.Faults = v.field("step"), v.field("day"), v.faults(refused)
	return v.showAs(statusOf(refused), "reports", p)
}

// periodOf is the period of a report in words: its name where it has one, and its days.
func (v *visit) periodOf(r models.Report) string {
	zone := v.c.pages.zone(r.Zone, v.c.Zone)
	from, until := r.FromAt.In(zone), r.UntilAt.Add(-1).In(zone)
	return v.Say("figures.days", "from", from.Format(time.DateOnly), "until", until.Format(time.DateOnly))
}

// makeReport makes the report of a period that is over, or leads to the one there is.
func (c *console) makeReport(v *visit) error {
	if err := v.form(mostLines); err != nil {
		return err
	}
	ctx := v.r.Context()
	step, err := report.ParseStep(v.field("step"))
	if err != nil {
		return c.refusedReport(v, err)
	}
	r, made, err := c.Reports.MakeOf(ctx, v.Actor, step, v.field("day"))
	if err != nil {
		return c.refusedReport(v, err)
	}
	if !made {
		v.tell("done.report_known")
		return v.goTo("/reports/" + r.ID)
	}
	if _, err := c.Reports.Tell(ctx, r.ID); err != nil {
		return err
	}
	v.tell("done.report_made")
	return v.goTo("/reports/" + r.ID)
}

// refusedReport shows the page again with what was wrong, to whoever may make reports.
func (c *console) refusedReport(v *visit, err error) error {
	if models.CodeOf(err) != models.CodeInvalid {
		return err
	}
	return c.showReports(v, err)
}

// restateReport makes a twin of a report.
func (c *console) restateReport(v *visit) error {
	if err := v.form(mostLines); err != nil {
		return err
	}
	ctx, id := v.r.Context(), v.r.PathValue("id")
	twin, _, err := c.Reports.Restate(ctx, v.Actor, id, v.field("reason"), v.field("key"))
	if code := models.CodeOf(err); code == models.CodeInvalid || code == models.CodeKeyReused {
		return c.showReport(v, id, err)
	}
	if err != nil {
		return err
	}
	if _, err := c.Reports.Tell(ctx, twin.ID); err != nil { // sent again, it tells nobody twice
		return err
	}
	v.tell("done.report_restated")
	return v.goTo("/reports/" + twin.ID)
}
