package samples_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/samples"
	"recourse/models"
)

func TestACrowdStandsInEveryStateAndSaysAsMuchAsPeopleDo(t *testing.T) {
	t.Parallel()
	h := full(t, noon)
	const n = 150
	var said []int
	require.NoError(t, samples.Crowd(t.Context(), h.svc, h, n, noon, func(loaded int) { said = append(said, loaded) }))
	require.Len(t, said, n/100)
	rows, err := h.AllCases(t.Context(), "", 2*n)
	require.NoError(t, err)
	require.Len(t, rows, n+20)
	for _, s := range models.States() {
		if s == models.StateMerged { // needs another case
			continue
		}
		require.True(t, slices.ContainsFunc(rows, func(c models.Case) bool { return c.State == s }), "none is %s", s)
	}
	longest, dense := 0, int64(0)
	for _, row := range rows {
		dense = max(dense, row.Seq)
		for _, texts := range h.words(t, row) {
			for _, text := range texts {
				longest = max(longest, len([]rune(text)))
			}
		}
	}
	require.Equal(t, 9000, longest)
	require.Greater(t, dense, int64(100))

	require.NoError(t, samples.Crowd(t.Context(), h.svc, h, n, noon, func(int) { t.Error("they are there already") }))
}
