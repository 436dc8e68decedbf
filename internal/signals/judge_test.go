package signals_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat/distuv"

	"recourse/internal/kpi"
	"recourse/internal/signals"
	"recourse/internal/stats"
	"recourse/models"
)

// monday is when the first week of a series begins, now when signals are looked for.
var (
	monday = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	now    = time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)
)

// weekly is a series of counts.
func weekly(counts ...int64) signals.Series {
	return series(stats.ChartXmR, counts, func(int) int64 { return 1 })
}

// sold is a series of rates, each week over a size.
func sold(size int64, counts ...int64) signals.Series {
	return series(stats.ChartU, counts, func(int) int64 { return size })
}

func series(chart stats.ChartKind, counts []int64, size func(i int) int64) signals.Series {
	s := signals.Series{Dimension: kpi.ByProduct, Value: "kettle", Step: kpi.StepWeek, Zone: "UTC", Chart: chart}
	for i, n := range counts {
		from := monday.AddDate(0, 0, 7*i)
		s.Periods = append(s.Periods, signals.Period{From: from, Until: from.AddDate(0, 0, 7), Label: from.Format(time.DateOnly), Count: n, Size: size(i)})
	}
	return s
}

// calm is a base whose limits are about 10 ± 6.
func calm(n int, then ...int64) []int64 {
	var all []int64
	for i := range n {
		all = append(all, []int64{10, 12, 9, 11, 8, 10}[i%6])
	}
	return append(all, then...)
}

func TestASpikeStandsOutWithItsEvidence(t *testing.T) {
	t.Parallel()
	found := signals.Judge(weekly(calm(30, 31)...), now)
	require.Len(t, found, 1)
	s := found[0]
	require.Equal(t, "product", s.Dimension)
	require.Equal(t, "kettle", s.Value)
	require.Equal(t, "xmr", s.Chart)
	require.Equal(t, []string{"beyond"}, s.Rules)
	require.Equal(t, monday.AddDate(0, 0, 7*30), s.From)
	require.Equal(t, s.From.AddDate(0, 0, 7), s.Until)
	require.Equal(t, s.From, s.FirstSeen)
	require.Equal(t, now, s.DetectedAt)
	require.Equal(t, int64(31), s.Count)
	require.InDelta(t, 10, s.Center, 0.3)
	require.Less(t, s.Upper, 31.0)
	require.Less(t, s.Chance, 1e-6)
	require.Equal(t, 23, s.Evidence.Base)
	require.Len(t, s.Evidence.Points, 31)
	last := s.Evidence.Points[30]
	require.Equal(t, []string{"beyond"}, last.Rules)
	require.InDelta(t, s.Upper, last.Upper, 0)
	require.Empty(t, s.Evidence.Points[29].Rules)
}

func TestTheNextWeeksOfARiseSayWhenItBegan(t *testing.T) {
	t.Parallel()
	found := signals.Judge(weekly(calm(30, 31, 28, 30)...), now)
	require.Len(t, found, 3)
	for i, s := range found {
		require.Equal(t, monday.AddDate(0, 0, 7*(30+i)), s.From)
		require.Equal(t, monday.AddDate(0, 0, 7*30), s.FirstSeen, i)
	}
	broken := signals.Judge(weekly(calm(30, 31, 10, 30)...), now)
	require.Len(t, broken, 2)
	require.Equal(t, broken[1].From, broken[1].FirstSeen, "a calm week between: it began anew")
}

func TestTheSamePeriodFoundTwiceIsOneSignal(t *testing.T) {
	t.Parallel()
	one, again := signals.Judge(weekly(calm(30, 31)...), now), signals.Judge(weekly(calm(30, 33)...), now.AddDate(0, 0, 1))
	require.Equal(t, one[0].ID, again[0].ID)
	other := weekly(calm(30, 31)...)
	other.Value = "pan"
	require.NotEqual(t, one[0].ID, signals.Judge(other, now)[0].ID)
}

