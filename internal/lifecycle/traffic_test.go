package lifecycle_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/lifecycle"
	"recourse/models"
)

func TestASettledComplaintIsSolvedAndToldInOneAct(t *testing.T) {
	t.Parallel()
	s := begin(t)
	s.wait(10 * time.Minute)
	events := s.settle()
	require.Equal(t, []models.Kind{models.KindSettled, models.KindSurveyOffered, models.KindCallbackPlaced}, kinds(events))
	require.Equal(t, models.StateFollowingUp, s.c.State)
	require.Equal(t, repairs, s.c.Department, "it belongs to the department of whoever settled it")
	require.Equal(t, desk.ID, s.c.Assignee)
	for _, k := range []models.Clock{models.ClockTriage, models.ClockFirstResponse, models.ClockFeedback, models.ClockHandling, models.ClockTotal} {
		require.Equal(t, models.ClockMet, s.run(k).End, k)
	}
	require.True(t, s.run(models.ClockCallback).Running())
	m := s.c.Milestones
	for _, at := range []time.Time{m.FirstReplyAt, m.FirstSolutionAt, m.FirstResolvedAt, m.ResolvedAt, m.ResultToldAt} {
		require.Equal(t, s.now, at)
	}
	s.callBack(models.CallbackReachedSolved, nil)
	require.Equal(t, models.CloseSolved, s.c.CloseReason)
}

func TestAReturnedWorkOrderIsDispatchedAnewAndMovesNoDue(t *testing.T) {
	t.Parallel()
	s := atDispatched(t)
	due := s.dueOf(models.ClockHandling)
	s.wait(time.Hour)
	s.do(head, models.VerbReturn, models.Returned{}, reason...)
	require.Equal(t, models.StateReceived, s.c.State)
	require.Empty(t, s.c.Department)
	require.Equal(t, models.ClockMet, s.run(models.ClockAcceptance).End)
	require.Equal(t, s.now.Add(4*time.Hour), s.dueOf(models.ClockTriage), "each entry has a triage of its own")
	s.wait(time.Hour)
	s.dispatch()
	require.Equal(t, 1, s.c.Returns)
	require.Equal(t, due, s.dueOf(models.ClockHandling))
	require.Equal(t, s.now.Add(4*time.Hour), s.dueOf(models.ClockAcceptance))
}

func TestATransferMovesTheResponsibilityAndNeverTheHandlingDue(t *testing.T) {
	t.Parallel()
	for _, lead := range []func(require.TestingT) *story{investigated, atSolutionReady, atImplementing} {
		s := lead(t)
		due := s.dueOf(models.ClockHandling)
		s.wait(time.Hour)
		s.do(head, models.VerbTransfer, models.Transferred{Department: "sales"}, reason...)
		require.Equal(t, models.StateDispatched, s.c.State)
		require.Equal(t, "sales", s.c.Department)
		require.Empty(t, s.c.Assignee)
		require.Equal(t, due, s.dueOf(models.ClockHandling))
		require.True(t, s.run(models.ClockAcceptance).Running())
		s.do(seller, models.VerbAccept, models.Accepted{})
		require.Equal(t, seller.ID, s.c.Assignee)
		require.Equal(t, 1, s.c.Transfers)
	}
}

func TestTwoRequestsHaveAnApprovalEachAndEachDecisionStopsItsOwn(t *testing.T) {
	t.Parallel()
	s := atInvestigating(t)
	s.do(head, models.VerbExtend, models.Requested{Until: monday.Add(9 * day)}, reason...)
	extend := s.c.Seq
	s.do(supervisor, models.VerbNotAccept, models.Requested{}, reason...)
	refuse := s.c.Seq
	approval := func(seq int64) lifecycle.Run {
		r, known := s.c.Run(lifecycle.RunKey(1, models.ClockApproval, seq))
		require.True(t, known)
		return r
	}
	require.True(t, approval(extend).Running())
	require.True(t, approval(refuse).Running())
	s.wait(time.Hour)
	s.do(another, models.VerbDecide, models.Decided{Request: refuse}, reason...)
	require.Equal(t, models.ClockMet, approval(refuse).End)
	require.True(t, approval(extend).Running())
	s.do(head, models.VerbRetract, models.Retracted{Request: extend})
	require.Equal(t, models.ClockMet, approval(extend).End)
	require.Empty(t, s.c.Requests)
	require.Equal(t, models.StateInvestigating, s.c.State)
}

