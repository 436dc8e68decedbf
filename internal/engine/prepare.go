package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"recourse/workflows/contract"
)

var attributeTypes = map[string]enumspb.IndexedValueType{
	"Keyword":  enumspb.INDEXED_VALUE_TYPE_KEYWORD,
	"Int":      enumspb.INDEXED_VALUE_TYPE_INT,
	"Datetime": enumspb.INDEXED_VALUE_TYPE_DATETIME,
	"Bool":     enumspb.INDEXED_VALUE_TYPE_BOOL,
}

// Prepare registers the search attributes and waits until Temporal knows them. Nobody may start or
// run a case before: an unregistered attribute stalls it for ever.
func (e *Engine) Prepare(ctx context.Context, namespace string) error {
	missing, err := e.missingAttributes(ctx, namespace)
	if err != nil || len(missing) == 0 {
		return err
	}
	_, err = e.client.OperatorService().AddSearchAttributes(ctx, &operatorservice.AddSearchAttributesRequest{
		SearchAttributes: missing, Namespace: namespace,
	})
	if err != nil {
		return fmt.Errorf("register search attributes: %w", err)
	}
	for len(missing) > 0 {
		select {
		case <-ctx.Done():
			return fmt.Errorf("search attributes are not known to Temporal yet: %w", ctx.Err())
		case <-time.After(100 * time.Millisecond):
		}
		if missing, err = e.missingAttributes(ctx, namespace); err != nil {
			return err
		}
	}
	return nil
}

func (e *Engine) missingAttributes(ctx context.Context, namespace string) (map[string]enumspb.IndexedValueType, error) {
	known, err := e.client.OperatorService().ListSearchAttributes(ctx, &operatorservice.ListSearchAttributesRequest{Namespace: namespace})
	if err != nil {
		return nil, fmt.Errorf("list search attributes: %w", err)
	}
	missing := map[string]enumspb.IndexedValueType{}
	for name, kind := range contract.AttributeTypes() {
		have, is := known.GetCustomAttributes()[name]
		if is && have != attributeTypes[kind] {
			return nil, fmt.Errorf("search attribute %s is %s, not %s, in namespace %s", name, have, kind, namespace)
		}
		if !is {
			missing[name] = attributeTypes[kind]
		}
	}
	return missing, nil
}

// ScheduleSweep makes or updates the schedule that compares record and workflows. A sweep that is
// late is worth one run, a missed one none: it looks at everything anyway.
func (e *Engine) ScheduleSweep(ctx context.Context, every time.Duration) error {
	spec := client.ScheduleSpec{Intervals: []client.ScheduleIntervalSpec{{Every: every}}, Jitter: every / 10}
	action := &client.ScheduleWorkflowAction{
		ID: contract.ScheduleSweep, Workflow: contract.WorkflowSweep, TaskQueue: contract.QueueJobs,
		StaticSummary: "compare the record with the running workflows",
	}
	return e.schedule(ctx, client.ScheduleOptions{
		ID: contract.ScheduleSweep, Spec: spec, Action: action,
		Overlap: enumspb.SCHEDULE_OVERLAP_POLICY_SKIP, CatchupWindow: time.Minute,
	})
}

// signalsAt is the hour of the company's day at which signals are looked for: before people come to work.
const signalsAt = 6

// ScheduleSignals makes or updates the schedule that looks for signals, once a day of a zone. What was missed
// while Temporal was down is made up for up to a day later; each look sees the periods before the last, too.
func (e *Engine) ScheduleSignals(ctx context.Context, zone *time.Location) error {
	return e.schedule(ctx, client.ScheduleOptions{
		ID: contract.ScheduleSignals,
		Spec: client.ScheduleSpec{
			Calendars:    []client.ScheduleCalendarSpec{{Hour: []client.ScheduleRange{{Start: signalsAt}}, Comment: "before people come to work"}},
			TimeZoneName: zone.String(),
		},
		Action: &client.ScheduleWorkflowAction{
			ID: contract.ScheduleSignals, Workflow: contract.WorkflowSignals, TaskQueue: contract.QueueJobs,
			StaticSummary: "look for complaints that rise",
		},
		Overlap: enumspb.SCHEDULE_OVERLAP_POLICY_BUFFER_ONE, CatchupWindow: 24 * time.Hour,
	})
}

// reportsAt is the hour of the company's day at which reports are made, so that the day before is surely on record.
const reportsAt = 5

// reportsCatchUp is how long a run that was missed while Temporal was down is made up for. The period follows from
// when the run was due, so a late one makes the same report.
const reportsCatchUp = 35 * 24 * time.Hour

// ScheduleReports makes or updates the schedules that make reports, one for each step, early on the first day
// after each period in a zone, and removes those of other steps.
func (e *Engine) ScheduleReports(ctx context.Context, zone *time.Location, steps []string) error {
	for _, step := range slices.Sorted(maps.Keys(reportDays)) {
		id := contract.ScheduleReport(step)
		if !slices.Contains(steps, step) {
			err := e.client.ScheduleClient().GetHandle(ctx, id).Delete(ctx)
			if missing := (*serviceerror.NotFound)(nil); err != nil && !errors.As(err, &missing) {
				return fmt.Errorf("remove schedule %s: %w", id, err)
			}
			continue
		}
		days := reportDays[step]
		days.Hour, days.Comment = []client.ScheduleRange{{Start: reportsAt}}, "the first day after a "+step
		err := e.schedule(ctx, client.ScheduleOptions{
			ID:   id,
			Spec: client.ScheduleSpec{Calendars: []client.ScheduleCalendarSpec{days}, TimeZoneName: zone.String()},
			Action: &client.ScheduleWorkflowAction{
				ID: id, Workflow: contract.WorkflowReport, TaskQueue: contract.QueueJobs, Args: []any{contract.ReportInput{Step: step}},
				StaticSummary: "report of the last " + step,
			},
			Overlap: enumspb.SCHEDULE_OVERLAP_POLICY_BUFFER_ALL, CatchupWindow: reportsCatchUp,
		})
		if err != nil {
			return fmt.Errorf("schedule %s: %w", id, err)
		}
	}
	return nil
}

// reportDays are the first days after each period.
var reportDays = map[string]client.ScheduleCalendarSpec{
	"week":    {DayOfWeek: []client.ScheduleRange{{Start: int(time.Monday)}}},
	"month":   {DayOfMonth: []client.ScheduleRange{{Start: 1}}},
	"quarter": {DayOfMonth: []client.ScheduleRange{{Start: 1}}, Month: []client.ScheduleRange{{Start: 1, End: 10, Step: 3}}},
	"year":    {DayOfMonth: []client.ScheduleRange{{Start: 1}}, Month: []client.ScheduleRange{{Start: 1}}},
}

// schedule makes a schedule, or updates what it does and when.
func (e *Engine) schedule(ctx context.Context, o client.ScheduleOptions) error {
	_, err := e.client.ScheduleClient().Create(ctx, o)
	if !errors.Is(err, temporal.ErrScheduleAlreadyRunning) {
		return err
	}
	return e.client.ScheduleClient().GetHandle(ctx, o.ID).Update(ctx, client.ScheduleUpdateOptions{
		DoUpdate: func(in client.ScheduleUpdateInput) (*client.ScheduleUpdate, error) {
			s := in.Description.Schedule
			s.Spec, s.Action = &o.Spec, o.Action
			return &client.ScheduleUpdate{Schedule: &s}, nil
		},
	})
}
