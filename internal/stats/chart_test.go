package stats_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/stats"
)

// NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2 "Individuals Control Charts": ten flow rates, mean
// 50.81, mean moving range 1.8778, limits 55.8041 and 45.8159, all in control.
func TestXmRAgreesWithTheHandbook(t *testing.T) {
	t.Parallel()
	c := stats.XmR([]float64{49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1}, 0)
	require.InDelta(t, 50.81, c.Center, 1e-9)
	require.InDelta(t, 1.8778, c.Ranges[1].Center, 0.00005)
	for i, p := range c.Points {
		require.InDelta(t, 55.8041, p.Upper, 0.0005)
		require.InDelta(t, 45.8159, p.Lower, 0.0005)
		require.NotContains(t, p.Rules, stats.RuleBeyond, i)
	}
	require.True(t, c.Ranges[0].Empty)
	require.InDelta(t, 2.0, c.Ranges[1].Value, 1e-9)
}

// NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.3.2 "Proportions Control Charts": defective chips in
// thirty wafers of fifty; mean 0.2313, limits 0.4102 and 0.0524; wafers 15 and 23 are out of control.
func TestPAgreesWithTheHandbook(t *testing.T) {
	t.Parallel()
	fractions := []float64{
		.24, .30, .16, .20, .08, .14, .32, .18, .28, .20, .10, .12, .34, .24, .44,
		.16, .20, .10, .26, .22, .40, .36, .48, .30, .18, .24, .14, .26, .18, .12,
	}
	var hits, of []int
	for _, f := range fractions {
		hits, of = append(hits, int(f*50+0.5)), append(of, 50)
	}
	c := stats.P(hits, of, 0)
	require.InDelta(t, 0.2313, c.Center, 0.00005)
	for i, p := range c.Points {
		require.InDelta(t, 0.4102, p.Upper, 0.0001)
		require.InDelta(t, 0.0524, p.Lower, 0.0001)
		out := i == 14 || i == 22
		require.Equal(t, out, len(p.Rules) > 0 && p.Rules[0] == stats.RuleBeyond, i+1)
		if out {
			require.True(t, p.Up())
		}
	}
}

// Montgomery, Introduction to Statistical Quality Control, chapter 7, the u chart of errors in shipments of a
// supply chain, twenty weeks of fifty shipments; mean 0.0740, limits 0.1894 and 0 (cut), all in control.
func TestUAgreesWithMontgomery(t *testing.T) {
	t.Parallel()
	counts := []int{2, 3, 8, 1, 1, 4, 1, 4, 5, 1, 8, 2, 4, 3, 4, 1, 8, 3, 7, 4}
	sizes := make([]float64, len(counts))
	for i := range sizes {
		sizes[i] = 50
	}
	c := stats.U(counts, sizes, 0)
	require.InDelta(t, 0.0740, c.Center, 0.00005)
	for i, p := range c.Points {
		require.InDelta(t, 0.1894, p.Upper, 0.00005)
		require.Zero(t, p.Lower)
		require.NotContains(t, p.Rules, stats.RuleBeyond, i)
	}
}

func TestEachRuleFiresWhereItShouldAndNotBefore(t *testing.T) {
	t.Parallel()
	// Eight points make the limits: centre 10, mean moving range 2.256, so that a standard deviation is 2.
	calm := []float64{8.872, 11.128, 8.872, 11.128, 8.872, 11.128, 8.872, 11.128}
	at := func(sigmas ...float64) []float64 {
		values := append([]float64{}, calm...)
		for _, s := range sigmas {
			values = append(values, 10+2*s)
		}
		return values
	}
	last := func(sigmas ...float64) []stats.Rule {
		points := stats.XmR(at(sigmas...), len(calm)).Points
		return points[len(points)-1].Rules
	}
	require.InDelta(t, 2, stats.XmR(calm, 0).Points[0].Sigma, 1e-9)
	require.Equal(t, []stats.Rule{stats.RuleBeyond}, last(3.01))
	require.Equal(t, []stats.Rule{stats.RuleBeyond}, last(-3.01))
	require.Empty(t, last(2.99))
	require.Equal(t, []stats.Rule{stats.RuleTwoOfThree}, last(2.1, 0.1, 2.1))
	require.Equal(t, []stats.Rule{stats.RuleTwoOfThree}, last(-2.1, -2.1))
	require.Empty(t, last(2.1, -2.1), "not on one side")
	require.Empty(t, last(2.1, 0.1, 0.1, 2.1), "too far apart")
	require.Empty(t, last(2.1, 2.1, 0.5), "the point itself is calm")
	require.Equal(t, []stats.Rule{stats.RuleFourOfFive}, last(-1.1, -1.1, -1.1, -0.5, -1.1))
	require.Empty(t, last(-0.1, -0.9, -1.1, -1.1, -1.1, 0.5))
	require.Empty(t, last(1.1, 1.1, 1.1), "three are no four")
	require.Equal(t, []stats.Rule{stats.RuleEight}, last(-.1, .1, .1, .1, .1, .1, .1, .1, .1))
	require.Empty(t, last(-.1, .1, .1, .1, .1, .1, .1, .1), "seven are no eight")
	require.ElementsMatch(t, stats.Rules(), last(3.1, 3.1, 3.1, 3.1, 3.1, 3.1, 3.1, 3.1), "all at once")
}

func TestNothingToMeasureIsNoPoint(t *testing.T) {
	t.Parallel()
	c := stats.P([]int{1, 0, 2}, []int{10, 0, 10}, 0)
	require.True(t, c.Points[1].Empty)
	require.Empty(t, c.Points[1].Rules)
	require.InDelta(t, 0.15, c.Center, 1e-9)
	require.Empty(t, stats.XmR(nil, 0).Points)
	require.Zero(t, stats.XmR([]float64{4}, 0).Points[0].Sigma)
	require.Zero(t, stats.U([]int{0, 0}, []float64{5, 5}, 0).Points[0].Sigma, "what never varies has no limits")
}
