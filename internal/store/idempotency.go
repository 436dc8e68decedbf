package store

import (
	"bytes"
	"context"
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"recourse/models"
)

var keyColumns = []clause.Column{{Name: "principal"}, {Name: "route"}, {Name: "key"}}

// Begin takes an idempotency key for one request, until LeaseAt. Fresh: the key is ours; end it with
// Finish, AcceptIntake or Release. Not fresh and no error: the answer to the same request, kept for
// KeyLife. CodeKeyReused: the key was used with another body. CodeInFlight: another request holds it.
// The instant of the request is CreatedAt; a lease that has run out by then is taken over.
func (s *Store) Begin(ctx context.Context, key models.IdempotencyKey) (kept models.IdempotencyKey, fresh bool, err error) {
	key.State = models.KeyRunning
	err = s.write(ctx, "begin "+key.Route, func(tx *gorm.DB) error {
		made := tx.Clauses(ifNew).Create(&key)
		if made.Error != nil || made.RowsAffected > 0 {
			kept, fresh = key, true
			return made.Error
		}
		if err := of(tx, key).Clauses(forUpdate).Take(&kept).Error; err != nil {
			return err
		}
		over := kept.CreatedAt.Before(key.CreatedAt.Add(-KeyLife))
		lapsed := kept.State == models.KeyRunning && !kept.LeaseAt.After(key.CreatedAt)
		switch sameBody := bytes.Equal(kept.BodyHash, key.BodyHash); {
		case over, sameBody && lapsed:
			kept, fresh = key, true
			return of(tx, key).Select("*").UpdateColumns(key).Error
		case !sameBody:
			return models.Refuse(models.CodeKeyReused, "this Idempotency-Key was used with another body")
		case kept.State == models.KeyRunning:
			return models.Refuse(models.CodeInFlight, "the first request with this Idempotency-Key is still running")
		}
		fresh = false
		return nil
	})
	if errors.Is(err, gorm.ErrRecordNotFound) { // swept between two statements: as good as in flight
		err = models.Refuse(models.CodeInFlight, "try again")
	}
	return kept, fresh, err
}

// of finds a key's row by what it is called.
func of(db *gorm.DB, key models.IdempotencyKey) *gorm.DB {
	return db.Model(&models.IdempotencyKey{}).
		Where("principal = ? AND route = ? AND key = ?", key.Principal, key.Route, key.Key)
}

// Finish keeps the answer that the same request will get from now on: Status and Answer of key.
func (s *Store) Finish(ctx context.Context, key models.IdempotencyKey) error {
	return s.change(ctx, "finish "+key.Route, func(db *gorm.DB) error {
		return of(db, key).Where("body_hash = ?", key.BodyHash).
			Updates(map[string]any{"state": models.KeyDone, "status": key.Status, "answer": key.Answer}).Error
	})
}

// Release gives the lease up, because the outcome is unknown or nothing was done: the same key with
// the same body may be tried again at once. An answered key stays answered, and a lease that
// somebody else has taken over since stays theirs.
func (s *Store) Release(ctx context.Context, key models.IdempotencyKey) error {
	return s.change(ctx, "release "+key.Route, func(db *gorm.DB) error {
		return of(db, key).Where("state = ? AND lease_at = ?", models.KeyRunning, key.LeaseAt).
			Update("lease_at", time.Unix(0, 0)).Error
	})
}

// SweepKeys forgets the keys of requests made before an instant and says how many those were.
func (s *Store) SweepKeys(ctx context.Context, before time.Time) (gone int64, err error) {
	err = s.change(ctx, "sweep keys", func(db *gorm.DB) error {
		done := db.Where("created_at < ?", before).Delete(&models.IdempotencyKey{})
		gone = done.RowsAffected
		return done.Error
	})
	return gone, err
}
