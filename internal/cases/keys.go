package cases

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"recourse/models"
)

// leaseFor is how long a request with an idempotency key may take before another one with the same
// key may try: longer than any command waits.
const leaseFor = 15 * time.Second

// commandID names a wish: the same principal, route and key make the same command, however often it
// is sent. The key alone would let one caller replay another's.
func (c Call) commandID() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%s", c.principal(), c.Route, c.Key))
	return hex.EncodeToString(sum[:16])
}

func (c Call) principal() string { return string(c.Actor.Kind) + ":" + c.Actor.ID }

func (s *Service) key(c Call) models.IdempotencyKey {
	now := s.now()
	return models.IdempotencyKey{
		Principal: c.principal(), Route: c.Route, Key: c.Key, BodyHash: c.Body,
		CreatedAt: now, LeaseAt: now.Add(leaseFor),
	}
}

// Before is what a wish was answered when it was sent before; is: it was. Nothing is done. It is for
// whoever just wished the same under another key, and so may.
func (s *Service) Before(ctx context.Context, c Call) (done Done, is bool, err error) {
	key := s.key(c)
	kept, fresh, err := s.Store.Begin(ctx, key)
	if err != nil {
		return done, false, err
	}
	if fresh {
		return done, false, s.Store.Release(ctx, key)
	}
	err = json.Unmarshal(kept.Answer, &done)
	done.Replayed = true
	return done, err == nil, err
}

// Once runs do for the first of the requests that carry the same key, and says nothing more to later
// ones than that it was done. It is for what is answered with a page of its own.
func (s *Service) Once(ctx context.Context, c Call, do func() error) error {
	_, _, err := once(ctx, s, c, func() (struct{}, error) { return struct{}{}, do() })
	return err
}

// once runs do for the first request with a key and answers later ones with what it answered. A
// refusal changes nothing, so the key is free again; an unknown outcome frees it too, because the
// command's id makes trying again safe.
func once[T any](ctx context.Context, s *Service, c Call, do func() (T, error)) (answer T, replayed bool, err error) {
	key := s.key(c)
	kept, fresh, err := s.Store.Begin(ctx, key)
	if err != nil {
		return answer, false, err
	}
	if !fresh {
		return answer, true, json.Unmarshal(kept.Answer, &answer)
	}
	answer, err = do()
	// Whatever became of the caller, what was decided is kept.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaseFor)
	defer cancel()
	if err != nil {
		return answer, false, errors.Join(err, s.Store.Release(ctx, key))
	}
	key.Status = 200
	if key.Answer, err = json.Marshal(answer); err != nil {
		return answer, false, fmt.Errorf("keep answer: %w", err)
	}
	if err := s.Store.Finish(ctx, key); err != nil {
		s.Logger.WarnContext(ctx, "an answer could not be kept; the same key decides again and gets the same", "error", err)
	}
	return answer, false, nil
}
