package api

import (
	"context"
	"time"

	"recourse/api/openapi"
	"recourse/internal/figures"
	"recourse/internal/kpi"
	"recourse/models"
)

// Figures keep the table that figures are computed from; internal/figures has it.
type Figures interface {
	Table(ctx context.Context) (*kpi.Table, error)
	Query(a models.Actor, ask figures.Ask) (kpi.Query, error)
}

// ListKPIs lists the definitions of all figures.
func (d *door) ListKPIs(context.Context, openapi.ListKPIsRequestObject) (openapi.ListKPIsResponseObject, error) {
	return openapi.ListKPIs200JSONResponse{
		Items: append(each(kpi.Measures(), definitionOf), each(kpi.Retired(), definitionOf)...),
		Dimensions: each(kpi.Dimensions(), func(d kpi.DimensionInfo) openapi.Dimension {
			return openapi.Dimension{Key: string(d.Key), Title: both(d.Title)}
		}),
		Steps: as[string](kpi.Steps()),
	}, nil
}

// asked makes the table and the query of a request ready.
func (d *door) asked(ctx context.Context, in *inbound, ask figures.Ask) (*kpi.Table, kpi.Query, error) {
	q, err := d.Figures.Query(in.actor(), ask)
	if err != nil {
		return nil, q, err
	}
	table, err := d.Figures.Table(ctx)
	return table, q, err
}

// period is what a request says of the cases that it asks about.
func period(from, until, cut time.Time, zone string, filters, measures []string) figures.Ask {
	return figures.Ask{From: from.UTC(), Until: until.UTC(), Cut: cut.UTC(), Zone: zone, Filters: filters, Measures: measures}
}

// ShowSummary shows figures of a period with their targets and the period before.
func (d *door) ShowSummary(ctx context.Context, r openapi.ShowSummaryRequestObject) (openapi.ShowSummaryResponseObject, error) {
	ctx, in := enter(ctx)
	p := r.Params
	table, q, err := d.asked(ctx, in, period(p.From, p.Until, p.Cut, p.Zone, p.Filter, p.Kpi))
	if err != nil {
		return nil, err
	}
	s, err := table.Summary(q)
	if err != nil {
		return nil, err
	}
	return openapi.ShowSummary200JSONResponse(openapi.Summary{
		From: s.From, Until: s.Until, Cut: s.Cut, Samples: s.Samples, Received: s.Received, Withdrawn: s.Withdrawn,
		NotAccepted: s.NotAccepted, Merged: s.Merged, Anonymous: s.Anonymous, Open: s.Open, Resolved: s.Resolved,
		Figures: each(s.Answers, figureOf),
	}), nil
}

// ShowTrend shows figures step by step.
func (d *door) ShowTrend(ctx context.Context, r openapi.ShowTrendRequestObject) (openapi.ShowTrendResponseObject, error) {
	ctx, in := enter(ctx)
	p := r.Params
	table, q, err := d.asked(ctx, in, period(p.From, p.Until, p.Cut, p.Zone, p.Filter, p.Kpi))
	if err != nil {
		return nil, err
	}
	t, err := table.Trend(q, stepOf(p.Step))
	if err != nil {
		return nil, err
	}
	return openapi.ShowTrend200JSONResponse{
		From: q.From, Until: q.Until, Cut: q.Cut, Step: string(t.Step),
		Steps: each(t.Buckets, func(b kpi.Bucket) openapi.FigureStep {
			return openapi.FigureStep{From: b.From, Until: b.Until, Label: b.Label}
		}),
		Series: each(t.Series, func(s kpi.Series) openapi.FigureSeries {
			return openapi.FigureSeries{Kpi: definitionOf(s.Measure), Values: each(s.Values, valueOf), Total: valueOf(s.Total)}
		}),
	}, nil
}

// stepOf is the step of a trend; by itself a day.
func stepOf(step string) kpi.Step {
	if step == "" {
		return kpi.StepDay
	}
	return kpi.Step(step)
}

// ShowBreakdown shows figures by one dimension or two.
func (d *door) ShowBreakdown(ctx context.Context, r openapi.ShowBreakdownRequestObject) (openapi.ShowBreakdownResponseObject, error) {
	ctx, in := enter(ctx)
	p := r.Params
	table, q, err := d.asked(ctx, in, period(p.From, p.Until, p.Cut, p.Zone, p.Filter, p.Kpi))
	if err != nil {
		return nil, err
	}
	b, err := table.Breakdown(q, as[kpi.Dimension](p.By)...)
	if err != nil {
		return nil, err
	}
	return openapi.ShowBreakdown200JSONResponse{
		From: q.From, Until: q.Until, Cut: q.Cut, By: as[string](b.By), Kpis: each(b.Measures, definitionOf),
		Rows: each(b.Rows, func(row kpi.Row) openapi.BreakdownRow {
			return openapi.BreakdownRow{Keys: row.Keys, Values: each(row.Values, valueOf)}
		}),
		Total: each(b.Total, valueOf),
	}, nil
}

func figureOf(a kpi.Answer) openapi.Figure {
	f := openapi.Figure{Kpi: definitionOf(a.Measure), Value: valueOf(a.Value), Anonymous: valueOf(a.Anonymous), Beside: each(a.Beside, figureOf)}
	if a.Previous != nil {
		before := valueOf(*a.Previous)
		f.Previous = &before
	}
	return f
}

func definitionOf(m kpi.Measure) openapi.Definition {
	v := openapi.Definition{
		Key: m.Key, Version: m.Version, Retired: m.Retired, Headline: m.Headline, Title: both(m.Title), Question: both(m.Question),
		Population: both(m.Population), Counts: both(m.Numerator), Of: both(m.Denominator), From: both(m.From), To: both(m.To),
		Unit: string(m.Unit), Cycle: string(m.Cycle), Kind: string(m.Kind), Items: string(m.Of), Whose: string(m.Whose),
		Alarm: m.Alarm, Better: string(m.Better), Beside: m.Beside,
	}
	if m.Target != 0 {
		v.Target = &m.Target
	}
	return v
}

func valueOf(v kpi.Value) openapi.FigureValue {
	out := openapi.FigureValue{N: v.N, Hits: v.Hits, Numerator: v.Numerator, Denominator: v.Denominator, Value: v.Value, Stats: statsOf(v.Stats)}
	if v.Interval != nil {
		out.Low, out.High = &v.Interval.Low, &v.Interval.High
	}
	out.Money = each(v.Money, func(m kpi.Money) openapi.FigureMoney {
		return openapi.FigureMoney{Currency: m.Currency, Cases: m.Cases, Minor: m.Minor}
	})
	return out
}

func statsOf(s *kpi.Stats) *openapi.FigureStats {
	if s == nil {
		return nil
	}
	return &openapi.FigureStats{Mean: s.Mean, Sd: s.SD, Min: s.Min, Max: s.Max, Median: s.Median, P90: s.P90, Sum: s.Sum}
}

func both(t kpi.Text) openapi.BothLanguages { return openapi.BothLanguages{En: t.EN, Zh: t.ZH} }
