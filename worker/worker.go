package worker

import (
	"fmt"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"recourse/activities"
	"recourse/workflows"
	"recourse/workflows/contract"
)

// Config tunes a worker process.
type Config struct {
	Workflows   int           // workflow tasks at a time
	Activities  int           // activities at a time, on each queue
	StickyCases int           // cases kept in memory between their tasks, for the whole process
	StopTimeout time.Duration // how long running activities may finish when the process stops
	Fatal       func(error)   // called when a queue can no longer be polled
}

// Worker polls the three queues.
type Worker struct {
	queues []worker.Worker
}

// New registers everything by its name in the contract; nothing is polled before Start.
func New(c client.Client, a *activities.Activities, cfg Config) *Worker {
	worker.SetStickyWorkflowCacheSize(cfg.StickyCases)
	cases := worker.New(c, contract.QueueCases, options(cfg))
	cases.RegisterWorkflowWithOptions(workflows.Complaint, workflow.RegisterOptions{Name: contract.WorkflowComplaint})
	register(cases, contract.ActivityRecord, a.Record)
	register(cases, contract.ActivityReload, a.Reload)
	register(cases, contract.ActivityFreshPlan, a.FreshPlan)

	effects := worker.New(c, contract.QueueEffects, options(cfg))
	register(effects, contract.ActivityOfferSurvey, a.OfferSurvey)
	register(effects, contract.ActivityPlaceCallback, a.PlaceCallback)
	register(effects, contract.ActivityArchive, a.Archive)

	jobs := worker.New(c, contract.QueueJobs, options(cfg))
	jobs.RegisterWorkflowWithOptions(workflows.Sweep, workflow.RegisterOptions{Name: contract.WorkflowSweep})
	register(jobs, contract.ActivitySweep, a.Sweep)
	jobs.RegisterWorkflowWithOptions(workflows.Adjust, workflow.RegisterOptions{Name: contract.WorkflowAdjust})
	register(jobs, contract.ActivityAdjust, a.Adjust)
	jobs.RegisterWorkflowWithOptions(workflows.Signals, workflow.RegisterOptions{Name: contract.WorkflowSignals})
	register(jobs, contract.ActivitySignals, a.Signals)
	jobs.RegisterWorkflowWithOptions(workflows.Report, workflow.RegisterOptions{Name: contract.WorkflowReport})
	register(jobs, contract.ActivityMakeReport, a.MakeReport)
	register(jobs, contract.ActivityTellReport, a.TellReport)
	register(jobs, contract.ActivityTellSignals, a.TellSignals)
	return &Worker{queues: []worker.Worker{cases, effects, jobs}}
}

func options(cfg Config) worker.Options {
	return worker.Options{
		MaxConcurrentWorkflowTaskExecutionSize:  cfg.Workflows,
		MaxConcurrentActivityExecutionSize:      cfg.Activities,
		MaxConcurrentLocalActivityExecutionSize: cfg.Activities,
		WorkflowTaskPollerBehavior: worker.NewPollerBehaviorAutoscaling(worker.PollerBehaviorAutoscalingOptions{
			MinimumNumberOfPollers: 2, InitialNumberOfPollers: 4, MaximumNumberOfPollers: 32,
		}),
		ActivityTaskPollerBehavior: worker.NewPollerBehaviorAutoscaling(worker.PollerBehaviorAutoscalingOptions{
			MinimumNumberOfPollers: 1, InitialNumberOfPollers: 2, MaximumNumberOfPollers: 16,
		}),
		WorkerStopTimeout:           cfg.StopTimeout,
		WorkflowPanicPolicy:         worker.BlockWorkflow, // a bad release must not fail cases
		DisableRegistrationAliasing: true,
		OnFatalError:                cfg.Fatal,
	}
}

func register(w worker.Worker, name string, does any) {
	w.RegisterActivityWithOptions(does, activity.RegisterOptions{Name: name})
}

// Start begins to poll.
func (w *Worker) Start() error {
	for _, q := range w.queues {
		if err := q.Start(); err != nil {
			w.Stop()
			return fmt.Errorf("start worker: %w", err)
		}
	}
	return nil
}

// Stop takes no new work and gives running activities time to finish.
func (w *Worker) Stop() {
	for _, q := range w.queues {
		q.Stop()
	}
}
