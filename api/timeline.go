package api

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"recourse/api/openapi"
	"recourse/internal/cases"
	"recourse/models"
)

// ShowTimeline shows every event of a case.
func (d *door) ShowTimeline(ctx context.Context, r openapi.ShowTimelineRequestObject) (openapi.ShowTimelineResponseObject, error) {
	ctx, in := enter(ctx)
	moments, err := d.Cases.Timeline(ctx, in.actor(), r.Number)
	if err != nil {
		return nil, err
	}
	items := make([]openapi.Moment, len(moments))
	for i, m := range moments {
		if items[i], err = momentOf(m); err != nil {
			return nil, err
		}
	}
	return openapi.ShowTimeline200JSONResponse{Items: items}, nil
}

func momentOf(m cases.Moment) (openapi.Moment, error) {
	e := m.Event
	data, err := fields(e.Data)
	if err != nil {
		return openapi.Moment{}, fmt.Errorf("timeline %s/%d: %w", e.Case, e.Seq, err)
	}
	return openapi.Moment{
		ID: e.ID, Seq: e.Seq, Cycle: e.Cycle, Kind: string(e.Kind), Version: e.Version, DecidedAt: e.DecidedAt,
		HappenedAt: e.HappenedAt, Data: data, Texts: m.Words, ContactChanges: each(m.Contact, changeView), Hash: hex.EncodeToString(m.Hash),
		Actor: openapi.Actor{Kind: openapi.ActorKind(e.Actor.Kind), ID: e.Actor.ID, Roles: as[openapi.Role](e.Actor.Roles)},
	}, nil
}

func changeView(c models.Change) openapi.ContactChange {
	return openapi.ContactChange{Field: c.Field, Was: c.Was, Is: c.Is}
}

// fields spells an event's data out as it stands on record; numbers keep their digits.
func fields(d models.Data) (map[string]any, error) {
	body, err := json.Marshal(d)
	if err != nil {
		return nil, err
	}
	read := json.NewDecoder(bytes.NewReader(body))
	read.UseNumber()
	spelled := map[string]any{}
	return spelled, read.Decode(&spelled)
}
