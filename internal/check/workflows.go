package check

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"recourse/models"
)

func withoutEngine(r *round) string {
	if r.engine == nil {
		return "no workflow engine was asked"
	}
	return ""
}

// listWorkflows asks which workflows run, before the cases are read: one that starts later belongs to
// a case that is read later.
func (r *round) listWorkflows(ctx context.Context) error {
	if r.engine == nil {
		return nil
	}
	ids, err := r.engine.Running(ctx)
	if err != nil {
		return fmt.Errorf("list running workflows: %w", err)
	}
	r.running = make(map[string]bool, len(ids))
	for _, id := range ids {
		r.running[id] = true
	}
	return nil
}

// workflows: a live case has a running workflow, or is about to; an archived one has none. The list
// lags, so whoever it seems to accuse is asked for by name.
func workflows(ctx context.Context, f *file) ([]string, error) {
	live, listed := f.Case.State.Live(), f.round.running[f.Case.ID]
	if live == listed || live && f.starting() {
		return nil, nil
	}
	if !live && f.Case.ArchivedAt != nil && f.round.now.Sub(*f.Case.ArchivedAt) <= f.round.cfg.Grace {
		return nil, nil // it is about to end
	}
	runs, err := f.round.engine.Runs(ctx, f.Case.ID)
	if err != nil || runs == live {
		return nil, err
	}
	if now, err := f.round.record.Case(ctx, f.Case.ID); err != nil || now.State.Live() != live {
		return nil, err // it was sealed while we looked
	}
	if live {
		return []string{fmt.Sprintf("the case is %s, and no workflow runs for it", f.Case.State)}, nil
	}
	return []string{"the case is archived, and its workflow still runs"}, nil
}

// starting says whether a start of the workflow was asked for a moment ago.
func (f *file) starting() bool {
	return f.Start != nil && f.Start.StartedAt == nil && f.round.now.Sub(f.Start.CreatedAt) <= f.round.cfg.Grace
}

// strays are workflows that run for no case on record.
func strays(ctx context.Context, r *round) ([]Finding, error) {
	var found []Finding
	for _, id := range slices.Sorted(maps.Keys(r.running)) {
		runs, err := r.engine.Runs(ctx, id)
		if err != nil {
			return nil, err
		}
		_, err = r.record.Case(ctx, id)
		switch {
		case models.CodeOf(err) == models.CodeNotFound && runs:
			found = append(found, Finding{Says: []string{fmt.Sprintf("workflow of case %s runs, and there is no such case", id)}})
		case err != nil && models.CodeOf(err) != models.CodeNotFound:
			return nil, err
		}
	}
	return found, nil
}
