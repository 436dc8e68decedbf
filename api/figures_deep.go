package api

import (
	"context"

	"recourse/api/openapi"
	"recourse/internal/figures"
	"recourse/internal/kpi"
)

// ShowDistribution shows how the values of a figure lie.
func (d *door) ShowDistribution(ctx context.Context, r openapi.ShowDistributionRequestObject) (openapi.ShowDistributionResponseObject, error) {
	ctx, in := enter(ctx)
	p := r.Params
	table, q, err := d.asked(ctx, in, period(p.From, p.Until, p.Cut, p.Zone, p.Filter, nil))
	if err != nil {
		return nil, err
	}
	found, err := table.Distribution(q, p.Kpi)
	if err != nil {
		return nil, err
	}
	return openapi.ShowDistribution200JSONResponse{
		From: q.From, Until: q.Until, Cut: q.Cut, Kpi: definitionOf(found.Measure), N: found.N, Stats: statsOf(found.Stats),
		Percentiles: each(found.Percentiles, func(p kpi.Percentile) openapi.FigurePercentile {
			return openapi.FigurePercentile{Percent: float64(p.Percent), Value: p.Value}
		}),
		Bins: each(found.Bins, func(b kpi.Bin) openapi.FigureBin {
			return openapi.FigureBin{From: b.From, Until: b.Until, Count: b.N}
		}),
	}, nil
}

// ListFigureCases lists what a figure counts.
func (d *door) ListFigureCases(ctx context.Context, r openapi.ListFigureCasesRequestObject) (openapi.ListFigureCasesResponseObject, error) {
	ctx, in := enter(ctx)
	p := r.Params
	table, q, err := d.asked(ctx, in, period(p.From, p.Until, p.Cut, p.Zone, p.Filter, nil))
	if err != nil {
		return nil, err
	}
	page, err := table.Cases(q, kpi.List{Measure: p.Kpi, Part: kpi.Part(p.Part), Cursor: p.Cursor, Limit: p.Limit})
	if err != nil {
		return nil, err
	}
	return openapi.ListFigureCases200JSONResponse{
		Body: openapi.FigureCaseList{Kpi: definitionOf(page.Measure), Total: page.Total, Items: each(page.Items, func(i kpi.Item) openapi.FigureCase {
			return openapi.FigureCase{
				Number: i.Number, Cycle: i.Cycle, Ref: i.Ref, ReceivedAt: i.ReceivedAt, Counts: i.Counts, Hit: i.Hit, Value: i.Value,
			}
		})},
		Headers: openapi.ListFigureCases200ResponseHeaders{Link: in.next(page.Next)},
	}, nil
}

// ShowPareto shows which few values make up most.
func (d *door) ShowPareto(ctx context.Context, r openapi.ShowParetoRequestObject) (openapi.ShowParetoResponseObject, error) {
	ctx, in := enter(ctx)
	p := r.Params
	table, q, err := d.asked(ctx, in, period(p.From, p.Until, p.Cut, p.Zone, p.Filter, nil))
	if err != nil {
		return nil, err
	}
	found, err := table.Pareto(q, p.Kpi, kpi.Dimension(p.By))
	if err != nil {
		return nil, err
	}
	return openapi.ShowPareto200JSONResponse{
		From: q.From, Until: q.Until, Cut: q.Cut, Kpi: definitionOf(found.Measure), By: string(found.By), Total: found.Total,
		Rows: each(found.Rows, func(r kpi.ParetoRow) openapi.ParetoRow {
			return openapi.ParetoRow{Key: r.Key, Amount: r.Amount, Share: r.Share, Cumulative: r.Cumulative, First: r.First}
		}),
	}, nil
}

