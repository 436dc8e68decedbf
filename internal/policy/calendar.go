package policy

import (
	"time"

	"recourse/models"
)

// Decent hours of the customer, and where a half-day ends, in minutes of their day.
const (
	decentFrom  = 9 * 60
	decentNoon  = 13 * 60
	decentUntil = 20 * 60
)

// workingDays opens Monday to Friday, whole days of the company's zone, until calendars come as data.
func workingDays(zone *time.Location, now time.Time) models.Calendar {
	return calendar(models.CalendarWorking, zone, now, lookBack, [2]int{0, 24 * 60})
}

// halfDays opens the two halves of the decent hours, Monday to Friday in the customer's zone.
func halfDays(zone *time.Location, now time.Time) models.Calendar {
	return calendar(models.CalendarHalves, zone, now, 0, [2]int{decentFrom, decentNoon}, [2]int{decentNoon, decentUntil})
}

// lookBack is for how many days before now the working days are told: a pause that ended while the
// system was down goes on from its end, and that lies as far back as the outage was long.
const lookBack = 62

// calendar opens windows, in minutes of the local day, on every weekday from so many days back up to
// the horizon. Windows
// that touch stay apart: each is a slot of its own; only whole days are joined.
func calendar(name string, zone *time.Location, now time.Time, back int, windows ...[2]int) models.Calendar {
	local := now.In(zone)
	cal := models.Calendar{Name: name, Until: now.Add(horizon).UTC().Truncate(time.Second)}
	for d := -back; d <= int(horizon/day); d++ {
		if w := time.Date(local.Year(), local.Month(), local.Day()+d, 12, 0, 0, 0, zone).Weekday(); w == time.Saturday || w == time.Sunday {
			continue
		}
		for _, win := range windows {
			at := func(minute int) time.Time {
				return time.Date(local.Year(), local.Month(), local.Day()+d, 0, minute, 0, 0, zone).UTC()
			}
			cal.Open = join(cal.Open, models.Interval{From: at(win[0]), Until: at(win[1])}, win[1] == 24*60)
		}
	}
	if n := len(cal.Open); n > 0 && cal.Open[n-1].Until.After(cal.Until) {
		cal.Until = cal.Open[n-1].Until
	}
	return cal
}

// join appends an interval, or lengthens the last one where whole days follow each other.
func join(open []models.Interval, i models.Interval, whole bool) []models.Interval {
	if n := len(open); whole && n > 0 && open[n-1].Until.Equal(i.From) {
		open[n-1].Until = i.Until
		return open
	}
	return append(open, i)
}
