package lifecycle_test

import (
	"hash/fnv"
	"slices"
	"time"

	"pgregory.net/rapid"

	"recourse/internal/lifecycle"
	"recourse/models"
)

// A wish is a line of the law that a walk goes for whenever it can, so that what comes up rarely does
// come up.
type wish struct {
	verb  models.Verb
	state models.State
}

// wishes are all lines of the law that can be walked.
var wishes = func() []wish {
	var all []wish
	for _, v := range models.Verbs() {
		for _, s := range models.States() {
			if _, not := unreachable(string(v) + " " + string(s)); models.Lawful(v, s) && !not {
				all = append(all, slices.Repeat([]wish{{v, s}}, dear(v, s))...)
			}
		}
	}
	return all
}()

// dear is how often a wish is made for one made of what comes up anyway: some take a long way, some end
// the walk, and some can be fulfilled once. What a full run prints is the measure.
func dear(v models.Verb, s models.State) int {
	early := s == models.StateReceived || s == models.StateDispatched
	switch v { //nolint:exhaustive // the others are as dear as their state
	case models.VerbAnswerSurvey:
		return dearAnswer(s)
	case models.VerbArchive:
		if s == models.StateClosed {
			return 110
		}
		return 80
	case models.VerbArchiveEarly, models.VerbReopen, models.VerbUnmerge:
		return 4
	case models.VerbFinishTask, models.VerbCancelTask:
		if early {
			return 60
		}
	case models.VerbTellSolution:
		if early {
			return 12
		}
	case models.VerbAcknowledge, models.VerbDecide:
		if s.Ended() {
			return 50
		}
		if s == models.StateImplementing {
			return 22
		}
		return dearState(v, s) + 1
	case models.VerbSnooze, models.VerbHandOver:
		return dearPutOff(v, s)
	case models.VerbRetract:
		if s.Ended() {
			return 22
		}
	case models.VerbResume, models.VerbExtend, models.VerbReschedule:
		return 24
	case models.VerbLongPause:
		if s == models.StateFollowingUp {
			return 60
		}
		return 24
	case models.VerbTellResult:
		if s == models.StateImplementing { // in a group
			return 36
		}
	case models.VerbPromiseContact:
		return 12
	case models.VerbReport, models.VerbAssign, models.VerbCompensate:
		if s == models.StateReceived {
			return 14
		}
	}
	return dearState(v, s)
}

// dearPutOff is for putting alerts off: the later, the fewer of them are still to be acknowledged.
func dearPutOff(v models.Verb, s models.State) int {
	late := map[models.State]int{
		models.StateReceived: 24, models.StateDispatched: 32, models.StateInvestigating: 34, models.StateAwaitingApproval: 56,
		models.StateSolutionReady: 46, models.StateImplementing: 92,
	}[s]
	if v == models.VerbSnooze {
		return 2 * late
	}
	return late
}

// dearAnswer is for the answer to a survey: beyond the follow-up it is one of an earlier cycle, and a walk
// has few of them.
func dearAnswer(s models.State) int {
	switch s { //nolint:exhaustive // the others are alike
	case models.StateAwaitingApproval:
		return 280
	case models.StateReceived, models.StateClosed:
		return 150
	case models.StateFollowingUp:
		return 30
	default:
		return 110
	}
}

// dearState is for what is as good as any other verb of its state.
func dearState(v models.Verb, s models.State) int {
	switch {
	case !s.Ended() && slices.Contains(forward[s], v):
		return 1 // the road leads there
	case s.Ended():
		return 18
	case s == models.StateInvestigating || s == models.StateResolved:
		return 11
	case s == models.StateFollowingUp || s == models.StateAwaitingApproval:
		return 13
	default:
		return 10
	}
}

// drawWish picks evenly: the draws of rapid lean towards zero.
func drawWish(rt *rapid.T) wish {
	h := fnv.New64a()
	_, _ = h.Write(rapid.SliceOfN(rapid.Byte(), 8, 8).Draw(rt, "wish"))
	return wishes[h.Sum64()%uint64(len(wishes))]
}

// grant makes another wish once one has come true often enough.
func (k *walk) grant(done wish) {
	if done != k.wish {
		return
	}
	if k.granted++; k.granted >= 14 {
		k.wish, k.granted = drawWish(k.rt), 0
	}
}

