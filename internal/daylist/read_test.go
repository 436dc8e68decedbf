package daylist_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/simplifiedchinese"

	"recourse/internal/calendar"
	"recourse/internal/daylist"
)

func shanghai(t testing.TB) *time.Location {
	t.Helper()
	z, err := time.LoadLocation("Asia/Shanghai")
	require.NoError(t, err)
	return z
}

// said writes entries as lines.
func said(entries []calendar.Entry) (lines []string) {
	for _, e := range entries {
		line := fmt.Sprintf("%d %s %s", e.Line, e.Kind, e.From)
		if e.Until != e.From {
			line += ".." + e.Until.String()
		}
		if e.Hours != calendar.AllDay {
			line += fmt.Sprintf(" %d-%d", e.Hours.From, e.Hours.Until)
		}
		lines = append(lines, line+" "+e.Name)
	}
	return lines
}

const feed = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\n" +
	"BEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20271001\r\nDTEND;VALUE=DATE:20271008\r\nSUMMARY:国庆\r\n 节\r\nEND:VEVENT\r\n" +
	"BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20271009\r\nSUMMARY:国庆节（班）\r\nEND:VEVENT\r\n" +
	"BEGIN:VEVENT\r\nDTSTART:20270820T060000Z\r\nDTEND:20270820T080000Z\r\nSUMMARY:Fire drill\\, all floors\r\nBEGIN:VALARM\r\nTRIGGER:-PT15M\r\nSUMMARY:not this\r\nEND:VALARM\r\nEND:VEVENT\r\n" +
	"BEGIN:VEVENT\r\nDTSTART;TZID=\"Europe/Berlin\":20270821T160000\r\nDURATION:PT4H\r\nSUMMARY:over midnight\r\nEND:VEVENT\r\n" +
	"BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20270101\r\nSTATUS:CANCELLED\r\nSUMMARY:not this\r\nEND:VEVENT\r\n" +
	"END:VCALENDAR\r\n"

func TestListsOfEveryFormAreRead(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		content string
		want    []string
	}{
		"days.ics": {feed, []string{
			"4 off 2027-10-01..2027-10-07 国庆节", "11 worked 2027-10-09 国庆节（班）", "15 closed 2027-08-20 840-960 Fire drill, all floors",
			"24 closed 2027-08-21 1320-1440 over midnight", "24 closed 2027-08-22 0-120 over midnight",
		}},
		"days.csv": {"date,until,kind,name,hours\n2027-10-01,2027-10-07,off,National Day,\n\n2027/10/9,,班,\"National, Day\",\n2027年8月20日,,,Drill,14:00-16:00\n", []string{
			"2 off 2027-10-01..2027-10-07 National Day", "4 worked 2027-10-09 National, Day", "5 closed 2027-08-20 840-960 Drill",
		}},
		"semicolons.csv": {"\ufeff日期;名称\n20271001;国庆节\n", []string{"2 off 2027-10-01 国庆节"}},
		"list.json": {"[\n {\"date\": \"2027-10-01\", \"name\": \"国庆节\", \"isOffDay\": true},\n {\"date\": \"2027-10-09\", \"name\": \"国庆节\", \"isOffDay\": false}\n]", []string{
			"2 off 2027-10-01 国庆节", "3 worked 2027-10-09 国庆节",
		}},
		"dates.json":    {"{\"year\": 2027, \"dates\": [\n{\"date\": \"2027-10-09\", \"name_cn\": \"国庆节补班\", \"type\": \"transfer_workday\"}]}", []string{"2 worked 2027-10-09 国庆节补班"}},
		"sections.json": {"{\"holidays\": {\n\"2027-10-01\": \"National Day,国庆节,3\"}}", []string{"2 off 2027-10-01 National Day / 国庆节"}},
		"names.json":    {"{\"2027-10-01..2027-10-03\": \"National Day\"}", []string{"1 off 2027-10-01..2027-10-03 National Day"}},
		"without":       {feed[:strings.Index(feed, "BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20271009")] + "END:VCALENDAR", []string{"4 off 2027-10-01..2027-10-07 国庆节"}},
	} {
		entries, faults := daylist.Read(name, []byte(tt.content), shanghai(t))
		require.Empty(t, faults, name)
		require.Equal(t, tt.want, said(entries), name)
	}
	chinese, err := simplifiedchinese.GB18030.NewEncoder().String("日期,名称\n2027-10-01,国庆节\n")
	require.NoError(t, err)
	entries, faults := daylist.Read("gbk.csv", []byte(chinese), shanghai(t))
	require.Empty(t, faults)
	require.Equal(t, []string{"2 off 2027-10-01 国庆节"}, said(entries))
}

