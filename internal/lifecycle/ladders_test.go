package lifecycle_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/lifecycle"
	"recourse/models"
)

// on picks the alerts of one clock.
func on(k models.Clock, alerts []models.Escalated) []models.Escalated {
	return slices.DeleteFunc(slices.Clone(alerts), func(e models.Escalated) bool { return e.Clock != k })
}

// climbed lists when each alert of a clock was due, counted from Monday at ten, and to whom it went.
type climbed struct {
	after time.Duration
	roles string
}

func climb(k models.Clock, events []models.Event) []climbed {
	var all []climbed
	for _, e := range on(k, of[models.Escalated](events)) {
		var roles strings.Builder
		for _, r := range e.Roles {
			roles.WriteString(string(r) + " ")
		}
		all = append(all, climbed{e.DueAt.Sub(monday), roles.String()})
	}
	return all
}

func TestEachSeverityClimbsItsOwnLadder(t *testing.T) {
	t.Parallel()
	const h, m = time.Hour, time.Minute
	for severity, want := range map[models.Severity][]climbed{
		models.SeverityGeneral: {{18 * h, "handler "}, {24 * h, "department_head "}, {36 * h, "escalation_manager "}},
		models.SeverityImportant: {
			{4 * h, "handler "},
			{6 * h, "department_head "},
			{8 * h, "escalation_manager "},
			{10*h + us, "executive "}, // nobody acknowledged in two hours
			{24 * h, "executive "},    // the promise
		},
		models.SeverityUrgent: {
			{0, "department_head escalation_manager "},
			{15*m + us, "executive "},
			{30 * m, "handler "},
			{30*m + 2*us, "executive "},
			{45*m + 3*us, "executive "},
			{h, "executive "},
			{h + 4*us, "executive "},
			{24 * h, "executive "},
		},
	} {
		s := begin(t, func(o *models.Opened) { o.Severity = severity })
		require.Equal(t, want, climb(models.ClockFirstResponse, s.wait(10*day)), severity)
	}
}

func TestAnAlertSaysItsWaysOnlyWhereTheyAreNotTheUsualOnes(t *testing.T) {
	t.Parallel()
	by := []models.AlertWay{models.WaySMS}
	s := begin(t, urgent)
	for l := range s.c.Plan.Ladders {
		s.c.Plan.Ladders[l].Rungs = slices.Clone(s.c.Plan.Ladders[l].Rungs)
		for r, rung := range s.c.Plan.Ladders[l].Rungs {
			if rung.AtOnce {
				s.c.Plan.Ladders[l].Rungs[r].By = by
			}
		}
	}
	seen := map[bool]int{}
	for _, e := range s.wait(day) {
		alert, is := e.Data.(models.Escalated)
		if !is {
			continue
		}
		named := alert.Rung == models.RungAtOnce
		seen[named]++
		body, err := models.Canonical(e)
		require.NoError(t, err)
		if named {
			require.Equal(t, by, alert.By, "also its repetitions")
			require.Equal(t, 2, e.Version)
			continue
		}
		require.Equal(t, 1, e.Version, "as written before there were ways")
		require.NotContains(t, string(body), `"by"`)
	}
	require.Greater(t, seen[true], 1)
	require.Positive(t, seen[false])
}

func TestTheStepLadderOfEachSeverity(t *testing.T) {
	t.Parallel()
	const h, m = time.Hour, time.Minute
	for severity, want := range map[models.Severity][]climbed{
		models.SeverityGeneral:   {{4 * h, "department_head "}, {8 * h, "escalation_manager "}},
		models.SeverityImportant: {{h, "department_head "}, {2 * h, "escalation_manager "}, {4 * h, "executive "}},
		models.SeverityUrgent:    {{15 * m, "escalation_manager "}, {30 * m, "executive "}, {4 * h, "executive "}},
	} {
		s := begin(t, func(o *models.Opened) { o.Severity = severity })
		require.Equal(t, want, climb(models.ClockTriage, s.wait(10*day)), severity)
	}
}

func TestAcknowledgingStopsTheClimb(t *testing.T) {
	t.Parallel()
	s := begin(t, urgent)
	s.wait(us)
	require.Len(t, s.c.Alerts, 1)
	s.do(manager, models.VerbAcknowledge, models.Acknowledged{Alert: s.c.Alerts[0].Key})
	for _, e := range of[models.Escalated](s.wait(10 * day)) {
		require.Empty(t, e.Follows, "%+v", e)
	}
}

