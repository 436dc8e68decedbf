package policy_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/policy"
	"recourse/models"
)

// shipped is the policy that the product ships with, changed: what stands in pairs is replaced.
func shipped(t *testing.T, pairs ...string) []byte {
	t.Helper()
	text := string(policy.DefaultDocument())
	for i := 0; i < len(pairs); i += 2 {
		require.Contains(t, text, pairs[i])
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	return []byte(text)
}

func TestTheShippedPolicyHoldsInEveryZone(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"UTC", "Asia/Shanghai", "America/New_York", "Europe/London", "Australia/Lord_Howe", "Africa/Casablanca", "America/Santiago",
		"Pacific/Apia", "Asia/Kathmandu", "Antarctica/Troll", "Africa/Cairo", "Asia/Tehran", "Pacific/Chatham", "America/St_Johns",
	} {
		_, faults := policy.Read(policy.DefaultDocument(), zone(t, name))
		require.Empty(t, faults, name)
	}
}

func TestEveryFaultOfAPolicyIsNamedByItsPath(t *testing.T) {
	t.Parallel()
	const triage = "triage:         {limit: 4h, target: {important: 1h, urgent: 15m}}"
	for name, tt := range map[string]struct {
		pairs      []string
		path, says string
	}{
		"no length":                     {[]string{"triage:         {limit: 4h", "triage:         {limit: soon"}, "/clocks/triage/limit", `"soon"`},
		"less than nothing":             {[]string{"reopen_within: 30d", "reopen_within: -30d"}, "/reopen_within", `"-30d"`},
		"a part of a second":            {[]string{"reopen_within: 30d", "reopen_within: 1.5ms"}, "/reopen_within", "not a length"},
		"longer than a life":            {[]string{"reopen_within: 30d", "reopen_within: 9999d"}, "/reopen_within", "not a length"},
		"an unknown clock":              {[]string{"record:         {limit: 24h}", "record:         {limit: 24h}\n  tea: {limit: 5m}"}, "/clocks/tea", "known are acceptance"},
		"a clock is missing":            {[]string{triage, ""}, "/clocks/triage", "missing"},
		"a clock twice":                 {[]string{triage, triage + "\n  " + triage}, "/clocks/triage", "twice"},
		"a limit is missing":            {[]string{"handling:       {limit: {general: 7d, ", "handling:       {limit: {"}, "/clocks/handling/limit", "missing for general"},
		"a promise made longer":         {[]string{"first_response: {limit: 24h", "first_response: {limit: 25h"}, "/clocks/first_response/limit", "24 hours of the wall clock"},
		"a promise in working time":     {[]string{"feedback:       {limit: 48h", "feedback:       {limit: 48h working"}, "/clocks/feedback/limit", "48 hours of the wall clock"},
		"a target after the limit":      {[]string{"target: {important: 1h, urgent: 15m}", "target: {important: 4h}"}, "/clocks/triage/target", "for important"},
		"an unknown calendar":           {[]string{"3d working", "3d moon"}, "/clocks/callback/limit", `"moon"`},
		"a share of all":                {[]string{"at: 75%", "at: 100%"}, "/ladders/general/promise/0/at", "share between"},
		"no time at all":                {[]string{"at: 75%", "at: noon"}, "/ladders/general/promise/0/at", `"noon"`},
		"a plus without a length":       {[]string{"due + 12h", "due + x"}, "/ladders/general/promise/2/at", "behind the plus"},
		"a ladder that goes down":       {[]string{"at: 50%, roles: [handler]}\n      - {at: 75%", "at: 80%, roles: [handler]}\n      - {at: 75%"}, "/ladders/important/promise/1/at", "does not come after"},
		"nobody is told of a breach":    {[]string{"      - {at: due, roles: [department_head]}\n      - {at: due + 4h, roles: [escalation_manager]}", "      - {at: 50%, roles: [department_head]}"}, "/ladders/general/step", "nobody is told"},
		"nobody at all":                 {[]string{"roles: [handler]", "roles: []"}, "/ladders/general/promise/0/roles", "at least one"},
		"a role that climbs nowhere":    {[]string{"roles: [handler]", "roles: [auditor]"}, "/ladders/general/promise/0/roles/0", `"auditor"`},
		"an unknown way":                {[]string{"roles: [handler]", "roles: [handler], by: [pigeon]"}, "/ladders/general/promise/0/by/0", `"pigeon"`},
		"a way twice":                   {[]string{"roles: [handler]", "roles: [handler], by: [sms, sms]"}, "/ladders/general/promise/0/by/1", "twice"},
		"no way at all":                 {[]string{"roles: [handler]", "roles: [handler], by: []"}, "/ladders/general/promise/0/by", "at least one way"},
		"repetitions without waiting":   {[]string{"ack_within: 15m, ", ""}, "/ladders/urgent/promise/0/repeat_to", "ack_within"},
		"repetitions without end":       {[]string{", repeats: 4", ""}, "/ladders/urgent/promise/0/repeats", "belong together"},
		"an unknown zone":               {[]string{`hours: {mon-fri: "00:00-24:00"}`, `zone: Middle/Earth` + "\n    " + `hours: {mon-fri: "00:00-24:00"}`}, "/calendars/working/zone", "Middle/Earth"},
		"the customer's zone is theirs": {[]string{`hours: {mon-fri: "09:00`, "zone: UTC\n    " + `hours: {mon-fri: "09:00`}, "/calendars/halves/zone", "nobody knows"},
		"ends before it begins":         {[]string{"00:00-24:00", "18:00-09:00"}, "/calendars/working/hours/mon-fri", "ends before it begins"},
		"windows that overlap":          {[]string{"13:00-20:00", "12:00-20:00"}, "/calendars/halves/hours/mon-fri", "12:00-20:00 begins before"},
		"no window":                     {[]string{"00:00-24:00", "nine to five"}, "/calendars/working/hours/mon-fri", "no window"},
		"no day":                        {[]string{`{mon-fri: "00:00-24:00"}`, `{someday: "00:00-24:00"}`}, "/calendars/working/hours/someday", "someday"},
		"a day twice":                   {[]string{`{mon-fri: "00:00-24:00"}`, `{mon-fri: "00:00-24:00", fri: closed}`}, "/calendars/working/hours/fri", "already"},
		"never open":                    {[]string{`{mon-fri: "00:00-24:00"}`, `{mon-fri: closed}`}, "/calendars/working/hours", "never open"},
		"no date":                       {[]string{`make_up_days: fri`, "make_up_days: fri\n    days: {2026-02-30: closed}"}, "/calendars/working/days/2026-02-30", "no date"},
		"a problem without moves":       {[]string{"{reworks: 3, moves: 3}", "{reworks: 3}"}, "/problem_after/moves", "missing"},
		"a problem from the beginning":  {[]string{"{reworks: 3, moves: 3}", "0"}, "/problem_after", "from 1 to 100"},
		"erased while it can go on":     {[]string{"# retention: {erase_after: 1095d}", "retention: {erase_after: 29d}"}, "/retention/erase_after", "reopened"},
		"kept for no time":              {[]string{"# retention: {erase_after: 1095d}", "retention: {erase_after: 0}"}, "/retention/erase_after", "not a length"},
		"a survey that is over":         {[]string{"expires: 7d", "expires: 1d"}, "/survey/remind", "expired"},
		"a score out of range":          {[]string{"unsatisfied_at_most: 2", "unsatisfied_at_most: 9"}, "/unsatisfied_at_most", "from 0 to 5"},
		"an example that does not hold": {[]string{"due: 2026-07-08 12:00", "due: 2026-07-06 12:00"}, "/examples/3", "would be due 2026-07-08 12:00, not 2026-07-06 12:00"},
		"an example without a bound":    {[]string{"{clock: first_response, severity: general, bound: limit", "{clock: first_response, severity: general, bound: target"}, "/examples/1", "no target"},
		"an example of another clock":   {[]string{"{clock: callback", "{clock: total"}, "/examples/3/clock", `"total"`},
		"a list where fields are":       {[]string{"callback: {attempts: 3}", "callback: [3]"}, "/callback", "fields with values"},
		"nothing":                       {[]string{"callback: {attempts: 3}", "callback:"}, "/callback", "fields with values"},
		"a reference":                   {[]string{"callback: {attempts: 3}", "callback: &a {attempts: 3}\nother: *a"}, "/other", "write the value out"},
	} {
		_, faults := policy.Read(shipped(t, tt.pairs...), zone(t, "Asia/Shanghai"))
		require.Len(t, faults, 1, "%s: %v", name, faults)
		require.Equal(t, tt.path, faults[0].Path, "%s: %v", name, faults)
		require.Contains(t, faults[0].Says, tt.says, name)
		require.True(t, policy.Grave(faults), name)
		require.Positive(t, faults[0].Line, name)
	}
}

