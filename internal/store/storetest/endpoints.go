package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/store"
	"recourse/models"
)

// endpoint puts one on record, changed as wanted, and returns it as it is read.
func endpoint(t *testing.T, s *store.Store, change ...func(*models.Endpoint)) models.Endpoint {
	t.Helper()
	row := models.Endpoint{
		ID: newID(), Name: "运营<群>", Channel: models.MessageWebhook, Language: models.LanguageZH, PerMinute: 20,
		Severities: []models.Severity{models.SeverityUrgent}, CreatedAt: noon, CreatedBy: "ada", ChangedAt: noon, KeyID: "k-" + newID(), Sealed: []byte{1, 0, 255},
	}
	for _, c := range change {
		c(&row)
	}
	require.NoError(t, s.AddEndpoint(t.Context(), row, models.Key{ID: row.KeyID, Wrapped: []byte("wrapped"), CreatedAt: noon}))
	kept, err := s.Endpoint(t.Context(), row.ID)
	require.NoError(t, err)
	return kept
}

// events are the messages of a case that carry its events.
func events(t *testing.T, s *store.Store, row models.Case) (carrying []models.Message) {
	t.Helper()
	all, err := s.Messages(t.Context(), row.ID)
	require.NoError(t, err)
	for _, m := range all {
		if m.Template == models.TemplateEvent {
			carrying = append(carrying, m)
		}
	}
	return carrying
}

