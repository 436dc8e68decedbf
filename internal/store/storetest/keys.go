package storetest

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/store"
	"recourse/models"
)

var keys = []promise{
	{"a key is begun once, answered, and answers for a day", func(t *testing.T, s *store.Store) {
		key := request("k")
		_, fresh, err := s.Begin(ctx(t), key)
		require.NoError(t, err)
		require.True(t, fresh)
		_, _, err = s.Begin(ctx(t), key)
		refused(t, err, models.CodeInFlight)
		other := key
		other.BodyHash = []byte("other")
		_, _, err = s.Begin(ctx(t), other)
		refused(t, err, models.CodeKeyReused)

		key.Status, key.Answer = 200, []byte("answer")
		require.NoError(t, s.Finish(ctx(t), key))
		require.NoError(t, s.Release(ctx(t), key), "an answered key stays answered")
		kept, fresh, err := s.Begin(ctx(t), key)
		require.NoError(t, err)
		require.False(t, fresh)
		require.Equal(t, []byte("answer"), kept.Answer)
		require.Equal(t, 200, kept.Status)
		_, _, err = s.Begin(ctx(t), other)
		refused(t, err, models.CodeKeyReused)
		other.CreatedAt = noon.Add(store.KeyLife + time.Second)
		_, fresh, err = s.Begin(ctx(t), other)
		require.NoError(t, err)
		require.True(t, fresh)
	}},
	{"keys of others are other keys", func(t *testing.T, s *store.Store) {
		for _, key := range []models.IdempotencyKey{
			{Principal: "", Route: "r", Key: "k"}, {Principal: "p", Route: "r", Key: "k"}, {Principal: "", Route: "q", Key: "k"},
		} {
			key.BodyHash, key.CreatedAt, key.LeaseAt = []byte(key.Principal+key.Route), noon, noon.Add(time.Minute)
			_, fresh, err := s.Begin(ctx(t), key)
			require.NoError(t, err)
			require.True(t, fresh)
		}
	}},
	{"a lease that was given up or ran out is taken over", func(t *testing.T, s *store.Store) {
		key := request("k")
		_, _, err := s.Begin(ctx(t), key)
		require.NoError(t, err)
		require.NoError(t, s.Release(ctx(t), key))
		next := key
		next.LeaseAt = noon.Add(2 * time.Minute)
		_, fresh, err := s.Begin(ctx(t), next)
		require.NoError(t, err)
		require.True(t, fresh)
		require.NoError(t, s.Release(ctx(t), key), "the first one's lease, which is over")
		_, _, err = s.Begin(ctx(t), key)
		refused(t, err, models.CodeInFlight)

		late := next
		late.CreatedAt, late.LeaseAt = noon.Add(2*time.Minute), noon.Add(3*time.Minute)
		_, fresh, err = s.Begin(ctx(t), late)
		require.NoError(t, err)
		require.True(t, fresh)
		swept, err := s.SweepKeys(ctx(t), noon.Add(time.Hour))
		require.NoError(t, err)
		require.EqualValues(t, 1, swept)
	}},
	{"of many who begin one key one does", func(t *testing.T, s *store.Store) {
		const many = 8
		var (
			all   sync.WaitGroup
			fresh [many]bool
			errs  [many]error
		)
		for i := range many {
			all.Go(func() { _, fresh[i], errs[i] = s.Begin(ctx(t), request("k")) })
		}
		all.Wait()
		won := 0
		for i := range many {
			if errs[i] == nil {
				require.True(t, fresh[i])
				won++
				continue
			}
			refused(t, errs[i], models.CodeInFlight)
		}
		require.Equal(t, 1, won)
	}},
	{"facts are kept, and the first of many decides", func(t *testing.T, s *store.Store) {
		_, err := s.Meta(ctx(t), "fingerprint")
		refused(t, err, models.CodeNotFound)
		for range 2 {
			first, err := s.FirstMeta(ctx(t), "fingerprint", newID())
			require.NoError(t, err)
			kept, err := s.Meta(ctx(t), "fingerprint")
			require.NoError(t, err)
			require.Equal(t, kept, first)
		}
		require.NoError(t, s.SetMeta(ctx(t), "fingerprint", "b"))
		kept, err := s.Meta(ctx(t), "fingerprint")
		require.NoError(t, err)
		require.Equal(t, "b", kept)
	}},
}

func request(key string) models.IdempotencyKey {
	return models.IdempotencyKey{
		Principal: "p", Route: "POST /r", Key: key, BodyHash: []byte("body"), CreatedAt: noon, LeaseAt: noon.Add(time.Minute),
	}
}
