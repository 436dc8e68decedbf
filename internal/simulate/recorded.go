package simulate

import (
	"context"
	"fmt"
	"time"

	"recourse/models"
)

// Entries are where the events of cases are on record.
type Entries interface {
	Entries(ctx context.Context, caseID string, afterSeq int64, limit int) ([]models.Entry, error)
}

// Recorded reads a case on record as it stood at an instant. A case that came later has no events.
func Recorded(ctx context.Context, from Entries, row models.Case, asOf time.Time) (Case, error) {
	c := Case{Name: row.Number}
	entries, err := from.Entries(ctx, row.ID, 0, 0)
	if err != nil {
		return c, err
	}
	for _, entry := range entries {
		e, err := entry.Event()
		if err != nil {
			return c, fmt.Errorf("case %s: %w", row.Number, err)
		}
		if !e.DecidedAt.Before(asOf) {
			break
		}
		c.Events = append(c.Events, e)
	}
	return c, nil
}
