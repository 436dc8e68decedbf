package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"recourse/models"
)

// Erase makes a customer's words unreadable for good: their keys, digests, profile, texts, drafts
// and message bodies go, the keys and names of their attachments too, and what was still to be sent to them is skipped. Events, rows and figures
// stay, and the chain still verifies. Doing it again finds what came since and keeps the first
// instant. CodeNotFound when there is no such customer.
func (s *Store) Erase(ctx context.Context, customerID string, now time.Time) error {
	err := s.write(ctx, "erase customer "+customerID, func(tx *gorm.DB) error {
		var customer models.Customer
		if err := tx.Clauses(forUpdate).Where("id = ?", customerID).Take(&customer).Error; err != nil {
			return missing(err, "customer")
		}
		var cases []models.Case
		if err := tx.Select("id", "key_id").Where("customer_id = ?", customerID).Find(&cases).Error; err != nil {
			return err
		}
		for _, step := range erasure(customer, cases, now) {
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

func erasure(customer models.Customer, cases []models.Case, now time.Time) []func(tx *gorm.DB) error {
	keys, ids := []string{customer.KeyID}, []string{}
	for _, c := range cases {
		keys, ids = append(keys, c.KeyID), append(ids, c.ID)
	}
	return []func(tx *gorm.DB) error{
		func(tx *gorm.DB) error { // the keys first: whoever seals waits here, and then finds them gone
			return tx.Model(&models.Key{}).Where("id IN ?", keys).
				Updates(map[string]any{"wrapped": nil, "erased_at": gorm.Expr("COALESCE(erased_at, ?)", now)}).Error
		},
		func(tx *gorm.DB) error { // asked anew: a case whose intake held the key until now brings its files
			return tx.Model(&models.Key{}).Where("id IN (?)", filesOf(tx, customer.ID).Select("key_id")).
				Updates(map[string]any{"wrapped": nil, "erased_at": gorm.Expr("COALESCE(erased_at, ?)", now)}).Error
		},
		func(tx *gorm.DB) error {
			return filesOf(tx, customer.ID).Update("name", nil).Error
		},
		func(tx *gorm.DB) error {
			return tx.Where("customer_id = ?", customer.ID).Delete(&models.CustomerDigest{}).Error
		},
		func(tx *gorm.DB) error {
			return tx.Model(&models.Customer{}).Where("id = ?", customer.ID).
				Updates(map[string]any{"profile": nil, "erased_at": gorm.Expr("COALESCE(erased_at, ?)", now)}).Error
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
				Where("roles IS NULL OR roles = '[]'").
				Updates(map[string]any{"state": models.MessageSkipped, "last_error": "the customer was erased"}).Error
		},
	}
}

// filesOf are the attachments of a customer's cases, bound or claimed.
func filesOf(tx *gorm.DB, customerID string) *gorm.DB {
	fresh := tx.Session(&gorm.Session{NewDB: true})
	return fresh.Model(&models.Attachment{}).
		Where("case_id IN (?)", fresh.Model(&models.Case{}).Select("id").Where("customer_id = ?", customerID))
}

// Erasures returns the customers erased so far, oldest erasure first: a restore of an older backup
// erases them again.
func (s *Store) Erasures(ctx context.Context) (erased []models.Customer, err error) {
	err = s.read(ctx, "erasures", func(db *gorm.DB) error {
		return db.Where("erased_at IS NOT NULL").Order("erased_at, id").Find(&erased).Error
	})
	return erased, err
}
