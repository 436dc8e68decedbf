package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"recourse/models"
)

// PutIncoming keeps what a customer sent by link, before anybody decides on it. The same id a second
// time changes nothing.
func (s *Store) PutIncoming(ctx context.Context, in models.Incoming) error {
	return s.change(ctx, "put incoming "+in.ID, func(db *gorm.DB) error {
		return db.Clauses(ifNew).Create(&in).Error
	})
}

// DueIncomings hands out up to n answers to pass on, to nobody else until the lease has run out.
// IncomingPassed, IncomingRefused or IncomingFailed ends it sooner.
func (s *Store) DueIncomings(ctx context.Context, now time.Time, lease time.Duration, n int) ([]models.Incoming, error) {
	return incomingQueue.claim(ctx, s, n, now.Add(lease), func(db *gorm.DB) *gorm.DB {
		return db.Where("state = 'pending' AND next_at <= ?", now)
	})
}

// IncomingPassed says that the workflow decided the answer.
func (s *Store) IncomingPassed(ctx context.Context, id string, at time.Time) error {
	return s.endIncoming(ctx, id, map[string]any{"state": models.IncomingPassed, "passed_at": at})
}

// IncomingRefused says why the workflow refused the answer; it is not tried again.
func (s *Store) IncomingRefused(ctx context.Context, id string, at time.Time, why string) error {
	return s.endIncoming(ctx, id, map[string]any{"state": models.IncomingRefused, "passed_at": at, "refusal": why})
}

// IncomingFailed says that the answer could not be passed on now, and when to try again.
func (s *Store) IncomingFailed(ctx context.Context, id string, next time.Time) error {
	return s.endIncoming(ctx, id, map[string]any{"next_at": next})
}

// RefusedIncomings returns up to n answers that a case refused since an instant, the latest first, without
// their commands.
func (s *Store) RefusedIncomings(ctx context.Context, since time.Time, n int) (refused []models.Incoming, err error) {
	err = s.read(ctx, "refused incomings", func(db *gorm.DB) error {
		return db.Omit("command").Where("state = 'refused' AND passed_at >= ?", since). // the words of index incomings_refused
												Order("passed_at DESC, id").Limit(n).Find(&refused).Error
	})
	return refused, err
}

func (s *Store) endIncoming(ctx context.Context, id string, what map[string]any) error {
	return s.change(ctx, "incoming "+id, func(db *gorm.DB) error {
		return db.Model(&models.Incoming{}).Where("id = ? AND state = 'pending'", id).Updates(what).Error
	})
}

// Incoming returns one answer; CodeNotFound when there is none.
func (s *Store) Incoming(ctx context.Context, id string) (in models.Incoming, err error) {
	err = s.read(ctx, "incoming "+id, func(db *gorm.DB) error {
		return missing(db.Where("id = ?", id).Take(&in).Error, "answer")
	})
	return in, err
}

// Incomings returns the answers of a case as they came in.
func (s *Store) Incomings(ctx context.Context, caseID string) (all []models.Incoming, err error) {
	err = s.read(ctx, "incomings of "+caseID, func(db *gorm.DB) error {
		return db.Where("case_id = ?", caseID).Order("received_at, id").Find(&all).Error
	})
	return all, err
}
