package lifecycle_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/lifecycle"
	"recourse/models"
)

// attempts lists the half-days of the callbacks placed.
func attempts(s *story) []models.CallbackPlaced { return of[models.CallbackPlaced](s.events) }

func TestCallbackAttemptsLieInDistinctHalfDaysOfTheCustomersZone(t *testing.T) {
	t.Parallel()
	newYork := mustZone("America/New_York")
	s := blank(t)
	s.zone = newYork.String()
	s.open(complaint(func(o *models.Opened) { o.Zone = newYork.String() }))
	s.dispatch()
	s.accept()
	s.propose()
	s.tellSolution()
	s.resolve()
	s.until(time.Date(2026, time.March, 6, 17, 0, 0, 0, newYork)) // Friday
	s.tellResult()
	for range 3 {
		s.until(s.c.Callback.NotBefore)
		s.callBack(models.CallbackNoAnswer, nil)
	}
	var local [][2]string
	for _, a := range attempts(s) {
		const form = "Mon 15:04 MST"
		local = append(local, [2]string{a.NotBefore.In(newYork).Format(form), a.Until.In(newYork).Format(form)})
	}
	require.Equal(t, [][2]string{ // summer time begins on the Sunday between
		{"Fri 17:00 EST", "Fri 20:00 EST"}, {"Mon 09:00 EDT", "Mon 13:00 EDT"}, {"Mon 13:00 EDT", "Mon 20:00 EDT"},
	}, local)
	require.Equal(t, models.StateClosed, s.c.State)
	require.Equal(t, models.CloseNotReached, s.c.CloseReason)
}

func TestAResultToldAtNightIsCalledBackInTheMorning(t *testing.T) {
	t.Parallel()
	s := begin(t)
	s.dispatch()
	s.accept()
	s.propose()
	s.tellSolution()
	s.resolve()
	s.now = time.Date(2026, time.March, 3, 22, 0, 0, 0, zone)
	s.tellResult()
	require.Equal(t, time.Date(2026, time.March, 4, 9, 0, 0, 0, zone).UTC(), s.c.Callback.NotBefore)
	require.Equal(t, time.Date(2026, time.March, 4, 13, 0, 0, 0, zone).UTC(), s.c.Callback.Until)
}

func TestAttemptsCannotBeUsedUpInOneHalfDay(t *testing.T) {
	t.Parallel()
	s := atFollowingUp(t)
	s.callBack(models.CallbackNoAnswer, nil)
	for _, o := range []models.CallbackOutcome{models.CallbackNoAnswer, models.CallbackRefused, models.CallbackWrongNumber} {
		e := s.refused(quality, models.VerbRecordCallback, models.CallbackRecorded{Outcome: o})
		require.Equal(t, models.CodeConflict, e.Code)
		require.Contains(t, e.Message, s.c.Callback.NotBefore.Format(time.RFC3339))
	}
	s.callBack(models.CallbackReachedSolved, nil) // whoever was reached was reached
	require.Equal(t, models.CloseSolved, s.c.CloseReason)
}

func TestTheCustomerMayChooseWhenToBeCalled(t *testing.T) {
	t.Parallel()
	s := atFollowingUp(t)
	to := time.Date(2026, time.March, 4, 15, 30, 0, 0, zone)
	s.do(quality, models.VerbRecordCallback, models.CallbackRecorded{Outcome: models.CallbackRescheduled, RescheduledTo: to})
	require.Equal(t, to.UTC(), s.c.Callback.NotBefore)
	require.Equal(t, 2, s.c.Callback.Attempt)
	require.Zero(t, s.c.Callback.Missed, "a rescheduled attempt is not a missed one")
}

func TestARefusalOrWrongNumberCountsAsExhaustedAfterOneOtherChannel(t *testing.T) {
	t.Parallel()
	for _, o := range []models.CallbackOutcome{models.CallbackRefused, models.CallbackWrongNumber} {
		s := atFollowingUp(t)
		s.callBack(o, nil)
		require.Equal(t, models.StateFollowingUp, s.c.State)
		s.until(s.c.Callback.NotBefore)
		s.do(quality, models.VerbRecordCallback, models.CallbackRecorded{Outcome: o, OtherChannel: true})
		require.Equal(t, models.CloseNotReached, s.c.CloseReason)
		require.Equal(t, models.ClockMet, s.run(models.ClockCallback).End)
	}
	s := atFollowingUp(t)
	s.do(quality, models.VerbRecordCallback, models.CallbackRecorded{Outcome: models.CallbackNoAnswer, OtherChannel: true})
	require.Equal(t, models.StateFollowingUp, s.c.State, "no answer is neither")
}

