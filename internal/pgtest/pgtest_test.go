package pgtest_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"recourse/internal/pgtest"
)

func TestADatabaseIsFreshAndOfItsOwn(t *testing.T) {
	t.Parallel()
	one, two := pgtest.URL(t), pgtest.URL(t)
	require.NotEqual(t, one, two)

	execute(t, one, "CREATE TABLE letters (id int)")
	require.Equal(t, "0", ask(t, two, "SELECT count(*)::text FROM pg_tables WHERE tablename = 'letters'"))
}

func TestADatabaseGoesWithItsTestEvenWhenAConnectionIsLeftOpen(t *testing.T) {
	t.Parallel()
	var name string
	t.Run("the test that forgets", func(t *testing.T) {
		conn, err := pgx.Connect(t.Context(), pgtest.URL(t))
		require.NoError(t, err)
		name = conn.Config().Database
	})
	require.Equal(t, "0", ask(t, pgtest.URL(t), "SELECT count(*)::text FROM pg_database WHERE datname = '"+name+"'"))
}

func TestATemplateIsMigratedOnceAndItsCopiesDoNotKnowEachOther(t *testing.T) {
	t.Parallel()
	var migrations atomic.Int32
	var left *pgx.Conn // what a careless pool keeps open
	migrate := func(url string) error {
		migrations.Add(1)
		conn, err := pgx.Connect(context.Background(), url)
		if err != nil {
			return err
		}
		left = conn
		_, err = conn.Exec(context.Background(), "CREATE TABLE cases (id int); INSERT INTO cases VALUES (1)")
		return err
	}
	t.Run("copies", func(t *testing.T) {
		for range 4 {
			t.Run("one", func(t *testing.T) {
				t.Parallel()
				url := pgtest.Template(t, "cases", migrate)
				execute(t, url, "INSERT INTO cases VALUES (2)")
				require.Equal(t, "2", ask(t, url, "SELECT count(*)::text FROM cases"))
			})
		}
	})
	require.EqualValues(t, 1, migrations.Load())
	require.Error(t, left.Ping(t.Context()), "the template is closed to everybody")
}

func TestABrokenMigrationEndsTheTestThatAskedForIt(t *testing.T) {
	t.Parallel()
	said := pgtest.Spy(t, func(tb testing.TB) {
		tb.Helper()
		pgtest.Template(tb, "broken", func(string) error { return errors.New("no such column") })
	})
	require.Contains(t, said.Fatal, "template database broken: migrate: no such column")
}

func TestTextsSortByTheirBytesAndTimesAreUTC(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	require.Equal(t, "UTF8 C UTC", ask(t, url, `SELECT pg_encoding_to_char(encoding) || ' ' || datcollate || ' ' ||
		current_setting('timezone') FROM pg_database WHERE datname = current_database()`))
}

func connect(t *testing.T, url string) error {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		return err
	}
	return conn.Close(t.Context())
}

func execute(t *testing.T, url, statement string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	defer conn.Close(context.Background())
	_, err = conn.Exec(t.Context(), statement)
	require.NoError(t, err)
}

func ask(t *testing.T, url, question string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	defer conn.Close(context.Background())
	var answer string
	require.NoError(t, conn.QueryRow(t.Context(), question).Scan(&answer))
	return answer
}
