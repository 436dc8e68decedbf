package cases

import (
	"context"
	"errors"
	"runtime"
	"sync"

	"recourse/internal/lifecycle"
	"recourse/models"
)

// factsVersion is the version of what lifecycle.Facts makes of a case. Raise it with everything that is new or
// means something else: what an older program wrote, or an old dump held, is then rewritten once.
const factsVersion = 2

// factsBy is how many cases are refolded at a time, while nobody else moves them.
const factsBy = 100

// Figured is the record whose facts may be behind.
type Figured interface {
	// FactsVersion returns the version that the facts have, or of the one under way, and the case it came to.
	FactsVersion(ctx context.Context) (version int, after string, err error)
	// SetFactsVersion keeps how far they have come; without a case they are in line.
	SetFactsVersion(ctx context.Context, version int, after string) error
	// CasesBehind returns how many cases there are behind afterID.
	CasesBehind(ctx context.Context, afterID string) (int64, error)
	// RewriteFacts brings up to n cases behind afterID in line with what facts makes of their entries.
	RewriteFacts(ctx context.Context, afterID string, n int, facts func(entries [][]models.Entry) ([]models.FactRows, error)) (last string, changed int, err error)
}

// RebuildFacts folds the facts of all cases from their events again, unless they are of this version and nobody
// wants it anyway, and returns how many cases had others. Whoever moves cases meanwhile waits for a moment, no
// more. One that was stopped goes on where it was. Progress is told after each step, of how many.
func RebuildFacts(ctx context.Context, record Figured, anyway bool, progress func(done, of int64)) (changed int, err error) {
	version, after, err := record.FactsVersion(ctx)
	switch {
	case err != nil:
		return 0, err
	case version >= factsVersion && after == "" && !anyway:
		return 0, nil
	case version < factsVersion:
		after = ""
	}
	of, err := record.CasesBehind(ctx, after)
	if err != nil {
		return 0, err
	}
	for done := int64(0); ; {
		last, n, err := record.RewriteFacts(ctx, after, factsBy, refolded)
		if err != nil {
			return changed, err
		}
		changed += n
		if err := record.SetFactsVersion(ctx, factsVersion, last); err != nil || last == "" {
			return changed, err
		}
		after, done = last, min(done+factsBy, of)
		progress(done, of)
	}
}

// refolded folds the facts of some cases, as many at a time as there are processors.
func refolded(entries [][]models.Entry) ([]models.FactRows, error) {
	var (
		rows = make([]models.FactRows, len(entries))
		errs = make([]error, len(entries))
		work sync.WaitGroup
		next = make(chan int)
	)
	for range runtime.GOMAXPROCS(0) {
		work.Go(func() {
			for i := range next {
				rows[i], errs[i] = lifecycle.FactsOf(entries[i])
			}
		})
	}
	for i := range entries {
		next <- i
	}
	close(next)
	work.Wait()
	return rows, errors.Join(errs...)
}
