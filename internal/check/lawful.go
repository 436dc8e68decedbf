package check

import (
	"cmp"
	"slices"

	"recourse/internal/lifecycle"
	"recourse/models"
)

// lawful: every event was possible where it stands, and was brought about by somebody who might:
// by the law and the access table, with the actor as they were then.
func lawful(f *file) []string {
	var found complaints
	for i, e := range f.events {
		before, after := f.before[i], f.moment(i)
		if _, adopted := e.Data.(models.Adopted); adopted && i == 0 { // other systems have laws of their own
			found = append(found, instants(f, e)...)
			continue
		}
		if !models.MayBecome(before.State, after.State) {
			found.say("event %d (%s): no move leads from %q to %q", e.Seq, e.Kind, before.State, after.State)
		}
		if e.Cycle != after.Cycle {
			found.say("event %d (%s) says that it is of cycle %d, and is of %d", e.Seq, e.Kind, e.Cycle, after.Cycle)
		}
		found = append(found, instants(f, e)...)
		if e.Actor.Kind == models.ActorSystem {
			found = append(found, byItself(f, i)...)
		} else {
			found = append(found, byHand(f, i)...)
		}
	}
	return found
}

// instants: nothing happened after it was decided, or before the complaint reached us.
func instants(f *file, e models.Event) []string {
	var found complaints
	opened := f.events[0]
	o, is := models.OpenedIn(opened)
	switch {
	case !is:
		found.say("the first event is %s, neither opened nor adopted", opened.Kind)
	case e.HappenedAt.After(e.DecidedAt):
		found.say("event %d happened after it was decided", e.Seq)
	case e.HappenedAt.Before(o.ReceivedAt):
		found.say("event %d happened before the complaint was received", e.Seq)
	case e.Kind == models.KindOpened && o.ReceivedAt.Before(e.DecidedAt) && !o.Channel.Collected() && !o.Sample:
		found.say("a complaint by %s is received when it is recorded, not before", o.Channel)
	}
	return found
}

// verbs says which verb puts each kind of event on record first; what is asked for has verbs of its own.
var verbs = func() map[models.Kind]models.Verb {
	of := map[models.Kind]models.Verb{models.KindCompensated: models.VerbCompensate, models.KindDeadlinesMoved: models.VerbMoveDeadlines}
	for _, v := range models.Verbs() {
		if k := lifecycle.KindOf(v); k != models.KindRequested {
			of[k] = v
		}
	}
	return of
}()

// asks says which verb asks for what.
var asks = map[models.RequestKind]models.Verb{
	models.RequestArchiveEarly: models.VerbArchiveEarly, models.RequestExtend: models.VerbExtend,
	models.RequestLowerSeverity: models.VerbLowerSeverity, models.RequestLongPause: models.VerbLongPause,
	models.RequestCompensation: models.VerbCompensate, models.RequestNotAccept: models.VerbNotAccept,
}

// verbOf says which verb put an event on record.
func verbOf(e models.Event) (models.Verb, bool) {
	if d, is := e.Data.(models.Requested); is {
		v, known := asks[d.What]
		return v, known
	}
	v, known := verbs[e.Kind]
	return v, known
}

// commanded says whether an event is the first of its command; a pause that the command ended comes
// before it.
func commanded(f *file, i int) bool {
	e := f.events[i]
	if e.Command == "" {
		return false
	}
	before := i - 1
	if before >= 0 && f.events[before].Command == e.Command && f.events[before].Kind == models.KindResumed && f.events[before].Actor.Kind == models.ActorSystem {
		before--
	}
	return before < 0 || f.events[before].Command != e.Command
}

