package store

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"recourse/models"
)

// putFacts are the steps that write the facts of a case over those that are there: one statement for each
// table that has any.
func putFacts(rows models.FactRows) []step {
	return slices.Concat(insert(rows.Facts, overFact), insert(rows.Levers, overLever), insert(rows.Ownerships, overOwnership))
}

var (
	factTable, leverTable, ownershipTable = newTable[models.Fact](), newTable[models.Lever](), newTable[models.Ownership]()
	overFact, overLever, overOwnership    = over(factTable), over(leverTable), over(ownershipTable)
)

// over writes a row over the one with the same primary key.
func over[T any](t tableOf[T]) clause.OnConflict {
	var key []clause.Column
	for _, name := range t.PrimaryFieldDBNames {
		key = append(key, clause.Column{Name: name})
	}
	rest := slices.DeleteFunc(slices.Clone(t.columns()), func(name string) bool { return slices.Contains(t.PrimaryFieldDBNames, name) })
	return clause.OnConflict{Columns: key, DoUpdates: clause.AssignmentColumns(rest)}
}

// factsFact is how far the facts are in line with the events: as projectionFact is for columns and snapshots.
const factsFact = "facts"

// FactsVersion returns the version of the facts that all cases have, or of the one under way and the id of the
// case it came to. 0: nobody knows.
func (s *Store) FactsVersion(ctx context.Context) (version int, after string, err error) {
	return s.howFar(ctx, factsFact)
}

// SetFactsVersion keeps how far the facts have come; without a case they are in line.
func (s *Store) SetFactsVersion(ctx context.Context, version int, after string) error {
	return s.setHowFar(ctx, factsFact, version, after)
}

// CasesBehind returns how many cases there are behind afterID, in the order of their ids.
func (s *Store) CasesBehind(ctx context.Context, afterID string) (n int64, err error) {
	err = s.read(ctx, "count cases", func(db *gorm.DB) error {
		return db.Model(&models.Case{}).Where("id > ?", afterID).Count(&n).Error
	})
	return n, err
}

// RewriteFacts brings the facts of up to n cases in the order of their ids behind afterID in line with what
// facts makes of their entries: all of them at once, while nobody moves the cases. It returns the last id, empty
// when there was none, and how many cases had other facts; those count as touched.
func (s *Store) RewriteFacts(
	ctx context.Context, afterID string, n int, facts func(entries [][]models.Entry) ([]models.FactRows, error),
) (last string, changed int, err error) {
	err = s.write(ctx, "rewrite facts", func(tx *gorm.DB) error {
		last, changed = "", 0
		var rows []models.Case
		if err := tx.Clauses(forUpdate).Select("id").Where("id > ?", afterID).Order("id").Limit(n).Find(&rows).Error; err != nil || len(rows) == 0 {
			return err
		}
		last = rows[len(rows)-1].ID
		cases := make([]string, len(rows))
		for i, row := range rows {
			cases[i] = row.ID
		}
		entries, err := entriesOf(tx, cases)
		if err != nil {
			return err
		}
		want, err := facts(entries)
		if err != nil {
			return err
		}
		have, err := factsOf(tx, cases)
		if err != nil {
			return err
		}
		var behind []string
		var all models.FactRows
		for i, id := range cases {
			if !sameFacts(ctx, have[id], want[i]) {
				behind = append(behind, id)
				all.Facts = append(all.Facts, want[i].Facts...)
				all.Levers = append(all.Levers, want[i].Levers...)
				all.Ownerships = append(all.Ownerships, want[i].Ownerships...)
			}
		}
		changed = len(behind)
		return together(tx, anew(behind, all))
	})
	return last, changed, err
}

// anew are the steps that write the facts of some cases in the place of those that are there.
func anew(cases []string, rows models.FactRows) []step {
	if len(cases) == 0 {
		return nil
	}
	var steps []step
	for _, table := range []any{&models.Fact{}, &models.Lever{}, &models.Ownership{}} {
		steps = append(steps, step{do: func(tx *gorm.DB) *gorm.DB { return tx.Where("case_id IN ?", cases).Delete(table) }})
	}
	touch := step{do: func(tx *gorm.DB) *gorm.DB {
		return tx.Model(&models.Case{}).Where("id IN ?", cases).UpdateColumn("touched_at", instant(tx.NowFunc()))
	}}
	return append(append(steps, putFacts(rows)...), touch)
}

// entriesOf reads all entries of some cases, each case's in order.
func entriesOf(tx *gorm.DB, cases []string) ([][]models.Entry, error) {
	place := make(map[string]int, len(cases))
	for i, id := range cases {
		place[id] = i
	}
	entries := make([][]models.Entry, len(cases))
	err := beside(tx, cases, "case_id, seq", func(e models.Entry) { entries[place[e.CaseID]] = append(entries[place[e.CaseID]], e) })
	return entries, err
}

// factsOf reads the facts of some cases, in the order of the kernel.
func factsOf(tx *gorm.DB, cases []string) (map[string]models.FactRows, error) {
	found := make(map[string]models.FactRows, len(cases))
	add := func(id string, to func(*models.FactRows)) {
		rows := found[id]
		to(&rows)
		found[id] = rows
	}
	for _, err := range []error{
		beside(tx, cases, "case_id, cycle", func(f models.Fact) { add(f.CaseID, func(r *models.FactRows) { r.Facts = append(r.Facts, f) }) }),
		beside(tx, cases, "case_id, seq, move, kind", func(l models.Lever) { add(l.CaseID, func(r *models.FactRows) { r.Levers = append(r.Levers, l) }) }),
		beside(tx, cases, "case_id, part", func(o models.Ownership) {
			add(o.CaseID, func(r *models.FactRows) { r.Ownerships = append(r.Ownerships, o) })
		}),
	} {
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

// FactsOf returns the facts of one case as they are on record.
func (s *Store) FactsOf(ctx context.Context, caseID string) (rows models.FactRows, err error) {
	err = s.glance(ctx, "facts of "+caseID, func(tx *gorm.DB) error {
		found, err := factsOf(tx, []string{caseID})
		rows = found[caseID]
		return err
	})
	return rows, err
}

// sameFacts says whether two sets of facts are one to the database.
func sameFacts(ctx context.Context, a, b models.FactRows) bool {
	return alikeRows(ctx, factTable, a.Facts, b.Facts) && alikeRows(ctx, leverTable, a.Levers, b.Levers) && alikeRows(ctx, ownershipTable, a.Ownerships, b.Ownerships)
}

func alikeRows[T any](ctx context.Context, t tableOf[T], a, b []T) bool {
	if len(a) != len(b) {
		return false
	}
	written := func(rows []T) []string {
		lines := make([]string, len(rows))
		for i := range rows {
			line, err := json.Marshal(t.values(ctx, reflect.ValueOf(&rows[i]).Elem()))
			lines[i] = fmt.Sprint(string(line), err)
		}
		slices.Sort(lines) // whatever order they are read in
		return lines
	}
	return slices.Equal(written(a), written(b))
}
