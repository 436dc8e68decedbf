package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/store"
	"recourse/models"
)

var queues = []promise{
	{"no start is handed to two, none is forgotten, and one whose lease ran out comes again", func(t *testing.T, s *store.Store) {
		for range 24 {
			accept(t, s)
		}
		handedOut(t, 24, func(now time.Time) (got []string, err error) {
			due, err := s.DueStarts(t.Context(), now, time.Minute, 3)
			for _, d := range due {
				got = append(got, d.CaseID)
			}
			return got, err
		})
	}},
	{"no message is handed to two, none is forgotten, and one whose lease ran out comes again", func(t *testing.T, s *store.Store) {
		row := accept(t, s)
		entries, next := extend(row, 1, "many")
		rec := models.Recording{Case: next, Entries: entries}
		for i := range 23 {
			rec.Messages = append(rec.Messages, message(row, 2, "note", fmt.Sprint("p-", i)))
		}
		require.NoError(t, s.Record(t.Context(), rec))
		handedOut(t, 24, func(now time.Time) (got []string, err error) { // with the one of the intake
			due, err := s.DueMessages(t.Context(), now, time.Minute, 3)
			for _, d := range due {
				got = append(got, d.ID)
			}
			return got, err
		})
	}},
	{"alerts leave before whatever waited longer", func(t *testing.T, s *store.Store) {
		row := accept(t, s) // with a message to the customer
		entries, next := extend(row, 1, "late")
		alert := message(row, 2, "alert", "p-1")
		alert.NextAt = later(time.Minute)
		rec := models.Recording{Case: next, Entries: entries, Messages: []models.Message{alert}}
		require.NoError(t, s.Record(t.Context(), rec))
		due, err := s.DueMessages(t.Context(), later(time.Hour), time.Minute, 1)
		require.NoError(t, err)
		require.Len(t, due, 1)
		require.Equal(t, alert.ID, due[0].ID)
		due, err = s.DueMessages(t.Context(), later(time.Hour), time.Minute, 9)
		require.NoError(t, err)
		require.Len(t, due, 1, "and then the others")
	}},
	{"starts are due the urgent first, and are over when done", func(t *testing.T, s *store.Store) {
		start := func(severity models.Severity, at time.Time) models.Case {
			return accept(t, s, func(in *models.Intake) {
				in.Start.Severity, in.Start.NextAt, in.Start.CreatedAt = severity, at, at
			})
		}
		old := start(models.SeverityGeneral, noon.Add(-time.Hour))
		urgent := start(models.SeverityUrgent, noon)
		important := start(models.SeverityImportant, noon.Add(-time.Minute))
		start(models.SeverityUrgent, noon.Add(time.Second)) // not yet
		oldest, err := s.OldestStart(t.Context())
		require.NoError(t, err)
		require.Equal(t, new(later(-time.Hour)), oldest)

		due, err := s.DueStarts(t.Context(), noon, time.Minute, 2)
		require.NoError(t, err)
		require.Len(t, due, 2)
		require.Equal(t, []string{urgent.ID, important.ID}, []string{due[0].CaseID, due[1].CaseID})
		due, err = s.DueStarts(t.Context(), noon, time.Minute, 2)
		require.NoError(t, err)
		require.Len(t, due, 1)
		require.Equal(t, old.ID, due[0].CaseID)

		require.NoError(t, s.StartDone(t.Context(), old.ID, noon))
		require.NoError(t, s.StartFailed(t.Context(), urgent.ID, noon.Add(30*time.Second), "no engine"))
		due, err = s.DueStarts(t.Context(), noon.Add(30*time.Second), time.Minute, 9)
		require.NoError(t, err)
		require.Len(t, due, 2)
		require.Equal(t, "no engine", due[1].LastFailure)
		n, err := s.PendingStarts(t.Context())
		require.NoError(t, err)
		require.EqualValues(t, 3, n)
	}},
	{"a restart is asked for once while it is pending", func(t *testing.T, s *store.Store) {
		row := accept(t, s)
		again := models.StartIntent{CaseID: row.ID, Severity: row.Severity, Restart: "lost", CreatedAt: noon.Add(time.Hour), NextAt: noon.Add(time.Hour)}
		require.NoError(t, s.PutStart(t.Context(), again))
		kept, err := s.Start(t.Context(), row.ID)
		require.NoError(t, err)
		require.Empty(t, kept.Restart, "the first start is still pending")

		require.NoError(t, s.StartDone(t.Context(), row.ID, noon))
		_, err = s.Start(t.Context(), row.ID)
		refused(t, err, models.CodeNotFound)
		oldest, err := s.OldestStart(t.Context())
		require.NoError(t, err)
		require.Nil(t, oldest)
		require.NoError(t, s.PutStart(t.Context(), again))
		kept, err = s.Start(t.Context(), row.ID)
		require.NoError(t, err)
		require.EqualValues(t, "lost", kept.Restart)
		require.Nil(t, kept.StartedAt)
		require.Equal(t, later(time.Hour), kept.NextAt)
	}},
	{"a customer's answer is kept once, passed on once, and its texts wait with it", func(t *testing.T, s *store.Store) {
		row := accept(t, s)
		_, err := s.Stage(t.Context(), row.KeyID, []models.Text{draft(row, "cmd", "text")})
		require.NoError(t, err)
		in := models.Incoming{
			ID: newID(), CaseID: row.ID, Verb: models.VerbMessage, Cycle: 1, Command: []byte("{}"), State: models.IncomingPending,
			ReceivedAt: noon, NextAt: noon,
		}
		require.NoError(t, s.PutIncoming(t.Context(), in))
		require.NoError(t, s.PutIncoming(t.Context(), in))
		gone, err := s.SweepStaged(t.Context(), noon.Add(time.Hour))
		require.NoError(t, err)
		require.Zero(t, gone)

		due, err := s.DueIncomings(t.Context(), noon, time.Minute, 5)
		require.NoError(t, err)
		require.Len(t, due, 1)
		none, err := s.DueIncomings(t.Context(), noon, time.Minute, 5)
		require.NoError(t, err)
		require.Empty(t, none)
		require.NoError(t, s.IncomingFailed(t.Context(), in.ID, noon.Add(time.Second)))
		due, err = s.DueIncomings(t.Context(), noon.Add(time.Second), time.Minute, 5)
		require.NoError(t, err)
		require.Len(t, due, 1)
		require.Equal(t, 2, due[0].Attempts)
		require.NoError(t, s.IncomingRefused(t.Context(), in.ID, noon, "unlawful"))
		require.NoError(t, s.IncomingPassed(t.Context(), in.ID, noon), "what is decided stays decided")
		all, err := s.Incomings(t.Context(), row.ID)
		require.NoError(t, err)
		require.Len(t, all, 1)
		require.Equal(t, models.IncomingRefused, all[0].State)
		gone, err = s.SweepStaged(t.Context(), noon.Add(time.Hour))
		require.NoError(t, err)
		require.EqualValues(t, 1, gone)
	}},
	{"a message to a role is distributed once and lies in the inbox of each", func(t *testing.T, s *store.Store) {
		row := accept(t, s)
		entries, next := extend(row, 1, "late")
		toRole := message(row, 2, "alert", "")
		toRole.Roles = []models.Role{models.RoleSupervisor}
		require.NoError(t, s.Record(t.Context(), models.Recording{Case: next, Entries: entries, Messages: []models.Message{toRole}}))
		copies := []models.Message{message(row, 2, "alert", "p-1"), message(row, 2, "alert", "p-2")}
		for range 2 {
			require.NoError(t, s.Distribute(t.Context(), toRole.ID, noon, copies))
		}
		due, err := s.DueMessages(t.Context(), noon, time.Minute, 9)
		require.NoError(t, err)
		require.Len(t, due, 3, "one to the customer and two copies")
		for _, m := range due {
			require.NoError(t, s.MessageSent(t.Context(), m.ID, noon, row.KeyID, []byte("sealed body")))
			require.NoError(t, s.MessageFailed(t.Context(), m.ID, "too late"), "what was sent stays sent")
		}
		page, _, err := s.Inbox(t.Context(), "p-1", models.Visible{Whole: true}, "", 0)
		require.NoError(t, err)
		require.Len(t, page, 1)
		require.Equal(t, models.MessageSent, page[0].State)
		require.Equal(t, []byte("sealed body"), page[0].Body)
		require.NoError(t, s.MessageRead(t.Context(), "p-1", page[0].ID, noon))
		require.NoError(t, s.MessageRead(t.Context(), "p-1", page[0].ID, noon.Add(time.Hour)))
		refused(t, s.MessageRead(t.Context(), "p-2", page[0].ID, noon), models.CodeNotFound)
		page, _, err = s.Inbox(t.Context(), "p-1", models.Visible{Whole: true}, "", 0)
		require.NoError(t, err)
		require.Equal(t, new(instant(noon)), page[0].ReadAt)
		all, err := s.Messages(t.Context(), row.ID)
		require.NoError(t, err)
		require.Len(t, all, 4)
	}},
	{"an inbox pages without doubles", func(t *testing.T, s *store.Store) {
		row := accept(t, s)
		entries, next := extend(row, 1, "many")
		rec := models.Recording{Case: next, Entries: entries}
		for i := range 9 {
			m := message(row, 2, fmt.Sprint("note-", i), "p-1")
			m.State = models.MessageSent
			rec.Messages = append(rec.Messages, m)
		}
		require.NoError(t, s.Record(t.Context(), rec))
		seen := map[string]bool{}
		for cursor := ""; ; {
			page, next, err := s.Inbox(t.Context(), "p-1", models.Visible{Whole: true}, cursor, 2)
			require.NoError(t, err)
			for _, m := range page {
				require.False(t, seen[m.ID])
				seen[m.ID] = true
			}
			if cursor = next; next == "" {
				break
			}
		}
		require.Len(t, seen, 9)
	}},
}

// handedOut claims from many sides until nothing is left, again and again as leases run out: every
// row once each time.
func handedOut(t *testing.T, want int, claim func(now time.Time) ([]string, error)) {
	t.Helper()
	for round := range 6 { // in the first one connections are opened, one after the other
		var (
			lock sync.Mutex
			seen = map[string]bool{}
		)
		errs := atOnce(5, func(int) error {
			for idle := 0; idle < 3; { // others may hold what is left
				got, err := claim(noon.Add(time.Duration(round) * time.Minute))
				if err != nil {
					return err
				}
				if len(got) == 0 {
					idle++
				}
				lock.Lock()
				for _, id := range got {
					if seen[id] {
						err = fmt.Errorf("%s was handed out twice", id)
					}
					seen[id] = true
				}
				lock.Unlock()
				if err != nil {
					return err
				}
			}
			return nil
		})
		require.NoError(t, errors.Join(errs...))
		require.Len(t, seen, want)
	}
}
