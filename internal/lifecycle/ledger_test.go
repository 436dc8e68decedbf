package lifecycle_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/lifecycle"
	"recourse/internal/policy"
	"recourse/models"
)

// shops is a past in which the versions held that cases are moved between, or one under which every
// clock counts in a calendar of shop hours.
type shops struct {
	policy.Policy
	zone  string
	every string // calendar of all clocks; empty: as the versions say
}

func (p shops) Rule(version string, k models.Clock) models.ClockRule {
	if p.every != "" {
		return models.ClockRule{Clock: k, Limit: models.BySeverity{General: models.Amount{Of: day, Calendar: p.every}}}
	}
	i := slices.IndexFunc(versions, func(p policy.Policy) bool { return p.Version == version })
	if i < 0 || version == p.Version {
		return p.Policy.Rule(k)
	}
	return versions[i].Rule(k)
}

func (p shops) Stretches(_, calendar string, from, until time.Time) []models.Stretch {
	return p.Policy.Stretches(calendar, p.zone, from, until)
}

// audit holds the ledgers of a case against the case that its events fold to, against the columns of
// its row, and against the open time of the calendars, counted in another way.
func audit(t require.TestingT, events []models.Event, c lifecycle.Case, past shops, now time.Time) {
	help(t)
	now = now.Truncate(us)
	ledgers := lifecycle.Ledgers(events, past, now)
	fail := func(l lifecycle.Ledger, format string, args ...any) {
		require.FailNow(t, fmt.Sprintf(format, args...), "%s %+v\n%+v", l.Run.Key, l.Sums, l.Segments)
	}
	if len(ledgers) != len(c.Runs) {
		require.FailNow(t, "a run has no ledger, or one too many")
	}
	under := ranUnder(events)
	sums := map[string]lifecycle.Sums{}
	breaches := 0
	for i, l := range ledgers {
		r := c.Runs[i]
		until, paused := r.EndedAt, r.Paused
		if r.Running() {
			until = latestOf(now, c.LastAt)
			if !r.PausedAt.IsZero() {
				paused += until.Sub(r.PausedAt)
			}
		}
		at := r.StartedAt
		for _, s := range l.Segments {
			if !s.From.Equal(at) || !s.Until.After(s.From) {
				fail(l, "a segment from %s to %s follows what ended at %s", s.From, s.Until, at)
			}
			if s.Seq < r.Seq || s.Seq > c.Seq || s.Policy != under(s.Until) || (s.Kind == lifecycle.SegmentPaused) != (s.Reason != "") {
				fail(l, "a segment says wrongly what began it: %+v", s)
			}
			at = s.Until
		}
		switch {
		case l.Run.Key != r.Key || !at.Equal(until) && until.After(r.StartedAt):
			fail(l, "it goes to %s, the run to %s", at, until)
		case l.Sums.Gross != l.Sums.Net+l.Sums.Paused+l.Sums.Closed+l.Sums.Holiday:
			fail(l, "the parts are not the whole")
		case min(l.Sums.Net, l.Sums.Paused, l.Sums.Closed, l.Sums.Holiday) < 0:
			fail(l, "less than nothing")
		case l.Sums.Gross != until.Sub(r.StartedAt) || l.Sums.Paused != paused:
			fail(l, "the case says %s, paused for %s", until.Sub(r.StartedAt), paused)
		case l.Sums.Net != past.open(l, events):
			fail(l, "the calendar says %s were open", past.open(l, events))
		}
		sums[r.Key] = l.Sums
		breaches += len(l.Breaches)
	}
	if on := len(of[models.Breached](events)); on != breaches {
		require.FailNow(t, "breaches", "%d on record, %d on the ledger", on, breaches)
	}
	figures(t, c, sums)
}

// ranUnder tells under which version of the policy a case was just before an instant.
func ranUnder(events []models.Event) func(time.Time) string {
	return func(at time.Time) (name string) {
		for _, e := range events {
			switch d := e.Data.(type) {
			case models.Opened:
				name = d.Policy
			case models.DeadlinesMoved:
				if d.Policy != "" && e.DecidedAt.Before(at) {
					name = d.Policy
				}
			}
		}
		return name
	}
}

