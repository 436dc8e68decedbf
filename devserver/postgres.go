package main

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"strings"

	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/log"
	"go.temporal.io/server/common/persistence"
	"go.temporal.io/server/common/persistence/sql/sqlplugin"
	"go.temporal.io/server/common/persistence/sql/sqlplugin/postgresql"
	"go.temporal.io/server/schema"
	v12 "go.temporal.io/server/schema/postgresql/v12"
)

// Four services each have a pool for each store; Postgres takes 100 connections by default.
const connectionsPerPool = 20

// openPostgres readies the database of the URL and NAME_visibility beside it.
func openPostgres(text string, logger log.Logger) (*database, error) {
	u, err := url.Parse(text)
	name := ""
	if err == nil {
		name = strings.Trim(u.Path, "/")
	}
	if err != nil || !strings.HasPrefix(u.Scheme, "postgres") || name == "" {
		return nil, usagef("--db-postgres must be a URL like postgres://user@host/database")
	}
	db := &database{
		main:       postgresStore(u, name),
		visibility: postgresStore(u, name+"_visibility"),
		name:       u.Redacted(),
	}
	if err := layTables(db.main, logger, "temporal", v12.Version); err != nil {
		return nil, err
	}
	return db, layTables(db.visibility, logger, "visibility", v12.VisibilityVersion)
}

func postgresStore(u *url.URL, name string) *config.SQL {
	password, _ := u.User.Password()
	attributes := map[string]string{}
	for key, values := range u.Query() {
		attributes[key] = values[0]
	}
	return &config.SQL{
		PluginName:        postgresql.PluginNamePGX,
		User:              u.User.Username(),
		Password:          password,
		ConnectAddr:       u.Host, // empty for a socket: then it is the attribute host
		ConnectProtocol:   "tcp",
		DatabaseName:      name,
		ConnectAttributes: attributes,
		MaxConns:          connectionsPerPool,
		MaxIdleConns:      connectionsPerPool,
	}
}

// layTables creates a database with the server's current tables, unless they are
// there. It never migrates: that is what Temporal's own sql-tool is for.
func layTables(store *config.SQL, logger log.Logger, part, version string) error {
	elsewhere := *store
	elsewhere.DatabaseName = "postgres"
	if err := withAdmin(&elsewhere, logger, func(db sqlplugin.AdminDB) error {
		return db.CreateDatabase(store.DatabaseName)
	}); err != nil {
		return fmt.Errorf("--db-postgres: create database %s: %w", store.DatabaseName, err)
	}
	return withAdmin(store, logger, func(db sqlplugin.AdminDB) error {
		found, err := db.ReadSchemaVersion(store.DatabaseName)
		if err == nil && found != version {
			return usagef("--db-postgres: database %s has schema %s and this server needs %s: use another database", store.DatabaseName, found, version)
		}
		if err == nil {
			return nil
		}
		if err := execute(db, "postgresql/v12/"+part+"/schema.sql"); err != nil {
			return fmt.Errorf("--db-postgres: lay tables in %s: %w", store.DatabaseName, err)
		}
		if err := db.CreateSchemaVersionTables(); err != nil {
			return err
		}
		return db.UpdateSchemaVersion(store.DatabaseName, version, version)
	})
}

func execute(db sqlplugin.AdminDB, script string) error {
	text, err := fs.ReadFile(schema.Assets(), script)
	if err != nil {
		return err
	}
	statements, err := persistence.LoadAndSplitQueryFromReaders([]io.Reader{bytes.NewReader(text)})
	if err != nil {
		return err
	}
	for _, statement := range statements {
		if err := db.Exec(statement); err != nil {
			return err
		}
	}
	return nil
}
