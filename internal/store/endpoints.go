package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"recourse/models"
)

// Endpoints returns all endpoints, also disabled ones, in the order in which they were made.
func (s *Store) Endpoints(ctx context.Context) (all []models.Endpoint, err error) {
	err = s.read(ctx, "endpoints", func(db *gorm.DB) error { return db.Order("created_at, id").Find(&all).Error })
	return all, err
}

// Endpoint returns one endpoint; CodeNotFound when there is none.
func (s *Store) Endpoint(ctx context.Context, id string) (row models.Endpoint, err error) {
	err = s.read(ctx, "endpoint "+id, func(db *gorm.DB) error {
		return missing(db.Where("id = ?", id).Take(&row).Error, "endpoint")
	})
	return row, err
}

// AddEndpoint puts an endpoint on record with the key that its access is sealed with. ErrOnRecord: it is there.
func (s *Store) AddEndpoint(ctx context.Context, row models.Endpoint, key models.Key) error {
	return s.write(ctx, "add endpoint "+row.ID, func(tx *gorm.DB) error {
		return together(tx, meaning(append(insert([]models.Key{key}), insert([]models.Endpoint{row})...), known))
	})
}

// ChangeEndpoint keeps an endpoint as it is now; CodeStale when it changed since an instant.
func (s *Store) ChangeEndpoint(ctx context.Context, row models.Endpoint, since time.Time) error {
	return s.change(ctx, "change endpoint "+row.ID, func(db *gorm.DB) error {
		done := db.Model(&models.Endpoint{}).Where("id = ? AND changed_at = ?", row.ID, since).
			Select("*").Omit("id", "channel", "created_at", "created_by", "key_id").Updates(&row)
		if done.Error == nil && done.RowsAffected == 0 {
			return models.Refuse(models.CodeStale, "the endpoint was changed meanwhile; read it again")
		}
		return done.Error
	})
}

// PutDelivery keeps an attempt; one of the same message and instant stays as it is.
func (s *Store) PutDelivery(ctx context.Context, d models.Delivery) error {
	return s.change(ctx, "put delivery of "+d.MessageID, func(db *gorm.DB) error { return db.Clauses(ifNew).Create(&d).Error })
}

// Deliveries returns one page of the attempts at an endpoint, newest first, and the cursor of the next page.
func (s *Store) Deliveries(ctx context.Context, endpointID, from string, limit int) (page []models.Delivery, next string, err error) {
	after, err := readCursor(from)
	if err != nil {
		return nil, "", err
	}
	limit = pageSize(limit)
	err = s.read(ctx, "deliveries of "+endpointID, func(db *gorm.DB) error {
		db = db.Where("endpoint_id = ?", endpointID)
		if after != nil {
			db = db.Where("(at, message_id) < (?, ?)", after.At, after.ID)
		}
		return db.Order("at DESC, message_id DESC").Limit(limit + 1).Find(&page).Error
	})
	if len(page) > limit {
		page = page[:limit]
		next = cursor{At: page[limit-1].At, ID: page[limit-1].MessageID}.String()
	}
	return page, next, err
}

// MessagesByID returns those messages that are on record, by id, without their bodies.
func (s *Store) MessagesByID(ctx context.Context, ids []string) (found map[string]models.Message, err error) {
	var rows []models.Message
	err = s.read(ctx, "messages by id", func(db *gorm.DB) error { return db.Omit("body").Where("id IN ?", ids).Find(&rows).Error })
	found = make(map[string]models.Message, len(rows))
	for _, m := range rows {
		found[m.ID] = m
	}
	return found, err
}

// Redeliver lets a message that was given up, or that goes to an endpoint, leave again, under the same id;
// its tries are counted anew. CodeConflict when it is neither, or is on its way already.
func (s *Store) Redeliver(ctx context.Context, id string, at time.Time) error {
	return s.change(ctx, "redeliver message "+id, func(db *gorm.DB) error {
		done := db.Model(&models.Message{}).Where("id = ? AND (state = ? OR endpoint <> '' AND state <> ?)", id, models.MessageFailed, models.MessagePending).
			Updates(map[string]any{"state": models.MessagePending, "next_at": at, "attempts": 0, "sent_at": nil, "last_error": ""})
		if done.Error == nil && done.RowsAffected == 0 {
			return models.Refuse(models.CodeConflict, "this message is on its way already, or neither was given up nor goes to an endpoint")
		}
		return done.Error
	})
}

// MessageWaits puts a claimed message off until its turn; the attempt was none.
func (s *Store) MessageWaits(ctx context.Context, id string, until time.Time) error {
	return s.endMessage(ctx, id, map[string]any{"next_at": until, "attempts": gorm.Expr("attempts - 1")})
}

// stream is the step that leaves, for each entry, one message that carries it to the webhooks, as long as
// there is one. It asks nothing: intake must not wait for an answer. Its id is the entry's.
func stream(rec models.Recording) []step {
	if len(rec.Entries) == 0 || rec.Case.Sample {
		return nil
	}
	first, last := rec.Entries[0].Seq, rec.Entries[len(rec.Entries)-1].Seq
	return []step{{do: func(tx *gorm.DB) *gorm.DB {
		return tx.Exec(streaming, rec.Case.ID, first, last)
	}}}
}

const streaming = `INSERT INTO messages
	(id, case_id, seq, template, channel, person, endpoint, department, language, state, attempts, next_at, created_at, last_error, key_id)
	SELECT e.id, e.case_id, e.seq, 'event', 'webhook', '', '', '', '', 'pending', 0, e.decided_at, e.decided_at, '', ''
	FROM entries e WHERE e.case_id = ? AND e.seq BETWEEN ? AND ?
	AND EXISTS (SELECT 1 FROM endpoints WHERE channel = 'webhook' AND disabled_at IS NULL)
	ON CONFLICT DO NOTHING`
