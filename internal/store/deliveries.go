package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"recourse/models"
)

// FailedDeliveries counts, by endpoint, the attempts since an instant that did not arrive.
func (s *Store) FailedDeliveries(ctx context.Context, since time.Time) (map[string]int64, error) {
	var rows []struct {
		EndpointID string
		Attempts   int64
	}
	err := s.read(ctx, "failed deliveries", func(db *gorm.DB) error {
		return db.Model(&models.Delivery{}).Select("endpoint_id, COUNT(*) AS attempts").
			Where("at >= ? AND outcome <> ?", since, models.MessageSent).Group("endpoint_id").Scan(&rows).Error
	})
	failed := make(map[string]int64, len(rows))
	for _, r := range rows {
		failed[r.EndpointID] = r.Attempts
	}
	return failed, err
}