func TestTwoJointTasksHaveAClockEach(t *testing.T) {
	t.Parallel()
	s := atInvestigating(t)
	s.giveTask("sales")
	sales := s.c.Seq
	s.giveTask("law")
	law := s.c.Seq
	task := func(seq int64) lifecycle.Run {
		r, known := s.c.Run(lifecycle.RunKey(1, models.ClockTask, seq))
		require.True(t, known)
		return r
	}
	s.do(seller, models.VerbFinishTask, models.TaskFinished{}, words...)
	require.Equal(t, models.ClockMet, task(sales).End)
	require.True(t, task(law).Running())
	require.Equal(t, models.CodeConflict, s.refused(handler, models.VerbPropose, measures(models.Measure{Owner: "hal", Due: monday}), "solution", "measure.0").Code)
	s.do(head, models.VerbCancelTask, models.TaskCancelled{}, reason...)
	require.Equal(t, models.ClockCancelled, task(law).End)
	s.propose()
}

func TestTheCustomersMessageIsAnsweredOnceAndAPersonsReplyEndsTheWait(t *testing.T) {
	t.Parallel()
	s := atInvestigating(t)
	message := func() {
		s.do(customer, models.VerbMessage, models.Messaged{Channel: models.ChannelWeb}, words...)
	}
	message()
	first := s.run(models.ClockNextReply)
	require.Equal(t, s.now.Add(24*time.Hour), first.Limit)
	s.wait(time.Hour)
	message()
	require.Equal(t, first.Key, s.run(models.ClockNextReply).Key, "the first message still waits")
	s.do(head, models.VerbPromiseContact, models.ContactPromised{At: s.now.Add(day)})
	s.do(head, models.VerbNote, models.Noted{Audience: models.AudienceCustomer}, words...)
	require.True(t, s.run(models.ClockNextReply).Running(), "a promise and a note are no reply")
	s.reply()
	require.Equal(t, models.ClockMet, s.run(models.ClockNextReply).End)
	message()
	require.NotEqual(t, first.Key, s.run(models.ClockNextReply).Key)
}

func TestNotSolvedIsNoMessageOnceTheResultWasTold(t *testing.T) {
	t.Parallel()
	for _, lead := range []func(require.TestingT) *story{atFollowingUp, closedBy(models.CloseSolved)} {
		s := lead(t)
		s.do(customer, models.VerbNotSolved, models.NotSolved{}, words...)
		_, asked := s.c.Latest(models.ClockNextReply)
		require.False(t, asked, "another cycle is the answer")
	}
	s := atImplementing(t)
	s.do(customer, models.VerbNotSolved, models.NotSolved{}, words...)
	require.True(t, s.run(models.ClockNextReply).Running())
}

func TestABrokenPromiseOfContactAlertsApologisesAndPromisesAnew(t *testing.T) {
	t.Parallel()
	s := atInvestigating(t)
	s.reply()
	promised := s.now.Add(5 * time.Hour)
	s.do(head, models.VerbPromiseContact, models.ContactPromised{At: promised})
	first := s.run(models.ClockNextContact)
	s.until(promised)
	require.True(t, s.run(models.ClockNextContact).Running())
	events := s.notice(promised.Add(us))
	require.Equal(t, []models.Kind{models.KindBreached, models.KindEscalated, models.KindContactPromised}, kinds(events))
	require.Equal(t, models.System(), events[2].Actor)
	require.Equal(t, s.now.Add(day), of[models.ContactPromised](events)[0].At)
	require.Contains(t, lifecycle.Effects(s.c, events[2]), lifecycle.Tell{Template: lifecycle.TellApology, Customer: true})
	broken, _ := s.c.Run(first.Key)
	require.Equal(t, models.ClockBreached, broken.End)
	require.NotEqual(t, first.Key, s.run(models.ClockNextContact).Key)
	s.do(head, models.VerbLogContact, models.ContactLogged{Channel: models.ChannelPhone, Direction: models.DirectionOut, Held: true}, words...)
	require.Equal(t, models.ClockMet, s.run(models.ClockNextContact).End)
}

func TestAPromiseBrokenDuringAnOutageIsStillAlertedToSomebody(t *testing.T) {
	t.Parallel()
	s := atInvestigating(t)
	s.reply()
	s.do(head, models.VerbPromiseContact, models.ContactPromised{At: s.now.Add(time.Hour)})
	alerts := on(models.ClockNextContact, delivered(s.outage(10*time.Hour))) // the next rung lies four hours behind the promise
	require.Len(t, alerts, 1, "the apology ends the climb, so the rung before it supersedes nothing")
	require.Equal(t, []models.Role{models.RoleDepartmentHead}, alerts[0].Roles)
}

