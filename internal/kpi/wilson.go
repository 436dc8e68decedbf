package kpi

import "math"

// z is the 97.5 % quantile of the standard normal distribution.
const z = 1.959963984540054

// Wilson returns the 95 % score interval of a share (Wilson 1927, without continuity correction): it
// stays between 0 and 1 and is honest about small numbers. Nothing out of nothing is 0 to 1.
func Wilson(numerator, denominator int) (low, high float64) {
	if denominator == 0 {
		return 0, 1
	}
	n := float64(denominator)
	p := float64(numerator) / n
	middle := p + z*z/(2*n)
	spread := z * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	scale := 1 + z*z/n
	return max(0, (middle-spread)/scale), min(1, (middle+spread)/scale)
}
