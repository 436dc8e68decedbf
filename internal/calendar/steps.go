package calendar

import (
	"time"

	"recourse/models"
)

// Step is a day on the way from one instant to another.
type Step struct {
	Day     Day
	Open    []models.Interval // what of it lies between the two and is open
	Counted time.Duration     // the sum of it
}

// Steps tells the way from one instant to another, day by day: its open time adds up to what OpenTime
// says.
func (c Calendar) Steps(from, until time.Time) (steps []Step) {
	for at := from; at.Before(until); {
		next := DateOf(at, c.Zone).Next()
		end := time.Date(next.Year, next.Month, next.Day, 0, 0, 0, 0, c.Zone)
		if !end.After(at) { // a midnight that the clocks leapt over
			end = at.Add(time.Hour)
		}
		if end.After(until) {
			end = until
		}
		s := Step{Day: c.Day(DateOf(at, c.Zone)), Open: c.Open(at, end)}
		for _, open := range s.Open {
			s.Counted += open.Until.Sub(open.From)
		}
		steps = append(steps, s)
		at = end
	}
	return steps
}
