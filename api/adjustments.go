package api

import (
	"context"

	"recourse/api/openapi"
	"recourse/internal/cases"
	"recourse/models"
)

// ListAdjustments lists the latest adjustments.
func (d *door) ListAdjustments(ctx context.Context, _ openapi.ListAdjustmentsRequestObject) (openapi.ListAdjustmentsResponseObject, error) {
	ctx, in := enter(ctx)
	all, err := d.Cases.Adjustments(ctx, in.actor())
	return openapi.ListAdjustments200JSONResponse{Items: each(all, adjustmentOf)}, err
}

// PreviewAdjustment says what an adjustment would do, and keeps that.
func (d *door) PreviewAdjustment(ctx context.Context, r openapi.PreviewAdjustmentRequestObject) (openapi.PreviewAdjustmentResponseObject, error) {
	ctx, in := enter(ctx)
	b := r.Body
	a, err := d.Cases.PreviewAdjustment(ctx, in.call(), cases.AdjustmentWish{
		Kind: models.AdjustmentKind(b.Kind), Policy: b.Policy, Grace: b.Grace, Later: b.Later, Until: b.Until, Tell: b.Tell, Reason: b.Reason,
		Clocks: each(b.Clocks, func(name string) models.Clock { return models.Clock(name) }),
		Filter: models.AdjustmentFilter{
			Channels: b.Filter.Channels, Regions: b.Filter.Regions, Departments: b.Filter.Departments, Categories: b.Filter.Categories,
			Products: b.Filter.Products, Severities: b.Filter.Severities,
		},
	})
	return openapi.PreviewAdjustment201JSONResponse(adjustmentOf(a)), err
}

// ShowAdjustment shows an adjustment and how far it has come.
func (d *door) ShowAdjustment(ctx context.Context, r openapi.ShowAdjustmentRequestObject) (openapi.ShowAdjustmentResponseObject, error) {
	ctx, in := enter(ctx)
	a, err := d.Cases.Adjustment(ctx, in.actor(), r.ID)
	return openapi.ShowAdjustment200JSONResponse(adjustmentOf(a)), err
}

// StartAdjustment lets an adjustment come over its cases.
func (d *door) StartAdjustment(ctx context.Context, r openapi.StartAdjustmentRequestObject) (openapi.StartAdjustmentResponseObject, error) {
	ctx, in := enter(ctx)
	a, err := d.Cases.StartAdjustment(ctx, in.actor(), r.ID)
	return openapi.StartAdjustment200JSONResponse(adjustmentOf(a)), err
}

// UndoAdjustment takes an adjustment back.
func (d *door) UndoAdjustment(ctx context.Context, r openapi.UndoAdjustmentRequestObject) (openapi.UndoAdjustmentResponseObject, error) {
	ctx, in := enter(ctx)
	a, err := d.Cases.UndoAdjustment(ctx, in.actor(), r.ID)
	return openapi.UndoAdjustment200JSONResponse(adjustmentOf(a)), err
}

// ListAdjustedCases lists the cases of an adjustment.
func (d *door) ListAdjustedCases(ctx context.Context, r openapi.ListAdjustedCasesRequestObject) (openapi.ListAdjustedCasesResponseObject, error) {
	ctx, in := enter(ctx)
	page, err := d.Cases.AdjustedCases(ctx, in.actor(), r.ID, r.Params.Cursor, r.Params.Limit, models.AdjustedState(r.Params.State))
	if err != nil {
		return nil, err
	}
	return openapi.ListAdjustedCases200JSONResponse{
		Body:    openapi.AdjustedCaseList{Items: each(page.Items, adjustedCaseOf)},
		Headers: openapi.ListAdjustedCases200ResponseHeaders{Link: in.next(page.Next)},
	}, nil
}

func adjustmentOf(a cases.Adjustment) openapi.Adjustment {
	shown := openapi.Adjustment{
		ID: a.ID, Kind: openapi.AdjustmentKind(a.Kind), State: openapi.AdjustmentState(a.State), Policy: a.Policy,
		Grace: a.GraceText(), Later: a.LaterText(),
		Clocks: a.Clocks, Until: a.Until, Tell: a.Tell, Reason: a.Reason, Author: a.Author, CreatedAt: a.CreatedAt, NotBefore: a.NotBefore,
		StartedBy: a.StartedBy, StartedAt: a.StartedAt, DoneAt: a.DoneAt, UndoneBy: a.UndoneBy, UndoneAt: a.UndoneAt,
		Cases: a.Cases, Earlier: a.Earlier, LaterBy: a.LaterBy, AtOnce: a.AtOnce, Left: a.Left(), ByState: []openapi.AdjustmentCount{},
		Filter: openapi.AdjustmentFilter{
			Channels: a.Filter.Channels, Regions: a.Filter.Regions, Departments: a.Filter.Departments, Categories: a.Filter.Categories,
			Products: a.Filter.Products, Severities: a.Filter.Severities,
		},
	}
	for _, s := range models.AdjustedStates() {
		if n := a.By[s]; n > 0 {
			shown.ByState = append(shown.ByState, openapi.AdjustmentCount{State: openapi.AdjustedState(s), Cases: n})
		}
	}
	return shown
}

func adjustedCaseOf(c models.AdjustedCase) openapi.AdjustedCase {
	return openapi.AdjustedCase{
		Number: c.Number, State: openapi.AdjustedState(c.State), Planned: each(c.Planned, boundMoveOf), Moved: each(c.Moved, boundMoveOf),
		AtOnce: c.AtOnce, Why: c.Why, At: c.At,
	}
}

func boundMoveOf(m models.BoundMove) openapi.BoundMove {
	return openapi.BoundMove{Run: m.Run, Clock: string(m.Clock), Bound: string(m.Bound), From: unlessZero(m.From), To: unlessZero(m.To)}
}
