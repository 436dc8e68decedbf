package figures

import (
	"context"
	"sort"
	"sync"
	"time"

	"recourse/internal/policies"
	"recourse/models"
)

// Policies know what versions of the policy said of any time; policies.Book is one.
type Policies interface {
	Past(ctx context.Context, customerZone string, versions ...string) (policies.Past, error)
}

// Office measures open time by the calendars of the versions that cases ran under. Versions never change, so
// what was measured once holds; it is kept by the year, because cases of a year share it.
type Office struct {
	Policies Policies

	mu    sync.Mutex
	past  map[string]policies.Past
	years map[year]*openings
}

type year struct {
	version, calendar string
	year              int
}

// openings are the open intervals of a year of UTC, with how long it was open before each.
type openings struct {
	open   []models.Interval
	before []time.Duration
	all    time.Duration
}

// Open returns how long the department was open between two instants, by its working hours of the version.
// All of the time was where nobody knows the version: a record that was put together elsewhere.
func (o *Office) Open(ctx context.Context, row models.Case, department string, from, until time.Time) (time.Duration, error) {
	if !from.Before(until) {
		return 0, nil
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	past, err := o.version(ctx, row.Policy)
	if err != nil {
		if models.CodeOf(err) == models.CodeNotFound {
			return until.Sub(from), nil
		}
		return 0, err
	}
	calendar := past.Working(row.Policy, row.Channel, department)
	from, until = from.UTC(), until.UTC()
	open := time.Duration(0)
	for y := from.Year(); y <= until.Year(); y++ {
		open += o.year(past, year{row.Policy, calendar, y}).between(from, until)
	}
	return open, nil
}

func (o *Office) version(ctx context.Context, name string) (policies.Past, error) {
	if past, known := o.past[name]; known {
		return past, nil
	}
	past, err := o.Policies.Past(ctx, "UTC", name)
	if err == nil {
		if o.past == nil {
			o.past = map[string]policies.Past{}
		}
		o.past[name] = past
	}
	return past, err
}

func (o *Office) year(past policies.Past, of year) *openings {
	if known, is := o.years[of]; is {
		return known
	}
	from := time.Date(of.year, time.January, 1, 0, 0, 0, 0, time.UTC)
	y := &openings{}
	for _, s := range past.Stretches(of.version, of.calendar, from, from.AddDate(1, 0, 0)) {
		if s.Kind == models.StretchOpen {
			y.open, y.before = append(y.open, models.Interval{From: s.From, Until: s.Until}), append(y.before, y.all)
			y.all += s.Until.Sub(s.From)
		}
	}
	if o.years == nil {
		o.years = map[year]*openings{}
	}
	o.years[of] = y
	return y
}

// between is how long it was open between two instants, which may lie outside the year.
func (y *openings) between(from, until time.Time) time.Duration { return y.upTo(until) - y.upTo(from) }

// upTo is how long it was open from the beginning of the year up to an instant.
func (y *openings) upTo(at time.Time) time.Duration {
	i := sort.Search(len(y.open), func(i int) bool { return !y.open[i].Until.Before(at) })
	if i == len(y.open) {
		return y.all
	}
	if at.Before(y.open[i].From) {
		return y.before[i]
	}
	return y.before[i] + at.Sub(y.open[i].From)
}
