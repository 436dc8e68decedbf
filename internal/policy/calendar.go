package policy

import (
	"sync"
	"time"

	"recourse/internal/calendar"
	"recourse/models"
)

// chinese are the zones of mainland China, whose holidays are known.
var chinese = map[string]bool{"Asia/Shanghai": true, "Asia/Chongqing": true, "Asia/Harbin": true, "Asia/Urumqi": true, "Asia/Kashgar": true, "PRC": true}

// holidaysIn are the official holidays that are kept in a zone; nil where none are known.
func holidaysIn(zone *time.Location) *calendar.Holidays {
	if chinese[zone.String()] {
		return ofChina()
	}
	return nil
}

// ofChina are the holidays of mainland China. They are embedded, and a test reads them.
var ofChina = sync.OnceValue(func() *calendar.Holidays {
	known, err := calendar.HolidaysOf("CN")
	if err != nil {
		panic(err)
	}
	return known
})

// lookBack is how far back the calendars are told: a pause that ended while the system was down goes
// on from its end, and that lies as far back as the outage was long.
const lookBack = 62 * day

// planned are the calendars of a plan: the half-days in the customer's zone, and from now on, because
// nobody is called in the past; the others as they are.
func (p Policy) planned(now time.Time, customerZone string) []models.Calendar {
	needed := p.needed()
	calendars := make([]models.Calendar, 0, len(needed))
	for _, c := range p.Calendars {
		switch {
		case !needed[c.Name]:
		case c.Name != models.CalendarHalves:
			calendars = append(calendars, p.ahead(c, now, lookBack))
		default:
			if zone, err := Zone(customerZone); err == nil {
				c = c.keeping(zone)
			}
			calendars = append(calendars, p.ahead(c, now, 0))
		}
	}
	return calendars
}

// needed are the calendars by which clocks of a case may run: the two that the kernel asks for, those
// that clocks name, and those that stand in for the working days.
func (p Policy) needed() map[string]bool {
	names := map[string]bool{models.CalendarWorking: true, models.CalendarHalves: true}
	for _, rule := range p.Clocks {
		for _, s := range models.Severities() {
			names[rule.Limit.For(s).Calendar], names[rule.Target.For(s).Calendar] = true, true
		}
	}
	names[p.Quiet.Outside] = true
	delete(names, models.CalendarWall)
	for _, name := range p.CalendarsFor.Channels {
		names[name] = true
	}
	for _, name := range p.CalendarsFor.Departments {
		names[name] = true
	}
	return names
}

// ahead tells a calendar from so long before an instant up to the horizon, in whole days.
func (p Policy) ahead(c Calendar, now time.Time, back time.Duration) models.Calendar {
	cal := models.Calendar{Name: c.Name, Until: now.Add(horizon).UTC().Truncate(time.Second)}
	cal.Open = p.told.open(c.Calendar, calendar.DateOf(now, c.Zone), back)
	if n := len(cal.Open); n > 0 && cal.Open[n-1].Until.After(cal.Until) {
		cal.Until = cal.Open[n-1].Until
	}
	return cal
}

// told keeps the open intervals that a day's plans share: every intake and every command needs them,
// and they change at midnight. Nobody writes to the intervals of a plan.
type told struct {
	mu sync.Mutex
	of map[today][]models.Interval
}

type today struct {
	calendar, zone string
	date           calendar.Date
}

// keptDays bounds what is kept: calendars × zones, of today and in passing of yesterday.
const keptDays = 64

func (t *told) open(c calendar.Calendar, date calendar.Date, back time.Duration) []models.Interval {
	t.mu.Lock()
	defer t.mu.Unlock()
	key := today{c.Name, c.Zone.String(), date}
	if open, known := t.of[key]; known {
		return open
	}
	if t.of == nil || len(t.of) >= keptDays {
		t.of = map[today][]models.Interval{}
	}
	midnight := func(days time.Duration) time.Time {
		return time.Date(date.Year, date.Month, date.Day+int(days/day), 0, 0, 0, 0, c.Zone)
	}
	t.of[key] = c.Open(midnight(-back), midnight(horizon+day))
	return t.of[key]
}