// byHand judges what somebody did: the verb, the person, and the verb's own conditions.
func byHand(f *file, i int) []string {
	var found complaints
	e, before := f.events[i], f.before[i]
	verb, known := verbOf(e)
	switch {
	case !known:
		found.say("event %d (%s) happens by itself and is nobody's doing", e.Seq, e.Kind)
		return found
	case !commanded(f, i):
		found.say("event %d (%s) was brought about by no command of its own", e.Seq, e.Kind)
	case !moves(verb, before.State, f.moment(i).State):
		found.say("event %d: %s was not possible while the case was %q", e.Seq, verb, before.State)
	}
	if models.May(e.Actor, verb, before.Standing()) != nil {
		found.say("event %d: %s was not for %s %s with roles %v", e.Seq, verb, e.Actor.Kind, e.Actor.ID, e.Actor.Roles)
	}
	if why := condition(f, i); why != "" {
		found.say("event %d (%s): %s", e.Seq, e.Kind, why)
	}
	return found
}

// moves says whether a line of the law has a verb leading from one state to another, or staying.
func moves(v models.Verb, from, to models.State) bool {
	return slices.ContainsFunc(models.Law(), func(m models.Move) bool {
		return m.Verb == v && slices.Contains(m.From, from) && (to == from || slices.Contains(m.To, to))
	})
}

// condition is what a verb asks for beyond law and access; it says what was not kept.
func condition(f *file, i int) string {
	e, before := f.events[i], f.before[i]
	switch d := e.Data.(type) {
	case models.Proposed:
		return approval(f, before, d)
	case models.Approved:
		return proposal(f, e, d.Request)
	case models.Rejected:
		return proposal(f, e, d.Request)
	case models.SolutionTold:
		if before.State != models.StateSolutionReady {
			return fromAnother(f, i)
		}
	case models.ResultTold:
		if before.State != models.StateResolved {
			return fromAnother(f, i)
		}
	case models.Decided:
		return request(f, i, d)
	case models.CallbackRecorded:
		if before.Opened.Anonymous || e.Actor.In(before.Department) && !e.Actor.Is(models.RoleSupervisor) {
			return "the callback was made by the handling department itself, or to nobody"
		}
	case models.SurveyAnswered:
		return answer(f, i, d)
	case models.Acknowledged:
		return onAlert(f, i, d.Alert)
	case models.Snoozed:
		return cmp.Or(onAlert(f, i, d.Alert), again(f, i, func(o models.Snoozed) bool { return o.Alert == d.Alert }))
	case models.HandedOver:
		return cmp.Or(onAlert(f, i, d.Alert), again(f, i, func(o models.HandedOver) bool { return o.Alert == d.Alert }))
	case models.Dispatched:
		order := models.Severities()
		if slices.Index(order, d.Severity) < slices.Index(order, before.Severity) {
			return "it lowers the severity, which only a granted request may"
		}
	case models.Reclassified:
		order := models.Severities()
		if d.Severity != "" && slices.Index(order, d.Severity) < slices.Index(order, before.Severity) {
			return "it lowers the severity, which only a granted request may"
		}
	case models.Retracted:
		if by := f.at(d.Request); by.Actor.ID != e.Actor.ID || d.Request >= e.Seq {
			return "somebody took back what another asked for"
		}
	case models.TaskFinished:
		if given, is := f.at(d.Task).Data.(models.TaskGiven); !is || d.Task >= e.Seq || !e.Actor.In(given.Department) {
			return "the joint task was not theirs to finish"
		}
	case models.Compensated:
		if plan, known := f.round.plan(before.Policy(), before.Opened.Zone); known && d.Money.Minor > plan.MoneyAtMost {
			return "so much money is given by a granted request alone"
		}
	case models.Recalled:
		if by := before.DispatchedBy; by != "" && by != e.Actor.ID && !e.Actor.Is(models.RoleSupervisor) {
			return "the work order was not theirs to take back"
		}
	case models.Assigned:
		if slices.Contains(before.Named, d.Person) {
			return "it makes somebody responsible whom the complaint is about"
		}
	case models.Paused:
		if d.Reason == models.PauseCustomer && d.Evidence != before.Outbound {
			return "it waits for a customer whom nobody asked"
		}
	case models.Closed:
		if d.Reason != models.CloseByHand {
			return "somebody closed it for a reason that is not theirs to give"
		}
	case models.Reworked:
		if d.Cause != models.ReworkByHand {
			return "somebody started it for a cause that is not theirs to give"
		}
	case models.Archived:
		return byWindow(f, i, d.Cause, models.ArchiveByHand)
	}
	return ""
}