func TestWhereOutcomeAndScoreDisagreeTheWorseDecides(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		outcome models.CallbackOutcome
		score   int
		state   models.State
		cause   models.ReworkCause
	}{
		{models.CallbackReachedSolved, 0, models.StateClosed, ""},
		{models.CallbackReachedSolved, 3, models.StateClosed, ""},
		{models.CallbackReachedSolved, 2, models.StateInvestigating, models.ReworkScore},
		{models.CallbackReachedSolved, 1, models.StateInvestigating, models.ReworkScore},
		{models.CallbackReachedUnsolved, 5, models.StateInvestigating, models.ReworkCallback},
		{models.CallbackNotReceived, 0, models.StateInvestigating, models.ReworkNotReceived},
	} {
		s := atFollowingUp(t)
		s.callBack(tt.outcome, &models.Scores{Result: tt.score})
		require.Equal(t, tt.state, s.c.State, "%+v", tt)
		if tt.cause != "" {
			require.Equal(t, []models.Reworked{{Cause: tt.cause}}, of[models.Reworked](s.events))
		}
	}
}

func TestALowSurveyScoreStartsAReworkWhileFollowingUpAndAfterClosing(t *testing.T) {
	t.Parallel()
	for _, lead := range []func(require.TestingT) *story{atFollowingUp, closedBy(models.CloseConfirmed)} {
		for score, want := range map[int]int{0: 1, 1: 2, 2: 2, 3: 1, 5: 1} {
			s := lead(t)
			s.answer(score)
			require.Equal(t, want, s.c.Cycle, "score %d while %s", score, s.c.State)
			require.Equal(t, want == 2, s.c.State == models.StateInvestigating)
			require.Equal(t, models.ClockMet, s.run(models.ClockSurvey).End)
		}
	}
}

func TestASurveyRunsOnAfterClosingAndExpiresAfterSevenDays(t *testing.T) {
	t.Parallel()
	s := atFollowingUp(t)
	expires := s.run(models.ClockSurvey).Limit
	require.Equal(t, s.now.Add(7*day), expires)
	s.callBack(models.CallbackReachedSolved, nil)
	require.True(t, s.run(models.ClockSurvey).Running())
	s.until(expires)
	require.True(t, s.run(models.ClockSurvey).Running())
	require.Equal(t, []models.Kind{models.KindSurveyExpired}, kinds(s.wait(us)))
	require.Equal(t, models.ClockBreached, s.run(models.ClockSurvey).End)

	s = atFollowingUp(t)
	s.until(expires)
	s.answer(5) // at the last instant
	require.Equal(t, models.ClockMet, s.run(models.ClockSurvey).End)
}

func TestASurveyOfAnEarlierCycleTriggersNothing(t *testing.T) {
	t.Parallel()
	for _, state := range []models.State{
		models.StateInvestigating, models.StateAwaitingApproval, models.StateSolutionReady, models.StateImplementing,
		models.StateResolved, models.StateFollowingUp, models.StateClosed,
	} {
		s := begin(t, important).followUp()
		s.callBack(models.CallbackReachedUnsolved, nil)
		for _, step := range []func() []models.Event{
			s.propose, s.approve, s.tellSolution, s.resolve, s.tellResult,
			func() []models.Event { return s.callBack(models.CallbackReachedSolved, &models.Scores{Result: 5}) },
		} {
			if s.c.State == state {
				break
			}
			step()
		}
		require.Equal(t, state, s.c.State)
		require.Len(t, s.answer(1), 1, "it is kept")
		require.Equal(t, state, s.c.State)
		require.Equal(t, 2, s.c.Cycle)
		require.Contains(t, s.c.Answers, lifecycle.Answer{Cycle: 1, Result: 1})
	}
}

func TestTheScoreOfACaseIsItsLastCyclesHoweverLateAnEarlierAnswerComes(t *testing.T) {
	t.Parallel()
	s := atFollowingUp(t)
	s.callBack(models.CallbackReachedUnsolved, nil)
	s.solve()
	s.callBack(models.CallbackReachedSolved, &models.Scores{Result: 5})
	s.answer(1)
	row, err := lifecycle.Row(s.c)
	require.NoError(t, err)
	require.Equal(t, 5, row.ResultScore)
	require.Equal(t, 2, row.Answered)
	require.Equal(t, 2, row.Offered)
}

func TestTheScoreOfACaseIsItsLastCyclesInTheOrderOfTheCyclesToo(t *testing.T) {
	t.Parallel()
	s := atFollowingUp(t)
	s.answer(5)
	s.callBack(models.CallbackNotReceived, nil)
	s.solve()
	s.callBack(models.CallbackReachedSolved, &models.Scores{Result: 3})
	row, err := lifecycle.Row(s.c)
	require.NoError(t, err)
	require.Equal(t, 3, row.ResultScore)
}

