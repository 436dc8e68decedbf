package cases

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"recourse/internal/calendar"
	"recourse/internal/policy"
	"recourse/models"
)

// Calendar is a calendar of a version of the policy as it is shown.
type Calendar struct {
	Name        string
	Zone        *time.Location
	Customers   bool // it is told in the customer's zone
	Company     bool // "working" means it where nobody has another one
	Week        []CalendarWeekday
	Keeps       policy.Holidays
	Like        time.Weekday // whose hours a make-up working day has
	LastDay     string       // of which it is known whether it is a holiday, as 2026-12-31; empty: it keeps none
	Ends        bool         // that is less than ninety days away
	Channels    []models.Channel
	Departments []string
	Clocks      []models.Clock // that count in it by its name

	in policy.Policy
	is policy.Calendar
}

// CalendarWeekday is a weekday and its hours.
type CalendarWeekday struct {
	Day   time.Weekday
	Hours string // as they are written; "closed" without any
}

// CalendarDay is a day of a year.
type CalendarDay struct {
	calendar.Day

	Look  string // open, rest, off, worked, special, closed or part
	Hours string
}

// Names are what is said of the day, in a language: the holiday, and the reasons of closures.
func (d CalendarDay) Names(l models.Language) (names []string) {
	say := func(n calendar.Name) {
		text := n.EN
		if l == models.LanguageZH {
			text = n.ZH
		}
		if text != "" {
			names = append(names, text)
		}
	}
	say(d.Name)
	for _, shut := range d.Closures {
		say(shut.Name)
	}
	return names
}

// Differs says whether the day is not as every week.
func (d CalendarDay) Differs() bool { return d.Look != "open" && d.Look != "rest" }

// Calendars shows the calendars of a version of the policy, or of the one in force; CodeNotFound when
// there is no such version.
func (s *Service) Calendars(ctx context.Context, version string) ([]Calendar, Policy, error) {
	shown, err := s.Policy(ctx, version)
	if err != nil {
		return nil, shown, err
	}
	p, _ := policy.Reread([]byte(shown.Document), s.Zone)
	ending := map[string]bool{}
	for _, e := range policy.Endings(p, s.now()) {
		ending[e.Calendar] = true
	}
	all := make([]Calendar, len(p.Calendars))
	for i, c := range p.Calendars {
		all[i] = shownCalendar(p, c)
		all[i].Ends = ending[c.Name]
	}
	return all, shown, nil
}

func shownCalendar(p policy.Policy, c policy.Calendar) Calendar {
	shown := Calendar{
		Name: c.Name, Zone: c.Zone, Customers: c.Name == models.CalendarHalves, Company: c.Name == models.CalendarWorking,
		Keeps: c.Keeps, Like: c.Like, in: p, is: c,
	}
	if until := c.KnownUntil(); !until.IsZero() {
		shown.LastDay = until.In(c.Zone).AddDate(0, 0, -1).Format(time.DateOnly)
	}
	for d := 1; d <= 7; d++ { // from Monday
		shown.Week = append(shown.Week, CalendarWeekday{time.Weekday(d % 7), policy.HoursText(c.Week[d%7])})
	}
	for _, channel := range models.Channels() {
		if p.CalendarsFor.Channels[channel] == c.Name {
			shown.Channels = append(shown.Channels, channel)
		}
	}
	for _, department := range slices.Sorted(maps.Keys(p.CalendarsFor.Departments)) {
		if p.CalendarsFor.Departments[department] == c.Name {
			shown.Departments = append(shown.Departments, department)
		}
	}
	for _, rule := range p.Clocks {
		if rule.CountsIn(c.Name) {
			shown.Clocks = append(shown.Clocks, rule.Clock)
		}
	}
	return shown
}

// Month tells the days of a month by weeks that begin on Monday; a day without a kind is one of
// another month.
func (c Calendar) Month(year int, month time.Month) (weeks [][]CalendarDay) {
	first := time.Date(year, month, 1, 12, 0, 0, 0, time.UTC)
	week := make([]CalendarDay, (int(first.Weekday())+6)%7, 7)
	for at := first; at.Month() == month; at = at.AddDate(0, 0, 1) {
		week = append(week, c.day(calendar.DateOf(at, time.UTC)))
		if len(week) == 7 {
			weeks, week = append(weeks, week), nil
		}
	}
	if len(week) > 0 {
		weeks = append(weeks, append(week, make([]CalendarDay, 7-len(week))...))
	}
	return weeks
}

// Differing lists the days of a year that are not as every week.
func (c Calendar) Differing(year int) (days []CalendarDay) {
	for at := time.Date(year, time.January, 1, 12, 0, 0, 0, time.UTC); at.Year() == year; at = at.AddDate(0, 0, 1) {
		if day := c.day(calendar.DateOf(at, time.UTC)); day.Differs() {
			days = append(days, day)
		}
	}
	return days
}

func (c Calendar) day(d calendar.Date) CalendarDay {
	day := CalendarDay{Day: c.is.Day(d)}
	day.Hours, day.Look = policy.HoursText(day.Day.Hours), "open"
	switch {
	case len(day.Closures) > 0 && len(day.Day.Hours) == 0:
		day.Look = "closed"
	case len(day.Closures) > 0:
		day.Look = "part"
	case day.Kind != calendar.KindWeek:
		day.Look = string(day.Kind)
	case len(day.Day.Hours) == 0:
		day.Look = "rest"
	}
	return day
}

// CalendarTrial says when an amount of a calendar's open time has passed, and how it comes to that.
type CalendarTrial struct {
	From, Due time.Time
	Amount    time.Duration
	Beyond    bool // it lies behind what a plan knows, where every hour counts
	Steps     []CalendarStep
}

// CalendarStep is a day on the way, or several in a row on which nothing counts.
type CalendarStep struct {
	CalendarDay

	Until          calendar.Date
	Open           []models.Interval
	Counted, Total time.Duration // of this day, and up to its end
}

// Try counts an amount such as 8h from an instant such as 2026-09-30T17:00, read in the calendar's zone.
func (c Calendar) Try(from, amount string) (t CalendarTrial, err error) {
	if t.From, err = time.ParseInLocation("2006-01-02T15:04", from, c.Zone); err != nil || t.From.Year() < 1970 || t.From.Year() > 2199 {
		return t, models.Invalid("/from", fmt.Sprintf("%q is no instant such as 2026-09-30T17:00", from))
	}
	var is bool
	if t.Amount, is = policy.Amount(amount); !is {
		return t, models.Invalid("/amount", fmt.Sprintf("%q is not a length such as 90m, 8h or 2d, up to 60d", amount))
	}
	t.Due, t.Beyond = c.in.Try(c.is, t.From, t.Amount)
	total := time.Duration(0)
	for _, s := range c.is.Steps(t.From, t.Due) {
		total += s.Counted
		step := CalendarStep{CalendarDay: c.day(s.Day.Date), Until: s.Day.Date, Open: s.Open, Counted: s.Counted, Total: total}
		if n := len(t.Steps); n > 0 && step.joins(t.Steps[n-1]) {
			t.Steps[n-1].Until = step.Until
			continue
		}
		t.Steps = append(t.Steps, step)
	}
	return t, nil
}

// Several says whether the step is more than one day.
func (s CalendarStep) Several() bool { return s.Until != s.Date }

// joins says whether nothing counts on a day, for the same reason as on the day before it.
func (s CalendarStep) joins(before CalendarStep) bool {
	return s.Counted == 0 && before.Counted == 0 && s.Look == before.Look && s.Name == before.Name && len(s.Closures)+len(before.Closures) == 0
}
