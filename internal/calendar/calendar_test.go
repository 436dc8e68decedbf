package calendar_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/calendar"
	"recourse/models"
)

// zones that change their clocks in every way: by an hour, by half of one, at midnight, across the date
// line, and never.
var zones = []string{
	"Asia/Shanghai", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "America/Sao_Paulo",
	"Africa/Cairo", "Asia/Kolkata", "Pacific/Apia", "America/Santiago", "UTC",
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	require.NoError(t, err)
	return z
}

// random makes a calendar with up to three windows a day and some days that differ near an instant.
func random(r *rand.Rand, z *time.Location, near time.Time) calendar.Calendar {
	c := calendar.Calendar{Zone: z, Days: map[calendar.Date][]calendar.Window{}, Closures: map[calendar.Date][]calendar.Closure{}}
	hours := func() (w []calendar.Window) {
		marks := make([]int, 2*r.IntN(4))
		for i := range marks {
			marks[i] = []int{r.IntN(24*60 + 1), 60 * r.IntN(25)}[r.IntN(2)]
		}
		slices.Sort(marks)
		for i := 0; i < len(marks); i += 2 {
			w = append(w, calendar.Window{From: marks[i], Until: marks[i+1]})
		}
		return w
	}
	for d := range c.Week {
		c.Week[d] = hours()
	}
	for range r.IntN(6) {
		c.Days[calendar.DateOf(near.AddDate(0, 0, r.IntN(8)-1), z)] = hours()
	}
	c.Like = time.Weekday(r.IntN(7))
	c.Own = calendar.Holidays{Off: map[calendar.Date]calendar.Name{}, Work: map[calendar.Date]calendar.Name{}}
	for range r.IntN(3) {
		c.Own.Off[calendar.DateOf(near.AddDate(0, 0, r.IntN(8)-1), z)] = calendar.Name{}
		c.Own.Work[calendar.DateOf(near.AddDate(0, 0, r.IntN(8)-1), z)] = calendar.Name{}
	}
	for range r.IntN(4) {
		on := calendar.DateOf(near.AddDate(0, 0, r.IntN(6)-1), z)
		for _, w := range hours() {
			c.Closures[on] = append(c.Closures[on], calendar.Closure{Window: w})
		}
	}
	return c
}

// counted is the slow way: an instant is open when the wall clock reads so, and nothing is shut then.
func counted(c calendar.Calendar, at time.Time) bool {
	local, on := at.In(c.Zone), calendar.DateOf(at, c.Zone)
	minute := local.Hour()*60 + local.Minute()
	within := func(w calendar.Window) bool { return w.From <= minute && minute < w.Until }
	hours, own := c.Days[on]
	if _, off := c.Own.Off[on]; !own && !off {
		hours = c.Week[on.Weekday()]
		if _, work := c.Own.Work[on]; work {
			hours = c.Week[c.Like]
		}
	}
	return slices.ContainsFunc(hours, within) &&
		!slices.ContainsFunc(c.Closures[on], func(shut calendar.Closure) bool { return within(shut.Window) })
}

func TestOpenTimeIsWhatAMinuteCounterCounts(t *testing.T) {
	r := rand.New(rand.NewPCG(20261122, 5))
	for n := range 2000 {
		z := zone(t, zones[r.IntN(len(zones))])
		from := time.Date(2005+r.IntN(25), time.Month(1+r.IntN(12)), 1+r.IntN(31), r.IntN(24), r.IntN(60), 0, 0, time.UTC)
		if n%2 == 0 { // near a change of the clocks, or a new year where there is none
			if _, change := from.In(z).ZoneBounds(); !change.IsZero() {
				from = change.UTC().Add(-time.Duration(r.IntN(48*60)) * time.Minute)
			} else {
				from = time.Date(from.Year(), 12, 30, 0, r.IntN(24*60), 0, 0, time.UTC)
			}
		}
		until := from.Add(time.Duration(r.IntN(4*24*60)) * time.Minute)
		c := random(r, z, from)
		open := c.Open(from, until)
		for i, o := range open {
			require.True(t, o.From.Before(o.Until), "an interval has a length: %v", o)
			require.True(t, i == 0 || !o.From.Before(open[i-1].Until), "intervals come in order: %v", open)
		}
		next := 0
		for at := from; at.Before(until); at = at.Add(time.Minute) {
			for next < len(open) && !at.Before(open[next].Until) {
				next++
			}
			said := next < len(open) && !at.Before(open[next].From)
			require.Equal(t, counted(c, at), said, "%s in %s, week %v, days %v, said %v", at, z, c.Week, c.Days, open)
		}
	}
}

func interval(z *time.Location, from, until string) models.Interval {
	at := func(s string) time.Time {
		read, err := time.ParseInLocation("2006-01-02 15:04", s, z)
		if err != nil {
			panic(err)
		}
		return read.UTC()
	}
	return models.Interval{From: at(from), Until: at(until)}
}

// weekdays opens Monday to Friday.
func weekdays(z *time.Location, hours ...calendar.Window) calendar.Calendar {
	c := calendar.Calendar{Zone: z}
	for d := time.Monday; d <= time.Friday; d++ {
		c.Week[d] = hours
	}
	return c
}

