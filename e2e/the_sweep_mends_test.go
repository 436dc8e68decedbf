package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"

	"recourse/models"
)

func TestTheSweepMends(t *testing.T) {
	onEveryDatabase(t, func(t *testing.T, s *stack) {
		var open []accepted
		for i := range 6 {
			body := complaint(fmt.Sprint("case ", i))
			if i == 5 {
				body = letter("a letter")
			}
			a := s.open(t, newKey(), body)
			s.walk(t, a.Number, road[:i], func(step) string { return "on the way" })
			open = append(open, a)
		}
		await(t, settleWithin, "the letter has escalated", func() bool { return s.standing(t, open[5].Number).Escalated })
		s.requireTheTerminatedToGoOn(t, open[2])
		s.requireAllToGoOnWithoutHistory(t, open)
	})
}

// requireTheTerminatedToGoOn ends a case's workflow by hand and starts the worker again, which
// sweeps.
func (s *stack) requireTheTerminatedToGoOn(t *testing.T, a accepted) {
	t.Helper()
	before := s.standing(t, a.Number)
	require.NoError(t, s.client.TerminateWorkflow(t.Context(), a.WorkflowID, "", "by hand"))
	await(t, settleWithin, "the index knows that it was terminated", func() bool {
		found := executions(t, s.client, fmt.Sprintf("WorkflowId = '%s'", a.WorkflowID))
		return len(found) == 1 && found[0].GetStatus() == enumspb.WORKFLOW_EXECUTION_STATUS_TERMINATED
	})
	s.worker.stop(t)
	s.startWorker(t)
	await(t, settleWithin, "it runs again", func() bool { return runs(t, s.client, a.WorkflowID) })
	await(t, settleWithin, "the restart is on its timeline", func() bool {
		return count(s.timeline(t, a.Number), models.KindRestarted) == 1
	})
	after := s.standing(t, a.Number)
	require.Equal(t, before.State, after.State)
	require.Equal(t, before.Seq+1, after.Seq, "nothing but the restart has happened")
	s.do(t, a.Number, models.RoleHandler, road[2].verb, road[2].body(""))
	t.Logf("%s: terminated by hand at event %d, restarted from its row by the sweep of the next worker, went on", a.Number, before.Seq)
}

// requireAllToGoOnWithoutHistory takes Temporal's file away: everything it knew is gone.
func (s *stack) requireAllToGoOnWithoutHistory(t *testing.T, open []accepted) {
	t.Helper()
	alerts := len(s.everyEscalation(t))
	before := map[string]standing{}
	for _, c := range s.everyCase(t) {
		before[c.Number] = c
	}
	s.worker.stop(t)
	s.temporal.stop(t)
	files, err := filepath.Glob(s.history() + "*")
	require.NoError(t, err)
	for _, file := range files {
		require.NoError(t, os.Remove(file))
	}
	s.startTemporal(t)
	require.Empty(t, executions(t, s.client, ""))
	s.startWorker(t)
	for _, a := range open {
		await(t, settleWithin, "it runs again", func() bool { return runs(t, s.client, a.WorkflowID) })
		await(t, settleWithin, "the restart is on its timeline", func() bool {
			return s.standing(t, a.Number).Seq == before[a.Number].Seq+1
		})
		require.Equal(t, before[a.Number].State, s.standing(t, a.Number).State)
		timeline := s.timeline(t, a.Number)
		last := timeline[len(timeline)-1]
		require.Equal(t, models.KindRestarted, last.Kind)
		require.Equal(t, string(models.RestartMissing), last.Data["cause"])
	}
	s.requireNoAlertTwice(t)
	require.Len(t, s.everyEscalation(t), alerts, "no alert goes out again")
	s.walk(t, open[1].Number, road[1:4], func(step) string { return "on we go" })
	t.Logf("Temporal's file deleted: %d open cases run again from their rows, nothing doubled, %d alerts before and after", len(open), alerts)
}
