package store

import (
	"context"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// meta is one fact about the whole store.
type meta struct {
	Key   string `gorm:"primaryKey"`
	Value string
}

// TableName names the table; it holds facts, not metas.
func (meta) TableName() string { return "meta" }

// Meta returns the fact kept under key; CodeNotFound when there is none.
func (s *Store) Meta(ctx context.Context, key string) (string, error) {
	var row meta
	err := s.read(ctx, "meta "+key, func(db *gorm.DB) error {
		return missing(db.Where("key = ?", key).Take(&row).Error, "fact")
	})
	return row.Value, err
}

// SetMeta keeps a fact under key, over the one before.
func (s *Store) SetMeta(ctx context.Context, key, value string) error {
	return s.change(ctx, "set meta "+key, func(db *gorm.DB) error {
		return db.Clauses(clause.OnConflict{UpdateAll: true}).Create(&meta{Key: key, Value: value}).Error
	})
}

// FirstMeta keeps a fact under key unless there is one, and returns the one that holds: the first
// of several processes that start together decides.
func (s *Store) FirstMeta(ctx context.Context, key, value string) (string, error) {
	err := s.change(ctx, "first meta "+key, func(db *gorm.DB) error {
		return db.Clauses(ifNew).Create(&meta{Key: key, Value: value}).Error
	})
	if err != nil {
		return "", err
	}
	return s.Meta(ctx, key)
}

// ifNew leaves a row that is there as it is.
var ifNew = clause.OnConflict{DoNothing: true}

// NextSequence returns a number for a case that no other call ever returns, in this process or
// another. Gaps are allowed, so one that is not used is no loss.
func (s *Store) NextSequence(ctx context.Context) (int64, error) {
	block := s.dialect.block()
	if block == 1 {
		return s.takeNumbers(ctx, 1)
	}
	s.numbers.Lock()
	defer s.numbers.Unlock()
	if s.numbers.next >= s.numbers.end {
		first, err := s.takeNumbers(ctx, block)
		if err != nil {
			return 0, err
		}
		s.numbers.next, s.numbers.end = first, first+block
	}
	s.numbers.next++
	return s.numbers.next - 1, nil
}

func (s *Store) takeNumbers(ctx context.Context, n int64) (first int64, err error) {
	err = s.change(ctx, "next case number", func(db *gorm.DB) error {
		first, err = s.dialect.numbers(db, n)
		return err
	})
	return first, err
}
