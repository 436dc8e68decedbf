package api

import (
	"context"

	"recourse/api/openapi"
	"recourse/internal/cases"
	"recourse/models"
)

// ListMessages lists every message, without what it says.
func (d *door) ListMessages(ctx context.Context, r openapi.ListMessagesRequestObject) (openapi.ListMessagesResponseObject, error) {
	ctx, in := enter(ctx)
	page, err := d.Cases.Outbox(ctx, in.actor(), cases.OutboxQuery{
		States: as[models.MessageState](r.Params.State), Channels: as[models.MessageChannel](r.Params.Channel), Number: r.Params.Number,
		Cursor: r.Params.Cursor, Limit: r.Params.Limit,
	})
	if err != nil {
		return nil, err
	}
	return openapi.ListMessages200JSONResponse{
		Body:    openapi.Outbox{Items: each(page.Items, outboxMessageOf)},
		Headers: openapi.ListMessages200ResponseHeaders{Link: in.next(page.Next)},
	}, nil
}

func outboxMessageOf(m cases.OutboxMessage) openapi.OutboxMessage {
	one := openapi.OutboxMessage{
		ID: m.ID, Number: m.Number, Seq: m.Seq, Template: m.Template, Channel: string(m.Channel), Person: m.Person, Roles: as[openapi.Role](m.Roles),
		Department: m.Department, Endpoint: m.Endpoint, State: openapi.OutboxMessageState(m.State), Attempts: m.Attempts, CreatedAt: m.CreatedAt,
		SentAt: at(m.SentAt), Why: m.Why,
	}
	if m.State == models.MessagePending {
		one.NextAt = m.NextAt
	}
	if m.Last != nil {
		one.Last = deliveryOf(cases.EndpointDelivery{Delivery: *m.Last, Number: m.Number, Seq: m.Seq, Template: m.Template, State: m.State})
	}
	return one
}
