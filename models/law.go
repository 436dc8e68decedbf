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
)

//go:generate go run ../internal/tools/docgen ../docs/case-states.md

// law is the whole law of movement. docs/case-states.md is generated from it.
var law = []Move{
	{VerbOpen, []State{StateNone}, []State{StateReceived}, "put a complaint on record"},
	{VerbDispatch, []State{StateReceived}, []State{StateDispatched}, "issue the work order to a department"},
	{VerbAccept, []State{StateDispatched}, []State{StateInvestigating}, "sign for the work order"},
	{VerbPropose, []State{StateInvestigating, StateSolutionReady, StateImplementing}, []State{StateSolutionReady, StateAwaitingApproval}, "propose a solution: measures, times, owners"},
	{VerbApprove, []State{StateAwaitingApproval}, []State{StateSolutionReady}, "approve the proposed solution"},
	{VerbReject, []State{StateAwaitingApproval}, []State{StateInvestigating}, "send the proposed solution back"},
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
	{VerbReply, openAndClosed, nil, "answer the customer with content"},
	{VerbLogContact, openAndClosed, nil, "record a contact with the customer, attempted or held"},
	{VerbNote, openAndClosed, nil, "leave a note for colleagues or for the customer"},
	{VerbMessage, openAndClosed, nil, "record a message from the customer"},
	{VerbAcknowledge, everyLive, nil, "acknowledge an alert"},
}

// Law returns the whole law of movement, in the order in which a case meets it.
func Law() []Move { return slices.Clone(law) }

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
	return slices.ContainsFunc(law, func(m Move) bool {
		return m.Verb == v && slices.Contains(m.From, s)
	})
}

// Possible lists the verbs that the law allows in s.
func Possible(s State) []Verb {
	var verbs []Verb
	for _, v := range Verbs() {
		if Lawful(v, s) {
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
	return slices.ContainsFunc(law, func(m Move) bool {
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