// open counts the open time of a ledger from the intervals of its calendars alone, version by version.
func (p shops) open(l lifecycle.Ledger, events []models.Event) (sum time.Duration) {
	under, cuts := ranUnder(events), []time.Time{l.Run.StartedAt, l.AsOf}
	for _, e := range events {
		if _, is := e.Data.(models.DeadlinesMoved); is && e.DecidedAt.After(l.Run.StartedAt) && e.DecidedAt.Before(l.AsOf) {
			cuts = append(cuts, e.DecidedAt)
		}
	}
	slices.SortFunc(cuts, time.Time.Compare)
	for i, until := range cuts[1:] {
		name := p.Rule(under(until), l.Run.Clock).Limit.General.Calendar
		if own := calendarBefore(events, l.Run, until); name == models.CalendarWorking && own != "" {
			name = own
		}
		plan := models.Plan{Calendars: []models.Calendar{p.all(name, l.Run.StartedAt, l.AsOf)}}
		sum += plan.OpenTime(name, cuts[i], until)
		for _, s := range l.Segments {
			if from, to := latestOf(s.From, cuts[i]), earliest(s.Until, until); s.Kind == lifecycle.SegmentPaused && to.After(from) {
				sum -= plan.OpenTime(name, from, to)
			}
		}
	}
	return sum
}

// calendarBefore is what working time meant to a run just before an instant, as events put it on record.
func calendarBefore(events []models.Event, r lifecycle.Run, at time.Time) (name string) {
	for _, e := range events {
		for _, s := range e.Clocks {
			if s.Clock == r.Clock && s.StartedAt.Equal(r.StartedAt) && (e.Seq <= r.Seq || e.DecidedAt.Before(at)) {
				name = s.Calendar
			}
		}
	}
	return name
}

