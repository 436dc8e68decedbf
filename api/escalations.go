package api

import (
	"context"
	"time"

	"recourse/api/openapi"
	"recourse/internal/cases"
)

// ListEscalations lists the alerts of the cases that the caller may see.
func (d *door) ListEscalations(ctx context.Context, r openapi.ListEscalationsRequestObject) (openapi.ListEscalationsResponseObject, error) {
	ctx, in := enter(ctx)
	page, err := d.Cases.Alerts(ctx, in.actor(), cases.AlertQuery{Open: r.Params.Open, Cursor: r.Params.Cursor, Limit: r.Params.Limit})
	if err != nil {
		return nil, err
	}
	return openapi.ListEscalations200JSONResponse{
		Body:    openapi.EscalationList{Items: each(page.Items, escalationOf)},
		Headers: openapi.ListEscalations200ResponseHeaders{Link: in.next(page.Next)},
	}, nil
}

func escalationOf(a cases.AlertView) openapi.Escalation {
	return openapi.Escalation{
		ID: a.ID, Number: a.Number, Key: a.Key, Clock: string(a.Clock), Bound: string(a.Bound), Rung: a.Rung, Repeat: a.Repeat,
		Roles: as[openapi.Role](a.Roles), Severity: openapi.Severity(a.Severity), Department: a.Department, Assignee: a.Assignee,
		DueAt: a.DueAt, FiredAt: a.FiredAt, AcknowledgeBy: at(a.AckBy), AcknowledgedAt: at(a.AcknowledgedAt),
		AcknowledgedBy: a.AcknowledgedBy, SnoozedBy: a.SnoozedBy, HandedTo: a.HandedTo, HandedBy: a.HandedBy, EndedAt: at(a.EndedAt), Superseded: a.Superseded,
		LateBySeconds: int64(a.LateBy / time.Second), LateReason: string(a.LateReason),
	}
}

// Acknowledge takes an alert on.
func (d *door) Acknowledge(ctx context.Context, r openapi.AcknowledgeRequestObject) (openapi.AcknowledgeResponseObject, error) {
	ctx, in := enter(ctx)
	done, err := d.Cases.Acknowledge(ctx, in.call(), r.ID)
	if err != nil {
		return nil, err
	}
	return openapi.Acknowledge200JSONResponse{DoneJSONResponse: doneOf(done)}, nil
}

// Snooze puts an alert off.
func (d *door) Snooze(ctx context.Context, r openapi.SnoozeRequestObject) (openapi.SnoozeResponseObject, error) {
	ctx, in := enter(ctx)
	done, err := d.Cases.Snooze(ctx, in.call(), r.ID, r.Body.Until.UTC(), r.Body.Reason)
	if err != nil {
		return nil, err
	}
	return openapi.Snooze200JSONResponse{DoneJSONResponse: doneOf(done)}, nil
}

// HandOver gives an alert to a named person.
func (d *door) HandOver(ctx context.Context, r openapi.HandOverRequestObject) (openapi.HandOverResponseObject, error) {
	ctx, in := enter(ctx)
	done, err := d.Cases.HandOver(ctx, in.call(), r.ID, r.Body.Person, r.Body.Reason)
	if err != nil {
		return nil, err
	}
	return openapi.HandOver200JSONResponse{DoneJSONResponse: doneOf(done)}, nil
}
