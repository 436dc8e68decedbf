package samples

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"recourse/internal/cases"
	"recourse/models"
)

// crowdBy is how many generated cases are put on record as one: a commit waits for the disk, and what
// waits to be written is in memory.
const crowdBy = 250

// Together does much to the record as one transaction, by a service and a record that are for do alone;
// store.Store.AsOne is one.
type Together func(ctx context.Context, do func(*cases.Service, Store) error) error

// Crowd puts n generated cases beside the samples, with a larger company to handle them: in every
// state, over the last year, with texts as long as people write them and signs that have broken
// programs. It says after each hundred how many are there. The cases are the same each time; what an
// earlier call put on record stays as it is, so that a crowd that was cut short is finished by the
// next. Run it before the relay, as Load.
func Crowd(ctx context.Context, svc *cases.Service, store Store, together Together, n int, now time.Time, said func(loaded int)) error {
	if n < 1 {
		return nil
	}
	there := fmt.Sprintf("a crowd of %d", n)
	if _, err := store.Meta(ctx, there); models.CodeOf(err) != models.CodeNotFound {
		return err
	}
	if err := putCrowdCompany(ctx, store, now); err != nil {
		return err
	}
	l := newCrowdLoader(svc, store, now)
	if err := l.putAll(ctx, together, n, said); err != nil {
		return err
	}
	_, err := store.FirstMeta(ctx, there, now.UTC().Format(time.RFC3339))
	return err
}

// putAll drafts some of the crowd while the ones before are written.
func (l *crowdLoader) putAll(ctx context.Context, together Together, n int, said func(loaded int)) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	some := make(chan []draft)
	go func() {
		defer close(some)
		for from := 0; from < n && ctx.Err() == nil; from += crowdBy {
			drafted, err := l.draftSome(ctx, from, min(from+crowdBy, n), n)
			if err != nil {
				stop(err)
				return
			}
			select {
			case some <- drafted:
			case <-ctx.Done():
			}
		}
	}()
	loaded := 0
	for drafted := range some {
		if err := l.putSome(ctx, together, drafted, n); err != nil {
			stop(err)
			continue // the one who drafts is told, and ends
		}
		loaded += crowdBy
		said(min(loaded, n))
	}
	return context.Cause(ctx)
}

// crowdLoader puts the crowd on record.
type crowdLoader struct {
	loader

	w world
}

func newCrowdLoader(svc *cases.Service, store Store, now time.Time) *crowdLoader {
	people := append(People(now), crowdPeople(now)...)
	return &crowdLoader{loader{svc: svc, store: store, people: people}, world{now: now, zone: svc.Zone, people: people}}
}

// draft is one of the crowd before it is on record.
type draft struct {
	i    int // which
	in   models.Intake
	then []deed // what workflows did for its past
}

// draftSome drafts those from first until last that are not on record, as many at a time as there are
// processors.
func (l *crowdLoader) draftSome(ctx context.Context, first, last, n int) ([]draft, error) {
	missing, err := l.missing(ctx, first, last)
	if err != nil {
		return nil, err
	}
	if err := l.store.TakeNumbers(ctx, len(missing)); err != nil {
		return nil, err
	}
	var (
		hands  sync.WaitGroup
		next   atomic.Int64
		drafts = make([]draft, len(missing))
		errs   = make([]error, len(missing))
	)
	for range runtime.GOMAXPROCS(0) {
		hands.Go(func() {
			for at := int(next.Add(1)) - 1; at < len(missing); at = int(next.Add(1)) - 1 {
				drafts[at], errs[at] = l.draftOne(ctx, l.svc, l.store, missing[at], n)
			}
		})
	}
	hands.Wait()
	return drafts, errors.Join(errs...)
}

// missing are those that are not on record.
func (l *crowdLoader) missing(ctx context.Context, first, last int) (missing []int, err error) {
	var ids []string
	for i := first; i < last; i++ {
		ids = append(ids, crowdID(i))
	}
	there, err := l.svc.Store.RowsOf(ctx, ids)
	for i, id := range ids {
		if _, is := there[id]; !is {
			missing = append(missing, first+i)
		}
	}
	return missing, err
}

func crowdID(i int) string { return models.EventID("crowd", int64(i), "sample") }

// draftOne makes everything that goes on record with one of the crowd.
func (l *crowdLoader) draftOne(ctx context.Context, svc *cases.Service, store Store, i, n int) (draft, error) {
	t := l.w.oneOfMany(i, n)
	t.ID = crowdID(i)
	in, err := svc.DraftSample(ctx, t.Sample, l.w.now, l.settle)
	later := &notebook{Store: store, rec: in.Recording}
	if err == nil {
		err = l.carryOut(ctx, later, in.Recording.Entries)
	}
	if err != nil {
		return draft{}, fmt.Errorf("generate %s: %w", t.name, err)
	}
	return draft{i, in, later.deeds}, nil
}

// putSome puts some of the crowd on record: all of them, or none.
func (l *crowdLoader) putSome(ctx context.Context, together Together, some []draft, n int) error {
	if len(some) == 0 {
		return nil
	}
	return together(ctx, func(svc *cases.Service, store Store) error {
		for _, d := range some {
			known, err := l.known(ctx, svc, d.in)
			if known { // another of the crowd brought this customer a moment ago
				d, err = l.draftOne(ctx, svc, store, d.i, n)
			}
			if err == nil {
				err = svc.Store.AcceptIntake(ctx, d.in)
			}
			if err != nil {
				return fmt.Errorf("put one of the crowd, %d: %w", d.i, err)
			}
			for _, do := range d.then {
				if err := do(ctx, store); err != nil {
					return fmt.Errorf("put what was done for one of the crowd, %d: %w", d.i, err)
				}
			}
		}
		return nil
	})
}

// known says whether the new customer of a draft is on record by now.
func (l *crowdLoader) known(ctx context.Context, svc *cases.Service, in models.Intake) (bool, error) {
	if in.Customer == nil || len(in.Digests) == 0 {
		return false, nil
	}
	var digests []string
	for _, d := range in.Digests {
		digests = append(digests, d.Digest)
	}
	_, err := svc.Store.CustomerByDigest(ctx, digests)
	if models.CodeOf(err) == models.CodeNotFound {
		return false, nil
	}
	return err == nil, err
}

// dice are the same for the same case.
func dice(i int) *rand.Rand { return rand.New(rand.NewPCG(uint64(i), 20000)) } //nolint:gosec // nothing is kept secret by it
