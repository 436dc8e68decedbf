package lifecycle_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"recourse/internal/lifecycle"
	"recourse/internal/policy"
	"recourse/models"
)

// variant is the policy as shipped with other amounts, as another version.
func variant(version string, change func(r *models.ClockRule)) policy.Policy {
	p := policy.Default(zone)
	p.Version = version
	for i := range p.Clocks {
		change(&p.Clocks[i])
	}
	return p
}

// times multiplies every limit and target of a rule.
func times(percent time.Duration) func(*models.ClockRule) {
	by := func(a *models.Amount) { a.Of = a.Of / 100 * percent }
	return func(r *models.ClockRule) {
		for _, b := range []*models.BySeverity{&r.Limit, &r.Target} {
			by(&b.General)
			by(&b.Important)
			by(&b.Urgent)
		}
	}
}

// versions are the policies that cases are moved between.
var versions = []policy.Policy{
	policy.Default(zone), variant("half", times(50)), variant("double", times(200)),
	variant("working", func(r *models.ClockRule) {
		if r.Clock == models.ClockHandling || r.Clock == models.ClockFeedback {
			r.Limit.General.Calendar, r.Limit.Important.Calendar, r.Limit.Urgent.Calendar = "working", "working", "working"
		}
	}),
	variant("without targets", func(r *models.ClockRule) { r.Target = models.BySeverity{} }),
}

// planOf is what a version says at an instant.
func planOf(version string, at time.Time) models.Plan {
	i := slices.IndexFunc(versions, func(p policy.Policy) bool { return p.Version == version })
	return versions[max(i, 0)].Plan(at, zone.String(), lifecycle.RulesVersion())
}

// adjust lets an adjustment come over the story's case.
func (s *story) adjust(d models.DeadlinesMoved) []models.Event {
	help(s.t)
	events, err := s.adjustOrNot(d)
	require.NoError(s.t, err)
	return events
}

func (s *story) adjustOrNot(d models.DeadlinesMoved) ([]models.Event, error) {
	help(s.t)
	d.Adjustment, d.By = "b-1", "ops"
	version := s.c.Policy()
	if d.Policy != "" {
		version = d.Policy
	}
	if d.Undoes != 0 {
		version = models.Plan{}.Policy
		if s.c.Moved != nil {
			version = s.c.Moved.Under
		}
		if version == "" {
			version = s.c.Opened.Policy
		}
	}
	cmd := s.command(models.System(), models.VerbMoveDeadlines, d)
	plan := planOf(version, s.now)
	events, err := lifecycle.Decide(s.c, cmd, plan, s.now)
	if err == nil {
		s.record(events)
		s.c.Plan = plan
	}
	return events, err
}

// adjustedBounds says where the bounds of a clock go when the case comes under another version, in hours
// after the complaint; 0 is no bound. Story begins on a Monday, 09:00.
var adjustedBounds = []struct {
	name          string
	as            models.Severity
	before        func(*story)
	at            float64
	to            string
	grace         time.Duration
	clock         models.Clock
	target, limit float64
	late          bool // a breach follows at once
}{
	{name: "the limit halves", at: 1, to: "half", clock: models.ClockFirstResponse, limit: 12},
	{name: "the limit doubles", at: 1, to: "double", clock: models.ClockFirstResponse, limit: 48},
	{name: "target and limit halve", as: models.SeverityUrgent, at: 0.2, to: "half", clock: models.ClockFirstResponse, target: 0.5, limit: 12},
	{name: "the target goes", as: models.SeverityUrgent, at: 0.2, to: "without targets", clock: models.ClockFirstResponse, limit: 24},
	{name: "it lies in the past: late at once", at: 13, to: "half", clock: models.ClockFirstResponse, limit: 12, late: true},
	{name: "with grace it does not", at: 13, to: "half", grace: 2 * time.Hour, clock: models.ClockFirstResponse, limit: 15},
	{name: "grace never makes it later than it was", at: 23, to: "half", grace: 2 * time.Hour, clock: models.ClockFirstResponse, limit: 24},
	{name: "grace leaves alone what comes later anyway", at: 1, to: "half", grace: 2 * time.Hour, clock: models.ClockFeedback, limit: 24},
	{name: "once passed, it stays passed", at: 25, to: "double", clock: models.ClockFirstResponse, limit: 24},
	{name: "raised severity: counted from the raising", before: func(s *story) {
		s.wait(2 * time.Hour)
		s.raise(models.SeverityUrgent)
	}, at: 2.1, to: "half", clock: models.ClockFirstResponse, target: 2.5, limit: 12},
	{name: "an extension stays", before: func(s *story) {
		s.solveTo(models.StateInvestigating)
		s.extend(hours(300))
	}, at: 1, to: "half", clock: models.ClockHandling, limit: 300},
	{name: "a pause before it is kept", before: func(s *story) {
		s.solveTo(models.StateInvestigating)
		s.until(hours(10))
		s.do(supervisor, models.VerbPause, models.Paused{Reason: models.PauseOutside, Until: hours(30)}, reason...)
		s.until(hours(20))
		s.do(supervisor, models.VerbResume, models.Resumed{}, reason...)
	}, at: 21, to: "half", clock: models.ClockHandling, limit: 84 + 10},
	{name: "seven working days for seven days", at: 1, to: "working", clock: models.ClockHandling, limit: 9*24 - 0},
}

