package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"recourse/models"
)

// PutMessages adds messages; one whose id is on record stays as it is.
func (s *Store) PutMessages(ctx context.Context, messages []models.Message) error {
	return s.write(ctx, "put messages", func(tx *gorm.DB) error {
		return inChunks(tx, messages, ifNew)
	})
}

// DueMessages hands out up to n messages to send, alerts before all others, to nobody else until the
// lease has run out. MessageSent, MessageRetry, MessageFailed, MessageSkipped or Distribute ends it sooner.
func (s *Store) DueMessages(ctx context.Context, now time.Time, lease time.Duration, n int) ([]models.Message, error) {
	waiting := func(db *gorm.DB) *gorm.DB { return db.Where("state = 'pending' AND next_at <= ?", now) }
	alerts := func(db *gorm.DB) *gorm.DB { return waiting(db).Where("template = 'alert'") } // an index has these words too
	return messageQueue.claim(ctx, s, n, now.Add(lease), alerts, waiting)
}

// MessageSent keeps when a message left and its body as sent, sealed with the key named keyID.
func (s *Store) MessageSent(ctx context.Context, id string, at time.Time, keyID string, body []byte) error {
	return s.endMessage(ctx, id, map[string]any{
		"state": models.MessageSent, "sent_at": at, "last_error": "", "key_id": keyID, "body": body,
	})
}

// MessageRetry says why a message did not leave, and when to try again.
func (s *Store) MessageRetry(ctx context.Context, id string, next time.Time, why string) error {
	return s.endMessage(ctx, id, map[string]any{"next_at": next, "last_error": why})
}

// MessageFailed gives a message up and says why.
func (s *Store) MessageFailed(ctx context.Context, id, why string) error {
	return s.endMessage(ctx, id, map[string]any{"state": models.MessageFailed, "last_error": why})
}

// MessageSkipped says why a message need not be sent.
func (s *Store) MessageSkipped(ctx context.Context, id, why string) error {
	return s.endMessage(ctx, id, map[string]any{"state": models.MessageSkipped, "last_error": why})
}

// endMessage changes a pending message; what was sent, given up or skipped stays so.
func (s *Store) endMessage(ctx context.Context, id string, what map[string]any) error {
	return s.change(ctx, "message "+id, func(db *gorm.DB) error {
		return db.Model(&models.Message{}).Where("id = ? AND state = 'pending'", id).Updates(what).Error
	})
}

// Distribute puts a message to roles into the hands of people: one message to each, and the one to
// the roles is done (skipped, when there is nobody). Run twice it changes nothing, so ids of copies
// must be derived from the message's and the person's.
func (s *Store) Distribute(ctx context.Context, id string, at time.Time, copies []models.Message) error {
	return s.write(ctx, "distribute message "+id, func(tx *gorm.DB) error {
		if err := inChunks(tx, copies, ifNew); err != nil {
			return err
		}
		done := map[string]any{"state": models.MessageSent, "sent_at": at}
		if len(copies) == 0 {
			done = map[string]any{"state": models.MessageSkipped, "last_error": "nobody has such a role"}
		}
		return tx.Model(&models.Message{}).Where("id = ? AND state = 'pending'", id).Updates(done).Error
	})
}

// Inbox returns one page of the messages that lie in a person's inbox, of the cases that are visible,
// newest first, and the cursor of the next page.
func (s *Store) Inbox(ctx context.Context, personID string, visible models.Visible, from string, limit int) (page []models.Message, next string, err error) {
	after, err := readCursor(from)
	if err != nil || personID == "" {
		return nil, "", err
	}
	limit = pageSize(limit)
	err = s.read(ctx, "inbox of "+personID, func(db *gorm.DB) error {
		db = db.Where("person = ? AND person <> '' AND channel = ? AND state = ?", personID, models.MessageInbox, models.MessageSent)
		db = ofVisible(visible, "messages.case_id", db, s.reader)
		if after != nil {
			db = db.Where("(created_at, id) < (?, ?)", after.At, after.ID)
		}
		return db.Order("created_at DESC, id DESC").Limit(limit + 1).Find(&page).Error
	})
	if len(page) > limit {
		page = page[:limit]
		next = cursor{At: page[limit-1].CreatedAt, ID: page[limit-1].ID}.String()
	}
	return page, next, err
}

// MessageRead keeps when a person first read a message of theirs; CodeNotFound when it is not theirs.
func (s *Store) MessageRead(ctx context.Context, personID, id string, at time.Time) error {
	return s.change(ctx, "read message "+id, func(db *gorm.DB) error {
		done := db.Model(&models.Message{}).Where("id = ? AND person = ? AND person <> ''", id, personID).
			Update("read_at", gorm.Expr("COALESCE(read_at, ?)", at))
		if done.Error == nil && done.RowsAffected == 0 {
			return models.Refuse(models.CodeNotFound, "no such message")
		}
		return done.Error
	})
}

// Messages returns the messages of a case in the order of their events.
func (s *Store) Messages(ctx context.Context, caseID string) (all []models.Message, err error) {
	err = s.read(ctx, "messages of "+caseID, func(db *gorm.DB) error {
		return db.Where("case_id = ?", caseID).Order("seq, id").Find(&all).Error
	})
	return all, err
}
