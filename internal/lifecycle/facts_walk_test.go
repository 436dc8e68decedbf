package lifecycle_test

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/lifecycle"
	"recourse/models"
)

// accounted holds the facts of a case against its row, against its events, and against the rows that its
// events leave one by one.
func accounted(t require.TestingT, events []models.Event, c lifecycle.Case, oneByOne bool) {
	help(t)
	facts := lifecycle.Facts(c)
	row, err := lifecycle.Row(c)
	require.NoError(t, err)
	agrees(t, facts, row)
	handed(t, facts.Ownerships, c, row)
	pulled(t, facts.Levers, events, row)
	for _, f := range facts.Facts {
		owned(t, f, facts.Ownerships)
	}
	if oneByOne {
		incremental(t, facts, events)
	}
}

// agrees: the cycles say what the columns of the row say.
func agrees(t require.TestingT, facts models.FactRows, row models.Case) {
	help(t)
	must := func(is bool, what string) {
		if !is {
			require.FailNow(t, "the facts are not the row's: "+what)
		}
	}
	must(len(facts.Facts) == row.Cycle, "cycles")
	first, last := facts.Facts[0], facts.Facts[row.Cycle-1]
	must(first.BeganAt.Equal(row.ReceivedAt), "received")
	must(first.Response.Gross == row.ResponseGross && first.Response.Net == row.ResponseNet, "response")
	must(first.Feedback.Gross == row.FeedbackGross && first.Feedback.Net == row.FeedbackNet, "feedback")
	must(first.Handling.Gross == row.HandlingGross && first.Handling.Net == row.HandlingNet, "handling")
	must(first.Response.Limit.Equal(row.ResponseLimitAt) && sameInstant(first.Response.Target, row.ResponseTargetAt), "response limit")
	must(first.Feedback.Limit.Equal(row.FeedbackLimitAt) && first.Handling.Limit.Equal(row.HandlingDueAt), "limits")
	must(sameInstant(last.ResolvedAt, row.ResolvedAt) && sameInstant(last.ResultToldAt, row.ResultToldAt) && sameInstant(last.ClosedAt, row.ClosedAt), "milestones")
	must(first.Interim == row.Interim, "interim")
	var solved, resolved *time.Time
	late, offered, answered, result := false, 0, 0, 0
	for _, f := range slices.Backward(facts.Facts) {
		if f.SolutionAt != nil {
			solved = f.SolutionAt
		}
		if f.ResolvedAt != nil {
			resolved = f.ResolvedAt
		}
		if f.Result > 0 {
			answered++
			if result == 0 {
				result = f.Result
			}
		}
		if f.OfferedAt != nil {
			offered++
		}
		late = late || f.Late
		must((f.AnsweredAt != nil) == (f.AnsweredBy != ""), "answered by whom")
	}
	must(sameInstant(solved, row.FirstSolutionAt) && sameInstant(resolved, row.FirstResolvedAt), "first milestones")
	must(late == row.Breached, "late")
	must(offered == row.Offered && answered == row.Answered && result == row.ResultScore, "answers")
}

func sameInstant(a, b *time.Time) bool { return a == b || a != nil && b != nil && a.Equal(*b) }

// handed: a case is in somebody's hands as long as it is open, and its pauses are theirs.
func handed(t require.TestingT, owned []models.Ownership, c lifecycle.Case, row models.Case) {
	help(t)
	require.True(t, owned[0].From.Equal(row.ReceivedAt))
	var paused time.Duration
	for i, o := range owned {
		if o.Until != nil && slices.Contains(o.Pause.Pauses(), models.ClockHandling) {
			paused += o.Until.Sub(o.From)
		}
		if i == len(owned)-1 {
			break
		}
		next := owned[i+1]
		if o.Part != i+1 || o.Until == nil || o.Until.Before(o.From) || next.From.Before(*o.Until) || next.Seq < o.Seq {
			require.FailNow(t, "one while does not follow another", "%+v\n%+v", o, next)
		}
	}
	if c.Pause.Seq == 0 {
		require.Equal(t, row.PausedFor, paused, "the pauses of all whiles are those of handling")
	}
	last := owned[len(owned)-1]
	require.Equal(t, row.Ending == "", last.Until == nil, "an open case is somebody's")
	if last.Until == nil {
		require.Equal(t, [2]string{c.Department, c.Assignee}, [2]string{last.Department, last.Person})
	} else {
		require.True(t, last.Until.Equal(c.Milestones.EndedAt))
	}
}

// owned: whoever had the case at its end, or at its limit if that was passed first, is responsible.
func owned(t require.TestingT, f models.Fact, whiles []models.Ownership) {
	help(t)
	for _, k := range []models.ClockFact{f.Response, f.Feedback, f.Handling} {
		if k.StartedAt == nil {
			require.Zero(t, k)
			continue
		}
		at := k.EndedAt
		if k.End == models.ClockBreached && k.Limit.Before(*k.EndedAt) && k.Net == k.Gross {
			at = k.Limit
		}
		if at == nil || k.Net != k.Gross || k.End == models.ClockCancelled {
			continue // open: see the tests of single stories
		}
		var who [2]string
		for _, w := range whiles {
			if !w.From.After(*at) {
				who = [2]string{w.Department, w.Person}
			}
		}
		if who != [2]string{k.Department, k.Person} {
			require.FailNow(t, "somebody else was responsible", "%v at %s, not %s %s", who, at, k.Department, k.Person)
		}
	}
}

// pulled: each lever is an event, and each such event a lever.
func pulled(t require.TestingT, levers []models.Lever, events []models.Event, row models.Case) {
	help(t)
	have := map[models.LeverKind]int{}
	for _, l := range levers {
		have[l.Kind]++
		if e := events[l.Seq-1]; !l.At.Equal(e.DecidedAt) || l.Cycle != e.Cycle {
			require.FailNow(t, "a lever is not its event", "%+v", l)
		}
	}
	for kind, n := range map[models.LeverKind]int{
		models.LeverPause: len(of[models.Paused](events)), models.LeverInterim: len(of[models.InterimTold](events)),
		models.LeverRefusal: len(of[models.NotAccepted](events)), models.LeverMerge: len(of[models.Merged](events)),
		models.LeverTransfer: row.Transfers + row.Returns,
	} {
		require.Equal(t, n, have[kind], kind)
	}
}

// incremental: the rows that each event leaves, as they travel, are in the end the facts.
func incremental(t require.TestingT, facts models.FactRows, events []models.Event) {
	help(t)
	c := lifecycle.Case{ID: events[0].Case}
	var all models.Recording
	for i := range events {
		after, rec, err := lifecycle.Write(c, events[i:i+1])
		require.NoError(t, err)
		require.False(t, rec.Untraced)
		body, err := json.Marshal(rec.FactRows)
		require.NoError(t, err)
		var read models.FactRows
		require.NoError(t, json.Unmarshal(body, &read))
		require.Equal(t, rec.FactRows, read)
		rec.FactRows, c = read, after
		all = lifecycle.Merge(all, rec)
	}
	slices.SortFunc(all.Facts, func(a, b models.Fact) int { return a.Cycle - b.Cycle })
	slices.SortFunc(all.Levers, func(a, b models.Lever) int { return int(a.Seq - b.Seq) })
	slices.SortFunc(all.Ownerships, func(a, b models.Ownership) int { return int(a.Seq - b.Seq) })
	require.Equal(t, facts.Facts, all.Facts)
	require.ElementsMatch(t, facts.Levers, all.Levers)
	require.Equal(t, facts.Ownerships, all.Ownerships)
}
