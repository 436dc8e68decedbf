package e2e_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/require"

	"recourse/models"
)

const hookSecret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

// listener is a server outside that remembers what it was told.
type listener struct {
	*httptest.Server

	mu   sync.Mutex
	told []toldOutside
}

type toldOutside struct {
	header http.Header
	body   []byte
}

func listen(t *testing.T) *listener {
	t.Helper()
	l := &listener{}
	l.Server = httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, in *http.Request) {
		body, _ := io.ReadAll(in.Body)
		l.mu.Lock()
		l.told = append(l.told, toldOutside{in.Header.Clone(), body})
		l.mu.Unlock()
		_, _ = io.WriteString(out, `{"errcode":0}`)
	}))
	t.Cleanup(l.Close)
	return l
}

func (l *listener) all() []toldOutside {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]toldOutside(nil), l.told...)
}

// An urgent case escalates at once: the group chat hears of it, the webhook of every event of the case, each
// once, although the worker is another one in between.
func TestAnAlertLeavesToAWebhookAndARobot(t *testing.T) {
	onEveryDatabase(t, func(t *testing.T, s *stack) {
		hook, robot := listen(t), listen(t)
		for _, body := range []map[string]any{
			{"name": "hook", "channel": "webhook", "url": hook.URL, "secret": hookSecret},
			{"name": "robot", "channel": "wecom", "url": robot.URL + "/send?key=0123456789", "severities": []string{"urgent"}},
		} {
			r := s.as(models.RoleAdmin).post(t, "/api/v1/endpoints", newKey(), body)
			require.Equal(t, http.StatusCreated, r.status, "%s", r.body)
		}
		c := s.open(t, newKey(), urgent("sparks"))
		await(t, settleWithin, "the robot heard of it", func() bool { return len(robot.all()) > 0 })
		record := s.record(t)
		await(t, settleWithin, "nothing is in the hands of a worker", func() bool { // else it comes again after its lease of minutes
			counts, err := record.CountMessages(t.Context())
			require.NoError(t, err)
			return !slices.ContainsFunc(counts, func(c models.MessageCount) bool { return c.State == models.MessagePending })
		})
		s.worker.kill()
		s.startWorker(t)
		s.walk(t, c.Number, road[:2], func(step) string { return "on the way" })
		events := len(s.timeline(t, c.Number))
		seqs, ids := map[int64]models.Kind{}, map[string]int{}
		await(t, settleWithin, "the webhook heard of every event", func() bool {
			for _, one := range hook.all() {
				var event struct {
					Data struct {
						Seq  int64
						Kind models.Kind
					}
				}
				require.NoError(t, json.Unmarshal(one.body, &event))
				seqs[event.Data.Seq] = event.Data.Kind
			}
			return len(seqs) >= events
		})
		receiver, err := standardwebhooks.NewWebhook(hookSecret)
		require.NoError(t, err)
		escalated := 0
		for _, one := range hook.all() {
			require.NoError(t, receiver.Verify(one.body, one.header))
			require.NotContains(t, string(one.body), "sparks")
			ids[one.header.Get("webhook-id")]++
		}
		for seq := int64(1); seq <= int64(len(seqs)); seq++ {
			require.NotEmpty(t, seqs[seq], "event %d", seq)
			if seqs[seq] == models.KindEscalated {
				escalated++
			}
		}
		require.Positive(t, escalated)
		require.GreaterOrEqual(t, len(ids), events, "each event under an id of its own")
		for _, one := range robot.all() {
			require.Contains(t, string(one.body), c.Number)
			require.NotContains(t, string(one.body), "sparks")
		}
		t.Logf("%d events arrived in %d requests, the robot was told %d times", len(seqs), len(hook.all()), len(robot.all()))
	})
}
