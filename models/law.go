package models

import (
	"fmt"
	"slices"
	"strings"
)

// Verb is something a person, a program or the customer may do to a case.
type Verb string

// The verbs of the main road.
const (
	VerbOpen           Verb = "open"
	VerbDispatch       Verb = "dispatch"
	VerbAccept         Verb = "accept"
	VerbReply          Verb = "reply"
	VerbLogContact     Verb = "log_contact"
	VerbNote           Verb = "note"
	VerbMessage        Verb = "message"
	VerbPropose        Verb = "propose"
	VerbApprove        Verb = "approve"
	VerbReject         Verb = "reject"
	VerbTellSolution   Verb = "tell_solution"
	VerbResolve        Verb = "resolve"
	VerbTellResult     Verb = "tell_result"
	VerbRecordCallback Verb = "record_callback"
	VerbAnswerSurvey   Verb = "answer_survey"
	VerbConfirm        Verb = "confirm"
	VerbNotSolved      Verb = "not_solved"
	VerbClose          Verb = "close"
	VerbRework         Verb = "rework"
	VerbReopen         Verb = "reopen"
	VerbArchive        Verb = "archive"
	VerbArchiveEarly   Verb = "archive_early"
	VerbDecide         Verb = "decide"
	VerbAcknowledge    Verb = "acknowledge"
)

// The verbs of whoever an alert went to and cannot take it on at once.
const (
	VerbSnooze   Verb = "snooze"
	VerbHandOver Verb = "hand_over"
)

// The verbs of the traffic beside it.
const (
	VerbSettle           Verb = "settle"
	VerbReturn           Verb = "return"
	VerbRecall           Verb = "recall"
	VerbTransfer         Verb = "transfer"
	VerbRetract          Verb = "retract"
	VerbAssign           Verb = "assign"
	VerbGiveTask         Verb = "give_task"
	VerbFinishTask       Verb = "finish_task"
	VerbCancelTask       Verb = "cancel_task"
	VerbImmediateMeasure Verb = "immediate_measure"
	VerbTellProgress     Verb = "tell_progress"
	VerbTellInterim      Verb = "tell_interim"
	VerbPromiseContact   Verb = "promise_contact"
	VerbPause            Verb = "pause"
	VerbResume           Verb = "resume"
	VerbExtend           Verb = "extend"
	VerbLowerSeverity    Verb = "lower_severity"
	VerbLongPause        Verb = "long_pause"
	VerbCompensate       Verb = "compensation"
	VerbNotAccept        Verb = "not_accept"
	VerbReclassify       Verb = "reclassify"
	VerbUrge             Verb = "urge"
	VerbSupervise        Verb = "supervise"
	VerbReport           Verb = "report"
	VerbAmend            Verb = "amend"
	VerbVoid             Verb = "void"
	VerbAttach           Verb = "attach"
	VerbRestrict         Verb = "restrict"
	VerbWithdraw         Verb = "withdraw"
	VerbMerge            Verb = "merge"
	VerbUnmerge          Verb = "unmerge"
	VerbLink             Verb = "link"
	VerbReschedule       Verb = "reschedule"
	VerbMoveDeadlines    Verb = "move_deadlines"
)

// Move is one line of the law: a verb, the states in which it is lawful, and the states it may lead
// to; it may also leave the state as it is. A verb that does one thing here and another there has
// two lines.
type Move struct {
	Verb Verb
	From []State
	To   []State
	Says string // what the verb does, in one line, for docs and refusals
}

var (
	// openAndClosed are the states in which people still talk about a case.
	openAndClosed = append(slices.Clone(openStates), StateClosed)
	// ended are the states that wait for the archive.
	ended = []State{StateClosed, StateWithdrawn, StateMerged, StateNotAccepted}
	// everyLive is every state on record that is not archived.
	everyLive = append(slices.Clone(openStates), ended...)
	// beforeResult are the open states in which the customer does not know the result yet.
	beforeResult = openStates[:len(openStates)-1]
	// notAwaiting are the live states in which no proposed solution waits for its approval.
	notAwaiting = slices.DeleteFunc(slices.Clone(everyLive), func(s State) bool { return s == StateAwaitingApproval })
)

//go:generate go run ../internal/tools/docgen ../docs/case-states.md

