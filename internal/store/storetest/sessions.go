package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/store"
	"recourse/models"
)

func session(id string, created time.Time) models.Session {
	return models.Session{ID: id, PersonID: "ada", Hash: []byte("hash of " + id), Agent: "a browser", CreatedAt: created, UsedAt: created, ExpiresAt: created.Add(24 * time.Hour)}
}

var sessions = []promise{
	{"a session lets in until it ends, expires or rests too long", func(t *testing.T, s *store.Store) {
		require.NoError(t, s.PutPerson(t.Context(), person("ada", nil)))
		require.NoError(t, s.PutSession(t.Context(), session("one", later(0))))
		in := func(now, idle time.Time) error {
			p, got, err := s.PersonBySession(t.Context(), []byte("hash of one"), now, idle)
			if err == nil {
				require.Equal(t, "ada", p.ID)
				require.Equal(t, "one", got.ID)
			}
			return err
		}
		require.NoError(t, in(later(time.Hour), later(-time.Hour)))
		refused(t, in(later(24*time.Hour), later(-time.Hour)), models.CodeUnauthorized)
		refused(t, in(later(time.Hour), later(0)), models.CodeUnauthorized)
		_, _, err := s.PersonBySession(t.Context(), []byte("hash of two"), later(0), later(-time.Hour))
		refused(t, err, models.CodeUnauthorized)

		refused(t, s.EndSession(t.Context(), "bob", "one", later(time.Minute)), models.CodeNotFound)
		require.NoError(t, s.EndSession(t.Context(), "ada", "one", later(time.Minute)))
		refused(t, in(later(time.Hour), later(-time.Hour)), models.CodeUnauthorized)
		left, err := s.Sessions(t.Context(), "ada", later(time.Hour), later(-time.Hour))
		require.NoError(t, err)
		require.Empty(t, left)
	}},
	{"who is disabled or leaves is signed in nowhere", func(t *testing.T, s *store.Store) {
		require.NoError(t, s.PutPerson(t.Context(), person("ada", nil)))
		require.NoError(t, s.PutSession(t.Context(), session("one", later(0))))
		require.NoError(t, s.Leave(t.Context(), models.Departure{PersonID: "ada", Author: "zoe", LeftAt: later(time.Hour)}))
		_, _, err := s.PersonBySession(t.Context(), []byte("hash of one"), later(2*time.Hour), later(-time.Hour))
		refused(t, err, models.CodeUnauthorized)
		back := person("ada", nil)
		require.NoError(t, s.PutPerson(t.Context(), back))
		_, _, err = s.PersonBySession(t.Context(), []byte("hash of one"), later(2*time.Hour), later(-time.Hour))
		refused(t, err, models.CodeUnauthorized)
	}},
	{"a new password ends every session but the one that changed it", func(t *testing.T, s *store.Store) {
		require.NoError(t, s.PutPerson(t.Context(), person("ada", nil)))
		for _, id := range []string{"one", "two", "three"} {
			require.NoError(t, s.PutSession(t.Context(), session(id, later(0))))
		}
		_, err := s.Password(t.Context(), "ada")
		refused(t, err, models.CodeNotFound)
		require.NoError(t, s.PutPassword(t.Context(), models.Password{PersonID: "ada", Hash: "old", ChangedAt: later(time.Minute)}, "two"))
		left, err := s.Sessions(t.Context(), "ada", later(time.Hour), later(-time.Hour))
		require.NoError(t, err)
		require.Len(t, left, 1)
		require.Equal(t, "two", left[0].ID)
		require.NoError(t, s.PutPassword(t.Context(), models.Password{PersonID: "ada", Hash: "new", ChangedAt: later(2 * time.Minute)}, ""))
		kept, err := s.Password(t.Context(), "ada")
		require.NoError(t, err)
		require.Equal(t, "new", kept.Hash)
		left, err = s.Sessions(t.Context(), "ada", later(time.Hour), later(-time.Hour))
		require.NoError(t, err)
		require.Empty(t, left)
	}},
	{"the last use of a session is kept to within a minute", func(t *testing.T, s *store.Store) {
		require.NoError(t, s.PutPerson(t.Context(), person("ada", nil)))
		one := session("one", later(0))
		require.NoError(t, s.PutSession(t.Context(), one))
		for _, at := range []time.Duration{59 * time.Second, 61 * time.Second} {
			require.NoError(t, s.TouchSession(t.Context(), one, later(at)))
		}
		got, err := s.Sessions(t.Context(), "ada", later(time.Hour), later(-time.Hour))
		require.NoError(t, err)
		require.Equal(t, later(61*time.Second), got[0].UsedAt)
	}},
	{"who watches is told which rows were written, the earliest first", func(t *testing.T, s *store.Store) {
		before := time.Unix(0, 0)
		Fill(t, s)
		all, last, err := s.Changed(t.Context(), before, 1000)
		require.NoError(t, err)
		require.NotEmpty(t, all)
		for _, row := range all {
			require.Empty(t, row.Snapshot)
			require.NotEmpty(t, row.Number)
		}
		none, _, err := s.Changed(t.Context(), last, 1000)
		require.NoError(t, err)
		require.Empty(t, none)
		some, _, err := s.Changed(t.Context(), before, 1)
		require.NoError(t, err)
		require.Equal(t, all[:1], some)
	}},
}
