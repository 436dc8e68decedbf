package lifecycle_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/lifecycle"
	"recourse/internal/policy"
	"recourse/models"
)

// under begins a story under a policy of its own: the shipped one, with every second text in place of
// the one before it.
func under(t *testing.T, start time.Time, pairs ...string) *story {
	t.Helper()
	s, _ := underOwn(t, start, pairs...)
	return s
}

func underOwn(t *testing.T, start time.Time, pairs ...string) (*story, policy.Policy) {
	t.Helper()
	text, _, _ := strings.Cut(string(policy.DefaultDocument()), "examples:")
	for i := 0; i < len(pairs); i += 2 {
		require.Contains(t, text, pairs[i])
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	own, faults := policy.Read([]byte(text), zone)
	require.False(t, policy.Grave(faults), "%v", faults)
	s := blank(t)
	s.now = start
	s.amend = func(p *models.Plan) { *p = own.Plan(s.now, s.zone, lifecycle.RulesVersion()) }
	return s, own
}

// at reads an instant of 2026 in the company's zone.
func at(text string) time.Time {
	read, err := time.ParseInLocation("2006-01-02 15:04", "2026-"+text, zone)
	if err != nil {
		panic(err)
	}
	return read.UTC()
}

// The office is open from nine to six on weekdays, nine hours a day, and handling may take 45 of them,
// which is five days. By the State Council's notice for 2026 everybody is off from Friday 25 to Sunday
// 27 September (Mid-autumn Festival) and from Thursday 1 to Wednesday 7 October (National Day), and
// works on Sunday 20 September and on Saturday 10 October instead.
func TestAPauseOverTheNationalDayWeekGivesTheInstantsThatAHandComputes(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		received         string
		paused, resumed  string // empty: never; with itself it ends by itself, as it was asked for
		itself           bool
		due              string
		left             time.Duration // when the pause begins
		openWhilePaused  time.Duration
		unpausedDueWould string
	}{
		// Tue 22: 8 h, Wed 23: 9 (17), Thu 24: 9 (26), holiday, Mon 28: 9 (35), Tue 29: 9 (44), Wed 30: the last hour.
		"no pause": {received: "09-22 10:00", due: "09-30 10:00"},
		// Tue 22: 8 h, Wed 23 up to noon: 3 (11), 34 left. Thu 8 from two: 4 (30 left), Fri 9: 9 (21), Sat 10, which
		// is worked: 9 (12), Mon 12: 9 (3), Tue 13: three more.
		"from before both holidays to after them": {
			received: "09-22 10:00", paused: "09-23 12:00", resumed: "10-08 14:00", due: "10-13 12:00", left: 34 * time.Hour,
			// Wed 23: 6 h, Thu 24: 9, Mon 28, Tue 29, Wed 30: 27, Thu 8 up to two: 5.
			openWhilePaused: 47 * time.Hour, unpausedDueWould: "09-30 10:00",
		},
		// Mon 28, Tue 29, Wed 30: 27 h, 18 left. It begins and ends while nobody works: Thu 8 and Fri 9 remain, as
		// they would have without it.
		"inside the holiday it moves nothing": {
			received: "09-28 09:00", paused: "10-02 11:00", resumed: "10-06 15:00", due: "10-09 18:00", left: 18 * time.Hour,
			unpausedDueWould: "10-09 18:00",
		},
		// Wed 30: 1 h, Thu 8: 9, Fri 9: 9, Sat 10 up to ten: 1 (20), 25 left. Mon 12: 9, Tue 13: 9, Wed 14: 7. Without
		// the pause Saturday would have given 8 more: Tue 13 at 17:00, which is eight open hours earlier.
		"over the Saturday that is worked": {
			received: "09-30 17:00", paused: "10-10 10:00", resumed: "10-11 20:00", due: "10-14 16:00", left: 25 * time.Hour,
			openWhilePaused: 8 * time.Hour, unpausedDueWould: "10-13 17:00",
		},
		// Fri 18: 2 h, 43 left: Saturday 19 is no working day. It goes on in the middle of Sunday 20, which is one:
		// 5 (38), Mon 21: 9 (29), Tue 22: 9 (20), Wed 23: 9 (11), Thu 24: 9 (2), holiday, Mon 28 up to eleven.
		"into the Sunday that is worked": {
			received: "09-18 16:00", paused: "09-19 10:00", resumed: "09-20 13:00", due: "09-28 11:00", left: 43 * time.Hour,
			openWhilePaused: 4 * time.Hour, unpausedDueWould: "09-24 16:00",
		},
		// Mon 21, Tue 22: 18 h, 27 left. It ends by itself as the doors open on Thu 8: Thu 8, Fri 9 and the Saturday.
		"as long as it may, due as the doors close on the Saturday": {
			received: "09-21 09:00", paused: "09-23 09:00", resumed: "10-08 09:00", itself: true, due: "10-10 18:00", left: 27 * time.Hour,
			// Wed 23, Thu 24, Mon 28, Tue 29, Wed 30.
			openWhilePaused: 45 * time.Hour, unpausedDueWould: "09-28 18:00",
		},
	} {
		s := under(t, at(tt.received),
			"handling:       {limit: {general: 7d, important: 5d, urgent: 3d}}", "handling: {limit: 45h working}",
			`hours: {mon-fri: "00:00-24:00"}`, `hours: {mon-fri: "09:00-18:00"}`,
			"pause_at_most: 3d", "pause_at_most: 30d")
		s.open(complaint(func(o *models.Opened) { o.ReceivedAt = s.now }))
		s.dispatch()
		s.accept()
		if tt.paused != "" {
			require.Equal(t, at(tt.unpausedDueWould), s.dueOf(models.ClockHandling), "%s: without the pause", name)
			s.until(at(tt.paused))
			until := at(tt.resumed)
			if !tt.itself {
				until = until.Add(day)
			}
			s.pause(models.PauseOutside, until)
			require.Equal(t, tt.left, s.run(models.ClockHandling).LimitLeft, "%s: what is left", name)
			require.Equal(t, tt.openWhilePaused, s.plan().OpenTime(models.CalendarWorking, at(tt.paused), at(tt.resumed)), name)
			if s.until(at(tt.resumed)); tt.itself {
				s.notice(s.now.Add(3 * time.Hour)) // late, as after an outage: it ended when it ended
			} else {
				s.do(head, models.VerbResume, models.Resumed{})
			}
		}
		require.Equal(t, at(tt.due), s.dueOf(models.ClockHandling), "%s: due %s", name, s.dueOf(models.ClockHandling).In(zone))
		net := s.plan().OpenTime(models.CalendarWorking, at(tt.received), at(tt.due)) - tt.openWhilePaused
		require.Equal(t, 45*time.Hour, net, "%s: open time less the pause", name)
	}
}

