package lifecycle

import (
	"fmt"
	"slices"
	"time"

	"recourse/models"
)

// acknowledge takes an alert on: it climbs no further.
func (b *book) acknowledge(d models.Acknowledged) error {
	if _, err := b.alertTo(d.Alert); err != nil {
		return err
	}
	b.add(d)
	return nil
}

// snooze puts an alert off, once. A clock that somebody counts on is not slept past: its next bound is
// the latest instant.
func (b *book) snooze(d models.Snoozed) error {
	a, err := b.unacknowledged(d.Alert)
	if err != nil {
		return err
	}
	d.Until = cut(d.Until)
	r, _ := b.c.Run(a.Run)
	climb, latest := b.c.sinceSeverity(a.AckBy), b.c.latestSnooze(r, b.now)
	switch {
	case b.plan.SnoozeAtMost == 0:
		return models.Refuse(models.CodeConflict, "the policy lets nobody put an alert off")
	case a.Snoozed:
		return models.Refuse(models.CodeConflict, "this alert was put off before; acknowledge it, or hand it over")
	case !climbs(b.c, r, a):
		return models.Refuse(models.CodeConflict, "this alert goes no further up: there is nothing to put off")
	case !latest.After(climb):
		return models.Refuse(models.CodeConflict, fmt.Sprintf("it climbs at %s, and cannot be put off beyond that now", climb.Format(time.RFC3339)))
	case !d.Until.After(climb):
		return models.Invalid("/until", fmt.Sprintf("that does not put it off: at %s it climbs anyway", climb.Format(time.RFC3339)))
	case d.Until.After(latest):
		return models.Invalid("/until", fmt.Sprintf("this alert is put off until %s at the latest", latest.Format(time.RFC3339)))
	}
	return b.withReason(d, "say why the alert is put off")
}

// latestSnooze is until when an alert of a run may be put off at an instant: as long as the policy allows,
// and not past the next bound of its clock.
func (c Case) latestSnooze(r Run, now time.Time) time.Time {
	latest := now.Add(c.Plan.SnoozeAtMost)
	if _, bound := r.Due(); !bound.IsZero() && r.PausedAt.IsZero() && bound.Before(latest) {
		return bound
	}
	return latest
}

// MaySnooze says between which instants an alert may be put off; false: it may not.
func (c Case) MaySnooze(key string, now time.Time) (after, latest time.Time, may bool) {
	i := slices.IndexFunc(c.Alerts, func(a Alert) bool { return a.Key == key })
	if i < 0 || c.Plan.SnoozeAtMost == 0 {
		return after, latest, false
	}
	a := c.Alerts[i]
	r, _ := c.Run(a.Run)
	after, latest = c.sinceSeverity(a.AckBy), c.latestSnooze(r, now)
	return after, latest, !a.AckBy.IsZero() && !a.Snoozed && climbs(c, r, a) && latest.After(after)
}

// MayHandOver says whether an alert may still be given to somebody else.
func (c Case) MayHandOver(key string) bool {
	return slices.ContainsFunc(c.Alerts, func(a Alert) bool { return a.Key == key && !a.AckBy.IsZero() && a.HandedTo == "" })
}

// handOver gives an alert to a named person, once. They have as long to acknowledge as whoever it went to
// first had; whoever it went to may still take it on.
func (b *book) handOver(d models.HandedOver) error {
	a, err := b.unacknowledged(d.Alert)
	if err != nil {
		return err
	}
	switch {
	case a.HandedTo != "":
		return models.Refuse(models.CodeConflict, "this alert was handed over before: it is acknowledged, or it climbs")
	case d.Person == "":
		return models.Invalid("/person", "name who takes the alert over")
	case d.Person == b.actor.ID:
		return models.Invalid("/person", "that is you; acknowledge the alert instead")
	}
	if err := b.notAbout("/person", d.Person); err != nil {
		return err
	}
	d.AcceptBy = b.acceptBy(a)
	return b.withReason(d, "say why the alert is handed over")
}

// acceptBy is until when somebody must acknowledge an alert that they are given now. Where its rung is no
// more, because the severity has changed, it stays what it was.
func (b *book) acceptBy(a Alert) time.Time {
	r, _ := b.c.Run(a.Run)
	if rung, is := rungOf(b.c, r, a.Rung); is && rung.AckWithin > 0 {
		return b.now.Add(rung.AckWithin)
	}
	return latest(a.AckBy, b.now)
}

// alertTo finds an alert that waits, and went to the actor or was handed over to them.
func (b *book) alertTo(key string) (Alert, error) {
	i := slices.IndexFunc(b.c.Alerts, func(a Alert) bool { return a.Key == key })
	if i < 0 {
		return Alert{}, models.Refuse(models.CodeConflict, "this alert waits for nobody any more")
	}
	a := b.c.Alerts[i]
	if !b.addressed(a) && (a.HandedTo == "" || a.HandedTo != b.actor.ID) {
		return Alert{}, models.Refuse(models.CodeForbidden, "this alert went to somebody else")
	}
	return a, nil
}

// unacknowledged finds an alert that the actor must acknowledge, or somebody else of those it went to.
func (b *book) unacknowledged(key string) (Alert, error) {
	a, err := b.alertTo(key)
	if err == nil && a.AckBy.IsZero() {
		err = models.Refuse(models.CodeConflict, "nobody needs to acknowledge this alert")
	}
	return a, err
}

// addressed says whether an alert went to one of the actor's roles, or to one below it in the
// escalation chain: whoever stands above may take it on.
func (b *book) addressed(a Alert) bool {
	mine := models.TakesOn(b.actor)
	return slices.ContainsFunc(a.Roles, func(r models.Role) bool { return slices.Contains(mine, r) })
}
