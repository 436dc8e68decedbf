package stats

// Rule is one of the rules by which a chart calls a point out of the ordinary.
type Rule string

// The rules of the Western Electric handbook (1956), with standard deviations from the centre. The last three
// look at points on one side of it.
const (
	RuleBeyond     Rule = "beyond"       // a point beyond three
	RuleTwoOfThree Rule = "two_of_three" // it and one of the two before beyond two
	RuleFourOfFive Rule = "four_of_five" // it and three of the four before beyond one
	RuleEight      Rule = "eight"        // it and the seven before on one side of the centre
)

// Rules lists the closed set.
func Rules() []Rule { return []Rule{RuleBeyond, RuleTwoOfThree, RuleFourOfFive, RuleEight} }

// Points is at how many points the rule looks, the last among them.
func (r Rule) Points() int {
	for _, run := range runs {
		if run.rule == r {
			return run.of
		}
	}
	return 0
}

// runs are the rules as: at least some of the last few points, itself among them, beyond so many deviations.
var runs = []struct {
	rule     Rule
	some, of int
	beyond   float64
}{
	{RuleBeyond, 1, 1, 3}, {RuleTwoOfThree, 2, 3, 2}, {RuleFourOfFive, 4, 5, 1}, {RuleEight, 8, 8, 0},
}

// judge notes at each point the rules that fire there. Points without limits, or where there was nothing to
// measure, are as if they were not there.
func judge(points []Point) {
	var seen []float64 // how many deviations from the centre, of the points so far
	for i := range points {
		p := &points[i]
		if p.Empty || p.Sigma == 0 {
			continue
		}
		seen = append(seen, (p.Value-p.Center)/p.Sigma)
		for _, r := range runs {
			if fires(seen, r.some, r.of, r.beyond) {
				p.Rules = append(p.Rules, r.rule)
			}
		}
	}
}

// fires says whether the last point lies beyond a number of deviations, and with it some of the last few on
// the same side. What lies on a line is not beyond it.
func fires(seen []float64, some, of int, beyond float64) bool {
	last := seen[len(seen)-1]
	side := 1.0
	if last < 0 {
		side = -1
	}
	if side*last <= beyond {
		return false
	}
	n := 0
	for _, d := range seen[max(0, len(seen)-of):] {
		if side*d > beyond {
			n++
		}
	}
	return n >= some
}
