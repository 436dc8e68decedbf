package store

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm"

	"recourse/models"
)

// touched is a row with the instant at which it was written, which no other reader is shown.
type touched struct {
	models.Case `gorm:"embedded"`

	At time.Time
}

// watched are the columns of a case that whoever watches it needs: all but the snapshot.
var watched = append(slices.DeleteFunc(newTable[models.Case]().columns(), func(name string) bool {
	return name == "snapshot" || name == "touched_at"
}), "touched_at AS at")

// Changed returns the cases whose row was written after an instant, by the writer's clock, the
// earliest first and at most n, and when the last of them was. A writer whose clock lags, or whose
// transaction takes long, appears behind others: ask again for the last seconds.
func (s *Store) Changed(ctx context.Context, after time.Time, n int) (rows []models.Case, last time.Time, err error) {
	var found []touched
	err = s.read(ctx, "cases changed", func(db *gorm.DB) error {
		return db.Model(&models.Case{}).Select(watched).Where("touched_at > ?", after).Order("touched_at, id").Limit(n).Scan(&found).Error
	})
	for _, f := range found {
		rows, last = append(rows, f.Case), f.At
	}
	return rows, last, err
}
