package lifecycle_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/models"
)

// prepared is a way to bring a case into a state.
type prepared struct {
	name  string
	state models.State
	lead  func(require.TestingT) *story
}

func onRecord(t require.TestingT) *story { return begin(t) }

func atDispatched(t require.TestingT, changes ...func(*models.Opened)) *story {
	s := begin(t, changes...)
	s.dispatch()
	return s
}

func atInvestigating(t require.TestingT, changes ...func(*models.Opened)) *story {
	s := atDispatched(t, changes...)
	s.accept()
	return s
}

func atImplementing(t require.TestingT) *story {
	s := atInvestigating(t)
	s.propose()
	s.tellSolution()
	return s
}

func atFollowingUp(t require.TestingT) *story { return begin(t).followUp() }

func closedBy(reason models.CloseReason) func(require.TestingT) *story {
	return func(t require.TestingT) *story {
		s := begin(t)
		if reason == models.CloseAnonymous {
			s = begin(t, anonymous)
		}
		s.followUp()
		switch reason {
		case models.CloseSolved:
			s.callBack(models.CallbackReachedSolved, nil)
		case models.CloseConfirmed:
			s.do(customer, models.VerbConfirm, models.Confirmed{})
		case models.CloseNotReached:
			s.do(quality, models.VerbRecordCallback, models.CallbackRecorded{Outcome: models.CallbackWrongNumber, OtherChannel: true})
		case models.CloseAnonymous:
			s.wait(7*day + us)
		case models.CloseByHand:
			s.do(supervisor, models.VerbClose, models.Closed{}, models.TextReason)
		}
		require.Equal(t, reason, s.c.CloseReason)
		return s
	}
}

// earlier is a case that was on record before every story's.
var earlier = models.Other{Case: "c-0", Number: models.Number(2025, 1)}

func withdrawn(lead func(require.TestingT) *story) func(require.TestingT) *story {
	return func(t require.TestingT) *story {
		s := lead(t)
		s.do(customer, models.VerbWithdraw, models.Withdrawn{}, models.TextText)
		return s
	}
}

func merged(lead func(require.TestingT) *story) func(require.TestingT) *story {
	return func(t require.TestingT) *story {
		s := lead(t)
		s.do(supervisor, models.VerbMerge, models.Merged{Into: earlier}, models.TextReason)
		return s
	}
}

func notAccepted(lead func(require.TestingT) *story) func(require.TestingT) *story {
	return func(t require.TestingT) *story {
		s := lead(t)
		s.do(supervisor, models.VerbNotAccept, models.Requested{}, models.TextReason)
		s.do(another, models.VerbDecide, models.Decided{Request: s.c.Seq, Granted: true}, models.TextReason)
		return s
	}
}

// askedEarly adds a request to seal the record before its window has passed.
func askedEarly(lead func(require.TestingT) *story) func(require.TestingT) *story {
	return func(t require.TestingT) *story {
		s := lead(t)
		s.do(another, models.VerbArchiveEarly, models.Requested{}, models.TextReason)
		return s
	}
}

// inGroup lets the case belong to the group that an earlier one of repairs leads.
func inGroup(lead func(require.TestingT) *story) func(require.TestingT) *story {
	return func(t require.TestingT) *story {
		s := lead(t)
		s.do(supervisor, models.VerbLink, models.Linked{Other: earlier, Relation: models.RelationLead, Department: repairs})
		return s
	}
}

// withTask leads an investigated case, which has given a joint task, on to a state.
func withTask(state models.State) func(require.TestingT) *story {
	return func(t require.TestingT) *story {
		s := atInvestigating(t)
		s.giveTask("sales")
		if state != models.StateInvestigating {
			s.do(head, models.VerbTransfer, models.Transferred{Department: "service"}, models.TextReason)
		}
		if state == models.StateReceived {
			s.do(s.head(), models.VerbReturn, models.Returned{}, models.TextReason)
		}
		return s
	}
}

func investigated(t require.TestingT) *story { return atInvestigating(t) }
func dispatched(t require.TestingT) *story   { return atDispatched(t) }

