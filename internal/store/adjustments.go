package store

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"

	"recourse/models"
)

// RunningCases returns up to n open cases in the order of their ids behind afterID, with their
// snapshots: an adjustment's way through all of them.
func (s *Store) RunningCases(ctx context.Context, afterID string, n int) (rows []models.Case, err error) {
	err = s.read(ctx, "running cases", func(db *gorm.DB) error {
		return db.Where("state <> 'archived' AND id > ? AND ending = ''", afterID). // the words of index cases_live
												Order("id").Limit(n).Find(&rows).Error
	})
	return rows, err
}

// adjustedAtATime is how many cases of an adjustment are inserted by one statement: databases bound
// the values of one.
const adjustedAtATime = 200

// PutAdjustment keeps a previewed adjustment with its cases.
func (s *Store) PutAdjustment(ctx context.Context, a models.Adjustment, cases []models.AdjustedCase) error {
	return s.write(ctx, "put adjustment", func(tx *gorm.DB) error {
		if err := tx.Create(&a).Error; err != nil || len(cases) == 0 {
			return err
		}
		return tx.CreateInBatches(&cases, adjustedAtATime).Error
	})
}

// AddAdjusted adds cases to an adjustment; those that it has already stay as they are.
func (s *Store) AddAdjusted(ctx context.Context, cases []models.AdjustedCase) error {
	if len(cases) == 0 {
		return nil
	}
	return s.write(ctx, "add adjusted cases", func(tx *gorm.DB) error {
		return tx.Clauses(ifNew).CreateInBatches(&cases, adjustedAtATime).Error
	})
}

// Adjustment returns an adjustment; CodeNotFound when there is none.
func (s *Store) Adjustment(ctx context.Context, id string) (a models.Adjustment, err error) {
	err = s.read(ctx, "adjustment "+id, func(db *gorm.DB) error {
		return missing(db.Where("id = ?", id).Take(&a).Error, "adjustment")
	})
	return a, err
}

// Adjustments lists the latest adjustments, the last one first.
func (s *Store) Adjustments(ctx context.Context, n int) (all []models.Adjustment, err error) {
	err = s.read(ctx, "adjustments", func(db *gorm.DB) error {
		return db.Order("created_at DESC, id DESC").Limit(n).Find(&all).Error
	})
	return all, err
}

// MoveAdjustment moves an adjustment from one state to another; false when it is not in that state.
func (s *Store) MoveAdjustment(ctx context.Context, id string, from, to models.AdjustmentState, by string, at time.Time) (moved bool, err error) {
	set := map[string]any{"state": to}
	switch to {
	case models.AdjustmentRunning:
		set["started_by"], set["started_at"] = by, at
	case models.AdjustmentDone:
		set["done_at"] = at
	case models.AdjustmentUndoing:
		set["undone_by"] = by
	case models.AdjustmentUndone:
		set["undone_at"] = at
	case models.AdjustmentPreviewed:
		return false, errors.New("nothing becomes a preview again")
	}
	err = s.write(ctx, "move adjustment", func(tx *gorm.DB) error {
		done := tx.Model(&models.Adjustment{}).Where("id = ? AND state = ?", id, from).Updates(set)
		moved = done.RowsAffected == 1
		return done.Error
	})
	return moved, err
}

// Adjusted lists up to n cases of an adjustment behind a case id, of some states; none means all.
func (s *Store) Adjusted(ctx context.Context, id, afterCase string, n int, states ...models.AdjustedState) (cases []models.AdjustedCase, err error) {
	err = s.read(ctx, "adjusted cases", func(db *gorm.DB) error {
		db = db.Where("adjustment_id = ? AND case_id > ?", id, afterCase)
		if len(states) > 0 {
			db = db.Where("state IN ?", states)
		}
		return db.Order("case_id").Limit(n).Find(&cases).Error
	})
	return cases, err
}

// SetAdjusted keeps what became of a case.
func (s *Store) SetAdjusted(ctx context.Context, c models.AdjustedCase) error {
	return s.write(ctx, "set adjusted case", func(tx *gorm.DB) error { return tx.Save(&c).Error })
}

// CountAdjusted counts the cases of an adjustment by state.
func (s *Store) CountAdjusted(ctx context.Context, id string) (counts []models.AdjustmentCount, err error) {
	err = s.read(ctx, "count adjusted cases", func(db *gorm.DB) error {
		return db.Model(&models.AdjustedCase{}).Where("adjustment_id = ?", id).Group("state").Order("state").Select(`state, count(*) AS cases,
			coalesce(sum(CASE WHEN earlier THEN 1 END), 0) AS earlier, coalesce(sum(CASE WHEN later THEN 1 END), 0) AS later,
			coalesce(sum(CASE WHEN at_once THEN 1 END), 0) AS at_once`).Scan(&counts).Error
	})
	return counts, err
}
