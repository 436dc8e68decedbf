package storetest

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"gorm.io/gorm/schema"

	"recourse/internal/store"
	"recourse/models"
)

// Bulk is a record on Postgres that takes complaints a thousand at a time, by COPY, and without the
// indexes that Done makes again: for measurements on more of them than anybody would wait for. The
// rows are the product's own. It looks for no known customer: each complaint has one of its own.
type Bulk struct {
	*store.Store

	// Become says what became of a complaint since it came in; the first is 1.
	Become func(n int64, in *models.Intake)

	pool    *pgxpool.Pool
	indexes []string // statements that make them again
	last    atomic.Int64

	mu      sync.Mutex
	waiting []models.Intake
}

// bulkBy is how many complaints are written at a time.
const bulkBy = 1000

// NewBulk takes the indexes away from a record that is empty; url is that of s.
func NewBulk(ctx context.Context, s *store.Store, url string) (*Bulk, error) {
	settings, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	// Nothing is kept from a crash, and foreign keys are not looked up row by row.
	settings.ConnConfig.RuntimeParams["synchronous_commit"] = "off"
	settings.ConnConfig.RuntimeParams["session_replication_role"] = "replica"
	settings.ConnConfig.RuntimeParams["maintenance_work_mem"] = "512MB"
	pool, err := pgxpool.NewWithConfig(ctx, settings)
	if err != nil {
		return nil, err
	}
	b := &Bulk{Store: s, Become: func(int64, *models.Intake) {}, pool: pool}
	return b, b.dropIndexes(ctx)
}

// dropIndexes takes away what no constraint needs, and remembers it.
func (b *Bulk) dropIndexes(ctx context.Context) error {
	rows, err := b.pool.Query(ctx, `SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
		WHERE c.relnamespace = current_schema()::regnamespace AND NOT i.indisprimary ORDER BY c.relname`)
	if err != nil {
		return err
	}
	var names []string
	for rows.Next() {
		var name, made string
		if err := rows.Scan(&name, &made); err != nil {
			return err
		}
		names, b.indexes = append(names, name), append(b.indexes, made)
	}
	for _, name := range names {
		if _, err := b.pool.Exec(ctx, "DROP INDEX "+name); err != nil {
			return fmt.Errorf("drop %s: %w", name, err)
		}
	}
	return rows.Err()
}

// NextSequence counts by itself; Done tells the database.
func (b *Bulk) NextSequence(context.Context) (int64, error) { return b.last.Add(1), nil }

// CustomerByDigest knows nobody.
func (b *Bulk) CustomerByDigest(context.Context, []string) (models.Customer, error) {
	return models.Customer{}, models.Refuse(models.CodeNotFound, "each complaint has a customer of its own")
}

// AcceptIntake keeps a complaint until there are enough of them to be written.
func (b *Bulk) AcceptIntake(ctx context.Context, in models.Intake) error {
	b.mu.Lock()
	b.waiting = append(b.waiting, in)
	var full []models.Intake
	if len(b.waiting) == bulkBy {
		full, b.waiting = b.waiting, nil
	}
	b.mu.Unlock()
	return b.put(ctx, full)
}

// Done writes what waits still and makes the indexes, two at a time.
func (b *Bulk) Done(ctx context.Context) error {
	defer b.pool.Close()
	if err := b.put(ctx, b.waiting); err != nil {
		return err
	}
	if _, err := b.pool.Exec(ctx, "SELECT setval('case_numbers', $1)", max(b.last.Load(), 1)); err != nil {
		return err
	}
	var (
		group sync.WaitGroup
		todo  = make(chan string, len(b.indexes))
		errs  = make([]error, 2)
	)
	for _, statement := range b.indexes {
		todo <- statement
	}
	close(todo)
	for i := range errs {
		group.Go(func() {
			for statement := range todo {
				_, err := b.pool.Exec(ctx, statement)
				errs[i] = errors.Join(errs[i], err)
			}
		})
	}
	group.Wait()
	if err := errors.Join(errs...); err != nil {
		return err
	}
	_, err := b.pool.Exec(ctx, "VACUUM ANALYZE")
	return err
}

