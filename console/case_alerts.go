package console

import (
	"slices"
	"strconv"
	"time"

	"recourse/internal/cases"
	"recourse/models"
)

// alertCard is an alert that waits for somebody to take it on.
type alertCard struct {
	cases.AlertWaiting

	Clock models.Clock
	Due   *countdown
	Form  *actForm
	Acts  *waitingAlert // what the visitor may do instead; nil: nothing
}

func (c *console) alertCards(s *sheet, refused *refusedAct) (cards []alertCard, err error) {
	var mine []cases.WaitingAlert
	if slices.ContainsFunc(s.View.Waiting, func(a cases.AlertWaiting) bool { return !a.AckBy.IsZero() }) {
		if mine, err = c.Cases.WaitingOn(s.v.r.Context(), s.v.Actor, s.View.Case.ID); err != nil {
			return nil, err
		}
	}
	for _, a := range s.View.Waiting {
		if a.AckBy.IsZero() {
			continue
		}
		card := alertCard{AlertWaiting: a, Due: s.countdownTo("", "", time.Time{}, a.AckBy)}
		for _, m := range s.Moments {
			if e, is := m.Event.Data.(models.Escalated); is && e.Alert == a.Key {
				card.Clock, card.Due.From = e.Clock, m.Event.DecidedAt
			}
		}
		if f, is := formOf(models.VerbAcknowledge); is && s.can(f) {
			as := refused.drawing(f.Verb, a.Key)
			as.fixed, as.beside = map[string]string{"alert": a.Key}, strconv.Itoa(len(cards))
			drawn := s.draw(f, as)
			card.Form = &drawn
		}
		if i := slices.IndexFunc(mine, func(w cases.WaitingAlert) bool { return w.Key == a.Key }); i >= 0 {
			acts := s.v.alertOf(mine[i], "/cases/"+s.View.Case.Number+"/alerts/", s.personName)
			card.Acts = &acts
		}
		cards = append(cards, card)
	}
	return cards, nil
}

// onAlertOfCase does something with an alert that has a reason, on the page of its case. A refused form keeps
// what was filled in.
func (c *console) onAlertOfCase(act string) handler {
	return func(v *visit) error {
		if err := v.form(mostWords); err != nil {
			return err
		}
		done, err := c.putOff(v, act)
		if err != nil {
			return c.refuseOnAlert(v, act, err)
		}
		v.tell("done."+act, "number", done.Number)
		if !c.mayStill(v.r.Context(), v.Actor, done.Number) {
			return v.goTo("/queue")
		}
		return v.goTo("/cases/" + done.Number)
	}
}

// verbOf is the verb behind what is done with an alert.
var verbOf = map[string]models.Verb{actSnooze: models.VerbSnooze, actHandOver: models.VerbHandOver}

func (c *console) refuseOnAlert(v *visit, act string, why error) error {
	faults := v.faults(why)
	if faults == nil {
		return why
	}
	page, err := c.caseFor(v, nil)
	if err != nil {
		return err
	}
	page.Refused = true
	i := slices.IndexFunc(page.Alerts, func(a alertCard) bool {
		return a.Acts != nil && a.Acts.ID == v.r.PathValue("id") && a.Acts.offers(act)
	})
	if i >= 0 {
		page.Alerts[i].Acts.refuse(v, act, why, faults)
	} else {
		page.Lost = &lostAct{Verb: verbOf[act], Faults: faults}
		if reason := v.field("reason"); reason != "" {
			page.Lost.Typed = []spokenText{{v.Say("alerts.reason"), reason}}
		}
	}
	return v.showAs(statusOf(why), "case", page)
}

// offers says whether the form of an act is there to be filled in again.
func (a waitingAlert) offers(act string) bool {
	return act == actSnooze && len(a.Snoozes) > 0 || act == actHandOver && len(a.Takers) > 0
}
