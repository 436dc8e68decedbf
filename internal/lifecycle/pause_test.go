package lifecycle_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/models"
)

// dueOf returns the limit of the latest run of a clock.
func (s *story) dueOf(k models.Clock) time.Time {
	help(s.t)
	return s.run(k).Limit
}

func TestAPauseMovesTheBoundsOfItsClocksByExactlyTheTimeItTook(t *testing.T) {
	t.Parallel()
	for reason, moves := range map[models.PauseReason][]models.Clock{
		models.PauseCustomer: {models.ClockFeedback, models.ClockHandling, models.ClockTask},
		models.PauseOutside:  {models.ClockHandling, models.ClockTask},
	} {
		s := withTask(models.StateInvestigating)(t)
		s.wait(time.Hour)
		before := map[models.Clock]time.Time{}
		for _, r := range s.c.Runs {
			before[r.Clock] = r.Limit
		}
		s.pause(reason, s.now.Add(2*day))
		s.wait(day + 17*us)
		s.do(head, models.VerbResume, models.Resumed{})
		for _, r := range s.c.Runs {
			want := before[r.Clock]
			for _, k := range moves {
				if r.Clock == k {
					want = want.Add(day + 17*us)
					require.Equal(t, day+17*us, r.Paused, "%s %s", reason, k)
				}
			}
			require.Equal(t, want, r.Limit, "%s %s", reason, r.Clock)
		}
	}
}

func TestAWishedPauseMovesTheCallbackByOpenTimeOfItsCalendar(t *testing.T) {
	t.Parallel()
	s := atFollowingUp(t) // on a Monday: due on Thursday
	due := s.dueOf(models.ClockCallback)
	s.until(time.Date(2026, time.March, 5, 0, 0, 0, 0, zone))
	s.do(supervisor, models.VerbPause, models.Paused{Reason: models.PauseWish, Until: s.now.Add(3 * day)}, reason...)
	s.wait(3 * day) // Thursday and Friday are working days, Saturday is none
	s.do(supervisor, models.VerbResume, models.Resumed{})
	require.Equal(t, due.Add(4*day), s.dueOf(models.ClockCallback), "two working days later: from Thursday to Monday")
}

func TestNothingIsBreachedOrAlertedWhileItsClockIsPaused(t *testing.T) {
	t.Parallel()
	s := atInvestigating(t)
	s.reply()
	s.until(monday.Add(40 * time.Hour))
	s.pause(models.PauseCustomer, s.now.Add(3*day))
	for _, e := range s.wait(3 * day) {
		require.NotContains(t, []models.Kind{models.KindBreached, models.KindEscalated}, e.Kind)
	}
	require.Empty(t, of[models.Breached](s.wait(8*time.Hour)), "at its bound it is not passed")
	events := s.wait(us)
	require.Equal(t, []models.Breached{{
		Run: s.run(models.ClockFeedback).Key, Clock: models.ClockFeedback, Bound: models.BoundLimit, DueAt: monday.Add(48*time.Hour + 3*day),
	}}, of[models.Breached](events))
}

func TestABreachedBoundStaysBreachedThroughAPause(t *testing.T) {
	t.Parallel()
	s := atInvestigating(t)
	s.reply()
	s.until(monday.Add(49 * time.Hour))
	r := s.run(models.ClockFeedback)
	require.True(t, r.LimitMissed)
	s.pause(models.PauseCustomer, s.now.Add(2*day))
	s.wait(day)
	resumed := s.now
	s.do(head, models.VerbResume, models.Resumed{})
	require.Equal(t, r.Limit, s.dueOf(models.ClockFeedback))
	for _, e := range on(models.ClockFeedback, of[models.Escalated](s.wait(2*day))) {
		require.False(t, e.DueAt.Before(resumed), "no rung lies in the pause")
		require.Empty(t, e.LateReason, "a pause is not the system's fault")
	}
	s.propose()
	s.tellSolution()
	require.Equal(t, models.ClockBreached, s.run(models.ClockFeedback).End)
}

func TestAPauseEndsByItselfWhenItHasLastedAsLongAsItMay(t *testing.T) {
	t.Parallel()
	for _, late := range []time.Duration{us, 5 * time.Hour} { // noticed at once, or after an outage
		s := atInvestigating(t)
		s.wait(time.Hour)
		due := s.dueOf(models.ClockHandling)
		s.pause(models.PauseOutside, s.now.Add(day))
		end := s.now.Add(day)
		events := s.notice(end.Add(late))
		require.Contains(t, of[models.Resumed](events), models.Resumed{Cause: models.ResumeExpired})
		require.Zero(t, s.c.Pause.Seq)
		require.Equal(t, due.Add(day), s.dueOf(models.ClockHandling), "an outage is not time paused")
		require.Equal(t, day, s.run(models.ClockHandling).Paused)
	}
}