// The State Council's notice for 2026: off from Thursday 1 to Wednesday 7 October, working on Sunday 20
// September and Saturday 10 October; off from Friday 25 to Sunday 27 September.
func TestTheNationalDayWeekIsClosedAndItsMakeUpDaysAreOpen(t *testing.T) {
	z := zone(t, "Asia/Shanghai")
	cn, err := calendar.HolidaysOf("CN")
	require.NoError(t, err)
	c := weekdays(z, calendar.Window{From: 9 * 60, Until: 12 * 60}, calendar.Window{From: 13 * 60, Until: 18 * 60})
	c.Holidays, c.Like = cn, time.Friday
	var days []string
	for _, o := range c.Open(time.Date(2026, 9, 18, 0, 0, 0, 0, z), time.Date(2026, 10, 12, 0, 0, 0, 0, z)) {
		if day := o.From.In(z).Format("01-02"); !slices.Contains(days, day) {
			days = append(days, day)
		}
	}
	require.Equal(t, []string{
		"09-18", "09-20", "09-21", "09-22", "09-23", "09-24", // Saturday 19 is closed, Sunday 20 is worked
		"09-28", "09-29", "09-30", // 25 to 27 is the Mid-autumn Festival
		"10-08", "10-09", "10-10", // 1 to 7 is National Day, Saturday 10 is worked
	}, days)
	require.Equal(t, []models.Interval{
		interval(z, "2026-10-10 09:00", "2026-10-10 12:00"), interval(z, "2026-10-10 13:00", "2026-10-10 18:00"),
	}, c.Open(time.Date(2026, 10, 10, 0, 0, 0, 0, z), time.Date(2026, 10, 12, 0, 0, 0, 0, z)))
}

// 33 days off and six make-up days in 2026 is what shared sources and the notice count.
func TestTheHolidaysOf2026AreAllThere(t *testing.T) {
	cn, err := calendar.HolidaysOf("CN")
	require.NoError(t, err)
	count := func(days map[calendar.Date]calendar.Name) (n int) {
		for d := range days {
			if d.Year == 2026 {
				n++
			}
		}
		return n
	}
	require.Equal(t, []int{33, 6}, []int{count(cn.Off), count(cn.Work)})
	require.Equal(t, []int{2019, 2026}, []int{cn.FirstYear, cn.LastYear})
	for d := range cn.Work {
		require.Contains(t, []time.Weekday{time.Saturday, time.Sunday}, d.Weekday(), "%v is a make-up day", d)
		require.NotContains(t, cn.Off, d)
	}
	for d, name := range cn.Off {
		require.NotEmpty(t, name.EN, "%v", d)
		require.NotEmpty(t, name.ZH, "%v", d)
	}
	_, err = calendar.HolidaysOf("XX")
	require.EqualError(t, err, `no holidays of "XX" are known`)
}

func TestACalendarSaysUpToWhenItKnowsTheHolidays(t *testing.T) {
	z := zone(t, "Asia/Shanghai")
	cn, err := calendar.HolidaysOf("CN")
	require.NoError(t, err)
	c := weekdays(z, calendar.AllDay)
	require.True(t, c.KnownUntil().IsZero(), "without holidays nothing is missing")
	c.Holidays = cn
	require.Equal(t, time.Date(2026, 12, 31, 16, 0, 0, 0, time.UTC), c.KnownUntil())
}

func TestADayThatDiffersByTheCompanysWillIsStrongerThanAHoliday(t *testing.T) {
	z := zone(t, "Asia/Shanghai")
	cn, err := calendar.HolidaysOf("CN")
	require.NoError(t, err)
	c := weekdays(z, calendar.AllDay)
	c.Days = map[calendar.Date][]calendar.Window{{Year: 2026, Month: 10, Day: 1}: {{From: 600, Until: 720}}}
	c.Holidays = cn
	require.Equal(t, []models.Interval{interval(z, "2026-10-01 10:00", "2026-10-01 12:00")},
		c.Open(time.Date(2026, 10, 1, 0, 0, 0, 0, z), time.Date(2026, 10, 3, 0, 0, 0, 0, z)))
}

func TestDaysThatTouchAtMidnightAreOneAndHalvesThatTouchAreTwo(t *testing.T) {
	z := zone(t, "Europe/Berlin")
	require.Equal(t, []models.Interval{interval(z, "2026-03-30 00:00", "2026-04-01 00:00")},
		weekdays(z, calendar.AllDay).Open(time.Date(2026, 3, 28, 0, 0, 0, 0, z), time.Date(2026, 4, 1, 0, 0, 0, 0, z)))
	require.Equal(t, []models.Interval{
		interval(z, "2026-03-30 09:00", "2026-03-30 13:00"), interval(z, "2026-03-30 13:00", "2026-03-30 20:00"),
	}, weekdays(z, calendar.Window{From: 540, Until: 780}, calendar.Window{From: 780, Until: 1200}).
		Open(time.Date(2026, 3, 30, 0, 0, 0, 0, z), time.Date(2026, 3, 31, 0, 0, 0, 0, z)))
}
