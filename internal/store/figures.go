package store

import (
	"context"
	"database/sql"
	"reflect"
	"slices"
	"sync"
	"time"

	"gorm.io/gorm"

	"recourse/models"
)

// figuresBy is how many cases are in memory at a time while all of them are read.
const figuresBy = 2000

// Figures visits all that figures read of every case, one after the other, in no order: two halves are read at
// a time. It holds a page of each in memory, and each page is of one instant. What changes meanwhile is told by
// FiguresSince from before the call. An error of visit ends it and is returned.
func (s *Store) Figures(ctx context.Context, visit func(models.FigureRow) error) error {
	middle, err := s.middleCase(ctx)
	if err != nil {
		return err
	}
	halves := [][2]string{{"", middle}, {middle, ""}}
	if middle == "" {
		halves = halves[:1]
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var (
		turn    sync.Mutex
		readers sync.WaitGroup
	)
	for _, half := range halves {
		readers.Go(func() {
			err := s.figuresBetween(ctx, half[0], half[1], func(page []models.FigureRow) error {
				turn.Lock()
				defer turn.Unlock()
				for _, row := range page {
					if err := visit(row); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				stop(err)
			}
		})
	}
	readers.Wait()
	return context.Cause(ctx)
}

// middleCase is the id of the case that as many come behind as before; empty when there is one at most.
func (s *Store) middleCase(ctx context.Context) (id string, err error) {
	n, err := s.CasesBehind(ctx, "")
	if err != nil || n < 2 {
		return "", err
	}
	err = s.read(ctx, "middle case", func(db *gorm.DB) error {
		return db.Model(&models.Case{}).Select("id").Order("id").Offset(int((n - 1) / 2)).Limit(1).Scan(&id).Error
	})
	return id, err
}

// figuresBetween visits the pages of cases behind one id up to another; empty: up to the last.
func (s *Store) figuresBetween(ctx context.Context, after, last string, visit func([]models.FigureRow) error) error {
	for {
		var page []models.FigureRow
		err := s.glance(ctx, "figures", func(tx *gorm.DB) error {
			query := tx.Where("id > ?", after).Order("id").Limit(figuresBy)
			if last != "" {
				query = query.Where("id <= ?", last)
			}
			rows, _, err := figureCases(query)
			if err != nil || len(rows) == 0 {
				return err
			}
			page = rows
			return figureParts(rows, func() *gorm.DB {
				return tx.Where("case_id > ? AND case_id <= ?", after, rows[len(rows)-1].Case.ID)
			})
		})
		if err != nil || len(page) == 0 {
			return err
		}
		if err := visit(page); err != nil {
			return err
		}
		after = page[len(page)-1].Case.ID
	}
}

// FiguresSince returns all that figures read of the cases that were written behind an instant, by the writer's
// clock, and behind a case of that very instant; the earliest first and at most n, and when the last of them
// was. A writer whose clock lags, or whose transaction takes long, appears behind others: ask again for the last
// seconds.
func (s *Store) FiguresSince(ctx context.Context, after time.Time, afterID string, n int) (page []models.FigureRow, last time.Time, err error) {
	err = s.glance(ctx, "figures since", func(tx *gorm.DB) error {
		page, last, err = figureCases(tx.Where("(touched_at, id) > (?, ?)", instant(after), afterID).Order("touched_at, id").Limit(n))
		if err != nil || len(page) == 0 {
			return err
		}
		ids := make([]string, len(page))
		for i, row := range page {
			ids[i] = row.Case.ID
		}
		return figureParts(page, func() *gorm.DB { return tx.Where("case_id IN ?", ids) })
	})
	return page, last, err
}

// FiguresOf returns all that figures read of some cases, a thousand at most, in the order of their ids. Those
// that are not there are left out.
func (s *Store) FiguresOf(ctx context.Context, ids []string) (page []models.FigureRow, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	err = s.glance(ctx, "figures of cases", func(tx *gorm.DB) error {
		page, _, err = figureCases(tx.Where("id IN ?", ids).Order("id"))
		if err != nil || len(page) == 0 {
			return err
		}
		return figureParts(page, func() *gorm.DB { return tx.Where("case_id IN ?", ids) })
	})
	return page, err
}

// Survivors tells which customer record goes on for each that was merged into another.
func (s *Store) Survivors(ctx context.Context) (map[string]string, error) {
	survivors := map[string]string{}
	err := s.read(ctx, "survivors", func(db *gorm.DB) error {
		var merged []models.Customer
		err := db.Select("id", "merged_into").Where("merged_into <> ''").Find(&merged).Error
		for _, c := range merged {
			survivors[c.ID] = c.MergedInto
		}
		return err
	})
	return survivors, err
}

var (
	figureCase = columnsFor(caseTable, "snapshot", "hash", "touched_at", "key_id")
	figureFact = columnsFor(factTable, "words")
	figureOwn  = columnsFor(ownershipTable)
	figurePull = columnsFor(leverTable)
	figureCall = columnsFor(newTable[models.Alert]())
)

// figureCases reads a page of cases, and when the last of them was written.
func figureCases(query *gorm.DB) (page []models.FigureRow, last time.Time, err error) {
	err = figureCase.scan(query, []string{"touched_at"}, []any{&last}, func(c models.Case) { page = append(page, models.FigureRow{Case: c}) })
	return page, last, err
}

// figureParts adds what belongs to the cases of a page; of asks for theirs.
func figureParts(page []models.FigureRow, of func() *gorm.DB) error {
	place := make(map[string]*models.FigureRow, len(page))
	for i := range page {
		place[page[i].Case.ID] = &page[i]
	}
	for _, read := range []func() error{
		func() error {
			return figureFact.scan(of().Order("case_id, cycle"), nil, nil, func(f models.Fact) {
				if row := place[f.CaseID]; row != nil {
					row.Facts = append(row.Facts, f)
				}
			})
		},
		func() error {
			return figurePull.scan(of().Order("case_id, seq, move, kind"), nil, nil, func(l models.Lever) {
				if row := place[l.CaseID]; row != nil {
					row.Levers = append(row.Levers, l)
				}
			})
		},
		func() error {
			return figureOwn.scan(of().Order("case_id, part"), nil, nil, func(o models.Ownership) {
				if row := place[o.CaseID]; row != nil {
					row.Ownerships = append(row.Ownerships, o)
				}
			})
		},
		func() error {
			return figureCall.scan(of().Order("case_id, fired_at, key"), nil, nil, func(a models.Alert) {
				if row := place[a.CaseID]; row != nil {
					row.Alerts = append(row.Alerts, a)
				}
			})
		},
	} {
		if err := read(); err != nil {
			return err
		}
	}
	return nil
}

// columnsOf are the columns of a table that somebody reads, and where each goes in a row: found once, for GORM
// finds them anew for each row, which costs more than reading it.
type columnsOf[T any] struct {
	table tableOf[T]
	names []string
}

func columnsFor[T any](t tableOf[T], but ...string) columnsOf[T] {
	return columnsOf[T]{t, slices.DeleteFunc(slices.Clone(t.columns()), func(name string) bool { return slices.Contains(but, name) })}
}

// scan visits the rows that a query finds, with columns beside the table's own that go into places.
func (c columnsOf[T]) scan(query *gorm.DB, beside []string, places []any, visit func(T)) error {
	ctx := query.Statement.Context
	rows, err := query.Model(new(T)).Select(slices.Concat(c.names, beside)).Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	row, into := c.places(ctx)
	into = append(into, places...)
	for rows.Next() {
		var empty T
		*row = empty
		if err := rows.Scan(into...); err != nil {
			return err
		}
		visit(*row)
	}
	return rows.Err()
}

// places returns a row, and where each of its columns goes.
func (c columnsOf[T]) places(ctx context.Context) (*T, []any) {
	row := new(T)
	into := make([]any, len(c.names))
	for i, name := range c.names {
		field := c.table.FieldsByDBName[name]
		value := reflect.ValueOf(row).Elem()
		if field.Serializer == nil {
			into[i] = field.ReflectValueOf(ctx, value).Addr().Interface()
			continue
		}
		into[i] = scanner(func(kept any) error { return field.Serializer.Scan(ctx, field, value, kept) })
	}
	return row, into
}

// scanner reads a value that lies in the database otherwise than in a row.
type scanner func(kept any) error

var _ sql.Scanner = scanner(nil)

// Scan implements sql.Scanner.
func (s scanner) Scan(kept any) error { return s(kept) }
