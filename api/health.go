package api

import (
	"context"
	"time"

	"recourse/api/openapi"
)

// Alive says that the program runs.
func (d *door) Alive(context.Context, openapi.AliveRequestObject) (openapi.AliveResponseObject, error) {
	return openapi.Alive200JSONResponse{Alive: true}, nil
}

// Ready says whether complaints can be taken. What exactly is wrong is for the log: anybody may ask.
func (d *door) Ready(ctx context.Context, _ openapi.ReadyRequestObject) (openapi.ReadyResponseObject, error) {
	ctx, in := enter(ctx)
	h := d.Cases.Health(ctx)
	v := openapi.Readiness{
		Ready: h.Ready, Database: openapi.ReadinessDatabaseOk, Temporal: openapi.ReadinessTemporalOk,
		RelayAgeSeconds: int64(h.RelayAge / time.Second), Calendars: openapi.ReadinessCalendarsOk,
	}
	if h.Database != "" {
		v.Database = openapi.ReadinessDatabaseFailing
	}
	if h.Temporal != "" {
		v.Temporal = openapi.ReadinessTemporalFailing
	}
	if len(h.Ending) > 0 {
		v.Calendars = openapi.ReadinessCalendarsEnding
	}
	if h.Database != "" || h.Temporal != "" {
		d.Log.WarnContext(ctx, "not all is well", "request_id", in.id, "database", h.Database, "temporal", h.Temporal)
	}
	if !h.Ready {
		return openapi.Ready503JSONResponse(v), nil
	}
	return openapi.Ready200JSONResponse(v), nil
}
