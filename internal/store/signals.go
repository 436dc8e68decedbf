package store

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"recourse/models"
)

// PutSignals puts signals on record, all of them or none; one that is there stays as it was seen first, unless it was
// seen in samples and is seen in real cases now.
func (s *Store) PutSignals(ctx context.Context, signals []models.Signal) error {
	var real []string
	for _, signal := range signals {
		if !signal.Sample {
			real = append(real, signal.ID)
		}
	}
	return s.write(ctx, "put signals", func(tx *gorm.DB) error {
		for ids := range slices.Chunk(real, 500) {
			if err := tx.Where("sample AND id IN ?", ids).Delete(&models.Signal{}).Error; err != nil {
				return err
			}
		}
		return inChunks(tx, signals, ifNew)
	})
}

// shownSignals are all, without those of samples as soon as one real case is on record.
func shownSignals(db *gorm.DB) *gorm.DB {
	return db.Where("(NOT signals.sample OR NOT EXISTS (SELECT 1 FROM cases WHERE NOT cases.sample))")
}

// Signal returns a signal with its evidence; CodeNotFound when there is none.
func (s *Store) Signal(ctx context.Context, id string) (signal models.Signal, err error) {
	err = s.read(ctx, "signal "+id, func(db *gorm.DB) error {
		return missing(shownSignals(db).Where("id = ?", id).Take(&signal).Error, "signal")
	})
	return signal, err
}

// Signals returns one page of the signals asked for, those of the newest periods first, without their evidence,
// and the cursor of the next page.
func (s *Store) Signals(ctx context.Context, q models.SignalQuery) (page []models.Signal, next string, err error) {
	after, err := readCursor(q.Cursor)
	if err != nil {
		return nil, "", err
	}
	limit := pageSize(q.Limit)
	err = s.read(ctx, "list signals", func(db *gorm.DB) error {
		db = narrowSignals(q, shownSignals(db.Omit("evidence")))
		if after != nil {
			db = db.Where("(until_at, id) < (?, ?)", after.At, after.ID)
		}
		return db.Order("until_at DESC, id DESC").Limit(limit + 1).Find(&page).Error
	})
	if len(page) > limit {
		page = page[:limit]
		next = cursor{At: page[limit-1].Until, ID: page[limit-1].ID}.String()
	}
	return page, next, err
}

func narrowSignals(q models.SignalQuery, db *gorm.DB) *gorm.DB {
	if q.Dimension != "" {
		db = db.Where("dimension = ?", q.Dimension)
	}
	if q.Value != "" {
		db = db.Where("value = ?", q.Value)
	}
	if q.Step != "" {
		db = db.Where("step = ?", q.Step)
	}
	if !q.From.IsZero() {
		db = db.Where("until_at > ?", q.From)
	}
	if !q.Until.IsZero() {
		db = db.Where("from_at < ?", q.Until)
	}
	if !q.DetectedAt.IsZero() {
		db = db.Where("detected_at = ?", q.DetectedAt)
	}
	return db
}
