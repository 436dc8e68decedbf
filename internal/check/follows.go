package check

import (
	"slices"

	"recourse/models"
)

// unasked lists what happens by itself when its time has come; what clocks bring is judged by alerts.
var unasked = []models.Kind{
	models.KindBreached, models.KindEscalated, models.KindSurveyExpired, models.KindClosed, models.KindArchived, models.KindRestarted,
	models.KindContactPromised, models.KindResumed, models.KindSurveyReminded,
}

// byItself judges what nobody did: a time that has come, or what follows from a command.
func byItself(f *file, i int) []string {
	var found complaints
	e := f.events[i]
	switch {
	case e.Command == "" && !slices.Contains(unasked, e.Kind):
		found.say("event %d (%s) does not happen by itself", e.Seq, e.Kind)
	case e.Command == "":
		if why := timely(f, i); why != "" {
			found.say("event %d (%s): %s", e.Seq, e.Kind, why)
		}
	case relayed(e) && commanded(f, i):
		if !moves(verbs[e.Kind], f.before[i].State, f.moment(i).State) {
			found.say("event %d: %s was not possible while the case was %q", e.Seq, verbs[e.Kind], f.before[i].State)
		}
		if why := fromAnother(f, i); why != "" {
			found.say("event %d (%s): %s", e.Seq, e.Kind, why)
		}
	case e.Kind == models.KindResumed && resumes(f, i):
	case !follows(f, i):
		found.say("event %d (%s) does not follow from what was commanded", e.Seq, e.Kind)
	}
	return found
}

// relayed says whether an event may have been brought about by another case, by somebody's leaving, or by a bulk
// change.
func relayed(e models.Event) bool {
	return slices.Contains([]models.Kind{models.KindLinked, models.KindSolutionTold, models.KindResultTold, models.KindAssigned, models.KindDeadlinesMoved}, e.Kind)
}

// fromAnother judges what another case brought about: a link, or what a group was told in one act.
func fromAnother(f *file, i int) string {
	lead, in := f.before[i].Lead()
	var act *models.GroupAct
	switch d := f.events[i].Data.(type) {
	case models.SolutionTold:
		act = d.Group
	case models.ResultTold:
		act = d.Group
	default:
		return ""
	}
	if act == nil || !in || lead.Case != act.Lead.Case {
		return "the case was told something with a group that it does not belong to"
	}
	return ""
}

// resumes says whether a pause ended for what comes next: a verb that moves the case, the customer's
// word, or a request that ends it.
func resumes(f *file, i int) bool {
	if i+1 >= len(f.events) || f.events[i+1].Command != f.events[i].Command {
		return false
	}
	d, is := f.events[i].Data.(models.Resumed)
	next := f.events[i+1]
	switch {
	case !is || d.Cause == models.ResumeByHand || d.Cause == models.ResumeExpired:
		return false
	case next.Kind == models.KindNotAccepted:
		return d.Cause == models.ResumeMoved
	case d.Cause == models.ResumeCustomer:
		return slices.Contains([]models.Kind{models.KindMessaged, models.KindNotSolved, models.KindConfirmed}, next.Kind)
	default:
		v, known := verbOf(next)
		return known && models.Moves(v, f.before[i].State)
	}
}

// timely judges the ends of a case that come by themselves.
func timely(f *file, i int) string {
	e, before := f.events[i], f.before[i]
	switch d := e.Data.(type) {
	case models.Closed:
		plan, known := f.round.plan(before.Policy(), before.Opened.Zone)
		early := known && !before.Milestones.ResultToldAt.Add(plan.CloseAnonymous).Before(e.DecidedAt)
		if d.Reason != models.CloseAnonymous || !before.Opened.Anonymous || before.State != models.StateFollowingUp || early {
			return "only an anonymous case closes by itself, when its wait is over"
		}
	case models.Archived:
		return byWindow(f, i, d.Cause, models.ArchiveWindow)
	}
	return ""
}