// law is the whole law of movement. docs/case-states.md is generated from it.
var law = []Move{
	{VerbOpen, []State{StateNone}, []State{StateReceived}, "put a complaint on record"},
	{VerbDispatch, []State{StateReceived}, []State{StateDispatched}, "issue the work order to a department"},
	{VerbSettle, []State{StateReceived}, []State{StateFollowingUp}, "solve it in the first contact: solution told, resolved and result told in one act"},
	{VerbReturn, []State{StateDispatched}, []State{StateReceived}, "send the work order back, with the reason"},
	{VerbRecall, []State{StateDispatched}, []State{StateReceived}, "take the work order back"},
	{VerbAccept, []State{StateDispatched}, []State{StateInvestigating}, "sign for the work order"},
	{VerbPropose, []State{StateInvestigating, StateSolutionReady, StateImplementing}, []State{StateSolutionReady, StateAwaitingApproval}, "propose a solution: measures, times, owners"},
	{VerbApprove, []State{StateAwaitingApproval}, []State{StateSolutionReady}, "approve the proposed solution"},
	{VerbReject, []State{StateAwaitingApproval}, []State{StateInvestigating}, "send the proposed solution back"},
	{VerbTransfer, []State{StateInvestigating, StateSolutionReady, StateImplementing}, []State{StateDispatched}, "hand the case to another department"},
	{VerbRetract, []State{StateAwaitingApproval}, []State{StateInvestigating}, "take the proposed solution back"},
	{VerbRetract, notAwaiting, nil, "take another request back"},
	{VerbTellSolution, []State{StateSolutionReady}, []State{StateImplementing}, "tell the customer the solution"},
	{VerbResolve, []State{StateImplementing}, []State{StateResolved}, "record that all measures are done, with the result"},
	{VerbTellResult, []State{StateResolved}, []State{StateFollowingUp}, "tell the customer the result"},
	{VerbRework, []State{StateResolved, StateFollowingUp}, []State{StateInvestigating}, "start another cycle: it is not solved after all"},
	{VerbRecordCallback, []State{StateFollowingUp}, []State{StateClosed, StateInvestigating}, "record what came of a callback attempt"},
	{VerbAnswerSurvey, []State{StateFollowingUp, StateClosed}, []State{StateInvestigating}, "answer the survey of this cycle"},
	{VerbAnswerSurvey, beforeResult, nil, "answer the survey of an earlier cycle; it is kept and triggers nothing"},
	{VerbConfirm, []State{StateFollowingUp}, []State{StateClosed}, "confirm that the problem is solved"},
	{VerbConfirm, []State{StateClosed}, nil, "confirm once more"},
	{VerbNotSolved, []State{StateFollowingUp, StateClosed}, []State{StateInvestigating}, "say that the problem is not solved"},
	{VerbNotSolved, beforeResult, nil, "before the result is told, this is a message"},
	{VerbClose, []State{StateFollowingUp}, []State{StateClosed}, "close by hand, with a reason"},
	{VerbReopen, []State{StateClosed, StateWithdrawn, StateNotAccepted}, []State{StateInvestigating, StateReceived}, "take an ended case up again"},
	{VerbArchive, ended, []State{StateArchived}, "seal the record once the reopen window has passed"},
	{VerbArchiveEarly, ended, nil, "ask to seal the record before the reopen window has passed"},
	{VerbDecide, ended, []State{StateArchived}, "grant or refuse a request to archive early"},
	{VerbDecide, openStates, []State{StateNotAccepted}, "grant or refuse a request"},
	{VerbExtend, beforeResult[:len(beforeResult)-1], nil, "ask for a later handling due"},
	{VerbLowerSeverity, openStates, nil, "ask for a lower severity"},
	{VerbLongPause, openStates, nil, "ask for a pause longer than the policy allows without asking"},
	{VerbCompensate, beforeResult, nil, "give the customer money, or ask for it above the limit"},
	{VerbNotAccept, []State{StateReceived, StateDispatched, StateInvestigating}, nil, "ask to refuse the complaint"},
	{VerbWithdraw, openStates, []State{StateWithdrawn}, "take the complaint back, with the customer's word"},
	{VerbMerge, openStates, []State{StateMerged}, "end it in an earlier case that goes on for both"},
	{VerbUnmerge, []State{StateMerged}, openStates, "take a merged case up again where it was"},
	{VerbAssign, openStates, nil, "make a person of the department responsible"},
	{VerbGiveTask, []State{StateInvestigating}, nil, "give another department a part of the investigation"},
	{VerbFinishTask, openStates, nil, "finish a joint task"},
	{VerbCancelTask, openStates, nil, "take a joint task back"},
	{VerbImmediateMeasure, openStates, nil, "stop the harm at once"},
	{VerbTellProgress, openStates, nil, "tell the customer how the work is coming on"},
	{VerbTellInterim, openStates, nil, "give the customer a reasoned answer in the meantime, with the date of the next"},
	{VerbPromiseContact, openStates, nil, "promise the customer to be heard from by a date"},
	{VerbPause, openStates, nil, "let clocks wait, with a reason"},
	{VerbResume, openStates, nil, "end a pause"},
	{VerbReclassify, openStates, nil, "change how it is filed, or raise its severity"},
	{VerbUrge, openStates, nil, "record that somebody presses for the case"},
	{VerbSupervise, openStates, nil, "put it under supervision: a written report is due"},
	{VerbReport, openStates, nil, "hand in the written report of a supervised case"},
	{VerbRestrict, openAndClosed, nil, "name who may see the case, and whom it is about"},
	{VerbLink, everyLive, nil, "say how another case belongs to this one"},
	{VerbReschedule, []State{StateFollowingUp}, nil, "wish to be called back at another time"},
	{VerbAmend, openAndClosed, nil, "correct what was recorded; the old value is kept"},
	{VerbVoid, openAndClosed, nil, "mark an entry as wrongly recorded"},
	{VerbAttach, openAndClosed, nil, "add attachments"},
	{VerbReply, openAndClosed, nil, "answer the customer with content"},
	{VerbLogContact, openAndClosed, nil, "record a contact with the customer, attempted or held"},
	{VerbNote, openAndClosed, nil, "leave a note for colleagues or for the customer"},
	{VerbMessage, openAndClosed, nil, "record a message from the customer"},
	{VerbAcknowledge, everyLive, nil, "acknowledge an alert"},
	{VerbSnooze, openStates, nil, "put off an alert for a while before it climbs"},
	{VerbHandOver, openStates, nil, "hand an alert over to somebody who acknowledges it"},
}

