package e2e_test

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/models"
	"recourse/workflows/contract"
)

func TestNoComplaintIsLostWhenTemporalIsDown(t *testing.T) {
	onEveryDatabase(t, func(t *testing.T, s *stack) {
		down := time.Duration(often(5, 60)) * time.Second
		before := s.open(t, newKey(), complaint("before the outage"))
		await(t, settleWithin, "the workflow of an ordinary day runs", func() bool { return runs(t, s.client, before.WorkflowID) })

		s.temporal.stop(t)
		over := time.After(down)
		taken, slowest := s.takeComplaints(t, often(6, 30))
		s.requireCommandsToSaySo(t, before.Number)
		s.requireIntakeToStayReady(t)
		r := caller{door: s.door}.post(t, pathOf(before.StatusURL)+"/message", newKey(), map[string]any{"text": "are you there?"})
		require.Equal(t, http.StatusAccepted, r.status, "%s", r.body)
		<-over

		back := time.Now()
		s.startTemporal(t)
		for _, a := range taken {
			await(t, settleWithin, "a complaint taken meanwhile has its workflow", func() bool { return runs(t, s.client, a.WorkflowID) })
		}
		caughtUp := time.Since(back)
		letters := s.requireLettersToEscalate(t, taken)
		s.requireStartedOnce(t, append(taken, before))
		await(t, settleWithin, "what the customer said by link is decided", func() bool {
			return count(s.timeline(t, before.Number), models.KindMessaged) == 1
		})
		s.do(t, before.Number, models.RoleSupervisor, models.VerbNote, stepOf(models.VerbNote).body("on we go"))
		require.Len(t, s.everyCase(t), len(taken)+1)
		t.Logf("Temporal away for %s: %d of %d accepted as pending, slowest %s; all run %s after its return; %d letters escalated once each, marked late",
			down, len(taken), len(taken), slowest.Round(time.Millisecond), caughtUp.Round(10*time.Millisecond), letters)
	})
}

// takeComplaints lets eight clients send each complaints; every fourth is a letter of the day before
// yesterday. All must be accepted, and none started.
func (s *stack) takeComplaints(t *testing.T, each int) (taken []accepted, slowest time.Duration) {
	t.Helper()
	var (
		mu      sync.Mutex
		clients sync.WaitGroup
	)
	for c := range 8 {
		clients.Go(func() {
			for i := range each {
				words := fmt.Sprintf("client %d, complaint %d", c, i)
				body := complaint(words)
				if i%4 == 1 {
					body = letter(words)
				}
				began := time.Now()
				r := s.as(models.RoleIntake).post(t, "/api/v1/complaints", newKey(), body)
				took := time.Since(began)
				if r.status != http.StatusCreated {
					t.Errorf("%s: %d %v %s", words, r.status, r.err, r.body)
					return
				}
				var a accepted
				r.into(t, &a)
				if a.Orchestration != "pending" {
					t.Errorf("%s is %s without Temporal", words, a.Orchestration)
				}
				mu.Lock()
				taken, slowest = append(taken, a), max(slowest, took)
				mu.Unlock()
			}
		})
	}
	clients.Wait()
	require.Len(t, taken, 8*each)
	return taken, slowest
}

func (s *stack) requireCommandsToSaySo(t *testing.T, number string) {
	t.Helper()
	dispatch := stepOf(models.VerbDispatch)
	r := s.as(dispatch.by).post(t, verbPath(number, dispatch.verb), newKey(), dispatch.body("not now"))
	require.Equal(t, http.StatusServiceUnavailable, r.status, "%s", r.body)
	require.NotEmpty(t, r.header.Get("Retry-After"))
	require.Equal(t, models.StateReceived, s.standing(t, number).State)
}

func (s *stack) requireIntakeToStayReady(t *testing.T) {
	t.Helper()
	var ready struct {
		Ready    bool   `json:"ready"`
		Temporal string `json:"temporal"`
	}
	s.nobody().get(t, "/readyz").into(t, &ready)
	require.True(t, ready.Ready, "complaints can be taken")
	require.Equal(t, "failing", ready.Temporal)
}

// requireLettersToEscalate waits until every letter has escalated, each alert once and marked late.
func (s *stack) requireLettersToEscalate(t *testing.T, taken []accepted) (letters int) {
	t.Helper()
	late := func(e escalation) bool {
		return e.Clock == models.ClockFirstResponse && !e.Superseded && e.LateReason == models.LateRecorded && e.LateBy > 0
	}
	for _, a := range taken {
		if time.Since(a.ReceivedAt) < 24*time.Hour {
			require.NotContains(t, s.requireNoAlertTwice(t), a.Number, "a complaint of today alerts nobody")
			continue
		}
		letters++
		await(t, settleWithin, "a letter escalates at once and is marked late", func() bool {
			return slices.ContainsFunc(s.requireNoAlertTwice(t)[a.Number], late)
		})
		n := 0
		for _, e := range s.requireNoAlertTwice(t)[a.Number] {
			if late(e) {
				n++
			}
		}
		require.Equal(t, 1, n, "one alert went out for the 24 h promise of %s", a.Number)
		require.True(t, s.standing(t, a.Number).Breached)
	}
	require.NotZero(t, letters)
	return letters
}

// requireStartedOnce fails when the workflow of a case was ever started twice.
func (s *stack) requireStartedOnce(t *testing.T, taken []accepted) {
	t.Helper()
	ids := map[string]int{}
	await(t, settleWithin, "the index knows all workflows", func() bool {
		clear(ids)
		for _, e := range executions(t, s.client, "WorkflowType = '"+contract.WorkflowComplaint+"'") {
			ids[e.GetExecution().GetWorkflowId()]++
		}
		return len(ids) >= len(taken)
	})
	for _, a := range taken {
		require.Equal(t, 1, ids[a.WorkflowID], "runs of %s", a.WorkflowID)
	}
}
