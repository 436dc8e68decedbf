package stats_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/stats"
)

// Garwood, Biometrika 28 (1936), table 1: exact limits of a Poisson mean at 95 %.
func TestPoissonAgreesWithThePublishedTable(t *testing.T) {
	t.Parallel()
	for count, want := range map[int][2]float64{0: {0, 3.69}, 1: {0.0253, 5.57}, 5: {1.62, 11.67}, 10: {4.80, 18.39}, 50: {37.11, 65.92}} {
		low, high := stats.Poisson(count)
		require.InDelta(t, want[0], low, 0.005, count)
		require.InDelta(t, want[1], high, 0.005, count)
	}
}

// Fisher's transformation by hand: r = 0.5 of 30 pairs, z = 0.5493 ± 1.96/√27.
func TestFisherAgreesWithTheHand(t *testing.T) {
	t.Parallel()
	low, high := stats.Fisher(0.5, 30)
	require.InDelta(t, 0.1704, low, 0.0005)
	require.InDelta(t, 0.7289, high, 0.0005)
	low, high = stats.Fisher(0.9, 3)
	require.Equal(t, []float64{-1, 1}, []float64{low, high}, "three pairs say nothing")
	low, high = stats.Fisher(1, 10)
	require.Equal(t, []float64{1, 1}, []float64{low, high})
}

// Ten promoters, five passives, five detractors: 25 points; the variance of +1, 0, −1 is 0.6875.
func TestNPSAgreesWithTheHand(t *testing.T) {
	t.Parallel()
	points, low, high := stats.NPS(10, 5, 5)
	require.InDelta(t, 25, points, 1e-9)
	require.InDelta(t, 25-36.339, low, 0.001)
	require.InDelta(t, 25+36.339, high, 0.001)
	points, low, high = stats.NPS(0, 0, 0)
	require.Equal(t, []float64{0, -100, 100}, []float64{points, low, high})
	_, low, high = stats.NPS(7, 0, 0)
	require.Equal(t, []float64{100, 100}, []float64{low, high}, "no spread, no doubt: n stands beside it")
}
