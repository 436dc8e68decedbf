package policy_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/policy"
	"recourse/models"
)

// quietly is the shipped policy with other quiet hours.
func quietly(t *testing.T, hours string, company *time.Location) policy.Policy {
	t.Helper()
	p, faults := policy.Read(shipped(t, `quiet_hours: "22:00-08:00"`, "quiet_hours: "+hours), company)
	require.Empty(t, faults)
	return p
}

// slowly walks the wall clock minute by minute until it shows a time that is not quiet.
func slowly(at time.Time, zone *time.Location, from, until int) time.Time {
	quiet := func(at time.Time) bool {
		wall := at.In(zone)
		minute := wall.Hour()*60 + wall.Minute()
		if from < until {
			return from <= minute && minute < until
		}
		return minute >= from || minute < until
	}
	if !quiet(at) {
		return at
	}
	for at = at.Truncate(time.Minute); quiet(at); at = at.Add(time.Minute) {
	}
	return at
}

// Reminders wait until the quiet hours end, whatever the hours, the zone and the season: a slow counter that
// looks at the wall clock minute by minute comes to the same instants.
func TestQuietHoursAreThoseOfTheWallClock(t *testing.T) {
	t.Parallel()
	zones := []string{"Asia/Shanghai", "UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns", "Pacific/Chatham"}
	random := rand.New(rand.NewPCG(5, 4))
	held := 0
	for range 400 {
		z := zone(t, zones[random.IntN(len(zones))])
		from, until := random.IntN(24*60), random.IntN(24*60)
		if from == until {
			continue
		}
		now := time.Date(2026, time.January, 1+random.IntN(365), 0, random.IntN(24*60), 0, 0, time.UTC)
		p := quietly(t, fmt.Sprintf(`"%02d:%02d-%02d:%02d"`, from/60, from%60, until/60, until%60), z)
		plan := p.Plan(now, "", 1)
		for range 50 {
			at := now.Add(time.Duration(random.Int64N(int64(89 * day)))).Truncate(time.Microsecond)
			want := slowly(at, z, from, until)
			require.True(t, want.Equal(plan.RemindAt(at, "")), "%s in quiet hours from minute %d to %d of %s: %s instead of %s",
				at, from, until, z, plan.RemindAt(at, ""), want)
			if want.After(at) {
				held++
			}
		}
	}
	require.Greater(t, held, 5000, "often enough it is quiet")
}

func TestTheNightsOfASeasonTravelAsOne(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)
	require.LessOrEqual(t, len(quietly(t, `"22:00-08:00"`, zone(t, "Asia/Shanghai")).Plan(now, "", 1).Quiet.Nights), 3)
	require.LessOrEqual(t, len(quietly(t, `"22:00-08:00"`, zone(t, "Europe/Berlin")).Plan(now, "", 1).Quiet.Nights), 5, "the clock is put forward in March")
}

func TestQuietHoursMayBeThoseInWhichACalendarIsClosed(t *testing.T) {
	t.Parallel()
	z := zone(t, "Asia/Shanghai")
	p := quietly(t, "{outside: working}", z)
	saturday := time.Date(2026, time.March, 7, 12, 0, 0, 0, z)
	plan := p.Plan(saturday, "", 1)
	require.Empty(t, plan.Quiet.Nights)
	require.True(t, time.Date(2026, time.March, 9, 0, 0, 0, 0, z).Equal(plan.RemindAt(saturday, models.CalendarWorking)))

	own, faults := policy.Read(shipped(t, `quiet_hours: "22:00-08:00"`, "quiet_hours: {outside: hotline}",
		"\ncallback:", "\n  hotline: {hours: {mon-sun: \"08:00-12:00\"}}\ncallback:"), z)
	require.Empty(t, faults)
	plan = own.Plan(saturday, "", 1)
	require.True(t, time.Date(2026, time.March, 8, 8, 0, 0, 0, z).Equal(plan.RemindAt(saturday, "")), "a calendar that no clock names travels for their sake")
}

func TestFaultyQuietHoursAreNamed(t *testing.T) {
	t.Parallel()
	for hours, want := range map[string]struct{ path, says string }{
		"at night":             {"/quiet_hours", `"at night"`},
		`"22:00"`:              {"/quiet_hours", "no hours such as"},
		`"22:00-25:00"`:        {"/quiet_hours", "no hours such as"},
		`"08:00-08:00"`:        {"/quiet_hours", "all day or never"},
		`"00:00-24:00"`:        {"/quiet_hours", "all day or never"},
		"[22, 8]":              {"/quiet_hours", "fields with values"},
		"{outside: moon}":      {"/quiet_hours/outside", `no calendar "moon"`},
		"{outside: halves}":    {"/quiet_hours/outside", "customer's half-days"},
		"{hours: 22:00-08:00}": {"/quiet_hours/hours", "nobody knows"},
		"{}":                   {"/quiet_hours/outside", "missing"},
	} {
		_, faults := policy.Read(shipped(t, `quiet_hours: "22:00-08:00"`, "quiet_hours: "+hours), zone(t, "Asia/Shanghai"))
		require.NotEmpty(t, faults, hours)
		require.Equal(t, want.path, faults[0].Path, "%s: %v", hours, faults)
		require.Contains(t, faults[0].Says, want.says, hours)
	}
}

func TestADifferenceOfQuietHoursIsNamed(t *testing.T) {
	t.Parallel()
	z := zone(t, "Asia/Shanghai")
	shippedOne := policy.Default(z)
	require.Equal(t, []policy.Change{{Path: "/quiet_hours", Was: "22:00-08:00", Is: "21:30-07:00"}}, policy.Diff(shippedOne, quietly(t, "21:30-07:00", z)))
	require.Equal(t, []policy.Change{{Path: "/quiet_hours/outside", Is: "working"}, {Path: "/quiet_hours", Was: "22:00-08:00"}},
		policy.Diff(shippedOne, quietly(t, "{outside: working}", z)))
	none, faults := policy.Read(shipped(t, `quiet_hours: "22:00-08:00"`, ""), z)
	require.Empty(t, faults)
	require.Zero(t, none.Plan(time.Now(), "", 1).Quiet, "a policy without the line has none")
}
