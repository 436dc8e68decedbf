package cases

import (
	"context"

	"recourse/models"
)

// Signals returns a page of the signals asked for, those of the newest periods first, without their evidence.
// CodeForbidden: they are of the whole company; CodeInvalid at /from: the period ends before it begins.
func (s *Service) Signals(ctx context.Context, a models.Actor, q models.SignalQuery) (page Page[models.Signal], err error) {
	if err := seesSignals(a); err != nil {
		return page, err
	}
	if !q.From.IsZero() && !q.Until.IsZero() && q.Until.Before(q.From) {
		return page, models.Invalid("/from", "the period ends before it begins")
	}
	page.Items, page.Next, err = s.Store.Signals(ctx, q)
	return page, err
}

// Signal returns a signal with its evidence. CodeForbidden: signals are of the whole company; CodeNotFound.
func (s *Service) Signal(ctx context.Context, a models.Actor, id string) (models.Signal, error) {
	if err := seesSignals(a); err != nil {
		return models.Signal{}, err
	}
	signal, err := s.Store.Signal(ctx, id)
	if models.CodeOf(err) == models.CodeNotFound {
		return signal, models.Refuse(models.CodeNotFound, "there is no such signal")
	}
	return signal, err
}

func seesSignals(a models.Actor) error {
	if models.SeesCompany(a) {
		return nil
	}
	return models.Refuse(models.CodeForbidden, "signals are of the whole company, for people who see all its cases")
}