func TestAllFaultsAreToldAtOnceInTheOrderOfTheDocument(t *testing.T) {
	t.Parallel()
	_, faults := policy.Read(shipped(t, "promise_again: 24h", "promise_again: never", "{limit: 24h}", "{limit: 24}", "attempts: 3", "attempts: many"), time.UTC)
	paths := []string{}
	for _, f := range faults {
		paths = append(paths, f.Path)
	}
	require.Equal(t, []string{"/clocks/record/limit", "/callback/attempts", "/promise_again"}, paths)
}

func TestWhatIsNoPolicyIsRefusedWithoutAPanic(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", " ", "null", "[]", "3", "text", "{", "a: b: c", "\x00", "\xff\xfe", "- -\n-", "clocks: *x", "&a [*a]", "--- {}\n--- {}", "? [a]\n: b",
		"<<: {clocks: 1}", strings.Repeat("[", 20000), strings.Repeat("a", 1<<20), "clocks: {1: 2}", "ladders: {general: {promise: 1}}",
	} {
		_, faults := policy.Read([]byte(text), time.UTC)
		require.True(t, policy.Grave(faults), "%.20q", text)
	}
}

func FuzzAPolicyIsReadWithoutAPanic(f *testing.F) {
	f.Add(policy.DefaultDocument())
	f.Fuzz(func(_ *testing.T, document []byte) { policy.Read(document, time.UTC) })
}

