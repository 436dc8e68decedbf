package api

import (
	"context"
	"errors"
	"slices"
	"strings"

	"recourse/api/openapi"
	"recourse/internal/cases"
	"recourse/models"
)

// filters are what list and count have in common.
func filters(p openapi.CountComplaintsParams) cases.Query {
	return cases.Query{
		Q: p.Q, States: as[models.State](p.State), Severities: as[models.Severity](p.Severity),
		Natures: as[models.Nature](p.Nature), Channels: as[models.Channel](p.Channel),
		Department: p.Department, Assignee: p.Assignee, Category: p.Category, Breached: p.Breached, Sample: p.Sample,
		Number: p.Number, ReceivedFrom: p.ReceivedFrom.UTC(), ReceivedTo: p.ReceivedTo.UTC(),
	}
}

// CountComplaints counts what a list would show.
func (d *door) CountComplaints(ctx context.Context, r openapi.CountComplaintsRequestObject) (openapi.CountComplaintsResponseObject, error) {
	ctx, in := enter(ctx)
	n, err := d.Cases.Count(ctx, in.actor(), filters(r.Params))
	return openapi.CountComplaints200JSONResponse{Count: n.Cases, More: n.More}, inQuery(err)
}

// Search finds cases by words.
func (d *door) Search(ctx context.Context, r openapi.SearchRequestObject) (openapi.SearchResponseObject, error) {
	ctx, in := enter(ctx)
	hits, err := d.Cases.Search(ctx, in.actor(), r.Params.Q, r.Params.Limit)
	return openapi.Search200JSONResponse{Items: each(hits, func(h cases.Hit) openapi.Hit {
		return openapi.Hit{Complaint: rowOf(h.Case), FoundIn: as[openapi.HitFoundIn](h.In)}
	})}, inQuery(err)
}

// FindDuplicates shows what a new complaint may repeat.
func (d *door) FindDuplicates(ctx context.Context, r openapi.FindDuplicatesRequestObject) (openapi.FindDuplicatesResponseObject, error) {
	ctx, in := enter(ctx)
	beside, err := d.Cases.Duplicates(ctx, in.actor(), complaintOf(*r.Body))
	return openapi.FindDuplicates200JSONResponse{
		CustomerID: beside.CustomerID,
		Items: each(beside.Duplicates, func(a cases.Duplicate) openapi.Duplicate {
			return openapi.Duplicate{Complaint: rowOf(a.Case), Reasons: as[openapi.DuplicateReasons](a.Reasons), Likeness: a.Likeness}
		}),
	}, err
}

// queryFields are parameters that only the service can judge.
var queryFields = []string{"q", "phone", "name", "cursor"}

// inQuery names a parameter as one: the service knows fields, not where they stand in a request.
func inQuery(err error) error {
	var known *models.Error
	if !errors.As(err, &known) || known.Code != models.CodeInvalid {
		return err
	}
	name := strings.TrimPrefix(known.Field, "/")
	if !slices.Contains(queryFields, name) {
		return err
	}
	return &refusal{base: known, faults: []openapi.Fault{{Parameter: name, Detail: known.Message}}}
}
