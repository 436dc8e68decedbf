package lifecycle_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/lifecycle"
	"recourse/models"
)

// otherEnds are the ways to end a case other than closing it.
var otherEnds = map[models.State]func(func(require.TestingT) *story) func(require.TestingT) *story{
	models.StateWithdrawn: withdrawn, models.StateMerged: merged, models.StateNotAccepted: notAccepted,
}

// busy is an investigated case with everything under way that an end must end.
func busy(t require.TestingT) *story {
	s := begin(t, urgent)
	s.dispatch()
	s.accept()
	s.giveTask("sales")
	s.do(customer, models.VerbMessage, models.Messaged{Channel: models.ChannelWeb}, words...)
	s.do(head, models.VerbPromiseContact, models.ContactPromised{At: s.now.Add(day)})
	s.do(supervisor, models.VerbSupervise, models.Supervised{ReportDue: s.now.Add(day)}, reason...)
	s.do(head, models.VerbExtend, models.Requested{Until: monday.Add(9 * day)}, reason...)
	s.pause(models.PauseOutside, s.now.Add(day))
	s.wait(30 * time.Minute)
	return s
}

func TestEveryOtherEndEndsEverythingAndIsTold(t *testing.T) {
	t.Parallel()
	for state, end := range otherEnds {
		s := end(busy)(t)
		require.Equal(t, state, s.c.State)
		require.Equal(t, state, s.c.Ending)
		for _, r := range s.c.Runs {
			require.False(t, r.Running(), "%s while %s", r.Key, state)
		}
		require.Empty(t, s.c.Alerts)
		require.Empty(t, s.c.Tasks)
		require.Empty(t, s.c.Requests)
		require.Zero(t, s.c.Pause)
		told := lifecycle.Effects(s.c, s.events[len(s.events)-1])
		require.True(t, told[0].(lifecycle.Tell).Customer, state)
		require.Empty(t, s.wait(29*day), "nothing happens any more")
		require.Equal(t, []models.Kind{models.KindArchived}, kinds(s.wait(2*day)))
	}
}

func TestWhatComesBackGoesOnUnderItsFirstPromises(t *testing.T) {
	t.Parallel()
	for state, end := range otherEnds {
		s := atInvestigating(t)
		s.reply()
		s.wait(time.Hour)
		before := map[models.Clock]lifecycle.Run{}
		for _, k := range []models.Clock{models.ClockFeedback, models.ClockHandling, models.ClockTotal} {
			before[k] = s.run(k)
		}
		end(func(require.TestingT) *story { return s })(t)
		s.wait(5 * time.Hour)
		s.takeUpAgain()
		require.Equal(t, models.StateInvestigating, s.c.State)
		require.Equal(t, 1, s.c.Cycle, "no cycle is new")
		require.Zero(t, s.c.Reworks)
		require.Empty(t, s.c.Ending)
		for k, r := range before {
			again := s.run(k)
			require.True(t, again.Running(), "%s after %s", k, state)
			require.Equal(t, r.ClockSpan, again.ClockSpan, "%s after %s: the original instants", k, state)
			require.Equal(t, r.Key, again.Key)
		}
		require.Equal(t, models.ClockMet, s.run(models.ClockFirstResponse).End, "what was met stays met")
		s.until(monday.Add(48*time.Hour + us))
		require.True(t, s.run(models.ClockFeedback).LimitMissed)
	}
}

// takeUpAgain reopens or unmerges.
func (s *story) takeUpAgain() {
	help(s.t)
	if s.c.State == models.StateMerged {
		s.do(supervisor, models.VerbUnmerge, models.Unmerged{}, reason...)
		return
	}
	s.do(supervisor, models.VerbReopen, models.Reopened{}, reason...)
}

func TestABoundPassedMeanwhileIsBreachedAtItsInstantAndAlertsNobodyLate(t *testing.T) {
	t.Parallel()
	s := withdrawn(investigated)(t)
	s.wait(3 * day)
	s.takeUpAgain()
	again := s.now
	events := s.wait(us)
	require.Contains(t, of[models.Breached](events), models.Breached{
		Run: s.run(models.ClockFeedback).Key, Clock: models.ClockFeedback, Bound: models.BoundLimit, DueAt: monday.Add(48 * time.Hour),
	})
	require.NotEmpty(t, delivered(events))
	for _, e := range of[models.Escalated](events) {
		require.Equal(t, again, e.DueAt)
		require.Empty(t, e.LateReason, "the system was not slow")
	}
}

