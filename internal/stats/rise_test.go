package stats_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/stats"
)

// Krishnamoorthy and Thomson, A more powerful test for comparing two Poisson means, J. Statistical Planning and
// Inference 119 (2004), after Przyborowski and Wilenski (1940): no dodder seed in 100 g of clover sent off, three
// in 100 g received; p of the C-test 0.2500, two-sided, with equal sizes twice the one side.
// R's poisson.test(c(2, 13), c(5, 5)), as printed in Cross Validated 547389: 0.007385, two-sided likewise.
func TestRateRiseAgreesWithPublishedExamples(t *testing.T) {
	t.Parallel()
	require.InDelta(t, 0.2500, 2*stats.RateRise(3, 100, 0, 100), 1e-9)
	require.InDelta(t, 0.007385, 2*stats.RateRise(13, 5, 2, 5), 0.0000005)
}

// Unequal sizes by hand: three in one week after 27 weeks of which none had any; (1/28)³.
func TestRateRiseAgreesWithTheHand(t *testing.T) {
	t.Parallel()
	require.InDelta(t, 1.0/28/28/28, stats.RateRise(3, 1, 0, 27), 1e-12)
	require.InDelta(t, 1, stats.RateRise(0, 1, 0, 27), 0)
	require.InDelta(t, 1, stats.RateRise(5, 0, 1, 27), 0, "nothing to set it against")
	require.InDelta(t, 1, stats.RateRise(5, 1, 0, 0), 0, "no base")
}

// Fisher, The Design of Experiments (1935): a lady says of eight cups into which four the milk went first. All
// four right: 1 in 70. Three right: 17 in 70, 0.2429 by R's fisher.test(TeaTasting, alternative = "greater").
func TestShareRiseAgreesWithFisher(t *testing.T) {
	t.Parallel()
	require.InDelta(t, 1.0/70, stats.ShareRise(4, 4, 0, 4), 1e-9)
	require.InDelta(t, 0.2429, stats.ShareRise(3, 4, 1, 4), 0.00005)
	require.InDelta(t, 1, stats.ShareRise(0, 4, 4, 4), 1e-9)
}
