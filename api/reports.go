package api

import (
	"context"
	"encoding/json"

	"recourse/api/openapi"
	"recourse/internal/report"
	"recourse/models"
)

// Reports are frozen figures of periods; internal/report has them.
type Reports interface {
	List(ctx context.Context, a models.Actor, cursor string, limit int) (page []models.Report, next string, err error)
	Show(ctx context.Context, a models.Actor, id string) (report.Shown, error)
	MakeOf(ctx context.Context, a models.Actor, step report.Step, day string) (r models.Report, made bool, err error)
	Restate(ctx context.Context, a models.Actor, id, reason, key string) (r models.Report, made bool, err error)
	Tell(ctx context.Context, id string) (int, error)
}

// ListReports lists reports without what they say.
func (d *door) ListReports(ctx context.Context, r openapi.ListReportsRequestObject) (openapi.ListReportsResponseObject, error) {
	ctx, in := enter(ctx)
	page, next, err := d.Reports.List(ctx, in.actor(), r.Params.Cursor, r.Params.Limit)
	if err != nil {
		return nil, err
	}
	return openapi.ListReports200JSONResponse{
		Body: openapi.PeriodReportList{Items: each(page, reportOf)}, Headers: openapi.ListReports200ResponseHeaders{Link: in.next(next)},
	}, nil
}

// ShowReport shows a report with what it says, as it was frozen.
func (d *door) ShowReport(ctx context.Context, r openapi.ShowReportRequestObject) (openapi.ShowReportResponseObject, error) {
	ctx, in := enter(ctx)
	found, err := d.Reports.Show(ctx, in.actor(), r.ID)
	if err != nil {
		return nil, err
	}
	out := openapi.PeriodReportWhole{Report: reportOf(found.Report), Intact: found.Intact, Twins: each(found.Twins, reportOf)}
	if err := json.Unmarshal(found.Body, &out.Body); err != nil {
		return nil, err
	}
	return openapi.ShowReport200JSONResponse(out), nil
}

// MakeReport makes the report of a period, unless there is one.
func (d *door) MakeReport(ctx context.Context, r openapi.MakeReportRequestObject) (openapi.MakeReportResponseObject, error) {
	ctx, in := enter(ctx)
	step, err := report.ParseStep(string(r.Body.Step))
	if err != nil {
		return nil, err
	}
	row, made, err := d.Reports.MakeOf(ctx, in.actor(), step, r.Body.Day)
	if err != nil || !made {
		return openapi.MakeReport200JSONResponse(reportOf(row)), err
	}
	_, err = d.Reports.Tell(ctx, row.ID)
	return openapi.MakeReport201JSONResponse(reportOf(row)), err
}

// RestateReport makes a twin of a report.
func (d *door) RestateReport(ctx context.Context, r openapi.RestateReportRequestObject) (openapi.RestateReportResponseObject, error) {
	ctx, in := enter(ctx)
	row, made, err := d.Reports.Restate(ctx, in.actor(), r.ID, r.Body.Reason, in.call().Key)
	if err != nil {
		return nil, err
	}
	_, err = d.Reports.Tell(ctx, row.ID) // also of a twin that is there: whoever made it may not have come this far
	if made {
		return openapi.RestateReport201JSONResponse(reportOf(row)), err
	}
	return openapi.RestateReport200JSONResponse(reportOf(row)), err
}

func reportOf(r models.Report) openapi.PeriodReport {
	return openapi.PeriodReport{
		ID: r.ID, Step: openapi.PeriodReportStep(r.Step), From: r.FromAt, Until: r.UntilAt, Zone: r.Zone, Scope: append([]string{}, r.Scope...), Cut: r.CutAt,
		MadeAt: r.MadeAt, MadeBy: r.MadeBy, Original: r.Original, Reason: r.Reason, Format: r.Format, Digest: r.Digest,
	}
}