func TestACaseComesBackToWhereSomebodyHasIt(t *testing.T) {
	t.Parallel()
	returned := func(t require.TestingT) *story {
		s := atDispatched(t)
		s.do(head, models.VerbReturn, models.Returned{}, reason...)
		return s
	}
	for _, tt := range []struct {
		name string
		lead func(require.TestingT) *story
		to   models.State
	}{
		{"never dispatched", withdrawn(onRecord), models.StateReceived},
		{"sent back before it was withdrawn", withdrawn(returned), models.StateReceived},
		{"dispatched", withdrawn(dispatched), models.StateInvestigating},
		{"not accepted before its dispatch", notAccepted(onRecord), models.StateReceived},
		{"merged while received", merged(onRecord), models.StateReceived},
		{"merged while dispatched", merged(dispatched), models.StateDispatched},
		{"merged while implementing", merged(atImplementing), models.StateImplementing},
		{"merged while awaiting approval", merged(atAwaitingApproval), models.StateInvestigating},
		{"merged while resolved", merged(atResolved), models.StateResolved},
		{"merged while following up", merged(atFollowingUp), models.StateFollowingUp},
	} {
		s := tt.lead(t)
		s.wait(time.Hour)
		s.takeUpAgain()
		require.Equal(t, tt.to, s.c.State, tt.name)
		owed := map[models.State]models.Clock{
			models.StateReceived: models.ClockTriage, models.StateDispatched: models.ClockAcceptance, models.StateResolved: models.ClockResult,
			models.StateFollowingUp: models.ClockCallback,
		}
		if k, is := owed[tt.to]; is {
			require.Equal(t, s.now, s.run(k).StartedAt, tt.name)
		}
		resolved := tt.to == models.StateResolved || tt.to == models.StateFollowingUp
		require.Equal(t, resolved, s.run(models.ClockTotal).End == models.ClockMet, "%s: what is resolved stays resolved", tt.name)
	}
}

func TestWhatWasWithdrawnAfterItsResolutionStartsAnotherCycle(t *testing.T) {
	t.Parallel()
	for _, lead := range []func(require.TestingT) *story{atResolved, atFollowingUp} {
		s := withdrawn(lead)(t)
		s.wait(time.Hour)
		s.takeUpAgain()
		require.Equal(t, models.StateInvestigating, s.c.State)
		require.Equal(t, 2, s.c.Cycle, "nothing of the first is left to be kept")
		require.Equal(t, s.now.Add(48*time.Hour), s.dueOf(models.ClockFeedback))
		s.solve()
		require.Equal(t, 2, s.c.Surveys[len(s.c.Surveys)-1].Cycle, "its survey is one of its own")
		s.do(customer, models.VerbAnswerSurvey, models.SurveyAnswered{SurveyCycle: 2, Scores: models.Scores{Result: 5}})
	}
	s := closedBy(models.CloseSolved)(t)
	s.takeUpAgain()
	require.Equal(t, 2, s.c.Cycle, "and so does a closed case")
	require.Equal(t, 1, s.c.Reworks)
}

// followedUp is a case that is followed up, with everything under way that can be then.
func followedUp(t require.TestingT) *story {
	s := atFollowingUp(t)
	s.do(customer, models.VerbMessage, models.Messaged{Channel: models.ChannelWeb}, words...)
	s.do(supervisor, models.VerbSupervise, models.Supervised{ReportDue: s.now.Add(day)}, reason...)
	s.prepare(models.VerbDecide)
	s.do(supervisor, models.VerbPause, models.Paused{Reason: models.PauseWish, Until: s.now.Add(day)}, reason...)
	s.wait(time.Hour)
	return s
}

