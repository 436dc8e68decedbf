package store

import (
	"context"
	"time"

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
	return casesByID(rows), err
}

// RowsOf is CasesOf without the snapshots, for whoever only asks how cases stand.
func (s *Store) RowsOf(ctx context.Context, ids []string) (map[string]models.Case, error) {
	var rows []models.Case
	err := s.read(ctx, "some rows", func(db *gorm.DB) error {
		return db.Omit("snapshot").Where("id IN ?", ids).Find(&rows).Error
	})
	return casesByID(rows), err
}

func casesByID(rows []models.Case) map[string]models.Case {
	found := make(map[string]models.Case, len(rows))
	for _, row := range rows {
		found[row.ID] = row
	}
	return found
}

// Cases returns one page of the cases asked for, in the order asked for, and the cursor of the next
// page, empty after the last. Pages are complete and without doubles also while cases come and go: a page
// begins behind the last row of the one before, not at a count. Rows come without their snapshot,
// which is larger than the rest.
func (s *Store) Cases(ctx context.Context, q models.CaseQuery) (rows []models.Case, next string, err error) {
	after, err := readCursor(q.Cursor)
	if err != nil {
		return nil, "", err
	}
	limit, all := pageSize(q.Limit), legs(q)
	if after == nil {
		after = &cursor{Leg: -1}
	}
	if after.Leg >= len(all) {
		return nil, "", errNoCursor
	}
	var places []cursor // of rows
	err = s.read(ctx, "list cases", func(db *gorm.DB) error {
		for i := max(after.Leg, 0); i < len(all) && len(rows) <= limit; i++ {
			found, err := s.leg(db, all[i], i == after.Leg, *after, limit+1-len(rows))
			if err != nil {
				return err
			}
			for _, row := range found {
				rows, places = append(rows, row), append(places, cursor{At: all[i].at(row), ID: row.ID, Leg: i})
			}
		}
		return nil
	})
	if len(rows) > limit {
		rows, next = rows[:limit], places[limit-1].String()
	}
	return rows, next, err
}

// leg reads on in one stretch of a list, from its beginning or from behind a place.
func (s *Store) leg(db *gorm.DB, l leg, behind bool, place cursor, n int) (rows []models.Case, err error) {
	db, err = finding(s.dialect, l.query.Find, narrow(l.query, l.only(db.Model(&models.Case{}))))
	if err != nil {
		return nil, err
	}
	if behind {
		db = l.behind(db, place)
	}
	return rows, db.Omit("snapshot").Order(l.order).Limit(n).Find(&rows).Error
}

// CaseCounts counts the cases asked for by severity, and of each how many are late, due soon, or wait
// for something; cursor, limit and order mean nothing here.
func (s *Store) CaseCounts(ctx context.Context, q models.CaseQuery, now time.Time) (counts []models.CaseCount, err error) {
	err = s.read(ctx, "count cases by severity", func(db *gorm.DB) error {
		return narrow(q, db.Model(&models.Case{})).Group("cases.severity").Select(`cases.severity AS severity, count(*) AS cases,
			coalesce(sum(CASE WHEN cases.due_at < ? THEN 1 END), 0) AS late,
			coalesce(sum(CASE WHEN cases.soon_at <= ? AND cases.due_at >= ? THEN 1 END), 0) AS soon,
			coalesce(sum(CASE WHEN cases.pause_reason <> '' THEN 1 END), 0) AS waiting`, now, now, now).Scan(&counts).Error
	})
	return counts, err
}

// CountCases counts the cases asked for, up to the limit if there is one; the cursor means nothing here.
func (s *Store) CountCases(ctx context.Context, q models.CaseQuery) (n int64, err error) {
	err = s.read(ctx, "count cases", func(db *gorm.DB) error {
		found, err := finding(s.dialect, q.Find, narrow(q, db.Model(&models.Case{})))
		if err != nil {
			return err
		}
		if q.Limit > 0 {
			return db.Table("(?) AS counted", found.Select("1").Limit(q.Limit)).Count(&n).Error
		}
		return found.Count(&n).Error
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
