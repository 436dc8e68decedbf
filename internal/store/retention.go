package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"recourse/models"
)

// CustomersUntil returns up to n customers with whom nothing has happened since an instant: all of their
// cases are archived, and no legal hold lies on any of their records. Who was erased is not among them.
func (s *Store) CustomersUntil(ctx context.Context, last time.Time, n int) (ids []string, err error) {
	const records = "(SELECT id FROM customers AS r WHERE r.id = customers.id OR r.merged_into = customers.id)"
	err = s.read(ctx, "customers of before", func(db *gorm.DB) error {
		return db.Model(&models.Customer{}).
			Where("merged_into = '' AND erased_at IS NULL AND created_at <= ?", last).
			Where("NOT EXISTS (SELECT 1 FROM customers AS h WHERE h.held_at IS NOT NULL AND (h.id = customers.id OR h.merged_into = customers.id))").
			Where("NOT EXISTS (SELECT 1 FROM cases WHERE cases.customer_id IN "+records+" AND (cases.state <> ? OR cases.updated_at > ?))",
				models.StateArchived, last).
			Order("created_at, id").Limit(n).Pluck("id", &ids).Error
	})
	return ids, err
}
