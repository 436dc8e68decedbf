package policy_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/calendar"
	"recourse/internal/policy"
)

func dateOf(t *testing.T, text string) calendar.Date {
	t.Helper()
	at, err := time.Parse(time.DateOnly, text)
	require.NoError(t, err)
	return calendar.DateOf(at, time.UTC)
}

// listed is a list of days: kind, first day, last day, name; and hours in minutes.
func listed(t *testing.T, lines ...[4]string) (list []calendar.Entry) {
	t.Helper()
	for i, l := range lines {
		list = append(list, calendar.Entry{
			Kind: calendar.EntryKind(l[0]), From: dateOf(t, l[1]), Until: dateOf(t, l[2]), Hours: calendar.AllDay, Name: l[3], Line: i + 1,
		})
	}
	return list
}

func national(t *testing.T) []calendar.Entry {
	t.Helper()
	list := listed(t, [4]string{"off", "2027-10-01", "2027-10-04", "National Day"}, [4]string{"off", "2027-10-05", "2027-10-07", "National Day"},
		[4]string{"worked", "2027-10-09", "2027-10-09", "国庆节: 补班"}, [4]string{"off", "2026-10-01", "2026-10-02", "known"},
		[4]string{"closed", "2027-03-01", "2027-03-02", "drill, \"all\" floors"})
	list[4].Hours = calendar.Window{From: 14 * 60, Until: 16 * 60}
	return list
}

func TestAnAdditionHoldsWhatTheCalendarDoesNotKnow(t *testing.T) {
	t.Parallel()
	c, _ := policy.Default(zone(t, "Asia/Shanghai")).Named("working")
	a, faults := policy.Add(c, national(t), dateOf(t, "2027-12-31"))
	require.Empty(t, faults)
	require.Equal(t, 2, a.Known, "the National Day of 2026 is one of the official ones")
	require.Equal(t, "days_off:\n  2027-10-01..2027-10-07: National Day\ndays_worked:\n  2027-10-09: '国庆节: 补班'\n"+
		"closures:\n  2027-03-01..2027-03-02 14:00-16:00: drill, \"all\" floors\nknown_until: 2027-12-31\n", a.Fragment())
}

func TestAListThatContradictsTheCalendarIsRefusedByLine(t *testing.T) {
	t.Parallel()
	own, faults := policy.Read(with(t, workshop, ""), time.UTC)
	require.Empty(t, faults)
	c, _ := own.Named("workshop")
	list := listed(t, [4]string{"off", "2026-12-19", "2026-12-19", "x"}, [4]string{"worked", "2026-12-25", "2026-12-25", "x"}, [4]string{"off", "2026-12-24", "2026-12-24", "x"},
		[4]string{"closed", "2026-12-22", "2026-12-22", "x"}, [4]string{"off", "2027-05-05", "2027-05-05", "x"}, [4]string{"worked", "2027-05-05", "2027-05-05", "x"},
		[4]string{"off", "2026-12-25", "2026-12-26", "Christmas"}, [4]string{"closed", "2026-12-21", "2026-12-21", "inventory"})
	_, wrong := policy.Add(c, list, calendar.Date{})
	says := map[int]string{}
	for _, f := range wrong {
		says[f.Line] = f.Says
	}
	require.Equal(t, map[int]string{
		1: "2026-12-19 stands in days_worked of the calendar already", 2: "2026-12-25 stands in days_off of the calendar already",
		3: "2026-12-24 stands in days of the calendar already", 4: "the calendar is closed on 2026-12-22 then already: fire drill",
		6: "2027-05-05 is a day off and is worked: line 5 says otherwise", 7: "2026-12-25 is a day off and is worked: line 2 says otherwise",
	}, says)
}

