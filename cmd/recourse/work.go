package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"recourse/activities"
	"recourse/internal/cases"
	"recourse/internal/engine"
	"recourse/internal/signals"
	"recourse/internal/uptime"
	"recourse/internal/vault"
	"recourse/models"
	"recourse/worker"
	"recourse/workflows/contract"
)

func workerCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "worker",
		Short: "Run the workflows of the cases, send messages, sweep",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withStack(cmd, func(ctx context.Context, s *stack) error {
				stopMetrics, err := s.serveMetrics()
				if err != nil {
					return err
				}
				defer stopMetrics()
				collectAt(50) // what lives is cached cases; collecting twice as often saves 20 MiB
				return s.work(ctx, func() { s.log.Info("worker ready", "temporal", s.cfg.Temporal.Address) })
			})
		},
	}
}

// prepareEvery is how often a worker tries to reach a Temporal that is not up yet.
const prepareEvery = 2 * time.Second

// work runs cases until ctx ends. It waits for Temporal as long as it takes: a worker that gives up
// would need somebody to start it again.
func (s *stack) work(ctx context.Context, ready func()) error {
	var background sync.WaitGroup
	defer background.Wait()
	told := ctx
	ctx, cancel := context.WithCancelCause(told)
	defer cancel(nil)
	background.Go(func() { s.spareRelay().Run(ctx) })
	background.Go(func() { s.sendMessages(ctx) })
	background.Go(func() { s.beat(ctx, models.PartTemporal, s.engine.Reachable) })
	if err := s.prepareTemporal(ctx); err != nil {
		return nil // only when told to stop
	}
	w := worker.New(s.engine.Client(), s.activities(), worker.Config{
		Workflows: s.cfg.Worker.WorkflowTasks, Activities: s.cfg.Worker.Activities,
		StickyCases: s.cfg.Worker.StickyCache, StopTimeout: s.cfg.Worker.StopTimeout,
		Fatal: func(err error) { cancel(fmt.Errorf("temporal refuses to be polled: %w", err)) },
	})
	if err := w.Start(); err != nil {
		return err
	}
	defer w.Stop()
	background.Go(func() { s.beat(ctx, models.PartWorker, nil) })
	background.Go(func() { s.sweepOnce(ctx) })
	ready()
	<-ctx.Done()
	if told.Err() != nil {
		return nil
	}
	return context.Cause(ctx)
}

// spareAfter is how long a start may wait for the relay beside its intake before a worker does it.
const spareAfter = 5 * time.Second

// spareRelay starts what the relays of the API processes have left lying: one may be down.
func (s *stack) spareRelay() *engine.Relay {
	return engine.NewRelay(s.engine, s.store, engine.RelayConfig{
		Poll: s.cfg.Relay.Poll, Parallel: 1, Behind: spareAfter, Now: time.Now, Logger: s.log,
	})
}

// prepareTemporal registers search attributes and schedule before anything is polled.
func (s *stack) prepareTemporal(ctx context.Context) error {
	for {
		err := s.engine.Prepare(ctx, s.cfg.Temporal.Namespace)
		if err == nil {
			err = s.engine.ScheduleSweep(ctx, s.cfg.Sweep.Every)
		}
		if err == nil {
			err = s.engine.ScheduleSignals(ctx, s.figures.Zone)
		}
		if err == nil {
			err = s.engine.ScheduleReports(ctx, s.figures.Zone, s.cfg.Reports.Which())
		}
		if err == nil {
			return nil
		}
		s.log.Warn("temporal is not ready; trying again", "address", s.cfg.Temporal.Address, "error", err)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(prepareEvery):
		}
	}
}

func (s *stack) activities() *activities.Activities {
	return &activities.Activities{
		Store: s.store, Links: s.vault, Plans: s.plans, Sweeper: s, Adjuster: s.service, Watcher: s.watch(), Reporter: s.reports, Hash: vault.TokenHash, Now: time.Now,
		Diverged: s.metrics.Diverged, Late: s.metrics.Late,
	}
}

