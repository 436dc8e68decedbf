package pgtest

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	// prefix marks the databases that are ours to drop on a server of yours.
	prefix = "recourse_test_"
	// emptyTemplate is the one template nobody can be connected to.
	emptyTemplate = "template0"
	// patience bounds one statement: creating a database waits for the disk.
	patience = time.Minute
)

// clone makes a database from template and drops it when the test ends.
func clone(tb testing.TB, admin, template string) string {
	tb.Helper()
	name, err := create(admin, template)
	if err != nil {
		tb.Fatalf("copy database %s: %v", template, err)
	}
	tb.Cleanup(func() {
		// FORCE: a pool that a test forgot to close must not fail the next one.
		if err := execute(admin, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			tb.Logf("drop database %s: %v", name, err)
		}
	})
	return withDatabase(admin, name)
}

// templates holds one filled template per name and process.
var templates sync.Map // name → func() (database string, err error)

func templateOf(admin, name string, migrate func(url string) error) (string, error) {
	once, _ := templates.LoadOrStore(name, sync.OnceValues(func() (string, error) {
		return fill(admin, migrate)
	}))
	return once.(func() (string, error))()
}

// fill makes a template database and closes it to everybody, because Postgres
// copies only a database without connections.
func fill(admin string, migrate func(url string) error) (string, error) {
	name, err := create(admin, emptyTemplate)
	if err != nil {
		return "", err
	}
	if err := migrate(withDatabase(admin, name)); err != nil {
		return "", fmt.Errorf("migrate: %w", err)
	}
	return name, execute(
		admin,
		"ALTER DATABASE "+name+" WITH ALLOW_CONNECTIONS false",
		"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"+name+"'",
	)
}

// create makes a database whose name tells when, by the server's clock, so that
// sweep can tell what a killed test process left behind.
func create(admin, template string) (name string, err error) {
	err = connected(admin, func(ctx context.Context, conn *pgx.Conn) error {
		var stamp string
		if err := conn.QueryRow(ctx, "SELECT "+stampOf("now()")).Scan(&stamp); err != nil {
			return fmt.Errorf("ask the time: %w", err)
		}
		name = prefix + stamp + "_" + strings.ToLower(rand.Text()[:12])
		_, err := conn.Exec(ctx, "CREATE DATABASE "+name+" TEMPLATE "+template)
		return err
	})
	return name, err
}

// sweep drops what killed test processes left on a server of yours a day ago.
func sweep(admin string) error {
	return connected(admin, func(ctx context.Context, conn *pgx.Conn) error {
		rows, err := conn.Query(ctx, `SELECT datname FROM pg_database
			WHERE starts_with(datname, $1) AND datname < $1 || `+stampOf("now() - interval '1 day'"), prefix)
		if err != nil {
			return fmt.Errorf("look for leftovers: %w", err)
		}
		leftovers, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return fmt.Errorf("look for leftovers: %w", err)
		}
		for _, name := range leftovers {
			// Another process may be sweeping too, or somebody looks at it right now.
			_, _ = conn.Exec(ctx, "DROP DATABASE IF EXISTS "+pgx.Identifier{name}.Sanitize())
		}
		return nil
	})
}

func stampOf(instant string) string {
	return "to_char((" + instant + ") AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISS')"
}

func execute(admin string, statements ...string) error {
	return connected(admin, func(ctx context.Context, conn *pgx.Conn) error {
		for _, statement := range statements {
			if _, err := conn.Exec(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	})
}

// connected does one piece of administration. Its context is its own: a test's
// is over when its databases are dropped.
func connected(admin string, do func(context.Context, *pgx.Conn) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, err := pgx.Connect(ctx, admin)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	return do(ctx, conn)
}

func withDatabase(admin, name string) string {
	u, err := url.Parse(admin)
	if err != nil {
		return admin // pgx has connected with it: not reached
	}
	u.Path = "/" + name
	return u.String()
}