func TestASupervisedCaseOwesAWrittenReport(t *testing.T) {
	t.Parallel()
	s := supervised(t)
	require.Equal(t, s.now.Add(day), s.dueOf(models.ClockReport))
	s.do(head, models.VerbReport, models.Reported{}, words...)
	require.Equal(t, models.ClockMet, s.run(models.ClockReport).End)
	s.do(supervisor, models.VerbSupervise, models.Supervised{ReportDue: s.now.Add(day)}, reason...)
	s.wait(day + us)
	require.True(t, s.run(models.ClockReport).LimitMissed)
}

func TestEveryUrgeIsCountedAndToldToWhoeverIsResponsible(t *testing.T) {
	t.Parallel()
	s := atInvestigating(t)
	for range 2 {
		events := s.do(supervisor, models.VerbUrge, models.Urged{Channel: models.ChannelPhone}, words...)
		require.ElementsMatch(t, []lifecycle.Effect{
			lifecycle.Tell{Template: lifecycle.TellNews, Person: handler.ID}, lifecycle.Tell{Template: lifecycle.TellNews, Department: repairs},
		}, lifecycle.Effects(s.c, events[0]))
	}
	require.Equal(t, 2, s.c.Urges)
}

func TestALoweredSeverityCountsItsTargetFromReceipt(t *testing.T) {
	t.Parallel()
	lower := func(s *story, to models.Severity) {
		s.do(another, models.VerbLowerSeverity, models.Requested{Severity: to}, reason...)
		s.do(supervisor, models.VerbDecide, models.Decided{Request: s.c.Seq, Granted: true}, reason...)
		require.Equal(t, to, s.c.Severity)
	}
	s := begin(t, urgent)
	s.wait(30 * time.Minute)
	lower(s, models.SeverityImportant)
	require.Equal(t, monday.Add(8*time.Hour), s.run(models.ClockFirstResponse).Target)
	require.Equal(t, monday.Add(24*time.Hour), s.run(models.ClockFirstResponse).Limit)
	require.Zero(t, s.run(models.ClockFeedback).Target, "equal bounds are one")
	require.Equal(t, monday.Add(5*day), s.dueOf(models.ClockHandling))

	s = begin(t, urgent)
	s.wait(2 * time.Hour)
	lower(s, models.SeverityGeneral)
	r := s.run(models.ClockFirstResponse)
	require.True(t, r.TargetMissed, "a passed bound stays passed")
	require.Equal(t, monday.Add(time.Hour), r.Target)

	s = begin(t)
	s.wait(20 * time.Hour)
	s.do(supervisor, models.VerbReclassify, models.Reclassified{Severity: models.SeverityUrgent}, reason...)
	s.wait(10 * time.Minute)
	lower(s, models.SeverityImportant)
	require.Equal(t, monday.Add(21*time.Hour), s.run(models.ClockFirstResponse).Target, "lowering brings no bound forward: 8 h from receipt are long gone")
	require.False(t, s.run(models.ClockFirstResponse).TargetMissed)
}

func TestOnlyAnExtensionMovesTheHandlingDueAndNeverOnePassed(t *testing.T) {
	t.Parallel()
	extend := func(s *story, until time.Time) {
		s.do(head, models.VerbExtend, models.Requested{Until: until}, reason...)
		s.do(supervisor, models.VerbDecide, models.Decided{Request: s.c.Seq, Granted: true}, reason...)
	}
	s := atInvestigating(t)
	extend(s, monday.Add(9*day))
	require.Equal(t, monday.Add(9*day), s.dueOf(models.ClockHandling))

	s = atInvestigating(t)
	s.wait(8 * day)
	extend(s, monday.Add(9*day))
	require.Equal(t, monday.Add(7*day), s.dueOf(models.ClockHandling), "it was passed and stays passed")
	s.propose()
	s.tellSolution()
	s.resolve()
	require.Equal(t, models.ClockBreached, s.run(models.ClockHandling).End)
}

func TestMoneyAboveTheLimitIsGivenOnceAnExecutiveGrantsIt(t *testing.T) {
	t.Parallel()
	s := atInvestigating(t)
	s.do(head, models.VerbCompensate, models.Requested{Money: cny(limitOfMoney)}, reason...)
	s.do(head, models.VerbCompensate, models.Requested{Money: cny(limitOfMoney + 1)}, reason...)
	require.Len(t, s.c.Given, 1)
	events := s.do(executive, models.VerbDecide, models.Decided{Request: s.c.Seq, Granted: true}, reason...)
	require.Equal(t, []models.Kind{models.KindDecided, models.KindCompensated}, kinds(events))
	row, err := lifecycle.Row(s.c)
	require.NoError(t, err)
	require.Equal(t, int64(2*limitOfMoney+1), row.GivenMinor)
	require.Equal(t, "CNY", row.GivenCurrency)
}

