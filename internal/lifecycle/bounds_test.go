package lifecycle_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/lifecycle"
	"recourse/models"
)

// milestones says for each clock how to make it run and how to reach its milestone.
var milestones = []struct {
	clock models.Clock
	lead  func(require.TestingT) *story
	reach func(*story)
}{
	{models.ClockTriage, onRecord, func(s *story) { s.dispatch() }},
	{models.ClockAcceptance, func(t require.TestingT) *story { return atDispatched(t) }, func(s *story) { s.accept() }},
	{models.ClockFirstResponse, onRecord, func(s *story) {
		s.do(supervisor, models.VerbReply, models.Replied{Channel: models.ChannelPhone}, models.TextText)
	}},
	{models.ClockFirstResponse, atSolutionReady, func(s *story) { s.tellSolution() }},
	{models.ClockFeedback, atSolutionReady, func(s *story) { s.tellSolution() }},
	{models.ClockApproval, atAwaitingApproval, func(s *story) { s.approve() }},
	{models.ClockApproval, atAwaitingApproval, func(s *story) {
		s.do(executive, models.VerbReject, models.Rejected{}, models.TextReason)
	}},
	{models.ClockApproval, askedBySupervisor, func(s *story) {
		s.do(another, models.VerbDecide, models.Decided{Request: earlyRequest}, models.TextReason)
	}},
	{models.ClockHandling, atImplementing, func(s *story) { s.resolve() }},
	{models.ClockResult, atResolved, func(s *story) { s.tellResult() }},
	{models.ClockCallback, atFollowingUp, func(s *story) { s.callBack(models.CallbackReachedSolved, nil) }},
	{models.ClockCallback, atFollowingUp, func(s *story) {
		s.do(quality, models.VerbRecordCallback, models.CallbackRecorded{Outcome: models.CallbackRefused, OtherChannel: true})
	}},
}

func atSolutionReady(t require.TestingT) *story {
	s := atInvestigating(t)
	s.propose()
	return s
}

func atAwaitingApproval(t require.TestingT) *story {
	s := atInvestigating(t, urgent)
	s.propose()
	return s
}

func TestAMilestoneAtItsDueInstantIsMetAndAMicrosecondLaterBreached(t *testing.T) {
	t.Parallel()
	for _, m := range milestones {
		for _, beside := range []time.Duration{-us, 0, us} {
			s := m.lead(t)
			due := s.run(m.clock)
			bound, at := due.Due()
			s.until(at.Add(beside))
			m.reach(s)
			r, known := s.c.Run(due.Key)
			require.True(t, known)
			if beside <= 0 {
				require.Equal(t, models.ClockMet, r.End, "%s at %s", m.clock, beside)
				require.False(t, r.Missed(bound))
			} else {
				require.Equal(t, models.ClockBreached, r.End, "%s at %s", m.clock, beside)
				require.True(t, r.Missed(bound))
			}
			require.Equal(t, s.now, r.EndedAt)
			for _, b := range of[models.Breached](s.events) {
				require.False(t, beside <= 0 && b.Run == due.Key, "%s at %s: %+v", m.clock, beside, b)
			}
		}
	}
}

func TestABreachIsStampedWithItsDueInstant(t *testing.T) {
	t.Parallel()
	s := begin(t)
	due := s.run(models.ClockTriage).Limit
	events := s.notice(due.Add(3 * time.Second))
	require.Equal(t, models.KindBreached, events[0].Kind)
	require.Equal(t, due, events[0].HappenedAt)
	require.Equal(t, due.Add(3*time.Second), events[0].DecidedAt)
	require.Equal(t, due, of[models.Breached](events)[0].DueAt)
}

func TestAnAnswerInTheIntakeCallStopsTheFirstResponse(t *testing.T) {
	t.Parallel()
	s := begin(t, func(o *models.Opened) { o.Answered = true })
	require.Equal(t, models.ClockMet, s.run(models.ClockFirstResponse).End)
	require.Equal(t, monday, s.c.Milestones.FirstReplyAt)
	require.True(t, s.run(models.ClockFeedback).Running())
}

