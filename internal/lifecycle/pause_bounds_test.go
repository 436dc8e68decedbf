package lifecycle_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/calendar"
	"recourse/internal/lifecycle"
	"recourse/internal/policy"
	"recourse/models"
)

func (s *story) raise(to models.Severity) {
	help(s.t)
	s.do(supervisor, models.VerbReclassify, models.Reclassified{Severity: to}, reason...)
}

func (s *story) calm() {
	help(s.t)
	s.do(supervisor, models.VerbLowerSeverity, models.Requested{Severity: models.SeverityGeneral}, reason...)
	s.do(another, models.VerbDecide, models.Decided{Request: s.c.Seq, Granted: true}, reason...)
}

func (s *story) extend(to time.Time) {
	help(s.t)
	s.do(head, models.VerbExtend, models.Requested{Until: to}, reason...)
	s.do(supervisor, models.VerbDecide, models.Decided{Request: s.c.Seq, Granted: true}, reason...)
}

// hours is an instant so long after every story's beginning.
func hours(n float64) time.Time { return monday.Add(time.Duration(n * float64(time.Hour))) }

// turn is something that happens during a pause, so many hours after the complaint.
type turn struct {
	at float64
	do func(*story)
}

func raising(to models.Severity) func(*story) { return func(s *story) { s.raise(to) } }
func extending(toHour float64) func(*story)   { return func(s *story) { s.extend(hours(toHour)) } }
func opened(as models.Severity) func(*models.Opened) {
	return func(o *models.Opened) { o.Severity = as }
}

// pausedBounds says where the bounds of a clock stand after a pause in which they were set, in hours
// after the complaint; 0 is no bound.
var pausedBounds = []struct {
	name          string
	as            models.Severity
	reason        models.PauseReason
	from          float64
	turns         []turn
	until         float64
	clock         models.Clock
	target, limit float64
}{
	{"nothing set", models.SeverityGeneral, models.PauseOutside, 1, nil, 49, models.ClockHandling, 0, 168 + 48},
	{
		"raised in its middle: from the raising, and by what is left of the pause", models.SeverityGeneral, models.PauseOutside, 1,
		[]turn{{25, raising(models.SeverityUrgent)}},
		49, models.ClockHandling, 0, 25 + 72 + 24,
	},
	{
		"raised as it begins: by all of it", models.SeverityGeneral, models.PauseOutside, 1,
		[]turn{{1, raising(models.SeverityUrgent)}},
		49, models.ClockHandling, 0, 1 + 72 + 48,
	},
	{
		"raised as it ends: by nothing", models.SeverityGeneral, models.PauseOutside, 1,
		[]turn{{49, raising(models.SeverityUrgent)}},
		49, models.ClockHandling, 0, 49 + 72,
	},
	{
		"raised twice", models.SeverityGeneral, models.PauseOutside, 1,
		[]turn{{25, raising(models.SeverityImportant)}, {30, raising(models.SeverityUrgent)}},
		49, models.ClockHandling, 0, 30 + 72 + 19,
	},
	{
		"raised, and never later than the present due, which moved with the pause", models.SeverityGeneral, models.PauseOutside, 150,
		[]turn{{200, raising(models.SeverityUrgent)}},
		210, models.ClockHandling, 0, 168 + 60,
	},
	{
		"a shorter target comes into being, the limit moves by all of the pause", models.SeverityGeneral, models.PauseCustomer, 10,
		[]turn{{30, raising(models.SeverityUrgent)}},
		40, models.ClockFeedback, 30 + 24 + 10, 48 + 30,
	},
	{
		"a shorter target before a limit that moved with the pause", models.SeverityGeneral, models.PauseCustomer, 10,
		[]turn{{60, raising(models.SeverityUrgent)}},
		70, models.ClockFeedback, 60 + 24 + 10, 48 + 60,
	},
	{
		"extended in its middle: a promised instant, and by what is left of the pause", models.SeverityGeneral, models.PauseOutside, 1,
		[]turn{{25, extending(216)}},
		49, models.ClockHandling, 0, 216 + 24,
	},
	{
		"extended as it ends: the promised instant", models.SeverityGeneral, models.PauseOutside, 1,
		[]turn{{49, extending(240)}},
		49, models.ClockHandling, 0, 240,
	},
	{
		"extended, then raised", models.SeverityGeneral, models.PauseOutside, 1,
		[]turn{{25, extending(216)}, {30, raising(models.SeverityUrgent)}},
		49, models.ClockHandling, 0, 30 + 72 + 19,
	},
	{
		"lowered in its middle: from receipt, and by all of the pause", models.SeverityUrgent, models.PauseOutside, 1,
		[]turn{{25, (*story).calm}},
		49, models.ClockHandling, 0, 168 + 48,
	},
	{
		"lowered: the shorter target is no more, the limit moves by all of the pause", models.SeverityUrgent, models.PauseCustomer, 10,
		[]turn{{30, (*story).calm}},
		40, models.ClockFeedback, 0, 48 + 30,
	},
	{
		"raised, then lowered: from receipt again", models.SeverityGeneral, models.PauseOutside, 1,
		[]turn{{20, raising(models.SeverityUrgent)}, {30, (*story).calm}},
		49, models.ClockHandling, 0, 168 + 48,
	},
	{
		"lowered, then raised: from the raising", models.SeverityUrgent, models.PauseOutside, 1,
		[]turn{{20, (*story).calm}, {30, raising(models.SeverityUrgent)}},
		49, models.ClockHandling, 0, 30 + 72 + 19,
	},
}