// Three calendars: the company's, of weekdays from nine to six; the hotline's, every day from eight to
// ten at night; the workshop's, of weekdays from seven to three.
func TestWorkingTimeIsThatOfTheDepartmentElseOfTheChannelElseOfTheCompany(t *testing.T) {
	t.Parallel()
	friday := at("07-03 14:00")
	begin := func(channel models.Channel) *story {
		s := under(t, friday,
			"handling:       {limit: {general: 7d, important: 5d, urgent: 3d}}", "handling: {limit: 10h working}",
			"acceptance:     {limit: 4h,", "acceptance: {limit: 4h working,", "result:         {limit: 24h}", "result: {limit: 4h working}",
			`hours: {mon-fri: "00:00-24:00"}`, `hours: {mon-fri: "09:00-18:00"}`,
			"\ncallback:", `
  hotline: {hours: {mon-sun: "08:00-22:00"}}
  workshop: {hours: {mon-fri: "07:00-15:00"}}
  unused: {hours: {mon-fri: "07:00-15:00"}}
calendars_for: {channels: {phone: hotline}, departments: {repairs: workshop, stores: working}}
callback:`)
		s.open(complaint(func(o *models.Opened) { o.ReceivedAt, o.Channel = s.now, channel }))
		return s
	}
	web := begin(models.ChannelWeb)
	require.Equal(t, at("07-06 15:00"), web.dueOf(models.ClockHandling), "the company's: four hours on Friday, six on Monday")
	phone := begin(models.ChannelPhone)
	require.Equal(t, at("07-04 10:00"), phone.dueOf(models.ClockHandling), "the hotline's: eight on Friday, two on Saturday")
	require.NotContains(t, calendarsOf(phone), "unused", "a plan brings what clocks may need, and no more")
	for _, s := range []*story{web, phone} {
		due := s.dueOf(models.ClockHandling)
		s.dispatch()
		require.Equal(t, at("07-06 10:00"), s.dueOf(models.ClockAcceptance), "the workshop's: an hour on Friday, three on Monday")
		require.Equal(t, due, s.dueOf(models.ClockHandling), "what runs stays where it was promised")
		s.accept()
	}
	move := func(s *story, to string) {
		s.do(head, models.VerbTransfer, models.Transferred{Department: to}, models.TextReason)
	}
	move(phone, "sales")
	require.Equal(t, at("07-03 18:00"), phone.dueOf(models.ClockAcceptance), "sales has none: the channel's")
	move(web, "sales")
	require.Equal(t, at("07-03 18:00"), web.dueOf(models.ClockAcceptance), "sales and the web have none: the company's")
	stores := begin(models.ChannelPhone)
	stores.wait(2 * time.Hour)
	stores.dispatch(func(d *models.Dispatched) { d.Department = "stores" })
	require.Equal(t, at("07-06 11:00"), stores.dueOf(models.ClockAcceptance), "the stores keep the company's, whatever the channel")
}

