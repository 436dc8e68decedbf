package stats

import "math"

// z is the 97.5 % quantile of the standard normal distribution.
const z = 1.959963984540054

// Wilson returns the 95 % score interval of a share (Wilson 1927, without continuity correction): it
// stays between 0 and 1 and is honest about small numbers. Nothing out of nothing is 0 to 1.
//
// Products are rounded before they are added, so that every processor gives the same digits.
func Wilson(numerator, denominator int) (low, high float64) {
	if denominator == 0 {
		return 0, 1
	}
	n := float64(denominator)
	p := float64(numerator) / n
	square := float64(z * z)
	middle := p + square/float64(2*n)
	spread := z * math.Sqrt(float64(p*(1-p))/n+square/float64(4*n*n))
	scale := 1 + square/n
	return max(0, (middle-spread)/scale), min(1, (middle+spread)/scale)
}