// toward picks the verb that leads to the wish, or is it; false when whatever comes is as good.
func (k *walk) toward() (models.Verb, bool) {
	if k.wish.verb == models.VerbSettle && !k.c.Milestones.FirstDispatchAt.IsZero() {
		k.wish = drawWish(k.rt) // it cannot come true any more
	}
	w, s := k.wish, k.c.State
	switch {
	case s == w.state:
		return k.fulfil()
	case w == wish{models.VerbTellResult, models.StateImplementing} && k.joins():
		return models.VerbLink, true
	case s.Ended():
		return k.out()
	case w.state.Ended() && w.state != models.StateClosed:
		return k.toEnd()
	case w.state == models.StateAwaitingApproval && s == models.StateInvestigating && !k.c.Severity.NeedsApproval():
		return models.VerbReclassify, true
	case slices.Contains([]models.Verb{models.VerbFinishTask, models.VerbCancelTask, models.VerbAnswerSurvey}, w.verb):
		return k.back()
	case s == models.StateDispatched && w.state == models.StateReceived:
		return models.VerbReturn, true
	case slices.Contains([]models.State{models.StateReceived, models.StateDispatched}, w.state) && models.Lawful(models.VerbTransfer, s):
		return models.VerbTransfer, true // the only way back
	}
	road := forward[s]
	if len(road) == 0 {
		return "", false
	}
	return one(k.rt, "road", road), true
}

// joins says whether the case may still join a group, and has not.
func (k *walk) joins() bool {
	return !k.member() && slices.Contains([]models.State{models.StateReceived, models.StateDispatched, models.StateInvestigating}, k.c.State)
}

// fulfil picks the wish, or what it still lacks where the case stands.
func (k *walk) fulfil() (models.Verb, bool) {
	reason, pausable := k.pausableReason()
	switch v := k.wish.verb; v { //nolint:exhaustive // the others lack nothing
	case models.VerbExtend, models.VerbCompensate, models.VerbLongPause, models.VerbAssign, models.VerbReport:
		if k.c.State == models.StateReceived && k.c.Department == "" {
			return models.VerbLink, true
		}
		if v == models.VerbReport && !k.running(models.ClockReport) {
			return models.VerbSupervise, true
		}
	case models.VerbTellSolution, models.VerbTellResult:
		if k.joins() {
			return models.VerbLink, true
		}
		if !k.member() && k.c.State == models.StateImplementing {
			return models.VerbTransfer, true // back to where a case may still join a group
		}
	case models.VerbResume:
		if k.c.Pause.Seq == 0 && pausable && reason != "" {
			return models.VerbPause, true
		}
	case models.VerbFinishTask, models.VerbCancelTask:
		if len(k.c.Tasks) == 0 && k.c.State == models.StateInvestigating {
			return models.VerbGiveTask, true
		}
	case models.VerbLowerSeverity:
		if k.c.Severity == models.SeverityGeneral {
			return models.VerbReclassify, true
		}
	case models.VerbRetract, models.VerbDecide:
		return k.asks()
	case models.VerbAcknowledge:
		return k.alerted()
	case models.VerbSnooze, models.VerbHandOver:
		return k.pressed()
	}
	return k.wish.verb, true
}

// asks picks what is asked for, unless something was.
func (k *walk) asks() (models.Verb, bool) {
	switch {
	case slices.ContainsFunc(k.c.Requests, func(r lifecycle.Request) bool {
		return r.What != models.RequestApproveSolution || k.wish.verb == models.VerbRetract
	}):
		return k.wish.verb, true
	case k.c.State.Ended():
		return models.VerbArchiveEarly, true
	case k.c.Severity == models.SeverityGeneral:
		return models.VerbReclassify, true
	default:
		return models.VerbLowerSeverity, true
	}
}

// alerted acknowledges what is out; an ended case has alerts only of a request that waits too long.
func (k *walk) alerted() (models.Verb, bool) {
	switch {
	case len(k.c.Alerts) > 0:
		return models.VerbAcknowledge, true
	case k.c.State.Ended() && len(k.c.Requests) == 0:
		return models.VerbArchiveEarly, true
	default:
		k.now = k.now.Add(day)
		return models.VerbNote, true
	}
}

