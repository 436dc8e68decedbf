package policy

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"recourse/internal/calendar"
	"recourse/internal/document"
	"recourse/models"
)

// Calendar is a calendar of a policy: hours, and where its holidays come from.
type Calendar struct {
	calendar.Calendar
	Keeps Holidays
}

// Holidays says whose holidays a calendar keeps.
type Holidays string

// Whose holidays may be kept.
const (
	HolidaysNone  Holidays = "none"
	HolidaysLocal Holidays = "local" // those of its zone, where they are known
	HolidaysChina Holidays = "CN"
)

// weekdays are the days as they are written, by time.Weekday.
var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

var calendarName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,31}$`)

const (
	maxCalendars = 100 // of a policy
	maxPlanned   = 16  // of those that its clocks use: every plan of a case brings them
	maxWindows   = 8   // of a day
)

// calendars reads all calendars, the two that every plan brings first.
func (r *reader) calendars(n *yaml.Node, at string) (found []Calendar) {
	seen := r.Pairs(n, at, func(name string, n *yaml.Node, at string) {
		if !calendarName.MatchString(name) {
			r.Fault(at, "a calendar is called by small letters, digits and _, such as night_shift")
		}
		found = append(found, r.calendar(name, n, at))
	})
	if len(found) > maxCalendars {
		r.Fault(at, "at most %d calendars are possible", maxCalendars)
	}
	for _, name := range planned {
		if seen != nil && !seen[name] {
			r.Fault(at+"/"+name, "it is missing")
		}
	}
	slices.SortFunc(found, func(a, b Calendar) int {
		if i, j := rank(a.Name), rank(b.Name); i != j {
			return i - j
		}
		return strings.Compare(a.Name, b.Name)
	})
	return found
}

// planned are the calendars that the kernel asks for by name.
var planned = []string{models.CalendarWorking, models.CalendarHalves}

func rank(name string) int {
	if i := slices.Index(planned, name); i >= 0 {
		return i
	}
	return len(planned)
}

func (r *reader) calendar(name string, n *yaml.Node, at string) Calendar {
	c := Calendar{Calendar: calendar.Calendar{Name: name, Zone: r.company, Like: time.Friday}, Keeps: HolidaysNone}
	dates := datesOf{reader: r, of: &c, taken: map[calendar.Date]string{}}
	known := fields{
		"hours":       func(n *yaml.Node, at string) { r.week(&c, n, at) },
		"days":        dates.days,
		"days_off":    func(n *yaml.Node, at string) { dates.named("days_off", &c.Own.Off, n, at) },
		"days_worked": func(n *yaml.Node, at string) { dates.named("days_worked", &c.Own.Work, n, at) },
		"closures":    dates.closures,
		"known_until": dates.known,
		"holidays": func(n *yaml.Node, at string) {
			c.Keeps = document.OneOf(&r.Reader, n, at, []Holidays{HolidaysNone, HolidaysLocal, HolidaysChina})
		},
		"make_up_days": func(n *yaml.Node, at string) {
			c.Like = time.Weekday(max(slices.Index(weekdays, document.OneOf(&r.Reader, n, at, weekdays)), 0))
		},
	}
	if name != models.CalendarHalves { // whose zone is the customer's
		known["zone"] = func(n *yaml.Node, at string) {
			text, _ := r.Text(n, at)
			zone, err := Zone(text)
			if err != nil {
				r.Fault(at, "%s", err)
				return
			}
			c.Zone = zone
		}
	}
	r.Mapping(n, at, known, "hours")
	return c.keeping(c.Zone)
}

// keeping is the calendar in a zone, with the holidays that it keeps there.
func (c Calendar) keeping(zone *time.Location) Calendar {
	c.Zone, c.Holidays = zone, nil
	switch c.Keeps {
	case HolidaysChina:
		c.Holidays = ofChina()
	case HolidaysLocal:
		c.Holidays = holidaysIn(zone)
	case HolidaysNone:
	}
	return c
}

// week reads hours by day or by days: "mon-fri".
func (r *reader) week(c *Calendar, n *yaml.Node, at string) {
	var set [7]bool
	open := false
	r.Pairs(n, at, func(name string, n *yaml.Node, at string) {
		first, last, span := strings.Cut(name, "-")
		from, to := slices.Index(weekdays, first), slices.Index(weekdays, last)
		if !span {
			to = from
		}
		if from < 0 || to < 0 {
			r.Fault(at, "%q is no day such as mon and no days such as mon-fri", name)
			return
		}
		hours := r.hours(n, at)
		open = open || len(hours) > 0
		for day := from; ; day = (day + 1) % 7 {
			if set[day] {
				r.Fault(at, "%s has hours already", weekdays[day])
			}
			c.Week[day], set[day] = hours, true
			if day == to {
				break
			}
		}
	})
	if !open && !Grave(r.Faults) {
		r.Fault(at, "it is never open")
	}
}

// closed is how a day without hours is written.
const closed = "closed"

// hours reads windows such as "09:00-12:00 13:30-18:00", in order.
func (r *reader) hours(n *yaml.Node, at string) (hours []calendar.Window) {
	text, is := r.Text(n, at)
	if !is || text == closed {
		return nil
	}
	for part := range strings.FieldsSeq(strings.ReplaceAll(text, ",", " ")) {
		w, is := r.window(part, at)
		switch {
		case !is:
			return nil
		case len(hours) > 0 && w.From < hours[len(hours)-1].Until:
			r.Fault(at, "%s begins before the window in front of it ends", part)
			return nil
		}
		hours = append(hours, w)
	}
	if len(hours) > maxWindows {
		r.Fault(at, "a day has at most %d windows", maxWindows)
	}
	if len(hours) == 0 {
		r.Fault(at, "give hours such as 09:00-12:00 13:30-18:00, or %q", closed)
	}
	return hours
}

// window reads 09:00-17:30.
func (r *reader) window(text, at string) (w calendar.Window, is bool) {
	from, until, _ := strings.Cut(text, "-")
	a, aIs := minute(from)
	b, bIs := minute(until)
	switch {
	case !aIs || !bIs:
		r.Fault(at, "%q is no window such as 09:00-17:30", text)
	case a == b:
		r.Fault(at, "%q ends as it begins; a day without hours is written as closed", text)
	case a > b:
		r.Fault(at, "%q ends before it begins; hours over midnight are those of two days", text)
	default:
		return calendar.Window{From: a, Until: b}, true
	}
	return w, false
}

// minute reads a time of the day from 00:00 to 24:00.
func minute(text string) (int, bool) {
	if text == "24:00" {
		return 24 * 60, true
	}
	at, err := time.Parse("15:04", text)
	return at.Hour()*60 + at.Minute(), err == nil && len(text) == 5
}

// HoursText writes windows as they are read.
func HoursText(hours []calendar.Window) string {
	if len(hours) == 0 {
		return closed
	}
	parts := make([]string, len(hours))
	for i, w := range hours {
		parts[i] = fmt.Sprintf("%02d:%02d-%02d:%02d", w.From/60, w.From%60, w.Until/60, w.Until%60)
	}
	return strings.Join(parts, " ")
}
