package api

import (
	"context"

	"recourse/api/openapi"
	"recourse/models"
)

// ListSignals lists what rose.
func (d *door) ListSignals(ctx context.Context, r openapi.ListSignalsRequestObject) (openapi.ListSignalsResponseObject, error) {
	ctx, in := enter(ctx)
	p := r.Params
	page, err := d.Cases.Signals(ctx, in.actor(), models.SignalQuery{
		Dimension: string(p.Dimension), Value: p.Value, Step: string(p.Step), From: p.From.UTC(), Until: p.Until.UTC(), Cursor: p.Cursor, Limit: p.Limit,
	})
	if err != nil {
		return nil, err
	}
	return openapi.ListSignals200JSONResponse{
		Body:    openapi.SignalList{Items: each(page.Items, signalOf)},
		Headers: openapi.ListSignals200ResponseHeaders{Link: in.next(page.Next)},
	}, nil
}

// ShowSignal shows a signal with its evidence.
func (d *door) ShowSignal(ctx context.Context, r openapi.ShowSignalRequestObject) (openapi.ShowSignalResponseObject, error) {
	ctx, in := enter(ctx)
	s, err := d.Cases.Signal(ctx, in.actor(), r.ID)
	if err != nil {
		return nil, err
	}
	out := signalOf(s)
	out.Evidence = &openapi.SignalEvidence{
		Format: s.Evidence.Format, Volume: openapi.SignalEvidenceVolume(s.Evidence.Volume), Base: s.Evidence.Base, Widened: s.Evidence.Widened,
		Chances: each(s.Evidence.Chances, func(c models.RuleChance) openapi.SignalChance {
			return openapi.SignalChance{Rule: openapi.SignalRule(c.Rule), Chance: c.Chance}
		}),
		Points: each(s.Evidence.Points, func(p models.EvidencePoint) openapi.SignalPoint {
			return openapi.SignalPoint{
				From: p.From, Until: p.Until, Label: p.Label, Count: p.Count, Size: p.Size, Lower: p.Lower, Upper: p.Upper, Rules: as[openapi.SignalRule](p.Rules),
			}
		}),
	}
	return openapi.ShowSignal200JSONResponse(out), nil
}

func signalOf(s models.Signal) openapi.Signal {
	return openapi.Signal{
		ID: s.ID, Dimension: openapi.SignalDimension(s.Dimension), Value: s.Value, Step: openapi.SignalStep(s.Step), From: s.From, Until: s.Until, Zone: s.Zone,
		Chart: openapi.SignalChart(s.Chart), Count: s.Count, Size: s.Size, Center: s.Center, Upper: s.Upper, Expected: s.Expected(),
		Rules: as[openapi.SignalRule](s.Rules), Chance: s.Chance, FirstSeen: s.FirstSeen, DetectedAt: s.DetectedAt,
	}
}
