package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"recourse/models"
)

// Erase makes a customer's words unreadable for good, in all records that were merged into one: their
// keys, digests, profile, texts, drafts, message bodies, the keys and names of their attachments and
// what search found them by go, and what was still to be sent to them is skipped. Events, rows and figures stay, and the chain still verifies. It
// asks for no legal hold: who wants one respected asks first. Doing it again finds what came since and keeps the first
// instant. CodeNotFound when there is no such customer.
func (s *Store) Erase(ctx context.Context, customerID string, now time.Time) error {
	err := s.write(ctx, "erase customer "+customerID, func(tx *gorm.DB) error {
		customers, err := recordsOf(tx.Clauses(forUpdate), customerID)
		if err != nil {
			return err
		}
		var ids []string
		for _, c := range customers {
			ids = append(ids, c.ID)
		}
		var cases []models.Case
		if err := tx.Select("id", "key_id").Where("customer_id IN ?", ids).Find(&cases).Error; err != nil {
			return err
		}
		for _, step := range erasure(customers, cases, now) {
			if err := step(tx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	// A reader of the state before may be in the way of scrubbing; the next checkpoint does it then.
	if err := s.dialect.scrub(s.writer.WithContext(ctx)); err != nil && !s.dialect.retriable(err) {
		return s.explain("erase customer "+customerID, err)
	}
	return nil
}

func erasure(customers []models.Customer, cases []models.Case, now time.Time) []func(tx *gorm.DB) error {
	var keys, ids, persons []string
	for _, c := range customers {
		keys, persons = append(keys, c.KeyID), append(persons, c.ID)
	}
	for _, c := range cases {
		keys, ids = append(keys, c.KeyID), append(ids, c.ID)
	}
	return []func(tx *gorm.DB) error{
		func(tx *gorm.DB) error { // the keys first: whoever seals waits here, and then finds them gone
			return tx.Model(&models.Key{}).Where("id IN ?", keys).
				Updates(map[string]any{"wrapped": nil, "erased_at": gorm.Expr("COALESCE(erased_at, ?)", now)}).Error
		},
		func(tx *gorm.DB) error { // asked anew: a case whose intake held the key until now brings its files
			return tx.Model(&models.Key{}).Where("id IN (?)", filesOf(tx, persons).Select("key_id")).
				Updates(map[string]any{"wrapped": nil, "erased_at": gorm.Expr("COALESCE(erased_at, ?)", now)}).Error
		},
		func(tx *gorm.DB) error {
			return filesOf(tx, persons).Update("name", nil).Error
		},
		func(tx *gorm.DB) error {
			return tx.Where("customer_id IN ?", persons).Delete(&models.CustomerDigest{}).Error
		},
		func(tx *gorm.DB) error {
			return tx.Exec("DELETE FROM contact_ways WHERE ref IN (SELECT ref FROM texts WHERE key_id IN ? OR case_id IN ?)", keys, ids).Error
		},
		func(tx *gorm.DB) error {
			return tx.Model(&models.Customer{}).Where("id IN ?", persons).
				Updates(map[string]any{"profile": nil, "erased_at": gorm.Expr("COALESCE(erased_at, ?)", now)}).Error
		},
		func(tx *gorm.DB) error { // asked anew, too; a case is still found by its number
			return tx.Exec(`DELETE FROM search_texts WHERE ref <> case_id
				AND case_id IN (SELECT id FROM cases WHERE customer_id IN ?)`, persons).Error
		},
		func(tx *gorm.DB) error {
			return tx.Model(&models.CustomerAct{}).Where("key_id IN ?", keys).Update("reason", nil).Error
		},
		func(tx *gorm.DB) error {
			return tx.Model(&models.ContactRead{}).Where("key_id IN ?", keys).Update("reason", nil).Error
		},
		func(tx *gorm.DB) error { // drafts keep their row: a command under way still names them
			return tx.Model(&models.Text{}).Where("key_id IN ? OR case_id IN ?", keys, ids).Update("sealed", nil).Error
		},
		func(tx *gorm.DB) error {
			return tx.Model(&models.Message{}).Where("key_id IN ? OR case_id IN ?", keys, ids).Update("body", nil).Error
		},
		func(tx *gorm.DB) error {
			return tx.Model(&models.Message{}).
				Where("case_id IN ? AND state = 'pending' AND person = '' AND department = ''", ids).
				Where("(endpoint = '' OR channel = 'sms') AND template <> 'event'"). // the others say nothing of the customer
				Where("roles IS NULL OR roles = '[]'").
				Updates(map[string]any{"state": models.MessageSkipped, "last_error": "the customer was erased"}).Error
		},
	}
}

// filesOf are the attachments of the cases of some customers, bound or claimed.
func filesOf(tx *gorm.DB, customers []string) *gorm.DB {
	fresh := tx.Session(&gorm.Session{NewDB: true})
	return fresh.Model(&models.Attachment{}).
		Where("case_id IN (?)", fresh.Model(&models.Case{}).Select("id").Where("customer_id IN ?", customers))
}

// Erasures returns the customers erased so far, oldest erasure first: a restore of an older backup
// erases them again.
func (s *Store) Erasures(ctx context.Context) (erased []models.Customer, err error) {
	err = s.read(ctx, "erasures", func(db *gorm.DB) error {
		return db.Where("erased_at IS NOT NULL").Order("erased_at, id").Find(&erased).Error
	})
	return erased, err
}
