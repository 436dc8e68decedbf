package activities_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/lifecycle"
	"recourse/models"
	"recourse/workflows/contract"
)

// A case whose workflow began before there was a trail.
func TestTheFactsOfACaseWithoutATrailAreFoldedFromItsEvents(t *testing.T) {
	t.Parallel()
	s, a := office(t, nil)
	a.Late = nil
	c := followedUp(t, s, models.Case{})
	c.Trail = lifecycle.Trail{}
	events := eventsOf(c, models.CallbackRecorded{Attempt: 1, Outcome: models.CallbackReachedSolved}, models.Closed{Reason: models.CloseSolved})
	_, rec, err := lifecycle.Write(c, events)
	require.NoError(t, err)
	require.Empty(t, rec.Facts)
	require.NoError(t, a.Record(t.Context(), contract.RecordInput{Recording: rec}))

	entries, err := s.Entries(t.Context(), c.ID, 0, 0)
	require.NoError(t, err)
	want, err := lifecycle.FactsOf(entries)
	require.NoError(t, err)
	have, err := s.FactsOf(t.Context(), c.ID)
	require.NoError(t, err)
	require.Equal(t, want, have)
	require.Equal(t, noon, *have.Facts[0].ClosedAt)
	require.NotNil(t, have.Facts[0].CalledAt)
}
