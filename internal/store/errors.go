package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"recourse/models"
)

// Errors that callers tell apart with errors.Is, beside those of package models. Each carries a code,
// so that a door can answer it without knowing the store.
var (
	// ErrOnRecord says that a case, text, key or link of this id is on record already. Nothing was
	// written.
	ErrOnRecord = models.Refuse(models.CodeConflict, "this is on record already")
	// ErrNotStaged says that a recording names a text which was not staged for the case: swept, bound
	// to another event, or with another digest.
	ErrNotStaged = models.Refuse(models.CodeInternal, "a text of this event is not on record")
	// ErrUnavailable says that the database cannot be reached.
	ErrUnavailable = models.Refuse(models.CodeUnavailable, "the database cannot be reached; try again later")
)

// explain wraps err with what was being done, and tells a database that is away from a fault.
func (s *Store) explain(doing string, err error) error {
	var ours *models.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &ours):
		return fmt.Errorf("%s: %w", doing, err)
	case away(err), s.dialect.unreachable(err), s.dialect.retriable(err):
		return fmt.Errorf("%s: %w: %w", doing, ErrUnavailable, err)
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// away says what means the same on both databases: no connection, or no answer in time.
func away(err error) bool {
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || errors.Is(err, context.DeadlineExceeded)
}

// missing says for what nobody finds that there is none, and passes other errors on.
func missing(err error, what string) error {
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return models.Refuse(models.CodeNotFound, "no such "+what)
	}
	return err
}

func diverged(format string, args ...any) error {
	return models.Refuse(models.CodeDiverged, fmt.Sprintf(format, args...))
}