func TestAMergeAfterTheResultEndsTheFollowUpAndItsUndoingBringsItBack(t *testing.T) {
	t.Parallel()
	s := followedUp(t)
	survey, callback, placed := s.run(models.ClockSurvey), s.run(models.ClockCallback), s.c.Callback
	merged(func(require.TestingT) *story { return s })(t)
	for _, r := range s.c.Runs {
		require.False(t, r.Running(), r.Key)
	}
	require.Empty(t, s.c.Requests)
	require.Zero(t, s.c.Pause)
	require.False(t, s.c.Callback.Open)
	require.Equal(t, models.CodeUnlawful, s.refused(customer, models.VerbAnswerSurvey, models.SurveyAnswered{SurveyCycle: 1, Scores: models.Scores{Result: 5}}).Code)
	require.Empty(t, lifecycle.Outstanding(s.c))

	s.wait(2 * day)
	s.takeUpAgain()
	again := s.run(models.ClockSurvey)
	require.True(t, again.Running())
	require.Equal(t, survey.ClockSpan, again.ClockSpan, "the link that the customer has is good as long as was said")
	require.NotEqual(t, callback.Key, s.run(models.ClockCallback).Key, "somebody has three working days again")
	require.True(t, s.c.Callback.Open)
	require.Equal(t, placed.Attempt+1, s.c.Callback.Attempt)
	require.Equal(t, 1, s.c.Cycle)
	s.do(customer, models.VerbAnswerSurvey, models.SurveyAnswered{SurveyCycle: 1, Scores: models.Scores{Result: 5}})
	s.until(s.c.Callback.NotBefore)
	s.callBack(models.CallbackReachedSolved, nil)
	require.Equal(t, models.StateClosed, s.c.State)
}

func TestASurveyThatExpiredWhileItsCaseWasMergedStaysExpired(t *testing.T) {
	t.Parallel()
	s := merged(atFollowingUp)(t)
	s.wait(8 * day)
	s.takeUpAgain()
	require.Contains(t, kinds(s.wait(us)), models.KindSurveyExpired)
	require.Equal(t, models.CodeGone, s.refused(customer, models.VerbAnswerSurvey, models.SurveyAnswered{SurveyCycle: 1, Scores: models.Scores{Result: 5}}).Code)
}

func TestAnAnonymousCaseComesBackFromAMergeWithoutACall(t *testing.T) {
	t.Parallel()
	s := merged(func(t require.TestingT) *story { return begin(t, anonymous).followUp() })(t)
	s.takeUpAgain()
	require.Equal(t, models.StateFollowingUp, s.c.State)
	require.False(t, s.c.Callback.Open)
	require.False(t, s.running(models.ClockCallback))
	s.wait(7*day + us)
	require.Equal(t, models.CloseAnonymous, s.c.CloseReason)
}

func TestAMergedCaseTellsTheOneThatGoesOnForIt(t *testing.T) {
	t.Parallel()
	s := atInvestigating(t)
	events := s.do(supervisor, models.VerbMerge, models.Merged{Into: earlier}, reason...)
	require.Contains(t, lifecycle.Effects(s.c, events[0]), lifecycle.Relay{
		To: earlier, Verb: models.VerbLink, Data: models.Linked{Other: models.Other{Case: "c-1", Number: models.Number(2026, 1)}, Relation: models.RelationMerged},
	})
	row, err := lifecycle.Row(s.c)
	require.NoError(t, err)
	require.Equal(t, earlier.Case, row.MergedInto)
	survivor := blank(t)
	survivor.c.ID = earlier.Case
	survivor.open(complaint(func(o *models.Opened) { o.Number = earlier.Number }))
	survivor.take(s, 0)
	require.Equal(t, models.RelationMerged, survivor.c.Links[0].Relation)
	s.takeUpAgain()
	survivor.take(s, 0)
	require.Equal(t, models.RelationRelated, survivor.c.Links[0].Relation)
}

// take decides what another case's latest decision relays to this one.
func (s *story) take(from *story, i int) {
	help(s.t)
	relayed := from.recorded[len(from.recorded)-1].Relayed
	require.Greater(s.t, len(relayed), i)
	require.Equal(s.t, s.c.ID, relayed[i].CaseID)
	var order struct{ Command lifecycle.Command }
	require.NoError(s.t, json.Unmarshal(relayed[i].Command, &order))
	require.Equal(s.t, relayed[i].ID, order.Command.ID)
	s.now = from.now
	s.give(order.Command)
}

