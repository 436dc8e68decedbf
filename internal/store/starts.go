package store

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"recourse/models"
)

// DueStarts hands out up to n workflows to start, the urgent first, to nobody else until the lease
// has run out: StartDone or StartFailed ends it sooner. An attempt counts when it is handed out.
func (s *Store) DueStarts(ctx context.Context, now time.Time, lease time.Duration, n int) ([]models.StartIntent, error) {
	waiting := func(db *gorm.DB) *gorm.DB { return db.Where("started_at IS NULL AND next_at <= ?", now) }
	of := func(severity models.Severity) due {
		return func(db *gorm.DB) *gorm.DB { return waiting(db).Where("severity = ?", severity) }
	}
	return startQueue.claim(ctx, s, n, now.Add(lease), of(models.SeverityUrgent), of(models.SeverityImportant), waiting)
}

// StartDone says that the workflow runs. The row stays as the record of when that was, and waits no
// more.
func (s *Store) StartDone(ctx context.Context, caseID string, at time.Time) error {
	return s.change(ctx, "start done "+caseID, func(db *gorm.DB) error {
		return db.Model(&models.StartIntent{}).Where("case_id = ? AND started_at IS NULL", caseID).
			Updates(map[string]any{"started_at": at, "last_failure": ""}).Error
	})
}

// StartFailed says why a start did not come about, and when to try again.
func (s *Store) StartFailed(ctx context.Context, caseID string, next time.Time, why string) error {
	return s.change(ctx, "start failed "+caseID, func(db *gorm.DB) error {
		return db.Model(&models.StartIntent{}).Where("case_id = ? AND started_at IS NULL", caseID).
			Updates(map[string]any{"next_at": next, "last_failure": why}).Error
	})
}

// PutStart asks for a workflow to be started (again). While a start of that case is pending, it
// changes nothing.
func (s *Store) PutStart(ctx context.Context, start models.StartIntent) error {
	start.StartedAt = nil
	return s.change(ctx, "put start "+start.CaseID, func(db *gorm.DB) error {
		return db.Clauses(clause.OnConflict{
			Columns: []clause.Column{{Name: "case_id"}},
			DoUpdates: clause.AssignmentColumns([]string{
				"severity", "restart", "attempts", "created_at", "next_at", "started_at", "last_failure",
			}),
			Where: clause.Where{Exprs: []clause.Expression{clause.Expr{SQL: "start_intents.started_at IS NOT NULL"}}},
		}).Create(&start).Error
	})
}

// Start returns the pending start intent of a case; CodeNotFound when none is pending.
func (s *Store) Start(ctx context.Context, caseID string) (start models.StartIntent, err error) {
	err = s.read(ctx, "start of "+caseID, func(db *gorm.DB) error {
		return missing(db.Where("case_id = ? AND started_at IS NULL", caseID).Take(&start).Error, "pending start")
	})
	return start, err
}

// OldestStart says since when the longest waiting start is pending; nil when none is. Its age is the
// relay's.
func (s *Store) OldestStart(ctx context.Context) (*time.Time, error) {
	var oldest models.StartIntent
	err := s.read(ctx, "oldest start", func(db *gorm.DB) error {
		return db.Where("started_at IS NULL").Order("created_at").Limit(1).Take(&oldest).Error
	})
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, nil //nolint:nilnil // nothing waits
	}
	if err != nil {
		return nil, err
	}
	return &oldest.CreatedAt, nil
}

// PendingStarts counts the starts that are still to come.
func (s *Store) PendingStarts(ctx context.Context) (n int64, err error) {
	err = s.read(ctx, "pending starts", func(db *gorm.DB) error {
		return db.Model(&models.StartIntent{}).Where("started_at IS NULL").Count(&n).Error
	})
	return n, err
}