// put writes some complaints as one transaction.
func (b *Bulk) put(ctx context.Context, some []models.Intake) error {
	if len(some) == 0 {
		return nil
	}
	var r rowsOf
	for _, in := range some {
		b.Become(b.place(in), &in)
		r.add(in)
	}
	return pgx.BeginFunc(ctx, b.pool, func(tx pgx.Tx) error {
		for _, write := range []func() error{
			func() error { return copyIn(ctx, tx, r.keys) }, func() error { return copyIn(ctx, tx, r.customers) },
			func() error { return copyIn(ctx, tx, r.digests) }, func() error { return copyIn(ctx, tx, r.cases) },
			func() error { return copyIn(ctx, tx, r.entries) }, func() error { return copyIn(ctx, tx, r.texts) },
			func() error { return copyIn(ctx, tx, r.messages) }, func() error { return copyIn(ctx, tx, r.links) },
			func() error { return copyIn(ctx, tx, r.starts) }, func() error { return copyIn(ctx, tx, r.facts) },
			func() error { return copyIn(ctx, tx, r.levers) }, func() error { return copyIn(ctx, tx, r.ownerships) },
			func() error { return copyIn(ctx, tx, r.alerts) }, func() error { return copyTerms(ctx, tx, r.terms) },
		} {
			if err := write(); err != nil {
				return err
			}
		}
		return nil
	})
}

// place is the how-manieth complaint it is.
func (b *Bulk) place(in models.Intake) int64 {
	var year, n int64
	_, _ = fmt.Sscanf(in.Recording.Case.Number, "RC%4d-%d", &year, &n)
	return n / 10 // behind it stands a check digit
}

// rowsOf are the rows of some complaints, by table.
type rowsOf struct {
	keys      []models.Key
	customers []models.Customer
	digests   []models.CustomerDigest
	cases     []models.Case
	entries   []models.Entry
	texts     []models.Text
	messages  []models.Message
	links     []models.Link
	starts    []models.StartIntent
	terms     []models.SearchText

	facts      []models.Fact
	levers     []models.Lever
	ownerships []models.Ownership
	alerts     []models.Alert
}

func (r *rowsOf) add(in models.Intake) {
	if in.Key != nil {
		r.keys = append(r.keys, *in.Key)
	}
	if in.Customer != nil {
		r.customers = append(r.customers, *in.Customer)
	}
	r.digests, r.cases = append(r.digests, in.Digests...), append(r.cases, in.Recording.Case)
	r.entries, r.texts = append(r.entries, in.Recording.Entries...), append(r.texts, in.Texts...)
	r.messages, r.links = append(r.messages, in.Recording.Messages...), append(r.links, in.Links...)
	if in.Start.CaseID != "" {
		r.starts = append(r.starts, in.Start)
	}
	r.alerts = append(r.alerts, in.Recording.Alerts...)
	f := in.Recording.FactRows
	r.facts, r.levers, r.ownerships = append(r.facts, f.Facts...), append(r.levers, f.Levers...), append(r.ownerships, f.Ownerships...)
	id := in.Recording.Case.ID
	if len(in.Terms) > 0 {
		r.terms = append(r.terms, models.SearchText{Ref: id, CaseID: id, Terms: in.Terms})
	}
	for _, t := range in.Texts {
		if len(t.Terms) > 0 {
			r.terms = append(r.terms, models.SearchText{Ref: t.Ref, CaseID: id, Terms: t.Terms})
		}
	}
}

// schemas are the tables that copyIn knows.
var schemas sync.Map

func copyIn[T any](ctx context.Context, tx pgx.Tx, rows []T) error {
	table, err := schema.Parse(new(T), &schemas, schema.NamingStrategy{})
	if err != nil {
		return err
	}
	_, err = tx.CopyFrom(ctx, pgx.Identifier{table.Table}, table.DBNames, pgx.CopyFromSlice(len(rows), func(i int) ([]any, error) {
		row, values := reflect.ValueOf(&rows[i]).Elem(), make([]any, len(table.DBNames))
		for at, name := range table.DBNames {
			value, _ := table.FieldsByDBName[name].ValueOf(ctx, row)
			if values[at], err = kept(value); err != nil {
				return nil, err
			}
		}
		return values, nil
	}))
	if err != nil {
		return fmt.Errorf("copy %s: %w", table.Table, err)
	}
	return nil
}

// kept is a value as the record keeps it.
func kept(value any) (any, error) {
	switch v := value.(type) {
	case driver.Valuer:
		return v.Value()
	case time.Time:
		return instant(v), nil
	case *time.Time:
		if v != nil {
			return instant(*v), nil
		}
	case []byte:
		if len(v) == 0 {
			return []byte(nil), nil // NULL
		}
	}
	return value, nil
}

func copyTerms(ctx context.Context, tx pgx.Tx, rows []models.SearchText) error {
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"search_texts"}, []string{"ref", "case_id", "terms"}, pgx.CopyFromSlice(len(rows), func(i int) ([]any, error) {
		return []any{rows[i].Ref, rows[i].CaseID, rows[i].Terms}, nil
	}))
	return err
}
