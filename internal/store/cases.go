package store

import (
	"context"

	"gorm.io/gorm"

	"recourse/models"
)

// Case returns the row of a case, with its snapshot; CodeNotFound when there is none.
func (s *Store) Case(ctx context.Context, id string) (row models.Case, err error) {
	err = s.read(ctx, "case "+id, func(db *gorm.DB) error {
		return missing(db.Where("id = ?", id).Take(&row).Error, "case")
	})
	return row, err
}

// CaseByNumber returns the row of the case that bears a number; CodeNotFound when there is none.
func (s *Store) CaseByNumber(ctx context.Context, number string) (row models.Case, err error) {
	err = s.read(ctx, "case "+number, func(db *gorm.DB) error {
		return missing(db.Where("number = ?", number).Take(&row).Error, "case")
	})
	return row, err
}

// CasesOf returns the rows of some cases by id, with their snapshots. One that is not there is left out.
func (s *Store) CasesOf(ctx context.Context, ids []string) (map[string]models.Case, error) {
	var rows []models.Case
	err := s.read(ctx, "some cases", func(db *gorm.DB) error { return db.Where("id IN ?", ids).Find(&rows).Error })
	found := make(map[string]models.Case, len(rows))
	for _, row := range rows {
		found[row.ID] = row
	}
	return found, err
}

// Cases returns one page of the cases asked for, newest first, and the cursor of the next page,
// empty after the last. Pages are complete and without doubles also while cases come and go: a page
// begins behind the last row of the one before, not at a count. Rows come without their snapshot,
// which is larger than the rest.
func (s *Store) Cases(ctx context.Context, q models.CaseQuery) (rows []models.Case, next string, err error) {
	after, err := readCursor(q.Cursor)
	if err != nil {
		return nil, "", err
	}
	limit := pageSize(q.Limit)
	err = s.read(ctx, "list cases", func(db *gorm.DB) error {
		db, err := finding(s.dialect, q.Find, narrow(q, db.Model(&models.Case{})))
		if err != nil {
			return err
		}
		if after != nil {
			db = db.Where("(cases.received_at, cases.id) < (?, ?)", after.At, after.ID)
		}
		return db.Omit("snapshot").Order("cases.received_at DESC, cases.id DESC").Limit(limit + 1).Find(&rows).Error
	})
	if len(rows) > limit {
		rows = rows[:limit]
		next = cursor{At: rows[limit-1].ReceivedAt, ID: rows[limit-1].ID}.String()
	}
	return rows, next, err
}

// CountCases counts the cases asked for; cursor and limit mean nothing here.
func (s *Store) CountCases(ctx context.Context, q models.CaseQuery) (n int64, err error) {
	err = s.read(ctx, "count cases", func(db *gorm.DB) error {
		db, err := finding(s.dialect, q.Find, narrow(q, db.Model(&models.Case{})))
		if err != nil {
			return err
		}
		return db.Count(&n).Error
	})
	return n, err
}

// OpenCases returns up to n cases that should have a workflow, in the order of their ids behind
// afterID, without their snapshots: the sweep's way through all of them.
func (s *Store) OpenCases(ctx context.Context, afterID string, n int) (rows []models.Case, err error) {
	err = s.read(ctx, "open cases", func(db *gorm.DB) error {
		return db.Omit("snapshot").Where("state <> 'archived' AND id > ?", afterID). // the words of index cases_live
												Order("id").Limit(n).Find(&rows).Error
	})
	return rows, err
}

// AllCases returns up to n cases in the order of their ids behind afterID, with their snapshots: the
// checker's way through all of them.
func (s *Store) AllCases(ctx context.Context, afterID string, n int) (rows []models.Case, err error) {
	err = s.read(ctx, "all cases", func(db *gorm.DB) error {
		return db.Where("id > ?", afterID).Order("id").Limit(n).Find(&rows).Error
	})
	return rows, err
}

// Entries returns up to limit events of a case behind a sequence, oldest first; a limit of 0 means
// all of them.
func (s *Store) Entries(ctx context.Context, caseID string, afterSeq int64, limit int) (entries []models.Entry, err error) {
	err = s.read(ctx, "entries of "+caseID, func(db *gorm.DB) error {
		db = db.Where("case_id = ? AND seq > ?", caseID, afterSeq).Order("seq")
		if limit > 0 {
			db = db.Limit(limit)
		}
		return db.Find(&entries).Error
	})
	return entries, err
}

// CustomerByDigest returns the customer that any of the digests finds; of several, the one that was
// on record first. CodeNotFound when there is none.
func (s *Store) CustomerByDigest(ctx context.Context, digests []string) (customer models.Customer, err error) {
	err = s.read(ctx, "customer by digest", func(db *gorm.DB) error {
		found := s.reader.Model(&models.CustomerDigest{}).Select("customer_id").Where("digest IN ?", digests)
		return missing(db.Where("id IN (?)", found).Order("created_at, id").Limit(1).Take(&customer).Error, "customer")
	})
	return customer, err
}

// Customer returns a customer by id; CodeNotFound when there is none.
func (s *Store) Customer(ctx context.Context, id string) (customer models.Customer, err error) {
	err = s.read(ctx, "customer "+id, func(db *gorm.DB) error {
		return missing(db.Where("id = ?", id).Take(&customer).Error, "customer")
	})
	return customer, err
}
