package check

import (
	"time"

	"recourse/models"
)

// waited: people are told with the event, but for a reminder that keeps the quiet hours of its policy; and such a
// one does not leave before they end.
func waited(f *file, m models.Message) []string {
	var found complaints
	e := f.at(m.Seq)
	if m.CreatedAt.Equal(e.DecidedAt) {
		return nil
	}
	if until, known := remindAt(f, e); known && !m.CreatedAt.Equal(until) {
		found.say("message %s of event %d waits until %s, which is not when quiet hours end", m.ID, m.Seq, stamp(m.CreatedAt))
	}
	if m.SentAt != nil && m.SentAt.Before(m.CreatedAt.Add(-f.round.cfg.Grace)) {
		found.say("message %s left at %s, before quiet hours ended at %s", m.ID, stamp(*m.SentAt), stamp(m.CreatedAt))
	}
	return found
}

// remindAt is when a reminder may be told that went on record with an event; false when nobody knows its policy.
func remindAt(f *file, e models.Event) (time.Time, bool) {
	c := f.moment(int(e.Seq) - 1)
	d, is := e.Data.(models.Escalated)
	if !is || !c.Reminds(d, e.DecidedAt) {
		return e.DecidedAt, true
	}
	plan, known := f.round.cfg.Plans.Plan(c.Policy(), e.DecidedAt, c.Opened.Zone)
	return plan.RemindAt(e.DecidedAt, plan.CalendarsFor.Of(c.Opened.Channel, c.Department)), known
}
