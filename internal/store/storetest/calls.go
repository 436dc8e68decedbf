package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/store"
	"recourse/models"
)

// call is an attempt in the row's cycle that begins after a while.
func call(row models.Case, attempt int, caller string, after time.Duration) models.CallTask {
	return models.CallTask{
		CaseID: row.ID, Cycle: row.Cycle, Attempt: attempt, Caller: caller, NotBefore: later(after), Until: later(after + time.Hour), Script: "script",
	}
}

var calls = []promise{
	{"a call is given once, and ends with the entry that ends it", func(t *testing.T, s *store.Store) {
		row := accept(t, s)
		first, second := call(row, 1, "p-1", 0), call(row, 2, "p-1", time.Hour)
		said := []models.Message{message(row, 1, "callback", "p-1")}
		for range 2 {
			require.NoError(t, s.PutCallTask(t.Context(), first, row.Seq, said))
			require.NoError(t, s.PutCallTask(t.Context(), second, row.Seq, nil))
		}
		entries, next := extend(row, 1, "called")
		rec := models.Recording{Case: next, Entries: entries, Calls: []models.CallTask{
			{CaseID: row.ID, Cycle: 1, Attempt: 1, Outcome: models.CallbackNoAnswer, DoneAt: new(later(time.Minute))},
			{CaseID: row.ID, Cycle: 1, Attempt: 2, DoneAt: new(later(time.Minute))},
			{CaseID: row.ID, Cycle: 1, Attempt: 9, DoneAt: new(later(time.Minute))}, // not put yet: its own affair
		}}
		for range 2 {
			require.NoError(t, s.Record(t.Context(), rec))
		}
		first.Outcome, first.DoneAt, second.DoneAt = models.CallbackNoAnswer, new(later(time.Minute)), new(later(time.Minute))
		entries, after := extend(next, 1, "called again")
		require.NoError(t, s.Record(t.Context(), models.Recording{Case: after, Entries: entries, Calls: []models.CallTask{
			{CaseID: row.ID, Cycle: 1, Attempt: 1, Outcome: models.CallbackRefused, DoneAt: new(later(time.Hour))},
		}}))
		kept, err := s.CallTasks(t.Context(), row.ID)
		require.NoError(t, err)
		require.Equal(t, []models.CallTask{first, second}, kept, "what came of it first stays")
		messages, err := s.Messages(t.Context(), row.ID)
		require.NoError(t, err)
		require.Len(t, messages, 2, "one of the intake, one of the call")
	}},
	{"no call is given in a case that has moved on meanwhile", func(t *testing.T, s *store.Store) {
		row := accept(t, s)
		entries, next := extend(row, 1, "withdrawn")
		require.NoError(t, s.Record(t.Context(), models.Recording{Case: next, Entries: entries}))
		require.ErrorContains(t, s.PutCallTask(t.Context(), call(row, 1, "p-1", 0), row.Seq, []models.Message{message(row, 1, "callback", "p-1")}), "stands at 2")
		kept, err := s.CallTasks(t.Context(), row.ID)
		require.NoError(t, err)
		require.Empty(t, kept)
		messages, err := s.Messages(t.Context(), row.ID)
		require.NoError(t, err)
		require.Len(t, messages, 1)
	}},
	{"calls are listed for those who may make them, while they are to be made", func(t *testing.T, s *store.Store) {
		follow := func(department string, state models.State, cycle int) models.Case {
			return acceptRow(t, s, func(c *models.Case) { c.Department, c.State, c.Cycle = department, state, cycle })
		}
		give := func(row models.Case, caller string, after time.Duration) models.CallTask {
			task := call(row, 1, caller, after)
			require.NoError(t, s.PutCallTask(t.Context(), task, row.Seq, nil))
			return task
		}
		sales, works := follow("sales", models.StateFollowingUp, 1), follow("works", models.StateFollowingUp, 2)
		mine, anybodys := give(sales, "p-1", time.Hour), give(works, "", 0)
		give(follow("sales", models.StateFollowingUp, 1), "p-2", 0)
		give(follow("sales", models.StateClosed, 1), "p-1", 0)
		earlier := call(works, 1, "p-1", 0)
		earlier.Cycle = 1
		require.NoError(t, s.PutCallTask(t.Context(), earlier, works.Seq, nil))
		made := call(sales, 2, "p-1", 0)
		made.DoneAt = new(later(0))
		require.NoError(t, s.PutCallTask(t.Context(), made, sales.Seq, nil))
		for name, c := range map[string]struct {
			person  string
			visible models.Visible
			n       int
			want    []models.CallTask
		}{
			"all, those that begin first first": {"p-1", everyone, 9, []models.CallTask{anybodys, mine}},
			"as many as asked for":              {"p-1", everyone, 1, []models.CallTask{anybodys}},
			"those of others are theirs":        {"p-9", everyone, 9, []models.CallTask{anybodys}},
			"only in cases that one may see":    {"p-1", models.Visible{Departments: []string{"sales"}}, 9, []models.CallTask{mine}},
			"nobody sees nothing":               {"p-1", models.Visible{}, 9, nil},
		} {
			got, err := s.CallsOf(t.Context(), c.person, c.visible, c.n)
			require.NoError(t, err)
			require.ElementsMatch(t, c.want, got, name)
			for i := range c.want {
				require.Equal(t, c.want[i], got[i], name)
			}
		}
	}},
}
