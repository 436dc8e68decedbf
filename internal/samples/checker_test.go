package samples_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/check"
	"recourse/internal/lifecycle"
	"recourse/internal/policy"
	"recourse/models"
)

type versions struct{}

func (versions) Plan(_ string, at time.Time, zone string) (models.Plan, bool) {
	return policy.Default(shanghai).Plan(at, zone, lifecycle.RulesVersion()), true
}

func TestTheCheckerFindsNothingWrongWithSamples(t *testing.T) {
	t.Parallel()
	h := full(t, noon)
	rep, err := check.Run(t.Context(), h, nil, check.Config{Now: func() time.Time { return noon }, Plans: versions{}, Vault: h.vault})
	require.NoError(t, err)
	for _, v := range rep.Verdicts {
		require.Empty(t, v.Findings, "%s", v.Key)
	}
}
