package lifecycle

import (
	"slices"
	"time"

	"recourse/models"
)

// lateAfter is how long after its due instant an alert may go out without being called late: timers
// and databases need a moment.
const lateAfter = time.Minute

// Fire lets happen what came due: the breach, rung, expiry or end. now is when it was noticed; what
// is recorded carries its due instant. What is no longer on the agenda does not happen.
func Fire(c Case, due Due, now time.Time) []models.Event {
	b := begin(c, c.Plan, models.System(), now)
	if _, what := Agenda(c); slices.Contains(what, due) {
		b.fire(due)
	}
	return b.events
}

// FireDue lets everything happen that came due strictly before now, in order, and returns the case
// after it. A milestone at its due instant is met, so a bound is passed only after it.
func FireDue(c Case, now time.Time) (Case, []models.Event) {
	b := begin(c, c.Plan, models.System(), now)
	b.catchUp()
	return b.c, b.events
}

// catchUp fires what came due strictly before the book's now.
func (b *book) catchUp() {
	for {
		next, what := Agenda(b.c)
		if next.IsZero() || !next.Before(b.now) {
			return
		}
		b.fire(what[0])
	}
}

func (b *book) fire(due Due) {
	switch due.Kind {
	case DueBreach:
		b.fireBreach(due)
	case DueRung:
		b.fireRung(due)
	case DueUnacked:
		b.fireUnacked(due)
	case DueApology: // the new date may have passed as well, after an outage: promise from now
		b.addAt(due.At, models.ContactPromised{At: b.now.Add(b.plan.PromiseAgain)})
	case DueResume:
		b.addAt(due.At, models.Resumed{Cause: models.ResumeExpired})
	case DueRemind:
		b.addAt(due.At, models.SurveyReminded{SurveyCycle: due.Cycle})
	case DueSurvey:
		b.addAt(due.At, models.SurveyExpired{SurveyCycle: due.Cycle})
	case DueClose:
		b.addAt(due.At, models.Closed{Reason: models.CloseAnonymous})
	case DueArchive:
		b.addAt(due.At, models.Archived{Cause: models.ArchiveWindow})
	}
}

// fireBreach records that a bound was passed. Passing the limit after the target is a second
// breach, and tells the executive once.
func (b *book) fireBreach(due Due) {
	r, _ := b.c.Run(due.Run)
	b.addAt(due.At, models.Breached{Run: due.Run, Clock: due.Clock, Bound: due.Bound, DueAt: due.At})
	if first, _ := r.FirstBound(); due.Bound != first && r.Clock.Ladder() != models.LadderNone && !r.LimitTold {
		b.alert(models.Escalated{
			Run: due.Run, Clock: due.Clock, Bound: due.Bound, Rung: models.RungLimit,
			Roles: []models.Role{models.RoleExecutive}, DueAt: latest(due.At, r.MovedAt), // a clock may come back breached
		}, 0)
	}
}

// fireRung records a rung. When a higher one of the same clock fell due as well, while the system
// was down, only the highest is delivered.
func (b *book) fireRung(due Due) {
	r, _ := b.c.Run(due.Run)
	rung, _ := rungOf(b.c, r, due.Rung)
	e := models.Escalated{
		Run: due.Run, Clock: due.Clock, Bound: due.Bound, Rung: due.Rung, Roles: rung.Roles, By: rung.By, DueAt: due.At,
	}
	if due.Rung >= 0 {
		r.Rung = due.Rung + 1
		_, at, is := nextRung(b.c, r)
		e.Superseded = is && at.Before(b.now) && !b.apologisesBefore(r, at)
	}
	b.alert(e, rung.AckWithin)
}

// apologisesBefore says whether a broken promise of contact ends its clock before an instant: what
// lies behind it in the ladder is never reached, and supersedes nothing.
func (b *book) apologisesBefore(r Run, at time.Time) bool {
	return r.Clock == models.ClockNextContact && b.plan.PromiseAgain > 0 && r.Limit.Before(at)
}

// fireUnacked lets an alert climb that nobody acknowledged: to its repetition, else to the next rung.
func (b *book) fireUnacked(due Due) {
	r, _ := b.c.Run(due.Run)
	i := slices.IndexFunc(b.c.Alerts, func(a Alert) bool { return a.Key == due.Alert })
	unacked := b.c.Alerts[i]
	e := models.Escalated{
		Run: due.Run, Clock: due.Clock, Bound: due.Bound, DueAt: due.At, Follows: due.Alert,
	}
	rung, _ := rungOf(b.c, r, unacked.Rung)
	if len(rung.RepeatTo) > 0 {
		e.Rung, e.Repeat, e.Roles, e.By = unacked.Rung, unacked.Repeat+1, rung.RepeatTo, rung.By
		b.alert(e, rung.AckWithin)
		return
	}
	next, _, _ := nextRung(b.c, r)
	rung, _ = rungOf(b.c, r, next)
	e.Rung, e.Roles, e.By = next, rung.Roles, rung.By
	b.alert(e, rung.AckWithin)
}

// alert completes and records an alert: its key, whether it is late and why, and until when it must
// be acknowledged, counted from delivery.
func (b *book) alert(e models.Escalated, ackWithin time.Duration) {
	e.Alert = models.AlertKey(e.Run, e.Bound, e.Rung, e.Repeat)
	if late := b.now.Sub(e.DueAt); late > lateAfter {
		e.LateBy, e.LateReason = late, models.LateOutage
		if e.DueAt.Before(b.c.RecordedAt) {
			e.LateReason = models.LateRecorded
		}
	}
	e.Superseded = e.Superseded || b.stamping
	if ackWithin > 0 && !e.Superseded {
		e.AckBy = b.now.Add(ackWithin)
	}
	b.addAt(e.DueAt, e)
}

// Restart records that the workflow of a case was started again from the record.
func Restart(c Case, cause models.RestartCause, now time.Time) []models.Event {
	b := begin(c, c.Plan, models.System(), now)
	b.follow(models.Restarted{Cause: cause})
	return b.events
}