func TestASurveyReplacesTheScoreOfTheCallbackAndBothAreKept(t *testing.T) {
	t.Parallel()
	s := atFollowingUp(t)
	s.callBack(models.CallbackReachedSolved, &models.Scores{Result: 3})
	s.answer(5)
	require.Equal(t, []lifecycle.Answer{{Cycle: 1, Result: 5}}, s.c.Answers)
	require.Equal(t, 3, of[models.CallbackRecorded](s.events)[0].Scores.Result)

	s = atFollowingUp(t)
	s.answer(4)
	s.callBack(models.CallbackReachedSolved, &models.Scores{Result: 3})
	require.Equal(t, []lifecycle.Answer{{Cycle: 1, Result: 4}}, s.c.Answers, "a callback replaces nothing")
}

func TestNotSolvedIsAReworkAfterTheResultAndAMessageBefore(t *testing.T) {
	t.Parallel()
	for _, lead := range []func(require.TestingT) *story{atFollowingUp, closedBy(models.CloseSolved)} {
		s := lead(t)
		s.do(customer, models.VerbNotSolved, models.NotSolved{}, models.TextText)
		require.Equal(t, models.StateInvestigating, s.c.State)
		require.Equal(t, []models.Reworked{{Cause: models.ReworkCustomer}}, of[models.Reworked](s.events))
	}
	s := atImplementing(t)
	require.Len(t, s.do(customer, models.VerbNotSolved, models.NotSolved{}, models.TextText), 1)
	require.Equal(t, models.StateImplementing, s.c.State)
}

func TestAnAnonymousCaseIsNotFollowedUpAndClosesSevenDaysAfterItsResult(t *testing.T) {
	t.Parallel()
	s := begin(t, anonymous).followUp()
	told := s.now
	require.Empty(t, attempts(s))
	require.Empty(t, s.c.Surveys)
	_, started := s.c.Latest(models.ClockCallback)
	require.False(t, started)
	s.until(told.Add(7 * day))
	require.Equal(t, models.StateFollowingUp, s.c.State)
	s.wait(us)
	require.Equal(t, models.StateClosed, s.c.State)
	require.Equal(t, models.CloseAnonymous, s.c.CloseReason)
	require.Equal(t, told.Add(7*day), s.events[len(s.events)-1].HappenedAt)
}

func TestARecordIsSealedWhenTheReopenWindowHasPassed(t *testing.T) {
	t.Parallel()
	s := closedBy(models.CloseSolved)(t)
	closed := s.now
	s.until(closed.Add(30 * day))
	require.Equal(t, models.StateClosed, s.c.State)
	s.wait(us)
	require.Equal(t, models.StateArchived, s.c.State)
	require.Equal(t, models.Archived{Cause: models.ArchiveWindow}, s.events[len(s.events)-1].Data)
	next, what := lifecycle.Agenda(s.c)
	require.Zero(t, next)
	require.Empty(t, what)

	s = closedBy(models.CloseSolved)(t)
	s.until(closed.Add(30 * day))
	s.do(supervisor, models.VerbReopen, models.Reopened{}, models.TextReason)
	require.Equal(t, models.StateInvestigating, s.c.State, "at the last instant of the window")

	s = closedBy(models.CloseSolved)(t)
	s.now = closed.Add(30*day + us)
	require.Equal(t, models.CodeUnlawful, s.refused(supervisor, models.VerbReopen, models.Reopened{}, models.TextReason).Code, "the archive came first")
}

func TestAReworkedCaseClosesAndArchivesByItsLastCycle(t *testing.T) {
	t.Parallel()
	s := closedBy(models.CloseSolved)(t)
	s.wait(29 * day)
	s.do(supervisor, models.VerbReopen, models.Reopened{}, models.TextReason)
	require.Zero(t, s.c.Milestones.ClosedAt)
	require.Empty(t, s.c.CloseReason)
	s.solve()
	s.callBack(models.CallbackReachedSolved, nil)
	closed := s.now
	s.until(closed.Add(30 * day))
	require.Equal(t, models.StateClosed, s.c.State)
}

