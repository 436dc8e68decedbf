package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"recourse/models"
)

// An import is staged in tables of its own, made when it begins and dropped when it ends: columns as those of
// the tables that it goes into in the end, without keys and constraints. So no reader can see half of it, and a
// migration that adds a column has nothing to do here.

// staged is a table that an import goes into.
type staged interface {
	Name() string    // of the table itself
	columns() string // listed
}

type stagedTable[T any] struct{ tableOf[T] }

func (t stagedTable[T]) columns() string { return strings.Join(t.tableOf.columns(), ", ") }

func stagedIn[T any]() stagedTable[T] { return stagedTable[T]{newTable[T]()} }

var (
	stagedKeys       = stagedIn[models.Key]()
	stagedCustomers  = stagedIn[models.Customer]()
	stagedDigests    = stagedIn[models.CustomerDigest]()
	stagedCases      = stagedIn[models.Case]()
	stagedEntries    = stagedIn[models.Entry]()
	stagedAlerts     = stagedIn[models.Alert]()
	stagedFacts      = stagedIn[models.Fact]()
	stagedLevers     = stagedIn[models.Lever]()
	stagedOwnerships = stagedIn[models.Ownership]()
	stagedStarts     = stagedIn[models.StartIntent]()

	// stagedTables is the order in which they are put on record: what is pointed to comes first.
	stagedTables = []staged{
		stagedKeys, stagedCustomers, stagedDigests, stagedCases, stagedEntries, stagedAlerts, stagedFacts, stagedLevers,
		stagedOwnerships, stagedStarts,
	}
)

const stagedPrefix = "import_"

// BeginImport puts an import on record, or returns the one with the same digest as far as it has come. Conflict:
// another one is under way.
func (s *Store) BeginImport(ctx context.Context, wish models.Import) (found models.Import, err error) {
	err = s.write(ctx, "begin import", func(tx *gorm.DB) error {
		found = models.Import{}
		err := tx.Where("digest = ?", wish.Digest).Take(&found).Error
		if err == nil && (found.State == models.ImportDone || tx.Migrator().HasTable(stagedPrefix+stagedCases.Name())) {
			return nil
		}
		if err != nil && !errors.Is(err, gorm.ErrRecordNotFound) {
			return err
		}
		var other models.Import
		err = tx.Where("state = ? AND digest <> ?", models.ImportStaging, wish.Digest).Limit(1).Find(&other).Error
		if err != nil {
			return err
		}
		if other.ID != "" {
			return models.Refuse(models.CodeConflict, fmt.Sprintf(
				"an import of %s that %s began is under way; finish it by the same command, or drop it with --drop %s",
				strings.Join(other.Files, ", "), other.StartedBy, other.ID))
		}
		if err := dropStaged(tx); err != nil {
			return err
		}
		for _, t := range stagedTables {
			if err := tx.Exec("CREATE TABLE " + stagedPrefix + t.Name() + " AS SELECT " + t.columns() + " FROM " + t.Name() + " WHERE 1 = 0").Error; err != nil {
				return err
			}
		}
		wish.State, wish.Visited, wish.Cases, wish.Skipped = models.ImportStaging, 0, 0, 0
		if err := tx.Where("digest = ?", wish.Digest).Delete(&models.Import{}).Error; err != nil {
			return err
		}
		found = wish
		return tx.Create(&wish).Error
	})
	return found, err
}

func dropStaged(tx *gorm.DB) error {
	for _, t := range stagedTables {
		if err := tx.Exec("DROP TABLE IF EXISTS " + stagedPrefix + t.Name()).Error; err != nil {
			return err
		}
	}
	return nil
}

// dropNext drops one of the staged tables, for on SQLite all its bytes are overwritten. That of the cases goes last:
// while it is there something is left to be done.
func dropNext(tx *gorm.DB, _ string) (next string, err error) {
	for _, t := range stagedTables {
		if t != staged(stagedCases) && tx.Migrator().HasTable(stagedPrefix+t.Name()) {
			return t.Name(), tx.Exec("DROP TABLE " + stagedPrefix + t.Name()).Error
		}
	}
	return "", dropStaged(tx)
}

// DropImport ends an import that is under way, as if it had never begun. CodeNotFound: there is none of this id.
func (s *Store) DropImport(ctx context.Context, id string) error {
	return s.write(ctx, "drop import "+id, func(tx *gorm.DB) error {
		gone := tx.Where("id = ? AND state = ?", id, models.ImportStaging).Delete(&models.Import{})
		if gone.Error == nil && gone.RowsAffected == 0 {
			return models.Refuse(models.CodeNotFound, fmt.Sprintf("there is no import %q under way", id))
		}
		return errors.Join(gone.Error, dropStaged(tx))
	})
}

// Imports returns all imports, the latest first.
func (s *Store) Imports(ctx context.Context) (all []models.Import, err error) {
	err = s.read(ctx, "imports", func(db *gorm.DB) error { return db.Order("begun_at DESC, id").Find(&all).Error })
	return all, err
}

