package api

import (
	"context"

	"recourse/api/openapi"
	"recourse/internal/kpi/headline"
	"recourse/models"
)

// ShowSummary shows the headline figures.
func (d *door) ShowSummary(ctx context.Context, r openapi.ShowSummaryRequestObject) (openapi.ShowSummaryResponseObject, error) {
	ctx, in := enter(ctx)
	from, until := r.Params.From.UTC(), r.Params.Until.UTC() // zero: the service's own period
	if !from.IsZero() && !until.IsZero() && !from.Before(until) {
		return nil, &refusal{
			base:   models.Refuse(models.CodeInvalid, "until lies at or before from"),
			faults: []openapi.Fault{{Parameter: "until", Detail: "lies at or before from"}},
		}
	}
	s, err := d.Cases.Summary(ctx, in.actor(), from, until)
	if err != nil {
		return nil, err
	}
	return openapi.ShowSummary200JSONResponse(openapi.Summary{
		From: s.From, Until: s.Until, Cut: s.Cut, Samples: s.Samples, Received: s.Received, Withdrawn: s.Withdrawn,
		NotAccepted: s.NotAccepted, Anonymous: s.Anonymous, Open: s.Open, Resolved: s.Resolved,
		Figures: each(s.Figures, figureOf),
	}), nil
}

func figureOf(f headline.Figure) openapi.Figure {
	v := openapi.Figure{
		Key: f.Key, Title: both(f.Title), Question: both(f.Question), Population: both(f.Population),
		Counts: both(f.Measure.Numerator), Of: both(f.Measure.Denominator), Unit: string(f.Unit), Version: f.Version,
		Cycle: string(f.Cycle), Kind: string(f.Kind), Target: f.Target, Numerator: f.Numerator, Denominator: f.Denominator,
		Rate: f.Rate, Beside: each(f.Beside, besideOf),
	}
	if f.Rate != nil {
		v.Low, v.High = &f.Low, &f.High
	}
	return v
}

func besideOf(b headline.Beside) openapi.Beside {
	return openapi.Beside{Key: b.Key, Title: both(b.Title), Numerator: b.Numerator, Denominator: b.Denominator, Rate: b.Rate}
}

func both(t headline.Text) openapi.BothLanguages { return openapi.BothLanguages{En: t.EN, Zh: t.ZH} }
