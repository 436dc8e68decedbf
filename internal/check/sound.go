package check

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"recourse/models"
)

// keyLife is how long an idempotency key is kept: in that time it opens one case.
const keyLife = 24 * time.Hour

// sound: the database finds nothing wrong with itself, no row points to nothing, a kept answer names
// a case that is there, and no command opened two cases.
func sound(ctx context.Context, r *round) ([]Finding, error) {
	faults, err := r.record.Faults(ctx)
	if err != nil {
		return nil, err
	}
	loose, err := r.record.Loose(ctx)
	if err != nil {
		return nil, err
	}
	var found []Finding
	for _, says := range slices.Concat(faults, loose) {
		found = append(found, Finding{Says: []string{says}})
	}
	for _, id := range slices.Sorted(maps.Keys(r.answered)) {
		_, err := r.record.Case(ctx, id)
		switch {
		case models.CodeOf(err) == models.CodeNotFound:
			says := fmt.Sprintf("a key of %s was answered with case %s, which is not on record", r.answered[id], id)
			found = append(found, Finding{Says: []string{says}})
		case err != nil:
			return nil, err
		}
	}
	twice, err := openedTwice(ctx, r)
	return append(found, twice...), err
}

// listAnswers notes which cases the kept answers name, before the cases are read. Keys are kept for a
// day, so these are the cases of one day.
func (r *round) listAnswers(ctx context.Context) error {
	r.answered = map[string]string{}
	err := r.record.AnsweredKeys(ctx, func(key models.IdempotencyKey) error {
		var answer struct {
			ID string `json:"id"`
		}
		if json.Unmarshal(key.Answer, &answer) == nil && answer.ID != "" && key.Status == 201 {
			r.answered[answer.ID] = key.Route
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("read the answered keys: %w", err)
	}
	return nil
}

// openedTwice finds cases that one command opened within the life of its key.
func openedTwice(ctx context.Context, r *round) ([]Finding, error) {
	entries, err := r.record.OpenedTwice(ctx)
	if err != nil {
		return nil, err
	}
	var found []Finding
	for i := 1; i < len(entries); i++ {
		one, two := entries[i-1], entries[i]
		if one.Command != two.Command || two.DecidedAt.Sub(one.DecidedAt) > keyLife {
			continue
		}
		row, err := r.record.Case(ctx, two.CaseID)
		if err != nil {
			return nil, err
		}
		found = append(found, Finding{Number: nameOf(row), Says: []string{"it was opened by the command that opened case " + one.CaseID}})
	}
	return found, nil
}