// KnownReferences returns which cases of a system are on record, of some by their numbers there.
func (s *Store) KnownReferences(ctx context.Context, source string, references []string) (known []string, err error) {
	err = s.read(ctx, "known references", func(db *gorm.DB) error {
		for some := range slices.Chunk(references, 500) {
			var found []string
			err := db.Model(&models.Case{}).Where("source = ? AND reference IN ?", source, some).Pluck("reference", &found).Error
			if err != nil {
				return err
			}
			known = append(known, found...)
		}
		return nil
	})
	return known, err
}

// StageImport adds a batch to an import, whole or not at all. CodeNotFound: the import is not under way.
func (s *Store) StageImport(ctx context.Context, id string, b models.ImportBatch) error {
	var (
		cases   []models.Case
		entries []models.Entry
		alerts  []models.Alert
		facts   []models.Fact
		levers  []models.Lever
		owned   []models.Ownership
		starts  []models.StartIntent
	)
	for _, in := range b.Intakes {
		if err := whole(in.Recording); err != nil {
			return fmt.Errorf("stage import %s: %w", id, err)
		}
		cases, entries, alerts = append(cases, in.Recording.Case), append(entries, in.Recording.Entries...), append(alerts, in.Recording.Alerts...)
		rows := in.Recording.FactRows
		facts, levers, owned = append(facts, rows.Facts...), append(levers, rows.Levers...), append(owned, rows.Ownerships...)
		if in.Start.CaseID != "" {
			starts = append(starts, in.Start)
		}
	}
	steps := slices.Concat(
		putAside(stagedKeys, b.Keys), putAside(stagedCustomers, b.Customers), putAside(stagedDigests, b.Digests),
		putAside(stagedCases, cases), putAside(stagedEntries, entries), putAside(stagedAlerts, alerts), putAside(stagedFacts, facts),
		putAside(stagedLevers, levers), putAside(stagedOwnerships, owned), putAside(stagedStarts, starts),
	)
	return s.write(ctx, "stage import "+id, func(tx *gorm.DB) error {
		moved := tx.Model(&models.Import{}).Where("id = ? AND state = ?", id, models.ImportStaging).Updates(map[string]any{
			"visited": gorm.Expr("visited + ?", b.Visited), "cases": gorm.Expr("cases + ?", len(b.Intakes)), "skipped": gorm.Expr("skipped + ?", b.Skipped),
		})
		if moved.Error != nil || moved.RowsAffected == 0 {
			return errors.Join(moved.Error, models.Refuse(models.CodeNotFound, "the import is not under way any more"))
		}
		return together(tx, steps)
	})
}

// putAside are the steps that stage rows.
func putAside[T any](t stagedTable[T], rows []T) (steps []step) {
	for some := range inStatements(rows) {
		steps = append(steps, step{do: func(tx *gorm.DB) *gorm.DB { return tx.Table(stagedPrefix + t.Name()).Create(some) }})
	}
	return steps
}

// StagedDigests visits by what customers of an import under way are found again.
func (s *Store) StagedDigests(ctx context.Context) (digests []models.CustomerDigest, customers []models.Customer, err error) {
	err = s.read(ctx, "staged customers", func(db *gorm.DB) error {
		return errors.Join(
			db.Table(stagedPrefix+stagedDigests.Name()).Find(&digests).Error,
			db.Table(stagedPrefix+stagedCustomers.Name()).Select("id", "key_id").Find(&customers).Error,
		)
	})
	return digests, customers, err
}

// FinishImport puts all that an import staged on record, in one transaction: before it nobody sees anything of
// it, after it everybody sees all. On SQLite nothing else is written meanwhile. IndexImported does the rest.
// Conflict: somebody else put one of its cases or customers on record; nothing of it is, and it must be dropped
// and begun again.
func (s *Store) FinishImport(ctx context.Context, id string, new models.Newcomers, now time.Time) error {
	return s.writeMuch(ctx, "finish import "+id, func(tx *gorm.DB) error {
		ended := tx.Model(&models.Import{}).Where("id = ? AND state = ?", id, models.ImportStaging).
			Updates(map[string]any{"state": models.ImportDone, "done_at": now})
		if ended.Error != nil || ended.RowsAffected == 0 {
			return errors.Join(ended.Error, models.Refuse(models.CodeNotFound, "the import is not under way any more"))
		}
		if err := errors.Join(inChunks(tx, new.Departments, ifNew), inChunks(tx, new.People, ifNew), inChunks(tx, new.Categories, ifNew)); err != nil {
			return err
		}
		// Whoever follows the changes finds these cases by when they became visible, not by when they were staged.
		if err := tx.Table(stagedPrefix+stagedCases.Name()).Where("1 = 1").Update("touched_at", now).Error; err != nil {
			return err
		}
		for _, t := range stagedTables {
			err := tx.Exec("INSERT INTO " + t.Name() + " (" + t.columns() + ") SELECT " + t.columns() + " FROM " + stagedPrefix + t.Name()).Error
			if errors.Is(translated(tx, err), gorm.ErrDuplicatedKey) {
				return fmt.Errorf("%w: %w", models.Refuse(models.CodeConflict, "one of its cases or customers was put on record by somebody else meanwhile"), err)
			}
			if err != nil {
				return fmt.Errorf("%s: %w", t.Name(), err)
			}
		}
		for _, t := range []staged{stagedKeys, stagedCustomers, stagedDigests} { // an erasure must find no second copy
			if err := tx.Exec("DROP TABLE " + stagedPrefix + t.Name()).Error; err != nil {
				return err
			}
		}
		staged := stagedPrefix + stagedCases.Name()
		return tx.Exec("CREATE INDEX " + staged + "_by_id ON " + staged + " (id)").Error // IndexImported goes along it
	})
}

