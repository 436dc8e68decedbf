package signals

import (
	"context"
	"fmt"
	"time"

	"recourse/internal/kpi"
	"recourse/models"
)

// Record is where signals are kept; internal/store has it.
type Record interface {
	PutSignals(ctx context.Context, signals []models.Signal) error
	Signals(ctx context.Context, q models.SignalQuery) (page []models.Signal, next string, err error)
}

// Watch looks for signals and puts them on record.
type Watch struct {
	Table  func(ctx context.Context) (*kpi.Table, error)
	Record Record
	Zone   *time.Location // the company's
}

// Look puts on record what can be seen at an instant, and returns what nobody had seen before it, the newest
// periods first and without their evidence. Looking twice at the same instant returns the same.
func (w Watch) Look(ctx context.Context, at time.Time) ([]models.Signal, error) {
	at = at.UTC().Truncate(time.Microsecond)
	table, err := w.Table(ctx)
	if err != nil {
		return nil, err
	}
	found, err := Find(table, at, w.Zone)
	if err != nil {
		return nil, fmt.Errorf("look for signals: %w", err)
	}
	if err := w.Record.PutSignals(ctx, found); err != nil {
		return nil, err
	}
	return w.SeenAt(ctx, at)
}

// SeenAt returns what was seen first at an instant.
func (w Watch) SeenAt(ctx context.Context, at time.Time) (all []models.Signal, err error) {
	q := models.SignalQuery{DetectedAt: at, Limit: 200}
	for {
		page, next, err := w.Record.Signals(ctx, q)
		if err != nil {
			return nil, err
		}
		all = append(all, page...)
		if next == "" {
			return all, nil
		}
		q.Cursor = next
	}
}
