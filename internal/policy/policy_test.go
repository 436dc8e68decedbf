package policy_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/policy"
	"recourse/models"
)

const day = 24 * time.Hour

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := policy.Zone(name)
	require.NoError(t, err)
	return z
}

// open is a calendar of a plan made at an instant.
func open(t *testing.T, name, company, customer string, now time.Time) models.Calendar {
	t.Helper()
	cal, known := policy.Default(zone(t, company)).Plan(now, customer, 1).Calendar(name)
	require.True(t, known)
	for name == models.CalendarWorking && !cal.Open[0].Until.After(now) { // told for the sake of pauses
		cal.Open = cal.Open[1:]
	}
	return cal
}

func TestAPlanRemembersTheWorkingDaysOfTwoMonths(t *testing.T) {
	t.Parallel() // a pause that began then is counted in open time
	now := time.Date(2026, time.June, 8, 12, 0, 0, 0, time.UTC)
	cal, _ := policy.Default(time.UTC).Plan(now, "", 1).Calendar(models.CalendarWorking)
	require.Equal(t, time.Date(2026, time.April, 7, 0, 0, 0, 0, time.UTC), cal.Open[0].From)
	halves, _ := policy.Default(time.UTC).Plan(now, "", 1).Calendar(models.CalendarHalves)
	require.False(t, halves.Open[0].From.Before(now.Truncate(24*time.Hour)), "nobody is called in the past")
}

func TestWorkingDaysAreMondayToFridayOfTheCompanysZone(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Asia/Shanghai", "UTC", "America/New_York", "Pacific/Apia", "Asia/Kathmandu"} {
		z := zone(t, name)
		friday := time.Date(2026, time.March, 6, 15, 0, 0, 0, z)
		cal := open(t, models.CalendarWorking, name, "Asia/Shanghai", friday)
		require.Equal(t, time.Date(2026, time.March, 2, 0, 0, 0, 0, z).UTC(), cal.Open[0].From, name)
		require.Equal(t, time.Date(2026, time.March, 7, 0, 0, 0, 0, z).UTC(), cal.Open[0].Until, name)
		require.Equal(t, time.Date(2026, time.March, 9, 0, 0, 0, 0, z).UTC(), cal.Open[1].From, name)
		require.Equal(t, time.Date(2026, time.March, 14, 0, 0, 0, 0, z).UTC(), cal.Open[1].Until, "five whole days are one interval")
	}
}

func TestAPlanMadeAtTheWeekendOpensOnMonday(t *testing.T) {
	t.Parallel()
	z := zone(t, "Asia/Shanghai")
	for _, now := range []time.Time{time.Date(2026, time.March, 7, 0, 0, 0, 0, z), time.Date(2026, time.March, 8, 23, 59, 0, 0, z)} {
		cal := open(t, models.CalendarWorking, "Asia/Shanghai", "", now.UTC())
		require.Equal(t, time.Date(2026, time.March, 9, 0, 0, 0, 0, z).UTC(), cal.Open[0].From)
	}
}

func TestWorkingDaysGoOnOverTheYearsEnd(t *testing.T) {
	t.Parallel()
	z := zone(t, "Asia/Shanghai")
	cal := open(t, models.CalendarWorking, "Asia/Shanghai", "", time.Date(2026, time.December, 30, 12, 0, 0, 0, z)) // a Wednesday
	require.Equal(t, time.Date(2027, time.January, 2, 0, 0, 0, 0, z).UTC(), cal.Open[0].Until, "of 2027 no holidays are announced yet")
	require.Equal(t, time.Date(2027, time.January, 4, 0, 0, 0, 0, z).UTC(), cal.Open[1].From)
}

