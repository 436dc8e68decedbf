package api

import (
	"context"
	"time"

	"recourse/api/openapi"
	"recourse/internal/cases"
	"recourse/models"
)

// ShowClocks shows every run of every clock, with its ledger.
func (d *door) ShowClocks(ctx context.Context, r openapi.ShowClocksRequestObject) (openapi.ShowClocksResponseObject, error) {
	ctx, in := enter(ctx)
	runs, err := d.Cases.Clocks(ctx, in.actor(), r.Number)
	if err != nil {
		return nil, err
	}
	return openapi.ShowClocks200JSONResponse{Items: each(runs, clockOf)}, nil
}

func clockOf(v cases.ClockView) openapi.ClockRun {
	run := openapi.ClockRun{
		Run: v.Run, Clock: string(v.Clock), Cycle: v.Cycle, StartedAt: v.StartedAt, Target: v.Target, Limit: v.Limit,
		TargetMissed: v.TargetMissed, LimitMissed: v.LimitMissed, EndedAt: v.EndedAt,
		End: openapi.ClockRunEnd(v.End), ElapsedSeconds: int64(v.Sums.Gross / time.Second), AsOf: v.AsOf,
		Sums: openapi.ClockSums{
			GrossUs: v.Sums.Gross.Microseconds(), NetUs: v.Sums.Net.Microseconds(), PausedUs: v.Sums.Paused.Microseconds(),
			ClosedUs: v.Sums.Closed.Microseconds(), HolidayUs: v.Sums.Holiday.Microseconds(),
		},
		Segments: each(v.Segments, segmentOf), Breaches: each(v.Breaches, clockBreachOf), Outages: each(v.Outages, outageOf),
	}
	if v.End == models.ClockRunning {
		run.End = openapi.ClockRunEndRunning
	}
	return run
}

func segmentOf(s cases.Segment) openapi.ClockSegment {
	segment := openapi.ClockSegment{
		Kind: openapi.ClockSegmentKind(s.Kind), Counted: s.Kind.Counted(), From: s.From, Until: s.Until,
		LastsUs: s.Lasts().Microseconds(), Seq: s.Seq, Actor: openapi.Actor{Kind: openapi.ActorKind(s.Actor.Kind), ID: s.Actor.ID, Roles: as[openapi.Role](s.Actor.Roles)}, Reason: string(s.Reason),
		Policy: s.Policy, Calendar: s.Calendar,
	}
	if s.NameEN != "" || s.NameZH != "" {
		segment.Holiday = openapi.BothLanguages{En: s.NameEN, Zh: s.NameZH}
	}
	return segment
}

func clockBreachOf(b cases.LedgerBreach) openapi.ClockBreach {
	return openapi.ClockBreach{
		Bound: openapi.ClockBreachBound(b.Bound), Seq: b.Seq, DueAt: b.DueAt, NoticedAt: b.NoticedAt,
		DelayUs: b.Delay().Microseconds(), Cause: openapi.ClockBreachCause(b.Cause), Outages: each(b.Outages, outageOf),
	}
}

func outageOf(o models.Outage) openapi.Outage {
	return openapi.Outage{Part: openapi.OutagePart(o.Part), From: o.From, Until: o.Until}
}