func (s *story) solveTo(state models.State) {
	help(s.t)
	s.dispatch()
	if state == models.StateInvestigating {
		s.accept()
	}
}

func TestAnAdjustmentMovesBoundsWhereTheVersionHasThem(t *testing.T) {
	t.Parallel()
	for _, tt := range adjustedBounds {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			as := tt.as
			if as == "" {
				as = models.SeverityGeneral
			}
			s := begin(t, opened(as))
			if tt.before != nil {
				tt.before(s)
			}
			s.until(hours(tt.at))
			s.adjust(models.DeadlinesMoved{Policy: tt.to, Grace: tt.grace})
			at := func(h float64) time.Time {
				if h == 0 {
					return time.Time{}
				}
				return hours(h)
			}
			r := s.run(tt.clock)
			require.Equal(t, [2]string{at(tt.target).String(), at(tt.limit).String()}, [2]string{r.Target.String(), r.Limit.String()})
			late := slices.ContainsFunc(s.notice(s.now.Add(us)), func(e models.Event) bool {
				b, is := e.Data.(models.Breached)
				return is && b.Clock == tt.clock
			})
			require.Equal(t, tt.late, late)
			require.Equal(t, tt.to, s.c.Policy())
		})
	}
}

func TestWhatACommandBroughtFromBeforeTheMoveDoesNotBringTheOldPolicyBack(t *testing.T) {
	t.Parallel()
	s := begin(t)
	stale := s.plan()
	s.adjust(models.DeadlinesMoved{Policy: "half"})
	cmd := s.command(intake, models.VerbDispatch, models.Dispatched{Department: repairs, Supervising: "service", Severity: models.SeverityGeneral}, models.TextObjective)
	require.Equal(t, "half", s.c.PlanFor(cmd, stale).Policy)
	require.Equal(t, "half", s.c.PlanFor(cmd, models.Plan{}).Policy)
}

func TestMoreTimeMovesWhatMayMove(t *testing.T) {
	t.Parallel()
	s := atInvestigating(t)
	day := models.Amount{Of: 24 * time.Hour}
	before := s.run(models.ClockHandling).Limit
	s.adjust(models.DeadlinesMoved{Later: day, Clocks: []models.Clock{models.ClockHandling}})
	require.Equal(t, before.Add(24*time.Hour), s.run(models.ClockHandling).Limit)
	for _, k := range []models.Clock{models.ClockFirstResponse, models.ClockFeedback, models.ClockNextContact, models.ClockTotal} {
		_, err := s.adjustOrNot(models.DeadlinesMoved{Later: day, Clocks: []models.Clock{models.ClockHandling, k}})
		refusal, is := err.(*models.Error) //nolint:errorlint // the kernel's own
		require.True(t, is, k)
		require.Equal(t, "/clocks/1", refusal.Field)
	}
	_, err := s.adjustOrNot(models.DeadlinesMoved{Later: day, Clocks: []models.Clock{models.ClockCallback}})
	require.Equal(t, models.CodeConflict, models.CodeOf(err), "nothing to move")
}

func TestABreachThatAChangeBroughtIsTakenBackWithItAndSignalledOnce(t *testing.T) {
	t.Parallel()
	s := atInvestigating(t)
	s.until(hours(13))
	s.adjust(models.DeadlinesMoved{Policy: "half"})
	moved := s.c.Moved.Seq
	s.notice(s.now.Add(us))
	require.True(t, s.run(models.ClockFirstResponse).LimitMissed)
	require.True(t, s.c.EverLate)
	s.adjust(models.DeadlinesMoved{Undoes: moved})
	require.False(t, s.run(models.ClockFirstResponse).LimitMissed, "it is not late by the bound it has again")
	require.False(t, s.c.EverLate)
	require.Equal(t, hours(24), s.run(models.ClockFirstResponse).Limit)
	s.until(hours(80))
	keys := map[string]int{}
	for _, e := range s.events {
		if d, is := e.Data.(models.Escalated); is {
			keys[d.Alert]++
			require.Equal(t, 1, keys[d.Alert], d.Alert)
		}
	}
	require.True(t, s.run(models.ClockFirstResponse).LimitMissed, "the old bound passes as it would have")
}

func TestWhoAnsweredInTimeBeforeAChangeIsInTimeAfterItIsTakenBack(t *testing.T) {
	t.Parallel()
	s := atInvestigating(t)
	s.until(hours(11))
	s.adjust(models.DeadlinesMoved{Policy: "half"})
	moved := s.c.Moved.Seq
	s.until(hours(14))
	s.reply()
	require.Equal(t, models.ClockBreached, s.run(models.ClockFirstResponse).End)
	s.adjust(models.DeadlinesMoved{Undoes: moved})
	require.Equal(t, models.ClockMet, s.run(models.ClockFirstResponse).End)
	require.Equal(t, hours(24), s.run(models.ClockFirstResponse).Limit)
}

