package store

import (
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// step is one statement of several that a transaction runs without looking at the answers between
// them.
type step struct {
	do   func(tx *gorm.DB) *gorm.DB
	ends func(rows int64, err error) error // what its outcome means; nil: an error is an error
}

func (s step) end(rows int64, err error) error {
	if s.ends == nil {
		return err
	}
	return s.ends(rows, err)
}

// meaning makes the steps say what their errors mean.
func meaning(steps []step, what func(error) error) []step {
	for i, s := range steps {
		steps[i].ends = func(rows int64, err error) error { return what(s.end(rows, err)) }
	}
	return steps
}

// parametersAtOnce is how many a statement may have: the driver of SQLite looks for each among all of them.
const parametersAtOnce = 300

// inStatements are rows as many at a time as one statement inserts.
func inStatements[T any](rows []T) iter.Seq[[]T] {
	columns := len(reflect.VisibleFields(reflect.TypeFor[T]()))
	return slices.Chunk(rows, max(1, parametersAtOnce/columns))
}

// insert are the steps that insert rows, as many at a time as a statement may.
func insert[T any](rows []T, how ...clause.Expression) (steps []step) {
	for some := range inStatements(rows) {
		steps = append(steps, step{do: func(tx *gorm.DB) *gorm.DB { return tx.Clauses(how...).Create(some) }})
	}
	return steps
}

// connKey is where a transaction on Postgres knows its connection.
const connKey = "recourse:conn"

// together runs the steps in order and stops at the first that fails. On Postgres all of them travel
// at once: one round trip instead of a dozen.
func together(tx *gorm.DB, steps []step) error {
	if conn, is := tx.Get(connKey); is {
		return pipeline(tx, conn.(*sql.Conn), steps) //nolint:forcetypeassert // only transaction sets it
	}
	for _, s := range steps {
		done := s.do(tx)
		if err := s.end(done.RowsAffected, done.Error); err != nil {
			return err
		}
	}
	return nil
}

func pipeline(tx *gorm.DB, conn *sql.Conn, steps []step) error {
	batch, dry := &pgx.Batch{}, tx.Session(&gorm.Session{DryRun: true})
	for _, s := range steps {
		made := s.do(dry)
		if made.Error != nil {
			return s.end(0, made.Error)
		}
		batch.Queue(made.Statement.SQL.String(), made.Statement.Vars...)
	}
	return conn.Raw(func(raw any) (err error) {
		driver, is := raw.(*stdlib.Conn)
		if !is {
			return fmt.Errorf("a connection of %T, not of pgx", raw)
		}
		answers := driver.Conn().SendBatch(tx.Statement.Context, batch)
		defer func() { err = errors.Join(err, answers.Close()) }()
		for _, s := range steps {
			tag, err := answers.Exec()
			if err := s.end(tag.RowsAffected(), translated(tx, err)); err != nil {
				return err
			}
		}
		return nil
	})
}

// translated is what GORM makes of an error of the driver.
func translated(tx *gorm.DB, err error) error {
	if knows, is := tx.Dialector.(gorm.ErrorTranslator); is && err != nil {
		return knows.Translate(err)
	}
	return err
}
