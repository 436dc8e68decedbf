package extract

import (
	"context"
	"fmt"
	"time"

	"recourse/internal/lifecycle"
	"recourse/models"
)

// batch is how many cases are read at a time.
const batch = 500

// Record is the record as extracts read it; internal/store has it.
type Record interface {
	FiguresOf(ctx context.Context, ids []string) ([]models.FigureRow, error)
	Entries(ctx context.Context, caseID string, afterSeq int64, limit int) ([]models.Entry, error)
	Survivors(ctx context.Context) (map[string]string, error)
}

// Source is where cases come from.
type Source struct {
	Record Record
	// Past reads what versions of the policy said, for a customer of a zone.
	Past func(ctx context.Context, zone string, versions ...string) (Past, error)
}

// write visits the rows of a table for cases in the order of their ids given, a batch at a time, so that any
// number of cases takes the memory of one batch.
func write(ctx context.Context, from Source, t Table, ids []string, cut time.Time, row func(cells ...any) error) error {
	survivors, err := from.Record.Survivors(ctx)
	if err != nil {
		return err
	}
	for len(ids) > 0 {
		n := min(batch, len(ids))
		rows, err := from.Record.FiguresOf(ctx, ids[:n])
		if err != nil {
			return err
		}
		for _, r := range rows {
			c, err := from.compose(ctx, t, r, survivors, cut)
			if err != nil {
				return err
			}
			if err := t.rows(c, row); err != nil {
				return err
			}
		}
		ids = ids[n:]
	}
	return nil
}

// compose puts together all that a table reads of a case.
func (s Source) compose(ctx context.Context, t Table, r models.FigureRow, survivors map[string]string, cut time.Time) (Case, error) {
	c := Case{FigureRow: r, Customer: r.Case.CustomerID, Cut: cut}
	if into, merged := survivors[c.Customer]; merged {
		c.Customer = into
	}
	versions := []string{r.Case.Policy}
	if t.Events {
		events, err := s.events(ctx, r.Case)
		if err != nil {
			return Case{}, err
		}
		c.Events, versions = events, lifecycle.Policies(events)
	}
	past, err := s.Past(ctx, r.Case.Zone, versions...)
	if err != nil {
		return Case{}, fmt.Errorf("policies of case %s: %w", r.Case.Number, err)
	}
	c.Past = past
	return c, nil
}

func (s Source) events(ctx context.Context, row models.Case) ([]models.Event, error) {
	entries, err := s.Record.Entries(ctx, row.ID, 0, 0)
	if err != nil {
		return nil, err
	}
	events := make([]models.Event, len(entries))
	for i, entry := range entries {
		if events[i], err = entry.Event(); err != nil {
			return nil, fmt.Errorf("case %s: %w", row.Number, err)
		}
	}
	return events, nil
}
