package api

import (
	"context"

	"recourse/api/openapi"
	"recourse/internal/cases"
	"recourse/models"
)

// ShowWorkOrder shows what the handling department works by.
func (d *door) ShowWorkOrder(ctx context.Context, r openapi.ShowWorkOrderRequestObject) (openapi.ShowWorkOrderResponseObject, error) {
	ctx, in := enter(ctx)
	order, err := d.Cases.WorkOrder(ctx, in.actor(), r.Number)
	if err != nil {
		return nil, err
	}
	return openapi.ShowWorkOrder200JSONResponse(workOrderOf(order)), nil
}

func workOrderOf(w cases.WorkOrder) openapi.WorkOrder {
	order := openapi.WorkOrder{
		Number: w.Case.Number, State: openapi.State(w.Case.State), Severity: openapi.Severity(w.Case.Severity),
		Nature: openapi.Nature(w.Case.Nature), Category: w.Case.Category, Product: w.Case.Product, Model: w.Case.Model,
		Department: w.Case.Department, Supervising: w.Case.Supervising, Assignee: w.Case.Assignee,
		DispatchedAt: w.Event.DecidedAt, DispatchedBy: w.Event.Actor.ID, HandlingDue: w.Case.HandlingDueAt,
		Objective: w.Objective, Facts: w.Facts, Text: w.Text, Contact: contactView(w.Contact),
	}
	if issued, is := w.Event.Data.(models.Dispatched); is {
		order.Person = issued.Person
		if !issued.HandlingDue.IsZero() {
			order.HandlingDue = issued.HandlingDue
		}
	}
	return order
}
