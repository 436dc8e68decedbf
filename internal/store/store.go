package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/logger"

	"recourse/models"
)

// Options tune a store; the zero value is right for one process on one machine.
type Options struct {
	Connections int // to Postgres at most, or for reading SQLite; 0: 16, or 4
}

// Store is the record in one database. It is safe for use by many goroutines.
type Store struct {
	writer  *gorm.DB // the one handle that writes; on Postgres the pool
	reader  *gorm.DB // on Postgres the same pool
	dialect dialect

	numbers struct { // a block of case numbers taken ahead; see NextSequence
		sync.Mutex
		ahead []int64
	}
}

// dialect is everything in which the two databases differ beyond what GORM hides.
type dialect interface {
	// transaction runs statements as one: all of them or none.
	transaction(db *gorm.DB, do func(tx *gorm.DB) error) error
	// retriable says whether the transaction lost against another one and may be tried again.
	retriable(err error) bool
	// unreachable says whether the database could not be asked at all.
	unreachable(err error) bool
	// numbers takes n case numbers that nobody else gets.
	numbers(tx *gorm.DB, n int64) ([]int64, error)
	// lastNumber is the highest case number given out so far, setLastNumber moves it.
	lastNumber(tx *gorm.DB) (int64, error)
	setLastNumber(tx *gorm.DB, n int64) error
	// snapshot makes the transaction see one state of all tables.
	snapshot(tx *gorm.DB) error
	// holding is the condition that one text of a case has all terms of one of the sets.
	holding(db *gorm.DB, sets [][]int64) (condition string, vars []any, err error)
	// holds is the condition that the text st has all of some terms.
	holds(terms []int64) (condition string, vars []any)
	// index puts texts into the search index that are not in it yet.
	index(rows []models.SearchText) []step
	// spread gives the one who writes more memory for a while, gather takes it back.
	spread(db *gorm.DB) error
	gather(db *gorm.DB) error
	// scrub takes erased bytes out of the database's own logs, where it can be done.
	scrub(db *gorm.DB) error
	// faults lists what the database itself finds wrong.
	faults(db *gorm.DB) ([]string, error)
	// provider runs our migrations.
	provider(db *gorm.DB) (migrator, error)
}

// config is GORM as we want it: silent, because errors are returned and queries hold people's data;
// no transactions, because ours are explicit.
func config() *gorm.Config {
	return &gorm.Config{
		Logger:                 logger.Discard,
		SkipDefaultTransaction: true,
		TranslateError:         true,
	}
}

// instant is t as both databases keep it: UTC, microseconds.
func instant(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// Close ends all connections. SQLite folds its log into the file.
func (s *Store) Close() error {
	var errs []error
	for _, db := range []*gorm.DB{s.reader, s.writer} {
		pool, err := db.DB()
		if err == nil {
			err = pool.Close() // twice for the same pool is fine
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// Ping says whether the database answers; CodeUnavailable when it does not.
func (s *Store) Ping(ctx context.Context) error {
	return s.read(ctx, "ping", func(db *gorm.DB) error {
		return db.Exec("SELECT 1").Error
	})
}

// read runs queries that change nothing, each on its own.
func (s *Store) read(ctx context.Context, doing string, do func(db *gorm.DB) error) error {
	return s.explain(doing, do(s.reader.WithContext(ctx)))
}

// change runs a single statement that writes.
func (s *Store) change(ctx context.Context, doing string, do func(db *gorm.DB) error) error {
	return s.persist(ctx, doing, func() error { return do(s.writer.WithContext(ctx)) })
}

// write runs several statements as one transaction: all of them or none.
func (s *Store) write(ctx context.Context, doing string, do func(tx *gorm.DB) error) error {
	return s.persist(ctx, doing, func() error { return s.dialect.transaction(s.writer.WithContext(ctx), do) })
}

// tries is how often a transaction that lost against another one is tried in all.
const tries = 6

// persist tries again what lost against another transaction. Nothing of a lost one is on record.
func (s *Store) persist(ctx context.Context, doing string, try func() error) error {
	pause := 2 * time.Millisecond
	for attempt := 1; ; attempt++ {
		err := try()
		if err == nil || attempt == tries || !s.dialect.retriable(err) {
			return s.explain(doing, err)
		}
		select {
		case <-ctx.Done():
			return s.explain(doing, err)
		case <-time.After(pause + rand.N(pause)): //nolint:gosec // two losers must not meet again; nothing secret
			pause *= 3
		}
	}
}

// Faults lists what the database itself finds wrong with its tables: broken pages, rows that point
// nowhere. It reads everything.
func (s *Store) Faults(ctx context.Context) (found []string, err error) {
	err = s.read(ctx, "look for faults", func(db *gorm.DB) error {
		found, err = s.dialect.faults(db)
		return err
	})
	return found, err
}

// inChunks inserts rows, as many at a time as a statement may.
func inChunks[T any](tx *gorm.DB, rows []T, how ...clause.Expression) error {
	if err := together(tx, insert(rows, how...)); err != nil {
		return fmt.Errorf("insert %T: %w", rows, err)
	}
	return nil
}
