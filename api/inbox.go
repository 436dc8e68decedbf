package api

import (
	"context"

	"recourse/api/openapi"
	"recourse/internal/cases"
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
