package store

import (
	"context"
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

// FailedMessages returns up to n messages that were given up, the latest first, without their bodies.
func (s *Store) FailedMessages(ctx context.Context, n int) (failed []models.Message, err error) {
	err = s.read(ctx, "failed messages", func(db *gorm.DB) error {
		return db.Omit("body").Where("state <> 'sent' AND state = ?", models.MessageFailed).Order("created_at DESC, id").Limit(n).Find(&failed).Error
	})
	return failed, err
}

// RetryMessage lets a message that was given up be tried again; CodeConflict when it was not.
func (s *Store) RetryMessage(ctx context.Context, id string, at time.Time) error {
	return s.change(ctx, "retry message "+id, func(db *gorm.DB) error {
		done := db.Model(&models.Message{}).Where("id = ? AND state = ?", id, models.MessageFailed).
			Updates(map[string]any{"state": models.MessagePending, "next_at": at, "attempts": 0})
		if done.Error == nil && done.RowsAffected == 0 {
			return models.Refuse(models.CodeConflict, "this message was not given up, or is tried again already")
		}
		return done.Error
	})
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
