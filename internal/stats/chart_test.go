package stats_test

import (
	"slices"
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

// Montgomery, Introduction to Statistical Quality Control, 2nd edition, pages 181 to 185; the counts as the R
// package qcc publishes them (pcmanufact, dyedcloth). Nonconformities of personal computers, twenty samples of
// five: mean 1.93, limits 3.79 and 0.07, all in control. Defects in dyed cloth, rolls of different sizes: mean
// 153 / 107.5 = 1.42, and a limit of its own for each roll.
func TestUAgreesWithMontgomery(t *testing.T) {
	t.Parallel()
	computers := []int{10, 12, 8, 14, 10, 16, 11, 7, 10, 15, 9, 5, 7, 11, 12, 6, 8, 10, 7, 5}
	c := stats.U(computers, slices.Repeat([]float64{5}, len(computers)), 0)
	require.InDelta(t, 1.93, c.Center, 1e-9)
	for i, p := range c.Points {
		require.InDelta(t, 3.79, p.Upper, 0.005)
		require.InDelta(t, 0.07, p.Lower, 0.005)
		require.NotContains(t, p.Rules, stats.RuleBeyond, i)
	}

	c = stats.U([]int{14, 12, 20, 11, 7, 10, 21, 16, 19, 23}, []float64{10, 8, 13, 10, 9.5, 10, 12, 10.5, 12, 12.5}, 0)
	require.InDelta(t, 1.42, c.Center, 0.005)
	upper := []float64{2.55, 2.68, 2.41, 2.55, 2.58, 2.55, 2.45, 2.52, 2.45, 2.43}
	lower := []float64{0.29, 0.16, 0.43, 0.29, 0.26, 0.29, 0.39, 0.32, 0.39, 0.41}
	for i, p := range c.Points {
		require.InDelta(t, upper[i], p.Upper, 0.01, i)
		require.InDelta(t, lower[i], p.Lower, 0.01, i)
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

// Laney, Improved control charts for attributes, Quality Engineering 14 (2002): with sizes that are all the same
// the widened limits are those of XmR.
func TestWidenedLimitsOfEqualSizesAreThoseOfXmR(t *testing.T) {
	t.Parallel()
	counts := []int{1020, 930, 1110, 1250, 990, 870, 1060, 1130, 940, 1200, 1010, 880}
	sizes, rates := make([]float64, len(counts)), make([]float64, len(counts))
	for i := range counts {
		sizes[i], rates[i] = 20000, float64(counts[i])/20000
	}
	plain := stats.U(counts, sizes, 10)
	require.Contains(t, plain.Points[3].Rules, stats.RuleBeyond, "chance alone does not vary so much")
	chart, wide := plain.Widened(10)
	want := stats.XmR(rates, 10)
	require.Greater(t, wide, 3.0)
	for i, p := range chart.Points {
		require.InDelta(t, want.Points[i].Upper, p.Upper, 1e-12)
		require.InDelta(t, want.Points[i].Lower, p.Lower, 1e-12)
		require.Equal(t, want.Points[i].Rules, p.Rules)
	}
	require.Contains(t, plain.Points[3].Rules, stats.RuleBeyond, "the chart itself stays as it was")
}

func TestLimitsThatChanceExplainsAreNotMoved(t *testing.T) {
	t.Parallel()
	calm := stats.U([]int{10, 11, 10, 11, 10}, []float64{100, 100, 100, 100, 100}, 0)
	same, wide := calm.Widened(0)
	require.InDelta(t, 1, wide, 0)
	require.Equal(t, calm, same, "never narrower than chance")
	share, wide := stats.P([]int{10, 90, 10, 90, 20}, []int{100, 100, 100, 100, 100}, 0).Widened(0)
	require.Greater(t, wide, 5.0)
	for _, p := range share.Points {
		require.InDelta(t, 1, p.Upper, 0, "no share is more than all")
	}
}
