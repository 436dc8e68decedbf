package e2e_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/lifecycle"
	"recourse/internal/policy"
	"recourse/models"
)

// An adjustment, as the door shows it.
type adjustment struct {
	ID, State                    string
	Cases, Earlier, AtOnce, Left int
	ByState                      []struct {
		State string
		Cases int
	} `json:"by_state"`
}

// adjusted is one case of it.
type adjusted struct {
	Number, State, Why string
	Planned, Moved     []models.BoundMove
}

// From 24 h to 12 h over many running cases: what is done is what the preview said, case by case, while
// commands keep coming and a worker is killed; taken back, every due instant is as it was.
func TestRunningCasesMoveToAnotherPolicyAndBack(t *testing.T) {
	onEveryDatabase(t, func(t *testing.T, s *stack) {
		version := s.publishTwelve(t)
		numbers := s.manyCases(t, often(60, 500))
		before := s.dues(t)
		a := s.adjust(t, "", map[string]any{"kind": "policy", "policy": version, "reason": "the season"})
		require.Equal(t, len(numbers), a.Cases)
		require.Equal(t, before, s.dues(t), "a preview changes nothing")

		a = s.adjust(t, a.ID+"/start", nil)
		stop := s.keepCommanding(t, numbers)
		s.awaitAdjustment(t, a.ID, "it is under way", func(a adjustment) bool { return a.State == "running" && a.Left < a.Cases || a.State == "done" })
		s.worker.kill()
		s.startWorker(t)
		a = s.awaitAdjustment(t, a.ID, "it is done", func(a adjustment) bool { return a.State == "done" })
		replied := stop()

		after := s.dues(t)
		for _, one := range s.adjustedCases(t, a.ID) {
			require.Equal(t, "done", one.State, "%s: %s", one.Number, one.Why)
			if !replied[one.Number] {
				require.Equal(t, one.Planned, one.Moved, one.Number)
			}
			for _, m := range one.Moved {
				require.True(t, after[key(one.Number, m.Run, m.Bound)].Equal(m.To), "%s %s", one.Number, m.Run)
			}
		}
		a = s.adjust(t, a.ID+"/undo", nil)
		s.awaitAdjustment(t, a.ID, "it is taken back", func(a adjustment) bool { return a.State == "undone" })
		now := s.dues(t)
		for at := range maps.Keys(now) {
			if was, there := before[at]; there {
				require.True(t, was.Equal(now[at]), "%s: %s, not %s", at, now[at], was)
			}
		}
		s.requireNoAlertTwice(t)
		for _, number := range numbers {
			breaches := map[string]int{}
			for _, m := range s.timeline(t, number) {
				if m.Kind == models.KindBreached {
					bound := fmt.Sprint(m.Data["run"], " ", m.Data["bound"])
					breaches[bound]++
					require.Equal(t, 1, breaches[bound], "%s %s", number, bound)
				}
			}
		}
		t.Logf("%d cases moved and moved back, %d of them answered meanwhile", len(numbers), len(replied))
	})
}

func key(number, run string, b models.Bound) string { return number + " " + run + " " + string(b) }

// publishTwelve publishes the shipped policy with a first response within twelve hours.
func (s *stack) publishTwelve(t *testing.T) (version string) {
	t.Helper()
	text := strings.NewReplacer("first_response: {limit: 24h", "first_response: {limit: 12h", "due: 2026-07-04 16:30", "due: 2026-07-04 04:30").
		Replace(string(policy.DefaultDocument()))
	file := filepath.Join(s.folder, "twelve.yaml")
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	said := s.recourse(t, "policy", "publish", file, "--reason", "the season")
	require.Contains(t, said, "policy-1 holds for complaints put on record from")
	return "policy-1"
}

// manyCases opens cases and walks some of them a part of the way.
func (s *stack) manyCases(t *testing.T, n int) (numbers []string) {
	t.Helper()
	var mu sync.Mutex
	var hands sync.WaitGroup
	for hand := range 8 {
		hands.Go(func() {
			for i := hand; i < n; i += 8 {
				name := fmt.Sprint("moving ", i)
				body := complaint(name)
				switch i % 5 {
				case 0:
					body = letter(name)
				case 1:
					body = urgent(name)
				}
				a := s.open(t, newKey(), body)
				s.walk(t, a.Number, road[:i%3], func(step) string { return "on the way" })
				mu.Lock()
				numbers = append(numbers, a.Number)
				mu.Unlock()
			}
		})
	}
	hands.Wait()
	slices.Sort(numbers)
	return numbers
}

// dues are the bounds of all clocks of all cases.
func (s *stack) dues(t *testing.T) map[string]time.Time {
	t.Helper()
	dues := map[string]time.Time{}
	rows, err := s.record(t).AllCases(t.Context(), "", 10_000)
	require.NoError(t, err)
	for _, row := range rows {
		c, err := lifecycle.Restore(row)
		require.NoError(t, err)
		for _, r := range c.Runs {
			for _, b := range r.Bounds() {
				dues[key(row.Number, r.Key, b)] = r.At(b)
			}
		}
	}
	return dues
}

func (s *stack) adjust(t *testing.T, path string, body any) (a adjustment) {
	t.Helper()
	if path != "" {
		path = "/" + path
	}
	r, _ := s.as(models.RoleOps).insist(t, "/api/v1/adjustments"+path, newKey(), body)
	r.into(t, &a)
	return a
}

func (s *stack) awaitAdjustment(t *testing.T, id, what string, is func(adjustment) bool) (a adjustment) {
	t.Helper()
	await(t, 4*time.Minute, what, func() bool {
		a = adjustment{}
		r := s.as(models.RoleOps).get(t, "/api/v1/adjustments/"+id)
		if r.outcome() != done {
			return false
		}
		r.into(t, &a)
		return is(a)
	})
	return a
}

func (s *stack) adjustedCases(t *testing.T, id string) (all []adjusted) {
	t.Helper()
	for path := "/api/v1/adjustments/" + id + "/cases"; path != ""; {
		r := s.as(models.RoleSupervisor).get(t, path)
		var page struct{ Items []adjusted }
		r.into(t, &page)
		all = append(all, page.Items...)
		path, _, _ = strings.Cut(strings.TrimPrefix(r.header.Get("Link"), "<"), ">")
	}
	return all
}

// keepCommanding lets notes be left on all cases, and customers of some be answered, until it is
// stopped; stop says which were answered.
func (s *stack) keepCommanding(t *testing.T, numbers []string) (stop func() map[string]bool) {
	t.Helper()
	replied, quit := map[string]bool{}, make(chan struct{})
	var hand sync.WaitGroup
	hand.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-quit:
				return
			default:
			}
			number := numbers[i%len(numbers)]
			if i%7 == 0 && i/7 < len(numbers)/4 {
				number = numbers[i/7*4]
				if r, _ := s.as(models.RoleSupervisor).insist(t, verbPath(number, models.VerbReply), newKey(), map[string]any{"channel": "phone", "text": "an answer"}); r.outcome() == done {
					replied[number] = true
				}
				continue
			}
			r, _ := s.as(models.RoleSupervisor).insist(t, verbPath(number, models.VerbNote), newKey(), map[string]any{"audience": "internal", "text": "a note"})
			if r.outcome() != done {
				t.Errorf("note on %s: %d %s", number, r.status, r.body)
				return
			}
		}
	})
	return func() map[string]bool {
		close(quit)
		hand.Wait()
		return replied
	}
}
