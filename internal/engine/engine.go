package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"

	"recourse/models"
	"recourse/workflows/contract"
)

// Config says where Temporal is.
type Config struct {
	Address   string // host:port of the frontend
	Namespace string
	Logger    *slog.Logger
	Metrics   client.MetricsHandler
	Options   func(*client.Options) // last word on TLS and the like; may be nil
	Now       func() time.Time
}

// Engine talks to Temporal. It may be made while Temporal is down.
type Engine struct {
	client client.Client
	logger *slog.Logger
	now    func() time.Time

	mu      sync.Mutex
	checked time.Time // when reachability was asked last
	away    error     // what was answered
}

// How long things with Temporal may take.
const (
	commandWithin = 5 * time.Second        // an Update, from sending to its result
	healthWithin  = 500 * time.Millisecond // a health check
	healthFor     = 2 * time.Second        // for which its answer is believed
)

// New makes an engine without connecting yet.
func New(cfg Config) (*Engine, error) {
	options := client.Options{
		HostPort: cfg.Address, Namespace: cfg.Namespace, Logger: log.NewStructuredLogger(cfg.Logger), MetricsHandler: cfg.Metrics,
	}
	if cfg.Options != nil {
		cfg.Options(&options)
	}
	c, err := client.NewLazyClient(options)
	if err != nil {
		return nil, fmt.Errorf("temporal at %s: %w", cfg.Address, err)
	}
	return &Engine{client: c, logger: cfg.Logger, now: cfg.Now}, nil
}

// Client returns the SDK's client, for workers.
func (e *Engine) Client() client.Client { return e.client }

// Close gives the connection back.
func (e *Engine) Close() { e.client.Close() }

// Reachable says whether Temporal answers; the answer is believed for two seconds.
func (e *Engine) Reachable(ctx context.Context) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.now().Sub(e.checked) < healthFor {
		return e.away
	}
	ctx, cancel := context.WithTimeout(ctx, healthWithin)
	defer cancel()
	_, err := e.client.CheckHealth(ctx, &client.CheckHealthRequest{})
	e.checked, e.away = e.now(), err
	return err
}

// Start starts the workflow of a case from its input. Started already is fine; a workflow that has
// ended is started again only when in says that it is a restart and the last one failed or was
// terminated.
func (e *Engine) Start(ctx context.Context, in contract.CaseInput) error {
	reuse := enumspb.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE
	if in.Restart != "" {
		reuse = enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY
	}
	_, err := e.client.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID:                                       contract.WorkflowID(in.Case.ID),
		TaskQueue:                                contract.QueueCases,
		WorkflowIDConflictPolicy:                 enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:                    reuse,
		WorkflowExecutionErrorWhenAlreadyStarted: true,
		TypedSearchAttributes:                    temporal.NewSearchAttributes(contract.Attributes(in.Case)...),
		StaticSummary:                            fmt.Sprintf("%s · %s · %s", in.Case.Opened.Number, in.Case.Severity, in.Case.Opened.Channel),
		Priority:                                 temporal.Priority{PriorityKey: startPriority},
	}, contract.WorkflowComplaint, in)
	if _, started := errors.AsType[*serviceerror.WorkflowExecutionAlreadyStarted](err); started {
		return e.confirmStarted(ctx, in)
	}
	return err
}

// Adjust starts the workflow that carries an adjustment out, or takes it back; one that runs already goes on.
func (e *Engine) Adjust(ctx context.Context, in contract.AdjustInput, summary string) error {
	if err := e.Reachable(ctx); err != nil {
		return models.Refuse(models.CodeUnavailable, "the process engine does not answer; nothing was done, try again soon")
	}
	_, err := e.client.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: contract.AdjustmentID(in.ID, in.Undo), TaskQueue: contract.QueueJobs,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY,
		StaticSummary:            summary,
	}, contract.WorkflowAdjust, in)
	if _, ended := errors.AsType[*serviceerror.WorkflowExecutionAlreadyStarted](err); ended {
		return nil // it came to its end, and the record did not say so yet
	}
	return err
}

// startPriority puts starts behind the commands of cases that run: a flood of new complaints must
// not starve the people working on old ones.
const startPriority = 4

// confirmStarted tells an innocent second start from a case whose workflow ended in a way that
// forbids another.
func (e *Engine) confirmStarted(ctx context.Context, in contract.CaseInput) error {
	if in.Restart == "" {
		return nil
	}
	status, err := e.Status(ctx, in.Case.ID)
	if err != nil || status == StatusRunning {
		return err
	}
	return fmt.Errorf("workflow of %s has completed while its record is alive", in.Case.ID)
}

// Status is what Temporal knows of the workflow of a case.
type Status string

