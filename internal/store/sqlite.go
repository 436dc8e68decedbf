package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	gormsqlite "gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"modernc.org/sqlite"
	sqlitecode "modernc.org/sqlite/lib"
)

// pragmas hold for every connection: a commit is on disk when it returns (FULL), erased bytes are
// overwritten, and a writer in another process is waited for.
var pragmas = []string{
	"busy_timeout(1000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "secure_delete(1)",
}

// openSQLite opens the file twice. SQLite has one writer at a time, so we have one handle that
// writes and queue for it in Go, in order and with a context, instead of in SQLite's busy loop.
// Readers see the last commit and are never in its way.
func openSQLite(ctx context.Context, path string, opts Options) (*Store, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if err := privately(path); err != nil {
		return nil, err
	}
	// Immediate: a transaction that read first and wrote later could not be retried in place.
	writer, err := openFile(ctx, path, 1, url.Values{"_txlock": {"immediate"}, "_pragma": pragmas})
	if err != nil {
		return nil, err
	}
	readers := opts.Connections
	if readers == 0 {
		readers = 4
	}
	reader, err := openFile(ctx, path, readers, url.Values{"_pragma": append([]string{"query_only(1)"}, pragmas...)})
	if err != nil {
		pool, _ := writer.DB()
		return nil, errors.Join(err, pool.Close())
	}
	return &Store{writer: writer, reader: reader, dialect: sqliteDialect{}}, nil
}

// privately makes the file, readable by its owner alone; the log beside it inherits that.
func privately(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return file.Close()
}

func openFile(ctx context.Context, path string, connections int, with url.Values) (*gorm.DB, error) {
	with.Set("_time_format", "sqlite") // sorts as text, microseconds and all
	with.Set("_timezone", "UTC")
	address := url.URL{Scheme: "file", Path: path, RawQuery: with.Encode(), OmitHost: true}
	pool, err := sql.Open("sqlite", address.String())
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	if err := pool.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), pool.Close())
	}
	settings := config()
	// Reading the same few queries over and over: parsing them is a good part of the time. The writer
	// works in transactions, where database/sql would prepare everything twice.
	settings.PrepareStmt = connections > 1
	settings.PrepareStmtMaxSize = 200
	db, err := gorm.Open(sqliteDialector{gormsqlite.Dialector{Conn: pool}}, settings)
	if err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	return db, nil
}

// sqliteDialector is GORM's own over another driver, the one without C.
type sqliteDialector struct{ gormsqlite.Dialector }

// BindVarTo takes one value into a statement.
func (d sqliteDialector) BindVarTo(w clause.Writer, stmt *gorm.Statement, v any) {
	keepMicroseconds(stmt)
	d.Dialector.BindVarTo(w, stmt, v)
}

// Translate names the errors of modernc's driver, which GORM's dialector does not know.
func (d sqliteDialector) Translate(err error) error {
	switch sqliteCode(err) {
	case sqlitecode.SQLITE_CONSTRAINT_PRIMARYKEY, sqlitecode.SQLITE_CONSTRAINT_UNIQUE:
		return fmt.Errorf("%w: %w", gorm.ErrDuplicatedKey, err)
	case sqlitecode.SQLITE_CONSTRAINT_FOREIGNKEY:
		return fmt.Errorf("%w: %w", gorm.ErrForeignKeyViolated, err)
	}
	return err
}

func sqliteCode(err error) int {
	if fault, ok := errors.AsType[*sqlite.Error](err); ok {
		return fault.Code()
	}
	return 0
}

type sqliteDialect struct{}

func (sqliteDialect) transaction(db *gorm.DB, do func(tx *gorm.DB) error) error {
	return db.Transaction(do)
}

func (sqliteDialect) retriable(err error) bool {
	code := sqliteCode(err) & 0xff // the primary code; BUSY_SNAPSHOT is a kind of BUSY
	return code == sqlitecode.SQLITE_BUSY || code == sqlitecode.SQLITE_LOCKED
}

func (sqliteDialect) unreachable(err error) bool {
	switch sqliteCode(err) & 0xff {
	case sqlitecode.SQLITE_IOERR, sqlitecode.SQLITE_FULL, sqlitecode.SQLITE_CANTOPEN, sqlitecode.SQLITE_READONLY:
		return true
	}
	return false
}

func (sqliteDialect) numbers(tx *gorm.DB, n int64) (taken []int64, err error) {
	var last int64
	err = tx.Raw("UPDATE case_numbers SET value = value + ? WHERE id = 1 RETURNING value", n).Scan(&last).Error
	for number := last - n + 1; err == nil && number <= last; number++ {
		taken = append(taken, number)
	}
	return taken, err
}

func (sqliteDialect) lastNumber(tx *gorm.DB) (last int64, err error) {
	err = tx.Raw("SELECT value FROM case_numbers WHERE id = 1").Scan(&last).Error
	return last, err
}

func (sqliteDialect) setLastNumber(tx *gorm.DB, n int64) error {
	return tx.Exec("UPDATE case_numbers SET value = ? WHERE id = 1", n).Error
}

func (sqliteDialect) snapshot(*gorm.DB) error { return nil } // every transaction is one

// spread keeps what a large transaction changes in memory, and at hand what it changes again and again:
// the search index is all over the file.
func (sqliteDialect) spread(db *gorm.DB) error {
	return db.Exec("PRAGMA temp_store = MEMORY; PRAGMA cache_size = -131072").Error // KiB
}

func (sqliteDialect) gather(db *gorm.DB) error {
	return db.Exec("PRAGMA cache_size = -2000; PRAGMA temp_store = DEFAULT; PRAGMA shrink_memory").Error // as SQLite has it
}

func (sqliteDialect) scrub(db *gorm.DB) error {
	return db.Exec("PRAGMA wal_checkpoint(TRUNCATE)").Error
}

func (sqliteDialect) faults(db *gorm.DB) ([]string, error) {
	var found []string
	if err := db.Raw("PRAGMA integrity_check").Scan(&found).Error; err != nil {
		return nil, err
	}
	if len(found) == 1 && found[0] == "ok" {
		found = nil
	}
	var loose []struct{ Table, Parent string }
	if err := db.Raw("PRAGMA foreign_key_check").Scan(&loose).Error; err != nil {
		return nil, err
	}
	for _, row := range loose {
		found = append(found, fmt.Sprintf("a row of %s points to nothing in %s", row.Table, row.Parent))
	}
	var on bool
	if err := db.Raw("PRAGMA foreign_keys").Scan(&on).Error; err != nil {
		return nil, err
	}
	if !on {
		found = append(found, "foreign keys are not enforced")
	}
	return found, nil
}