// groupLaw are the moves that only a member of a group can make, with its lead case. A refusal does
// not offer them to others.
var groupLaw = []Move{
	{VerbTellSolution, []State{StateReceived, StateDispatched, StateInvestigating}, []State{StateImplementing}, "in a group: be told the solution with the lead case"},
	{VerbTellResult, []State{StateImplementing}, []State{StateFollowingUp}, "in a group: be told the result with the lead case"},
}

// systemLaw are the moves that the system alone makes, when an adjustment comes over many cases. Nobody
// is offered them.
var systemLaw = []Move{
	{VerbMoveDeadlines, openStates, nil, "move deadlines as an adjustment has it, or back"},
}

// wholeLaw is all of them.
var wholeLaw = slices.Concat(law, groupLaw, systemLaw)

// Law returns the whole law of movement, in the order in which a case meets it.
func Law() []Move { return slices.Clone(wholeLaw) }

// Verbs lists the verbs that the law knows, each once.
func Verbs() []Verb {
	var verbs []Verb
	for _, m := range law {
		if !slices.Contains(verbs, m.Verb) {
			verbs = append(verbs, m.Verb)
		}
	}
	return verbs
}

// Lawful says whether v may be used in s.
func Lawful(v Verb, s State) bool {
	return slices.ContainsFunc(wholeLaw, func(m Move) bool {
		return m.Verb == v && slices.Contains(m.From, s)
	})
}

// Moves says whether v, used in s, may lead to another state.
func Moves(v Verb, s State) bool {
	return slices.ContainsFunc(wholeLaw, func(m Move) bool {
		return m.Verb == v && slices.Contains(m.From, s) && len(m.To) > 0
	})
}

// Possible lists the verbs that the law allows in s.
func Possible(s State) []Verb {
	var verbs []Verb
	for _, v := range Verbs() {
		if slices.ContainsFunc(law, func(m Move) bool { return m.Verb == v && slices.Contains(m.From, s) }) {
			verbs = append(verbs, v)
		}
	}
	return verbs
}

// MayBecome says whether one move, by a verb or by itself, may turn from into to.
func MayBecome(from, to State) bool {
	if from == to {
		return true
	}
	return slices.ContainsFunc(wholeLaw, func(m Move) bool {
		return slices.Contains(m.From, from) && slices.Contains(m.To, to)
	})
}

// Unlawful is the refusal of a verb in a state; it says what is possible instead.
func Unlawful(v Verb, s State) *Error {
	possible := Possible(s)
	names := make([]string, len(possible))
	for i, p := range possible {
		names[i] = string(p)
	}
	instead := "possible now: " + strings.Join(names, ", ")
	if len(names) == 0 {
		instead = "nothing is possible any more"
	}
	return &Error{
		Code:     CodeUnlawful,
		Message:  fmt.Sprintf("%s is not possible while the case is %s; %s", v, stateName(s), instead),
		State:    s,
		Possible: possible,
	}
}

func stateName(s State) string {
	if s == StateNone {
		return "not on record"
	}
	return string(s)
}
