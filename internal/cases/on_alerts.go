package cases

import (
	"context"
	"fmt"
	"slices"
	"time"

	"recourse/models"
)

// errNoAlert answers for an alert that is not there and for one on a case that the actor may not
// know of, alike.
var errNoAlert = models.Refuse(models.CodeNotFound, "there is no such alert, or none that you may see")

// Acknowledge takes an alert on.
func (s *Service) Acknowledge(ctx context.Context, call Call, alertID string) (Done, error) {
	return s.onAlert(ctx, call, alertID, func(key string) Wish {
		return Wish{Verb: models.VerbAcknowledge, Data: models.Acknowledged{Alert: key}}
	})
}

// Snooze puts an alert off: it climbs at an instant unless it is acknowledged before.
func (s *Service) Snooze(ctx context.Context, call Call, alertID string, until time.Time, reason string) (Done, error) {
	return s.onAlert(ctx, call, alertID, func(key string) Wish {
		return Wish{
			Verb: models.VerbSnooze, Data: models.Snoozed{Alert: key, Until: until}, Words: map[string]string{models.TextReason: reason},
		}
	})
}

// HandOver gives an alert to a named person, who acknowledges it in time or it climbs.
func (s *Service) HandOver(ctx context.Context, call Call, alertID, person, reason string) (Done, error) {
	return s.onAlert(ctx, call, alertID, func(key string) Wish {
		return Wish{
			Verb: models.VerbHandOver, Data: models.HandedOver{Alert: key, Person: person}, Words: map[string]string{models.TextReason: reason},
		}
	})
}

// onAlert uses a verb on the case of an alert.
func (s *Service) onAlert(ctx context.Context, call Call, alertID string, wish func(key string) Wish) (Done, error) {
	alert, err := s.Store.Alert(ctx, alertID)
	if models.CodeOf(err) == models.CodeNotFound {
		return Done{}, errNoAlert
	}
	if err != nil {
		return Done{}, err
	}
	row, err := s.Store.Case(ctx, alert.CaseID)
	if err != nil {
		return Done{}, err
	}
	if models.See(call.Actor, row.Standing()) == models.SightNone {
		return Done{}, errNoAlert
	}
	return s.Do(ctx, call, row.Number, wish(alert.Key))
}

// taker refuses to hand an alert over to somebody who could not take it on: unknown, away, or kept from
// acknowledging alerts of the case.
func (s *Service) taker(ctx context.Context, row models.Case, person string) error {
	if person == "" {
		return nil // the kernel says so
	}
	p, err := s.Store.Person(ctx, person)
	if err := missing(err, p.DisabledAt, "/person", person); err != nil {
		return err
	}
	if models.May(p.Actor(), models.VerbAcknowledge, row.Standing()) != nil {
		return models.Invalid("/person", fmt.Sprintf("%q may not acknowledge alerts of this case", person))
	}
	absent, err := s.Store.Absent(ctx, s.now())
	if err == nil && slices.Contains(absent, person) {
		err = models.Invalid("/person", fmt.Sprintf("%q is away now", person))
	}
	return err
}

// takers are those to whom somebody could hand an alert over now.
func takers(a models.Actor, people []models.Person, absent []string, row models.Case) (ids []string) {
	for _, p := range people {
		if p.ID != a.ID && p.DisabledAt == nil && !p.Service && !slices.Contains(absent, p.ID) &&
			models.May(p.Actor(), models.VerbAcknowledge, row.Standing()) == nil {
			ids = append(ids, p.ID)
		}
	}
	return ids
}
