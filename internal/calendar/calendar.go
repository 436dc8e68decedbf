package calendar

import (
	"time"

	"recourse/models"
)

// Calendar says when somebody works. Its hours are read on the wall clock of its zone: a window that
// lies across a change of the clocks is an hour shorter or longer, as the day is.
type Calendar struct {
	Name string
	Zone *time.Location
	Week [7][]Window // by time.Weekday; without windows the day is closed

	Holidays *Holidays          // official ones that are kept; nil: none
	Own      Holidays           // days off and make-up days of the calendar's own: stronger than official ones
	Days     map[Date][]Window  // hours of single days: stronger than any holiday; no windows: closed
	Closures map[Date][]Closure // shut although it would be open: stronger than everything
	Like     time.Weekday       // whose hours a make-up working day has
	Known    Date               // up to which day its author entered the holidays; zero: nobody said so
}

// Window is open time of one day, in minutes from its midnight, from 0 to 24*60.
type Window struct{ From, Until int }

// AllDay is the window of a day that is open from midnight to midnight.
var AllDay = Window{0, 24 * 60}

// Date is a day in the calendar's zone.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf returns the day of an instant in a zone.
func DateOf(at time.Time, zone *time.Location) Date {
	y, m, d := at.In(zone).Date()
	return Date{y, m, d}
}

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday {
	return d.noon().Weekday()
}

// Before says whether a day comes before another.
func (d Date) Before(other Date) bool { return d.noon().Before(other.noon()) }

// Next returns the day after.
func (d Date) Next() Date { return DateOf(d.noon().AddDate(0, 0, 1), time.UTC) }

// String writes the day as 2026-12-24.
func (d Date) String() string { return d.noon().Format(time.DateOnly) }

// noon lies in the middle of the day, where no change of clocks comes near.
func (d Date) noon() time.Time { return time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, time.UTC) }

// Name says why a day differs, in both languages.
type Name struct{ EN, ZH string }

// Closure is time of one day in which nobody works, with the reason.
type Closure struct {
	Window

	Name Name
}

// KnownUntil returns the first instant of which the calendar does not know whether it is a holiday, so
// that it is open by its week alone; zero when it keeps no holidays.
func (c Calendar) KnownUntil() time.Time {
	last := c.Known
	if c.Holidays != nil {
		if official := (Date{c.Holidays.LastYear, time.December, 31}); last.Before(official) {
			last = official
		}
	}
	if last == (Date{}) {
		return time.Time{}
	}
	next := last.Next()
	return time.Date(next.Year, next.Month, next.Day, 0, 0, 0, 0, c.Zone).UTC()
}

// Open returns the open intervals between two instants, in order and cut to them. Intervals that touch
// at midnight are one; windows of one day that touch stay apart, each is a slot of its own.
func (c Calendar) Open(from, until time.Time) []models.Interval {
	var open []models.Interval
	var last slot
	for at := from; at.Before(until); {
		s := c.stretch(at, until)
		for _, w := range c.Hours(s.date) {
			i, inside := s.cut(w)
			if !inside {
				continue
			}
			this := slot{s.date, w}
			if n := len(open); n > 0 && open[n-1].Until.Equal(i.From) && (last == this || last.date != s.date) {
				open[n-1].Until = i.Until
			} else {
				open = append(open, i)
			}
			last = this
		}
		at = s.until
	}
	return open
}

// slot is one window of one day.
type slot struct {
	date   Date
	window Window
}

// stretch is time of one day during which the wall clock runs evenly.
type stretch struct {
	date        Date
	from, until time.Time
	midnight    time.Time // where the wall clock would have shown it, had it always run as now
}

// stretch returns the stretch that begins at an instant and ends at until the latest.
func (c Calendar) stretch(at, until time.Time) stretch {
	local := at.In(c.Zone)
	y, m, d := local.Date()
	hour, minute, second := local.Clock()
	passed := time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute + time.Duration(second)*time.Second +
		time.Duration(local.Nanosecond())
	s := stretch{date: Date{y, m, d}, from: at.UTC(), midnight: at.Add(-passed).UTC()}
	s.until = s.midnight.Add(24 * time.Hour)
	if _, change := local.ZoneBounds(); !change.IsZero() && change.Before(s.until) {
		s.until = change.UTC()
	}
	if until.Before(s.until) {
		s.until = until.UTC()
	}
	return s
}

// cut returns the part of a window that lies in the stretch, and whether there is one.
func (s stretch) cut(w Window) (models.Interval, bool) {
	i := models.Interval{
		From:  s.midnight.Add(time.Duration(w.From) * time.Minute),
		Until: s.midnight.Add(time.Duration(w.Until) * time.Minute),
	}
	if i.From.Before(s.from) {
		i.From = s.from
	}
	if i.Until.After(s.until) {
		i.Until = s.until
	}
	return i, i.From.Before(i.Until)
}
