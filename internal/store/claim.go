package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"recourse/models"
)

// queue is a table whose rows are handed out: each has an id, attempts, and an instant next_at
// before which nobody else is handed it.
type queue[T any] struct {
	doing string
	id    string // its column
	take  func(row *T, until time.Time) (id string)
}

var (
	startQueue = queue[models.StartIntent]{"due starts", "case_id", func(r *models.StartIntent, until time.Time) string {
		r.NextAt, r.Attempts = until, r.Attempts+1
		return r.CaseID
	}}
	incomingQueue = queue[models.Incoming]{"due incomings", "id", func(r *models.Incoming, until time.Time) string {
		r.NextAt, r.Attempts = until, r.Attempts+1
		return r.ID
	}}
	messageQueue = queue[models.Message]{"due messages", "id", func(r *models.Message, until time.Time) string {
		r.NextAt, r.Attempts = until, r.Attempts+1
		return r.ID
	}}
)

// due narrows a query to rows that wait to be handed out.
type due func(db *gorm.DB) *gorm.DB

// claim hands out up to n rows, asking in turn until enough are found; the last question covers all.
// On Postgres a row that another claim holds is left out; on SQLite there is one claim at a time.
func (q queue[T]) claim(ctx context.Context, s *Store, n int, until time.Time, ask ...due) ([]T, error) {
	var some int64
	err := s.read(ctx, q.doing, func(db *gorm.DB) error { // an idle queue must not cost a write transaction
		return ask[len(ask)-1](db.Model(new(T))).Select("1").Order("next_at").Limit(1).Scan(&some).Error
	})
	if err != nil || some == 0 {
		return nil, err
	}
	var claimed []T
	err = s.write(ctx, q.doing, func(tx *gorm.DB) error {
		claimed = nil
		for _, which := range ask {
			rows, err := q.batch(tx, which, n-len(claimed), until)
			if err != nil {
				return err
			}
			if claimed = append(claimed, rows...); len(claimed) >= n {
				break
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return claimed, nil
}

func (q queue[T]) batch(tx *gorm.DB, which due, n int, until time.Time) ([]T, error) {
	var rows []T
	if err := which(tx).Clauses(unclaimed).Order("next_at").Order(q.id).Limit(n).Find(&rows).Error; err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, nil
	}
	until = instant(until)
	ids := make([]string, len(rows))
	for i := range rows {
		ids[i] = q.take(&rows[i], until)
	}
	err := tx.Model(new(T)).Where(q.id+" IN ?", ids).
		Updates(map[string]any{"next_at": until, "attempts": gorm.Expr("attempts + 1")}).Error
	return rows, err
}
