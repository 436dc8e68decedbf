package calendar_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/calendar"
	"recourse/models"
)

// ahead is how many days the plans of these tests know.
const ahead = 20

// planOf is a plan that knows one calendar.
func planOf(c calendar.Calendar, from time.Time) models.Plan {
	until := from.AddDate(0, 0, ahead)
	return models.Plan{Calendars: []models.Calendar{{Name: "c", Until: until, Open: c.Open(from.AddDate(0, 0, -1), until)}}}
}

// near is an instant close to a change of the clocks of a zone, to a year's end or to a leap day.
func near(r *rand.Rand, z *time.Location) time.Time {
	year := 2005 + r.IntN(25)
	at := time.Date(year, time.Month(1+r.IntN(12)), 1+r.IntN(31), r.IntN(24), r.IntN(60), 0, 0, time.UTC)
	switch r.IntN(4) {
	case 0:
		if _, change := at.In(z).ZoneBounds(); !change.IsZero() {
			return change.UTC().Truncate(time.Minute).Add(-time.Duration(r.IntN(48*60)) * time.Minute)
		}
	case 1:
		return time.Date(year, time.December, 30, 0, r.IntN(48*60), 0, 0, time.UTC)
	case 2:
		return time.Date(year/4*4, time.February, 28, 0, r.IntN(48*60), 0, 0, time.UTC)
	}
	return at
}

// Ten thousand calendars and instants: what Add says is the first minute at which so many open minutes
// have passed by a counter that looks at the wall clock, and OpenTime takes it back.
func TestAddAndOpenTimeAreWhatAMinuteCounterCountsAndInverse(t *testing.T) {
	r := rand.New(rand.NewPCG(20261122, 7))
	reached := 0
	for range 10_000 {
		z := zone(t, zones[r.IntN(len(zones))])
		from := near(r, z)
		c := random(r, z, from)
		plan, amount := planOf(c, from), time.Duration(1+r.IntN(24*60))*time.Minute
		due := plan.Add(from, models.Amount{Of: amount, Calendar: "c"})
		require.Equal(t, amount, plan.OpenTime("c", from, due), "%s from %s in %s: %v", amount, from, z, c.Week)
		left, at := amount, from
		for end := from.AddDate(0, 0, 4); left > 0 && at.Before(end); at = at.Add(time.Minute) {
			if counted(c, at) {
				left -= time.Minute
			}
		}
		if left > 0 {
			require.False(t, due.Before(at), "%s from %s in %s: not due before %s", amount, from, z, at)
			continue
		}
		reached++
		require.Equal(t, at, due, "%s from %s in %s: %v, %v", amount, from, z, c.Week, c.Days)
	}
	require.Greater(t, reached, 7000, "most of them end within the four days that are counted")
}

// Back is the last instant from which so much open time passes: a minute later less does.
func TestBackIsTheLastInstantFromWhichSoMuchTimePasses(t *testing.T) {
	r := rand.New(rand.NewPCG(20261122, 11))
	for range 10_000 {
		z := zone(t, zones[r.IntN(len(zones))])
		from := near(r, z)
		plan := planOf(random(r, z, from), from)
		at := from.Add(time.Duration(r.IntN(30*24*60)) * time.Minute) // beyond the horizon, now and then
		most := plan.OpenTime("c", from, at)
		if most < time.Minute {
			continue
		}
		amount := time.Duration(1+r.Int64N(int64(most/time.Minute))) * time.Minute
		back := plan.Back(at, models.Amount{Of: amount, Calendar: "c"})
		require.Equal(t, amount, plan.OpenTime("c", back, at), "%s before %s", amount, at)
		require.Less(t, plan.OpenTime("c", back.Add(time.Minute), at), amount)
	}
}

// Split anywhere, the open time of a stretch is that of its parts.
func TestOpenTimeOfTwoPartsIsThatOfTheWhole(t *testing.T) {
	r := rand.New(rand.NewPCG(20261122, 9))
	for range 10_000 {
		z := zone(t, zones[r.IntN(len(zones))])
		from := near(r, z)
		plan := planOf(random(r, z, from), from)
		middle := from.Add(time.Duration(r.Int64N(int64(12 * 24 * time.Hour))))
		until := middle.Add(time.Duration(r.Int64N(int64(12 * 24 * time.Hour)))) // beyond the horizon, now and then
		require.Equal(t, plan.OpenTime("c", from, until), plan.OpenTime("c", from, middle)+plan.OpenTime("c", middle, until))
	}
}

// The way from one instant to another, day by day, adds up to the open time between them.
func TestStepsAddUpToTheOpenTime(t *testing.T) {
	r := rand.New(rand.NewPCG(20261122, 13))
	for range 1000 {
		z := zone(t, zones[r.IntN(len(zones))])
		from := near(r, z)
		c := random(r, z, from)
		until := from.Add(time.Duration(r.Int64N(int64(12 * 24 * time.Hour))))
		sum := time.Duration(0)
		for _, s := range c.Steps(from, until) {
			sum += s.Counted
			require.Equal(t, c.Hours(s.Day.Date), s.Day.Hours)
		}
		require.Equal(t, planOf(c, from).OpenTime("c", from, until), sum, "from %s to %s in %s", from, until, z)
	}
}

func BenchmarkArithmetic(b *testing.B) {
	z, _ := time.LoadLocation("Asia/Shanghai")
	from := time.Date(2026, time.November, 22, 3, 0, 0, 0, time.UTC)
	c := weekdays(z, calendar.Window{From: 9 * 60, Until: 12 * 60}, calendar.Window{From: 13 * 60, Until: 18 * 60})
	plan := models.Plan{Calendars: []models.Calendar{{Name: "c", Until: from.AddDate(0, 0, 90), Open: c.Open(from.AddDate(0, 0, -62), from.AddDate(0, 0, 90))}}}
	amount := models.Amount{Of: 24 * time.Hour, Calendar: "c"}
	b.Run("add three working days", func(b *testing.B) {
		for b.Loop() {
			plan.Add(from, amount)
		}
	})
	until := plan.Add(from, amount)
	b.Run("open time of three working days", func(b *testing.B) {
		for b.Loop() {
			plan.OpenTime("c", from, until)
		}
	})
}