func TestEveryFaultOfAListIsNamedByItsLine(t *testing.T) {
	t.Parallel()
	event := func(lines ...string) string {
		return "BEGIN:VCALENDAR\nBEGIN:VEVENT\n" + strings.Join(lines, "\n") + "\nEND:VEVENT\nEND:VCALENDAR\n"
	}
	long := strings.Repeat("长", 81)
	for content, want := range map[string][]string{
		"":                                     {"it is empty"},
		"\x00\x01":                             {"this is no text, neither in UTF-8 nor in GB18030"},
		"\xff\xfe\xff":                         {"this is no text, neither in UTF-8 nor in GB18030"},
		"{}":                                   {"it names no day"},
		"[]":                                   {"it names no day"},
		"[1]":                                  {"line 1: an object with date and name is wanted here"},
		"{\n\"a\": 1":                          {"line 2: this is not JSON: it ends too soon"},
		"{}x":                                  {"line 1: this is not JSON: there is something behind its end"},
		strings.Repeat("[", 30):                {"line 1: this is not JSON: its values lie too deep in each other"},
		"[\n{\"name\": \"x\"}]":                {`line 2: "" is no date such as 2026-12-24`},
		"{\"holidays\": [1]}":                  {`line 1: names by dates are wanted here, such as {"2026-12-24": "Christmas Eve"}`},
		"{\"2026-10-01\": {}}":                 {`line 1: "2026-10-01": a name is wanted here`},
		"a,b\n1,2\n":                           {"line 1: the first line names the columns: date (or from and until) and name, and if need be kind (off, worked, closed) and hours"},
		"date,from,name\n":                     {`line 1: two columns say the same as "from"`},
		"date,name\n2026-02-30,x\nsoon,y\n":    {`line 2: "2026-02-30" is no date such as 2026-12-24`, `line 3: "soon" is no date such as 2026-12-24`},
		"date,name\n2026-10-01,\n":             {"line 2: 2026-10-01 has no name: say what day it is, or why it is closed"},
		"date,name\n2026-10-01," + long + "\n": {"line 2: a name has at most 80 letters"},
		"date,name\n2026-10-01,x,y\n":          {"line 2: it has more columns than the first line"},
		"date,name\n\"2026-10-01,x\n":          {`line 2: this is no table: extraneous or missing " in quoted-field`},
		"date,until,name\n2026-10-07,2026-10-01,x\n":                           {"line 2: 2026-10-07..2026-10-01 ends before it begins"},
		"date,until,name\n2026-01-01,2027-12-01,x\n":                           {"line 2: 2026-01-01..2027-12-01 is more than a year"},
		"date,name\n0001-01-01,x\n":                                            {"line 2: 0001-01-01 lies too far away"},
		"date,kind,name\n2026-10-01,moon,x\n":                                  {`line 2: "moon" is no kind of day: off, worked or closed`},
		"date,hours,name\n2026-10-01,16:00-14:00,x\n":                          {`line 2: "16:00-14:00" are no hours such as 14:00-16:00`},
		"date,kind,hours,name\n2026-10-01,off,14:00-16:00,x\n":                 {"line 2: only closures have hours"},
		"BEGIN:VCALENDAR\nnonsense\nEND:VCALENDAR":                             {"line 2: this is no line of a calendar, such as SUMMARY:New Year"},
		"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\n":                           {"line 2: this event has no end"},
		event("SUMMARY:x"):                                                     {"line 2: this event has no DTSTART"},
		event("DTSTART:20261001", "SUMMARY:x", "RRULE:FREQ=YEARLY"):            {"line 5: this event repeats (RRULE), and nothing is guessed: write each of its days out"},
		event("DTSTART:2026-10-01", "SUMMARY:x"):                               {`line 2: "2026-10-01" is neither a date such as 20261224 nor an instant such as 20261224T140000`},
		event("DTSTART;TZID=China Standard Time:20261001T100000", "SUMMARY:x"): {`line 2: "China Standard Time" is not an IANA time zone such as Asia/Shanghai`},
		event("DTSTART:20261001", "DTEND:20261001", "SUMMARY:x"):               {"line 2: this event ends as it begins, or before"},
		event("DTSTART:20261001", "DTEND:20261001T100000", "SUMMARY:x"):        {"line 2: this event begins with a day and ends with an hour, or the other way round"},
		event("DTSTART:20261001T100000", "DURATION:-PT1H", "SUMMARY:x"):        {`line 2: "-PT1H" is no length such as P1D or PT2H30M`},
		event("DTSTART:20261001", "SUMMARY:"):                                  {"line 2: 2026-10-01 has no name: say what day it is, or why it is closed"},
	} {
		entries, faults := daylist.Read("", []byte(content), shanghai(t))
		require.Empty(t, entries)
		var says []string
		for _, f := range faults {
			says = append(says, f.String())
		}
		require.Equal(t, want, says, "%.80q", content)
	}
	_, faults := daylist.Read("", make([]byte, daylist.MaxSize+1), shanghai(t))
	require.Len(t, faults, 1)
	many := "date,name\n" + strings.Repeat("2026-10-01,x\n", 3001)
	_, faults = daylist.Read("", []byte(many), shanghai(t))
	require.Contains(t, fmt.Sprint(faults), "at most 3000 entries")
}

func FuzzAListIsReadWithoutAPanic(f *testing.F) {
	f.Add("x.ics", []byte(feed))
	f.Add("x.csv", []byte("date,name\n2026-10-01,x\n"))
	f.Add("x.json", []byte(`{"holidays": {"2027-10-01": "x"}}`))
	zone := shanghai(f)
	f.Fuzz(func(_ *testing.T, name string, content []byte) { daylist.Read(name, content, zone) })
}
