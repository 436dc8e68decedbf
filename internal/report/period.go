package report

import (
	"fmt"
	"slices"
	"time"

	"recourse/internal/kpi"
	"recourse/models"
)

// Step is how long the period of a report is.
type Step string

// The steps. Weeks are those of ISO 8601, from Monday.
const (
	StepWeek    Step = "week"
	StepMonth   Step = "month"
	StepQuarter Step = "quarter"
	StepYear    Step = "year"
)

// Steps lists the closed set.
func Steps() []Step { return []Step{StepWeek, StepMonth, StepQuarter, StepYear} }

// within are the steps of the trend that a report shows.
var within = map[Step]kpi.Step{StepWeek: kpi.StepDay, StepMonth: kpi.StepWeek, StepQuarter: kpi.StepMonth, StepYear: kpi.StepMonth}

// ParseStep reads a step; an empty one is a month. CodeInvalid at /step.
func ParseStep(s string) (Step, error) {
	if s == "" {
		return StepMonth, nil
	}
	if !slices.Contains(Steps(), Step(s)) {
		return "", models.Invalid("/step", fmt.Sprintf("there is no step %q; there are week, month, quarter and year", s))
	}
	return Step(s), nil
}

// Containing returns the period in which an instant lies, as it lies in a zone, whatever its clocks were turned.
func (s Step) Containing(at time.Time, zone *time.Location) (from, until time.Time) {
	from = s.begin(at.In(zone))
	return from.UTC(), s.begin(from.Add(s.surelyNext())).UTC()
}

// Before returns the last period that is over at an instant.
func (s Step) Before(at time.Time, zone *time.Location) (from, until time.Time) {
	begun, _ := s.Containing(at, zone)
	return s.Containing(begun.Add(-time.Nanosecond), zone)
}

// begin is the first instant of the period in which an instant lies.
func (s Step) begin(at time.Time) time.Time {
	switch s {
	case StepWeek:
		return kpi.StepWeek.Begin(at)
	case StepMonth:
		return kpi.StepMonth.Begin(at)
	case StepQuarter:
		return kpi.StepQuarter.Begin(at)
	case StepYear:
	}
	return kpi.StepMonth.Begin(time.Date(at.Year(), time.January, 15, 12, 0, 0, 0, at.Location()))
}

// surelyNext leads from the beginning of any period into the next one, and not beyond.
func (s Step) surelyNext() time.Duration {
	const day = 24 * time.Hour
	switch s {
	case StepWeek:
		return 10 * day
	case StepMonth:
		return 40 * day
	case StepQuarter:
		return 100 * day
	case StepYear:
	}
	return 380 * day
}
