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
	record, err := recordNew(in)
	if err != nil {
		return fmt.Errorf("accept intake %s: %w", in.Recording.Case.ID, err)
	}
	steps := slices.Concat(
		answer(in.Answered), // first: a second request waits here, or ends here
		takeCustomer(in),
		meaning(slices.Concat(
			insert([]models.Case{in.Recording.Case}), // the row before all that point to it
			insert(in.Texts), takeFiles(in), record, insert(in.Links), insert([]models.StartIntent{in.Start}),
			s.dialect.index(indexed(in.Recording.Case.ID, in.Terms, in.Texts)),
		), known),
	)
	return s.write(ctx, "accept intake "+in.Recording.Case.ID, func(tx *gorm.DB) error { return together(tx, steps) })
}

// recordNew are the steps that put the entries of a new case on record. Texts that come bound to
// their entries need no second statement to say so.
func recordNew(in models.Intake) ([]step, error) {
	rec := in.Recording
	if err := whole(rec); err != nil {
		return nil, err
	}
	rec.Texts, rec.Seqs, rec.Files = nil, nil, nil
	for i, named := range in.Recording.Texts {
		came := slices.ContainsFunc(in.Texts, func(t models.Text) bool {
			return t.Ref == named.Ref && t.Digest == named.Digest && t.CaseID == rec.Case.ID && t.Seq == in.Recording.Seqs[i]
		})
		if !came {
			rec.Texts, rec.Seqs = append(rec.Texts, named), append(rec.Seqs, in.Recording.Seqs[i])
		}
	}
	return added(rec, place{})
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
func answer(key *models.IdempotencyKey) []step {
	if key == nil {
		return nil
	}
	done := *key
	done.State = models.KeyDone
	return []step{{
		do: func(tx *gorm.DB) *gorm.DB {
			return tx.Clauses(clause.OnConflict{
				Columns:   keyColumns,
				DoUpdates: clause.AssignmentColumns([]string{"body_hash", "state", "status", "answer", "created_at", "lease_at"}),
				Where: clause.Where{Exprs: []clause.Expression{clause.Expr{
					SQL: `idempotency_keys.created_at < ? OR idempotency_keys.state = ?
						AND idempotency_keys.lease_at = excluded.lease_at AND idempotency_keys.body_hash = excluded.body_hash`,
					Vars: []any{done.CreatedAt.Add(-KeyLife), models.KeyRunning},
				}}},
			}).Create(&done)
		},
		ends: func(rows int64, err error) error {
			if err == nil && rows == 0 {
				return models.ErrDuplicateKey
			}
			return err
		},
	}}
}

// takeCustomer puts a new key, customer and digests on record, or makes sure that the known
// customer's key still seals.
func takeCustomer(in models.Intake) []step {
	steps := []step{sealing(in.Recording.Case.KeyID)}
	if in.Key != nil {
		steps = meaning(insert([]models.Key{*in.Key}), known)
	}
	// In one order everywhere: two intakes of one customer wait for each other, and never in a ring.
	digests := slices.SortedFunc(slices.Values(in.Digests), func(a, b models.CustomerDigest) int {
		return cmp.Compare(a.Digest, b.Digest)
	})
	if in.Customer == nil {
		return append(steps, insert(digests, ifNew)...)
	}
	steps = append(steps, meaning(insert([]models.Customer{*in.Customer}), known)...)
	return append(steps, meaning(insert(digests), taken)...)
}

// taken turns a duplicate into what it means for a customer's digests.
func taken(err error) error {
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return fmt.Errorf("%w: %w", models.ErrCustomerTaken, err)
	}
	return err
}

// sealing makes sure that a key is there, not erased, and stays so until the transaction ends.
func sealing(keyID string) step {
	return step{
		do: func(tx *gorm.DB) *gorm.DB {
			return tx.Clauses(forShare).Select("id").Where("id = ? AND erased_at IS NULL", keyID).Find(&[]models.Key{})
		},
		ends: func(rows int64, err error) error {
			if err == nil && rows == 0 {
				return models.ErrErased
			}
			return err
		},
	}
}

// KeyLife is how long an idempotency key is kept.
const KeyLife = 24 * time.Hour
