package cases

import (
	"context"
	"encoding/hex"
	"errors"
	"slices"
	"time"

	"recourse/models"
)

var errLinkLeft = models.Refuse(models.CodeForbidden, "whoever this link was sent to has no access any more")

// LinkedAlert is an alert as the link in a message shows it to whom the message went.
type LinkedAlert struct {
	WaitingAlert

	Person models.Person
	Names  map[string]string // of people, by id
	Waits  bool              // for this person, and the link was not used
	Used   bool              // the link was
}

// AlertByLink shows the alert behind a link, and changes nothing: programs that look after mail open links,
// too. CodeNotFound: no link, or the person may not see the case any more. CodeGone: it has expired.
// CodeForbidden: the person has left.
func (s *Service) AlertByLink(ctx context.Context, token string) (LinkedAlert, error) {
	link, person, err := s.alertLink(ctx, token)
	if err != nil {
		return LinkedAlert{}, err
	}
	alert, err := s.Store.Alert(ctx, link.AlertID)
	if err != nil {
		return LinkedAlert{}, err
	}
	row, err := s.Store.Case(ctx, link.CaseID)
	if err != nil {
		return LinkedAlert{}, err
	}
	actor := person.Actor()
	if models.See(actor, row.Standing()) == models.SightNone {
		return LinkedAlert{}, errNoAlert
	}
	desk, err := s.alertDesk(ctx, actor)
	if err != nil {
		return LinkedAlert{}, err
	}
	shown := LinkedAlert{Person: person, Used: link.UsedAt != nil, Names: map[string]string{}}
	for _, p := range desk.people {
		shown.Names[p.ID] = p.Name
	}
	shown.WaitingAlert, err = desk.waiting(ctx, alert, row)
	shown.Waits = !shown.Used && takesOn(actor, alert) && models.May(actor, models.VerbAcknowledge, row.Standing()) == nil
	return shown, err
}

// takesOn says whether an alert still waits, and for this actor.
func takesOn(a models.Actor, alert models.Alert) bool {
	mine := models.TakesOn(a)
	return alert.AcknowledgedAt == nil && alert.EndedAt == nil && (alert.HandedTo == a.ID ||
		slices.ContainsFunc(alert.Roles, func(r models.Role) bool { return slices.Contains(mine, r) }))
}

// AcknowledgeByLink takes an alert on as the person whom its link was sent to. Each of the three acts by link
// follows every rule that it follows at the other doors; one of them is done by a link, once.
func (s *Service) AcknowledgeByLink(ctx context.Context, call Call, token string) (Done, error) {
	return s.byLink(ctx, call, token, s.Acknowledge)
}

// SnoozeByLink puts an alert off as the person whom its link was sent to.
func (s *Service) SnoozeByLink(ctx context.Context, call Call, token string, until time.Time, reason string) (Done, error) {
	return s.byLink(ctx, call, token, func(ctx context.Context, call Call, alertID string) (Done, error) {
		return s.Snooze(ctx, call, alertID, until, reason)
	})
}

// HandOverByLink gives an alert to somebody else as the person whom its link was sent to.
func (s *Service) HandOverByLink(ctx context.Context, call Call, token, person, reason string) (Done, error) {
	return s.byLink(ctx, call, token, func(ctx context.Context, call Call, alertID string) (Done, error) {
		return s.HandOver(ctx, call, alertID, person, reason)
	})
}

// byLink acts as the person of a link, which is taken for this wish first and given back when that came to
// nothing. The same wish again is answered as it was; another one is refused with CodeGone.
func (s *Service) byLink(ctx context.Context, call Call, token string, do func(context.Context, Call, string) (Done, error)) (Done, error) {
	link, person, err := s.alertLink(ctx, token)
	if err != nil {
		return Done{}, err
	}
	wish := hex.EncodeToString(call.Body)
	call.Actor, call.Route, call.Key = person.Actor(), "alert link "+link.Hash, wish
	if err := s.Store.UseAlertLink(ctx, link.Hash, wish, s.now()); err != nil {
		return Done{}, err
	}
	done, err := do(ctx, call, link.AlertID)
	if err != nil && models.CodeOf(err) != models.CodeInFlight { // else it is for whoever sent it first
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaseFor)
		defer cancel()
		return done, errors.Join(err, s.Store.FreeAlertLink(ctx, link.Hash, wish))
	}
	return done, err
}

// alertLink finds a link and the person it was sent to.
func (s *Service) alertLink(ctx context.Context, token string) (link models.AlertLink, p models.Person, err error) {
	if link, err = s.Store.AlertLink(ctx, s.Hash(token), s.now()); err != nil {
		return link, p, err
	}
	p, err = s.Store.Person(ctx, link.PersonID)
	if models.CodeOf(err) == models.CodeNotFound || err == nil && p.DisabledAt != nil {
		err = errLinkLeft
	}
	return link, p, err
}
