package cases

import (
	"context"
	"time"

	"recourse/internal/kpi/headline"
	"recourse/models"
)

// Summary counts the headline figures of the cases that the actor may see and that were received in
// a period; without an end the period reaches to now, without a start thirty days back.
func (s *Service) Summary(ctx context.Context, a models.Actor, from, until time.Time) (headline.Summary, error) {
	now := s.now()
	if until.IsZero() {
		until = now
	}
	if from.IsZero() {
		from = until.AddDate(0, 0, -30)
	}
	if !from.Before(until) {
		return headline.Summary{}, models.Invalid("/from", "the period ends before it begins")
	}
	return s.summary(ctx, a, from, until, func(models.Case) {})
}

// summary counts the figures of a period and shows each case that goes into them.
func (s *Service) summary(ctx context.Context, a models.Actor, from, until time.Time, visit func(models.Case)) (headline.Summary, error) {
	tally, real := headline.NewTally(from, until, s.now()), false
	err := s.Store.Milestones(ctx, from, until, models.VisibleTo(a), func(c models.Case) error {
		tally.Add(c)
		visit(c)
		real = real || !c.Sample
		return nil
	})
	if err != nil {
		return headline.Summary{}, err
	}
	if !real { // in the period, of those that the actor sees: is there any?
		sample := false
		n, err := s.Store.CountCases(ctx, models.CaseQuery{Visible: models.Visible{Whole: true}, Sample: &sample, Limit: 1})
		return tally.Summary(n > 0), err
	}
	return tally.Summary(true), nil
}

// Words opens a text of a case, for messages.
func (s *Service) Words(ctx context.Context, row models.Case, ref models.TextRef) (string, error) {
	words, err := s.read(ctx, row)
	if err == nil && words.erased {
		err = models.ErrErased
	}
	return words.words[ref.Ref], err
}

// ContactOf opens how the customer of a case can be reached, as last corrected, for messages.
func (s *Service) ContactOf(ctx context.Context, row models.Case) (models.Contact, error) {
	words, err := s.read(ctx, row)
	if err == nil && words.erased {
		err = models.ErrErased
	}
	if contact := words.contactNow(); contact != nil {
		return *contact, err
	}
	return models.Contact{}, err
}

// SealWords seals what is kept of a message with a data key.
func (s *Service) SealWords(ctx context.Context, keyID, ref, words string) ([]byte, error) {
	key, err := s.Store.Key(ctx, keyID)
	if err != nil {
		return nil, err
	}
	if len(key.Wrapped) == 0 {
		return nil, models.ErrErased
	}
	sealed, _, err := s.Vault.SealText(key.Wrapped, key.ID, ref, words)
	return sealed, err
}
