package stats

import (
	"math"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/combin"
)

// RateRise returns how likely a count of rare events is to be as high, or higher, if nothing changed since a
// base: given how many there are of both, their share is binomial (Przyborowski and Wilenski 1940, the C-test).
// It holds for the smallest counts and shortest bases. Sizes are how long, or how much business, was looked at.
func RateRise(count int, size float64, base int, baseSize float64) float64 {
	if count == 0 || size <= 0 || baseSize <= 0 {
		return 1
	}
	return mathext.RegIncBeta(float64(count), float64(base)+1, size/(size+baseSize))
}

// ShareRise returns how likely so many hits, or more, are among so many if nothing changed since a base, by
// Fisher's exact test (1935).
func ShareRise(hits, of, baseHits, baseOf int) float64 {
	all, whole := hits+baseHits, of+baseOf
	p := 0.0
	for k := hits; k <= min(of, all); k++ {
		if all-k > baseOf {
			continue
		}
		p += math.Exp(ways(of, k) + ways(baseOf, all-k) - ways(whole, all))
	}
	return min(p, 1)
}

// ways is the logarithm of how many ways there are to choose k of n.
func ways(n, k int) float64 { return combin.LogGeneralizedBinomial(float64(n), float64(k)) }
