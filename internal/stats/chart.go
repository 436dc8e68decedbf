package stats

import (
	"math"
	"slices"
)

// ChartKind says what a control chart is of.
type ChartKind string

// The kinds.
const (
	ChartXmR ChartKind = "xmr" // single values, and how they move
	ChartP   ChartKind = "p"   // shares of something
	ChartU   ChartKind = "u"   // counts per unit of something
)

// Chart is a control chart: points with the limits between which they lie while nothing out of the ordinary
// happens, and the rules by which some do not.
type Chart struct {
	Kind   ChartKind
	Center float64
	Points []Point
	Ranges []Point // of XmR: how far each value lies from the one before; the first has none and is Empty
}

// Point is one point of a chart with its own limits, three standard deviations from the centre.
type Point struct {
	Value, Center, Lower, Upper float64
	Sigma                       float64 // one standard deviation, before limits are cut at what can be; 0: no limits
	Empty                       bool    // there was nothing to measure: no rule looks at it
	Rules                       []Rule  // that fired here, none twice
}

// Up says whether the point lies above the centre.
func (p Point) Up() bool { return p.Value > p.Center }

// The constants of Shewhart's charts for ranges of two values: a range is d2 standard deviations in the mean,
// and lies below D4 times its mean.
const (
	d2      = 1.128
	upperD4 = 3.267
)

// XmR charts single values: limits are the mean and 3/d2 = 2.66 mean moving ranges. They are of the first
// base points; 0: of all. Fewer than two points have no limits.
func XmR(values []float64, base int) Chart {
	of := values[:within(base, len(values))]
	c := Chart{Kind: ChartXmR, Center: mean(of)}
	ranges := make([]float64, 0, len(values))
	for i := 1; i < len(values); i++ {
		ranges = append(ranges, math.Abs(values[i]-values[i-1]))
	}
	typical := mean(ranges[:max(len(of)-1, 0)])
	sigma := typical / d2
	for i, v := range values {
		p := Point{Value: v, Center: c.Center, Sigma: sigma, Lower: c.Center - 3*sigma, Upper: c.Center + 3*sigma}
		c.Points = append(c.Points, p)
		r := Point{Empty: i == 0, Center: typical, Upper: upperD4 * typical}
		if i > 0 {
			r.Value = ranges[i-1]
			if typical > 0 && r.Value > r.Upper {
				r.Rules = []Rule{RuleBeyond}
			}
		}
		c.Ranges = append(c.Ranges, r)
	}
	judge(c.Points)
	return c
}

// P charts shares: how many of how many. Each point has limits by its own size, and none reach below 0 or
// above 1.
func P(hits, of []int, base int) Chart {
	var part, whole float64
	for i := range within(base, len(hits)) {
		part, whole = part+float64(hits[i]), whole+float64(of[i])
	}
	c := Chart{Kind: ChartP, Center: over(part, whole)}
	for i := range hits {
		n := float64(of[i])
		p := Point{Value: over(float64(hits[i]), n), Center: c.Center, Empty: of[i] == 0}
		if !p.Empty && whole > 0 {
			p.limit(math.Sqrt(c.Center*(1-c.Center)/n), 1)
		}
		c.Points = append(c.Points, p)
	}
	judge(c.Points)
	return c
}

// U charts counts per unit: complaints per thousand units sold, say. Each point has limits by its own size,
// and none reach below 0.
func U(counts []int, sizes []float64, base int) Chart {
	var part, whole float64
	for i := range within(base, len(counts)) {
		part, whole = part+float64(counts[i]), whole+sizes[i]
	}
	c := Chart{Kind: ChartU, Center: over(part, whole)}
	for i := range counts {
		p := Point{Value: over(float64(counts[i]), sizes[i]), Center: c.Center, Empty: sizes[i] == 0}
		if !p.Empty && whole > 0 {
			p.limit(math.Sqrt(c.Center/sizes[i]), math.Inf(1))
		}
		c.Points = append(c.Points, p)
	}
	judge(c.Points)
	return c
}

// limit sets the limits of a point whose values lie between 0 and most.
func (p *Point) limit(sigma, most float64) {
	p.Sigma = sigma
	p.Lower, p.Upper = max(0, p.Center-3*sigma), min(most, p.Center+3*sigma)
}

// Widened returns a chart of shares or rates whose limits are as wide as its first base points really move,
// where that is more than chance alone makes them, and how many times as wide: 1 where chance explains it all.
// The measure is the mean moving range of the points in standard deviations, over d2 (Laney 2002): where all
// sizes are the same, these are the limits of XmR.
func (c Chart) Widened(base int) (Chart, float64) {
	var moved, before float64
	steps, first := 0, true
	for _, p := range c.Points[:within(base, len(c.Points))] {
		if p.Empty || p.Sigma == 0 {
			continue
		}
		at := (p.Value - p.Center) / p.Sigma
		if !first {
			moved, steps = moved+math.Abs(at-before), steps+1
		}
		before, first = at, false
	}
	wide := over(moved, float64(steps)) / d2
	if c.Kind == ChartXmR || wide <= 1 {
		return c, 1
	}
	most := math.Inf(1)
	if c.Kind == ChartP {
		most = 1
	}
	c.Points = slices.Clone(c.Points)
	for i := range c.Points {
		p := &c.Points[i]
		p.Rules = nil
		if p.Sigma > 0 {
			p.limit(wide*p.Sigma, most)
		}
	}
	judge(c.Points)
	return c, wide
}

// within is how many of n points limits are made of.
func within(base, n int) int {
	if base <= 0 {
		return n
	}
	return min(base, n)
}

func mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return over(sum, float64(len(values)))
}

// over is a fraction; 0 where there is nothing to divide by.
func over(part, whole float64) float64 {
	if whole == 0 {
		return 0
	}
	return part / whole
}