func TestNothingButAnAnswerWithContentIsAFirstReply(t *testing.T) {
	t.Parallel()
	s := begin(t)
	s.do(supervisor, models.VerbLogContact, models.ContactLogged{Channel: models.ChannelPhone, Direction: models.DirectionOut, Held: true}, models.TextText)
	s.do(supervisor, models.VerbNote, models.Noted{Audience: models.AudienceCustomer}, models.TextText)
	s.do(customer, models.VerbMessage, models.Messaged{Channel: models.ChannelWeb}, models.TextText)
	s.dispatch()
	s.accept()
	require.True(t, s.run(models.ClockFirstResponse).Running())
	s.reply()
	require.Equal(t, models.ClockMet, s.run(models.ClockFirstResponse).End)
}

func TestAnUrgentFirstResponseIsBreachedAtItsTargetAndAgainAtItsLimit(t *testing.T) {
	t.Parallel()
	s := begin(t, urgent)
	r := s.run(models.ClockFirstResponse)
	require.Equal(t, monday.Add(time.Hour), r.Target)
	require.Equal(t, monday.Add(24*time.Hour), r.Limit, "the 24 h promise stands whatever the severity")

	s.until(r.Target.Add(us))
	require.True(t, s.run(models.ClockFirstResponse).TargetMissed)
	b, at := s.run(models.ClockFirstResponse).Due()
	require.Equal(t, models.BoundLimit, b)
	require.Equal(t, r.Limit, at)

	s.until(r.Limit)
	require.False(t, s.run(models.ClockFirstResponse).LimitMissed, "at the limit it is not passed")
	events := s.wait(us)
	require.True(t, s.run(models.ClockFirstResponse).LimitMissed)
	var limit []models.Escalated
	for _, e := range delivered(events) {
		if e.Clock == models.ClockFirstResponse {
			limit = append(limit, e)
		}
	}
	require.Len(t, limit, 1, "the second breach tells the executive once")
	require.Equal(t, models.BoundLimit, limit[0].Bound)
	require.Equal(t, models.RungLimit, limit[0].Rung)
	require.Equal(t, []models.Role{models.RoleExecutive}, limit[0].Roles)
	breaches := 0
	for _, b := range of[models.Breached](s.events) {
		if b.Run == r.Key {
			breaches++
		}
	}
	require.Equal(t, 2, breaches)
	for _, e := range of[models.Escalated](s.wait(5 * day)) {
		require.NotEqual(t, r.Key, e.Run, "the ladder never moves to the second bound")
	}
}

func TestTheLimitCountsHoweverShortTheTarget(t *testing.T) {
	t.Parallel()
	for severity, want := range map[models.Severity]struct{ response, feedback, handling time.Duration }{
		models.SeverityGeneral:   {0, 0, 7 * day},
		models.SeverityImportant: {8 * time.Hour, 0, 5 * day},
		models.SeverityUrgent:    {time.Hour, 24 * time.Hour, 3 * day},
	} {
		s := begin(t, func(o *models.Opened) { o.Severity = severity })
		span := func(k models.Clock) (target, limit time.Duration) {
			r := s.run(k)
			if !r.Target.IsZero() {
				target = r.Target.Sub(monday)
			}
			return target, r.Limit.Sub(monday)
		}
		target, limit := span(models.ClockFirstResponse)
		require.Equal(t, want.response, target, severity)
		require.Equal(t, 24*time.Hour, limit, severity)
		target, limit = span(models.ClockFeedback)
		require.Equal(t, want.feedback, target, severity)
		require.Equal(t, 48*time.Hour, limit, severity)
		_, limit = span(models.ClockHandling)
		require.Equal(t, want.handling, limit, severity)
	}
}