// National Day 2026: Thursday 1 to Wednesday 7 October are off, Saturday 10 October is worked. Three
// working days that begin on Tuesday 29 September at noon have used up a day and a half by the end of
// Wednesday 30; the other day and a half are Thursday 8 and half of Friday 9.
func TestWorkingDaysLeapOverTheNationalDayWeekInChinaAlone(t *testing.T) {
	t.Parallel()
	z := zone(t, "Asia/Shanghai")
	tuesday := time.Date(2026, time.September, 29, 12, 0, 0, 0, z)
	cal := open(t, models.CalendarWorking, "Asia/Shanghai", "", tuesday)
	require.Equal(t, []models.Interval{
		{From: time.Date(2026, time.September, 28, 0, 0, 0, 0, z).UTC(), Until: time.Date(2026, time.October, 1, 0, 0, 0, 0, z).UTC()},
		{From: time.Date(2026, time.October, 8, 0, 0, 0, 0, z).UTC(), Until: time.Date(2026, time.October, 11, 0, 0, 0, 0, z).UTC()},
		{From: time.Date(2026, time.October, 12, 0, 0, 0, 0, z).UTC(), Until: time.Date(2026, time.October, 17, 0, 0, 0, 0, z).UTC()},
	}, cal.Open[:3])
	berlin := open(t, models.CalendarWorking, "Europe/Berlin", "", tuesday)
	require.Equal(t, time.Date(2026, time.October, 3, 0, 0, 0, 0, zone(t, "Europe/Berlin")).UTC(), berlin.Open[0].Until)
}

func TestNobodyInChinaIsCalledOnAHolidayWhereverTheCompanyIs(t *testing.T) {
	t.Parallel()
	z := zone(t, "Asia/Shanghai")
	for _, company := range []string{"Asia/Shanghai", "Europe/Berlin"} {
		cal := open(t, models.CalendarHalves, company, "Asia/Shanghai", time.Date(2026, time.October, 1, 8, 0, 0, 0, z))
		require.Equal(t, time.Date(2026, time.October, 8, 9, 0, 0, 0, z).UTC(), cal.Open[0].From, company)
	}
}

func TestHalfDaysAreTheDecentHoursOfTheCustomerWhateverTheSeason(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		zone string
		now  time.Time // before the clocks change
	}{
		{"America/New_York", time.Date(2026, time.March, 6, 0, 0, 0, 0, time.UTC)},
		{"America/New_York", time.Date(2026, time.October, 30, 12, 0, 0, 0, time.UTC)},
		{"Europe/Berlin", time.Date(2026, time.March, 27, 0, 0, 0, 0, time.UTC)},
		{"Australia/Lord_Howe", time.Date(2026, time.April, 3, 0, 0, 0, 0, time.UTC)}, // by half an hour
		{"Africa/Cairo", time.Date(2026, time.April, 22, 0, 0, 0, 0, time.UTC)},       // on a Friday
		{"Asia/Shanghai", time.Date(2026, time.March, 6, 0, 0, 0, 0, time.UTC)},
	} {
		z := zone(t, tt.zone)
		cal := open(t, models.CalendarHalves, "Asia/Shanghai", tt.zone, tt.now)
		for i, half := range cal.Open {
			from, until := half.From.In(z), half.Until.In(z)
			if day := from.Format("01-02"); tt.zone != "Asia/Shanghai" || day != "05-09" { // the Saturday on which China works
				require.NotContains(t, []time.Weekday{time.Saturday, time.Sunday}, from.Weekday(), "%s on %s", tt.zone, day)
			}
			want := [2]string{"09:00", "13:00"}
			if i%2 == 1 {
				want = [2]string{"13:00", "20:00"}
			}
			require.Equal(t, want, [2]string{from.Format("15:04"), until.Format("15:04")}, "%s on %s", tt.zone, from)
		}
	}
}

