package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"recourse/internal/figures"
	"recourse/internal/kpi"
	"recourse/internal/policies"
	"recourse/internal/policy"
	"recourse/internal/simulate"
	"recourse/models"
)

// openBy measures open time by the calendars of one policy.
func openBy(p policy.Policy) func(models.Case, string, time.Time, time.Time) (time.Duration, error) {
	return opening(context.Background(), policies.Only{Policy: p}) // which reads nothing
}

// simulations answers what another policy would have made of cases on record.
func (s *stack) simulations(zone *time.Location) *simulate.Desk {
	return &simulate.Desk{
		Record: s.store, Open: openBy, Zone: zone, Now: time.Now, Most: mostSimulated,
		Policy: func(ctx context.Context, version string) (policy.Policy, error) {
			return s.plans.Policy(ctx, version, time.Now())
		},
	}
}

// mostSimulated is how many cases a page simulates: they take some twenty seconds on one of two processors.
const mostSimulated = 10_000

// opening measures open time by the versions that cases ran under.
func opening(ctx context.Context, of figures.Policies) func(models.Case, string, time.Time, time.Time) (time.Duration, error) {
	office := &figures.Office{Policies: of}
	return func(row models.Case, department string, from, until time.Time) (time.Duration, error) {
		return office.Open(ctx, row, department, from, until)
	}
}

// onDuty reads the rosters that the command line names.
func (f simulateFlags) onDuty() (all []simulate.Roster, err error) {
	for _, named := range f.rosters {
		whose, path, is := strings.Cut(named, "=")
		role, department, _ := strings.Cut(whose, "/")
		if !is || !slices.Contains(models.EscalationChain(), models.Role(role)) {
			return nil, fmt.Errorf("--roster %s: name it ROLE=FILE or ROLE/DEPARTMENT=FILE, of the roles %v", named, models.EscalationChain())
		}
		r, err := readRoster(path)
		if err != nil {
			return nil, err
		}
		if len(r.Turns(time.Now(), time.Now().AddDate(1, 0, 0))) == 0 {
			return nil, fmt.Errorf("%s: nobody is on duty by this roster: it needs a zone, the day it starts, the time of hand-over, the days of a turn and people", path)
		}
		all = append(all, simulate.Roster{Role: models.Role(role), Department: department, Roster: r})
	}
	return all, nil
}

// span is when and of what period a record is simulated.
type span struct{ asOf, from, until time.Time }

// span reads instants in a zone. A period has no bounds by itself.
func (f simulateFlags) span(zone *time.Location, now time.Time) (s span, err error) {
	instant := func(flag, text string, otherwise time.Time) time.Time {
		if text == "" {
			return otherwise
		}
		for _, form := range []string{time.RFC3339, time.DateTime, time.DateOnly} {
			if at, err := time.ParseInLocation(form, text, zone); err == nil {
				return at
			}
		}
		err = errors.Join(err, fmt.Errorf("--%s: %q is no instant such as 2026-07-01 or 2026-07-01T00:00:00+08:00", flag, text))
		return time.Time{}
	}
	s = span{asOf: instant("as-of", f.asOf, now), from: instant("from", f.from, time.Time{})}
	s.until = instant("until", f.until, s.asOf)
	switch {
	case err != nil:
	case s.asOf.After(now):
		err = errors.New("--as-of: nobody knows what will be on record by then")
	case !s.from.Before(s.until):
		err = errors.New("--until: the period ends before it begins")
	}
	return s, err
}