var endpoints = []promise{
	{"an endpoint is kept with its key, and changes only for whoever saw it last", func(t *testing.T, s *store.Store) {
		_, err := s.Endpoint(t.Context(), "none")
		refused(t, err, models.CodeNotFound)
		one := endpoint(t, s)
		require.Equal(t, []models.Severity{models.SeverityUrgent}, one.Severities)
		key, err := s.Key(t.Context(), one.KeyID)
		require.NoError(t, err)
		require.Equal(t, []byte("wrapped"), key.Wrapped)
		require.ErrorIs(t, s.AddEndpoint(t.Context(), one, models.Key{ID: "k-other", CreatedAt: noon}), store.ErrOnRecord)

		changed := one
		changed.Name, changed.DisabledAt, changed.ChangedAt, changed.Severities = "off", new(later(time.Second)), later(time.Second), nil
		changed.Sealed, changed.PreviousUntil, changed.PerMinute = []byte{2}, new(later(time.Hour)), 0
		changed.Channel = models.MessageSMS // never: its words were for another
		require.NoError(t, s.ChangeEndpoint(t.Context(), changed, one.ChangedAt))
		refused(t, s.ChangeEndpoint(t.Context(), changed, one.ChangedAt), models.CodeStale)
		changed.Channel = models.MessageWebhook
		second := endpoint(t, s, func(e *models.Endpoint) { e.CreatedAt = noon.Add(time.Second) })
		all, err := s.Endpoints(t.Context())
		require.NoError(t, err)
		require.Equal(t, []models.Endpoint{changed, second}, all)
	}},
	{"each entry leaves one message that carries it, while there is an enabled webhook", func(t *testing.T, s *store.Store) {
		require.Empty(t, events(t, s, accept(t, s)), "nobody listens")
		endpoint(t, s, func(e *models.Endpoint) { e.Channel = models.MessageFeishu })
		endpoint(t, s, func(e *models.Endpoint) { e.DisabledAt = new(noon) })
		require.Empty(t, events(t, s, accept(t, s)), "a robot and a disabled webhook do not listen")
		endpoint(t, s)
		row := accept(t, s)
		entries, next := extend(row, 3, "more")
		rec := models.Recording{Case: next, Entries: entries}
		require.NoError(t, s.Record(t.Context(), rec))
		require.NoError(t, s.Record(t.Context(), rec), "twice is once")
		got := events(t, s, row)
		require.Len(t, got, 4)
		for i, m := range got {
			require.Equal(t, int64(i+1), m.Seq)
			require.Equal(t, models.MessageWebhook, m.Channel)
			require.Equal(t, models.MessagePending, m.State)
			require.Empty(t, m.Endpoint)
			require.Equal(t, m.CreatedAt, m.NextAt)
		}
		require.Equal(t, entries[2].ID, got[3].ID)
		require.Equal(t, instant(entries[2].DecidedAt), got[3].CreatedAt)
		due, err := s.DueMessages(t.Context(), noon.Add(time.Hour), time.Minute, 100)
		require.NoError(t, err)
		require.Subset(t, messageIDs(due), messageIDs(got))
		require.Empty(t, events(t, s, acceptRow(t, s, func(c *models.Case) { c.Sample = true })), "samples are nobody's business outside")
	}},
	{"what could not be recorded leaves no event either", func(t *testing.T, s *store.Store) {
		endpoint(t, s)
		row := accept(t, s)
		entries, next := extend(row, 1, "more")
		rec := models.Recording{Case: next, Entries: entries, Texts: []models.TextRef{{Name: "text", Ref: "nowhere", Digest: "d"}}, Seqs: []int64{2}}
		require.ErrorIs(t, s.Record(t.Context(), rec), store.ErrNotStaged)
		require.Len(t, events(t, s, row), 1)
	}},
	{"a message that waits for its turn loses no attempt", func(t *testing.T, s *store.Store) {
		endpoint(t, s)
		row := accept(t, s)
		m := events(t, s, row)[0]
		due, err := s.DueMessages(t.Context(), noon.Add(time.Hour), time.Minute, 100)
		require.NoError(t, err)
		require.Contains(t, messageIDs(due), m.ID)
		require.NoError(t, s.MessageWaits(t.Context(), m.ID, later(2*time.Hour)))
		m = events(t, s, row)[0]
		require.Equal(t, 0, m.Attempts)
		require.Equal(t, later(2*time.Hour), m.NextAt)
	}},
	{"attempts are kept, the newest first, a page at a time", func(t *testing.T, s *store.Store) {
		e, other := endpoint(t, s), endpoint(t, s)
		var all []models.Delivery
		for i := range 5 {
			d := models.Delivery{
				MessageID: "m", At: later(time.Duration(i) * time.Second), EndpointID: e.ID, Attempt: i + 1, Took: time.Millisecond,
				Status: 500, Code: "timeout", Answer: "名", Outcome: models.MessagePending,
			}
			require.NoError(t, s.PutDelivery(t.Context(), d))
			require.NoError(t, s.PutDelivery(t.Context(), d), "twice is once")
			all = append([]models.Delivery{d}, all...)
		}
		require.NoError(t, s.PutDelivery(t.Context(), models.Delivery{MessageID: "o", At: noon, EndpointID: other.ID, Outcome: models.MessageSent}))
		first, next, err := s.Deliveries(t.Context(), e.ID, "", 3)
		require.NoError(t, err)
		rest, end, err := s.Deliveries(t.Context(), e.ID, next, 3)
		require.NoError(t, err)
		require.Empty(t, end)
		require.Equal(t, all, append(first, rest...))
	}},
	{"attempts that did not arrive are counted by endpoint", func(t *testing.T, s *store.Store) {
		e, well := endpoint(t, s), endpoint(t, s)
		put := func(endpoint string, at time.Time, outcome models.MessageState) {
			require.NoError(t, s.PutDelivery(t.Context(), models.Delivery{MessageID: newID(), At: at, EndpointID: endpoint, Outcome: outcome}))
		}
		put(e.ID, noon, models.MessagePending)
		put(e.ID, later(time.Hour), models.MessageFailed)
		put(e.ID, later(time.Hour), models.MessageSent)
		put(e.ID, noon.Add(-time.Second), models.MessageFailed)
		put(well.ID, later(time.Hour), models.MessageSent)
		failed, err := s.FailedDeliveries(t.Context(), noon)
		require.NoError(t, err)
		require.Equal(t, map[string]int64{e.ID: 2}, failed)
	}},
	{"a message to an endpoint leaves again under its id, no other does", func(t *testing.T, s *store.Store) {
		e, row := endpoint(t, s), accept(t, s)
		copied := message(row, 1, "alert", "")
		copied.ID, copied.Endpoint, copied.Channel = "copy", e.ID, e.Channel
		require.NoError(t, s.PutMessages(t.Context(), []models.Message{copied}))
		refused(t, s.Redeliver(t.Context(), "copy", later(0)), models.CodeConflict)
		require.NoError(t, s.MessageSent(t.Context(), "copy", later(0), "", nil))
		require.NoError(t, s.Redeliver(t.Context(), "copy", later(time.Hour)))
		found, err := s.MessagesByID(t.Context(), []string{"copy", "none"})
		require.NoError(t, err)
		require.Len(t, found, 1)
		require.Equal(t, models.MessagePending, found["copy"].State)
		require.Nil(t, found["copy"].SentAt)
		refused(t, s.Redeliver(t.Context(), events(t, s, row)[0].ID, later(0)), models.CodeConflict)
	}},
	{"an erasure leaves what goes to endpoints, but for what is for the customer", func(t *testing.T, s *store.Store) {
		e, row := endpoint(t, s), accept(t, s)
		robot, sms := message(row, 1, "alert", ""), message(row, 1, "receipt", "")
		robot.ID, robot.Endpoint, robot.Channel = "robot", e.ID, models.MessageFeishu
		sms.ID, sms.Endpoint, sms.Channel = "sms", e.ID, models.MessageSMS
		require.NoError(t, s.PutMessages(t.Context(), []models.Message{robot, sms}))
		require.NoError(t, s.Erase(t.Context(), row.CustomerID, noon))
		found, err := s.MessagesByID(t.Context(), []string{"robot", "sms", events(t, s, row)[0].ID})
		require.NoError(t, err)
		require.Equal(t, models.MessagePending, found["robot"].State)
		require.Equal(t, models.MessageSkipped, found["sms"].State)
		require.Equal(t, models.MessagePending, events(t, s, row)[0].State)
	}},
}

func messageIDs(all []models.Message) (ids []string) {
	for _, m := range all {
		ids = append(ids, m.ID)
	}
	return ids
}
