package store

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/schema"

	"recourse/models"
)

// table is one of ours, seen without its type: rows as values by column.
type table interface {
	Name() string
	// each visits all rows in the order of their primary key.
	each(ctx context.Context, tx *gorm.DB, visit func(row map[string]any) error) error
	// read makes a row from the JSON of its columns.
	read(ctx context.Context, columns map[string]json.RawMessage) (any, error)
	// insert adds rows that read made.
	insert(tx *gorm.DB, rows []any) error
	// empty says whether there is no row.
	empty(tx *gorm.DB) (bool, error)
}

// tables lists all tables in an order in which rows may be put back: what is pointed to comes first.
// The search index is derived and none of them: an old dump must not find an erased customer again.
var tables = []table{
	newTable[meta](), newTable[models.Key](), newTable[models.Customer](), newTable[models.CustomerDigest](),
	newTable[models.Person](), newTable[models.Department](), newTable[models.Category](), newTable[models.Token](), newTable[models.Password](), newTable[models.Session](),
	newTable[models.Team](), newTable[models.Absence](), newTable[models.Departure](), newTable[models.Roster](), newTable[models.DispatchTable](), newTable[models.Policy](), newTable[models.Template](), newTable[models.Endpoint](),
	newTable[models.Case](), newTable[models.Fact](), newTable[models.Lever](), newTable[models.Ownership](), newTable[models.Entry](), newTable[models.Text](), newTable[models.ContactWay](), newTable[models.Attachment](), newTable[models.StartIntent](),
	newTable[models.IdempotencyKey](), newTable[models.Alert](), newTable[models.Message](), newTable[models.Delivery](), newTable[models.Survey](),
	newTable[models.Link](), newTable[models.AlertLink](), newTable[models.Incoming](), newTable[models.CallTask](), newTable[models.Archive](),
	newTable[models.CustomerAct](), newTable[models.ContactRead](), newTable[models.Uptime](), newTable[models.Adjustment](), newTable[models.AdjustedCase](), newTable[models.Import](), newTable[models.Volume](), newTable[models.Signal](),
	newTable[models.Report](), newTable[models.Subscription](),
}

// caseTable is looked into by those who read or compare rows of cases column by column.
var caseTable = newTable[models.Case]()

type tableOf[T any] struct{ *schema.Schema }

func newTable[T any]() tableOf[T] {
	knowIDs()
	parsed, err := schema.Parse(new(T), &sync.Map{}, schema.NamingStrategy{})
	if err != nil {
		panic(fmt.Sprintf("%T cannot be kept: %v", *new(T), err)) // at start, whatever the program does
	}
	return tableOf[T]{parsed}
}

func (t tableOf[T]) Name() string { return t.Table }

func (t tableOf[T]) columns() []string { return t.DBNames }

func (t tableOf[T]) empty(tx *gorm.DB) (bool, error) {
	var n int64
	err := tx.Model(new(T)).Select("1").Limit(1).Scan(&n).Error
	return n == 0, err
}

func (t tableOf[T]) each(ctx context.Context, tx *gorm.DB, visit func(map[string]any) error) error {
	rows, err := tx.Model(new(T)).Order(strings.Join(t.PrimaryFieldDBNames, ", ")).Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		row := new(T)
		if err := tx.ScanRows(rows, row); err != nil {
			return err
		}
		if err := visit(t.values(ctx, reflect.ValueOf(row).Elem())); err != nil {
			return err
		}
	}
	return rows.Err()
}

// values are the row's by column, as both databases have them.
func (t tableOf[T]) values(ctx context.Context, row reflect.Value) map[string]any {
	values := make(map[string]any, len(t.DBNames))
	for _, name := range t.DBNames {
		value := t.FieldsByDBName[name].ReflectValueOf(ctx, row).Interface()
		switch v := value.(type) {
		case time.Time:
			value = instant(v)
		case []byte:
			if len(v) == 0 {
				value = nil // one of them keeps no difference
			}
		}
		values[name] = value
	}
	return values
}

func (t tableOf[T]) read(ctx context.Context, columns map[string]json.RawMessage) (any, error) {
	row := new(T)
	for name, value := range columns {
		field, found := t.FieldsByDBName[name]
		if !found {
			return nil, fmt.Errorf("table %s has no column %q", t.Table, name)
		}
		if err := json.Unmarshal(value, field.ReflectValueOf(ctx, reflect.ValueOf(row).Elem()).Addr().Interface()); err != nil {
			return nil, fmt.Errorf("column %s of %s: %w", name, t.Table, err)
		}
	}
	return row, nil
}

func (t tableOf[T]) insert(tx *gorm.DB, rows []any) error {
	typed := make([]T, len(rows))
	for i, r := range rows {
		typed[i] = *r.(*T)
	}
	return inChunks(tx, typed)
}