func TestASolutionThatGivesMuchMoneyOrIsAboutTheCompanyIsApproved(t *testing.T) {
	t.Parallel()
	propose := func(s *story, m *models.Money) models.State {
		d := models.Proposed{Measures: []models.Measure{{Owner: "hal", Due: s.now}}, Money: m}
		s.do(handler, models.VerbPropose, d, models.TextSolution, models.TextMinutes, models.TextMeasure(0))
		return s.c.State
	}
	require.Equal(t, models.StateSolutionReady, propose(atInvestigating(t), cny(limitOfMoney)))
	require.Equal(t, models.StateAwaitingApproval, propose(atInvestigating(t), cny(limitOfMoney+1)))
	for _, n := range models.Natures() {
		s := atInvestigating(t)
		s.do(supervisor, models.VerbReclassify, models.Reclassified{Nature: n}, reason...)
		require.Equal(t, n.Guarded(), propose(s, nil) == models.StateAwaitingApproval, n)
	}
}

func TestAThirdReworkOrMoveMakesAProblemCaseOnce(t *testing.T) {
	t.Parallel()
	problems := func(s *story) []models.Escalated {
		return slices.DeleteFunc(of[models.Escalated](s.events), func(e models.Escalated) bool { return e.Rung != models.RungProblem })
	}
	rework := func(s *story) {
		s.callBack(models.CallbackReachedUnsolved, nil)
		s.solve()
	}
	s := atFollowingUp(t)
	rework(s)
	rework(s)
	require.False(t, s.c.Problem)
	highest := s.c.Highest
	rework(s)
	require.True(t, s.c.Problem)
	require.Equal(t, []models.ProblemDeclared{{Cause: models.ProblemReworks}}, of[models.ProblemDeclared](s.events))
	require.Len(t, problems(s), 1)
	require.Empty(t, highest, "nobody had been alerted")
	require.Equal(t, []models.Role{models.RoleDepartmentHead}, problems(s)[0].Roles, "one above the handler")
	rework(s)
	require.Len(t, problems(s), 1, "once")

	s = atDispatched(t)
	s.wait(10 * time.Hour) // acceptance is late: the escalation manager knows
	require.Equal(t, models.RoleEscalationManager, s.c.Highest)
	s.do(head, models.VerbReturn, models.Returned{}, reason...)
	s.dispatch()
	s.accept()
	s.do(head, models.VerbTransfer, models.Transferred{Department: "sales"}, reason...)
	s.do(seller, models.VerbReturn, models.Returned{}, reason...)
	require.Equal(t, []models.ProblemDeclared{{Cause: models.ProblemMoves}}, of[models.ProblemDeclared](s.events))
	require.Equal(t, []models.Role{models.RoleExecutive}, problems(s)[0].Roles, "one above the highest so far")
}

func TestReworksAndMovesAreCountedAgainstNumbersOfTheirOwn(t *testing.T) {
	t.Parallel()
	for moves, problem := range map[int]bool{1: true, 2: true, 3: false} {
		s := atDispatched(t)
		s.amend = func(p *models.Plan) { p.ProblemAfter, p.ProblemMoves = 1, moves }
		s.do(head, models.VerbReturn, models.Returned{}, reason...)
		s.dispatch()
		s.accept()
		s.do(head, models.VerbTransfer, models.Transferred{Department: "sales"}, reason...)
		require.Equal(t, problem, s.c.Problem, "two moves, of %d", moves)
	}
	s := atFollowingUp(t)
	s.amend = func(p *models.Plan) { p.ProblemAfter, p.ProblemMoves = 1, 9 }
	s.callBack(models.CallbackReachedUnsolved, nil)
	require.True(t, s.c.Problem)
}

func TestTheCustomerIsRemindedOfTheSurveyOnce(t *testing.T) {
	t.Parallel()
	s := atFollowingUp(t)
	offered := s.now
	s.callBack(models.CallbackReachedSolved, nil)
	events := s.wait(6 * day)
	require.Equal(t, []models.Kind{models.KindSurveyReminded}, kinds(events))
	require.Equal(t, offered.Add(day), events[0].HappenedAt)
	s = atFollowingUp(t)
	s.callBack(models.CallbackReachedSolved, nil)
	s.answer(5)
	require.Empty(t, of[models.SurveyReminded](s.wait(6*day)))
}

