package check

import (
	"slices"
	"time"

	"recourse/models"
)

// onAlert: an alert is taken on, put off or handed over by somebody it went to, or who stands above them,
// or to whom it was handed over.
func onAlert(f *file, i int, key string) string {
	who, known := f.events[i].Actor, false
	for _, o := range f.events[:i] {
		switch d := o.Data.(type) {
		case models.Escalated:
			if d.Alert != key {
				continue
			}
			known = true
			for _, role := range d.Roles {
				if who.Is(role) || slices.ContainsFunc(models.Above(role), who.Is) {
					return ""
				}
			}
		case models.HandedOver:
			if d.Alert == key && d.Person == who.ID {
				return ""
			}
		}
	}
	if known {
		return "the alert went to somebody else"
	}
	return "there was no such alert"
}

// again: an alert is put off once, and handed over once.
func again[D models.Data](f *file, i int, same func(D) bool) string {
	for _, o := range f.events[:i] {
		if d, is := o.Data.(D); is && same(d) {
			return "it was done with this alert before"
		}
	}
	return ""
}

// waits finds an alert that somebody must still acknowledge.
func (w *watch) waits(key string) (waiting, bool) {
	i := slices.IndexFunc(w.waiting, func(a waiting) bool { return a.key == key && !a.ackBy.IsZero() && a.run.running() })
	if i < 0 {
		return waiting{}, false
	}
	return w.waiting[i], true
}

// expectSnooze: an alert that climbs is put off beyond its climb, for as long as the policy allows, and not
// past the next bound of its clock.
func (w *watch) expectSnooze(e models.Event, d models.Snoozed) {
	a, is := w.waits(d.Alert)
	if !is {
		w.found.say("event %d: alert %s was put off and waited for nobody", e.Seq, d.Alert)
		return
	}
	past := func(at time.Time) bool { return !at.IsZero() && d.Until.After(at) }
	var bound time.Time
	for _, b := range a.run.span.Bounds() {
		if !slices.Contains(a.run.missed, b) && bound.IsZero() && a.run.pausedAt.IsZero() {
			bound = a.run.span.At(b)
		}
	}
	switch {
	case !d.Until.After(w.sinceSeverity(a.ackBy)):
		w.found.say("event %d: alert %s was put off until %s, when it climbed already", e.Seq, d.Alert, stamp(d.Until))
	case past(e.DecidedAt.Add(w.plan.SnoozeAtMost)) || past(bound):
		w.found.say("event %d: alert %s was put off until %s, longer than it may be", e.Seq, d.Alert, stamp(d.Until))
	}
}

// expectHandOver: whoever an alert is handed over to has the time to acknowledge that its rung gives.
func (w *watch) expectHandOver(e models.Event, d models.HandedOver) {
	a, is := w.waits(d.Alert)
	if !is {
		w.found.say("event %d: alert %s was handed over and waited for nobody", e.Seq, d.Alert)
		return
	}
	by := later(a.ackBy, e.DecidedAt)
	if rung, known := w.rungOf(a); known && rung.AckWithin > 0 {
		by = e.DecidedAt.Add(rung.AckWithin)
	}
	if !d.AcceptBy.Equal(by) {
		w.found.say("event %d: alert %s is to be acknowledged until %s instead of %s", e.Seq, d.Alert, stamp(d.AcceptBy), stamp(by))
	}
}