func TestARaisedSeverityCountsItsTargetFromTheRaising(t *testing.T) {
	t.Parallel()
	raise := func(after time.Duration, from func(*models.Opened), to models.Severity) *story {
		s := begin(t, from)
		s.wait(after)
		s.dispatch(func(d *models.Dispatched) { d.Severity = to })
		return s
	}
	general := func(*models.Opened) {}
	at := func(d time.Duration) time.Time { return monday.Add(d) }

	s := raise(2*time.Hour, general, models.SeverityUrgent)
	require.Equal(t, at(3*time.Hour), s.run(models.ClockFirstResponse).Target, "one hour from the raising")
	require.Equal(t, at(24*time.Hour), s.run(models.ClockFirstResponse).Limit, "the promise stays")
	require.Equal(t, at(26*time.Hour), s.run(models.ClockFeedback).Target)
	require.Equal(t, at(48*time.Hour), s.run(models.ClockFeedback).Limit)
	require.Equal(t, at(2*time.Hour+3*day), s.run(models.ClockHandling).Limit)
	require.Equal(t, at(2*time.Hour+30*time.Minute), s.run(models.ClockAcceptance).Target)

	s = raise(23*time.Hour+30*time.Minute, general, models.SeverityUrgent)
	require.Zero(t, s.run(models.ClockFirstResponse).Target, "never later than the present due")
	require.Equal(t, at(24*time.Hour), s.run(models.ClockFirstResponse).Limit)

	s = raise(5*day, general, models.SeverityUrgent)
	require.Equal(t, at(7*day), s.run(models.ClockHandling).Limit, "never later than the present due")

	s = raise(7*time.Hour+30*time.Minute, important, models.SeverityUrgent)
	require.Equal(t, at(8*time.Hour), s.run(models.ClockFirstResponse).Target, "never later than the present due")

	s = raise(9*time.Hour, important, models.SeverityUrgent)
	r := s.run(models.ClockFirstResponse)
	require.Equal(t, at(8*time.Hour), r.Target)
	require.True(t, r.TargetMissed, "a passed bound stays passed")

	s = raise(25*time.Hour, general, models.SeverityUrgent)
	r = s.run(models.ClockFirstResponse)
	require.Zero(t, r.Target)
	require.True(t, r.LimitMissed, "a passed bound stays passed")
	s.reply()
	require.Equal(t, models.ClockBreached, s.run(models.ClockFirstResponse).End)
}

func TestNoRungIsLateBecauseTheSeverityWasRaised(t *testing.T) {
	t.Parallel()
	for _, after := range []time.Duration{
		20 * time.Hour, // half the time to the new target at 21 h had passed by then
		25 * time.Hour, // so had the bound itself, which does not move
	} {
		s := begin(t)
		s.wait(after)
		s.dispatch(func(d *models.Dispatched) { d.Severity = models.SeverityUrgent })
		raised := s.now
		events := s.wait(us)
		require.Greater(t, len(delivered(events)), 1, "at once, and what the new ladder had behind it")
		for _, e := range of[models.Escalated](events) {
			require.Equal(t, raised, e.DueAt, "%s rung %d", e.Clock, e.Rung)
			require.Empty(t, e.LateReason)
		}
	}
}

func TestNoRungIsLateBecauseTheWorkOrderIsShort(t *testing.T) {
	t.Parallel()
	s := begin(t)
	s.wait(3 * time.Hour)
	s.dispatch(func(d *models.Dispatched) { d.HandlingDue = s.now.Add(time.Minute) })
	dispatched := s.now
	events := delivered(s.wait(us))
	require.Len(t, events, 1)
	require.Equal(t, dispatched, events[0].DueAt)
	require.Empty(t, events[0].LateReason)
}

