package store

import (
	"context"
	"errors"

	"gorm.io/gorm"

	"recourse/models"
)

// AsOne runs do over the record with all that it writes there in one transaction: on record when AsOne
// returns nil, and not when it returns an error. It spares a wait for the disk for each write, and on
// SQLite nobody else writes meanwhile: it is for filling a record. One is for do alone and for one
// goroutine; of a write that failed do returns the error, for parts of it may stand there still. What is
// written is read there at once, and found by its words when all of it is on record. Do runs again when the
// transaction lost against another.
func (s *Store) AsOne(ctx context.Context, do func(one *Store) error) (err error) {
	return s.writeMuch(ctx, "write as one", func(tx *gorm.DB) error {
		in := &inside{dialect: s.dialect}
		if err := do(&Store{writer: tx, reader: tx, dialect: in}); err != nil {
			return err
		}
		return together(tx, s.dialect.index(in.unfound))
	})
}

// writeMuch is write for a transaction that changes much of the file.
func (s *Store) writeMuch(ctx context.Context, doing string, do func(tx *gorm.DB) error) error {
	return s.roomy(ctx, func() error { return s.write(ctx, doing, do) })
}

// roomy gives whoever writes more memory while do runs.
func (s *Store) roomy(ctx context.Context, do func() error) (err error) {
	if err := s.change(ctx, "make room", s.dialect.spread); err != nil {
		return err
	}
	defer func() {
		err = errors.Join(err, s.change(context.WithoutCancel(ctx), "give room back", s.dialect.gather))
	}()
	return do()
}

// inside is a dialect within a transaction.
type inside struct {
	dialect

	unfound []models.SearchText // not in the search index yet: all together are much faster than one by one
}

// transaction is part of the one around it.
func (*inside) transaction(db *gorm.DB, do func(tx *gorm.DB) error) error { return do(db) }

// retriable is nothing by itself: what is lost is the whole transaction.
func (*inside) retriable(error) bool { return false }

// index waits for the end.
func (i *inside) index(rows []models.SearchText) []step {
	i.unfound = append(i.unfound, rows...)
	return nil
}
