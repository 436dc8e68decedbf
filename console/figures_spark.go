package console

import (
	"fmt"
	"strings"

	"recourse/internal/kpi"
)

// spark is how a figure went, drawn small on its card: a path in a box of sparkWidth by sparkHeight.
type spark struct {
	Path   string
	Target string // how high its target lies; empty: it has none
	Says   string // the same in words
}

const sparkWidth, sparkHeight = 100.0, 24.0

// sparkOf draws the values of a series; nil where there are fewer than two. Steps with nothing to count are gaps.
func (v *visit) sparkOf(s kpi.Series) *spark {
	low, high, n := s.Target, s.Target, 0
	var first, last *float64
	for _, value := range s.Values {
		if value.Value == nil {
			continue
		}
		if n++; first == nil {
			first = value.Value
			if s.Target == 0 {
				low, high = *first, *first
			}
		}
		last, low, high = value.Value, min(low, *value.Value), max(high, *value.Value)
	}
	if n < 2 {
		return nil
	}
	up := func(n float64) string {
		if high == low {
			return fmt.Sprintf("%.1f", sparkHeight/2)
		}
		return fmt.Sprintf("%.1f", sparkHeight*(high-n)/(high-low))
	}
	var path strings.Builder
	gap := true
	for i, value := range s.Values {
		if value.Value == nil {
			gap = true
			continue
		}
		at := fmt.Sprintf("%.1f %s", sparkWidth*float64(i)/float64(len(s.Values)-1), up(*value.Value))
		if path.WriteString(map[bool]string{true: "M", false: "L"}[gap] + at); gap {
			path.WriteString("h0") // a point by itself is seen, too
		}
		gap = false
	}
	out := &spark{Path: path.String(), Says: v.Say("figures.spark", "first", v.unitSays(s.Unit, *first), "last", v.unitSays(s.Unit, *last))}
	if s.Target != 0 {
		out.Target = up(s.Target)
	}
	return out
}
