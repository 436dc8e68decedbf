package api

import (
	"context"

	"recourse/api/openapi"
	"recourse/internal/cases"
)

// ShowAgenda shows what falls due in the hours to come.
func (d *door) ShowAgenda(ctx context.Context, r openapi.ShowAgendaRequestObject) (openapi.ShowAgendaResponseObject, error) {
	ctx, in := enter(ctx)
	ahead, err := d.Cases.Ahead(ctx, in.actor(), r.Params.Hours)
	if err != nil {
		return nil, err
	}
	return openapi.ShowAgenda200JSONResponse{From: ahead.From, Until: ahead.Until, Hours: each(ahead.Hours, dueHourOf)}, nil
}

func dueHourOf(h cases.DueHour) openapi.DueHour {
	return openapi.DueHour{From: h.From, Total: h.Total, Due: each(h.Due, func(c cases.DueCount) openapi.DueCount {
		return openapi.DueCount{Clock: string(c.Clock), Severity: openapi.Severity(c.Severity), Bound: openapi.DueCountBound(c.Bound), Count: c.Count}
	})}
}