func TestARecordIsSealedEarlyByARequestThatSomebodyElseGrants(t *testing.T) {
	t.Parallel()
	ask := func() *story {
		s := closedBy(models.CloseSolved)(t)
		s.do(head, models.VerbArchiveEarly, models.Requested{}, models.TextReason)
		return s
	}
	decide := func(s *story, granted bool) []models.Event {
		return s.do(supervisor, models.VerbDecide, models.Decided{Request: s.c.Requests[0].Seq, Granted: granted}, models.TextReason)
	}
	s := ask()
	events := decide(s, true)
	require.Equal(t, []models.Kind{models.KindDecided, models.KindArchived}, kinds(events))
	require.Equal(t, models.StateArchived, s.c.State)
	require.Equal(t, models.Archived{Cause: models.ArchiveRequest}, events[1].Data)
	require.Equal(t, models.ClockMet, s.run(models.ClockApproval).End)
	require.Equal(t, models.ClockCancelled, s.run(models.ClockSurvey).End, "a sealed record takes no answer")

	s = ask()
	events = decide(s, false)
	require.Equal(t, []models.Kind{models.KindDecided}, kinds(events))
	require.Equal(t, models.StateClosed, s.c.State)
	require.Empty(t, s.c.Requests)
	s.do(head, models.VerbArchiveEarly, models.Requested{}, models.TextReason) // may be asked again
	s.do(supervisor, models.VerbReopen, models.Reopened{}, models.TextReason)
	require.Empty(t, s.c.Requests, "a case that goes on is not archived")
	require.Equal(t, models.ClockCancelled, s.run(models.ClockApproval).End)
}

func TestEveryEndCancelsWhatIsOpenButTheSurvey(t *testing.T) {
	t.Parallel()
	for _, r := range []models.CloseReason{
		models.CloseSolved, models.CloseConfirmed, models.CloseNotReached, models.CloseAnonymous, models.CloseByHand,
	} {
		s := closedBy(r)(t)
		for _, run := range s.c.Runs {
			require.Equal(t, run.Clock == models.ClockSurvey, run.Running(), "%s while closed %s", run.Key, r)
		}
		require.Empty(t, s.c.Alerts)
		require.False(t, s.c.Callback.Open)
	}
}

func TestTheWorldIsToldWhatItMustKnow(t *testing.T) {
	t.Parallel()
	told := map[string]int{}
	tell := func(s *story) {
		at := lifecycle.Case{ID: s.c.ID}
		for _, e := range s.events {
			at = lifecycle.Evolve(at, e)
			for _, effect := range lifecycle.Effects(at, e) {
				switch f := effect.(type) {
				case lifecycle.Tell:
					require.Contains(t, lifecycle.Templates(), f.Template)
					require.True(t, f.Customer || f.Person != "" || f.Department != "" || len(f.Roles) > 0, "%+v goes to nobody", f)
					told[f.Template]++
				case lifecycle.OfferSurvey:
					told[lifecycle.TellSurvey]++ // its link goes with the offer
				case lifecycle.PlaceCallback:
					told[lifecycle.TellCallback]++ // so does the script
				case lifecycle.SealArchive, lifecycle.Relay:
				}
			}
		}
	}
	s := atInvestigating(t, important)
	s.reply()
	s.do(customer, models.VerbMessage, models.Messaged{Channel: models.ChannelWeb}, models.TextText)
	s.propose()
	s.do(executive, models.VerbReject, models.Rejected{}, models.TextReason)
	s.solve()
	s.answer(1)
	s.solve()
	s.callBack(models.CallbackReachedSolved, nil)
	s.do(head, models.VerbArchiveEarly, models.Requested{}, models.TextReason)
	s.wait(9 * time.Hour)
	decided := s.do(supervisor, models.VerbDecide, models.Decided{Request: s.c.Requests[0].Seq, Granted: true}, models.TextReason)
	require.Equal(t, []lifecycle.Effect{lifecycle.Tell{Template: lifecycle.TellDecided, Person: head.ID}}, lifecycle.Effects(s.c, decided[0]))
	tell(s)
	s = begin(t)
	for _, v := range []models.Verb{models.VerbTellInterim, models.VerbTellProgress, models.VerbUrge, models.VerbPromiseContact} {
		cmd, _ := lawfully(s, v)
		if d, is := cmd.Data.(models.ProgressTold); is {
			d.Channel = models.ChannelEmail
			cmd.Data = d
		}
		s.give(cmd)
	}
	s.wait(2 * day) // the contact that was promised does not come
	s.dispatch()
	s.accept()
	s.giveTask("sales")
	s.do(head, models.VerbExtend, models.Requested{Until: s.now.Add(9 * day)}, models.TextReason)
	s.do(supervisor, models.VerbDecide, models.Decided{Request: s.c.Seq, Granted: true}, models.TextReason)
	tell(s)
	for _, end := range otherEnds {
		tell(end(investigated)(t))
	}
	s, alert := alarmed(t)
	s.do(manager, models.VerbHandOver, models.HandedOver{Alert: alert.Key, Person: handler.ID}, models.TextReason)
	tell(s)
	s = atFollowingUp(t)
	s.wait(2 * day)
	tell(s)
	for _, template := range lifecycle.Templates() {
		require.Positive(t, told[template], "nobody is ever sent %q", template)
	}
}
