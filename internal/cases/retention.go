package cases

import (
	"context"
	"fmt"
	"time"

	"recourse/models"
)

// ForgetAtATime bounds how many customers one call of Forget erases.
const ForgetAtATime = 500

// Forget erases customers with whom nothing has happened for as long as the policy keeps personal data,
// and says how many; up to ForgetAtATime, so that whoever calls comes again while there are as many.
// Open cases, cases that can still be reopened and legal holds keep a customer on record.
func (s *Service) Forget(ctx context.Context, keep time.Duration) (erased int, err error) {
	now := s.now()
	ids, err := s.Store.CustomersUntil(ctx, now.Add(-keep), ForgetAtATime)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		switch err := s.Erase(ctx, id, now); {
		case models.CodeOf(err) == models.CodeConflict: // a hold that came in between
			continue
		case err != nil:
			return erased, fmt.Errorf("erase customer %s: %w", id, err)
		}
		err := s.Store.PutCustomerAct(ctx, models.CustomerAct{
			ID: s.NewID(), CustomerID: id, Kind: models.ActErase, Person: models.System().ID, ActedAt: now,
		})
		if err != nil {
			return erased, err
		}
		erased++
	}
	return erased, nil
}