func TestIntervalsAreInOrderWithoutOverlapsAndReachTheHorizon(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, time.January, 1, 0, 0, 0, 123, time.UTC)
	for hours := 0; hours < 366*24; hours += 37 {
		now := start.Add(time.Duration(hours) * time.Hour)
		for _, name := range []string{models.CalendarWorking, models.CalendarHalves} {
			cal := open(t, name, "America/New_York", "Pacific/Auckland", now)
			require.NotEmpty(t, cal.Open)
			for i, o := range cal.Open {
				require.True(t, o.From.Before(o.Until), "%s %s", name, now)
				require.True(t, i == 0 || !o.From.Before(cal.Open[i-1].Until), "%s %s", name, now)
			}
			require.False(t, cal.Until.Before(now.Add(90*day-time.Second)), "ninety days ahead")
			require.False(t, cal.Until.Before(cal.Open[len(cal.Open)-1].Until))
		}
	}
}

func TestAnUnknownZoneOfACustomerCountsAsTheCompanys(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.March, 2, 2, 0, 0, 0, time.UTC)
	want := open(t, models.CalendarHalves, "Asia/Shanghai", "Asia/Shanghai", now)
	for _, name := range []string{"", "Local", "Middle/Earth", "../../etc/passwd"} {
		require.Equal(t, want, open(t, models.CalendarHalves, "Asia/Shanghai", name, now), "%q", name)
	}
}

func TestAZoneIsNamedInTheDatabaseOfZones(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "Local", "CET+1", "Middle/Earth"} {
		_, err := policy.Zone(name)
		require.ErrorContains(t, err, "not an IANA time zone", "%q", name)
	}
}

func TestTheDefaultPolicyKeepsThePromiseForEverySeverity(t *testing.T) {
	t.Parallel()
	plan := policy.Default(time.UTC).Plan(time.Date(2026, time.March, 2, 0, 0, 0, 0, time.UTC), "", 1)
	for _, s := range models.Severities() {
		require.Equal(t, models.Amount{Of: 24 * time.Hour}, plan.Rule(models.ClockFirstResponse).Limit.For(s), s)
		require.Equal(t, models.Amount{Of: 48 * time.Hour}, plan.Rule(models.ClockFeedback).Limit.For(s), s)
	}
	for _, r := range plan.Clocks {
		for _, s := range models.Severities() {
			require.False(t, r.Limit.For(s).IsZero(), "%s %s", r.Clock, s)
			require.Less(t, r.Target.For(s).Of, r.Limit.For(s).Of, "%s %s: a target comes before the limit", r.Clock, s)
		}
	}
}

func TestEveryClockThatCanBeLateHasALadderForEverySeverity(t *testing.T) {
	t.Parallel()
	plan := policy.Default(time.UTC).Plan(time.Date(2026, time.March, 2, 0, 0, 0, 0, time.UTC), "", 1)
	for _, k := range models.Clocks() {
		for _, s := range models.Severities() {
			rungs := plan.Rungs(k, s)
			require.Equal(t, k.Ladder() != models.LadderNone, len(rungs) > 0, "%s %s", k, s)
			for _, r := range rungs {
				require.NotEmpty(t, r.Roles)
				require.Subset(t, models.EscalationChain(), r.Roles)
				when := 0
				for _, is := range []bool{r.Share > 0, r.After > 0, r.AtOnce} {
					if is {
						when++
					}
				}
				require.LessOrEqual(t, when, 1)
				require.Equal(t, len(r.RepeatTo) > 0, r.Repeats > 0, "a repetition is bounded")
			}
		}
	}
}

func TestAPlanSurvivesTheJourneyThroughJSON(t *testing.T) {
	t.Parallel()
	plan := policy.Default(zone(t, "Asia/Shanghai")).Plan(time.Date(2026, time.March, 2, 2, 0, 0, 5, time.UTC), "America/New_York", 1)
	body, err := models.Canonical(plan)
	require.NoError(t, err)
	var back models.Plan
	require.NoError(t, json.Unmarshal(body, &back))
	again, err := models.Canonical(back)
	require.NoError(t, err)
	require.Equal(t, string(body), string(again))
	require.Equal(t, plan, back)
	require.Less(t, len(body), 8<<10, "a plan travels with every command")
}
