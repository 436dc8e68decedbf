package cases

import (
	"cmp"
	"context"
	"slices"
	"time"

	"recourse/internal/lifecycle"
	"recourse/models"
)

// Ahead is what falls due in the hours to come.
type Ahead struct {
	From, Until time.Time
	Hours       []DueHour // every hour, also one in which nothing is due
}

// DueHour is what falls due within an hour that begins at From.
type DueHour struct {
	From  time.Time
	Total int
	Due   []DueCount // by clock, severity and bound
}

// DueCount is how many running clocks reach a bound.
type DueCount struct {
	Clock    models.Clock
	Severity models.Severity
	Bound    models.Bound
	Count    int
}

// mostAhead bounds how far ahead one may look, in hours.
const mostAhead = 7 * 24

// Ahead counts the bounds that running clocks reach in so many hours from now on, in the cases that the actor
// may see: what there is to do if nobody does anything. Clocks that wait are due at no instant.
func (s *Service) Ahead(ctx context.Context, a models.Actor, hours int) (Ahead, error) {
	if hours == 0 {
		hours = 24
	}
	if hours < 1 || hours > mostAhead {
		return Ahead{}, models.Invalid("/hours", "is a number of hours from 1 to 168")
	}
	from := s.now()
	first, until := from.Truncate(time.Hour), from.Add(time.Duration(hours)*time.Hour)
	count := map[time.Time]map[DueCount]int{}
	err := s.dueBy(ctx, a, until, func(c lifecycle.Case) {
		for _, r := range c.Runs {
			if !r.Running() || !r.PausedAt.IsZero() || r.Clock == models.ClockSurvey {
				continue
			}
			for _, b := range r.Bounds() {
				at := r.At(b)
				if r.Missed(b) || at.Before(from) || !at.Before(until) {
					continue
				}
				hour := at.Truncate(time.Hour)
				if count[hour] == nil {
					count[hour] = map[DueCount]int{}
				}
				count[hour][DueCount{Clock: r.Clock, Severity: c.Severity, Bound: b}]++
			}
		}
	})
	ahead := Ahead{From: from, Until: until}
	for hour := first; hour.Before(until); hour = hour.Add(time.Hour) {
		ahead.Hours = append(ahead.Hours, dueHour(hour, count[hour]))
	}
	return ahead, err
}

func dueHour(from time.Time, count map[DueCount]int) DueHour {
	hour := DueHour{From: from}
	for due, n := range count {
		due.Count = n
		hour.Total += n
		hour.Due = append(hour.Due, due)
	}
	slices.SortFunc(hour.Due, func(a, b DueCount) int {
		return cmp.Or(
			cmp.Compare(slices.Index(models.Clocks(), a.Clock), slices.Index(models.Clocks(), b.Clock)),
			cmp.Compare(slices.Index(models.Severities(), a.Severity), slices.Index(models.Severities(), b.Severity)), cmp.Compare(a.Bound, b.Bound),
		)
	})
	return hour
}

// dueBy visits the cases of which a clock reaches a bound by an instant.
func (s *Service) dueBy(ctx context.Context, a models.Actor, until time.Time, visit func(lifecycle.Case)) error {
	q := models.CaseQuery{Visible: models.VisibleTo(a), NextDueBy: &until, Limit: models.MaxPage}
	for {
		rows, next, err := s.Store.Cases(ctx, q)
		if err != nil {
			return err
		}
		ids := make([]string, len(rows))
		for i, row := range rows {
			ids[i] = row.ID
		}
		whole, err := s.Store.CasesOf(ctx, ids)
		if err != nil {
			return err
		}
		for _, row := range whole {
			c, err := lifecycle.Restore(row)
			if err != nil {
				return err
			}
			visit(c)
		}
		if next == "" {
			return nil
		}
		q.Cursor = next
	}
}
