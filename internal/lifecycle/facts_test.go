package lifecycle_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/lifecycle"
	"recourse/models"
)

// fact is what figures read of the first cycle of the story's case.
func (s *story) fact() models.Fact {
	help(s.t)
	facts := lifecycle.Facts(s.c).Facts
	require.NotEmpty(s.t, facts)
	return facts[0]
}

// levers are those pulled so far.
func (s *story) levers() []models.Lever { return lifecycle.Facts(s.c).Levers }

func TestWhoeverHasTheCaseWhenItsLimitPassesIsResponsible(t *testing.T) {
	t.Parallel()
	moved := func(at time.Duration) *story {
		s := atInvestigating(t)
		s.until(monday.Add(at))
		s.do(head, models.VerbTransfer, models.Transferred{Department: "service"}, models.TextReason)
		return s
	}
	f := moved(47 * time.Hour).fact()
	require.Equal(t, repairs, f.Response.Department, "its limit passed a day before the transfer")
	require.Equal(t, handler.ID, f.Response.Person)
	require.Equal(t, "service", f.Feedback.Department, "an hour is left to them")
	require.Empty(t, f.Feedback.Person)
	require.Nil(t, f.Feedback.EndedAt)

	s := moved(48*time.Hour + us)
	require.Equal(t, repairs, s.fact().Feedback.Department, "a microsecond after the limit it is not theirs any more")
	s.do(s.head(), models.VerbAccept, models.Accepted{})
	s.do(s.head(), models.VerbTellInterim, models.InterimTold{Channel: models.ChannelEmail, Until: s.now.Add(day)}, models.TextText)
	f = s.fact()
	require.Equal(t, repairs, f.Feedback.Department, "and stays so however it ends")
	require.Equal(t, models.ClockBreached, f.Feedback.End)
	require.Equal(t, 48*time.Hour+us, f.Feedback.Gross)
	require.True(t, f.Late && f.Interim)

	s = atInvestigating(t)
	s.wait(time.Hour)
	s.reply()
	s.wait(time.Hour)
	s.do(head, models.VerbTransfer, models.Transferred{Department: "service"}, models.TextReason)
	f = s.fact()
	require.Equal(t, [2]string{repairs, handler.ID}, [2]string{f.Response.Department, f.Response.Person}, "whoever had it when it was answered")
	require.Equal(t, "service", f.Handling.Department)
}

func TestARequiredStepIsMissingOnceItIsOwedAndNotBefore(t *testing.T) {
	t.Parallel()
	s := atInvestigating(t)
	s.wait(time.Hour)
	require.Zero(t, s.fact().Missing, "nothing is owed yet")
	s.propose()
	require.Equal(t, models.StepContact, s.fact().Missing, "nobody spoke with the customer")
	s.wait(us)
	s.logContact(models.DirectionOut, true)
	require.Equal(t, models.StepContact, s.fact().Missing, "too late is missing")

	for what, talk := range map[string]func(*story){
		"a reply":         func(s *story) { s.reply() },
		"a call they got": func(s *story) { s.logContact(models.DirectionOut, true) },
		"a call of theirs": func(s *story) {
			s.logContact(models.DirectionIn, true)
		},
		"progress": func(s *story) {
			s.do(handler, models.VerbTellProgress, models.ProgressTold{Channel: models.ChannelEmail}, models.TextText)
		},
		"an interim answer": func(s *story) { s.tellInterim(day) },
	} {
		s := atInvestigating(t)
		s.wait(time.Hour)
		talk(s)
		s.propose()
		require.Zero(t, s.fact().Missing, what)
	}
	for what, silence := range map[string]func(*story){
		"nobody took the call": func(s *story) { s.logContact(models.DirectionOut, false) },
		"a date is no talk": func(s *story) {
			s.do(handler, models.VerbPromiseContact, models.ContactPromised{At: s.now.Add(day)})
		},
	} {
		s := atInvestigating(t)
		s.wait(time.Hour)
		silence(s)
		s.propose()
		require.Equal(t, models.StepContact, s.fact().Missing, what)
	}
}

func (s *story) logContact(d models.Direction, held bool) {
	help(s.t)
	s.do(handler, models.VerbLogContact, models.ContactLogged{Channel: models.ChannelPhone, Direction: d, Held: held}, models.TextText)
}

