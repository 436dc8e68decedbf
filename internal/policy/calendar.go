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
	calendars := make([]models.Calendar, len(p.Calendars))
	for i, c := range p.Calendars {
		if c.Name != models.CalendarHalves {
			calendars[i] = p.ahead(c, now, lookBack)
			continue
		}
		if zone, err := Zone(customerZone); err == nil {
			c = c.keeping(zone)
		}
		calendars[i] = p.ahead(c, now, 0)
	}
	return calendars
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
