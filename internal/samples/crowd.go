package samples

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"recourse/internal/cases"
	"recourse/models"
)

// crowdHands is how many generated cases are put on record side by side: sealing and deciding keep
// the processor busy while the database writes.
const crowdHands = 4

// Crowd puts n generated cases beside the samples, with a larger company to handle them: in every
// state, over the last year, with texts as long as people write them and signs that have broken
// programs. It says after each hundred how many are there. The cases are the same each time; what an
// earlier call put on record stays as it is, so that a crowd that was cut short is finished by the
// next. Run it before the relay, as Load.
func Crowd(ctx context.Context, svc *cases.Service, store Store, n int, now time.Time, said func(loaded int)) error {
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
	people := slices.Concat(People(now), crowdPeople(now))
	l := loader{svc: svc, store: store, people: people}
	w := world{now: now, zone: svc.Zone, people: people}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var (
		hands        sync.WaitGroup
		next, loaded atomic.Int64
	)
	for range crowdHands {
		hands.Go(func() {
			for i := int(next.Add(1)) - 1; i < n && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				if err := l.putOne(ctx, w, i, n); err != nil {
					stop(err)
				}
				if done := loaded.Add(1); done%100 == 0 {
					said(int(done))
				}
			}
		})
	}
	hands.Wait()
	if err := context.Cause(ctx); err != nil {
		return err
	}
	_, err := store.FirstMeta(ctx, there, now.UTC().Format(time.RFC3339))
	return err
}

// putOne puts one of the crowd on record, unless it is there.
func (l *loader) putOne(ctx context.Context, w world, i, n int) error {
	t := w.oneOfMany(i, n)
	t.ID = models.EventID("crowd", int64(i), "sample")
	_, err := l.store.Case(ctx, t.ID)
	if models.CodeOf(err) == models.CodeNotFound {
		for err = models.ErrCustomerTaken; errors.Is(err, models.ErrCustomerTaken); { // by another hand, a moment ago
			err = l.svc.PutSample(ctx, t.Sample, w.now, l.settle)
		}
	}
	if err == nil {
		err = l.carryOut(ctx, t.ID)
	}
	if err != nil {
		return fmt.Errorf("generate %s: %w", t.name, err)
	}
	return nil
}

// dice are the same for the same case.
func dice(i int) *rand.Rand { return rand.New(rand.NewPCG(uint64(i), 20000)) } //nolint:gosec // nothing is kept secret by it
