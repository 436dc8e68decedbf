package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/store"
	"recourse/models"
)

var keys = []promise{
	{"a key is begun once, answered, and answers for a day", func(t *testing.T, s *store.Store) {
		key := request("k")
		_, fresh, err := s.Begin(t.Context(), key)
		require.NoError(t, err)
		require.True(t, fresh)
		_, _, err = s.Begin(t.Context(), key)
		refused(t, err, models.CodeInFlight)
		other := key
		other.BodyHash = []byte("other")
		_, _, err = s.Begin(t.Context(), other)
		refused(t, err, models.CodeKeyReused)

		key.Status, key.Answer = 200, []byte("answer")
		require.NoError(t, s.Finish(t.Context(), key))
		require.NoError(t, s.Release(t.Context(), key), "an answered key stays answered")
		kept, fresh, err := s.Begin(t.Context(), key)
		require.NoError(t, err)
		require.False(t, fresh)
		require.Equal(t, []byte("answer"), kept.Answer)
		require.Equal(t, 200, kept.Status)
		_, _, err = s.Begin(t.Context(), other)
		refused(t, err, models.CodeKeyReused)
		other.CreatedAt = noon.Add(store.KeyLife + time.Second)
		_, fresh, err = s.Begin(t.Context(), other)
		require.NoError(t, err)
		require.True(t, fresh)
	}},
	{"keys of others are other keys", func(t *testing.T, s *store.Store) {
		for _, key := range []models.IdempotencyKey{
			{Principal: "", Route: "r", Key: "k"}, {Principal: "p", Route: "r", Key: "k"}, {Principal: "", Route: "q", Key: "k"},
		} {
			key.BodyHash, key.CreatedAt, key.LeaseAt = []byte(key.Principal+key.Route), noon, noon.Add(time.Minute)
			_, fresh, err := s.Begin(t.Context(), key)
			require.NoError(t, err)
			require.True(t, fresh)
		}
	}},
	{"a lease that was given up or ran out is taken over", func(t *testing.T, s *store.Store) {
		key := request("k")
		_, _, err := s.Begin(t.Context(), key)
		require.NoError(t, err)
		require.NoError(t, s.Release(t.Context(), key))
		next := key
		next.LeaseAt = noon.Add(2 * time.Minute)
		_, fresh, err := s.Begin(t.Context(), next)
		require.NoError(t, err)
		require.True(t, fresh)
		require.NoError(t, s.Release(t.Context(), key), "the first one's lease, which is over")
		_, _, err = s.Begin(t.Context(), key)
		refused(t, err, models.CodeInFlight)

		late := next
		late.CreatedAt, late.LeaseAt = noon.Add(2*time.Minute), noon.Add(3*time.Minute)
		_, fresh, err = s.Begin(t.Context(), late)
		require.NoError(t, err)
		require.True(t, fresh)
		swept, err := s.SweepKeys(t.Context(), noon.Add(time.Hour))
		require.NoError(t, err)
		require.EqualValues(t, 1, swept)
	}},
	{"of many who begin one key one does", func(t *testing.T, s *store.Store) {
		for round := range 4 {
			errs := atOnce(6, func(int) error {
				_, fresh, err := s.Begin(t.Context(), request(fmt.Sprint("k", round)))
				if err == nil && !fresh {
					err = errors.New("nobody has answered it")
				}
				return err
			})
			require.Equal(t, 1, won(t, errs, models.CodeInFlight))
		}
	}},
	{"facts are kept, and the first of many decides", func(t *testing.T, s *store.Store) {
		_, err := s.Meta(t.Context(), "fingerprint")
		refused(t, err, models.CodeNotFound)
		for range 2 {
			first, err := s.FirstMeta(t.Context(), "fingerprint", newID())
			require.NoError(t, err)
			kept, err := s.Meta(t.Context(), "fingerprint")
			require.NoError(t, err)
			require.Equal(t, kept, first)
		}
		require.NoError(t, s.SetMeta(t.Context(), "fingerprint", "b"))
		kept, err := s.Meta(t.Context(), "fingerprint")
		require.NoError(t, err)
		require.Equal(t, "b", kept)
	}},
}

func request(key string) models.IdempotencyKey {
	return models.IdempotencyKey{
		Principal: "p", Route: "POST /r", Key: key, BodyHash: []byte("body"), CreatedAt: noon, LeaseAt: noon.Add(time.Minute),
	}
}
