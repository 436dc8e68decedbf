package store

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm"

	"recourse/models"
)

// CountMessages counts the messages that were not sent, by state and channel.
func (s *Store) CountMessages(ctx context.Context) (counts []models.MessageCount, err error) {
	err = s.read(ctx, "count messages", func(db *gorm.DB) error {
		return db.Model(&models.Message{}).Where("state <> 'sent'").Select("state, channel, count(*) AS messages"). // the words of index messages_unsent
																Group("state, channel").Order("state, channel").Scan(&counts).Error
	})
	return counts, err
}

// Outbox returns one page of messages without their bodies, the latest first, and the cursor of the next
// page.
func (s *Store) Outbox(ctx context.Context, q models.OutboxQuery) (page []models.Message, next string, err error) {
	after, err := readCursor(q.Cursor)
	if err != nil {
		return nil, "", err
	}
	limit := pageSize(q.Limit)
	err = s.read(ctx, "outbox", func(db *gorm.DB) error {
		if len(q.States) > 0 {
			db = db.Where("state IN ?", q.States)
		}
		if len(q.States) > 0 && !slices.Contains(q.States, models.MessageSent) {
			db = db.Where("state <> 'sent'") // the words of index messages_unsent
		}
		if len(q.Channels) > 0 {
			db = db.Where("channel IN ?", q.Channels)
		}
		if q.CaseID != "" {
			db = db.Where("case_id = ?", q.CaseID)
		}
		if q.Endpoint != "" {
			db = db.Where("endpoint = ?", q.Endpoint)
		}
		if after != nil {
			db = db.Where("(created_at, id) < (?, ?)", after.At, after.ID)
		}
		return db.Omit("body").Order("created_at DESC, id DESC").Limit(limit + 1).Find(&page).Error
	})
	if len(page) > limit {
		page = page[:limit]
		next = cursor{At: page[limit-1].CreatedAt, ID: page[limit-1].ID}.String()
	}
	return page, next, err
}

// LatestDeliveries returns the last attempt at each of some messages that left through an endpoint.
func (s *Store) LatestDeliveries(ctx context.Context, messages []string) (latest map[string]models.Delivery, err error) {
	var all []models.Delivery
	err = s.read(ctx, "latest deliveries", func(db *gorm.DB) error {
		return db.Where("message_id IN ?", messages).Order("at").Find(&all).Error
	})
	latest = make(map[string]models.Delivery, len(all))
	for _, d := range all {
		latest[d.MessageID] = d
	}
	return latest, err
}

// Restarts returns up to n workflows that were started again from the record or are about to be, the
// latest first.
func (s *Store) Restarts(ctx context.Context, n int) (starts []models.StartIntent, err error) {
	err = s.read(ctx, "restarts", func(db *gorm.DB) error {
		return db.Where("restart <> ''").Order("created_at DESC, case_id").Limit(n).Find(&starts).Error
	})
	return starts, err
}

// WaitingStarts returns up to n workflows that are still to be started, those that wait longest first.
func (s *Store) WaitingStarts(ctx context.Context, n int) (starts []models.StartIntent, err error) {
	err = s.read(ctx, "waiting starts", func(db *gorm.DB) error {
		return db.Where("started_at IS NULL").Order("created_at, case_id").Limit(n).Find(&starts).Error
	})
	return starts, err
}

// CountSessions counts the sessions that let in.
func (s *Store) CountSessions(ctx context.Context, now, idle time.Time) (n int64, err error) {
	err = s.read(ctx, "count sessions", func(db *gorm.DB) error {
		return db.Model(&models.Session{}).Where("ended_at IS NULL AND expires_at > ? AND used_at > ?", now, idle).Count(&n).Error
	})
	return n, err
}