// watch looks for signals in the figures.
func (s *stack) watch() signals.Watch {
	return signals.Watch{Table: s.figures.Table, Record: s.store, Zone: s.figures.Zone}
}

// keepStaged is how long texts may lie staged without an event that names them.
const keepStaged = 24 * time.Hour

// keepUptimes is how long it is known when the system was down: longer than cases last.
const keepUptimes = 3 * 365 * 24 * time.Hour

// beat keeps on record that a part of the system is up, until ctx ends.
func (s *stack) beat(ctx context.Context, part models.Part, up func(context.Context) error) {
	k := uptime.Keeper{Record: s.store, Part: part, Up: up, NewID: newID, Now: time.Now, Logger: s.log}
	k.Run(ctx)
}

// Sweep implements activities.Sweeper: the record against the workflows, then what is left over in
// the record itself.
func (s *stack) Sweep(ctx context.Context, progress func(cases int)) (contract.SweepResult, error) {
	result, err := s.engine.Sweep(ctx, s.store, progress)
	if err != nil {
		return result, err
	}
	s.metrics.Restarts(len(result.Restarted))
	if err := s.service.ResumeAdjustments(ctx); err != nil {
		return result, err
	}
	if len(result.Restarted) > 0 {
		s.relay.Wake() // runs in `recourse dev`; elsewhere an API's relay, or our spare, finds them as it polls
	}
	if _, err := s.store.SweepStaged(ctx, time.Now().Add(-keepStaged)); err != nil {
		return result, err
	}
	if _, err := s.store.SweepKeys(ctx, time.Now().Add(-keepStaged)); err != nil {
		return result, err
	}
	if _, err := s.store.SweepUptimes(ctx, time.Now().Add(-keepUptimes)); err != nil {
		return result, err
	}
	if err := s.sweepFiles(ctx); err != nil {
		return result, err
	}
	if err := s.sealWhatIsNot(ctx); err != nil {
		return result, err
	}
	return result, s.forget(ctx, time.Now())
}

// forgetEvery is how often it is looked for customers whom the policy keeps no longer.
const forgetEvery = 24 * time.Hour

// forget erases the customers whom the policy in force keeps no longer.
func (s *stack) forget(ctx context.Context, now time.Time) error {
	keep, err := s.plans.EraseAfter(ctx, now)
	if err != nil || keep == 0 || now.Sub(time.Unix(s.forgotAt.Load(), 0)) < forgetEvery {
		return err
	}
	erased, err := s.service.Forget(ctx, keep)
	if erased > 0 {
		s.log.Info("customers erased as the policy says", "customers", erased, "kept", keep)
	}
	if err == nil && erased < cases.ForgetAtATime {
		s.forgotAt.Store(now.Unix())
	}
	return err
}

// sweepFiles forgets uploads that nothing came to name: the bytes first, so that none is ever left
// without a row.
func (s *stack) sweepFiles(ctx context.Context) error {
	gone, err := s.store.DisownFiles(ctx, time.Now().Add(-keepStaged))
	if err != nil || len(gone) == 0 {
		return err
	}
	for _, file := range gone {
		if err := s.files.Remove(file.Blob); err != nil {
			return err
		}
	}
	return s.store.DropFiles(ctx, gone)
}

// sealWhatIsNot seals archived records whose workflow was lost before it did.
func (s *stack) sealWhatIsNot(ctx context.Context) error {
	ids, err := s.store.Unsealed(ctx, time.Now().Add(-time.Minute), 100)
	for _, id := range ids {
		if err == nil {
			err = s.activities().Archive(ctx, contract.ArchiveInput{CaseID: id})
		}
	}
	return err
}

// sweepOnce sweeps when a worker starts: what happened while none ran is mended at once.
func (s *stack) sweepOnce(ctx context.Context) {
	if _, err := s.Sweep(ctx, nil); err != nil && ctx.Err() == nil {
		s.log.Warn("the sweep at the start failed; the schedule tries again", "error", err)
	}
}
