package lifecycle

import (
	"fmt"
	"time"

	"recourse/models"
)

// placeCallback asks for the next attempt: in the first half-day from an instant that is not over
// at past.
func (b *book) placeCallback(from, past time.Time) {
	half := slot(b.plan, models.CalendarHalves, from, past)
	b.follow(models.CallbackPlaced{Attempt: b.c.Callback.Attempt + 1, NotBefore: half.From, Until: half.Until})
}

func (b *book) recordCallback(d models.CallbackRecorded) error {
	if err := b.callback(&d); err != nil {
		return err
	}
	b.add(d)
	switch d.Outcome {
	case models.CallbackReachedSolved:
		if b.unsatisfied(d.Scores) { // where outcome and score disagree, the worse decides
			b.follow(models.Reworked{Cause: models.ReworkScore})
			return nil
		}
		b.follow(models.Closed{Reason: models.CloseSolved})
	case models.CallbackReachedUnsolved:
		b.follow(models.Reworked{Cause: models.ReworkCallback})
	case models.CallbackNotReceived:
		b.follow(models.Reworked{Cause: models.ReworkNotReceived})
	case models.CallbackRescheduled:
		b.placeCallback(d.RescheduledTo, d.RescheduledTo)
	case models.CallbackNoAnswer, models.CallbackRefused, models.CallbackWrongNumber:
		if b.exhausted(d) {
			b.follow(models.Closed{Reason: models.CloseNotReached})
			return nil
		}
		b.placeCallback(b.now, b.c.Callback.Until)
	}
	return nil
}

// callback judges the record of an attempt and fills in which attempt it was.
func (b *book) callback(d *models.CallbackRecorded) error {
	if b.c.Opened.Anonymous {
		return models.Refuse(models.CodeConflict, "an anonymous customer is not called back")
	}
	if b.actor.In(b.c.Department) && !b.actor.Is(models.RoleSupervisor) {
		return models.Refuse(models.CodeForbidden, "the callback is made by somebody outside the handling department")
	}
	if d.Attempt == 0 {
		d.Attempt = b.c.Callback.Attempt
	}
	if !b.c.Callback.Open || d.Attempt != b.c.Callback.Attempt {
		return models.Invalid("/attempt", fmt.Sprintf("attempt %d is not the one under way, which is %d", d.Attempt, b.c.Callback.Attempt))
	}
	if missed(d.Outcome) && b.now.Before(b.c.Callback.NotBefore) {
		return models.Refuse(models.CodeConflict, fmt.Sprintf("attempt %d counts from %s on; before it, only a customer who was reached does",
			d.Attempt, b.c.Callback.NotBefore.Format(time.RFC3339)))
	}
	d.RescheduledTo = cut(d.RescheduledTo)
	if d.Outcome == models.CallbackRescheduled && !d.RescheduledTo.After(b.now) {
		return models.Invalid("/rescheduled_to", "say when in the future the customer wishes to be called")
	}
	if d.Outcome != models.CallbackRescheduled {
		d.RescheduledTo = time.Time{}
	}
	if d.Scores != nil && !reached(d.Outcome) {
		return models.Invalid("/scores", "only a customer who was reached can give scores")
	}
	return firstError(oneOf("/outcome", d.Outcome, models.CallbackOutcomes()), plausibleScores(d.Scores))
}

// exhausted says whether enough was tried: so many attempts, or a refusal or wrong number after one
// other channel.
func (b *book) exhausted(d models.CallbackRecorded) bool {
	return b.c.Callback.Missed >= b.plan.Callback.Attempts ||
		d.OtherChannel && d.Outcome != models.CallbackNoAnswer
}

func (b *book) unsatisfied(s *models.Scores) bool {
	return s != nil && s.Result > 0 && s.Result <= b.plan.UnsatisfiedAtMost
}

func plausibleScores(s *models.Scores) error {
	if s == nil {
		return nil
	}
	for _, score := range []struct {
		field string
		value int
	}{{"process", s.Process}, {"result", s.Result}, {"speed", s.Speed}, {"attitude", s.Attitude}} {
		if score.value < 0 || score.value > 5 {
			return models.Invalid("/scores/"+score.field, "is a number from 1 to 5")
		}
	}
	if s.Recommend != nil && (*s.Recommend < 0 || *s.Recommend > 10) {
		return models.Invalid("/scores/recommend", "is a number from 0 to 10")
	}
	return nil
}

func (b *book) answerSurvey(d models.SurveyAnswered) error {
	i := b.c.survey(d.SurveyCycle)
	switch {
	case i < 0:
		return models.Refuse(models.CodeNotFound, "there is no such survey")
	case b.c.Surveys[i].Answered:
		return models.Refuse(models.CodeGone, "this survey has been answered already")
	case b.c.Surveys[i].Expired || b.now.After(b.c.Surveys[i].Expires):
		return models.Refuse(models.CodeGone, "this survey has expired")
	}
	if err := plausibleScores(&d.Scores); err != nil {
		return err
	}
	b.add(d)
	current := d.SurveyCycle == b.c.Cycle && (b.c.State == models.StateFollowingUp || b.c.State == models.StateClosed)
	if current && b.unsatisfied(&d.Scores) {
		b.follow(models.Reworked{Cause: models.ReworkScore})
	}
	return nil
}

func (b *book) confirm(d models.Confirmed) error {
	b.add(d)
	if b.c.State == models.StateFollowingUp {
		b.follow(models.Closed{Reason: models.CloseConfirmed})
	}
	return nil
}

func (b *book) notSolved(d models.NotSolved) error {
	if err := b.needText(models.TextText, "say what is not solved"); err != nil {
		return err
	}
	b.add(d)
	if b.c.State == models.StateFollowingUp || b.c.State == models.StateClosed {
		b.follow(models.Reworked{Cause: models.ReworkCustomer})
	}
	return nil
}

func (b *book) closeByHand() error {
	if err := b.needText(models.TextReason, "closing by hand needs a reason"); err != nil {
		return err
	}
	b.add(models.Closed{Reason: models.CloseByHand})
	return nil
}

func (b *book) reworkByHand() error {
	if err := b.needText(models.TextReason, "say why it is not solved after all"); err != nil {
		return err
	}
	b.add(models.Reworked{Cause: models.ReworkByHand})
	return nil
}

func (b *book) reopen() error {
	if err := b.needText(models.TextReason, "say why the case is taken up again"); err != nil {
		return err
	}
	to := models.StateInvestigating
	if b.c.Milestones.FirstDispatchAt.IsZero() || b.c.Department == "" { // nobody has it: never dispatched, or sent back
		to = models.StateReceived
	}
	b.add(models.Reopened{To: to})
	return nil
}

func (b *book) archiveByHand() error {
	if until := b.c.reopenUntil(); b.now.Before(until) {
		return models.Refuse(models.CodeConflict, fmt.Sprintf("the case can be reopened until %s; ask for archive_early to seal it before", until.Format(time.RFC3339)))
	}
	b.add(models.Archived{Cause: models.ArchiveByHand})
	return nil
}
