package cases

import (
	"context"
	"fmt"

	"recourse/internal/lifecycle"
	"recourse/models"
)

// projection is the version of what lifecycle.Row makes of a case. Raise it with every column that is new
// or means something else: rows that an older program wrote, or that an old dump held, are then brought in
// line once. 1: what waits for whom and what is due next; calls end with the wait for them. 2: what the clocks
// took, gross and net.
const projection = 2

// projectBy is how many cases are brought in line at a time, while nobody else moves them.
const projectBy = 200

// Projected is the record whose rows may be behind.
type Projected interface {
	// Projection returns the version that the rows have, or of the one under way, and the case it came to.
	Projection(ctx context.Context) (version int, after string, err error)
	// SetProjection keeps how far it has come; without a case it is done.
	SetProjection(ctx context.Context, version int, after string) error
	// Project brings up to n cases behind afterID in line with what project makes of them.
	Project(ctx context.Context, afterID string, n int, project func(row models.Case, undone []models.CallTask) (models.Recording, error)) (last string, changed int, err error)
	// Entries lists the entries of a case.
	Entries(ctx context.Context, caseID string, afterSeq int64, limit int) ([]models.Entry, error)
}

// Project brings the columns of all cases in line with their snapshots, unless they are, and returns how
// many were behind. One that was stopped goes on where it was.
func Project(ctx context.Context, record Projected) (changed int, err error) {
	version, after, err := record.Projection(ctx)
	if err != nil || version >= projection && after == "" {
		return 0, err
	}
	if version < projection {
		after = ""
	}
	for {
		last, n, err := record.Project(ctx, after, projectBy, func(row models.Case, undone []models.CallTask) (models.Recording, error) {
			return projected(ctx, record, row, undone)
		})
		if err != nil {
			return changed, err
		}
		changed += n
		if err := record.SetProjection(ctx, projection, last); err != nil || last == "" {
			return changed, err
		}
		after = last
	}
}

// projected is what a case makes of its row, and of calls that nobody waits for any more.
func projected(ctx context.Context, record Projected, row models.Case, undone []models.CallTask) (rec models.Recording, err error) {
	c, err := lifecycle.Restore(row)
	if err != nil {
		return rec, err
	}
	if rec.Case, err = lifecycle.Row(c); err != nil {
		return rec, err
	}
	for _, task := range undone {
		if c.Awaits(task.Cycle, task.Attempt) {
			continue
		}
		events, err := eventsOf(ctx, record, row.ID)
		if err != nil {
			return rec, fmt.Errorf("read the events of %s: %w", row.ID, err)
		}
		if end, is := lifecycle.CallEnd(events, task.Cycle, task.Attempt); is {
			rec.Calls = append(rec.Calls, end)
		}
	}
	return rec, nil
}

func eventsOf(ctx context.Context, record Projected, caseID string) ([]models.Event, error) {
	entries, err := record.Entries(ctx, caseID, 0, 0)
	events := make([]models.Event, len(entries))
	for i := range entries {
		if err == nil {
			events[i], err = entries[i].Event()
		}
	}
	return events, err
}
