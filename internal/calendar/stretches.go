package calendar

import (
	"time"

	"recourse/models"
)

// Stretches tells all the time between two instants apart: open, outside the hours of the week, or a day
// off that the week would have open. They follow each other without a gap.
func (c Calendar) Stretches(from, until time.Time) []models.Stretch {
	var all []models.Stretch
	at := from.UTC()
	for _, open := range c.Open(from, until) {
		all = c.shut(all, at, open.From)
		all = joined(all, models.Stretch{From: open.From, Until: open.Until, Kind: models.StretchOpen})
		at = open.Until
	}
	return c.shut(all, at, until.UTC())
}

// shut adds time that is not open, day by day: two holidays that follow each other have two names.
func (c Calendar) shut(all []models.Stretch, from, until time.Time) []models.Stretch {
	for from.Before(until) {
		day := c.stretch(from, until)
		s := models.Stretch{From: from, Until: day.until, Kind: models.StretchClosed}
		if name, off := c.off(day.date); off {
			s.Kind, s.NameEN, s.NameZH = models.StretchHoliday, name.EN, name.ZH
		}
		all = joined(all, s)
		from = day.until
	}
	return all
}

// off says whether a day is off that its week would have open, and why.
func (c Calendar) off(d Date) (Name, bool) {
	if len(c.Week[d.Weekday()]) == 0 || len(c.Hours(d)) > 0 {
		return Name{}, false
	}
	day := c.Day(d)
	if len(day.Closures) > 0 && len(c.before(d).Hours) > 0 {
		return day.Closures[0].Name, true
	}
	return day.Name, true
}

// joined adds a stretch, or makes the last one longer when they are of one kind.
func joined(all []models.Stretch, s models.Stretch) []models.Stretch {
	if n := len(all); n > 0 {
		last := all[n-1]
		if last.Kind == s.Kind && last.NameEN == s.NameEN && last.NameZH == s.NameZH && last.Until.Equal(s.From) {
			all[n-1].Until = s.Until
			return all
		}
	}
	return append(all, s)
}
