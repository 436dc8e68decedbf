package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/store"
	"recourse/models"
)

// post puts messages of a case on record, each by a channel.
func post(t *testing.T, s *store.Store, row models.Case, by ...models.MessageChannel) (ids []string) {
	t.Helper()
	var all []models.Message
	for i, channel := range by {
		m := message(row, 1, fmt.Sprint("post-", i), "")
		m.Channel, m.Body, m.CreatedAt = channel, []byte("sealed"), noon.Add(time.Duration(i)*time.Minute)
		all, ids = append(all, m), append(ids, m.ID)
	}
	require.NoError(t, s.PutMessages(t.Context(), all))
	return ids
}

var system = []promise{
	{"what was not sent is counted by state and channel", func(t *testing.T, s *store.Store) {
		row := accept(t, s) // with one message to the inbox
		ids := post(t, s, row, models.MessageEmail, models.MessageEmail, models.MessagePost, models.MessageEmail)
		require.NoError(t, s.MessageFailed(t.Context(), ids[0], "no such user"))
		require.NoError(t, s.MessageSkipped(t.Context(), ids[1], "nobody home"))
		require.NoError(t, s.MessageSent(t.Context(), ids[2], noon, "", nil))
		counts, err := s.CountMessages(t.Context())
		require.NoError(t, err)
		require.Equal(t, []models.MessageCount{
			{State: models.MessageFailed, Channel: models.MessageEmail, Messages: 1},
			{State: models.MessagePending, Channel: models.MessageEmail, Messages: 1},
			{State: models.MessagePending, Channel: models.MessageInbox, Messages: 1},
			{State: models.MessageSkipped, Channel: models.MessageEmail, Messages: 1},
		}, counts)
	}},
	{"messages that were given up are listed without their bodies, the latest first, and tried again once", func(t *testing.T, s *store.Store) {
		ids := post(t, s, accept(t, s), models.MessageEmail, models.MessageEmail, models.MessageEmail, models.MessageEmail)
		for _, id := range ids[:3] {
			require.NoError(t, s.MessageFailed(t.Context(), id, "550"))
		}
		given := models.OutboxQuery{States: []models.MessageState{models.MessageFailed}, Limit: 2}
		failed, next, err := s.Outbox(t.Context(), given)
		require.NoError(t, err)
		require.Len(t, failed, 2)
		given.Cursor = next
		rest, next, err := s.Outbox(t.Context(), given)
		require.NoError(t, err)
		require.Len(t, rest, 1)
		require.Equal(t, ids[0], rest[0].ID)
		require.Empty(t, next)
		require.Equal(t, []string{ids[2], ids[1]}, []string{failed[0].ID, failed[1].ID})
		require.Equal(t, "550", failed[0].LastError)
		require.Empty(t, failed[0].Body)

		require.NoError(t, s.Redeliver(t.Context(), ids[2], noon.Add(time.Hour)))
		refused(t, s.Redeliver(t.Context(), ids[2], noon), models.CodeConflict)
		refused(t, s.Redeliver(t.Context(), ids[3], noon), models.CodeConflict)
		refused(t, s.Redeliver(t.Context(), "none", noon), models.CodeConflict)
		failed, _, err = s.Outbox(t.Context(), models.OutboxQuery{States: []models.MessageState{models.MessageFailed}})
		require.NoError(t, err)
		require.Len(t, failed, 2)
		due, err := s.DueMessages(t.Context(), noon.Add(time.Hour), time.Minute, 9)
		require.NoError(t, err)
		for _, m := range due {
			if m.ID == ids[2] {
				require.Equal(t, 1, m.Attempts, "the tries are counted anew")
				require.Equal(t, []byte("sealed"), m.Body)
			}
		}
		require.Len(t, due, 3, "the intake's, the one never tried, the one tried again")
	}},
	{"the outbox is asked by state, channel, case and endpoint, and knows the last attempt", func(t *testing.T, s *store.Store) {
		e, row, other := endpoint(t, s, func(e *models.Endpoint) { e.Channel = models.MessageFeishu }), accept(t, s), accept(t, s)
		ids := post(t, s, row, models.MessageEmail, models.MessagePost)
		require.NoError(t, s.MessageSkipped(t.Context(), ids[0], "nobody home"))
		require.NoError(t, s.MessageSent(t.Context(), ids[1], noon, "", nil))
		robot := message(row, 1, "alert", "")
		robot.ID, robot.Endpoint, robot.Channel = "robot", e.ID, e.Channel
		require.NoError(t, s.PutMessages(t.Context(), []models.Message{robot}))
		found := func(q models.OutboxQuery) (ids []string) {
			page, next, err := s.Outbox(t.Context(), q)
			require.NoError(t, err)
			require.Empty(t, next)
			for _, m := range page {
				ids = append(ids, m.ID)
			}
			return ids
		}
		require.Equal(t, []string{ids[0]}, found(models.OutboxQuery{States: []models.MessageState{models.MessageSkipped, models.MessageFailed}}))
		require.Equal(t, []string{ids[1]}, found(models.OutboxQuery{States: []models.MessageState{models.MessageSent}}))
		require.Equal(t, []string{ids[1]}, found(models.OutboxQuery{Channels: []models.MessageChannel{models.MessagePost}}))
		require.Equal(t, []string{"robot"}, found(models.OutboxQuery{Endpoint: e.ID}))
		require.Len(t, found(models.OutboxQuery{CaseID: row.ID}), 4)
		require.Len(t, found(models.OutboxQuery{CaseID: other.ID}), 1)
		require.Len(t, found(models.OutboxQuery{}), 5)
		_, _, err := s.Outbox(t.Context(), models.OutboxQuery{Cursor: "nonsense"})
		refused(t, err, models.CodeInvalid)

		for i := range 2 {
			require.NoError(t, s.PutDelivery(t.Context(), models.Delivery{MessageID: "robot", At: later(time.Duration(i) * time.Second), EndpointID: e.ID, Attempt: i + 1, Status: 500 + i}))
		}
		latest, err := s.LatestDeliveries(t.Context(), []string{"robot", ids[0]})
		require.NoError(t, err)
		require.Len(t, latest, 1)
		require.Equal(t, 501, latest["robot"].Status)
	}},
	{"starts that wait are listed from the oldest, restarts from the latest, done or not", func(t *testing.T, s *store.Store) {
		start := func(after time.Duration) models.Case {
			return accept(t, s, func(in *models.Intake) { in.Start.CreatedAt = noon.Add(after) })
		}
		late, early, done := start(time.Hour), start(time.Minute), start(0)
		require.NoError(t, s.StartDone(t.Context(), done.ID, noon))
		waiting, err := s.WaitingStarts(t.Context(), 9)
		require.NoError(t, err)
		require.Len(t, waiting, 2)
		require.Equal(t, []string{early.ID, late.ID}, []string{waiting[0].CaseID, waiting[1].CaseID})
		waiting, err = s.WaitingStarts(t.Context(), 1)
		require.NoError(t, err)
		require.Len(t, waiting, 1)
		require.Equal(t, early.ID, waiting[0].CaseID)
		none, err := s.Restarts(t.Context(), 9)
		require.NoError(t, err)
		require.Empty(t, none, "a first start is none")

		require.NoError(t, s.StartDone(t.Context(), early.ID, noon))
		for i, row := range []models.Case{done, early} {
			at := noon.Add(time.Duration(i+2) * time.Hour)
			require.NoError(t, s.PutStart(t.Context(), models.StartIntent{CaseID: row.ID, Restart: models.RestartMissing, CreatedAt: at, NextAt: at}))
		}
		require.NoError(t, s.StartDone(t.Context(), done.ID, noon))
		restarts, err := s.Restarts(t.Context(), 9)
		require.NoError(t, err)
		require.Len(t, restarts, 2)
		require.Equal(t, []string{early.ID, done.ID}, []string{restarts[0].CaseID, restarts[1].CaseID})
		require.NotNil(t, restarts[1].StartedAt)
		restarts, err = s.Restarts(t.Context(), 1)
		require.NoError(t, err)
		require.Len(t, restarts, 1)
	}},
	{"sessions are counted while they let in", func(t *testing.T, s *store.Store) {
		require.NoError(t, s.PutPerson(t.Context(), person("ada", nil)))
		for id, created := range map[string]time.Duration{"fresh": 0, "resting": -2 * time.Hour, "expired": -25 * time.Hour, "ended": 0} {
			require.NoError(t, s.PutSession(t.Context(), session(id, later(created))))
		}
		require.NoError(t, s.EndSession(t.Context(), "ada", "ended", later(0)))
		for idle, want := range map[time.Duration]int64{time.Hour: 1, 3 * time.Hour: 2, 48 * time.Hour: 2} {
			n, err := s.CountSessions(t.Context(), later(time.Minute), later(-idle))
			require.NoError(t, err)
			require.Equal(t, want, n, idle)
		}
	}},
	{"answers that a case refused are listed from the latest, without what they say", func(t *testing.T, s *store.Store) {
		row := accept(t, s)
		answer := func(id string, at time.Time) {
			require.NoError(t, s.PutIncoming(t.Context(), models.Incoming{
				ID: id, CaseID: row.ID, Verb: models.VerbConfirm, Cycle: 1, Command: []byte("{}"), State: models.IncomingPending, ReceivedAt: at, NextAt: at,
			}))
		}
		for i, id := range []string{"one", "two", "three", "passed", "waits"} {
			answer(id, noon.Add(time.Duration(i)*time.Minute))
		}
		for i, id := range []string{"one", "two", "three"} {
			require.NoError(t, s.IncomingRefused(t.Context(), id, noon.Add(time.Duration(i)*time.Hour), "too late"))
		}
		require.NoError(t, s.IncomingPassed(t.Context(), "passed", noon.Add(9*time.Hour)))
		for n, want := range map[int][]string{9: {"three", "two"}, 1: {"three"}} {
			found, err := s.RefusedIncomings(t.Context(), noon.Add(time.Hour), n)
			require.NoError(t, err)
			var ids []string
			for _, in := range found {
				ids = append(ids, in.ID)
				require.Equal(t, "too late", in.Refusal)
				require.Empty(t, in.Command)
			}
			require.Equal(t, want, ids)
		}
	}},
}