// The statuses that matter to us.
const (
	StatusRunning    Status = "running"
	StatusCompleted  Status = "completed"
	StatusTerminated Status = "terminated"
	StatusFailed     Status = "failed"
	StatusMissing    Status = "missing"
)

// Status asks the server itself, not its visibility index, which lags.
func (e *Engine) Status(ctx context.Context, caseID string) (Status, error) {
	desc, err := e.client.DescribeWorkflowExecution(ctx, contract.WorkflowID(caseID), "")
	if _, missing := errors.AsType[*serviceerror.NotFound](err); missing {
		return StatusMissing, nil
	}
	if err != nil {
		return "", fmt.Errorf("describe workflow of %s: %w", caseID, err)
	}
	switch desc.GetWorkflowExecutionInfo().GetStatus() {
	case enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING, enumspb.WORKFLOW_EXECUTION_STATUS_CONTINUED_AS_NEW, enumspb.WORKFLOW_EXECUTION_STATUS_PAUSED:
		return StatusRunning, nil
	case enumspb.WORKFLOW_EXECUTION_STATUS_COMPLETED:
		return StatusCompleted, nil
	case enumspb.WORKFLOW_EXECUTION_STATUS_TERMINATED, enumspb.WORKFLOW_EXECUTION_STATUS_CANCELED:
		return StatusTerminated, nil
	case enumspb.WORKFLOW_EXECUTION_STATUS_FAILED, enumspb.WORKFLOW_EXECUTION_STATUS_TIMED_OUT, enumspb.WORKFLOW_EXECUTION_STATUS_UNSPECIFIED:
		return StatusFailed, nil
	}
	return StatusFailed, nil
}

// Command sends a command and waits for what became of it. Its errors: a models.Error from the
// kernel; CodeUnavailable when nothing was sent; CodeOutcomeUnknown when it may still happen;
// contract.ErrNotRunning.
func (e *Engine) Command(ctx context.Context, caseID string, order contract.Order) (contract.Outcome, error) {
	if err := e.Reachable(ctx); err != nil {
		e.logger.WarnContext(ctx, "temporal does not answer", "error", err)
		return contract.Outcome{}, models.Refuse(models.CodeUnavailable, "the process engine does not answer; nothing was done, try again soon")
	}
	ctx, cancel := context.WithTimeout(ctx, commandWithin)
	defer cancel()
	handle, err := e.client.UpdateWorkflow(ctx, client.UpdateWorkflowOptions{
		WorkflowID:   contract.WorkflowID(caseID),
		UpdateID:     order.Command.ID,
		UpdateName:   contract.UpdateCommand,
		WaitForStage: client.WorkflowUpdateStageCompleted,
		Args:         []any{order},
	})
	if err != nil {
		return contract.Outcome{}, e.unsure(ctx, err)
	}
	var outcome contract.Outcome
	if err := handle.Get(ctx, &outcome); err != nil { // a rejection shows only here
		return contract.Outcome{}, e.unsure(ctx, err)
	}
	return outcome, nil
}

// unsure tells what is known of a command that brought an error.
func (e *Engine) unsure(ctx context.Context, err error) error {
	refusal := contract.Refusal(err)
	if code := models.CodeOf(refusal); code != models.CodeInternal {
		return refusal
	}
	if _, missing := errors.AsType[*serviceerror.NotFound](err); missing {
		return contract.ErrNotRunning
	}
	e.logger.WarnContext(ctx, "outcome of a command is unknown", "error", err)
	return models.Refuse(models.CodeOutcomeUnknown, "the process engine did not answer in time; it may still happen, and the same Idempotency-Key returns its answer")
}

// Pass passes on what a customer sent by link; contract.ErrNotRunning when nobody is there to take it.
func (e *Engine) Pass(ctx context.Context, caseID string, a contract.Answer) error {
	err := e.client.SignalWorkflow(ctx, contract.WorkflowID(caseID), "", contract.SignalAnswer, a)
	if _, missing := errors.AsType[*serviceerror.NotFound](err); missing {
		return contract.ErrNotRunning
	}
	if err != nil {
		return fmt.Errorf("pass answer %s on: %w", a.ID, err)
	}
	return nil
}

// firstTaskEvents is the length of a history whose first workflow task is completed: started, and
// the task scheduled, started, completed.
const firstTaskEvents = 4

// FirstTaskDone says whether the workflow of a case has completed its first task.
func (e *Engine) FirstTaskDone(ctx context.Context, caseID string) (bool, error) {
	desc, err := e.client.DescribeWorkflowExecution(ctx, contract.WorkflowID(caseID), "")
	if err != nil {
		return false, fmt.Errorf("describe workflow of %s: %w", caseID, err)
	}
	return desc.GetWorkflowExecutionInfo().GetHistoryLength() >= firstTaskEvents, nil
}
