package lifecycle_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/lifecycle"
	"recourse/models"
)

// alarmed is an urgent case of repairs whose alert at once is out: to be acknowledged within 15 minutes.
func alarmed(t require.TestingT) (s *story, alert lifecycle.Alert) {
	s = begin(t)
	s.dispatch(func(d *models.Dispatched) { d.Severity = models.SeverityUrgent })
	s.wait(us)
	return s, s.c.Alerts[0]
}

// climbedTo are the instants, counted from Monday at ten, at which an alert climbed that nobody acknowledged.
func climbedTo(events []models.Event) (after []time.Duration) {
	for _, e := range of[models.Escalated](events) {
		if e.Follows != "" {
			after = append(after, e.DueAt.Sub(monday))
		}
	}
	return after
}

func TestASnoozedAlertClimbsWhenItsTimeIsOver(t *testing.T) {
	t.Parallel()
	s, alert := alarmed(t)
	s.wait(10 * time.Minute)
	s.do(manager, models.VerbSnooze, models.Snoozed{Alert: alert.Key, Until: monday.Add(40 * time.Minute)}, models.TextReason)
	events := s.until(monday.Add(50 * time.Minute))
	require.Equal(t, []time.Duration{40 * time.Minute}, climbedTo(events))
	require.Equal(t, []models.Role{models.RoleExecutive}, of[models.Escalated](slices.DeleteFunc(events, func(e models.Event) bool {
		d, is := e.Data.(models.Escalated)
		return !is || d.Follows == ""
	}))[0].Roles)
}

func TestASnoozedAlertThatIsAcknowledgedGoesNowhere(t *testing.T) {
	t.Parallel()
	s, alert := alarmed(t)
	s.do(manager, models.VerbSnooze, models.Snoozed{Alert: alert.Key, Until: monday.Add(40 * time.Minute)}, models.TextReason)
	s.wait(30 * time.Minute)
	s.do(head, models.VerbAcknowledge, models.Acknowledged{Alert: alert.Key})
	require.Empty(t, climbedTo(s.wait(10*day)))
}

func TestASnoozeHoldsUpNoRungOfTheClock(t *testing.T) {
	t.Parallel()
	s, alert := alarmed(t)
	s.do(manager, models.VerbSnooze, models.Snoozed{Alert: alert.Key, Until: monday.Add(time.Hour)}, models.TextReason)
	require.Equal(t, []climbed{{30 * time.Minute, "handler "}}, climb(models.ClockFirstResponse, s.until(monday.Add(time.Hour))))
}

func TestASnoozeIsBounded(t *testing.T) {
	t.Parallel()
	s, alert := alarmed(t)
	for name, tt := range map[string]struct {
		until time.Duration
	}{
		"before it climbs":             {15 * time.Minute},
		"past the target of its clock": {time.Hour + us},
	} {
		e := s.refused(manager, models.VerbSnooze, models.Snoozed{Alert: alert.Key, Until: alert.AckBy.Add(tt.until - 15*time.Minute - us)}, models.TextReason)
		require.Equal(t, models.CodeInvalid, e.Code, name)
		require.Equal(t, "/until", e.Field, name)
	}
	wish := models.Snoozed{Alert: alert.Key, Until: monday.Add(20 * time.Minute)}
	require.Equal(t, "/reason", s.refused(manager, models.VerbSnooze, wish).Field)
	require.Equal(t, models.CodeForbidden, s.refused(handler, models.VerbSnooze, wish, models.TextReason).Code, "it went to those above")
	s.do(manager, models.VerbSnooze, wish, models.TextReason)
	wish.Until = wish.Until.Add(time.Minute)
	require.Equal(t, models.CodeConflict, s.refused(manager, models.VerbSnooze, wish, models.TextReason).Code, "once")
}

func TestASnoozeIsAsLongAsThePolicyAllows(t *testing.T) {
	t.Parallel()
	s := begin(t, important)
	s.until(monday.Add(8*time.Hour + us)) // the target of the first response: two hours to acknowledge
	alert := s.c.Alerts[slices.IndexFunc(s.c.Alerts, func(a lifecycle.Alert) bool { return !a.AckBy.IsZero() })]
	snooze := func(after time.Duration) models.Snoozed {
		return models.Snoozed{Alert: alert.Key, Until: s.now.Add(after)}
	}
	e := s.refused(manager, models.VerbSnooze, snooze(2*time.Hour), models.TextReason)
	require.Equal(t, models.CodeConflict, e.Code, "it climbs no sooner by itself")
	s.wait(time.Hour)
	require.Equal(t, "/until", s.refused(manager, models.VerbSnooze, snooze(2*time.Hour+us), models.TextReason).Field)
	s.do(manager, models.VerbSnooze, snooze(2*time.Hour), models.TextReason)
}