func preparedCases() []prepared {
	cases := []prepared{
		{"received", models.StateReceived, onRecord},
		{"received, anonymous", models.StateReceived, func(t require.TestingT) *story { return begin(t, anonymous) }},
		{"received, urgent", models.StateReceived, func(t require.TestingT) *story { return begin(t, urgent) }},
		{"dispatched", models.StateDispatched, func(t require.TestingT) *story { return atDispatched(t) }},
		{"investigating", models.StateInvestigating, func(t require.TestingT) *story { return atInvestigating(t) }},
		{"awaiting approval, important", models.StateAwaitingApproval, func(t require.TestingT) *story {
			s := atInvestigating(t, important)
			s.propose()
			return s
		}},
		{"awaiting approval, urgent", models.StateAwaitingApproval, func(t require.TestingT) *story {
			s := atInvestigating(t, urgent)
			s.propose()
			return s
		}},
		{"solution ready", models.StateSolutionReady, func(t require.TestingT) *story {
			s := atInvestigating(t)
			s.propose()
			return s
		}},
		{"solution ready, approved", models.StateSolutionReady, func(t require.TestingT) *story {
			s := atInvestigating(t, important)
			s.propose()
			s.approve()
			return s
		}},
		{"implementing", models.StateImplementing, atImplementing},
		{"resolved", models.StateResolved, func(t require.TestingT) *story {
			s := atImplementing(t)
			s.resolve()
			return s
		}},
		{"following up", models.StateFollowingUp, atFollowingUp},
		{"following up, anonymous", models.StateFollowingUp, func(t require.TestingT) *story { return begin(t, anonymous).followUp() }},
		{"investigating again", models.StateInvestigating, func(t require.TestingT) *story {
			s := atFollowingUp(t)
			s.callBack(models.CallbackReachedUnsolved, nil)
			return s
		}},
		{"received, in a group", models.StateReceived, inGroup(onRecord)},
		{"dispatched, in a group", models.StateDispatched, inGroup(dispatched)},
		{"investigating, in a group", models.StateInvestigating, inGroup(investigated)},
		{"implementing, in a group", models.StateImplementing, func(t require.TestingT) *story {
			s := inGroup(onRecord)(t)
			s.give(s.toldWithTheLead(models.VerbTellSolution))
			return s
		}},
		{"received, with a joint task", models.StateReceived, withTask(models.StateReceived)},
		{"dispatched, with a joint task", models.StateDispatched, withTask(models.StateDispatched)},
		{"investigating, with a joint task", models.StateInvestigating, withTask(models.StateInvestigating)},
		{"settled", models.StateFollowingUp, func(t require.TestingT) *story {
			s := begin(t)
			s.settle()
			return s
		}},
		{"withdrawn", models.StateWithdrawn, withdrawn(investigated)},
		{"withdrawn, never dispatched", models.StateWithdrawn, withdrawn(onRecord)},
		{"withdrawn, after the result", models.StateWithdrawn, withdrawn(atFollowingUp)},
		{"withdrawn, early archive asked for", models.StateWithdrawn, askedEarly(withdrawn(investigated))},
		{"merged", models.StateMerged, merged(investigated)},
		{"merged, never dispatched", models.StateMerged, merged(onRecord)},
		{"merged, resolved", models.StateMerged, merged(atResolved)},
		{"merged, after the result", models.StateMerged, merged(atFollowingUp)},
		{"merged, early archive asked for", models.StateMerged, askedEarly(merged(investigated))},
		{"not accepted", models.StateNotAccepted, notAccepted(investigated)},
		{"not accepted, never dispatched", models.StateNotAccepted, notAccepted(onRecord)},
		{"not accepted, early archive asked for", models.StateNotAccepted, askedEarly(notAccepted(investigated))},
		{"closed, early archive asked for", models.StateClosed, func(t require.TestingT) *story {
			s := closedBy(models.CloseSolved)(t)
			s.do(head, models.VerbArchiveEarly, models.Requested{}, models.TextReason)
			return s
		}},
		{"archived", models.StateArchived, func(t require.TestingT) *story {
			s := closedBy(models.CloseSolved)(t)
			s.wait(30*day + us)
			return s
		}},
	}
	for _, r := range []models.CloseReason{
		models.CloseSolved, models.CloseConfirmed, models.CloseNotReached, models.CloseAnonymous, models.CloseByHand,
	} {
		cases = append(cases, prepared{"closed, " + string(r), models.StateClosed, closedBy(r)})
	}
	return cases
}

func TestEveryStateIsPrepared(t *testing.T) {
	t.Parallel()
	for _, state := range models.States() {
		require.True(t, slices.ContainsFunc(preparedCases(), func(p prepared) bool { return p.state == state }), state)
	}
	for _, p := range preparedCases() {
		require.Equal(t, p.state, p.lead(t).c.State, p.name)
	}
}