// ShowCorrelation shows whether two figures go together.
func (d *door) ShowCorrelation(ctx context.Context, r openapi.ShowCorrelationRequestObject) (openapi.ShowCorrelationResponseObject, error) {
	ctx, in := enter(ctx)
	p := r.Params
	table, q, err := d.asked(ctx, in, period(p.From, p.Until, p.Cut, p.Zone, p.Filter, nil))
	if err != nil {
		return nil, err
	}
	c, err := table.Correlation(q, p.X, p.Y)
	if err != nil {
		return nil, err
	}
	out := openapi.ShowCorrelation200JSONResponse{
		From: q.From, Until: q.Until, Cut: q.Cut, X: definitionOf(c.X), Y: definitionOf(c.Y), N: c.N, Pearson: c.Pearson, Spearman: c.Spearman,
	}
	if c.Interval != nil {
		out.Low, out.High = &c.Interval.Low, &c.Interval.High
	}
	if c.RankInterval != nil {
		out.SpearmanLow, out.SpearmanHigh = &c.RankInterval.Low, &c.RankInterval.High
	}
	return out, nil
}

// ShowLive shows how the open cases stand now.
func (d *door) ShowLive(ctx context.Context, r openapi.ShowLiveRequestObject) (openapi.ShowLiveResponseObject, error) {
	ctx, in := enter(ctx)
	table, q, err := d.asked(ctx, in, figures.Ask{Filters: r.Params.Filter})
	if err != nil {
		return nil, err
	}
	l, err := table.Live(q)
	if err != nil {
		return nil, err
	}
	return openapi.ShowLive200JSONResponse{
		At: l.Cut, Open: l.All.Open, DueSoon: l.All.Soon, Overdue: l.All.Overdue, Paused: l.All.Paused,
		BySeverity: each(l.By, func(r kpi.LiveRow) openapi.LiveSeverity {
			return openapi.LiveSeverity{Severity: string(r.Severity), Open: r.Open, DueSoon: r.Soon, Overdue: r.Overdue, Paused: r.Paused}
		}),
	}, nil
}

// ShowBacklog shows how the work piled up.
func (d *door) ShowBacklog(ctx context.Context, r openapi.ShowBacklogRequestObject) (openapi.ShowBacklogResponseObject, error) {
	ctx, in := enter(ctx)
	p := r.Params
	table, q, err := d.asked(ctx, in, period(p.From, p.Until, p.Cut, p.Zone, p.Filter, nil))
	if err != nil {
		return nil, err
	}
	b, err := table.Backlog(q, stepOf(p.Step))
	if err != nil {
		return nil, err
	}
	out := openapi.ShowBacklog200JSONResponse{From: q.From, Until: q.Until, Cut: q.Cut, Step: string(b.Step)}
	for i, p := range b.Points {
		at := b.Buckets[i]
		out.Steps = append(out.Steps, openapi.BacklogStep{
			From: at.From, Until: at.Until, Label: at.Label, Came: p.Opened, Ended: p.Closed, Open: p.Open, Peak: p.Peak, PeakAt: p.PeakAt,
		})
	}
	return out, nil
}

// ShowSurveyFigures shows what customers answered.
func (d *door) ShowSurveyFigures(ctx context.Context, r openapi.ShowSurveyFiguresRequestObject) (openapi.ShowSurveyFiguresResponseObject, error) {
	ctx, in := enter(ctx)
	p := r.Params
	table, q, err := d.asked(ctx, in, period(p.From, p.Until, p.Cut, p.Zone, p.Filter, nil))
	if err != nil {
		return nil, err
	}
	s, err := table.Survey(q)
	if err != nil {
		return nil, err
	}
	return openapi.ShowSurveyFigures200JSONResponse{
		From: q.From, Until: q.Until, Cut: q.Cut, AnswerRate: valueOf(s.Rate), Answered: s.Answered, ByCallback: s.ByCallback,
		Nps: valueOf(s.NPS), Recommend: s.Recommend[:],
		Scores: each(s.Scores, func(one kpi.SurveyScore) openapi.SurveyScore {
			return openapi.SurveyScore{
				Key: one.Key, Title: both(one.Title), N: one.N, Mean: one.Mean, Weighted: one.Weighted, Sd: one.SD, Counts: one.Distribution[:],
			}
		}),
	}, nil
}