func TestAMilestoneStopsTheClimb(t *testing.T) {
	t.Parallel()
	s := begin(t, urgent)
	s.wait(20 * time.Minute)
	require.Len(t, on(models.ClockFirstResponse, delivered(s.events)), 2)
	s.do(supervisor, models.VerbReply, models.Replied{Channel: models.ChannelPhone}, models.TextText)
	require.Empty(t, slices.DeleteFunc(slices.Clone(s.c.Alerts), func(a lifecycle.Alert) bool { return a.Run != s.run(models.ClockFirstResponse).Key }))
	require.Empty(t, on(models.ClockFirstResponse, of[models.Escalated](s.wait(10*day))))
}

func TestAnImportantAlertIsAcknowledgedInTwoHoursOrTheExecutiveIsToldEarlyAndOnce(t *testing.T) {
	t.Parallel()
	due := 8 * time.Hour
	executives := func(s *story) (all []climbed) {
		for _, c := range climb(models.ClockFirstResponse, s.events) {
			if c.roles == "executive " && c.after < 24*time.Hour {
				all = append(all, c)
			}
		}
		return all
	}
	s := begin(t, important)
	s.wait(10 * day)
	require.Len(t, executives(s), 1)
	require.Equal(t, due+2*time.Hour+us, executives(s)[0].after, "two hours after delivery")

	s = begin(t, important)
	s.wait(due + us)
	manager2h := s.c.Alerts[slices.IndexFunc(s.c.Alerts, func(a lifecycle.Alert) bool { return !a.AckBy.IsZero() })]
	s.until(manager2h.AckBy)
	s.do(manager, models.VerbAcknowledge, models.Acknowledged{Alert: manager2h.Key})
	s.wait(10 * day)
	require.Equal(t, []climbed{{due + 4*time.Hour, "executive "}}, executives(s), "acknowledged at the last instant, it goes by its own time")
}

func TestTheAtOnceAlertGoesOutOncePerCase(t *testing.T) {
	t.Parallel()
	atOnce := func(events []models.Event) int {
		return len(slices.DeleteFunc(of[models.Escalated](events), func(e models.Escalated) bool {
			return e.Rung != models.RungAtOnce || e.Repeat > 0
		}))
	}
	s := begin(t, urgent)
	s.followUp()
	s.callBack(models.CallbackReachedUnsolved, nil)
	s.wait(10 * day)
	require.Equal(t, 1, atOnce(s.events))

	s = begin(t)
	s.wait(time.Hour)
	s.dispatch(func(d *models.Dispatched) { d.Severity = models.SeverityUrgent })
	events := s.wait(us)
	require.Equal(t, 1, atOnce(events), "a case that becomes urgent is alerted then")
	require.Equal(t, monday.Add(time.Hour), of[models.Escalated](events)[0].DueAt)
}

func TestALateLetterEscalatesAtOnceAndSaysWhyItIsLate(t *testing.T) {
	t.Parallel()
	s := begin(t, letter(30*time.Hour))
	received := monday.Add(-30 * time.Hour)
	require.Equal(t, models.ClockBreached, s.run(models.ClockRecord).End)
	require.Equal(t, []models.Breached{
		{Run: "1/record/1", Clock: models.ClockRecord, Bound: models.BoundLimit, DueAt: received.Add(24 * time.Hour)},
	}, of[models.Breached](s.events))
	require.Equal(t, received, s.events[0].HappenedAt)
	require.Equal(t, monday, s.events[0].DecidedAt, "both instants are shown")

	events := s.notice(monday.Add(time.Second))
	require.Contains(t, of[models.Breached](events), models.Breached{
		Run: "1/first_response/1", Clock: models.ClockFirstResponse, Bound: models.BoundLimit, DueAt: received.Add(24 * time.Hour),
	})
	alerts := on(models.ClockFirstResponse, of[models.Escalated](events))
	require.Len(t, alerts, 2)
	require.True(t, alerts[0].Superseded, "three quarters of the time")
	require.False(t, alerts[1].Superseded, "the promise itself: %+v", alerts[1])
	require.Equal(t, []models.Role{models.RoleDepartmentHead}, alerts[1].Roles)
	for _, a := range alerts {
		require.Equal(t, models.LateRecorded, a.LateReason)
		require.Equal(t, s.now.Sub(a.DueAt), a.LateBy)
	}
	require.Empty(t, on(models.ClockRecord, of[models.Escalated](events)), "no rung after its milestone")
}

func TestALetterOnRecordAfterExactlyADayIsInTime(t *testing.T) {
	t.Parallel()
	require.Empty(t, of[models.Breached](begin(t, letter(24*time.Hour)).events))
	require.Len(t, of[models.Breached](begin(t, letter(24*time.Hour+us)).events), 1)
	answered := func(o *models.Opened) { o.Answered = true }
	require.Len(t, of[models.Breached](begin(t, letter(24*time.Hour+us), answered).events), 2, "the reply was late as well")
}

