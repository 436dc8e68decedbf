package api

import (
	"context"
	"time"

	"recourse/api/openapi"
	"recourse/internal/cases"
	"recourse/models"
)

// ShowClocks shows every run of every clock.
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
		End: openapi.ClockRunEnd(v.End), ElapsedSeconds: int64(v.Elapsed / time.Second),
	}
	if v.End == models.ClockRunning {
		run.End = openapi.ClockRunEndRunning
	}
	return run
}
