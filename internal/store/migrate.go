package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"gorm.io/gorm"
)

//go:embed migrations
var migrations embed.FS

// migrator is what we use of goose.
type migrator interface {
	UpTo(ctx context.Context, version int64) ([]*goose.MigrationResult, error)
	DownTo(ctx context.Context, version int64) ([]*goose.MigrationResult, error)
	GetVersions(ctx context.Context) (current, target int64, err error)
}

// Migrate brings the schema to the version this program knows. Several processes may do so at once.
// A database that is ahead of the program is refused: an older program must not write into it.
func (s *Store) Migrate(ctx context.Context) error {
	var err error
	for range 3 { // on SQLite, which has no lock for this, another process may have been quicker
		var current, known int64
		current, known, err = s.SchemaVersion(ctx)
		switch {
		case err != nil:
		case current > known:
			return fmt.Errorf("migrate: the database is at version %d, this program knows %d: use a newer program", current, known)
		case current == known:
			return nil
		default:
			err = s.MigrateTo(ctx, known)
		}
		if err == nil {
			return nil
		}
	}
	return err
}

// MigrateTo goes up or down to one version; 0 takes everything away. Tests go half-way with it.
func (s *Store) MigrateTo(ctx context.Context, version int64) error {
	p, err := s.dialect.provider(s.writer)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	current, _, err := p.GetVersions(ctx)
	if err != nil {
		return s.explain("migrate", err)
	}
	if version < current {
		_, err = p.DownTo(ctx, version)
	} else {
		_, err = p.UpTo(ctx, version)
	}
	if err != nil {
		return s.explain("migrate", err)
	}
	return nil
}

// SchemaVersion is the version of the database and the one this program knows.
func (s *Store) SchemaVersion(ctx context.Context) (current, known int64, err error) {
	p, err := s.dialect.provider(s.writer)
	if err != nil {
		return 0, 0, fmt.Errorf("schema version: %w", err)
	}
	current, known, err = p.GetVersions(ctx)
	return current, known, s.explain("schema version", err)
}

// Migrations returns the numbered SQL files of one database, "sqlite" or "postgres".
func Migrations(database string) (fs.FS, error) { return fs.Sub(migrations, "migrations/"+database) }

func provide(db *gorm.DB, kind goose.Dialect, folder string, opts ...goose.ProviderOption) (migrator, error) {
	files, err := Migrations(folder)
	if err != nil {
		return nil, err
	}
	pool, err := db.DB()
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(kind, pool, files, opts...)
}

func (sqliteDialect) provider(db *gorm.DB) (migrator, error) {
	return provide(db, goose.DialectSQLite3, "sqlite")
}

func (postgresDialect) provider(db *gorm.DB) (migrator, error) {
	one, err := lock.NewPostgresSessionLocker() // replicas start together
	if err != nil {
		return nil, err
	}
	return provide(db, goose.DialectPostgres, "postgres", goose.WithSessionLocker(one))
}