func TestTheWorkOrderSetsTheHandlingDue(t *testing.T) {
	t.Parallel()
	s := begin(t)
	require.Equal(t, monday.Add(7*day), s.run(models.ClockHandling).Limit)
	s.dispatch(func(d *models.Dispatched) { d.HandlingDue = monday.Add(9*day + 500) })
	require.Equal(t, monday.Add(9*day), s.run(models.ClockHandling).Limit, "cut to microseconds")
	require.Equal(t, monday, s.run(models.ClockHandling).StartedAt)
	require.Equal(t, monday.Add(9*day), of[models.Dispatched](s.events)[0].HandlingDue)
	s.accept()
	require.Equal(t, monday.Add(9*day), s.run(models.ClockHandling).Limit)
}

func TestThreeWorkingDaysLeaveTheWeekendOut(t *testing.T) {
	t.Parallel()
	at := func(day, hour, minute int) time.Time {
		return time.Date(2026, time.March, day, hour, minute, 0, 0, zone).UTC()
	}
	for _, tt := range []struct{ told, due time.Time }{
		{at(2, 15, 0), at(5, 15, 0)},  // Monday to Thursday
		{at(4, 15, 0), at(9, 15, 0)},  // Wednesday to Monday
		{at(5, 15, 0), at(10, 15, 0)}, // Thursday to Tuesday
		{at(6, 15, 0), at(11, 15, 0)}, // Friday to Wednesday
		{at(7, 15, 0), at(12, 0, 0)},  // Saturday: from Monday 0:00, to the end of Wednesday
		{at(8, 23, 59), at(12, 0, 0)}, // Sunday as well
		{at(3, 0, 0), at(6, 0, 0)},    // midnight to midnight
	} {
		s := begin(t)
		s.dispatch()
		s.accept()
		s.propose()
		s.tellSolution()
		s.resolve()
		s.now = tt.told
		s.tellResult()
		require.Equal(t, tt.due, s.run(models.ClockCallback).Limit, "told at %s", tt.told.In(zone))
	}
}

func TestTotalCountsFromReceiptAndNeverRestarts(t *testing.T) {
	t.Parallel()
	s := begin(t).followUp()
	first := s.run(models.ClockTotal)
	require.Equal(t, models.ClockMet, first.End)
	s.callBack(models.CallbackReachedUnsolved, nil)
	require.True(t, s.run(models.ClockTotal).Running())
	s.wait(day)
	s.solve()
	again := s.run(models.ClockTotal)
	require.Equal(t, first.Key, again.Key)
	require.Equal(t, monday, again.StartedAt)
	require.Equal(t, s.c.Milestones.ResolvedAt, again.EndedAt)
	require.Equal(t, first.EndedAt, s.c.Milestones.FirstResolvedAt)
}

func TestAReworkRestartsFeedbackAndHandlingButNeverTheFirstResponse(t *testing.T) {
	t.Parallel()
	s := begin(t).followUp()
	s.wait(day)
	s.callBack(models.CallbackReachedUnsolved, nil)
	require.Equal(t, s.now.Add(48*time.Hour), s.run(models.ClockFeedback).Limit)
	require.Equal(t, s.now.Add(7*day), s.run(models.ClockHandling).Limit)
	require.Equal(t, 1, s.run(models.ClockFirstResponse).Cycle)
	require.Equal(t, 2, s.run(models.ClockFeedback).Cycle)
	require.Equal(t, 2, s.c.Cycle)
	require.Equal(t, 1, s.c.Reworks)
}

func TestEveryClockThatStartsCanBeStopped(t *testing.T) {
	t.Parallel()
	stopped := map[models.Clock]bool{
		models.ClockRecord: true, models.ClockSurvey: true, models.ClockTotal: true, // each has tests of its own
	}
	for _, m := range milestones {
		stopped[m.clock] = true
	}
	s := begin(t, urgent).followUp()
	for _, k := range models.Clocks() {
		_, started := s.c.Latest(k)
		require.Equal(t, started, stopped[k], k)
	}
}

func TestEveryVerbPutsAKnownKindOnRecordFirst(t *testing.T) {
	t.Parallel()
	for _, v := range models.Verbs() {
		require.Positive(t, lifecycle.KindOf(v).Version(), v)
	}
}
