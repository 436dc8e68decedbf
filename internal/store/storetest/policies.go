package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/store"
	"recourse/models"
)

var policies = []promise{
	{"versions of the policy are added one after the other", func(t *testing.T, s *store.Store) {
		none, err := s.Policies(t.Context())
		require.NoError(t, err)
		require.Empty(t, none)
		one := models.Policy{Number: 1, Document: []byte("clocks: {} # 时限\n"), Author: "ada", Reason: "first", EffectiveAt: later(1), CreatedAt: later(0)}
		require.NoError(t, s.PutPolicy(t.Context(), one))
		refused(t, s.PutPolicy(t.Context(), one), models.CodeStale)
		two := one
		two.Number, two.EffectiveAt = 2, later(0)
		onlyOneWins(t, func() error { return s.PutPolicy(t.Context(), two) })
		all, err := s.Policies(t.Context())
		require.NoError(t, err)
		require.Equal(t, []models.Policy{one, two}, all)
	}},
}
