package store

import (
	"context"

	"gorm.io/gorm"

	"recourse/models"
)

// Policies returns every version of the policy that was published, in that order.
func (s *Store) Policies(ctx context.Context) (all []models.Policy, err error) {
	err = s.read(ctx, "policies", func(db *gorm.DB) error { return db.Order("number").Find(&all).Error })
	return all, err
}

// PutPolicy adds a version, the one after the highest; CodeStale when the highest is not the one that
// row.Number follows.
func (s *Store) PutPolicy(ctx context.Context, row models.Policy) error {
	return s.write(ctx, "put policy", func(tx *gorm.DB) error {
		var highest int64
		if err := tx.Model(&models.Policy{}).Select("COALESCE(MAX(number), 0)").Scan(&highest).Error; err != nil {
			return err
		}
		if row.Number != highest+1 {
			return errPolicyMoved
		}
		added := tx.Clauses(ifNew).Create(&row)
		if added.Error == nil && added.RowsAffected == 0 { // somebody else between our two statements
			return errPolicyMoved
		}
		return added.Error
	})
}

var errPolicyMoved = models.Refuse(models.CodeStale, "the policy has another version by now; read it again")
