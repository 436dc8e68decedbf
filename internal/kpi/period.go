package kpi

import (
	"fmt"
	"slices"
	"time"

	"recourse/models"
)

// Step is how long the parts of a trend are.
type Step string

// The steps. Weeks are those of ISO 8601, from Monday.
const (
	StepDay     Step = "day"
	StepWeek    Step = "week"
	StepMonth   Step = "month"
	StepQuarter Step = "quarter"
)

// Steps lists the closed set.
func Steps() []Step { return []Step{StepDay, StepWeek, StepMonth, StepQuarter} }

// Bucket is a part of a period; the first and the last are cut off where the period is.
type Bucket struct {
	From, Until time.Time
	Label       string // 2026-11-22, 2026-W47, 2026-11, 2026-Q4
}

// BucketsAtMost keeps a trend readable: more than ten years of days.
const BucketsAtMost = 4000

// Buckets cuts a period into parts as they lie in a zone, whatever its clocks were turned.
func Buckets(from, until time.Time, zone *time.Location, step Step) ([]Bucket, error) {
	if !slices.Contains(Steps(), step) {
		names := make([]string, len(Steps()))
		for i, s := range Steps() {
			names[i] = string(s)
		}
		return nil, unknown("/step", "step", string(step), names)
	}
	var all []Bucket
	for at := step.begin(from.In(zone)); at.Before(until); {
		if len(all) == BucketsAtMost {
			return nil, models.Invalid("/step", fmt.Sprintf("the period has more than %d %ss", BucketsAtMost, step))
		}
		next := step.next(at)
		b := Bucket{From: at.UTC(), Until: next.UTC(), Label: step.label(at)}
		if b.From.Before(from) {
			b.From = from.UTC()
		}
		if until.Before(b.Until) {
			b.Until = until.UTC()
		}
		all, at = append(all, b), next
	}
	return all, nil
}

// begin is the first instant of the part in which an instant lies.
func (s Step) begin(at time.Time) time.Time {
	year, month, day := at.Date()
	switch s {
	case StepWeek:
		day -= int(at.Weekday()+6) % 7
	case StepMonth:
		day = 1
	case StepQuarter:
		month, day = month-(month-1)%3, 1
	case StepDay:
	}
	return midnight(year, month, day, at.Location())
}

func (s Step) next(at time.Time) time.Time {
	year, month, day := at.Date()
	switch s {
	case StepDay:
		day++
	case StepWeek:
		day += 7
	case StepMonth:
		month++
	case StepQuarter:
		month += 3
	}
	return midnight(year, month, day, at.Location())
}

func (s Step) label(at time.Time) string {
	switch s {
	case StepWeek:
		year, week := at.ISOWeek()
		return fmt.Sprintf("%d-W%02d", year, week)
	case StepMonth:
		return at.Format("2006-01")
	case StepQuarter:
		return fmt.Sprintf("%d-Q%d", at.Year(), (at.Month()+2)/3)
	case StepDay:
	}
	return at.Format(time.DateOnly)
}

// midnight is the first instant of a day. Where clocks are turned at midnight, there is none that reads 00:00,
// or there are two.
func midnight(year int, month time.Month, day int, zone *time.Location) time.Time {
	at := time.Date(year, month, day, 0, 0, 0, 0, zone)
	wanted := time.Date(year, month, day, 12, 0, 0, 0, time.UTC)
	begins, ends := at.ZoneBounds()
	if at.Day() != wanted.Day() { // it reads the day before: the day begins when clocks are turned
		return ends
	}
	if begins.IsZero() {
		return at
	}
	_, now := at.Zone()
	_, before := begins.Add(-time.Second).Zone()
	first := at.Add(-time.Duration(before-now) * time.Second)
	if turned := first.In(zone); first.Before(begins) && turned.Day() == wanted.Day() && turned.Hour() == 0 && turned.Minute() == 0 {
		return first
	}
	if at.Hour() > 0 && begins.Before(at) && begins.In(zone).Day() == wanted.Day() { // it begins later than at 00:00
		return begins
	}
	return at
}

// Previous is the period before: as many months before one of whole months, as many days before one of whole
// days, else the same length.
func Previous(from, until time.Time, zone *time.Location) (time.Time, time.Time) {
	a, b := from.In(zone), until.In(zone)
	if !a.Equal(StepDay.begin(a)) || !b.Equal(StepDay.begin(b)) {
		return from.Add(-until.Sub(from)), from
	}
	if a.Day() == 1 && b.Day() == 1 {
		months := (b.Year()-a.Year())*12 + int(b.Month()) - int(a.Month())
		return midnight(a.Year(), a.Month()-time.Month(months), 1, zone).UTC(), from
	}
	days := int(b.Sub(a).Round(24*time.Hour) / (24 * time.Hour))
	return midnight(a.Year(), a.Month(), a.Day()-days, zone).UTC(), from
}

// Begin is the first instant of the part in which an instant lies, as it lies in the instant's zone.
func (s Step) Begin(at time.Time) time.Time { return s.begin(at) }
