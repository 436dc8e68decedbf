package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Open opens the database at url: sqlite:///path/to/file.db (or just the path) or
// postgres://user@host/name. It migrates nothing. A database that does not answer is
// CodeUnavailable; nothing stays open then.
func Open(ctx context.Context, url string, opts Options) (*Store, error) {
	var (
		s   *Store
		err error
	)
	switch kind, rest, found := strings.Cut(url, "://"); {
	case !found:
		s, err = openSQLite(ctx, url, opts)
	case kind == "sqlite":
		s, err = openSQLite(ctx, rest, opts)
	case kind == "postgres", kind == "postgresql":
		s, err = openPostgres(url, opts)
	default:
		return nil, fmt.Errorf("open database: %q is neither sqlite:// nor postgres://", kind+"://")
	}
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if err := s.Ping(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// keepMicroseconds is where every instant passes on its way into a statement, from a row or from a
// condition: what is compared has the precision of what is kept.
func keepMicroseconds(stmt *gorm.Statement) {
	last := len(stmt.Vars) - 1
	switch t := stmt.Vars[last].(type) {
	case time.Time:
		stmt.Vars[last] = instant(t)
	case *time.Time:
		if t != nil {
			stmt.Vars[last] = instant(*t)
		}
	}
}

// forUpdate locks the rows read until the transaction ends. SQLite needs no such words: its writer
// is alone from the start of a transaction.
var forUpdate = clause.Locking{Strength: "UPDATE"}

// forShare keeps the rows read from being changed until the transaction ends.
var forShare = clause.Locking{Strength: "SHARE"}

// unclaimed locks the rows read and leaves out those that somebody else has locked.
var unclaimed = clause.Locking{Strength: "UPDATE", Options: "SKIP LOCKED"}
