package api

import (
	"context"
	"encoding/json"
	"fmt"

	"recourse/api/openapi"
	"recourse/internal/cases"
	"recourse/models"
)

// ShowDispatchTable shows the dispatch table in force.
func (d *door) ShowDispatchTable(ctx context.Context, _ openapi.ShowDispatchTableRequestObject) (openapi.ShowDispatchTableResponseObject, error) {
	ctx, _ = enter(ctx)
	v, err := d.Cases.DispatchTable(ctx)
	if err != nil {
		return nil, err
	}
	body, err := tableOf(v)
	return openapi.ShowDispatchTable200JSONResponse{
		Body: body, Headers: openapi.ShowDispatchTable200ResponseHeaders{ETag: etag(v.Version)},
	}, err
}

// PutDispatchTable puts a new version in force. Table and contract have the same words, so that the
// table travels as JSON and needs no second shape.
func (d *door) PutDispatchTable(ctx context.Context, r openapi.PutDispatchTableRequestObject) (openapi.PutDispatchTableResponseObject, error) {
	ctx, in := enter(ctx)
	document, err := json.Marshal(r.Body.Table)
	if err != nil {
		return nil, fmt.Errorf("write dispatch table: %w", err)
	}
	v, err := d.Cases.PutDispatchTable(ctx, in.actor(), cases.TableWish{
		Document: document, Reason: r.Body.Reason, IfVersion: ifSeq(r.Params.IfMatch),
	})
	if err != nil {
		return nil, err
	}
	body, err := tableOf(v)
	return openapi.PutDispatchTable200JSONResponse{
		Body: body, Headers: openapi.PutDispatchTable200ResponseHeaders{ETag: etag(v.Version)},
	}, err
}

func tableOf(v cases.DispatchTable) (openapi.DispatchTableVersion, error) {
	shown := openapi.DispatchTableVersion{
		Version: v.Version, Author: v.Author, Reason: v.Reason, CreatedAt: v.CreatedAt, Warnings: each(v.Warnings, faultOf),
	}
	if err := json.Unmarshal(v.Document, &shown.Table); err != nil {
		return shown, fmt.Errorf("read dispatch table %d: %w", v.Version, err)
	}
	return shown, nil
}

func faultOf(f cases.Fault) openapi.Fault {
	return openapi.Fault{Pointer: &f.Pointer, Detail: cut(f.Says), Line: f.Line}
}

// ListDispatchTables lists the versions of the dispatch table.
func (d *door) ListDispatchTables(ctx context.Context, r openapi.ListDispatchTablesRequestObject) (openapi.ListDispatchTablesResponseObject, error) {
	ctx, in := enter(ctx)
	page, err := d.Cases.DispatchTables(ctx, r.Params.Cursor, r.Params.Limit)
	if err != nil {
		return nil, err
	}
	history := openapi.DispatchTableHistory{Items: make([]openapi.DispatchTableEntry, len(page.Items))}
	for i, v := range page.Items {
		shown, err := tableOf(v)
		if err != nil {
			return nil, err
		}
		history.Items[i] = openapi.DispatchTableEntry{
			Version: shown.Version, Table: shown.Table, Author: shown.Author, Reason: shown.Reason, CreatedAt: shown.CreatedAt,
		}
	}
	return openapi.ListDispatchTables200JSONResponse{
		Body: history, Headers: openapi.ListDispatchTables200ResponseHeaders{Link: in.next(page.Next)},
	}, nil
}

// TryDispatch says where a complaint would go now.
func (d *door) TryDispatch(ctx context.Context, r openapi.TryDispatchRequestObject) (openapi.TryDispatchResponseObject, error) {
	ctx, _ = enter(ctx)
	b := r.Body
	v, err := d.Cases.TryDispatch(ctx, cases.Facts{
		Category: b.Category, Product: b.Product, Region: b.Region, Channel: models.Channel(b.Channel),
		Severity: models.Severity(b.Severity), Language: models.Language(b.Language),
	})
	return openapi.TryDispatch200JSONResponse(routingOf(v)), err
}

// ShowRoute shows where a case that waits to be dispatched would go now.
func (d *door) ShowRoute(ctx context.Context, r openapi.ShowRouteRequestObject) (openapi.ShowRouteResponseObject, error) {
	ctx, in := enter(ctx)
	v, err := d.Cases.Route(ctx, in.actor(), r.Number)
	return openapi.ShowRoute200JSONResponse(routingOf(v)), err
}

func routingOf(v cases.Routing) openapi.Routing {
	shown := openapi.Routing{Team: v.Team, Passed: []openapi.RoutingMiss{}}
	if v.At >= 0 {
		shown.At = &v.At
	}
	if r := v.Route; r != nil {
		shown.Rule, shown.Department, shown.Person = r.Rule, r.Department, r.Person
		shown.Supervising, shown.Auto = r.Supervising, r.Auto
	}
	for _, m := range v.Passed {
		shown.Passed = append(shown.Passed, openapi.RoutingMiss{Rule: m.Rule, Why: openapi.RoutingPassedWhy(m.Why)})
	}
	return shown
}
