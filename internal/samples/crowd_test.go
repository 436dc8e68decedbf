package samples_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/check"
	"recourse/internal/samples"
	"recourse/models"
)

func TestACrowdStandsInEveryStateAndSaysAsMuchAsPeopleDo(t *testing.T) {
	t.Parallel()
	h := full(t, noon)
	const n = 300
	var said []int
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	err := samples.Crowd(ctx, h.svc, h, h.together, n, noon, func(loaded int) { said = append(said, loaded); stop() })
	require.ErrorIs(t, err, context.Canceled)
	require.Len(t, said, 1, "it was stopped on the way")
	before := h.count(t)
	require.Equal(t, said[0]+20, before)
	require.NoError(t, samples.Crowd(t.Context(), h.svc, h, h.together, n, noon.Add(time.Hour), func(loaded int) { said = append(said, loaded) }))
	require.Equal(t, []int{before - 20, before - 20, n}, said, "it goes on from there")
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

	require.NoError(t, samples.Crowd(t.Context(), h.svc, h, h.together, n, noon, func(int) { t.Error("they are there already") }))
	rep, err := check.Run(t.Context(), h, nil, check.Config{Now: func() time.Time { return noon.Add(time.Hour) }, Plans: versions{}, Vault: h.vault})
	require.NoError(t, err)
	for _, v := range rep.Verdicts {
		require.Empty(t, v.Findings, "%s", v.Key)
	}
	supervisor := models.Actor{Kind: models.ActorPerson, ID: "x", Roles: []models.Role{models.RoleSupervisor}}
	found, err := h.svc.Search(t.Context(), supervisor, "出线口处有明显压痕", 10)
	require.NoError(t, err)
	require.Len(t, found, 10, "they are found by their words")
}

// count is how many cases there are.
func (h house) count(t *testing.T) int {
	t.Helper()
	n, err := h.CountCases(t.Context(), models.CaseQuery{Visible: models.Visible{Whole: true}})
	require.NoError(t, err)
	return int(n)
}
