package notify

import (
	"context"
	"slices"

	"recourse/models"
)

// ackURL is the link by which whoever a message is for acts on its alert; empty where nobody needs to
// acknowledge it. Its hash is on record before the message leaves.
func (d *Dispatcher) ackURL(ctx context.Context, m models.Message, o occasion) (string, error) {
	id, is := o.alertToTake()
	if !is {
		return "", nil
	}
	token := o.token(models.AlertLinkTo(id, m.Person)...)
	link := models.AlertLink{
		Hash: d.o.LinkHash(token), CaseID: m.CaseID, AlertID: id, PersonID: m.Person,
		CreatedAt: m.CreatedAt, ExpiresAt: m.CreatedAt.Add(models.AlertLinkLife),
	}
	return o.company.PublicURL + "/a/" + token, d.o.Outbox.PutAlertLink(ctx, link)
}

// alertToTake is the id of the alert that a message asks to acknowledge.
func (o occasion) alertToTake() (id string, is bool) {
	key := ""
	switch d := o.cause().Data.(type) {
	case models.Escalated:
		if !d.AckBy.IsZero() {
			key = d.Alert
		}
	case models.HandedOver:
		key = d.Alert
	}
	i := slices.IndexFunc(o.events, func(e models.Event) bool {
		d, is := e.Data.(models.Escalated)
		return is && key != "" && d.Alert == key
	})
	if i < 0 {
		return "", false
	}
	return models.AlertID(o.row.ID, o.events[i].Seq, key), true
}