func TestNothingHappenedIsNoSignal(t *testing.T) {
	t.Parallel()
	require.Empty(t, signals.Judge(weekly(), now))
	require.Empty(t, signals.Judge(weekly(calm(40)...), now))
	require.Empty(t, signals.Judge(weekly(slices.Repeat([]int64{0}, 40)...), now))
	require.Empty(t, signals.Judge(weekly(calm(30, 0)...), now), "a fall is no rise")
	require.Empty(t, signals.Judge(sold(1000, calm(40)...), now))
	require.Empty(t, signals.Judge(weekly(calm(30, 31, 10, 10, 10, 10)...), now), "long ago")
}

func TestATooShortHistorySaysNothing(t *testing.T) {
	t.Parallel()
	require.Empty(t, signals.Judge(weekly(calm(11, 90)...), now), "eleven weeks before it")
	require.Len(t, signals.Judge(weekly(calm(12, 90)...), now), 1, "twelve weeks before it")
}

// Of thirteen weeks one is held against twelve: a rule of runs would count weeks twice, in the limits and against them.
func TestNoWeekCountsTwice(t *testing.T) {
	t.Parallel()
	counts := []int64{40, 48, 36, 44, 32, 40, 40, 48, 36, 44, 68, 68, 68}
	require.Contains(t, stats.XmR([]float64{40, 48, 36, 44, 32, 40, 40, 48, 36, 44, 68, 68, 68}, 12).Points[12].Rules, stats.RuleTwoOfThree)
	require.Empty(t, signals.Judge(weekly(counts...), now))
}

func TestAFewComplaintsMoreAreChance(t *testing.T) {
	t.Parallel()
	rare := slices.Repeat([]int64{0, 0, 0, 0, 1, 0}, 5)
	require.Empty(t, signals.Judge(weekly(append(rare, 2)...), now), "beyond the limits of a chart, and chance yet")
	require.Len(t, signals.Judge(weekly(append(rare, 4)...), now), 1)
}

func TestWhereNothingEverVariedTheExactTestDecides(t *testing.T) {
	t.Parallel()
	never := slices.Repeat([]int64{0}, 30)
	require.Empty(t, signals.Judge(sold(500, append(never, 2)...), now))
	found := signals.Judge(sold(500, append(never, 3)...), now)
	require.Len(t, found, 1)
	require.Equal(t, []string{"beyond"}, found[0].Rules)
	require.Zero(t, found[0].Upper)
}

// A rate is what rises, not a count: twice the business has twice the complaints.
func TestMoreBusinessIsNoSignalAndLessBusinessIsOne(t *testing.T) {
	t.Parallel()
	counts := calm(30, 31)
	require.Empty(t, signals.Judge(series(stats.ChartU, counts, func(i int) int64 {
		if i == 30 {
			return 3000
		}
		return 1000
	}), now))
	require.Len(t, signals.Judge(series(stats.ChartU, calm(30, 12), func(i int) int64 {
		if i == 30 {
			return 200
		}
		return 1000
	}), now), 1)
}

func TestAPeriodWithoutASizeIsNotThere(t *testing.T) {
	t.Parallel()
	holes := series(stats.ChartU, calm(30, 31), func(i int) int64 { return int64(1000 * min(1, i%3)) })
	require.Empty(t, signals.Judge(holes, now), "the newest week has no business yet")
	holes = series(stats.ChartU, calm(31, 31), func(i int) int64 { return int64(1000 * min(1, i%3)) })
	found := signals.Judge(holes, now)
	require.Len(t, found, 1)
	for _, p := range found[0].Evidence.Points {
		require.Positive(t, p.Size)
	}
}

func TestASmallRiseThatLastsIsFoundByTheRulesOfRuns(t *testing.T) {
	t.Parallel()
	found := signals.Judge(weekly(calm(26, 15, 14, 16, 14, 15, 16, 15, 16)...), now)
	require.NotEmpty(t, found)
	last := found[len(found)-1]
	require.NotContains(t, last.Rules, "beyond")
	require.Contains(t, last.Rules, "eight")
	for _, c := range last.Evidence.Chances {
		require.Less(t, c.Chance, 0.001)
	}
}

