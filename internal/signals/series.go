package signals

import (
	"time"

	"recourse/internal/kpi"
	"recourse/internal/stats"
	"recourse/models"
)

// How many periods are looked at: limits are of the first, at least least and at most base of them, and rules
// look at the recent ones after those. The newest judged ones are judged, so that what came on record late, or
// while nobody looked, is not missed.
const (
	base   = 26
	least  = 12
	recent = 8
	judged = 4
)

// Series is what was counted of one value of a dimension, period by period.
type Series struct {
	Dimension kpi.Dimension
	Value     string
	Step      kpi.Step
	Zone      string            // in which the periods begin
	Chart     stats.ChartKind   // XmR: sizes are 1
	Volume    models.VolumeKind // of U: what sizes are
	Periods   []Period          // complete ones in order of time, from where the value's history begins
}

// Period is what was counted in one of them.
type Period struct {
	From, Until time.Time
	Label       string
	Count, Size int64 // a period without a size is as if it were not there
}

// measured are the periods in which there was something to measure.
func measured(periods []Period) []Period {
	var some []Period
	for _, p := range periods {
		if p.Size > 0 {
			some = append(some, p)
		}
	}
	return some
}

// chart draws the chart of some periods, limits of the first few. XmR of counts, which have no size.
func (s Series) chart(periods []Period, first int) (stats.Chart, float64) {
	counts, sizes := make([]int, len(periods)), make([]float64, len(periods))
	whole, values := make([]int, len(periods)), make([]float64, len(periods))
	for i, p := range periods {
		counts[i], sizes[i], whole[i], values[i] = int(p.Count), float64(p.Size), int(p.Size), float64(p.Count)
	}
	switch s.Chart {
	case stats.ChartU:
		return stats.U(counts, sizes, first).Widened(first)
	case stats.ChartP:
		return stats.P(counts, whole, first).Widened(first)
	case stats.ChartXmR:
	}
	return stats.XmR(values, first), 1
}

// chance is how likely so many as in some periods are if nothing changed since others.
func (s Series) chance(now, before []Period) float64 {
	count, size := sum(now)
	was, of := sum(before)
	if s.Chart == stats.ChartP {
		return stats.ShareRise(count, size, was, of)
	}
	return stats.RateRise(count, float64(size), was, float64(of))
}

func sum(periods []Period) (count, size int) {
	for _, p := range periods {
		count, size = count+int(p.Count), size+int(p.Size)
	}
	return count, size
}
