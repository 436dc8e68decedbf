package lifecycle

import (
	"fmt"
	"slices"
	"time"

	"recourse/models"
)

// Decide says what follows from a command at an instant: the events, or a models.Error that says why
// not. Everything that came due strictly before that instant happens first; a refused command
// changes nothing. To open a case, c holds its id and nothing else.
func Decide(c Case, cmd Command, plan models.Plan, now time.Time) ([]models.Event, error) {
	b := begin(c, plan, cmd.Actor, now)
	if _, moves := cmd.Data.(models.DeadlinesMoved); moves { // until it is moved, it runs under what it ran under
		b.plan, b.c.Plan = c.Plan, c.Plan
		b.catchUp()
		b.plan = plan
	} else {
		b.catchUp()
	}
	b.command = cmd
	if err := b.lawful(); err != nil {
		return nil, err
	}
	b.resumeFor(cmd)
	if err := b.do(); err != nil {
		return nil, err
	}
	b.watchProblem()
	return b.events, nil
}

// lawful asks the law, the access table and the caller's own condition.
func (b *book) lawful() error {
	cmd := b.command
	if cmd.Data == nil || cmd.Data.Kind() != kindOf[cmd.Verb] {
		return models.Invalid("/verb", fmt.Sprintf("%q is not a verb that can be used here", cmd.Verb))
	}
	if cmd.IfSeq != 0 && cmd.IfSeq != b.c.Seq {
		return models.Refuse(models.CodeStale, fmt.Sprintf("the case has moved on: it is at version %d, not %d", b.c.Seq, cmd.IfSeq))
	}
	if !models.Lawful(cmd.Verb, b.c.State) {
		return models.Unlawful(cmd.Verb, b.c.State)
	}
	if err := models.May(cmd.Actor, cmd.Verb, b.c.Standing()); err != nil {
		return err
	}
	return b.plausible(cmd.HappenedAt)
}

// plausible refuses an instant that nothing can have happened at.
func (b *book) plausible(happened time.Time) error {
	happened = cut(happened)
	switch {
	case happened.IsZero() || b.c.State == models.StateNone:
		return nil
	case happened.After(b.now):
		return models.Invalid("/happened_at", "lies in the future")
	case happened.Before(b.c.Opened.ReceivedAt):
		return models.Invalid("/happened_at", "lies before the complaint was received")
	}
	return nil
}

// do is what each verb does.
func (b *book) do() error {
	switch d := b.command.Data.(type) {
	case models.Opened:
		return b.open(d)
	case models.Dispatched:
		return b.dispatch(d)
	case models.Accepted:
		return b.accept(d)
	case models.Replied:
		return b.answer(d, d.Channel)
	case models.ContactLogged:
		return b.logContact(d)
	case models.Noted:
		return b.note(d)
	case models.Messaged:
		return b.speak(d, d.Channel)
	case models.Proposed:
		return b.propose(d)
	case models.Approved:
		return b.approve()
	case models.Rejected:
		return b.reject()
	case models.SolutionTold:
		return b.tellSolution(d)
	case models.Resolved:
		return b.resolve(d)
	case models.ResultTold:
		return b.tellResult(d)
	case models.CallbackRecorded:
		return b.recordCallback(d)
	case models.SurveyAnswered:
		return b.answerSurvey(d)
	case models.Confirmed:
		return b.confirm(d)
	case models.NotSolved:
		return b.notSolved(d)
	case models.Closed:
		return b.closeByHand()
	case models.Reworked:
		return b.reworkByHand()
	case models.Reopened:
		return b.reopen()
	case models.Requested:
		return b.request(d)
	case models.Decided:
		return b.decideRequest(d)
	case models.Archived:
		return b.archiveByHand()
	case models.Acknowledged:
		return b.acknowledge(d)
	case models.Snoozed:
		return b.snooze(d)
	case models.HandedOver:
		return b.handOver(d)
	default:
		return b.doTraffic()
	}
}

// doTraffic is what the verbs beside the main road do.
func (b *book) doTraffic() error {
	switch d := b.command.Data.(type) {
	case models.Settled:
		return b.settle(d)
	case models.Returned:
		return b.withReason(d, "say why the work order comes back")
	case models.Recalled:
		return b.recall(d)
	case models.Transferred:
		return b.transfer(d)
	case models.Retracted:
		return b.retract(d)
	case models.Assigned:
		return b.assign(d)
	case models.TaskGiven:
		return b.giveTask(d)
	case models.TaskFinished:
		return b.finishTask(d)
	case models.TaskCancelled:
		return b.cancelTask(d)
	case models.MeasureTaken:
		return b.withText(d, "say what was done to stop the harm")
	case models.ProgressTold:
		return b.speak(d, d.Channel)
	case models.InterimTold:
		return b.tellInterim(d)
	case models.ContactPromised:
		return b.promise(d)
	case models.Urged:
		return b.speak(d, d.Channel)
	case models.Supervised:
		return b.supervise(d)
	case models.Reported:
		return b.report(d)
	case models.Reclassified:
		return b.reclassify(d)
	case models.Amended:
		return b.amend(d)
	case models.Voided:
		return b.void(d)
	case models.Attached:
		return b.attach(d)
	case models.Restricted:
		return b.restrict(d)
	case models.Rescheduled:
		return b.reschedule(d)
	default:
		return b.doEnds()
	}
}

// doEnds is what the verbs do that hold a case up, end it otherwise, or bind it to others.
func (b *book) doEnds() error {
	switch d := b.command.Data.(type) {
	case models.Paused:
		return b.pause(d)
	case models.Resumed:
		return b.resume()
	case models.DeadlinesMoved:
		return b.moveDeadlines(d)
	case models.Withdrawn:
		return b.withText(d, "the customer's word is needed: say how and when they took it back")
	case models.Merged:
		return b.merge(d)
	case models.Unmerged:
		return b.unmerge()
	case models.Linked:
		return b.link(d)
	default:
		return models.Refuse(models.CodeInternal, fmt.Sprintf("nobody taught the kernel %T", d))
	}
}

// needText refuses a command that lacks a text.
func (b *book) needText(name, why string) error {
	if slices.ContainsFunc(b.command.Texts, func(t models.TextRef) bool { return t.Name == name }) {
		return nil
	}
	return models.Invalid("/"+name, why)
}

// withReason records what needs no more than a reason.
func (b *book) withReason(d models.Data, why string) error { return b.with(models.TextReason, d, why) }

// withText records what needs no more than words.
func (b *book) withText(d models.Data, why string) error { return b.with(models.TextText, d, why) }

func (b *book) with(text string, d models.Data, why string) error {
	if err := b.needText(text, why); err != nil {
		return err
	}
	b.add(d)
	return nil
}

// oneOf refuses a value outside its closed set.
func oneOf[T ~string](field string, v T, set []T) error {
	if slices.Contains(set, v) {
		return nil
	}
	return models.Invalid(field, fmt.Sprintf("%q is not one of %v", v, set))
}

// firstError returns the first of several refusals.
func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
