package store

import (
	"cmp"
	"context"
	"fmt"

	"gorm.io/gorm"

	"recourse/models"
)

// waysOf are the rows of what corrected contact data finds its customer by.
func waysOf(texts []models.Text) (ways []models.ContactWay) {
	for _, t := range texts {
		for _, w := range t.Ways {
			ways = append(ways, models.ContactWay{Ref: t.Ref, Digest: w.Digest, Kind: w.Kind})
		}
	}
	return ways
}

// findAgain are the steps by which a customer is found from now on by contact data that new entries
// correct. What finds another customer already goes on finding that one; whom an erasure overtook is
// found by nothing.
func findAgain(tx *gorm.DB, rec models.Recording, at place) ([]step, error) {
	var refs []string
	for i, t := range rec.Texts {
		if t.Name == models.TextContact && rec.Seqs[i] > max(at.Seq, 1) {
			refs = append(refs, t.Ref)
		}
	}
	if len(refs) == 0 || rec.Case.CustomerID == "" {
		return nil, nil
	}
	survivor, err := stands(tx, rec.Case.CustomerID)
	if err != nil || survivor == "" {
		return nil, err
	}
	return []step{{do: func(tx *gorm.DB) *gorm.DB {
		return tx.Exec(`INSERT INTO customer_digests (digest, customer_id, kind)
			SELECT w.digest, ?, w.kind FROM contact_ways w WHERE w.ref IN ? ORDER BY w.digest
			ON CONFLICT (digest) DO NOTHING`, survivor, refs)
	}}}, nil
}

// stands is the record that goes on for a customer, kept from being merged or erased until the
// transaction ends; empty when they were erased.
func stands(tx *gorm.DB, id string) (string, error) {
	var records []models.Customer
	err := tx.Clauses(forShare).Select("id", "merged_into", "erased_at").
		Where("id = ? OR id = (SELECT c.merged_into FROM customers c WHERE c.id = ?)", id, id).Order("id").Find(&records).Error
	if err != nil {
		return "", err
	}
	survivor := ""
	for _, r := range records {
		if r.ErasedAt != nil {
			return "", nil
		}
		if r.ID == id {
			survivor = cmp.Or(r.MergedInto, r.ID)
		}
	}
	return survivor, nil
}

// RestoreWays lets every customer be found again by all corrected contact data on record, and says
// how many ways were lost.
func (s *Store) RestoreWays(ctx context.Context) (found int64, err error) {
	err = s.change(ctx, "ways to customers", func(db *gorm.DB) error {
		done := db.Exec(`INSERT INTO customer_digests (digest, customer_id, kind)
			SELECT w.digest, CASE WHEN cu.merged_into <> '' THEN cu.merged_into ELSE cu.id END, w.kind
			FROM contact_ways w JOIN texts t ON t.ref = w.ref JOIN cases c ON c.id = t.case_id JOIN customers cu ON cu.id = c.customer_id
			WHERE t.seq > 0 AND cu.erased_at IS NULL ORDER BY w.digest
			ON CONFLICT (digest) DO NOTHING`)
		found = done.RowsAffected
		return done.Error
	})
	return found, err
}

// lostWays says which corrected contact data finds nobody, or is still there after an erasure.
func lostWays(tx *gorm.DB) (found []string, err error) {
	for _, one := range []struct{ says, where string }{
		{"%d ways of corrected contact data find no customer", "t.seq > 0 AND w.digest NOT IN (SELECT digest FROM customer_digests)"},
		{"%d ways of corrected contact data are still there, though their key was erased", "t.key_id IN (SELECT id FROM keys WHERE erased_at IS NOT NULL)"},
	} {
		var n int64
		if err := tx.Table("contact_ways w").Joins("JOIN texts t ON t.ref = w.ref").Where(one.where).Count(&n).Error; err != nil {
			return nil, err
		}
		if n > 0 {
			found = append(found, fmt.Sprintf(one.says, n))
		}
	}
	return found, nil
}