// overRecord simulates cases on record.
func (f simulateFlags) overRecord(ctx context.Context, cmd *cobra.Command, s *stack) error {
	zone, err := f.located(cmd)
	if err != nil {
		return err
	}
	span, err := f.span(zone, time.Now().UTC())
	variants, err2 := f.variants(zone)
	unreal := false
	real, err3 := s.store.CountCases(ctx, models.CaseQuery{Visible: models.Visible{Whole: true}, Sample: &unreal, Limit: 1})
	choose, err4 := f.chooser(span, zone, real > 0)
	if err := errors.Join(err, err2, err3, err4); err != nil {
		return err
	}
	var unknown error // one reads plans at a time
	if f.policy == "" {
		variants = append([]simulate.Variant{asRecorded(ctx, s.plans, &unknown)}, variants...)
	}
	cfg := simulate.Config{Variants: variants, AsOf: span.asOf, Zone: zone, From: span.from, Temp: f.temp, Memory: int64(f.memory) << 20}
	if f.until != "" {
		cfg.Until = span.until
	}
	if cfg.Rosters, err = f.onDuty(); err == nil && len(cfg.Rosters) == 0 {
		cfg.Rosters, err = simulate.RostersOf(ctx, s.store)
	}
	if err == nil {
		cfg.Survivors, err = s.store.Survivors(ctx)
	}
	if err == nil {
		cfg.Volumes, err = f.volumes(ctx, s)
	}
	if err != nil {
		return err
	}
	err = f.run(cmd, cfg, func(sim *simulate.Simulation) error { return recorded(ctx, s, choose, span.asOf, sim) })
	return errors.Join(unknown, err)
}

// asRecorded lets every case run by the version that it ran under.
func asRecorded(ctx context.Context, book *policies.Book, unknown *error) simulate.Variant {
	return simulate.Variant{Name: "as recorded", Open: opening(ctx, book), Rules: simulate.AsRecorded(func(version string, at time.Time, customer string) models.Plan {
		plan, err := book.Plan(ctx, version, at, customer)
		if err != nil && *unknown == nil {
			*unknown = fmt.Errorf("policy %q: %w", version, err)
		}
		return plan
	})}
}

// volumes are the business by which the chosen cases are measured: of the products that are asked for.
func (f simulateFlags) volumes(ctx context.Context, s *stack) ([]models.Volume, error) {
	all, err := s.store.Volumes(ctx)
	if err != nil {
		return nil, err
	}
	filters, err := figures.Filters(f.chosen())
	if products := filters[kpi.ByProduct]; len(products) > 0 {
		all = slices.DeleteFunc(all, func(v models.Volume) bool { return !slices.Contains(products, v.Product) })
	}
	return all, err
}

// chooser says which of some cases are asked for, by the filters of figures; of a record with a real case, no samples.
func (f simulateFlags) chooser(s span, zone *time.Location, real bool) (func([]models.Case) ([]string, error), error) {
	q := kpi.Query{From: s.from, Until: s.until, Cut: s.asOf, Zone: zone, Visible: models.Visible{All: true, Whole: true}}
	if q.From.IsZero() {
		q.From = time.Date(1900, time.January, 1, 0, 0, 0, 0, time.UTC)
	}
	var err error
	if q.Filters, err = figures.Filters(f.chosen()); err != nil {
		return nil, err
	}
	choose := func(rows []models.Case) ([]string, error) {
		table := kpi.NewTable()
		for _, row := range rows {
			if real && row.Sample {
				continue
			}
			table.Put(kpi.RecordOf(models.FigureRow{Case: row}, nil))
		}
		return table.Matching(q)
	}
	_, err = choose(nil) // filters that there are not are refused before the first case
	return choose, err
}

// casesAtOnce is how many rows are read at a time.
const casesAtOnce = 500

// recorded adds the chosen cases on record.
func recorded(ctx context.Context, s *stack, choose func([]models.Case) ([]string, error), asOf time.Time, sim *simulate.Simulation) error {
	for after := ""; ; {
		rows, err := s.store.AllCases(ctx, after, casesAtOnce)
		if err != nil || len(rows) == 0 {
			return err
		}
		after = rows[len(rows)-1].ID
		chosen, err := choose(rows)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if !slices.Contains(chosen, row.ID) {
				continue
			}
			c, err := simulate.Recorded(ctx, s.store, row, asOf)
			if err != nil {
				return err
			}
			if len(c.Events) == 0 {
				continue // it came later
			}
			if err := sim.Add(c); err != nil {
				return err
			}
		}
	}
}
