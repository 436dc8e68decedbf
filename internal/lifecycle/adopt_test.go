package lifecycle_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"recourse/internal/lifecycle"
	"recourse/models"
)

// elsewhere is a complaint that another system had, received on Monday at ten.
func elsewhere(moves ...models.AdoptedMove) models.Adopted {
	return models.Adopted{Opened: complaint(), Source: "desk", Reference: "0000045", Moves: moves}
}

func after(d time.Duration, k models.Kind) models.AdoptedMove {
	return models.AdoptedMove{At: monday.Add(d), Kind: k}
}

// plans is the walked policy, whose handling counts in working time.
func plans(at time.Time) models.Plan {
	return walked().Plan(at, zone.String(), lifecycle.RulesVersion())
}

func adopted(t require.TestingT, a models.Adopted, now time.Time) (lifecycle.Case, models.Recording, []models.Event) {
	help(t)
	c, rec, err := lifecycle.Adopt("c-1", a, supervisor, plans, now)
	require.NoError(t, err)
	events := make([]models.Event, len(rec.Entries))
	for i, entry := range rec.Entries {
		events[i], err = entry.Event()
		require.NoError(t, err)
	}
	return c, rec, events
}

func TestAnAdoptedCaseIsJudgedByItsOwnInstants(t *testing.T) {
	t.Parallel()
	a := elsewhere(after(24*time.Hour, models.KindReplied), after(48*time.Hour+us, models.KindSolutionTold), after(49*time.Hour, models.KindResolved), after(50*time.Hour, models.KindClosed))
	c, rec, events := adopted(t, a, monday.Add(60*day))
	require.Equal(t, []models.Kind{models.KindAdopted, models.KindBreached}, kinds(events))
	response, _ := c.First(models.ClockFirstResponse)
	feedback, _ := c.First(models.ClockFeedback)
	require.Equal(t, models.ClockMet, response.End, "at its bound is in time")
	require.Equal(t, models.ClockBreached, feedback.End)
	require.Equal(t, monday.Add(48*time.Hour), of[models.Breached](events)[0].DueAt)
	require.Equal(t, models.StateArchived, c.State, "the window in which it could be reopened is over")
	require.Equal(t, models.StateClosed, c.Ending)
	require.Equal(t, monday.Add(50*time.Hour), *rec.Case.ClosedAt)
	require.Equal(t, monday.Add(60*day), rec.Case.RecordedAt)
	require.Empty(t, rec.Messages)
	require.NotEmpty(t, rec.Facts)
}

func TestWhatFellDueElsewhereIsStampedAndToldNobodyAndTheRestComesInItsTime(t *testing.T) {
	t.Parallel()
	c, rec, events := adopted(t, elsewhere(after(time.Hour, models.KindReplied)), monday.Add(day+14*time.Hour))
	require.Empty(t, rec.Messages)
	require.Empty(t, delivered(events))
	require.Len(t, of[models.Escalated](events), 2, "75 % of the 48 hours, and of handling, had passed")
	require.False(t, rec.Case.Escalated, "nobody was told")
	require.False(t, rec.Case.Breached)
	require.True(t, rec.Case.State.Live())
	next, what := lifecycle.Agenda(c)
	require.Equal(t, monday.Add(48*time.Hour), next)
	require.True(t, what[0].Promise())
	_, fired := lifecycle.FireDue(c, monday.Add(48*time.Hour+us))
	require.Len(t, delivered(fired), 1)
	require.Equal(t, []models.Role{models.RoleDepartmentHead}, delivered(fired)[0].Roles)
}

func TestAnAdoptedCaseKeepsItsOwnDueAndItsOwnCounts(t *testing.T) {
	t.Parallel()
	a := elsewhere(after(30*time.Hour, models.KindReworked), after(31*time.Hour, models.KindTransferred))
	a.HandlingDue, a.Transfers, a.Reworks = monday.Add(5*time.Hour), new(27), new(8)
	c, _, events := adopted(t, a, monday.Add(40*time.Hour))
	r, _ := c.First(models.ClockHandling)
	require.Equal(t, a.HandlingDue, r.Limit)
	require.Equal(t, 2, c.Cycle)
	require.Equal(t, 27, c.Transfers)
	require.Equal(t, 8, c.Reworks)
	require.Equal(t, 2, events[0].Cycle)
	again, _ := c.Latest(models.ClockHandling)
	require.Equal(t, monday.Add(30*time.Hour), again.StartedAt)
	require.True(t, again.Limit.After(monday.Add(3*day)), "in working time: the department's hours")
}

func TestAPauseThatALogLeavesToBeInferredEndsWithWhatCameNext(t *testing.T) {
	t.Parallel()
	pause := after(10*time.Hour, models.KindPaused)
	pause.Pause = models.PauseCustomer
	c, _, events := adopted(t, elsewhere(pause, after(40*time.Hour, models.KindSolutionTold)), monday.Add(60*time.Hour))
	d := of[models.Adopted](events)[0]
	require.True(t, d.Moves[1].Inferred)
	require.Equal(t, models.KindResumed, d.Moves[1].Kind)
	r, _ := c.First(models.ClockFeedback)
	require.Equal(t, monday.Add(78*time.Hour), r.Limit, "later by the pause")
	require.Equal(t, models.ClockMet, r.End)
	open, _, _ := adopted(t, elsewhere(pause), monday.Add(60*time.Hour))
	require.Equal(t, monday.Add(60*time.Hour+3*day), open.Pause.Until, "from now on it lasts as long as any")
	next, _ := lifecycle.Agenda(open)
	require.Equal(t, open.Pause.Until, next)
}

