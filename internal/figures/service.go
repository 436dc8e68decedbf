package figures

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"recourse/internal/kpi"
	"recourse/models"
)

// How old figures may be when somebody asks, and how far back the record is asked each time what changed:
// for writers whose clock lags and transactions that took long.
const (
	fresh       = time.Second
	freshBeside = 10 * time.Second // what hardly ever changes: volumes, merged customers
	again       = 5 * time.Second
	most        = 1000 // rows a time
)

// Record is where cases come from; internal/store has it.
type Record interface {
	Figures(ctx context.Context, visit func(models.FigureRow) error) error
	FiguresSince(ctx context.Context, after time.Time, afterID string, n int) (rows []models.FigureRow, last time.Time, err error)
	Survivors(ctx context.Context) (map[string]string, error)
	Volumes(ctx context.Context) ([]models.Volume, error)
}

// Hours say how much of the time between two instants a department was open, by the version of the policy
// that a case ran under.
type Hours interface {
	Open(ctx context.Context, row models.Case, department string, from, until time.Time) (time.Duration, error)
}

// Service reads the record once, when somebody first asks for a figure, and follows it from then on.
type Service struct {
	Record Record
	Hours  Hours
	Zone   *time.Location // the company's
	Now    func() time.Time
	Log    *slog.Logger

	mu      sync.Mutex
	loading chan struct{} // closed when the reading under way has ended; nil: none is
	failed  error         // how the last reading ended
	table   *kpi.Table    // nil until the record was read once

	follow      sync.Mutex
	asked       time.Time // when the record was asked last what changed, by our clock
	askedBeside time.Time // likewise, for what stands beside the cases
}

// Table returns the table, at most a second behind the record. The first to ask waits until the record was
// read; an end of ctx ends the wait and not the reading.
func (s *Service) Table(ctx context.Context) (*kpi.Table, error) {
	table, wait := s.begin(ctx)
	if table == nil {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-wait:
		}
		s.mu.Lock()
		table = s.table
		err := s.failed
		s.mu.Unlock()
		if table == nil {
			return nil, fmt.Errorf("read the record for figures: %w", err)
		}
	}
	return table, s.catchUp(ctx, table)
}

// begin returns the table, or what to wait for until there is one.
func (s *Service) begin(ctx context.Context) (*kpi.Table, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.table != nil || s.loading != nil {
		return s.table, s.loading
	}
	s.loading = make(chan struct{})
	go s.load(context.WithoutCancel(ctx), s.loading)
	return nil, s.loading
}

func (s *Service) load(ctx context.Context, done chan struct{}) {
	defer close(done)
	started := s.Now()
	table := kpi.NewTable()
	n := 0
	err := s.Record.Figures(ctx, func(row models.FigureRow) error {
		n++
		return s.put(ctx, table, row)
	})
	if err == nil {
		err = s.beside(ctx, table)
	}
	s.publish(table, started, err)
	if err != nil {
		s.Log.ErrorContext(ctx, "the record could not be read for figures", "error", err)
		return
	}
	s.Log.InfoContext(ctx, "figures are ready", "cases", n, "took", s.Now().Sub(started).Round(time.Millisecond))
}

// publish makes a table that was read the one that answers; what was written since the reading began is
// asked for next.
func (s *Service) publish(table *kpi.Table, started time.Time, err error) {
	s.follow.Lock()
	defer s.follow.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.loading, s.failed = nil, err
	if err == nil {
		s.table, s.asked, s.askedBeside = table, started, started
	}
}

// catchUp puts into the table what was written since the record was asked last.
func (s *Service) catchUp(ctx context.Context, table *kpi.Table) error {
	s.follow.Lock()
	defer s.follow.Unlock()
	now := s.Now()
	if now.Sub(s.asked) >= fresh {
		if err := s.putSince(ctx, table, s.asked.Add(-again)); err != nil {
			return fmt.Errorf("follow the record for figures: %w", err)
		}
		s.asked = now // what is written from here on is found the next time
	}
	if now.Sub(s.askedBeside) >= freshBeside {
		if err := s.beside(ctx, table); err != nil {
			return fmt.Errorf("follow the record for figures: %w", err)
		}
		s.askedBeside = now
	}
	return nil
}

func (s *Service) putSince(ctx context.Context, table *kpi.Table, after time.Time) error {
	afterID := ""
	for {
		rows, last, err := s.Record.FiguresSince(ctx, after, afterID, most)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if err := s.put(ctx, table, row); err != nil {
				return err
			}
		}
		if len(rows) < most {
			return nil
		}
		after, afterID = last, rows[len(rows)-1].Case.ID
	}
}

// put brings one case into the table, with how long each department had it open.
func (s *Service) put(ctx context.Context, table *kpi.Table, row models.FigureRow) error {
	record, err := Compose(ctx, s.Hours, row)
	if err != nil {
		return err
	}
	table.Put(record)
	return nil
}

// beside brings what belongs to no case into the table.
func (s *Service) beside(ctx context.Context, table *kpi.Table) error {
	survivors, err := s.Record.Survivors(ctx)
	if err != nil {
		return err
	}
	volumes, err := s.Record.Volumes(ctx)
	if err != nil {
		return err
	}
	table.SetCustomers(survivors)
	table.SetVolumes(volumes)
	return nil
}
