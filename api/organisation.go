package api

import (
	"context"

	"recourse/api/openapi"
	"recourse/internal/cases"
	"recourse/models"
)

// ListTeams lists the teams.
func (d *door) ListTeams(ctx context.Context, _ openapi.ListTeamsRequestObject) (openapi.ListTeamsResponseObject, error) {
	ctx, _ = enter(ctx)
	all, err := d.Cases.Teams(ctx)
	if err != nil {
		return nil, err
	}
	return openapi.ListTeams200JSONResponse{Items: each(all, func(m models.Team) openapi.Team {
		return openapi.Team{
			ID: m.ID, Department: m.Department, NameZh: m.NameZH, NameEn: m.NameEN, Sample: m.Sample, DisabledAt: at(m.DisabledAt),
		}
	})}, nil
}

// PutTeam creates or changes a team.
func (d *door) PutTeam(ctx context.Context, r openapi.PutTeamRequestObject) (openapi.PutTeamResponseObject, error) {
	ctx, in := enter(ctx)
	b := r.Body
	err := d.Cases.PutTeam(ctx, in.actor(), models.Team{
		ID: r.ID, Department: b.Department, NameZH: b.NameZh, NameEN: b.NameEn, DisabledAt: d.disabled(b.Disabled),
	})
	return openapi.PutTeam204Response{}, err
}

// ListAbsences lists when somebody is away.
func (d *door) ListAbsences(ctx context.Context, r openapi.ListAbsencesRequestObject) (openapi.ListAbsencesResponseObject, error) {
	ctx, in := enter(ctx)
	all, err := d.Cases.Absences(ctx, in.actor(), r.ID)
	if err != nil {
		return nil, err
	}
	return openapi.ListAbsences200JSONResponse{Items: each(all, func(m models.Absence) openapi.Absence {
		return openapi.Absence{From: m.FromAt, Until: m.UntilAt, Reason: m.Reason}
	})}, nil
}

// PutAbsences says when somebody is away.
func (d *door) PutAbsences(ctx context.Context, r openapi.PutAbsencesRequestObject) (openapi.PutAbsencesResponseObject, error) {
	ctx, in := enter(ctx)
	wish := each(r.Body.Items, func(w openapi.AbsenceWish) models.Absence {
		return models.Absence{FromAt: w.From, UntilAt: w.Until, Reason: w.Reason}
	})
	return openapi.PutAbsences204Response{}, d.Cases.PutAbsences(ctx, in.actor(), r.ID, wish)
}

// Leave lets somebody go.
func (d *door) Leave(ctx context.Context, r openapi.LeaveRequestObject) (openapi.LeaveResponseObject, error) {
	ctx, in := enter(ctx)
	left, err := d.Cases.Leave(ctx, in.call(), r.ID, r.Body.Successor)
	return openapi.Leave200JSONResponse{
		Body:    openapi.Left{Person: left.Person, Successor: left.Successor, Cases: each(left.Cases, func(n string) string { return n })},
		Headers: openapi.Leave200ResponseHeaders{IdempotentReplayed: replayed(left.Replayed)},
	}, err
}

// ListGaps lists where the organisation points to nobody.
func (d *door) ListGaps(ctx context.Context, _ openapi.ListGapsRequestObject) (openapi.ListGapsResponseObject, error) {
	ctx, in := enter(ctx)
	gaps, err := d.Cases.Gaps(ctx, in.actor())
	return openapi.ListGaps200JSONResponse{Items: each(gaps, func(g models.Gap) openapi.Gap {
		return openapi.Gap{Kind: openapi.GapKind(g.Kind), ID: g.ID, To: g.To}
	})}, err
}

// treeOf hangs every category below its parent. One whose parent is nowhere is a root.
func treeOf(all []models.Category) []openapi.CategoryNode {
	known, below := map[string]bool{}, map[string][]models.Category{}
	for _, c := range all {
		known[c.ID] = true
	}
	for _, c := range all {
		parent := c.Parent
		if !known[parent] {
			parent = ""
		}
		below[parent] = append(below[parent], c)
	}
	var hang func(parent string, depth int) []openapi.CategoryNode
	hang = func(parent string, depth int) []openapi.CategoryNode {
		nodes := []openapi.CategoryNode{}
		for _, c := range below[parent] {
			node := openapi.CategoryNode{ID: c.ID, NameZh: c.NameZH, NameEn: c.NameEN}
			if len(below[c.ID]) > 0 && depth < len(all) {
				node.Children = hang(c.ID, depth+1)
			}
			nodes = append(nodes, node)
		}
		return nodes
	}
	return hang("", 0)
}

// manyFaults are the faults of a wish that the service refused for all of them at once.
func manyFaults(r *cases.Refused) []openapi.Fault {
	const most = 50
	return each(r.Faults[:min(len(r.Faults), most)], faultOf)
}