func TestACustomerHearsOfTheWorkEveryThreeDays(t *testing.T) {
	t.Parallel()
	waited := func(d time.Duration) models.Steps {
		s := atInvestigating(t)
		s.wait(time.Hour)
		s.reply()
		s.wait(d)
		s.logContact(models.DirectionOut, true)
		return s.fact().Missing
	}
	require.Zero(t, waited(3*day), "three days are three days")
	require.Equal(t, models.StepProgress, waited(3*day+us))

	s := atInvestigating(t)
	s.wait(3*day + us)
	s.reply()
	require.Equal(t, models.StepProgress, s.fact().Missing, "it counts from the receipt")

	s = atInvestigating(t)
	s.logContact(models.DirectionOut, true)
	s.wait(2 * day)
	s.pause(models.PauseCustomer, s.now.Add(2*day))
	s.wait(2 * day)
	s.do(head, models.VerbResume, models.Resumed{})
	s.wait(day)
	s.reply()
	require.Equal(t, 5*day, s.now.Sub(monday), "of which two were the customer's")
	require.Zero(t, s.fact().Missing)
	s.wait(3*day + us)
	s.propose()
	require.Equal(t, models.StepProgress, s.fact().Missing)

	s = atFollowingUp(t)
	s.wait(4 * day)
	require.NotEqual(t, models.StepProgress, s.fact().Missing&models.StepProgress, "it is resolved")
}

func TestACallbackByAnOutsiderAndTheWholeResultAreOwedByTheClosing(t *testing.T) {
	t.Parallel()
	const contact = models.StepContact // atFollowingUp never asked
	require.Equal(t, contact|models.StepCallback, closedBy(models.CloseByHand)(t).fact().Missing)
	for _, reason := range []models.CloseReason{models.CloseSolved, models.CloseConfirmed, models.CloseNotReached, models.CloseAnonymous} {
		require.Equal(t, contact, closedBy(reason)(t).fact().Missing, reason)
	}
	s := begin(t)
	s.settle()
	s.do(supervisor, models.VerbClose, models.Closed{}, models.TextReason)
	f := s.fact()
	require.Equal(t, models.StepCallback, f.Missing, "settled at the first contact: the callback is owed all the same")
	require.True(t, f.Settled)

	events := closedBy(models.CloseSolved)(t).events
	for i, e := range events {
		if d, is := e.Data.(models.ResultTold); is {
			d.Thanks = false
			events[i].Data = d
		}
		if e.Kind == models.KindProposed {
			events[i].Texts = nil
		}
	}
	require.Equal(t, contact|models.StepResult, lifecycle.Facts(lifecycle.Fold(events)).Facts[0].Missing)

	events = begin(t, important).followUp().events
	require.Equal(t, contact, lifecycle.Facts(lifecycle.Fold(events)).Facts[0].Missing)
	for i, e := range events {
		if e.Kind == models.KindProposed {
			events[i].Texts = nil
		}
	}
	require.Equal(t, contact|models.StepMinutes, lifecycle.Facts(lifecycle.Fold(events)).Facts[0].Missing)
}