func TestAfterAnOutageOnlyTheHighestRungOfAClockIsDelivered(t *testing.T) {
	t.Parallel()
	s := begin(t, important)
	s.dispatch()
	s.until(monday.Add(3 * time.Hour))
	events := s.outage(6 * time.Hour) // from three hours to nine: rungs at 4, 6 and 8 h
	alerts := on(models.ClockFirstResponse, of[models.Escalated](events))
	require.Len(t, alerts, 3, "every rung that fell due is on record")
	up := monday.Add(9 * time.Hour)
	for i, a := range alerts {
		require.Equal(t, i < 2, a.Superseded)
		require.Equal(t, models.LateOutage, a.LateReason)
		require.Equal(t, up.Sub(a.DueAt), a.LateBy)
	}
	require.Equal(t, up.Add(2*time.Hour), alerts[2].AckBy, "the time to acknowledge counts from delivery")
	require.Zero(t, alerts[0].AckBy)

	executive := on(models.ClockFirstResponse, of[models.Escalated](s.wait(2*time.Hour+us)))
	require.Len(t, executive, 1)
	require.Equal(t, up.Add(2*time.Hour), executive[0].DueAt)
	require.Equal(t, alerts[2].Alert, executive[0].Follows)
}

func TestAnUnacknowledgedAlertClimbsOneStepPerOutage(t *testing.T) {
	t.Parallel()
	s := begin(t, urgent)
	s.wait(us)
	events := s.outage(25 * time.Minute) // two quarters of an hour fell due at most
	repeats := slices.DeleteFunc(of[models.Escalated](events), func(e models.Escalated) bool { return e.Repeat == 0 })
	require.Len(t, repeats, 1)
	require.Equal(t, s.now.Add(15*time.Minute), repeats[0].AckBy)
	require.Equal(t, models.LateOutage, repeats[0].LateReason)
}

func TestAnAlertWithinAMinuteIsNotLate(t *testing.T) {
	t.Parallel()
	for late, want := range map[time.Duration]models.LateReason{time.Minute: "", time.Minute + us: models.LateOutage} {
		s := begin(t)
		events := s.notice(s.run(models.ClockTriage).Limit.Add(late))
		require.Equal(t, want, of[models.Escalated](events)[0].LateReason)
	}
}

func TestWhatIsNoLongerOnTheAgendaDoesNotHappen(t *testing.T) {
	t.Parallel()
	s := begin(t, urgent)
	s.wait(us)
	_, what := lifecycle.Agenda(s.c)
	before := s.c
	s.do(manager, models.VerbAcknowledge, models.Acknowledged{Alert: s.c.Alerts[0].Key})
	s.do(supervisor, models.VerbReply, models.Replied{Channel: models.ChannelPhone}, models.TextText)
	for _, due := range what {
		require.NotEmpty(t, lifecycle.Fire(before, due, due.At.Add(us)), "%+v", due)
		if due.Clock == models.ClockFirstResponse {
			require.Empty(t, lifecycle.Fire(s.c, due, due.At.Add(us)), "%+v", due)
		}
	}
}

func TestThePromisesOfEveryCaseAreOnItsAgenda(t *testing.T) {
	t.Parallel()
	for _, severity := range models.Severities() {
		s := begin(t, func(o *models.Opened) { o.Severity = severity })
		_, what := lifecycle.Agenda(s.c)
		promised := map[models.Clock]time.Time{}
		for _, due := range what {
			if due.Promise() {
				promised[due.Clock] = due.At
			}
		}
		require.Equal(t, map[models.Clock]time.Time{
			models.ClockFirstResponse: monday.Add(24 * time.Hour), models.ClockFeedback: monday.Add(48 * time.Hour),
		}, promised, severity)
	}
}

func TestARestartIsOnRecord(t *testing.T) {
	t.Parallel()
	s := begin(t)
	before := bare(t, s.c)
	s.record(lifecycle.Restart(s.c, models.RestartTerminated, s.now.Add(time.Hour)))
	last := s.events[len(s.events)-1]
	require.Equal(t, models.Restarted{Cause: models.RestartTerminated}, last.Data)
	require.Equal(t, models.StateReceived, s.c.State)
	require.NotEqual(t, before, bare(t, s.c), "it has a sequence of its own")
}

func TestAnAtOnceAlertThatWasOvertakenInTheSameInstantIsNotLateInTheNextCycle(t *testing.T) {
	t.Parallel()
	s := begin(t, urgent) // every step in the microsecond of the intake: no promise is left to hang the alert on
	s.dispatch()
	s.accept()
	s.propose()
	s.approve()
	s.tellSolution()
	s.resolve()
	s.tellResult()
	s.wait(day)
	s.callBack(models.CallbackReachedUnsolved, nil)
	alerts := delivered(s.wait(us))
	require.Len(t, alerts, 1)
	require.Equal(t, models.RungAtOnce, alerts[0].Rung)
	require.Equal(t, monday.Add(day), alerts[0].DueAt)
}