func TestOnlyTheLatestChangeOfACaseIsTakenBack(t *testing.T) {
	t.Parallel()
	s := begin(t)
	s.adjust(models.DeadlinesMoved{Policy: "half"})
	first := s.c.Moved.Seq
	s.adjust(models.DeadlinesMoved{Policy: "double"})
	_, err := s.adjustOrNot(models.DeadlinesMoved{Undoes: first})
	require.Equal(t, models.CodeConflict, models.CodeOf(err))
	_, err = s.adjustOrNot(models.DeadlinesMoved{Policy: "double"})
	require.Equal(t, models.CodeConflict, models.CodeOf(err), "it runs under it already")
}

// TestAChangeTakenBackLeavesNoTraceInTheClocks lets a case wander, moves it and moves it back, at once
// or after more of the same, and compares its bounds with those of its twin that was never moved.
func TestAChangeTakenBackLeavesNoTraceInTheClocks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		k := &walk{story: blank(rt), rt: rt, w: watch(rt, "c-1")}
		k.zone = zone.String()
		k.now = monday.Add(time.Duration(rapid.Int64Range(0, int64(7*day)).Draw(rt, "start")))
		k.refresh()
		k.try(k.opening())
		for range rapid.IntRange(0, 20).Draw(rt, "steps") {
			k.pass()
			k.try(k.choose())
		}
		k.look(k.now)
		if !k.c.State.Open() || k.c.Moved != nil {
			return
		}
		before := k.c
		others := slices.DeleteFunc(slices.Clone(versions), func(p policy.Policy) bool {
			return p.Version == k.c.Policy() || k.c.Under == "" && p.Version == versions[0].Version
		})
		d := models.DeadlinesMoved{Policy: one(rt, "version", others).Version, Grace: time.Duration(rapid.IntRange(0, 48).Draw(rt, "grace")) * time.Hour}
		k.move(d)
		k.move(models.DeadlinesMoved{Undoes: k.c.Moved.Seq})
		for i, r := range k.c.Runs {
			was := before.Runs[i]
			require.Equal(rt, fmt.Sprint(was.ClockSpan, was.TargetMissed, was.LimitMissed, was.End), fmt.Sprint(r.ClockSpan, r.TargetMissed, r.LimitMissed, r.End), r.Key)
		}
		require.Equal(rt, before.Policy(), k.c.Policy())
		require.Equal(rt, before.EverLate, k.c.EverLate)
		count(eventKinds, "moved and moved back")
	})
}

// adjustment is an adjustment of any kind.
func (k *walk) adjustment() lifecycle.Command {
	d := models.DeadlinesMoved{Adjustment: "b-1", By: "ops"}
	switch m := k.c.Moved; {
	case m != nil && k.chance(50, "back"):
		d.Undoes = m.Seq
	case k.chance(60, "another version"):
		d.Policy = one(k.rt, "version", versions).Version
		if k.chance(30, "with grace") {
			d.Grace = time.Duration(rapid.IntRange(1, 48).Draw(k.rt, "grace")) * time.Hour
		}
	default:
		d.Clocks = []models.Clock{models.ClockHandling, one(k.rt, "clock", models.Clocks())}
		d.Later = models.Amount{Of: time.Duration(rapid.IntRange(0, 72).Draw(k.rt, "later")) * time.Hour, Calendar: one(k.rt, "calendar", []string{"", "working"})}
	}
	return k.command(models.System(), models.VerbMoveDeadlines, d)
}

// planFor is the plan that a command brings: of the version it moves the case to, else of that which
// the case runs under, or ran under when the command was sent.
func (k *walk) planFor(cmd lifecycle.Command) models.Plan {
	d, moves := cmd.Data.(models.DeadlinesMoved)
	version := k.c.Policy()
	switch {
	case moves && d.Policy != "":
		version = d.Policy
	case moves && d.Undoes != 0 && k.c.Moved != nil:
		if version = k.c.Moved.Under; version == "" {
			version = k.c.Opened.Policy
		}
	case !moves && k.chance(5, "stale"):
		version = versions[0].Version
	}
	fresh := k.current
	if version != "" && version != fresh.Policy { // empty: it is not on record yet
		fresh = versions[max(0, slices.IndexFunc(versions, func(p policy.Policy) bool { return p.Version == version }))].Plan(k.now, k.zone, lifecycle.RulesVersion())
	}
	return k.c.PlanFor(cmd, fresh)
}

// wakes says whether a command ended a pause over which an adjustment came: it may have put a bound of a
// clock that stood still into the past, and that is passed as soon as the clock goes on.
func (k *walk) wakes(events []models.Event) bool {
	return slices.ContainsFunc(events, func(e models.Event) bool { return e.Kind == models.KindResumed }) &&
		slices.ContainsFunc(k.events, func(e models.Event) bool { return e.Kind == models.KindDeadlinesMoved })
}

// move lets an adjustment come over a wandering case.
func (k *walk) move(d models.DeadlinesMoved) {
	events, err := k.adjustOrNot(d)
	require.NoError(k.rt, err)
	k.w.see(events)
}