const (
	// touchedAtOnce is how many cases are touched in one transaction: it must be over before whoever follows the
	// changes has looked past it.
	touchedAtOnce = 1000
	// indexedAtOnce is how many cases go into the search index in one transaction: their terms are all over it, and
	// a page of it is written once for all of them.
	indexedAtOnce = 10_000
)

// IndexImported does what is left of an import that is on record. It shows the cases to whoever follows the
// changes, for the transaction that put them on record may have taken longer than they look back; puts them into
// the search index, by the terms of their number, reference, product and model; and drops what was staged. Stopped,
// it goes on when it is called again; without such an import it does nothing.
func (s *Store) IndexImported(ctx context.Context, terms func(models.Case) []int64, now func() time.Time) error {
	return s.roomy(ctx, func() error {
		show := func(tx *gorm.DB, after string) (string, error) { return showSome(tx, after, now()) }
		if err := s.afterwards(ctx, "show imported cases", show); err != nil {
			return err
		}
		index := func(tx *gorm.DB, after string) (string, error) { return s.indexSome(tx, after, terms) }
		if err := s.afterwards(ctx, "index imported cases", index); err != nil {
			return err
		}
		return s.afterwards(ctx, "drop what was staged", dropNext)
	})
}

// afterwards does a part of what is left of an import, a step in a transaction, from where the step before came
// to; empty: it was the last one.
func (s *Store) afterwards(ctx context.Context, doing string, step func(tx *gorm.DB, after string) (next string, err error)) error {
	for after, more := "", true; more; {
		var next string
		err := s.write(ctx, doing, func(tx *gorm.DB) error {
			next = ""
			left, err := unfinished(tx)
			if err == nil && left {
				next, err = step(tx, after)
			}
			return err
		})
		if err != nil {
			return err
		}
		after, more = next, next != ""
	}
	return nil
}

// unfinished says whether there is an import on record of which something is left to be done.
func unfinished(tx *gorm.DB) (is bool, err error) {
	if !tx.Migrator().HasTable(stagedPrefix + stagedCases.Name()) {
		return false, nil
	}
	var under int64
	err = tx.Model(&models.Import{}).Where("state = ?", models.ImportStaging).Count(&under).Error
	return under == 0, err
}

// stagedBehind finds some of the staged cases behind an id, in the order of their ids.
func stagedBehind(tx *gorm.DB, after string, most int) (some []models.Case, last string, err error) {
	err = tx.Table(stagedPrefix+stagedCases.Name()).Select("id", "number", "reference", "product", "model").
		Where("id > ?", after).Order("id").Limit(most).Find(&some).Error
	if len(some) > 0 {
		last = some[len(some)-1].ID
	}
	return some, last, err
}

// showSome touches the next of the cases.
func showSome(tx *gorm.DB, after string, now time.Time) (next string, err error) {
	some, last, err := stagedBehind(tx, after, touchedAtOnce)
	if err != nil || len(some) == 0 {
		return "", err
	}
	return last, tx.Model(&models.Case{}).Where("id > ? AND id <= ? AND id IN (?)", after, last, stagedUpTo(tx, last)).UpdateColumn("touched_at", now).Error
}

// stagedUpTo are the ids of the staged cases up to one.
func stagedUpTo(tx *gorm.DB, last string) *gorm.DB {
	return tx.Session(&gorm.Session{NewDB: true}).Table(stagedPrefix+stagedCases.Name()).Select("id").Where("id <= ?", last)
}

// indexSome puts the next cases into the search index; those that it has come to are staged no more.
func (s *Store) indexSome(tx *gorm.DB, after string, terms func(models.Case) []int64) (next string, err error) {
	some, last, err := stagedBehind(tx, after, indexedAtOnce)
	if err != nil || len(some) == 0 {
		return "", err
	}
	rows := make([]models.SearchText, len(some))
	for i, c := range some {
		rows[i] = models.SearchText{Ref: c.ID, CaseID: c.ID, Terms: terms(c)}
	}
	return last, errors.Join(
		tx.Exec("DELETE FROM search_texts WHERE ref IN (?)", stagedUpTo(tx, last)).Error, // the index may have been rebuilt meanwhile
		together(tx, s.dialect.index(rows)),
		tx.Exec("DELETE FROM "+stagedPrefix+stagedCases.Name()+" WHERE id <= ?", last).Error,
	)
}
