package bench

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

// bareQueue is where the empty workflows run.
const bareQueue = "bench-bare"

// bare measures what everything else is compared with: starts of an empty workflow with two timers,
// counted when its first task is completed, with a worker running, by so many clients.
func bare(ctx context.Context, c client.Client, clients, n int) (perSecond float64, err error) {
	var firstTasks atomic.Int64
	w := worker.New(c, bareQueue, worker.Options{})
	w.RegisterWorkflowWithOptions(func(ctx workflow.Context) error {
		timed, cancel := workflow.WithCancel(ctx)
		first, second := workflow.NewTimer(timed, 24*time.Hour), workflow.NewTimer(timed, 48*time.Hour)
		if !workflow.IsReplaying(ctx) {
			firstTasks.Add(1)
		}
		_ = workflow.Await(ctx, func() bool { return first.IsReady() && second.IsReady() })
		cancel()
		return nil
	}, workflow.RegisterOptions{Name: "Bare"})
	if err := w.Start(); err != nil {
		return 0, fmt.Errorf("bare worker: %w", err)
	}
	defer w.Stop()
	began := time.Now()
	if err := each(clients, n, func(i int) error {
		_, err := c.ExecuteWorkflow(ctx, client.StartWorkflowOptions{ID: fmt.Sprintf("bare/%d/%d", began.UnixNano(), i), TaskQueue: bareQueue}, "Bare")
		return err
	}); err != nil {
		return 0, err
	}
	for firstTasks.Load() < int64(n) {
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-time.After(time.Millisecond):
		}
	}
	return float64(n) / time.Since(began).Seconds(), nil
}

// each calls do for 0…n-1 by so many clients and returns the first error.
func each(clients, n int, do func(i int) error) error {
	var (
		next  atomic.Int64
		group sync.WaitGroup
		once  sync.Once
		first error
	)
	for range clients {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				if err := do(i); err != nil {
					once.Do(func() { first = err })
					return
				}
			}
		})
	}
	group.Wait()
	return first
}