func TestALeverNamesWhoPulledItWhoseTheCaseWasAndTheBell(t *testing.T) {
	t.Parallel()
	s := atInvestigating(t)
	bell := 24*time.Hour - 24*time.Hour/10 // of the first response
	s.until(monday.Add(bell - us))
	s.pause(models.PauseOutside, s.now.Add(time.Hour))
	s.until(monday.Add(bell))
	s.do(head, models.VerbTransfer, models.Transferred{Department: "service"}, models.TextReason)
	levers := s.levers()
	require.Len(t, levers, 2)
	require.Equal(t, models.LeverPause, levers[0].Kind)
	require.False(t, levers[0].Bell, "a microsecond before the bell")
	require.Equal(t, [2]string{head.ID, repairs}, [2]string{levers[0].Person, levers[0].Department})
	require.Equal(t, models.LeverTransfer, levers[1].Kind)
	require.True(t, levers[1].Bell)
	require.Equal(t, [2]string{head.ID, repairs}, [2]string{levers[1].Person, levers[1].Department}, "whose it was before")
	require.Equal(t, monday, *levers[1].Since)
	require.Equal(t, monday.Add(24*time.Hour), *levers[1].Bound)

	s = atInvestigating(t, important)
	s.do(head, models.VerbLowerSeverity, models.Requested{Severity: models.SeverityGeneral}, models.TextReason)
	s.do(supervisor, models.VerbDecide, models.Decided{Request: s.c.Seq, Granted: true}, models.TextReason)
	s.do(head, models.VerbExtend, models.Requested{Until: monday.Add(9 * day)}, models.TextReason)
	s.do(another, models.VerbDecide, models.Decided{Request: s.c.Seq, Granted: true}, models.TextReason)
	s.do(supervisor, models.VerbNotAccept, models.Requested{}, models.TextReason)
	s.do(another, models.VerbDecide, models.Decided{Request: s.c.Seq, Granted: true}, models.TextReason)
	s.do(supervisor, models.VerbReopen, models.Reopened{}, models.TextReason)
	require.Equal(t, [][2]string{
		{"downgrade", head.ID}, {"extension", head.ID}, {"refusal", supervisor.ID}, {"rework", supervisor.ID},
	}, pullers(s.levers()), "whoever asked, not whoever granted it")

	s = atInvestigating(t)
	s.wait(2 * time.Hour)
	cmd := s.command(handler, models.VerbTellInterim, models.InterimTold{Channel: models.ChannelEmail, Until: s.now.Add(day)}, models.TextText)
	cmd.HappenedAt = s.now.Add(-time.Hour)
	s.give(cmd)
	require.Equal(t, [][2]string{{"interim", handler.ID}}, pullers(s.levers()), "an hour later is not backdated")
	cmd = s.command(handler, models.VerbReply, models.Replied{Channel: models.ChannelEmail}, models.TextText)
	cmd.HappenedAt = s.now.Add(-time.Hour - us)
	s.give(cmd)
	s.do(quality, models.VerbReclassify, models.Reclassified{Attribution: models.AttributionService}, models.TextReason)
	s.do(quality, models.VerbReclassify, models.Reclassified{Attribution: models.AttributionInstitutional}, models.TextReason)
	s.propose()
	s.tellSolution()
	s.resolve() // and leaves the attribution out
	require.Equal(t, [][2]string{
		{"interim", handler.ID}, {"backdating", handler.ID}, {"attribution", quality.ID}, {"attribution", handler.ID},
	}, pullers(s.levers()))
}

func TestABoundThatWaitsComesNoNearer(t *testing.T) {
	t.Parallel()
	s := atInvestigating(t)
	s.reply()
	s.until(monday.Add(40 * time.Hour))
	s.pause(models.PauseCustomer, s.now.Add(3*day))
	s.wait(2 * day)
	s.do(head, models.VerbTransfer, models.Transferred{Department: "service"}, models.TextReason) // which resumes it first
	s.until(monday.Add(48*time.Hour + 2*day - 4*time.Hour))
	s.tellInterim(day)
	levers := s.levers()
	require.Equal(t, models.LeverTransfer, levers[1].Kind)
	require.False(t, levers[1].Bell, "eight hours are left after two days of waiting, as before them")
	require.Equal(t, monday.Add(48*time.Hour+2*day), *levers[1].Bound)
	require.True(t, levers[2].Bell)

	s = atInvestigating(t)
	s.reply()
	s.until(monday.Add(40 * time.Hour))
	s.pause(models.PauseCustomer, s.now.Add(3*day))
	s.wait(2 * day)
	s.do(quality, models.VerbReclassify, models.Reclassified{Cause: models.CauseProcess}, models.TextReason)
	s.do(quality, models.VerbReclassify, models.Reclassified{Cause: models.CauseAttitude}, models.TextReason)
	levers = s.levers()
	require.False(t, levers[1].Bell, "it waits")
	require.Equal(t, monday.Add(2*day), *levers[1].Since)
	require.Equal(t, monday.Add(48*time.Hour+2*day), *levers[1].Bound)
}

func pullers(levers []models.Lever) (who [][2]string) {
	for _, l := range levers {
		who = append(who, [2]string{string(l.Kind), l.Person})
	}
	return who
}

