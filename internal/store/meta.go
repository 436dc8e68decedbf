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

// numbersAhead is how many case numbers are taken at once. It spares nine round trips in ten, and on
// SQLite nine commits: a number of its own would wait for the disk as long as the complaint that bears
// it. Several processes take theirs in turn, so that neighbours of a number are neighbours in time.
const numbersAhead = 10

// NextSequence returns a number for a case that no other call ever returns, in this process or
// another. Gaps are allowed, so one that is not used is no loss.
func (s *Store) NextSequence(ctx context.Context) (int64, error) {
	s.numbers.Lock()
	defer s.numbers.Unlock()
	if len(s.numbers.ahead) == 0 {
		if err := s.take(ctx, numbersAhead); err != nil {
			return 0, err
		}
	}
	number := s.numbers.ahead[0]
	s.numbers.ahead = s.numbers.ahead[1:]
	return number, nil
}

// TakeNumbers makes sure that the next n calls of NextSequence wait for nobody.
func (s *Store) TakeNumbers(ctx context.Context, n int) error {
	s.numbers.Lock()
	defer s.numbers.Unlock()
	if n -= len(s.numbers.ahead); n <= 0 {
		return nil
	}
	return s.take(ctx, n)
}

// take puts n numbers behind those that are taken. The caller holds the lock.
func (s *Store) take(ctx context.Context, n int) error {
	var taken []int64
	err := s.change(ctx, "next case number", func(db *gorm.DB) (err error) {
		taken, err = s.dialect.numbers(db, int64(n))
		return err
	})
	if err == nil { // only now: what was rolled back is nobody's
		s.numbers.ahead = append(s.numbers.ahead, taken...)
	}
	return err
}
