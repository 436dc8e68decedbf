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
	_, err := e.client.ScheduleClient().Create(ctx, client.ScheduleOptions{
		ID: contract.ScheduleSweep, Spec: spec, Action: action,
		Overlap: enumspb.SCHEDULE_OVERLAP_POLICY_SKIP, CatchupWindow: time.Minute,
	})
	if !errors.Is(err, temporal.ErrScheduleAlreadyRunning) {
		return err
	}
	return e.client.ScheduleClient().GetHandle(ctx, contract.ScheduleSweep).Update(ctx, client.ScheduleUpdateOptions{
		DoUpdate: func(in client.ScheduleUpdateInput) (*client.ScheduleUpdate, error) {
			s := in.Description.Schedule
			s.Spec, s.Action = &spec, action
			return &client.ScheduleUpdate{Schedule: &s}, nil
		},
	})
}
