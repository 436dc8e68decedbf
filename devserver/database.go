package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/headers"
	"go.temporal.io/server/common/log"
	"go.temporal.io/server/common/metrics"
	"go.temporal.io/server/common/persistence/sql"
	"go.temporal.io/server/common/persistence/sql/sqlplugin"
	"go.temporal.io/server/common/persistence/sql/sqlplugin/sqlite"
	"go.temporal.io/server/common/resolver"
	sqliteschema "go.temporal.io/server/schema/sqlite"
)

// database is where the server keeps everything, its tables in place.
type database struct {
	main, visibility *config.SQL
	name             string // for the ready line; empty in memory
	stamp            *stamp // its lock lasts as long as we can reach it
}

func openDatabase(o options, logger log.Logger, notices io.Writer) (*database, error) {
	switch {
	case o.dbPostgres != "":
		return openPostgres(o.dbPostgres, logger)
	case o.dbFilename != "":
		return openFile(o.dbFilename, notices)
	default:
		// The plugin lays the tables itself when it meets this mode.
		return inSQLite("recourse", map[string]string{"mode": "memory", "cache": "shared"}), nil
	}
}

// openFile readies a SQLite file. Its tables carry no version and know no
// migration, so a file of another server version is moved aside, never opened:
// the product starts its open cases again from its own database.
func openFile(path string, notices io.Writer) (*database, error) {
	stamp, err := openStamp(path)
	if err != nil {
		return nil, err
	}
	if exists(path) && stamp.version != headers.ServerVersion {
		aside, err := moveAside(path, stamp.version)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(notices, "%s was written by Temporal server %s and this is %s: moved it to %s and began an empty one\n",
			path, stamp.version, headers.ServerVersion, aside)
	}
	db := inSQLite(path, map[string]string{
		"mode": "rwc",
		// A key the plugin does not know becomes a PRAGMA of that very name, so
		// none may begin with an underscore: SQLite would ignore it silently.
		"journal_mode": "wal",
		"synchronous":  "full",
	})
	if !exists(path) {
		// A crash before the tables are complete must not leave a valid stamp.
		if err := stamp.write(""); err != nil {
			return nil, err
		}
		if err := sqliteschema.SetupSchema(db.main); err != nil {
			return nil, fmt.Errorf("lay tables in %s: %w", path, err)
		}
	}
	db.name, db.stamp = path, stamp
	return db, stamp.write(headers.ServerVersion)
}

func inSQLite(path string, attributes map[string]string) *database {
	// The plugin makes a file: URI of the name without escaping it.
	escaped := strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
	store := &config.SQL{PluginName: sqlite.PluginName, DatabaseName: escaped, ConnectAttributes: attributes}
	return &database{main: store, visibility: store}
}

// settle folds the journal into the file, so that after a clean stop the file alone
// is the whole backup. Whatever fails here, the next start does it again.
func (d *database) settle() {
	if d.main.PluginName != sqlite.PluginName || d.name == "" {
		return
	}
	_ = withAdmin(d.main, log.NewNoopLogger(), func(db sqlplugin.AdminDB) error {
		return db.Exec("PRAGMA wal_checkpoint(TRUNCATE)")
	})
}

// moveAside renames a database and its journal. The journal goes first: should we
// be killed half-way, it must not be found beside a new file and replayed into it.
func moveAside(path, version string) (string, error) {
	aside := fmt.Sprintf("%s.%s.bak", path, version)
	for n := 2; exists(aside); n++ {
		aside = fmt.Sprintf("%s.%s.%d.bak", path, version, n)
	}
	for _, suffix := range []string{"-wal", "-shm", ""} {
		if err := os.Rename(path+suffix, aside+suffix); err != nil && !os.IsNotExist(err) {
			return "", err
		}
	}
	return aside, nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// withAdmin lends a connection of the server's own kind. The log alone learns why
// there is none.
func withAdmin(store *config.SQL, logger log.Logger, do func(sqlplugin.AdminDB) error) error {
	db, err := sql.NewSQLAdminDB(sqlplugin.DbKindUnknown, store, resolver.NewNoopResolver(), logger, metrics.NoopMetricsHandler)
	if err != nil {
		return err
	}
	defer db.Close()
	return do(db)
}
