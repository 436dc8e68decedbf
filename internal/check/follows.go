package check

import (
	"slices"

	"recourse/models"
)

// unasked lists what happens by itself when its time has come; what clocks bring is judged by alerts.
var unasked = []models.Kind{
	models.KindBreached, models.KindEscalated, models.KindSurveyExpired, models.KindClosed, models.KindArchived, models.KindRestarted,
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
	case !follows(f, i):
		found.say("event %d (%s) does not follow from what was commanded", e.Seq, e.Kind)
	}
	return found
}

// timely judges the ends of a case that come by themselves.
func timely(f *file, i int) string {
	e, before := f.events[i], f.before[i]
	switch d := e.Data.(type) {
	case models.Closed:
		plan, known := f.round.plan(before.Opened)
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
	asked := f.events[first]
	switch d := e.Data.(type) {
	case models.Breached:
		return asked.Kind == models.KindOpened // late when it came on record; which ones, the clocks say
	case models.SurveyOffered:
		return asked.Kind == models.KindResultTold && d.SurveyCycle == asked.Cycle
	case models.CallbackPlaced:
		return asked.Kind == models.KindResultTold || outcome(asked, models.CallbackRescheduled, models.CallbackNoAnswer, models.CallbackRefused, models.CallbackWrongNumber)
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
