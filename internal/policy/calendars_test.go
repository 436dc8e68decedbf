package policy_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/policy"
	"recourse/models"
)

// with is the shipped policy with more calendars, and more beside them.
func with(t *testing.T, calendars, beside string) []byte {
	t.Helper()
	return shipped(t, "\ncallback:", "\n"+calendars+beside+"\ncallback:")
}

const workshop = `  workshop:
    zone: Europe/Berlin
    hours: {mon-thu: "08:00-12:00 12:30-16:00", fri: "08:00-13:00"}
    make_up_days: fri
    days:
      2026-12-24: "08:00-10:00"
      2026-12-28..2026-12-30: "10:00-12:00"
    days_off:
      2026-12-25..2026-12-26: Christmas
      2027-01-01: New Year's Day
    days_worked:
      2026-12-19: for the inventory
    closures:
      2026-12-21: inventory
      2026-12-22 09:00-11:30: fire drill
      2026-12-22 12:00-13:00: lunch for everybody
      2026-12-28 11:00-11:30: fire drill
    known_until: 2027-06-30
`

// A company's calendar has several windows a day, a zone of its own, days of its own by one date or by
// several, and closures by the day or by the hour; what is closed is closed whatever else is said.
func TestACalendarOfTheCompanysOwnHasItsOwnDays(t *testing.T) {
	t.Parallel()
	own, faults := policy.Read(with(t, workshop, "calendars_for: {departments: {repairs: workshop}}"), zone(t, "Asia/Shanghai"))
	require.Empty(t, faults)
	berlin := zone(t, "Europe/Berlin")
	cal, _ := own.Plan(time.Date(2026, time.December, 18, 12, 0, 0, 0, berlin), "", 1).Calendar("workshop")
	days := map[string][]string{}
	for _, o := range cal.Open {
		from, until := o.From.In(berlin), o.Until.In(berlin)
		days[from.Format("01-02")] = append(days[from.Format("01-02")], from.Format("15:04")+"-"+until.Format("15:04"))
	}
	for day, want := range map[string]string{
		"12-18": "08:00-13:00",                         // a Friday
		"12-19": "08:00-13:00",                         // a Saturday, worked as a Friday
		"12-20": "",                                    // a Sunday
		"12-21": "",                                    // closed
		"12-22": "08:00-09:00 11:30-12:00 13:00-16:00", // without the drill and the lunch
		"12-23": "08:00-12:00 12:30-16:00",
		"12-24": "08:00-10:00",
		"12-25": "", "12-26": "",
		"12-28": "10:00-11:00 11:30-12:00", // special hours, less a drill
		"12-29": "10:00-12:00", "12-30": "10:00-12:00",
		"12-31": "08:00-12:00 12:30-16:00", "01-01": "", "01-04": "08:00-12:00 12:30-16:00",
	} {
		require.Equal(t, want, strings.Join(days[day], " "), day)
	}
	require.Empty(t, policy.Endings(own, time.Date(2027, time.March, 1, 0, 0, 0, 0, time.UTC))[2:], "its author knows further than that")
	require.Equal(t, policy.Ending{Calendar: "workshop", LastDay: "2027-06-30"}, policy.Endings(own, time.Date(2027, time.April, 10, 0, 0, 0, 0, time.UTC))[2])
}