func TestAPauseOfAHistoryMovesNoBoundThatFiguresJudgeBy(t *testing.T) {
	t.Parallel()
	pause := after(14*time.Hour, models.KindPaused)
	pause.Pause = models.PauseCustomer
	c, _, _ := adopted(t, elsewhere(pause, after(22*time.Hour, models.KindResumed), after(5*day, models.KindResolved)), monday.Add(60*day))
	f := lifecycle.Facts(c).Facts[0]
	require.Equal(t, new(monday.Add(48*time.Hour)), f.Feedback.Unpaused)

	pause.At = monday.Add(11 * time.Hour)
	c, _, _ = adopted(t, elsewhere(pause, after(34*time.Hour, models.KindInterimTold)), monday.Add(60*day))
	f = lifecycle.Facts(c).Facts[0]
	require.Nil(t, f.Feedback.Unpaused, "the clock ended in the pause")
	require.Equal(t, new(monday.Add(48*time.Hour)), f.Feedback.Limit)
}

func TestAHistoryOfTheFirstVersionIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	pause := after(10*time.Hour, models.KindPaused)
	pause.Pause = models.PauseCustomer
	c, _, events := adopted(t, elsewhere(pause, after(40*time.Hour, models.KindSolutionTold)), monday.Add(60*day))
	first := events[0]
	d := of[models.Adopted](events)[0]
	d.Moves = slices.Clone(d.Moves)
	for i := range d.Moves {
		d.Moves[i].Clocks = nil
	}
	first.Version, first.Data, first.Clocks = 1, d, nil
	for _, r := range c.Runs {
		first.Clocks = append(first.Clocks, r.ClockSpan) // as they were in the end
	}
	again := lifecycle.Fold(append([]models.Event{first}, events[1:]...))
	require.Equal(t, c.Runs, again.Runs)
	require.Equal(t, lifecycle.Facts(c).Facts[0].Feedback, lifecycle.Facts(again).Facts[0].Feedback, "on the wall a pause moves the limit by its length")
}

func TestAHistoryThatContradictsItselfIsRefused(t *testing.T) {
	t.Parallel()
	for field, a := range map[string]models.Adopted{
		"/moves/1/at":           elsewhere(after(2*time.Hour, models.KindReplied), after(time.Hour, models.KindClosed)),
		"/moves/0/at":           elsewhere(after(-us, models.KindReplied)),
		"/moves/0/kind":         elsewhere(after(time.Hour, models.KindOpened)),
		"/moves/0/pause":        elsewhere(after(time.Hour, models.KindPaused)),
		"/opened/received_at":   {Opened: complaint(func(o *models.Opened) { o.ReceivedAt = monday.Add(2 * day) })},
		"/opened/channel":       {Opened: complaint(func(o *models.Opened) { o.Channel = "pigeon" })},
		"/opened/nature":        {Opened: complaint(func(o *models.Opened) { o.Nature = "?" })},
		"/moves/0/at (in time)": elsewhere(after(3*day, models.KindReplied)),
	} {
		_, _, err := lifecycle.Adopt("c-1", a, supervisor, plans, monday.Add(day))
		var e *models.Error
		require.ErrorAs(t, err, &e, field)
		require.Contains(t, field, e.Field)
	}
}

// arbitrary is a history with any moves in any order.
func arbitrary(rt *rapid.T) models.Adopted {
	a := elsewhere()
	a.Opened.Severity, a.Opened.Channel = one(rt, "severity", models.Severities()), one(rt, "channel", models.Channels())
	a.Opened.Answered, a.Opened.Anonymous = rapid.Bool().Draw(rt, "answered"), rapid.Bool().Draw(rt, "anonymous")
	at := monday
	for range rapid.IntRange(0, 12).Draw(rt, "moves") {
		at = at.Add(time.Duration(rapid.Int64Range(0, int64(3*day/us)).Draw(rt, "after")) * us * time.Duration(rapid.IntRange(0, 1).Draw(rt, "at once")))
		a.Moves = append(a.Moves, models.AdoptedMove{
			At: at, Kind: one(rt, "kind", models.AdoptedKinds()), Department: one(rt, "department", []string{"", repairs, "service"}),
			Person: one(rt, "person", []string{"", handler.ID}), Severity: one(rt, "severity", append(models.Severities(), "")),
			Pause: one(rt, "pause", models.PauseReasons()), Scores: &models.Scores{Result: rapid.IntRange(0, 5).Draw(rt, "score")},
		})
	}
	if rapid.Bool().Draw(rt, "due") {
		a.HandlingDue = monday.Add(time.Duration(rapid.Int64Range(-int64(day), int64(9*day)).Draw(rt, "due at")))
	}
	return a
}

