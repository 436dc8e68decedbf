package api

import (
	"context"

	"recourse/api/openapi"
	"recourse/internal/cases"
	"recourse/models"
)

// ListInbox lists the caller's messages.
func (d *door) ListInbox(ctx context.Context, r openapi.ListInboxRequestObject) (openapi.ListInboxResponseObject, error) {
	ctx, in := enter(ctx)
	page, err := d.Cases.Inbox(ctx, in.actor(), r.Params.Cursor, r.Params.Limit)
	if err != nil {
		return nil, err
	}
	return openapi.ListInbox200JSONResponse{
		Body:    openapi.Inbox{Items: each(page.Items, noticeOf)},
		Headers: openapi.ListInbox200ResponseHeaders{Link: in.next(page.Next)},
	}, nil
}

func noticeOf(n cases.Notice) openapi.Notice {
	return openapi.Notice{
		ID: n.Message.ID, Number: n.Number, Template: n.Message.Template, Subject: n.Subject, Text: n.Text,
		CreatedAt: n.Message.CreatedAt, ReadAt: at(n.Message.ReadAt),
	}
}

// ListSubscriptions lists what the caller wants to be told of.
func (d *door) ListSubscriptions(ctx context.Context, _ openapi.ListSubscriptionsRequestObject) (openapi.ListSubscriptionsResponseObject, error) {
	ctx, in := enter(ctx)
	all, err := d.Cases.Subscriptions(ctx, in.actor())
	return openapi.ListSubscriptions200JSONResponse{Items: each(all, func(s models.Subscription) openapi.Subscription {
		return openapi.Subscription{Topic: openapi.SubscriptionTopic(s.Topic), Since: s.CreatedAt}
	})}, err
}

// Subscribe lets the caller be told of a topic.
func (d *door) Subscribe(ctx context.Context, r openapi.SubscribeRequestObject) (openapi.SubscribeResponseObject, error) {
	ctx, in := enter(ctx)
	return openapi.Subscribe204Response{}, d.Cases.Subscribe(ctx, in.actor(), models.Topic(r.Topic), true)
}

// Unsubscribe lets the caller be told of it no longer.
func (d *door) Unsubscribe(ctx context.Context, r openapi.UnsubscribeRequestObject) (openapi.UnsubscribeResponseObject, error) {
	ctx, in := enter(ctx)
	return openapi.Unsubscribe204Response{}, d.Cases.Subscribe(ctx, in.actor(), models.Topic(r.Topic), false)
}