// Large numbers never vary as little as chance alone would have it: limits are as wide as they do vary.
func TestWhatAlwaysVariesAlotIsNoSignal(t *testing.T) {
	t.Parallel()
	restless := slices.Repeat([]int64{2000, 2300, 1900, 2400, 2100, 1800}, 6)
	require.Empty(t, signals.Judge(sold(100000, append(restless, 2500)...), now), "chance alone says 1 in a million")
	found := signals.Judge(sold(100000, append(restless, 4200)...), now)
	require.Len(t, found, 1)
	require.Greater(t, found[0].Evidence.Widened, 5.0)
}

func TestACauseIsJudgedByItsShare(t *testing.T) {
	t.Parallel()
	share := func(last, known int64) signals.Series {
		return series(stats.ChartP, calm(30, last), func(i int) int64 {
			if i == 30 {
				return known
			}
			return 100
		})
	}
	require.Empty(t, signals.Judge(share(31, 300), now), "more complaints of all causes")
	require.Len(t, signals.Judge(share(31, 100), now), 1)
	require.Empty(t, signals.Judge(share(2, 4), now), "four causes known say little")
}

// In a series in which nothing changes, fewer than four weeks in a thousand stand out, however rare complaints
// are and however short the history: the exact tests promise it, this counts it.
func TestFalseAlarmsStayBelowWhatIsPromised(t *testing.T) {
	t.Parallel()
	const each = 2000
	for _, mean := range []float64{0.05, 0.3, 1, 4, 20, 150} {
		for _, weeks := range []int{13, 34} {
			for _, size := range []int64{0, 1000} {
				source := rand.New(rand.NewPCG(7, uint64(weeks)))
				poisson := distuv.Poisson{Lambda: mean, Src: source}
				alarms := 0
				for range each {
					counts := make([]int64, weeks)
					for i := range counts {
						counts[i] = int64(poisson.Rand())
					}
					s := weekly(counts...)
					if size > 0 {
						s = sold(size, counts...)
					}
					last := s.Periods[weeks-1].From
					alarms += len(slices.DeleteFunc(signals.Judge(s, now), func(s models.Signal) bool { return s.From.Before(last) }))
				}
				t.Logf("mean %6.2f, %d weeks, size %4d: %.2f in 1,000", mean, weeks, size, 1000*float64(alarms)/each)
				require.LessOrEqual(t, alarms, 4*each/1000)
			}
		}
	}
}

// How soon a rise that lasts is seen.
func TestARiseIsFoundAsSoonAsIsPromised(t *testing.T) {
	t.Parallel()
	const each = 500
	for _, c := range []struct {
		mean, times float64
		weeks       int
		share       float64 // found within those weeks, at least
	}{{5, 4, 1, .8}, {20, 2, 1, .6}, {1, 8, 1, .6}, {5, 2, 4, .5}, {100, 1.3, 4, .6}} {
		source := rand.New(rand.NewPCG(11, 3))
		found := 0
		for range each {
			var counts []int64
			for range 26 {
				counts = append(counts, int64(distuv.Poisson{Lambda: c.mean, Src: source}.Rand()))
			}
			for range c.weeks {
				counts = append(counts, int64(distuv.Poisson{Lambda: c.mean * c.times, Src: source}.Rand()))
			}
			if slices.ContainsFunc(signals.Judge(sold(100, counts...), now), func(s models.Signal) bool { return !s.From.Before(monday.AddDate(0, 0, 7*26)) }) {
				found++
			}
		}
		t.Logf("mean %g, times %g: %.0f %% within %d weeks", c.mean, c.times, 100*float64(found)/each, c.weeks)
		require.GreaterOrEqual(t, float64(found)/each, c.share)
	}
}