// approval: by the severity, by the money that it gives, and wherever the company itself is what the
// complaint is about; the first rules knew the severity alone.
func approval(f *file, before lifecycle.Case, d models.Proposed) string {
	plan, known := f.round.plan(before.Policy(), before.Opened.Zone)
	much := d.Money != nil && known && d.Money.Minor > plan.MoneyAtMost
	needed := before.Severity.NeedsApproval() || before.Nature.Guarded() || much
	if d.NeedsApproval != needed && (before.Opened.Rules >= 2 || d.NeedsApproval != before.Severity.NeedsApproval()) {
		return "whether it needs approval is a matter of severity, nature and money, and those said otherwise"
	}
	return ""
}

// proposal: a solution is approved or sent back once, by somebody else than its proposer.
func proposal(f *file, e models.Event, asked int64) string {
	by := f.at(asked)
	if p, is := by.Data.(models.Proposed); !is || !p.NeedsApproval || asked >= e.Seq {
		return "it decides on something that was not proposed for approval"
	}
	if by.Actor.ID == e.Actor.ID {
		return "whoever proposed the solution decided on it"
	}
	for _, o := range f.events[asked : e.Seq-1] {
		if a, is := o.Data.(models.Approved); is && a.Request == asked {
			return "that was approved before"
		}
		if r, is := o.Data.(models.Rejected); is && r.Request == asked {
			return "that was rejected before"
		}
	}
	return ""
}

// request: a request is decided once, by somebody else than the asker, in the role it asks for.
func request(f *file, i int, d models.Decided) string {
	e := f.events[i]
	by := f.at(d.Request)
	asked, is := by.Data.(models.Requested)
	switch {
	case !is || d.Request >= e.Seq || asked.What != d.What:
		return "it decides on something that was not asked for"
	case by.Actor.ID == e.Actor.ID || d.Asker != by.Actor.ID:
		return "whoever asked decided, or somebody else is said to have asked"
	case !e.Actor.Is(asked.Decider):
		return "the decision was not theirs: it is a " + string(asked.Decider) + "'s"
	}
	for _, o := range f.events[d.Request:i] {
		if again, is := o.Data.(models.Decided); is && again.Request == d.Request {
			return "that was decided before"
		}
	}
	return ""
}

// answer: a survey that was offered is answered once, while it is open.
func answer(f *file, i int, d models.SurveyAnswered) string {
	offered := false
	for _, o := range f.events[:i] {
		switch was := o.Data.(type) {
		case models.SurveyOffered:
			offered = offered || was.SurveyCycle == d.SurveyCycle && !f.events[i].DecidedAt.After(was.ExpiresAt)
		case models.SurveyAnswered:
			if was.SurveyCycle == d.SurveyCycle {
				return "that survey was answered before"
			}
		case models.SurveyExpired:
			if was.SurveyCycle == d.SurveyCycle {
				return "that survey had expired"
			}
		}
	}
	if !offered {
		return "no such survey was open"
	}
	return ""
}

// byWindow: a record is sealed after its reopen window has passed.
func byWindow(f *file, i int, cause, want models.ArchiveCause) string {
	e, before := f.events[i], f.before[i]
	plan, known := f.round.plan(before.Policy(), before.Opened.Zone)
	end := before.Milestones.EndedAt.Add(plan.ReopenWithin)
	if closed := before.Milestones.ClosedAt.Add(plan.ReopenWithin); before.Milestones.EndedAt.IsZero() {
		end = closed
	}
	switch {
	case cause != want:
		return "it was sealed for a cause that is not its own"
	case known && e.DecidedAt.Before(end):
		return "it was sealed before the reopen window had passed"
	}
	return ""
}
