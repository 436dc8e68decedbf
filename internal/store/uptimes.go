package store

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"recourse/models"
)

// Beat notes that a part of the system is up: it begins a span, or makes the one of this id longer.
func (s *Store) Beat(ctx context.Context, up models.Uptime) error {
	longer := clause.OnConflict{Columns: []clause.Column{{Name: "id"}}, DoUpdates: clause.AssignmentColumns([]string{"until"})}
	return s.change(ctx, "beat "+string(up.Part), func(db *gorm.DB) error { return db.Clauses(longer).Create(&up).Error })
}

// Uptimes returns the spans in which parts of the system were up from one instant until another, with the
// last one of each part before them, oldest first.
func (s *Store) Uptimes(ctx context.Context, from, until time.Time) (spans []models.Uptime, err error) {
	err = s.read(ctx, "uptimes", func(db *gorm.DB) error {
		for _, part := range models.Parts() {
			var before []models.Uptime
			if err := db.Where("part = ? AND until < ?", part, from).Order("until DESC, id").Limit(1).Find(&before).Error; err != nil {
				return err
			}
			spans = append(spans, before...)
		}
		var in []models.Uptime
		err := db.Where("until >= ? AND since <= ?", from, until).Order("since, id").Find(&in).Error
		spans = append(spans, in...)
		return err
	})
	return spans, err
}

// SweepUptimes forgets the spans that ended before an instant.
func (s *Store) SweepUptimes(ctx context.Context, before time.Time) (gone int64, err error) {
	err = s.change(ctx, "sweep uptimes", func(db *gorm.DB) error {
		done := db.Where("until < ?", before).Delete(&models.Uptime{})
		gone = done.RowsAffected
		return done.Error
	})
	return gone, err
}
