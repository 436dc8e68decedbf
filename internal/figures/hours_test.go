package figures_test

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/figures"
	"recourse/internal/lifecycle"
	"recourse/internal/policies"
	"recourse/internal/policy"
	"recourse/models"
)

var shanghai, _ = policy.Zone("Asia/Shanghai")

// noVersions is a record in which no policy was published: the default holds.
type noVersions struct{}

func (noVersions) Policies(context.Context) ([]models.Policy, error) { return nil, nil }

func TestOpenTimeIsTheSumOfOpenStretches(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.March, 18, 12, 0, 0, 0, shanghai)
	book := policies.NewBook(policies.Config{Record: noVersions{}, Company: shanghai, Rules: lifecycle.RulesVersion(), Now: func() time.Time { return now }})
	office := figures.Office{Policies: book}
	plan, err := book.Plan(t.Context(), "", now, "UTC")
	require.NoError(t, err)
	row := models.Case{Policy: plan.Policy, Channel: models.ChannelPhone}
	past, err := book.Past(t.Context(), "UTC", row.Policy)
	require.NoError(t, err)
	dice := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		from := now.Add(-time.Duration(dice.Int64N(int64(800 * 24 * time.Hour))))
		until := from.Add(time.Duration(dice.Int64N(int64(500 * 24 * time.Hour))))
		want := time.Duration(0)
		for _, s := range past.Stretches(row.Policy, past.Working(row.Policy, row.Channel, "d-1"), from, until) {
			if s.Kind == models.StretchOpen {
				want += s.Until.Sub(s.From)
			}
		}
		got, err := office.Open(t.Context(), row, "d-1", from, until)
		require.NoError(t, err)
		require.Equal(t, want, got, "%s to %s", from, until)
	}
	got, err := office.Open(t.Context(), row, "", now, now.Add(-time.Hour))
	require.NoError(t, err)
	require.Zero(t, got, "a while that ends before it begins is none")
	row.Policy = "nobody-knows"
	got, err = office.Open(t.Context(), row, "", now, now.Add(time.Hour))
	require.NoError(t, err)
	require.Equal(t, time.Hour, got, "every hour counts where the version is not on record")
}