func TestALimitIsKnownAsIfTheClockHadNeverWaited(t *testing.T) {
	t.Parallel()
	s := atInvestigating(t)
	s.logContact(models.DirectionOut, true)
	require.Nil(t, s.fact().Feedback.Unpaused)
	for range 2 {
		s.wait(time.Hour)
		s.pause(models.PauseCustomer, s.now.Add(5*time.Hour))
		s.wait(5 * time.Hour)
		s.do(head, models.VerbResume, models.Resumed{})
	}
	f := s.fact()
	require.Equal(t, monday.Add(58*time.Hour), *f.Feedback.Limit)
	require.Equal(t, monday.Add(48*time.Hour), *f.Feedback.Unpaused)
	require.Nil(t, f.Response.Unpaused, "it never waits")
	require.Equal(t, monday.Add(7*day), *f.Handling.Unpaused)
	s.extend(monday.Add(9 * day))
	f = s.fact()
	require.Equal(t, monday.Add(9*day), *f.Handling.Limit)
	require.Equal(t, monday.Add(9*day), *f.Handling.Unpaused, "a date is a date")
}

func TestTheScoresThatCountAreTheCallbacksUntilASurveyGivesOthers(t *testing.T) {
	t.Parallel()
	s := atFollowingUp(t)
	s.callBack(models.CallbackReachedSolved, &models.Scores{Result: 3, Speed: 2})
	f := s.fact()
	require.Equal(t, models.AnswerCallback, f.AnsweredBy)
	called := s.now
	require.Equal(t, called, *f.AnsweredAt)
	s.wait(time.Hour)
	s.do(customer, models.VerbAnswerSurvey, models.SurveyAnswered{SurveyCycle: 1, Scores: models.Scores{Result: 5, Recommend: new(0)}})
	f = s.fact()
	require.Equal(t, models.AnswerSurvey, f.AnsweredBy)
	require.Equal(t, s.now, *f.AnsweredAt)
	require.Equal(t, [4]int{0, 5, 2, 0}, [4]int{f.Process, f.Result, f.Speed, f.Attitude})
	require.Equal(t, 0, *f.Recommend, "nought is a score too")

	s = atFollowingUp(t)
	s.callBack(models.CallbackReachedSolved, &models.Scores{Result: 3})
	s.wait(time.Hour)
	s.do(customer, models.VerbAnswerSurvey, models.SurveyAnswered{SurveyCycle: 1, Scores: models.Scores{Process: 4}})
	f = s.fact()
	require.Equal(t, models.AnswerCallback, f.AnsweredBy, "the answer that counts gave the result")
	require.Equal(t, [2]int{4, 3}, [2]int{f.Process, f.Result}, "what it left out is not lost")
}

func TestTheWhilesOfACaseAreCutByOwnersCyclesAndPauses(t *testing.T) {
	t.Parallel()
	s := begin(t, letter(3*time.Hour), func(o *models.Opened) { o.Channel = models.ChannelEmail })
	s.wait(time.Hour)
	s.dispatch()
	s.wait(time.Hour)
	s.accept()
	s.wait(time.Hour)
	s.pause(models.PauseOutside, s.now.Add(time.Hour))
	s.outage(3 * time.Hour)
	s.solve()
	s.callBack(models.CallbackReachedUnsolved, nil)
	var whiles []string
	for _, o := range lifecycle.Facts(s.c).Ownerships {
		until := "…"
		if o.Until != nil {
			until = o.Until.Sub(o.From).String()
		}
		whiles = append(whiles, o.Department+" "+o.Person+" "+string(o.Pause)+" "+until)
	}
	require.Equal(t, []string{
		"   4h0m0s", "repairs hal  2h0m0s", "repairs hal waiting_for_others 1h0m0s", "repairs hal  2h40m0s", "repairs hal  …",
	}, whiles)
}

// What lies in every snapshot must be small.
func TestTheTrailOfACommonCaseIsSmall(t *testing.T) {
	t.Parallel()
	s := atInvestigating(t)
	s.reply()
	s.solve()
	s.callBack(models.CallbackReachedSolved, &models.Scores{Result: 5})
	whole, err := json.Marshal(s.c)
	require.NoError(t, err)
	trail, err := json.Marshal(s.c.Trail)
	require.NoError(t, err)
	t.Logf("the trail is %d of %d bytes of the snapshot", len(trail), len(whole))
	require.Less(t, len(trail), 800)
}

func TestACaseWithoutATrailGetsNoneAndSaysSo(t *testing.T) {
	t.Parallel()
	s := atInvestigating(t)
	s.c.Trail = lifecycle.Trail{}
	s.reply()
	require.False(t, s.c.Traced())
	rec := s.recorded[len(s.recorded)-1]
	require.True(t, rec.Untraced)
	require.Empty(t, rec.FactRows)
}