func TestABoundSetDuringAPauseMovesByWhatIsLeftOfItAlone(t *testing.T) {
	t.Parallel()
	for _, tt := range pausedBounds {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := atInvestigating(t, opened(tt.as))
			s.until(hours(tt.from))
			s.pause(tt.reason, s.now.Add(3*day))
			for _, turn := range tt.turns {
				s.until(hours(turn.at))
				turn.do(s)
				require.NotZero(t, s.c.Pause.Seq)
			}
			s.until(hours(tt.until))
			s.do(head, models.VerbResume, models.Resumed{})
			s.standsAt(tt.clock, tt.target, tt.limit)
			require.Equal(t, hours(tt.until).Sub(hours(tt.from)), s.run(tt.clock).Paused)
		})
	}
}

// standsAt compares the bounds of a clock.
func (s *story) standsAt(k models.Clock, target, limit float64) {
	help(s.t)
	want := models.ClockSpan{Clock: k, StartedAt: monday, Limit: hours(limit)}
	if target > 0 {
		want.Target = hours(target)
	}
	require.Equal(s.t, want, s.run(k).ClockSpan)
}

func TestABoundSetDuringAPauseThatEndsByItselfMovesUpToThatEnd(t *testing.T) {
	t.Parallel()
	for _, late := range []time.Duration{us, 9 * time.Hour} { // noticed at once, or after an outage
		s := atInvestigating(t)
		s.until(hours(1))
		s.pause(models.PauseOutside, hours(49))
		s.until(hours(25))
		s.raise(models.SeverityUrgent)
		s.notice(hours(49).Add(late))
		s.standsAt(models.ClockHandling, 0, 25+72+24)
	}
}

func TestADueThatMovedWithThePauseIsNotExtendedToAnEarlierOne(t *testing.T) {
	t.Parallel()
	s := atInvestigating(t)
	s.until(hours(1))
	s.pause(models.PauseOutside, s.now.Add(3*day))
	s.until(hours(25))
	e := s.refused(head, models.VerbExtend, models.Requested{Until: hours(168 + 24)}, reason...)
	require.Equal(t, "/until", e.Field)
	require.Contains(t, e.Message, hours(168+24).Format(time.RFC3339), "the present due is a day later by now")
	s.do(head, models.VerbExtend, models.Requested{Until: hours(168 + 25)}, reason...)
	asked := s.c.Seq
	s.until(hours(26))
	s.do(supervisor, models.VerbDecide, models.Decided{Request: asked, Granted: true}, reason...)
	require.Empty(t, of[models.Extended](s.events), "the due moved that far by itself")
}

func TestAMilestoneReachedInAPauseIsJudgedByTheBoundSetInIt(t *testing.T) {
	t.Parallel()
	s := atInvestigating(t)
	s.until(hours(10))
	s.pause(models.PauseCustomer, s.now.Add(3*day))
	s.until(hours(20))
	s.raise(models.SeverityUrgent)
	s.until(hours(80)) // long after the target of 44 h, which waits
	s.tellInterim(day)
	require.Equal(t, models.ClockMet, s.run(models.ClockFeedback).End)
}