func TestEveryFaultOfACalendarIsNamedByItsPathAndLine(t *testing.T) {
	t.Parallel()
	many := strings.Builder{}
	chosen := strings.Builder{}
	for i := range 16 {
		fmt.Fprintf(&many, "  c%d: {hours: {mon: \"09:00-10:00\"}}\n", i)
		fmt.Fprintf(&chosen, " d%d: c%d,", i, i)
	}
	days := func(part string) string { return "  own:\n    hours: {mon: \"09:00-17:00\"}\n    " + part + "\n" }
	for name, tt := range map[string]struct{ calendars, beside, path, says string }{
		"no length":               {"  own:\n    hours: {mon: \"09:00-09:00\"}\n", "", "/calendars/own/hours/mon", "ends as it begins"},
		"before it begins":        {"  own:\n    hours: {mon: \"22:00-06:00\"}\n", "", "/calendars/own/hours/mon", "ends before it begins"},
		"too many windows":        {"  own:\n    hours: {mon: \"01:00-02:00 03:00-04:00 05:00-06:00 07:00-08:00 09:00-10:00 11:00-12:00 13:00-14:00 15:00-16:00 17:00-18:00\"}\n", "", "/calendars/own/hours/mon", "at most 8"},
		"an unknown zone":         {"  own:\n    zone: Mars/Olympus\n    hours: {mon: \"09:00-17:00\"}\n", "", "/calendars/own/zone", "Mars/Olympus"},
		"a name with blanks":      {"  Own One: {hours: {mon: \"09:00-17:00\"}}\n", "", "/calendars/Own One", "small letters"},
		"no date":                 {days("days_off: {2026-13-01: x}"), "", "/calendars/own/days_off/2026-13-01", "no date"},
		"days that go back":       {days("days_off: {2026-10-07..2026-10-01: x}"), "", "/calendars/own/days_off/2026-10-07..2026-10-01", "ends before it begins"},
		"more than a year":        {days("days_off: {2026-01-01..2027-01-02: x}"), "", "/calendars/own/days_off/2026-01-01..2027-01-02", "more than a year"},
		"a date twice":            {days("days_off: {2026-10-01: x, 2026-10-01: y}"), "", "/calendars/own/days_off/2026-10-01", "twice"},
		"a date in two ranges":    {days("days_off: {2026-10-01..2026-10-03: x, 2026-10-03: y}"), "", "/calendars/own/days_off/2026-10-03", "stands in days_off already"},
		"off and worked":          {days("days_off: {2026-10-01: x}\n    days_worked: {2026-10-01: y}"), "", "/calendars/own/days_worked/2026-10-01", "stands in days_off already"},
		"off with hours":          {days("days_off: {2026-10-01: x}\n    days: {2026-10-01: \"09:00-10:00\"}"), "", "/calendars/own/days/2026-10-01", "stands in days_off already"},
		"hours of a day off":      {days("days_off: {2026-10-01 09:00-10:00: x}"), "", "/calendars/own/days_off/2026-10-01 09:00-10:00", "only closures"},
		"a day off without name":  {days("days_off: {2026-10-01: \"\"}"), "", "/calendars/own/days_off/2026-10-01", "say what day"},
		"a closure without why":   {days("closures: {2026-10-01: }"), "", "/calendars/own/closures/2026-10-01", "single value"},
		"a long reason":           {days("closures: {2026-10-01: " + strings.Repeat("长", 81) + "}"), "", "/calendars/own/closures/2026-10-01", "at most 80"},
		"a closure of no length":  {days("closures: {2026-10-01 09:00-09:00: x}"), "", "/calendars/own/closures/2026-10-01 09:00-09:00", "ends as it begins"},
		"a closure backwards":     {days("closures: {2026-10-01 10:00-09:00: x}"), "", "/calendars/own/closures/2026-10-01 10:00-09:00", "ends before"},
		"closed twice":            {days("closures: {2026-10-01: x, 2026-10-01 09:00-10:00: y}"), "", "/calendars/own/closures/2026-10-01 09:00-10:00", "closed then already"},
		"known until some day":    {days("known_until: next year"), "", "/calendars/own/known_until", "no date"},
		"no such part":            {days("holydays: {2026-10-01: x}"), "", "/calendars/own/holydays", "known are closures, days, days_off"},
		"an unknown calendar":     {"", "calendars_for: {departments: {repairs: moon}}", "/calendars_for/departments/repairs", `no calendar "moon"`},
		"for an unknown channel":  {"", "calendars_for: {channels: {pigeon: working}}", "/calendars_for/channels/pigeon", "nobody knows"},
		"an unknown one of a way": {"", "calendars_for: {channels: {phone: moon}}", "/calendars_for/channels/phone", `no calendar "moon"`},
		"the customer's halves":   {"", "calendars_for: {channels: {phone: halves}}", "/calendars_for/channels/phone", "customer's half-days"},
		"too many that travel":    {many.String(), "calendars_for: {departments: {" + strings.Trim(chosen.String(), ", ") + "}}", "/calendars", "use 18 calendars"},
	} {
		_, faults := policy.Read(with(t, tt.calendars, tt.beside), zone(t, "Asia/Shanghai"))
		require.Len(t, faults, 1, "%s: %v", name, faults)
		require.Equal(t, tt.path, faults[0].Path, "%s: %v", name, faults)
		require.Contains(t, faults[0].Says, tt.says, name)
		require.True(t, policy.Grave(faults), name)
		require.Positive(t, faults[0].Line, name)
	}
}