func TestAnyHistoryIsFoldedJudgedAndLivedOn(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		a := arbitrary(rt)
		now := monday.Add(40 * day).Add(time.Duration(rapid.Int64Range(0, int64(30*day/us)).Draw(rt, "now")) * us)
		c, rec, events := adopted(rt, a, now)
		require.Equal(rt, bare(rt, c), bare(rt, lifecycle.Fold(events)), "the fold of events is the case")
		restored, err := lifecycle.Restore(rec.Case)
		require.NoError(rt, err)
		require.Equal(rt, bare(rt, c), bare(rt, restored))
		require.Empty(rt, rec.Messages)
		require.Empty(rt, delivered(events))
		stampedOnce(rt, c, events)
		relived(rt, c, events, now)
		eachInALedger(rt, c, events, now)
		_, what := lifecycle.Agenda(c)
		for _, due := range what {
			require.False(rt, due.At.Before(now) && (due.Kind == lifecycle.DueBreach || due.Kind == lifecycle.DueRung), "%+v is still to be stamped", due)
		}
		count(eventKinds, string(models.KindAdopted))
	})
}

// stampedOnce: every bound that a run had passed when it ended, or by now, is put on record once.
func stampedOnce(rt *rapid.T, c lifecycle.Case, events []models.Event) {
	breaches := of[models.Breached](events)
	n := 0
	for _, r := range c.Runs {
		stood := r.EndedAt
		switch {
		case !r.StoodAt.IsZero(): // it ended in a pause, in which no bound came nearer
			stood = r.StoodAt
		case !r.PausedAt.IsZero():
			stood = r.PausedAt
		case r.Running():
			stood = c.RecordedAt
		}
		for _, b := range r.Bounds() {
			is := slices.ContainsFunc(breaches, func(d models.Breached) bool { return d.Run == r.Key && d.Bound == b && d.DueAt.Equal(r.At(b)) })
			require.Equal(rt, stood.After(r.At(b)), is, "%s %s at %s, stood at %s", r.Key, b, r.At(b), stood)
			if is {
				n++
			}
		}
		require.False(rt, !r.Running() && r.EndedAt.Before(r.StartedAt), "%s ended before it began", r.Key)
	}
	require.Len(rt, breaches, n)
}

// eachInALedger: each run has one ledger, which adds up to what the run took and tells every bound that it passed.
func eachInALedger(rt *rapid.T, c lifecycle.Case, events []models.Event, now time.Time) {
	ledgers := lifecycle.Ledgers(events, shops{shop(), zone.String(), ""}, now)
	require.Len(rt, ledgers, len(c.Runs))
	breaches := 0
	for i, l := range ledgers {
		require.Equal(rt, c.Runs[i], l.Run)
		breaches += len(l.Breaches)
		if !l.Run.Running() {
			require.Equal(rt, l.Run.EndedAt.Sub(l.Run.StartedAt), l.Sums.Gross, "%s %+v", l.Run.Key, l.Segments)
		}
	}
	require.Equal(rt, len(of[models.Breached](events)), breaches)
}

// relived: lived once more move by move, the case passes the same bounds at the same instants.
func relived(rt *rapid.T, c lifecycle.Case, events []models.Event, now time.Time) {
	lived := lifecycle.Replay(events, lifecycle.Rules{Plan: func(_ string, at time.Time, _ string) models.Plan { return plans(at) }}, now)
	again, fired := lived.Case, lived.Events
	type passed struct {
		clock models.Clock
		bound models.Bound
		at    time.Time
	}
	list := func(events []models.Event) []passed {
		var all []passed
		for _, d := range of[models.Breached](events) {
			all = append(all, passed{d.Clock, d.Bound, d.DueAt})
		}
		return all
	}
	require.ElementsMatch(rt, list(events), list(fired))
	for i, r := range c.Runs {
		require.Equal(rt, r.End, again.Runs[i].End)
		require.Equal(rt, r.ClockSpan, again.Runs[i].ClockSpan)
	}
	judged := func(c lifecycle.Case) (rows []models.ClockFact) {
		for _, f := range lifecycle.Facts(c).Facts {
			rows = append(rows, f.Response, f.Feedback, f.Handling)
		}
		return rows
	}
	require.Equal(rt, judged(again), judged(c), "figures judge it alike")
	pulled := func(c lifecycle.Case) (levers []models.Lever) {
		for _, l := range lifecycle.Facts(c).Levers {
			l.Seq = 1 // there each move is an event
			levers = append(levers, l)
		}
		return levers
	}
	require.Equal(rt, pulled(again), pulled(c))
	_, err := json.Marshal(again)
	require.NoError(rt, err)
	onRecord := lifecycle.Replay(events, lifecycle.Rules{Plan: func(_ string, at time.Time, _ string) models.Plan { return plans(at) }}, now.Add(us))
	require.GreaterOrEqual(rt, len(onRecord.Events), len(events))
	require.Equal(rt, events, onRecord.Events[:len(events)], "on record, it comes on record again as it did")
}