// follows says whether an event follows from the command that it belongs to.
func follows(f *file, i int) bool {
	e := f.events[i]
	first := slices.IndexFunc(f.events, func(o models.Event) bool { return o.Command == e.Command })
	if first == i {
		return false
	}
	for _, between := range f.events[first:i] {
		if between.Command != e.Command {
			return false
		}
	}
	if f.events[first].Kind == models.KindResumed && first+1 < i {
		first++ // the pause that it ended comes before it
	}
	asked := f.events[first]
	switch d := e.Data.(type) {
	case models.Breached:
		return asked.Kind == models.KindOpened // late when it came on record; which ones, the clocks say
	case models.Dispatched:
		o, is := asked.Data.(models.Opened)
		return is && o.Route != nil && o.Route.Auto && d.Department == o.Route.Department
	case models.ProblemDeclared:
		return problem(f, i, d)
	case models.Escalated: // the only alert that follows from a command; the clocks say which
		return d.Rung == models.RungProblem && f.events[i-1].Kind == models.KindProblemDeclared
	case models.Extended, models.Reclassified, models.Paused, models.Compensated, models.NotAccepted:
		return granted(asked, e.Kind)
	case models.SurveyOffered:
		return tells(asked) && d.SurveyCycle == asked.Cycle
	case models.CallbackPlaced:
		return tells(asked) || asked.Kind == models.KindRescheduled || asked.Kind == models.KindUnmerged || outcome(asked, models.CallbackRescheduled, models.CallbackNoAnswer, models.CallbackRefused, models.CallbackWrongNumber)
	case models.Closed:
		return closes(asked, d.Reason)
	case models.Reworked:
		return reworks(asked, d.Cause)
	case models.Archived:
		granted, is := asked.Data.(models.Decided)
		return is && granted.Granted && granted.What == models.RequestArchiveEarly && d.Cause == models.ArchiveRequest
	default:
		return false
	}
}

// tells says whether the customer was told the result.
func tells(e models.Event) bool {
	return e.Kind == models.KindResultTold || e.Kind == models.KindSettled
}

// grants says what follows from a request once it is granted.
var grants = map[models.RequestKind]models.Kind{
	models.RequestExtend: models.KindExtended, models.RequestLowerSeverity: models.KindReclassified,
	models.RequestLongPause: models.KindPaused, models.RequestCompensation: models.KindCompensated, models.RequestNotAccept: models.KindNotAccepted,
}

func granted(asked models.Event, k models.Kind) bool {
	d, is := asked.Data.(models.Decided)
	return is && d.Granted && grants[d.What] == k
}

// problem: a case becomes a problem case once, after so many reworks, or transfers and returns.
func problem(f *file, i int, d models.ProblemDeclared) bool {
	before := f.before[i]
	plan, known := f.round.plan(before.Policy(), before.Opened.Zone)
	n := before.Reworks
	if d.Cause == models.ProblemMoves {
		n = before.Returns + before.Transfers
	}
	return !before.Problem && (!known || n >= allowed(plan, d.Cause))
}

// allowed is how many reworks, or transfers and returns, a plan takes before a case is a problem case.
func allowed(plan models.Plan, cause models.ProblemCause) int {
	if cause == models.ProblemReworks || plan.ProblemMoves == 0 {
		return plan.ProblemAfter
	}
	return plan.ProblemMoves
}

func closes(asked models.Event, reason models.CloseReason) bool {
	switch reason {
	case models.CloseSolved:
		return outcome(asked, models.CallbackReachedSolved)
	case models.CloseConfirmed:
		return asked.Kind == models.KindConfirmed
	case models.CloseNotReached:
		return outcome(asked, models.CallbackNoAnswer, models.CallbackRefused, models.CallbackWrongNumber)
	case models.CloseAnonymous, models.CloseByHand:
		return false
	}
	return false
}

func reworks(asked models.Event, cause models.ReworkCause) bool {
	switch cause {
	case models.ReworkCallback:
		return outcome(asked, models.CallbackReachedUnsolved)
	case models.ReworkNotReceived:
		return outcome(asked, models.CallbackNotReceived)
	case models.ReworkScore:
		return asked.Kind == models.KindSurveyAnswered || outcome(asked, models.CallbackReachedSolved)
	case models.ReworkCustomer:
		return asked.Kind == models.KindNotSolved
	case models.ReworkByHand:
		return false
	}
	return false
}

// outcome says whether an event records a callback with one of these outcomes.
func outcome(e models.Event, of ...models.CallbackOutcome) bool {
	d, is := e.Data.(models.CallbackRecorded)
	return is && slices.Contains(of, d.Outcome)
}
