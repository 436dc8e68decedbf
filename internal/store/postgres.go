package store

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/stdlib"
	gormpostgres "gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

func openPostgres(address string, opts Options) (*Store, error) {
	settings, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, err
	}
	if settings.ConnectTimeout == 0 {
		settings.ConnectTimeout = 5 * time.Second
	}
	if settings.RuntimeParams["application_name"] == "" {
		settings.RuntimeParams["application_name"] = "recourse"
	}
	settings.RuntimeParams["timezone"] = "UTC"
	// pgx keeps prepared statements per connection by itself.
	pool := stdlib.OpenDB(*settings, stdlib.OptionAfterConnect(readUTC))
	tune(pool, opts.Connections)
	db, err := gorm.Open(postgresDialector{gormpostgres.Dialector{Config: &gormpostgres.Config{Conn: pool}}}, quiet(config()))
	if err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	return &Store{writer: db, reader: db, dialect: postgresDialect{}}, nil
}

// quiet leaves asking whether the server is there to Open, which can say so with a code.
func quiet(settings *gorm.Config) *gorm.Config {
	settings.DisableAutomaticPing = true
	return settings
}

func tune(pool *sql.DB, connections int) {
	if connections == 0 {
		connections = 16
	}
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	pool.SetConnMaxLifetime(time.Hour) // a server that changed places is found again
}

// readUTC makes instants come back in UTC, not in the zone of the machine.
func readUTC(_ context.Context, conn *pgx.Conn) error {
	conn.TypeMap().RegisterType(&pgtype.Type{
		Name:  "timestamptz",
		OID:   pgtype.TimestamptzOID,
		Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
	})
	return nil
}

// postgresDialector is GORM's own, with our instants.
type postgresDialector struct{ gormpostgres.Dialector }

// BindVarTo takes one value into a statement.
func (d postgresDialector) BindVarTo(w clause.Writer, stmt *gorm.Statement, v any) {
	keepMicroseconds(stmt)
	d.Dialector.BindVarTo(w, stmt, v)
}

type postgresDialect struct{}

// transaction keeps its connection at hand, for what travels together.
func (postgresDialect) transaction(db *gorm.DB, do func(tx *gorm.DB) error) error {
	return db.Connection(func(db *gorm.DB) error {
		return db.Set(connKey, db.Statement.ConnPool).Transaction(do)
	})
}

func postgresCode(err error) string {
	if fault, ok := errors.AsType[*pgconn.PgError](err); ok {
		return fault.Code
	}
	return ""
}

func (postgresDialect) retriable(err error) bool {
	switch postgresCode(err) {
	case "40001", "40P01", "55P03": // serialization failure, deadlock, lock not available
		return true
	}
	return false
}

func (postgresDialect) unreachable(err error) bool {
	if code := postgresCode(err); code != "" {
		switch code[:2] {
		case "08", "53", "57": // connection, resources (too many connections, disk full), shutdown
			return code != "57014" // a cancelled query is the caller's
		}
		return code == "25006" // read only: a standby
	}
	var (
		refused *pgconn.ConnectError
		network net.Error
	)
	return errors.As(err, &refused) || errors.As(err, &network) || errors.Is(err, io.EOF) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) || pgconn.SafeToRetry(err)
}

func (postgresDialect) numbers(tx *gorm.DB, n int64) (taken []int64, err error) {
	err = tx.Raw("SELECT nextval('case_numbers') FROM generate_series(1, ?)", n).Scan(&taken).Error
	return taken, err
}

func (postgresDialect) lastNumber(tx *gorm.DB) (last int64, err error) {
	err = tx.Raw("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM case_numbers").Scan(&last).Error
	return last, err
}

func (postgresDialect) setLastNumber(tx *gorm.DB, n int64) error {
	return tx.Exec("SELECT setval('case_numbers', ?, ?)", max(n, 1), n > 0).Error
}

func (postgresDialect) snapshot(tx *gorm.DB) error {
	return tx.Exec("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY").Error
}

func (postgresDialect) spread(*gorm.DB) error { return nil } // the server has its own
func (postgresDialect) gather(*gorm.DB) error { return nil }

func (postgresDialect) scrub(*gorm.DB) error { return nil } // autovacuum's and the backups' business

func (postgresDialect) faults(db *gorm.DB) ([]string, error) {
	var found []string
	err := db.Raw(`SELECT conname FROM pg_constraint WHERE contype = 'f' AND NOT convalidated`).Scan(&found).Error
	for i := range found {
		found[i] = "a foreign key was never checked: " + strings.TrimSpace(found[i])
	}
	return found, err
}
