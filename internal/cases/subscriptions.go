package cases

import (
	"context"
	"fmt"
	"slices"

	"recourse/models"
)

// Subscriptions lists what somebody wants to be told of.
func (s *Service) Subscriptions(ctx context.Context, a models.Actor) ([]models.Subscription, error) {
	if err := maySubscribe(a); err != nil {
		return nil, err
	}
	return s.Store.Subscriptions(ctx, a.ID)
}

// Subscribe keeps that somebody wants to be told of a topic, or that they no longer do. CodeInvalid at
// /topic: there is no such topic. CodeForbidden: they do not see what it is about.
func (s *Service) Subscribe(ctx context.Context, a models.Actor, topic models.Topic, wants bool) error {
	if !slices.Contains(models.Topics(), topic) {
		return models.Invalid("/topic", fmt.Sprintf("there is no topic %q; there are report and signal", topic))
	}
	if !wants { // whose sight has shrunk may still unsubscribe
		return s.Store.Unsubscribe(ctx, a.ID, topic)
	}
	if err := maySubscribe(a); err != nil {
		return err
	}
	return s.Store.Subscribe(ctx, models.Subscription{PersonID: a.ID, Topic: topic, CreatedAt: s.now()})
}

// maySubscribe says who may be told of what the figures of the whole company bring: whoever sees these. A
// service reads them by itself, and has no mailbox.
func maySubscribe(a models.Actor) error {
	if a.Kind == models.ActorPerson && models.SeesCompany(a) {
		return nil
	}
	return models.Refuse(models.CodeForbidden, "reports and signals are of the whole company, for people who see all its cases")
}

// MaySubscribe says whether somebody may be told of what the figures of the whole company bring.
func MaySubscribe(a models.Actor) bool { return maySubscribe(a) == nil }
