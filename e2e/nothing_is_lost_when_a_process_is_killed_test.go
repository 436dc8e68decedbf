package e2e_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/models"
)

// How a storm is made.
const (
	clients   = 64 // each with one wish under way
	inFlight  = 50 // wishes under way at the kill, at least
	mostSteps = 5  // of the road, per client
)

func TestNothingIsLostWhenAProcessIsKilled(t *testing.T) {
	onEveryDatabase(t, func(t *testing.T, s *stack) {
		accepted := map[string]bool{}
		for _, victim := range []struct {
			name    string
			kill    func()
			restart func(t *testing.T)
		}{
			{"worker", s.worker.kill, s.startWorker},
			{"API", s.api.kill, s.startAPI},
			{"Temporal", s.temporal.kill, s.startTemporal},
		} {
			for seed := 1; seed <= often(3, 10); seed++ {
				t.Run(fmt.Sprintf("%s/seed=%d", victim.name, seed), func(t *testing.T) {
					storm := newStorm(s, victim.name, seed)
					storm.run(t, victim.kill, victim.restart)
					storm.requireEverythingOnce(t, accepted)
					report := s.checkClean(t)
					t.Logf("seed %d: %s killed with %d wishes in flight after %d answers, back after %s; %d wishes accepted, %d unknown at first; %d cases, %d messages on record",
						seed, victim.name, storm.flying, storm.before, storm.away.Round(time.Millisecond),
						storm.answered.Load(), storm.unknowns.Load(), report.Cases, report.Messages.Created)
				})
				if t.Failed() {
					return
				}
			}
		}
	})
}

// A storm is many clients who walk their cases along the road while a process dies.
type storm struct {
	s        *stack
	name     string
	rng      *rand.Rand
	clients  []*stormClient
	flight   atomic.Int64 // wishes under way
	answered atomic.Int64 // wishes accepted
	unknowns atomic.Int64 // answers that said nothing

	flying, before int64 // at the kill
	away           time.Duration
}

// A stormClient opens one case and walks it some steps.
type stormClient struct {
	name     string
	body     map[string]any
	urgent   bool
	steps    int
	accepted accepted
	words    []string // of accepted wishes
}

func newStorm(s *stack, victim string, seed int) *storm {
	w := &storm{s: s, name: fmt.Sprintf("%s-%d", victim, seed), rng: rand.New(rand.NewPCG(uint64(seed), uint64(len(victim))))}
	for i := range clients {
		c := &stormClient{name: fmt.Sprintf("%s-%d", w.name, i), steps: 1 + w.rng.IntN(mostSteps)}
		switch c.body = complaint(c.name); w.rng.IntN(8) {
		case 0:
			c.body = letter(c.name)
		case 1:
			c.body, c.urgent = urgent(c.name), true
		}
		w.clients = append(w.clients, c)
	}
	return w
}

// run lets everybody walk, kills at an instant that the seed chooses, and waits until every wish is
// answered.
func (w *storm) run(t *testing.T, kill func(), restart func(t *testing.T)) {
	t.Helper()
	var walking sync.WaitGroup
	for _, c := range w.clients {
		walking.Go(func() { w.walk(t, c) })
	}
	after, stay := int64(w.rng.IntN(clients)), time.Duration(w.rng.IntN(1000))*time.Millisecond
	await(t, settleWithin, "enough wishes are under way", func() bool {
		w.before, w.flying = w.answered.Load(), w.flight.Load()
		return w.before >= after && w.flying >= inFlight
	})
	down := time.Now()
	kill()
	<-time.After(stay)
	restart(t)
	w.away = time.Since(down)
	walking.Wait()
}

func (w *storm) walk(t *testing.T, c *stormClient) {
	r, ok := w.wish(t, models.RoleIntake, "/api/v1/complaints", c.name, c.body)
	if !ok {
		return
	}
	r.into(t, &c.accepted)
	for _, step := range road[:c.steps] {
		words := fmt.Sprintf("%s %s", c.name, step.verb)
		if _, ok := w.wish(t, step.by, verbPath(c.accepted.Number, step.verb), words, step.body(words)); !ok {
			return
		}
		c.words = append(c.words, words)
	}
}

// wish asks until it is answered, with one key.
func (w *storm) wish(t *testing.T, by models.Role, path, key string, body map[string]any) (reply, bool) {
	caller := w.s.as(by)
	caller.flight = &w.flight
	r, unknowns := caller.insist(t, path, key, body)
	w.unknowns.Add(int64(unknowns))
	if r.outcome() != done {
		t.Errorf("%s: %d %v %s", key, r.status, r.err, r.body)
		return r, false
	}
	w.answered.Add(1)
	w.s.awaitRecord(t, r)
	return r, true
}

// requireEverythingOnce holds what the clients were told against the record. before are the cases of
// earlier storms.
func (w *storm) requireEverythingOnce(t *testing.T, before map[string]bool) {
	t.Helper()
	for _, c := range w.clients {
		require.False(t, before[c.accepted.Number], "%s was given to two complaints", c.accepted.Number)
		before[c.accepted.Number] = true
		w.requireWishesOnce(t, c)
	}
	on := map[string]int{}
	for _, c := range w.s.everyCase(t) {
		on[c.Number]++
		require.True(t, before[c.Number], "%s is on record and nobody was told", c.Number)
	}
	require.Len(t, on, len(before), "every accepted case is there")
	for number, n := range on {
		require.Equal(t, 1, n, number)
	}
	for _, c := range w.clients {
		w.requireAlertsOnce(t, c)
	}
}

// requireWishesOnce fails unless each accepted wish of a client is one event of its case, and no
// other wish is.
func (w *storm) requireWishesOnce(t *testing.T, c *stormClient) {
	t.Helper()
	timeline := w.s.timeline(t, c.accepted.Number)
	for _, words := range c.words {
		verb := words[strings.LastIndex(words, " ")+1:]
		n := 0
		for _, m := range timeline {
			if verb == string(models.VerbAccept) && m.Kind == models.KindAccepted || saysIn(m, words) {
				n++
			}
		}
		require.Equal(t, 1, n, "events for %q on %s", words, c.accepted.Number)
	}
	byPeople := 0
	for i, m := range timeline {
		require.Equal(t, int64(i+1), m.Seq)
		if m.Kind != models.KindBreached && m.Kind != models.KindEscalated && m.Kind != models.KindRestarted {
			byPeople++
		}
	}
	require.Equal(t, 1+len(c.words), byPeople, "events by people on %s", c.accepted.Number)
}

func saysIn(m moment, words string) bool {
	for _, said := range m.Texts {
		if said == words {
			return true
		}
	}
	return false
}

// requireAlertsOnce waits until an urgent case has its alert, and fails when any is there twice.
func (w *storm) requireAlertsOnce(t *testing.T, c *stormClient) {
	t.Helper()
	if !c.urgent {
		return
	}
	await(t, settleWithin, "an urgent case alerts at once", func() bool {
		return w.s.standing(t, c.accepted.Number).Escalated
	})
	atOnce := 0
	for _, e := range w.s.requireNoAlertTwice(t)[c.accepted.Number] {
		if e.Rung == models.RungAtOnce {
			atOnce++
		}
	}
	require.Equal(t, 1, atOnce, "alerts at once of %s", c.accepted.Number)
}