func TestAGroupIsToldInOneActWithAProofEach(t *testing.T) {
	t.Parallel()
	lead := atInvestigating(t)
	members := make([]*story, 2)
	copies := make([]models.GroupCopy, 2)
	for i := range members {
		m := blank(t)
		m.c.ID = []string{"c-11", "c-12"}[i]
		m.open(complaint(func(o *models.Opened) { o.Number = models.Number(2026, int64(11+i)) }))
		if i == 1 {
			m.dispatch()
		}
		lead.do(supervisor, models.VerbLink, models.Linked{Other: models.Other{Case: m.c.ID, Number: m.c.Opened.Number}, Relation: models.RelationMember})
		m.take(lead, 0)
		require.Equal(t, repairs, m.c.Department)
		_, in := m.c.Lead()
		require.True(t, in)
		require.Contains(t, []models.ClockEnd{models.ClockMet, models.ClockCancelled}, m.run(models.ClockTriage).End, "the lead walks for it")
		members[i] = m
		copies[i] = models.GroupCopy{Other: models.Other{Case: m.c.ID, Number: m.c.Opened.Number}, Channel: models.ChannelEmail, Texts: texts(models.TextText)}
	}
	lead.propose()
	lead.do(handler, models.VerbTellSolution, models.SolutionTold{Channel: models.ChannelEmail, Copies: copies}, words...)
	for i, m := range members {
		m.take(lead, i)
		require.Equal(t, models.StateImplementing, m.c.State)
		require.Equal(t, handler.ID, m.c.Assignee)
		require.Equal(t, models.ClockMet, m.run(models.ClockFeedback).End)
		require.False(t, m.running(models.ClockTriage), "nobody triages a case that is told its solution")
		require.False(t, m.running(models.ClockAcceptance))
		require.Equal(t, texts(models.TextText), m.events[len(m.events)-1].Texts, "its own words")
	}
	lead.resolve()
	told := goodResult
	told.Copies = copies
	lead.do(handler, models.VerbTellResult, told, words...)
	for i, m := range members {
		m.take(lead, i)
		require.Equal(t, models.StateFollowingUp, m.c.State)
		require.Equal(t, models.OutcomeUpheld, m.c.Outcome)
		require.Equal(t, models.ClockMet, m.run(models.ClockHandling).End)
		require.Equal(t, models.ClockMet, m.run(models.ClockTotal).End)
		require.True(t, m.c.Callback.Open)
		require.Len(t, m.c.Surveys, 1)
	}
	members[0].callBack(models.CallbackReachedSolved, nil)
	require.Equal(t, models.StateClosed, members[0].c.State)
	require.Equal(t, models.StateFollowingUp, members[1].c.State)
}

func (s *story) running(k models.Clock) bool {
	r, is := s.c.Latest(k)
	return is && r.Running()
}

func TestAMemberThatLeavesItsGroupWalksAloneAgain(t *testing.T) {
	t.Parallel()
	leave := func(s *story) {
		s.do(supervisor, models.VerbLink, models.Linked{Other: earlier, Relation: models.RelationNone})
	}
	s := inGroup(onRecord)(t)
	require.False(t, s.running(models.ClockTriage))
	other := models.Other{Case: "c-9", Number: models.Number(2026, 9)}
	for _, r := range []models.Relation{models.RelationRelated, models.RelationNone} {
		s.do(supervisor, models.VerbLink, models.Linked{Other: other, Relation: r})
	}
	require.False(t, s.running(models.ClockTriage), "it still belongs to its group")
	s.wait(time.Hour)
	leave(s)
	require.Equal(t, s.now, s.run(models.ClockTriage).StartedAt)

	s = inGroup(onRecord)(t)
	s.dispatch() // by itself, while the group waits
	accept := s.run(models.ClockAcceptance)
	leave(s)
	require.Equal(t, accept.Key, s.run(models.ClockAcceptance).Key, "what runs is not started again")
}

func TestANamedPersonIsKeptAwayFromEveryPartOfTheCase(t *testing.T) {
	t.Parallel()
	s := namedHank(investigated)(t)
	hank := models.Actor{Kind: models.ActorPerson, ID: "hank", Roles: models.Roles(), Departments: []string{repairs, "quality"}}
	for _, v := range models.Possible(s.c.State) {
		cmd, not := lawfully(s, v)
		if not != "" || cmd.Actor.Kind != models.ActorPerson {
			continue
		}
		cmd.Actor = hank
		require.Equal(t, models.CodeForbidden, s.turnedDown(cmd).Code, v)
	}
}

func TestWhatGoesOnIsNotArchivedEarly(t *testing.T) {
	t.Parallel()
	for _, end := range otherEnds {
		s := askedEarly(end(investigated))(t)
		asked := s.c.Requests[0].Seq
		s.takeUpAgain()
		require.Empty(t, s.c.Requests)
		require.Equal(t, models.ClockCancelled, s.run(models.ClockApproval).End)
		require.Equal(t, "/request", s.refused(supervisor, models.VerbDecide, models.Decided{Request: asked, Granted: true}, reason...).Field)
	}
}
