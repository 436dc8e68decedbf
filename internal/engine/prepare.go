package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/operatorservice/v1"
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