// pressed puts off or hands over an alert that must be acknowledged. An urgent case has one at once, once;
// an important one when a promise is due.
func (k *walk) pressed() (models.Verb, bool) {
	c := k.c
	c.Plan = k.current
	for _, a := range c.Alerts {
		_, _, may := c.MaySnooze(a.Key, k.now)
		switch {
		case k.wish.verb == models.VerbSnooze && may, k.wish.verb == models.VerbHandOver && c.MayHandOver(a.Key):
			return k.wish.verb, true
		case !a.AckBy.IsZero() && !a.Snoozed && k.now.Before(a.AckBy.Add(-time.Hour)): // later it can be put off for longer
			k.now = a.AckBy.Add(-time.Hour)
			return models.VerbNote, true
		}
	}
	_, agenda := lifecycle.Agenda(c)
	for _, due := range agenda {
		rungs := k.current.Rungs(due.Clock, k.c.Severity)
		if due.Kind == lifecycle.DueRung && (due.Rung < 0 || rungs[due.Rung].AckWithin > 0) {
			k.now = latestOf(k.now, due.At.Add(us))
			return models.VerbNote, true
		}
	}
	if !k.c.AtOnce && k.c.Severity != models.SeverityUrgent {
		return models.VerbReclassify, true
	}
	k.wish = drawWish(k.rt) // no alert of this case will be to be acknowledged soon
	return models.VerbNote, true
}

// out takes an ended case up again.
func (k *walk) out() (models.Verb, bool) {
	if k.c.State == models.StateMerged {
		return models.VerbUnmerge, true
	}
	return models.VerbReopen, true
}

// toEnd ends the case as the wish wants it.
func (k *walk) toEnd() (models.Verb, bool) {
	switch k.wish.state { //nolint:exhaustive // the other ends
	case models.StateWithdrawn:
		return models.VerbWithdraw, true
	case models.StateMerged:
		return models.VerbMerge, true
	default:
		if slices.ContainsFunc(k.c.Requests, func(r lifecycle.Request) bool { return r.What == models.RequestNotAccept }) {
			return models.VerbDecide, true
		}
		return models.VerbNotAccept, true
	}
}

// back brings an open joint task, or an open survey of an earlier cycle, to where it is to be ended.
func (k *walk) back() (models.Verb, bool) {
	s := k.c.State
	open := len(k.c.Tasks) > 0 || k.wish.verb == models.VerbAnswerSurvey && k.late()
	switch {
	case s == models.StateInvestigating && !open && k.wish.verb != models.VerbAnswerSurvey:
		return models.VerbGiveTask, true
	case s == models.StateInvestigating && open && slices.Contains([]models.State{models.StateReceived, models.StateDispatched}, k.wish.state):
		return models.VerbTransfer, true
	case s == models.StateDispatched && open && k.wish.state == models.StateReceived:
		return models.VerbReturn, true
	case s == models.StateFollowingUp && k.wish.state != models.StateClosed:
		return models.VerbRework, true
	}
	if road := forward[s]; len(road) > 0 {
		return road[0], true
	}
	return "", false
}

// wished is v with what it needs, as often as not.
func (k *walk) wished(v models.Verb) lifecycle.Command {
	switch v { //nolint:exhaustive // the others are made as in every move
	case models.VerbLink:
		if !slices.Contains([]models.State{models.StateReceived, models.StateDispatched, models.StateInvestigating}, k.c.State) {
			break
		}
		return k.command(supervisor, v, models.Linked{Other: earlier, Relation: models.RelationLead, Department: repairs})
	case models.VerbReclassify:
		return k.command(supervisor, v, models.Reclassified{Severity: models.SeverityUrgent}, models.TextReason)
	case models.VerbDecide:
		for _, r := range k.c.Requests {
			if r.What == models.RequestApproveSolution || k.wish.verb != v && r.What != models.RequestNotAccept {
				continue
			}
			granted := k.wish.verb != v || k.chance(20, "granted")
			return k.command(k.decider(r), v, models.Decided{Request: r.Seq, Granted: granted}, models.TextReason)
		}
	case models.VerbArchive:
		k.now = latestOf(k.now, k.c.Milestones.EndedAt.Add(30*day))
		return k.command(supervisor, v, models.Archived{})
	case models.VerbAnswerSurvey, models.VerbAcknowledge, models.VerbSnooze, models.VerbHandOver, models.VerbRecordCallback, models.VerbDispatch:
		return k.compose(v)
	}
	cmd, _ := lawfully(k.story, v)
	if cmd.ID == "" {
		return k.compose(v)
	}
	return cmd
}