func TestADifferenceNamesEveryPlaceAndNotHowItIsWritten(t *testing.T) {
	t.Parallel()
	changed, faults := policy.Read(shipped(t,
		"first_response: {limit: 24h", "first_response: {limit: 12h",
		"feedback:       {limit: 48h", "feedback:       {limit: 2d",
		"      - {at: due + 12h, roles: [escalation_manager]}\n", "",
		"make_up_days: fri", "make_up_days: fri\n    days: {2026-12-24: \"09:00-12:00\"}",
		"{reworks: 3, moves: 3}", "3",
		"# retention: {erase_after: 1095d}", "retention: {erase_after: 8760h}",
		"due: 2026-07-04 16:30", "due: 2026-07-04 04:30",
	), time.UTC)
	require.Empty(t, faults)
	require.Equal(t, []policy.Change{
		{Path: "/clocks/first_response/limit/general", Was: "1d", Is: "12h"},
		{Path: "/clocks/first_response/limit/important", Was: "1d", Is: "12h"},
		{Path: "/clocks/first_response/limit/urgent", Was: "1d", Is: "12h"},
		{Path: "/calendars/working/days/2026-12-24", Is: "09:00-12:00"},
		{Path: "/retention/erase_after", Is: "365d"},
		{Path: "/ladders/general/promise/2", Was: "due + 12h: escalation_manager"},
	}, policy.Diff(policy.Default(time.UTC), changed))
	require.Empty(t, policy.Diff(changed, changed))
}

func TestARungNamesItsWaysWhereTheyAreNotTheUsualOnes(t *testing.T) {
	t.Parallel()
	for written, want := range map[string][]models.AlertWay{
		"[email, chat]":             nil,
		"[chat, inbox, email]":      nil,
		"[inbox]":                   {models.WayInbox},
		"[voice, sms, inbox]":       {models.WaySMS, models.WayVoice},
		"[sms, email, chat, voice]": {models.WayEmail, models.WayChat, models.WaySMS, models.WayVoice},
	} {
		p, faults := policy.Read(shipped(t, "- {at: 75%, roles: [handler]}", "- {at: 75%, roles: [handler], by: "+written+"}"), time.UTC)
		require.Empty(t, faults)
		require.Equal(t, want, p.Ladders[0].Rungs[0].By, written)
		require.Empty(t, p.Ladders[0].Rungs[1].By)
		changes := policy.Diff(policy.Default(time.UTC), p)
		if want == nil {
			require.Empty(t, changes, "said or not, it is the same")
			continue
		}
		require.Len(t, changes, 1)
		require.Contains(t, changes[0].Is, ", by "+string(want[0]))
	}
}

func TestACalendarOfTheCompanysOwnMeasuresAClock(t *testing.T) {
	t.Parallel()
	z := zone(t, "Asia/Shanghai")
	own, faults := policy.Read(shipped(t,
		"result:         {limit: 24h}", "result:         {limit: 10h office}",
		"  halves:\n", "  office:\n    hours: {mon-thu: \"09:00-12:00 13:30-18:00\", fri: \"09:00-12:00\"}\n    holidays: CN\n    make_up_days: mon\n  halves:\n",
	), z)
	require.Empty(t, faults)
	thursday := time.Date(2026, time.July, 2, 15, 0, 0, 0, z)
	plan := own.Plan(thursday, "UTC", 1)
	require.Equal(t, []string{models.CalendarWorking, models.CalendarHalves, "office"}, []string{plan.Calendars[0].Name, plan.Calendars[1].Name, plan.Calendars[2].Name})
	// Thursday gives 3 h, Friday 3 h; the other four are Monday's: three before noon, one from half past one.
	require.Equal(t, time.Date(2026, time.July, 6, 14, 30, 0, 0, z).UTC(), plan.Add(thursday, plan.Rule(models.ClockResult).Limit.General).UTC())
	require.Equal(t, 10*time.Hour, plan.OpenTime("office", thursday, time.Date(2026, time.July, 6, 14, 30, 0, 0, z)))
}
