package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"recourse/models"
)

// AcceptIntake puts a new complaint on record: when it returns nil, everything of it is committed,
// otherwise nothing is. ErrDuplicateKey: the idempotency key was answered, or another request holds
// it. ErrCustomerTaken: find the customer by digest and try again. ErrErased: the known customer is
// gone; make a new one. ErrOnRecord: this very case is on record already.
//
// Answered is the row that Begin gave a lease for, with the same LeaseAt, or a row for which nobody
// called Begin. Digests without a new customer are further ways to find the one that the case names.
func (s *Store) AcceptIntake(ctx context.Context, in models.Intake) error {
	return s.write(ctx, "accept intake "+in.Recording.Case.ID, func(tx *gorm.DB) error {
		if err := answer(tx, in.Answered); err != nil { // first: a second request waits here, or ends here
			return err
		}
		if err := takeCustomer(tx, in); err != nil {
			return err
		}
		row := in.Recording.Case
		if err := tx.Create(&row).Error; err != nil { // the row first: all the others point to it
			return known(err)
		}
		if err := known(inChunks(tx, in.Texts)); err != nil {
			return err
		}
		if err := known(recordNew(tx, in)); err != nil {
			return err
		}
		if err := known(inChunks(tx, in.Links)); err != nil {
			return err
		}
		return known(tx.Create(&in.Start).Error)
	})
}

// recordNew puts the entries of a case on record whose row was inserted a moment ago. Texts that came
// bound to their entries need no second statement to say so.
func recordNew(tx *gorm.DB, in models.Intake) error {
	rec := in.Recording
	if err := whole(rec); err != nil {
		return err
	}
	rec.Texts, rec.Seqs = nil, nil
	for i, named := range in.Recording.Texts {
		came := slices.ContainsFunc(in.Texts, func(t models.Text) bool {
			return t.Ref == named.Ref && t.Digest == named.Digest && t.CaseID == rec.Case.ID && t.Seq == in.Recording.Seqs[i]
		})
		if !came {
			rec.Texts, rec.Seqs = append(rec.Texts, named), append(rec.Seqs, in.Recording.Seqs[i])
		}
	}
	return add(tx, rec, place{})
}

// known turns a duplicate into what it means for an intake.
func known(err error) error {
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return fmt.Errorf("%w: %w", ErrOnRecord, err)
	}
	return err
}

// answer keeps what the idempotency key will be answered. A row of somebody else's is a duplicate;
// our own lease, and a row that has outlived its day, are taken over.
func answer(tx *gorm.DB, key *models.IdempotencyKey) error {
	if key == nil {
		return nil
	}
	done := *key
	done.State = models.KeyDone
	kept := tx.Clauses(clause.OnConflict{
		Columns:   keyColumns,
		DoUpdates: clause.AssignmentColumns([]string{"body_hash", "state", "status", "answer", "created_at", "lease_at"}),
		Where: clause.Where{Exprs: []clause.Expression{clause.Expr{
			SQL: `idempotency_keys.created_at < ? OR idempotency_keys.state = ?
				AND idempotency_keys.lease_at = excluded.lease_at AND idempotency_keys.body_hash = excluded.body_hash`,
			Vars: []any{done.CreatedAt.Add(-KeyLife), models.KeyRunning},
		}}},
	}).Create(&done)
	if kept.Error == nil && kept.RowsAffected == 0 {
		return models.ErrDuplicateKey
	}
	return kept.Error
}

// takeCustomer puts a new key, customer and digests on record, or makes sure that the known
// customer's key still seals.
func takeCustomer(tx *gorm.DB, in models.Intake) error {
	if in.Key != nil {
		if err := tx.Create(in.Key).Error; err != nil {
			return known(err)
		}
	} else if err := sealing(tx, in.Recording.Case.KeyID); err != nil {
		return err
	}
	// In one order everywhere: two intakes of one customer wait for each other, and never in a ring.
	digests := slices.SortedFunc(slices.Values(in.Digests), func(a, b models.CustomerDigest) int {
		return cmp.Compare(a.Digest, b.Digest)
	})
	if in.Customer == nil {
		return inChunks(tx.Clauses(ifNew), digests)
	}
	if err := tx.Create(in.Customer).Error; err != nil {
		return known(err)
	}
	err := inChunks(tx, digests)
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return fmt.Errorf("%w: %w", models.ErrCustomerTaken, err)
	}
	return err
}

// sealing makes sure that a key is there, not erased, and stays so until the transaction ends.
func sealing(tx *gorm.DB, keyID string) error {
	var key models.Key
	err := tx.Clauses(forShare).Where("id = ?", keyID).Take(&key).Error
	if err != nil {
		return missing(err, "key")
	}
	if key.ErasedAt != nil {
		return models.ErrErased
	}
	return nil
}

// KeyLife is how long an idempotency key is kept.
const KeyLife = 24 * time.Hour