func TestWhateverMovesTheCaseOrComesFromTheCustomerResumesItFirst(t *testing.T) {
	t.Parallel()
	for verb, want := range map[models.Verb]models.ResumeCause{
		models.VerbMessage:   models.ResumeCustomer,
		models.VerbNotSolved: models.ResumeCustomer,
		models.VerbPropose:   models.ResumeMoved,
		models.VerbTransfer:  models.ResumeMoved,
		models.VerbWithdraw:  models.ResumeMoved,
		models.VerbMerge:     models.ResumeMoved,
		models.VerbNote:      "",
		models.VerbAssign:    "",
		models.VerbGiveTask:  "",
		models.VerbUrge:      "",
	} {
		s := paused(t)
		s.wait(time.Hour)
		cmd, not := lawfully(s, verb)
		require.Empty(t, not)
		events := s.give(cmd)
		if want == "" {
			require.NotZero(t, s.c.Pause.Seq, verb)
			require.Empty(t, of[models.Resumed](events), verb)
			continue
		}
		require.Zero(t, s.c.Pause.Seq, verb)
		require.Equal(t, models.Resumed{Cause: want}, events[0].Data, verb)
		require.Equal(t, models.System(), events[0].Actor)
		require.Equal(t, cmd.ID, events[0].Command)
		require.Equal(t, time.Hour, s.run(models.ClockHandling).Paused)
	}
}

func TestARefusedMoveResumesNothing(t *testing.T) {
	t.Parallel()
	s := paused(t)
	require.Equal(t, "/measures", s.refused(head, models.VerbPropose, models.Proposed{}, models.TextSolution).Field)
	require.NotZero(t, s.c.Pause.Seq)
}

func TestAMilestoneReachedWhilePausedIsJudgedByWhereTheClockStood(t *testing.T) {
	t.Parallel()
	s := atInvestigating(t)
	s.reply()
	s.until(monday.Add(40 * time.Hour))
	s.pause(models.PauseCustomer, s.now.Add(2*day))
	s.wait(day)
	s.tellInterim(day)
	r := s.run(models.ClockFeedback)
	require.Equal(t, models.ClockMet, r.End, "40 of 48 hours had passed")
	require.Equal(t, day, r.Paused)
	require.NotZero(t, s.c.Pause.Seq, "the case still waits")
	require.NotZero(t, s.run(models.ClockHandling).PausedAt)
}

func TestTwoClocksStartedInOneInstantAreNotMistakenForEachOther(t *testing.T) {
	t.Parallel()
	s := atInvestigating(t)
	for _, due := range []time.Duration{time.Hour, day} {
		s.do(head, models.VerbGiveTask, models.TaskGiven{Department: "sales", Due: s.now.Add(due)}, models.TextText)
	}
	short, long := s.c.Runs[len(s.c.Runs)-2], s.c.Runs[len(s.c.Runs)-1]
	s.wait(2 * time.Hour)
	s.pause(models.PauseOutside, s.now.Add(day))
	s.wait(time.Hour)
	s.do(head, models.VerbResume, models.Resumed{})
	after, _ := s.c.Run(short.Key)
	require.Equal(t, short.Limit, after.Limit, "it was breached before the pause")
	after, _ = s.c.Run(long.Key)
	require.Equal(t, long.Limit.Add(time.Hour), after.Limit)
}

func TestALongPauseIsGrantedBySomebodyElse(t *testing.T) {
	t.Parallel()
	s := longPause(t)
	events := s.do(supervisor, models.VerbDecide, models.Decided{Request: askedFor, Granted: true}, reason...)
	require.Equal(t, []models.Kind{models.KindDecided, models.KindPaused}, kinds(events))
	require.Equal(t, monday.Add(10*day), s.c.Pause.Until)
	due := s.dueOf(models.ClockHandling)
	s.wait(10*day + us)
	require.Equal(t, due.Add(10*day), s.dueOf(models.ClockHandling))

	s = longPause(t)
	s.do(supervisor, models.VerbDecide, models.Decided{Request: askedFor}, reason...)
	require.Zero(t, s.c.Pause.Seq)
}
