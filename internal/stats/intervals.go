package stats

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// NPS returns the net promoter score in points from -100 to 100, with its 95 % interval: the variance of a
// mean of +1, 0 and -1, by the normal distribution. Nobody asked is 0 with all points possible.
func NPS(promoters, passives, detractors int) (points, low, high float64) {
	n := float64(promoters + passives + detractors)
	if n == 0 {
		return 0, -100, 100
	}
	score := float64(promoters-detractors) / n
	variance := float64(promoters+detractors)/n - float64(score*score)
	spread := float64(100*z) * math.Sqrt(max(0, variance)/n)
	points = 100 * score
	return points, max(-100, points-spread), min(100, points+spread)
}

// Fisher returns the 95 % interval of a correlation of n pairs, by Fisher's z transformation. With fewer than
// four pairs nothing is known.
func Fisher(r float64, n int) (low, high float64) {
	if n < 4 {
		return -1, 1
	}
	if math.Abs(r) >= 1 {
		return r, r
	}
	at, spread := math.Atanh(r), z/math.Sqrt(float64(n-3))
	return math.Tanh(at - spread), math.Tanh(at + spread)
}

// Poisson returns the exact 95 % interval of what a count of rare events says of their mean (Garwood 1936).
func Poisson(count int) (low, high float64) {
	if count > 0 {
		low = distuv.ChiSquared{K: float64(2 * count)}.Quantile(0.025) / 2
	}
	return low, distuv.ChiSquared{K: float64(2*count + 2)}.Quantile(0.975) / 2
}