func TestNobodySnoozesWhatNeedsNoAcknowledgementOrWhatThePolicyForbids(t *testing.T) {
	t.Parallel()
	s := begin(t)
	s.until(monday.Add(4*time.Hour + 2*us))
	require.NotEmpty(t, s.c.Alerts)
	plain := models.Snoozed{Alert: s.c.Alerts[0].Key, Until: s.now.Add(time.Hour)}
	require.Equal(t, models.CodeConflict, s.refused(executive, models.VerbSnooze, plain, models.TextReason).Code)
	handed := models.HandedOver{Alert: plain.Alert, Person: manager.ID}
	require.Equal(t, models.CodeConflict, s.refused(executive, models.VerbHandOver, handed, models.TextReason).Code)

	s, alert := alarmed(t)
	s.amend = func(p *models.Plan) { p.SnoozeAtMost = 0 }
	wish := models.Snoozed{Alert: alert.Key, Until: monday.Add(20 * time.Minute)}
	require.Equal(t, models.CodeConflict, s.refused(manager, models.VerbSnooze, wish, models.TextReason).Code)
}

func TestALastAlertThatGoesNoFurtherIsNotSnoozed(t *testing.T) {
	t.Parallel()
	s, _ := alarmed(t)
	s.until(monday.Add(2 * time.Hour)) // four repetitions
	last := s.c.Alerts[slices.IndexFunc(s.c.Alerts, func(a lifecycle.Alert) bool { return a.Repeat == 4 })]
	e := s.refused(executive, models.VerbSnooze, models.Snoozed{Alert: last.Key, Until: s.now.Add(time.Hour)}, models.TextReason)
	require.Equal(t, models.CodeConflict, e.Code)
	require.Contains(t, e.Message, "no further up")
}

func TestAHandedOverAlertIsAcceptedOrItClimbs(t *testing.T) {
	t.Parallel()
	give := func() (*story, string) {
		s, alert := alarmed(t)
		s.wait(10 * time.Minute)
		events := s.do(manager, models.VerbHandOver, models.HandedOver{Alert: alert.Key, Person: handler.ID}, models.TextReason)
		require.Equal(t, []models.HandedOver{{Alert: alert.Key, Person: handler.ID, AcceptBy: s.now.Add(15 * time.Minute)}}, of[models.HandedOver](events))
		require.Equal(t, []lifecycle.Effect{lifecycle.Tell{Template: lifecycle.TellHandedOver, Person: handler.ID}}, lifecycle.Effects(s.c, events[0]))
		return s, alert.Key
	}
	s, _ := give()
	require.Equal(t, []time.Duration{25*time.Minute + us}, climbedTo(s.until(monday.Add(30*time.Minute))), "a window of its own, from the hand-over")

	s, key := give()
	s.do(handler, models.VerbAcknowledge, models.Acknowledged{Alert: key}) // to whom it never went as a rung
	require.Empty(t, climbedTo(s.wait(10*day)))

	s, key = give()
	s.do(head, models.VerbAcknowledge, models.Acknowledged{Alert: key}) // whoever it went to may still take it on
	require.Empty(t, climbedTo(s.wait(10*day)))

	s, key = give()
	s.do(handler, models.VerbSnooze, models.Snoozed{Alert: key, Until: monday.Add(40 * time.Minute)}, models.TextReason)
	require.Equal(t, []time.Duration{40 * time.Minute}, climbedTo(s.until(monday.Add(50*time.Minute))), "whoever has it may put it off")
}

func TestAnAlertIsHandedOverOnceToSomebodyElseWithAReason(t *testing.T) {
	t.Parallel()
	s, alert := alarmed(t)
	to := func(person string) models.HandedOver { return models.HandedOver{Alert: alert.Key, Person: person} }
	require.Equal(t, "/person", s.refused(manager, models.VerbHandOver, to(""), models.TextReason).Field)
	require.Equal(t, "/person", s.refused(manager, models.VerbHandOver, to(manager.ID), models.TextReason).Field)
	require.Equal(t, "/reason", s.refused(manager, models.VerbHandOver, to(handler.ID)).Field)
	require.Equal(t, models.CodeForbidden, s.refused(handler, models.VerbHandOver, to(head.ID), models.TextReason).Code)
	s.do(supervisor, models.VerbRestrict, models.Restricted{Named: []string{"nob"}}, models.TextReason)
	require.Equal(t, "/person", s.refused(manager, models.VerbHandOver, to("nob"), models.TextReason).Field, "whom it is about")
	s.do(manager, models.VerbHandOver, to(handler.ID), models.TextReason)
	require.Equal(t, models.CodeConflict, s.refused(manager, models.VerbHandOver, to(head.ID), models.TextReason).Code, "twice")
}

func TestTheRowOfAnAlertTellsOfSnoozeAndHandOver(t *testing.T) {
	t.Parallel()
	s, alert := alarmed(t)
	until := monday.Add(40 * time.Minute)
	s.do(manager, models.VerbSnooze, models.Snoozed{Alert: alert.Key, Until: until}, models.TextReason)
	require.Equal(t, []models.AlertChange{{CaseID: "c-1", Key: alert.Key, AckBy: until, SnoozedBy: manager.ID}}, s.recorded[len(s.recorded)-1].Changed)
	s.do(manager, models.VerbHandOver, models.HandedOver{Alert: alert.Key, Person: handler.ID}, models.TextReason)
	change := s.recorded[len(s.recorded)-1].Changed[0]
	require.Equal(t, []string{handler.ID, manager.ID}, []string{change.HandedTo, change.HandedBy})
}