func calendarsOf(s *story) (names []string) {
	for _, c := range s.plan().Calendars {
		names = append(names, c.Name)
	}
	return names
}

// A clock keeps the hours that it started with, whoever has the case later: a pause moves it by their
// open time, and so does another severity.
func TestAClockKeepsTheHoursThatItStartedWith(t *testing.T) {
	t.Parallel()
	s, own := underOwn(t, at("07-03 14:00"),
		"handling:       {limit: {general: 7d, important: 5d, urgent: 3d}}", "handling: {limit: {general: 10h working, important: 6h working, urgent: 2h working}}",
		`hours: {mon-fri: "00:00-24:00"}`, `hours: {mon-fri: "09:00-18:00"}`,
		"\ncallback:", `
  hotline: {hours: {mon-sun: "10:00-14:00"}}
  workshop: {hours: {mon-fri: "07:00-15:00"}}
calendars_for: {channels: {phone: hotline}, departments: {repairs: workshop}}
callback:`)
	s.open(complaint(func(o *models.Opened) { o.ReceivedAt, o.Channel = s.now, models.ChannelPhone }))
	require.Equal(t, at("07-06 12:00"), s.dueOf(models.ClockHandling), "four on Saturday, four on Sunday, two on Monday")
	require.Equal(t, "hotline", s.run(models.ClockHandling).Calendar)
	require.Empty(t, s.run(models.ClockFeedback).Calendar, "which counts in no working time")
	s.dispatch()
	s.accept()
	s.until(at("07-04 11:00"))
	s.pause(models.PauseOutside, at("07-06 23:00"))
	require.Equal(t, 9*time.Hour, s.run(models.ClockHandling).LimitLeft, "the hotline's Saturday has used one")
	s.until(at("07-06 13:00"))
	s.do(head, models.VerbResume, models.Resumed{})
	require.Equal(t, at("07-08 14:00"), s.dueOf(models.ClockHandling), "one on Monday, four on Tuesday, four on Wednesday")
	s.do(supervisor, models.VerbReclassify, models.Reclassified{Severity: models.SeverityImportant}, models.TextReason)
	require.Equal(t, at("07-08 11:00"), s.dueOf(models.ClockHandling), "six from now on: one on Monday, four on Tuesday, one on Wednesday")
	s.until(at("07-08 11:00"))
	ledgers := lifecycle.Ledgers(s.events, shops{Policy: own, zone: s.zone}, s.now)
	for _, l := range ledgers {
		if l.Run.Clock == models.ClockHandling {
			require.Equal(t, 7*time.Hour, l.Sums.Net, "an hour before the pause, six behind it")
			require.Equal(t, 50*time.Hour, l.Sums.Paused)
		}
	}
}