// workingDays gives the callback amounts of its own for each severity.
func workingDays(general, important, urgent int) func(*models.Plan) {
	amount := func(n int) models.Amount {
		return models.Amount{Of: time.Duration(n) * day, Calendar: models.CalendarWorking}
	}
	return func(p *models.Plan) {
		for i, rule := range p.Clocks {
			if rule.Clock == models.ClockCallback {
				p.Clocks[i].Limit = models.BySeverity{General: amount(general), Important: amount(important), Urgent: amount(urgent)}
			}
		}
	}
}

// march is an instant of March 2026 in the company's zone, counted on into the months behind it; the
// second is a Monday.
func march(day, hour int) time.Time {
	return time.Date(2026, time.March, day, hour, 0, 0, 0, zone).UTC()
}

func TestABoundInWorkingDaysSetDuringAPauseMovesByWhatIsLeftOfItAlone(t *testing.T) {
	t.Parallel()
	s := begin(t)
	s.amend = workingDays(9, 3, 2)
	s.followUp() // on Monday at 10:40: due on Friday of the week after
	require.Equal(t, march(13, 10).Add(40*time.Minute), s.dueOf(models.ClockCallback))
	s.until(march(3, 10))
	s.do(supervisor, models.VerbPause, models.Paused{Reason: models.PauseWish, Until: s.now.Add(3 * day)}, reason...)
	s.until(march(4, 10))
	s.raise(models.SeverityImportant) // three working days from Wednesday: Monday
	require.Equal(t, march(9, 10), s.dueOf(models.ClockCallback))
	s.until(march(6, 9))
	s.do(supervisor, models.VerbResume, models.Resumed{})
	require.Equal(t, march(11, 9), s.dueOf(models.ClockCallback), "and a day and 23 hours, the weekend apart")
}

// workingDue counts so much working time from an instant, in steps of ten minutes: on weekdays that are
// no holidays of China, and on the weekends that it works.
func workingDue(t *testing.T, from time.Time, left time.Duration) time.Time {
	t.Helper()
	const step = 10 * time.Minute
	china, err := calendar.HolidaysOf("CN")
	require.NoError(t, err)
	for left > 0 {
		d := calendar.DateOf(from, zone)
		_, off := china.Off[d]
		_, works := china.Work[d]
		if weekend := d.Weekday() == time.Saturday || d.Weekday() == time.Sunday; works || !weekend && !off {
			left -= step
		}
		from = from.Add(step)
	}
	return from
}

// leftOfTheCall is what is left of three working days on Tuesday at three, when the result was told on
// Monday at 10:40.
const leftOfTheCall = 3*day - 28*time.Hour - 20*time.Minute

func TestAPauseOfAnyLengthMovesAClockOfWorkingDaysExactly(t *testing.T) {
	t.Parallel()
	for _, days := range []int{1, 5, 30, 61, 62, 63, 64, 90, 100, 150, 400} {
		s := atFollowingUp(t)
		s.until(march(3, 15))
		s.do(head, models.VerbLongPause, models.Requested{Pause: models.PauseWish, Until: s.now.Add(500 * day)}, reason...)
		s.do(supervisor, models.VerbDecide, models.Decided{Request: s.c.Seq, Granted: true}, reason...)
		s.wait(time.Duration(days) * day)
		s.do(supervisor, models.VerbResume, models.Resumed{})
		require.Equal(t, workingDue(t, s.now, leftOfTheCall), s.dueOf(models.ClockCallback), "%d days", days)
	}
}

func TestALongPauseThatEndsByItselfMovesAClockOfWorkingDaysExactly(t *testing.T) {
	t.Parallel()
	s := atFollowingUp(t)
	s.until(march(3, 15))
	end := s.now.Add(100 * day)
	s.do(head, models.VerbLongPause, models.Requested{Pause: models.PauseWish, Until: end}, reason...)
	s.do(supervisor, models.VerbDecide, models.Decided{Request: s.c.Seq, Granted: true}, reason...)
	s.wait(80 * day)
	s.c.Plan = policy.Default(zone).Plan(s.now, s.zone, lifecycle.RulesVersion()) // the shell refreshes it
	s.notice(end.Add(us))
	require.Equal(t, workingDue(t, end, leftOfTheCall), s.dueOf(models.ClockCallback))
}