// However a calendar is written, the days come in, nothing else changes, and every other line stays as
// it is.
func TestAnAdditionIsPutIntoTheDocumentWithItsCommentsKept(t *testing.T) {
	t.Parallel()
	for name, calendars := range map[string]string{
		"lines":             workshop,
		"without days":      "  workshop: # the old one\n    zone: Asia/Shanghai\n    # nine to five\n    hours: {mon-fri: \"09:00-17:00\"}\n    holidays: local # China's\n",
		"braces":            "  workshop: {hours: {mon-fri: \"09:00-17:00\"}, zone: Asia/Shanghai, holidays: local}\n",
		"days in braces":    "  workshop:\n    hours: {mon-fri: \"09:00-17:00\"}\n    holidays: local\n    days_off: {2027-01-01: 元旦}\n    closures: {2027-01-04 09:00-10:00: 消防: 2}\n",
		"an end over lines": "  workshop:\n    holidays: local\n    hours: {\n      mon-fri: \"09:00-17:00\"\n    }\n",
		"quoted":            "  \"workshop\":\n    \"hours\": {\"mon-fri\": \"09:00-17:00\"}\n    \"holidays\": \"local\"\n    \"known_until\": \"2026-12-31\"\n",
	} {
		if name == "days in braces" {
			calendars = strings.Replace(calendars, "消防: 2", "消防", 1)
		}
		for _, beside := range []string{"calendars_for: {departments: {repairs: workshop}} # theirs", ""} {
			document := with(t, calendars, beside)
			was, faults := policy.Read(document, zone(t, "Asia/Shanghai"))
			require.Empty(t, faults, name)
			c, _ := was.Named("workshop")
			a, faults := policy.Add(c, national(t), dateOf(t, "2027-12-31"))
			require.Empty(t, faults, name)
			made, err := policy.Insert(document, "workshop", a, zone(t, "Asia/Shanghai"))
			require.NoError(t, err, name)
			_, faults = policy.Read(made, zone(t, "Asia/Shanghai"))
			require.Empty(t, faults, "%s: %s", name, made)
			kept := strings.Split(string(made), "\n")
			for line := range strings.SplitSeq(string(document), "\n") {
				if strings.Contains(line, "{") && strings.Contains(calendars, line) || strings.Contains(line, "known_until") {
					continue // days may have come into the braces
				}
				require.Contains(t, kept, line, name)
			}
			again, faults := policy.Add(named(t, made), national(t), dateOf(t, "2027-12-31"))
			require.Empty(t, faults)
			require.Empty(t, again.Entries, "the second time there is nothing new")
			require.Equal(t, "2027-12-31", named(t, made).Known.String())
		}
	}
	_, err := policy.Insert(policy.DefaultDocument(), "moon", policy.Addition{}, time.UTC)
	require.ErrorContains(t, err, `no calendar "moon"`)
	_, err = policy.Insert([]byte("clocks: ["), "working", policy.Addition{}, time.UTC)
	require.ErrorContains(t, err, "the policy has faults")
}

func named(t *testing.T, document []byte) policy.Calendar {
	t.Helper()
	p, faults := policy.Reread(document, zone(t, "Asia/Shanghai"))
	require.False(t, policy.Grave(faults))
	c, known := p.Named("workshop")
	require.True(t, known)
	return c
}

func TestTheShippedPolicyTakesTheHolidaysOfAnotherYear(t *testing.T) {
	t.Parallel()
	z := zone(t, "Asia/Shanghai")
	c, _ := policy.Default(z).Named("working")
	a, faults := policy.Add(c, national(t), dateOf(t, "2027-12-31"))
	require.Empty(t, faults)
	made, err := policy.Insert(policy.DefaultDocument(), "working", a, z)
	require.NoError(t, err)
	own, faults := policy.Read(made, z)
	require.Empty(t, faults)
	require.Len(t, policy.Diff(policy.Default(z), own), 7+1+2+1)
	require.Equal(t, []policy.Ending{{Calendar: "halves", LastDay: "2026-12-31"}}, policy.Endings(own, time.Date(2026, time.December, 1, 0, 0, 0, 0, z)))
}
