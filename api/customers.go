package api

import (
	"context"

	"recourse/api/openapi"
	"recourse/internal/cases"
	"recourse/models"
)

// FindCustomers finds customers by one thing known of them.
func (d *door) FindCustomers(ctx context.Context, r openapi.FindCustomersRequestObject) (openapi.FindCustomersResponseObject, error) {
	ctx, in := enter(ctx)
	p := r.Params
	found, err := d.Cases.Customers(ctx, in.actor(), cases.CustomerQuery{Phone: p.Phone, Email: p.Email, ExternalID: p.ExternalID, Name: p.Name})
	return openapi.FindCustomers200JSONResponse{Items: each(found, customerOf)}, inQuery(err)
}

// ShowCustomer shows one customer.
func (d *door) ShowCustomer(ctx context.Context, r openapi.ShowCustomerRequestObject) (openapi.ShowCustomerResponseObject, error) {
	ctx, in := enter(ctx)
	v, err := d.Cases.Customer(ctx, in.actor(), r.ID)
	return openapi.ShowCustomer200JSONResponse(customerOf(v)), err
}

func customerOf(v cases.CustomerView) openapi.Customer {
	return openapi.Customer{
		ID: v.ID, Sight: openapi.CustomerSight(sights[v.Sight]), Contact: contactView(v.Contact), Language: openapi.Language(v.Language), Zone: v.Zone,
		Also:      each(v.Also, func(c models.Contact) openapi.ContactView { return contactView(&c) }),
		CreatedAt: v.CreatedAt, ErasedAt: at(v.ErasedAt), Held: v.Held, Merged: v.Merged,
		Acts: each(v.Acts, func(a cases.ActView) openapi.CustomerAct {
			return openapi.CustomerAct{
				CustomerID: a.CustomerID, Act: openapi.CustomerActAct(a.Kind), Into: a.Into, Person: a.Person, At: a.ActedAt, Reason: a.Reason,
			}
		}),
	}
}

// ShowHistory shows a customer's cases.
func (d *door) ShowHistory(ctx context.Context, r openapi.ShowHistoryRequestObject) (openapi.ShowHistoryResponseObject, error) {
	ctx, in := enter(ctx)
	page, err := d.Cases.History(ctx, in.actor(), r.ID, r.Params.Cursor, r.Params.Limit)
	if err != nil {
		return nil, inQuery(err)
	}
	return openapi.ShowHistory200JSONResponse{
		Body:    openapi.ComplaintList{Items: each(page.Items, rowOf)},
		Headers: openapi.ShowHistory200ResponseHeaders{Link: in.next(page.Next)},
	}, nil
}

func actDone(done cases.CustomerDone) openapi.CustomerDoneJSONResponse {
	return openapi.CustomerDoneJSONResponse{
		Body:    openapi.CustomerAct{CustomerID: done.ID, Act: openapi.CustomerActAct(done.Act)},
		Headers: openapi.CustomerDoneResponseHeaders{IdempotentReplayed: replayed(done.Replayed)},
	}
}

// EraseCustomer makes what a customer told us unreadable.
func (d *door) EraseCustomer(ctx context.Context, r openapi.EraseCustomerRequestObject) (openapi.EraseCustomerResponseObject, error) {
	ctx, in := enter(ctx)
	done, err := d.Cases.EraseCustomer(ctx, in.call(), r.ID)
	return openapi.EraseCustomer200JSONResponse{CustomerDoneJSONResponse: actDone(done)}, err
}

// HoldCustomer puts a legal hold on a customer.
func (d *door) HoldCustomer(ctx context.Context, r openapi.HoldCustomerRequestObject) (openapi.HoldCustomerResponseObject, error) {
	ctx, in := enter(ctx)
	done, err := d.Cases.Hold(ctx, in.call(), r.ID, r.Body.Reason)
	return openapi.HoldCustomer200JSONResponse{CustomerDoneJSONResponse: actDone(done)}, err
}

// ReleaseCustomer ends a legal hold.
func (d *door) ReleaseCustomer(ctx context.Context, r openapi.ReleaseCustomerRequestObject) (openapi.ReleaseCustomerResponseObject, error) {
	ctx, in := enter(ctx)
	done, err := d.Cases.Release(ctx, in.call(), r.ID, r.Body.Reason)
	return openapi.ReleaseCustomer200JSONResponse{CustomerDoneJSONResponse: actDone(done)}, err
}

// MergeCustomer says that two records are one customer.
func (d *door) MergeCustomer(ctx context.Context, r openapi.MergeCustomerRequestObject) (openapi.MergeCustomerResponseObject, error) {
	ctx, in := enter(ctx)
	done, err := d.Cases.Merge(ctx, in.call(), r.ID, r.Body.Into, r.Body.Reason)
	return openapi.MergeCustomer200JSONResponse{CustomerDoneJSONResponse: actDone(done)}, err
}

// Unmask shows contact data that is masked for the caller.
func (d *door) Unmask(ctx context.Context, r openapi.UnmaskRequestObject) (openapi.UnmaskResponseObject, error) {
	ctx, in := enter(ctx)
	c, err := d.Cases.Unmask(ctx, in.actor(), r.Number, r.Body.Reason)
	return openapi.Unmask200JSONResponse{UnmaskedJSONResponse: openapi.UnmaskedJSONResponse(contactView(&c))}, err
}

// ListReads shows who was shown contact data.
func (d *door) ListReads(ctx context.Context, r openapi.ListReadsRequestObject) (openapi.ListReadsResponseObject, error) {
	ctx, in := enter(ctx)
	page, err := d.Cases.Reads(ctx, in.actor(), r.Number, r.Params.Cursor, r.Params.Limit)
	if err != nil {
		return nil, inQuery(err)
	}
	return openapi.ListReads200JSONResponse{
		Body: openapi.ReadList{Items: each(page.Items, func(v cases.ReadView) openapi.Read {
			return openapi.Read{ID: v.ID, Person: v.Person, At: v.ReadAt, Place: openapi.ReadPlace(v.Place), Reason: v.Reason}
		})},
		Headers: openapi.ListReads200ResponseHeaders{Link: in.next(page.Next)},
	}, nil
}
