package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/store"
	"recourse/models"
)

var subscriptions = []promise{
	{"who subscribed once is told of that topic alone, until they unsubscribe or leave", func(t *testing.T, s *store.Store) {
		for _, id := range []string{"ada", "bob", "zoe"} {
			require.NoError(t, s.PutPerson(t.Context(), person(id, nil)))
		}
		wants := func(id string, topic models.Topic, at time.Duration) models.Subscription {
			return models.Subscription{PersonID: id, Topic: topic, CreatedAt: later(at)}
		}
		for _, one := range []models.Subscription{
			wants("zoe", models.TopicReport, 0), wants("ada", models.TopicReport, 0), wants("ada", models.TopicReport, time.Hour),
			wants("ada", models.TopicSignal, time.Minute), wants("bob", models.TopicReport, 0),
		} {
			require.NoError(t, s.Subscribe(t.Context(), one))
		}
		mine, err := s.Subscriptions(t.Context(), "ada")
		require.NoError(t, err)
		require.Equal(t, []models.Subscription{wants("ada", models.TopicReport, 0), wants("ada", models.TopicSignal, time.Minute)}, mine)
		of := func(topic models.Topic, ids ...string) {
			t.Helper()
			people, err := s.SubscribersOf(t.Context(), topic)
			require.NoError(t, err)
			found := []string{}
			for _, p := range people {
				found = append(found, p.ID)
			}
			require.Equal(t, append([]string{}, ids...), found)
		}
		of(models.TopicReport, "ada", "bob", "zoe")
		of(models.TopicSignal, "ada")

		require.NoError(t, s.Unsubscribe(t.Context(), "ada", models.TopicReport))
		require.NoError(t, s.Unsubscribe(t.Context(), "ada", models.TopicReport))
		require.NoError(t, s.Leave(t.Context(), models.Departure{PersonID: "bob", Author: "zoe", LeftAt: later(time.Hour)}))
		of(models.TopicReport, "zoe")
		of(models.TopicSignal, "ada")
	}},
	{"a message may be about no case, leaves as any other, and lies in no inbox", func(t *testing.T, s *store.Store) {
		m := models.Message{
			ID: "r/ada", About: "r", Template: "report", Channel: models.MessageEmail, Person: "ada", Language: models.LanguageEN,
			State: models.MessagePending, NextAt: noon, CreatedAt: noon,
		}
		require.NoError(t, s.PutMessages(t.Context(), []models.Message{m}))
		due, err := s.DueMessages(t.Context(), later(0), time.Minute, 9)
		require.NoError(t, err)
		require.Len(t, due, 1)
		require.Empty(t, due[0].CaseID)
		require.Equal(t, "r", due[0].About)
		require.NoError(t, s.MessageSent(t.Context(), m.ID, later(time.Minute), "", nil))
		all, _, err := s.Outbox(t.Context(), models.OutboxQuery{})
		require.NoError(t, err)
		require.Len(t, all, 1)
		require.Equal(t, models.MessageSent, all[0].State)
		inbox, _, err := s.Inbox(t.Context(), "ada", models.Visible{All: true}, "", 9)
		require.NoError(t, err)
		require.Empty(t, inbox)
	}},
}