func earliest(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// all is a calendar as it was between two instants and around them.
func (p shops) all(name string, from, until time.Time) models.Calendar {
	i := slices.IndexFunc(p.Calendars, func(c policy.Calendar) bool { return c.Name == name })
	if i < 0 {
		return models.Calendar{}
	}
	from, until = from.Add(-day), until.Add(2*day)
	return models.Calendar{Name: name, Open: p.Calendars[i].Open(from, until), Until: until}
}

// figures are the columns that KPIs read.
func figures(t require.TestingT, c lifecycle.Case, sums map[string]lifecycle.Sums) {
	row, err := lifecycle.Row(c)
	require.NoError(t, err)
	var paused time.Duration
	want := map[models.Clock][2]time.Duration{}
	for _, r := range c.Runs {
		s := sums[r.Key]
		if r.Clock == models.ClockHandling && r.PausedAt.IsZero() {
			paused += s.Paused
		}
		if first, _ := c.First(r.Clock); first.Key == r.Key && (r.End == models.ClockMet || r.End == models.ClockBreached) {
			want[r.Clock] = [2]time.Duration{s.Gross, s.Gross - s.Paused}
		}
	}
	have := map[models.Clock][2]time.Duration{
		models.ClockFirstResponse: {row.ResponseGross, row.ResponseNet},
		models.ClockFeedback:      {row.FeedbackGross, row.FeedbackNet},
		models.ClockHandling:      {row.HandlingGross, row.HandlingNet},
		models.ClockTotal:         {row.TotalGross, row.TotalGross},
	}
	for k, h := range have {
		if h != want[k] {
			require.FailNow(t, "a figure is not the ledger's", "%s: %v in the row, %v by the ledger", k, h, want[k])
		}
	}
	running := false
	for _, r := range c.Runs {
		running = running || r.Clock == models.ClockHandling && !r.PausedAt.IsZero()
	}
	if !running && row.PausedFor != paused {
		require.FailNow(t, "a figure is not the ledger's", "paused for %s in the row, %s by the ledger", row.PausedFor, paused)
	}
}

// shop is the shipped policy with a calendar of shop hours: a lunch break, Saturdays, China's holidays.
var shop = sync.OnceValue(func() policy.Policy {
	document := strings.Replace(string(policy.DefaultDocument()), "calendars:\n", `calendars:
  shop:
    hours: {mon-fri: "09:00-12:00 13:30-18:00", sat: "10:00-14:00"}
    holidays: local
    make_up_days: fri
`, 1)
	p, faults := policy.Read([]byte(document), zone)
	if policy.Grave(faults) {
		panic(fmt.Sprint(faults))
	}
	return p
})

// ledger is the latest ledger of a clock, counted as the policy says or in another calendar.
func (s *story) ledger(k models.Clock, every string) lifecycle.Ledger {
	help(s.t)
	var last lifecycle.Ledger
	for _, l := range lifecycle.Ledgers(s.events, shops{shop(), s.zone, every}, s.now) {
		if l.Run.Clock == k {
			last = l
		}
	}
	return last
}

// told is a ledger in words: what, from and until when in the company's zone.
func told(l lifecycle.Ledger) (lines []string) {
	const form = "01-02 15:04"
	for _, s := range l.Segments {
		lines = append(lines, fmt.Sprintf("%s %s to %s %s", s.Kind, s.From.In(zone).Format(form), s.Until.In(zone).Format(form), s.NameEN))
	}
	return lines
}

// Worked out by hand. The week of National Day 2026: off from Thursday the 1st to Wednesday the 7th of
// October; Saturday the 10th is worked instead, with the hours of a Friday. Sunday the 4th would have been
// closed in any week. The pause ends in the holidays, so that Friday evening is a holiday, not a pause.
func TestTheLedgerOfAPauseOverNationalDay(t *testing.T) {
	t.Parallel()
	at := func(day, hour int) time.Time { return time.Date(2026, time.October, day, hour, 0, 0, 0, zone) }
	s := blank(t)
	s.now = at(0, 16).UTC() // Wednesday the 30th of September
	s.open(complaint(func(o *models.Opened) { o.ReceivedAt = s.now }))
	s.dispatch()
	s.accept()
	s.reply()
	s.until(at(0, 17).UTC())
	s.pause(models.PauseOutside, at(2, 17).UTC())
	s.until(at(10, 10).UTC())
	s.propose()
	s.tellSolution()
	s.resolve()
	l := s.ledger(models.ClockHandling, "shop")
	require.Equal(t, []string{
		"running 09-30 16:00 to 09-30 17:00 ",
		"paused 09-30 17:00 to 10-02 17:00 ",
		"holiday 10-02 17:00 to 10-04 00:00 National Day",
		"closed 10-04 00:00 to 10-05 00:00 ",
		"holiday 10-05 00:00 to 10-08 00:00 National Day",
		"closed 10-08 00:00 to 10-08 09:00 ",
		"running 10-08 09:00 to 10-08 12:00 ",
		"closed 10-08 12:00 to 10-08 13:30 ",
		"running 10-08 13:30 to 10-08 18:00 ",
		"closed 10-08 18:00 to 10-09 09:00 ",
		"running 10-09 09:00 to 10-09 12:00 ",
		"closed 10-09 12:00 to 10-09 13:30 ",
		"running 10-09 13:30 to 10-09 18:00 ",
		"closed 10-09 18:00 to 10-10 09:00 ",
		"running 10-10 09:00 to 10-10 10:00 ",
	}, told(l))
	require.Equal(t, lifecycle.Sums{
		Gross: 234 * time.Hour, Net: 17 * time.Hour, Paused: 48 * time.Hour, Closed: 66 * time.Hour, Holiday: 103 * time.Hour,
	}, l.Sums)
	paused := l.Segments[1]
	require.Equal(t, models.PauseOutside, paused.Reason)
	require.Equal(t, models.KindPaused, s.events[paused.Seq-1].Kind)
	require.Equal(t, s.events[paused.Seq-1].Actor, paused.Actor)
	require.Equal(t, models.KindResumed, s.events[l.Segments[2].Seq-1].Kind, "what it did after the pause began with the end of the pause")
}

func TestAClockThatCameBackCountsTheTimeItWasOver(t *testing.T) {
	t.Parallel()
	s := atInvestigating(t)
	s.reply()
	s.until(monday.Add(40 * time.Hour))
	s.do(customer, models.VerbWithdraw, models.Withdrawn{}, models.TextText)
	s.until(monday.Add(60 * time.Hour))
	s.do(supervisor, models.VerbReopen, models.Reopened{}, reason...)
	s.wait(time.Hour)
	l := s.ledger(models.ClockFeedback, "")
	require.Equal(t, []string{
		"running 03-02 10:00 to 03-04 02:00 ", "over 03-04 02:00 to 03-04 22:00 ", "running 03-04 22:00 to 03-04 23:00 ",
	}, told(l))
	require.Equal(t, lifecycle.Sums{Gross: 61 * time.Hour, Net: 61 * time.Hour}, l.Sums)
	require.Len(t, l.Breaches, 1)
	require.Equal(t, lifecycle.DelayOver, l.Breaches[0].Cause, "it was due when nobody owed it, and noticed as it came back")
	require.Equal(t, monday.Add(48*time.Hour), l.Breaches[0].DueAt)
	require.Equal(t, 12*time.Hour, l.Breaches[0].Delay().Truncate(time.Second))
}

func TestABreachSaysHowLateItWasNoticedAndWhy(t *testing.T) {
	t.Parallel()
	hour := func(n int) time.Time { return monday.Add(time.Duration(n) * time.Hour) }
	down := []models.Outage{
		{Part: models.PartWorker, From: hour(20), Until: hour(26)},
		{Part: models.PartAPI, From: hour(25), Until: hour(27)},
		{Part: models.PartTemporal, From: hour(30), Until: hour(31)},
		{Part: models.PartWorker, From: hour(-9), Until: hour(-8)},
	}
	for says, tt := range map[string]struct {
		noticed time.Time
		outages []models.Outage
		cause   lifecycle.DelayCause
		between int
	}{
		"in time":            {hour(24).Add(us), down, "", 1},
		"a minute is a must": {hour(24).Add(time.Minute), nil, "", 0},
		"slow":               {hour(24).Add(time.Minute + us), nil, lifecycle.DelayUnknown, 0},
		"the worker was off": {hour(26).Add(us), down, lifecycle.DelayOutage, 2},
		"only the API was":   {hour(26), down[1:2], lifecycle.DelayUnknown, 1},
		"another time":       {hour(26), down[2:], lifecycle.DelayUnknown, 0},
	} {
		s := begin(t)
		s.notice(hour(20))
		s.notice(tt.noticed)
		ledgers := lifecycle.Ledgers(s.events, shops{shop(), s.zone, ""}, s.now)
		lifecycle.MarkOutages(ledgers, tt.outages)
		for _, l := range ledgers {
			if l.Run.Clock != models.ClockFirstResponse {
				continue
			}
			require.Len(t, l.Breaches, 1, says)
			b := l.Breaches[0]
			require.Equal(t, hour(24), b.DueAt, says)
			require.Equal(t, tt.noticed, b.NoticedAt, says)
			require.Equal(t, tt.cause, b.Cause, says)
			require.Len(t, b.Outages, tt.between, says)
			require.Equal(t, tt.noticed.Sub(monday), l.Sums.Net, "an outage is never taken off: %s", says)
		}
	}
	s := begin(t, letter(5*day))
	s.wait(us)
	late := s.ledger(models.ClockFirstResponse, "").Breaches
	require.Len(t, late, 1)
	require.Equal(t, lifecycle.DelayRecorded, late[0].Cause)
}

func TestTheLedgerNamesTheVersionThatWasInForce(t *testing.T) {
	t.Parallel()
	s := begin(t)
	s.dispatch()
	s.accept()
	s.wait(time.Hour)
	s.adjust(models.DeadlinesMoved{Policy: "working"})
	s.wait(time.Hour)
	l := s.ledger(models.ClockHandling, "")
	require.Len(t, l.Segments, 2)
	require.Equal(t, []string{"default-1", "", "working", "working"},
		[]string{l.Segments[0].Policy, l.Segments[0].Calendar, l.Segments[1].Policy, l.Segments[1].Calendar})
	require.Equal(t, models.KindDeadlinesMoved, s.events[l.Segments[1].Seq-1].Kind)
	require.Equal(t, []string{"default-1", "working"}, lifecycle.Policies(s.events))
}
