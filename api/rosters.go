package api

import (
	"context"
	"time"

	"recourse/api/openapi"
	"recourse/internal/cases"
	"recourse/models"
)

// ListRosters shows who is on duty for which role.
func (d *door) ListRosters(ctx context.Context, _ openapi.ListRostersRequestObject) (openapi.ListRostersResponseObject, error) {
	ctx, _ = enter(ctx)
	all, err := d.Cases.Rosters(ctx)
	return openapi.ListRosters200JSONResponse{Items: each(all, rosterOf)}, err
}

// PutRoster puts a roster in force.
func (d *door) PutRoster(ctx context.Context, r openapi.PutRosterRequestObject) (openapi.PutRosterResponseObject, error) {
	ctx, in := enter(ctx)
	b := r.Body
	one, err := d.Cases.PutRoster(ctx, in.actor(), cases.RosterWish{
		Role: models.Role(b.Role), Department: b.Department, Reason: b.Reason, IfVersion: b.IfVersion,
		Roster: cases.DutyRoster{
			Zone: b.Roster.Zone, Start: b.Roster.Start, HandOver: b.Roster.HandOver, TurnDays: b.Roster.TurnDays, People: b.Roster.People,
			Swaps: each(b.Roster.Swaps, func(s openapi.Swap) cases.DutySwap {
				return cases.DutySwap{From: s.From.UTC(), Until: s.Until.UTC(), Person: s.Person}
			}),
		},
	})
	if err != nil {
		return nil, err
	}
	return openapi.PutRoster200JSONResponse(rosterOf(one)), nil
}

// ShowOnDuty says who is on duty for a role.
func (d *door) ShowOnDuty(ctx context.Context, r openapi.ShowOnDutyRequestObject) (openapi.ShowOnDutyResponseObject, error) {
	ctx, _ = enter(ctx)
	on, err := d.Cases.OnDuty(ctx, models.Role(r.Params.Role), r.Params.Department, r.Params.At.UTC())
	return openapi.ShowOnDuty200JSONResponse(onDutyOf(on)), err
}

func rosterOf(r cases.Roster) openapi.Roster {
	swaps := each(r.Roster.Swaps, func(s cases.DutySwap) openapi.Swap {
		return openapi.Swap{From: s.From, Until: s.Until, Person: s.Person}
	})
	return openapi.Roster{
		Role: openapi.Role(r.Role), Department: r.Department, Version: r.Version, Author: r.Author, Reason: r.Reason, CreatedAt: r.CreatedAt,
		Now: onDutyOf(r.Now), Warnings: each(r.Warnings, faultOf),
		Turns: each(r.Turns, func(t cases.DutyTurn) openapi.Turn {
			return openapi.Turn{Person: t.Person, From: t.From, Until: t.Until, Swapped: t.Swapped}
		}),
		Roster: openapi.RosterDocument{
			Zone: r.Roster.Zone, Start: r.Roster.Start, HandOver: r.Roster.HandOver, TurnDays: r.Roster.TurnDays, People: r.Roster.People, Swaps: swaps,
		},
	}
}

func onDutyOf(on cases.OnDuty) openapi.OnDuty {
	until := time.Time{}
	if on.Person != "" {
		until = on.Until
	}
	return openapi.OnDuty{
		Role: openapi.Role(on.Role), Department: on.Department, At: on.At, Person: on.Person, Until: until, Swapped: on.Swapped, Told: on.Told,
	}
}