func TestCalendarsForNobodyAreAWarning(t *testing.T) {
	t.Parallel()
	_, faults := policy.Read(shipped(t, "3d working", "3d", "callback, severity: general, bound: limit, from: 2026-07-03 12:00, due: 2026-07-08 12:00", "callback, severity: general, from: 2026-07-03 12:00, due: 2026-07-06 12:00",
		"\ncallback:", "\ncalendars_for: {channels: {phone: working}}\ncallback:"), time.UTC)
	require.Len(t, faults, 1)
	require.True(t, faults[0].Warning)
	require.Contains(t, faults[0].Says, "changes nothing")
}

func TestADepartmentThatTheCompanyDoesNotHaveIsAFault(t *testing.T) {
	t.Parallel()
	own, faults := policy.Read(with(t, workshop, "calendars_for:\n  departments: {repairs: workshop, atelier: workshop}"), time.UTC)
	require.Empty(t, faults)
	require.Empty(t, policy.Lost(own, map[string]bool{"repairs": true, "atelier": true}))
	lost := policy.Lost(own, map[string]bool{"repairs": true})
	require.Len(t, lost, 1)
	require.Equal(t, "/calendars_for/departments/atelier", lost[0].Path)
	require.False(t, lost[0].Warning)
	require.Positive(t, lost[0].Line)
}

func TestAnExampleMayBeOfADepartmentAndAChannel(t *testing.T) {
	t.Parallel()
	of := func(who, due string) []byte {
		return shipped(t, "\ncallback: {attempts", "\n  hotline: {hours: {mon-sun: \"00:00-24:00\"}}\ncalendars_for: {channels: {phone: hotline}, departments: {repairs: working}}\ncallback: {attempts",
			"{clock: callback, severity: general,", "{clock: callback, severity: general,"+who, "due: 2026-07-08 12:00", "due: "+due)
	}
	for who, due := range map[string]string{
		"": "2026-07-08 12:00", " channel: phone,": "2026-07-06 12:00", " channel: web,": "2026-07-08 12:00",
		" channel: phone, department: repairs,": "2026-07-08 12:00", " department: sales, channel: phone,": "2026-07-06 12:00",
	} {
		_, faults := policy.Read(of(who, due), zone(t, "Asia/Shanghai"))
		require.Empty(t, faults, who)
	}
}

func TestADifferenceNamesEveryDayOfACalendar(t *testing.T) {
	t.Parallel()
	was, faults := policy.Read(with(t, workshop, ""), time.UTC)
	require.Empty(t, faults)
	is, faults := policy.Read(with(t, strings.NewReplacer(
		"2026-12-25..2026-12-26: Christmas", "2026-12-25: Christmas", "fire drill\n      2026-12-22", "alarm\n      2026-12-22", "2027-06-30", "2027-12-31",
	).Replace(workshop), "calendars_for: {channels: {phone: workshop}, departments: {repairs: workshop}}"), time.UTC)
	require.Empty(t, faults)
	require.Equal(t, []policy.Change{
		{Path: "/calendars/workshop/known_until", Was: "2027-06-30", Is: "2027-12-31"},
		{Path: "/calendars/workshop/closures/2026-12-22", Was: "09:00-11:30 fire drill; 12:00-13:00 lunch for everybody", Is: "09:00-11:30 alarm; 12:00-13:00 lunch for everybody"},
		{Path: "/calendars_for/channels/phone", Is: "workshop"},
		{Path: "/calendars_for/departments/repairs", Is: "workshop"},
		{Path: "/calendars/workshop/days_off/2026-12-26", Was: "Christmas"},
	}, policy.Diff(was, is))
}

// However many calendars there are, a plan brings those that clocks may need.
func TestAPlanBringsTheCalendarsThatItsClocksMayNeed(t *testing.T) {
	t.Parallel()
	own, faults := policy.Read(shipped(t, "result:         {limit: 24h}", "result: {limit: 8h office}",
		"\ncallback:", "\n  office: {hours: {mon: \"09:00-17:00\"}}\n  spare: {hours: {mon: \"09:00-17:00\"}}\n  hotline: {hours: {mon: \"09:00-17:00\"}}\ncalendars_for: {channels: {phone: hotline}}\ncallback:"), time.UTC)
	require.Empty(t, faults)
	names := []string{}
	plan := own.Plan(time.Date(2026, time.July, 2, 0, 0, 0, 0, time.UTC), "", 1)
	for _, c := range plan.Calendars {
		names = append(names, c.Name)
	}
	require.Equal(t, []string{models.CalendarWorking, models.CalendarHalves, "hotline", "office"}, names)
}
