package lifecycle

import (
	"time"

	"recourse/models"
)

// tellFrom is when people may be told of an event: at once, but for a reminder that came up in quiet hours.
// The event itself is on record when it happened. c is the case after it.
func (c Case) tellFrom(e models.Event) time.Time {
	d, is := e.Data.(models.Escalated)
	if !is || c.Plan.Quiet.IsZero() || !c.Reminds(d, e.DecidedAt) {
		return e.DecidedAt
	}
	return c.Plan.RemindAt(e.DecidedAt, c.Plan.CalendarsFor.Of(c.Opened.Channel, c.Department))
}

// Reminds says whether an alert that goes out at an instant only reminds: its clock has not run out yet, nobody
// must acknowledge it, it does not climb because nobody acknowledged the one before it, and the case is not
// urgent. Whatever else there is to tell is told at any hour.
func (c Case) Reminds(d models.Escalated, at time.Time) bool {
	r, is := c.Run(d.Run)
	_, bound := r.FirstBound()
	return is && c.Severity != models.SeverityUrgent && d.Rung >= 0 && d.AckBy.IsZero() && d.Follows == "" && at.Before(bound)
}
