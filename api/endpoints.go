package api

import (
	"context"
	"time"

	"recourse/api/openapi"
	"recourse/internal/cases"
	"recourse/models"
)

// ListEndpoints lists the destinations outside.
func (d *door) ListEndpoints(ctx context.Context, _ openapi.ListEndpointsRequestObject) (openapi.ListEndpointsResponseObject, error) {
	ctx, in := enter(ctx)
	all, err := d.Cases.Endpoints(ctx, in.actor())
	return openapi.ListEndpoints200JSONResponse{Items: each(all, endpointOf)}, err
}

// ShowEndpoint shows an endpoint.
func (d *door) ShowEndpoint(ctx context.Context, r openapi.ShowEndpointRequestObject) (openapi.ShowEndpointResponseObject, error) {
	ctx, in := enter(ctx)
	e, err := d.Cases.Endpoint(ctx, in.actor(), r.ID)
	return openapi.ShowEndpoint200JSONResponse(endpointOf(e)), err
}

// AddEndpoint makes an endpoint.
func (d *door) AddEndpoint(ctx context.Context, r openapi.AddEndpointRequestObject) (openapi.AddEndpointResponseObject, error) {
	ctx, in := enter(ctx)
	b := r.Body
	e, err := d.Cases.AddEndpoint(ctx, in.call(), cases.EndpointWish{
		Name: b.Name, Channel: models.MessageChannel(b.Channel), URL: b.URL, Secret: b.Secret, Department: b.Department,
		Language: models.Language(b.Language), Severities: as[models.Severity](b.Severities), PerMinute: b.PerMinute,
		Confidential: b.Confidential, Disabled: b.Disabled,
	})
	return openapi.AddEndpoint201JSONResponse(endpointOf(e)), err
}

// ChangeEndpoint changes an endpoint, all but its secret.
func (d *door) ChangeEndpoint(ctx context.Context, r openapi.ChangeEndpointRequestObject) (openapi.ChangeEndpointResponseObject, error) {
	ctx, in := enter(ctx)
	b := r.Body
	e, err := d.Cases.ChangeEndpoint(ctx, in.actor(), r.ID, cases.EndpointWish{
		Name: b.Name, URL: b.URL, Department: b.Department, Language: models.Language(b.Language), Severities: as[models.Severity](b.Severities),
		PerMinute: b.PerMinute, Confidential: b.Confidential, Disabled: b.Disabled, IfChanged: b.IfChangedAt.UTC(),
	})
	return openapi.ChangeEndpoint200JSONResponse(endpointOf(e)), err
}

// RotateSecret gives an endpoint a new secret.
func (d *door) RotateSecret(ctx context.Context, r openapi.RotateSecretRequestObject) (openapi.RotateSecretResponseObject, error) {
	ctx, in := enter(ctx)
	e, err := d.Cases.RotateSecret(ctx, in.call(), r.ID, cases.SecretWish{
		Secret: r.Body.Secret, Keep: time.Duration(r.Body.KeepHours) * time.Hour,
	})
	return openapi.RotateSecret200JSONResponse(endpointOf(e)), err
}

// TestEndpoint sends a ping.
func (d *door) TestEndpoint(ctx context.Context, r openapi.TestEndpointRequestObject) (openapi.TestEndpointResponseObject, error) {
	ctx, in := enter(ctx)
	done, err := d.Cases.TestEndpoint(ctx, in.call(), r.ID, r.Body.To)
	return openapi.TestEndpoint200JSONResponse(deliveryOf(done)), err
}

// ListDeliveries lists every attempt at an endpoint.
func (d *door) ListDeliveries(ctx context.Context, r openapi.ListDeliveriesRequestObject) (openapi.ListDeliveriesResponseObject, error) {
	ctx, in := enter(ctx)
	page, err := d.Cases.Deliveries(ctx, in.actor(), r.ID, r.Params.Cursor, r.Params.Limit)
	if err != nil {
		return nil, err
	}
	return openapi.ListDeliveries200JSONResponse{
		Body:    openapi.DeliveryList{Items: each(page.Items, deliveryOf)},
		Headers: openapi.ListDeliveries200ResponseHeaders{Link: in.next(page.Next)},
	}, nil
}

// Redeliver lets a message leave again.
func (d *door) Redeliver(ctx context.Context, r openapi.RedeliverRequestObject) (openapi.RedeliverResponseObject, error) {
	ctx, in := enter(ctx)
	_, err := d.Cases.Redeliver(ctx, in.call(), r.ID)
	return openapi.Redeliver204Response{}, err
}

func endpointOf(e cases.Endpoint) openapi.Endpoint {
	return openapi.Endpoint{
		ID: e.ID, Name: e.Name, Channel: openapi.EndpointChannel(e.Channel), Shown: e.Shown, Signed: e.Signed, Department: e.Department,
		Language: openapi.Language(e.Language), Severities: as[openapi.Severity](e.Severities), PerMinute: e.PerMinute,
		Confidential: e.Confidential, DisabledAt: at(e.DisabledAt), CreatedAt: e.CreatedAt, CreatedBy: e.CreatedBy, ChangedAt: e.ChangedAt,
		PreviousUntil: at(e.PreviousUntil),
	}
}

func deliveryOf(d cases.EndpointDelivery) openapi.Delivery {
	return openapi.Delivery{
		Message: d.MessageID, Endpoint: d.EndpointID, Number: d.Number, Seq: d.Seq, Template: d.Template, Attempt: d.Attempt, At: d.At,
		TookMs: d.Took.Milliseconds(), Status: d.Status, Code: d.Code, Answer: d.Answer, Outcome: string(d.Outcome), State: string(d.State),
	}
}