func TestACallThatTheCustomerPutsOffIsNoAttempt(t *testing.T) {
	t.Parallel()
	s := atFollowingUp(t)
	to := time.Date(2026, time.March, 4, 15, 30, 0, 0, zone)
	events := s.do(customer, models.VerbReschedule, models.Rescheduled{To: to})
	require.Equal(t, []models.Kind{models.KindRescheduled, models.KindCallbackPlaced}, kinds(events))
	require.Equal(t, to.UTC(), s.c.Callback.NotBefore)
	require.Zero(t, s.c.Callback.Missed)
	for range 3 {
		require.Equal(t, models.StateFollowingUp, s.c.State)
		s.until(s.c.Callback.NotBefore)
		s.callBack(models.CallbackNoAnswer, nil)
	}
	require.Equal(t, models.CloseNotReached, s.c.CloseReason)
}

func TestARuleOfTheDispatchTableDispatchesByItself(t *testing.T) {
	t.Parallel()
	routed := func(auto bool, nature models.Nature) *story {
		return begin(t, func(o *models.Opened) {
			o.Nature, o.Route = nature, &models.Route{Rule: "r", Department: repairs, Person: "hal", Supervising: "service", Auto: auto}
		})
	}
	s := routed(true, "")
	require.Equal(t, []models.Kind{models.KindOpened, models.KindDispatched}, kinds(s.events))
	require.Equal(t, models.System(), s.events[1].Actor)
	require.Equal(t, models.NatureCustomer, s.c.Nature)
	require.Equal(t, "hal", s.c.Assignee)
	require.Equal(t, models.ClockMet, s.run(models.ClockTriage).End)
	s.accept()
	require.Equal(t, models.StateReceived, routed(false, models.NatureCustomer).c.State, "a proposal")
	require.Equal(t, models.StateReceived, routed(true, models.NatureSpecial).c.State, "a person looks at it first")
}

func TestAnInterimAnswerStopsThePromiseAndGivesADate(t *testing.T) {
	t.Parallel()
	s := atInvestigating(t)
	s.tellInterim(3 * day)
	require.True(t, s.c.Interim)
	require.Equal(t, models.ClockMet, s.run(models.ClockFirstResponse).End)
	require.Equal(t, models.ClockMet, s.run(models.ClockFeedback).End)
	require.Equal(t, s.now.Add(3*day), s.dueOf(models.ClockNextContact))
	s.propose()
	s.tellSolution()
	require.Equal(t, models.ClockMet, s.run(models.ClockNextContact).End)
}

func TestAnotherInterimAnswerIsAContactAndThePromiseOfAnother(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		lead    func(require.TestingT) *story
		interim bool // it kept the 48 h promise
	}{
		"before the solution": {func(t require.TestingT) *story {
			s := atInvestigating(t)
			s.tellInterim(day)
			return s
		}, true},
		"once the solution is told": {atImplementing, false},
		"before the result":         {atResolved, false},
		"after the result":          {atFollowingUp, false},
	} {
		s := tt.lead(t)
		feedback, replied := s.run(models.ClockFeedback), s.c.Milestones.FirstReplyAt
		s.wait(time.Hour)
		s.do(customer, models.VerbMessage, models.Messaged{Channel: models.ChannelWeb}, words...)
		s.do(supervisor, models.VerbPromiseContact, models.ContactPromised{At: s.now.Add(day)})
		promised := s.run(models.ClockNextContact)
		s.wait(time.Hour)
		s.tellInterim(3 * day)
		require.Equal(t, feedback, s.run(models.ClockFeedback), "%s: what has ended stays as it is", name)
		require.Equal(t, replied, s.c.Milestones.FirstReplyAt, name)
		require.Equal(t, tt.interim, s.c.Interim, name)
		require.False(t, s.running(models.ClockNextReply), "%s: the message is answered", name)
		kept, _ := s.c.Run(promised.Key)
		require.Equal(t, models.ClockMet, kept.End, name)
		require.Equal(t, s.now.Add(3*day), s.dueOf(models.ClockNextContact), name)
	}
}

func TestAnInterimAnswerAfterAReworkKeepsThePromiseOfItsCycleAndIsNotCounted(t *testing.T) {
	t.Parallel()
	s := atFollowingUp(t)
	s.callBack(models.CallbackReachedUnsolved, nil)
	require.True(t, s.running(models.ClockFeedback))
	s.wait(day)
	s.tellInterim(3 * day)
	require.Equal(t, models.ClockMet, s.run(models.ClockFeedback).End)
	require.Equal(t, s.now, s.run(models.ClockFeedback).EndedAt)
	require.False(t, s.c.Interim, "figures are of the first cycle")
}
