package store

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"recourse/models"
)

// sameCustomer are the ids of all records of one customer, by the id of the one that survives.
const sameCustomer = "(SELECT id FROM customers WHERE id = ? OR merged_into = ?)"

// CustomerRecords returns all records of one customer, by the id of any: first the one that survives,
// then those merged into it. CodeNotFound when there is none.
func (s *Store) CustomerRecords(ctx context.Context, id string) (records []models.Customer, err error) {
	err = s.read(ctx, "customer "+id, func(db *gorm.DB) error {
		records, err = recordsOf(db, id)
		return err
	})
	return records, err
}

// recordsOf reads them; tx may lock what it reads.
func recordsOf(tx *gorm.DB, id string) (records []models.Customer, err error) {
	var one models.Customer
	if err := tx.Session(&gorm.Session{}).Where("id = ?", id).Take(&one).Error; err != nil {
		return nil, missing(err, "customer")
	}
	survivor := one.ID
	if one.MergedInto != "" {
		survivor = one.MergedInto
	}
	err = tx.Session(&gorm.Session{}).Where("id = ? OR merged_into = ?", survivor, survivor).Order("id").Find(&records).Error
	slices.SortStableFunc(records, func(a, b models.Customer) int {
		if (a.ID == survivor) == (b.ID == survivor) {
			return 0
		}
		if a.ID == survivor {
			return -1
		}
		return 1
	})
	return records, err
}

// HoldCustomer puts a legal hold on a customer and keeps who did. Conflict: there is one, or they were
// erased.
func (s *Store) HoldCustomer(ctx context.Context, act models.CustomerAct) error {
	return s.act(ctx, act, func(tx *gorm.DB, records []models.Customer) error {
		if held(records) {
			return models.Refuse(models.CodeConflict, "there is a legal hold on this customer already")
		}
		return tx.Model(&models.Customer{}).Where("id = ?", records[0].ID).Update("held_at", act.ActedAt).Error
	})
}

// ReleaseCustomer ends a legal hold and keeps who did. Conflict: there is none.
func (s *Store) ReleaseCustomer(ctx context.Context, act models.CustomerAct) error {
	return s.act(ctx, act, func(tx *gorm.DB, records []models.Customer) error {
		if !held(records) {
			return models.Refuse(models.CodeConflict, "there is no legal hold on this customer")
		}
		return tx.Model(&models.Customer{}).Where("id IN "+sameCustomer, records[0].ID, records[0].ID).Update("held_at", nil).Error
	})
}

func held(records []models.Customer) bool {
	return slices.ContainsFunc(records, func(c models.Customer) bool { return c.HeldAt != nil })
}

// act changes a customer that was not erased and puts on record who did.
func (s *Store) act(ctx context.Context, act models.CustomerAct, change func(*gorm.DB, []models.Customer) error) error {
	return s.write(ctx, string(act.Kind)+" customer "+act.CustomerID, func(tx *gorm.DB) error {
		records, err := recordsOf(tx.Clauses(forUpdate), act.CustomerID)
		if err != nil {
			return err
		}
		if records[0].ErasedAt != nil {
			return models.ErrErased
		}
		if err := change(tx, records); err != nil {
			return err
		}
		return tx.Create(&act).Error
	})
}

// MergeCustomers says that the customer of the act is the same as act.Into: from now on the digests of
// both find the survivor, and the cases of both are the survivor's. Both must stand for themselves.
func (s *Store) MergeCustomers(ctx context.Context, act models.CustomerAct) error {
	return s.write(ctx, "merge customer "+act.CustomerID, func(tx *gorm.DB) error {
		var two []models.Customer // in the order of their ids: two merges wait for each other, never in a ring
		err := tx.Clauses(forUpdate).Where("id IN ?", []string{act.CustomerID, act.Into}).Order("id").Find(&two).Error
		if err != nil {
			return err
		}
		if err := mergeable(two, act); err != nil {
			return err
		}
		for _, do := range []func() error{
			func() error {
				return tx.Model(&models.CustomerDigest{}).Where("customer_id = ?", act.CustomerID).Update("customer_id", act.Into).Error
			},
			func() error {
				return tx.Model(&models.Customer{}).Where("id = ? OR merged_into = ?", act.CustomerID, act.CustomerID).
					Update("merged_into", act.Into).Error
			},
			func() error { return tx.Create(&act).Error },
		} {
			if err := do(); err != nil {
				return err
			}
		}
		return nil
	})
}

func mergeable(two []models.Customer, act models.CustomerAct) error {
	if act.CustomerID == act.Into {
		return models.Invalid("/into", "a customer cannot be merged into themselves")
	}
	for _, c := range two {
		switch {
		case c.ErasedAt != nil:
			return models.ErrErased
		case c.MergedInto != "" && c.ID == act.Into:
			return models.Invalid("/into", "this one was merged itself; name the survivor, "+c.MergedInto)
		case c.MergedInto != "":
			return models.Refuse(models.CodeConflict, "this customer was merged into "+c.MergedInto+" already")
		}
	}
	if len(two) == 2 {
		return nil
	}
	if len(two) == 1 && two[0].ID == act.CustomerID {
		return models.Invalid("/into", "there is no such customer")
	}
	return models.Refuse(models.CodeNotFound, "no such customer")
}

// PutCustomerAct keeps that something was done to a customer which another statement does.
func (s *Store) PutCustomerAct(ctx context.Context, act models.CustomerAct) error {
	return s.change(ctx, string(act.Kind)+" customer "+act.CustomerID, func(db *gorm.DB) error { return db.Create(&act).Error })
}

// CustomerActs returns what was done to the records of a customer, oldest first.
func (s *Store) CustomerActs(ctx context.Context, survivor string) (acts []models.CustomerAct, err error) {
	err = s.read(ctx, "acts on "+survivor, func(db *gorm.DB) error {
		return db.Where("customer_id IN "+sameCustomer, survivor, survivor).Order("acted_at, id").Find(&acts).Error
	})
	return acts, err
}

// PutContactRead keeps that somebody read contact data.
func (s *Store) PutContactRead(ctx context.Context, read models.ContactRead) error {
	return s.change(ctx, "contact read", func(db *gorm.DB) error { return db.Create(&read).Error })
}

// ContactReads returns one page of who read the contact data of a case, on the case or on the page of
// its customer, latest first, and the cursor of the next page.
func (s *Store) ContactReads(ctx context.Context, of models.Case, from string, limit int) (page []models.ContactRead, next string, err error) {
	after, err := readCursor(from)
	if err != nil {
		return nil, "", err
	}
	limit = pageSize(limit)
	err = s.read(ctx, "contact reads", func(db *gorm.DB) error {
		db = db.Where("(case_id = ? OR case_id = '' AND customer_id <> '' AND customer_id IN (?))", of.ID, s.kin(of.CustomerID))
		if after != nil {
			db = db.Where("(read_at, id) < (?, ?)", after.At, after.ID)
		}
		return db.Order("read_at DESC, id DESC").Limit(limit + 1).Find(&page).Error
	})
	if len(page) > limit {
		page = page[:limit]
		next = cursor{At: page[limit-1].ReadAt, ID: page[limit-1].ID}.String()
	}
	return page, next, err
}

// kin are the ids of all records of one customer, by the id of any.
func (s *Store) kin(id string) *gorm.DB {
	survivor := `(SELECT CASE WHEN merged_into = '' THEN id ELSE merged_into END FROM customers WHERE id = ?)`
	return s.reader.Model(&models.Customer{}).Select("id").Where("id = "+survivor+" OR merged_into = "+survivor, id, id)
}
