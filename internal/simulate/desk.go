package simulate

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"sync/atomic"
	"time"

	"recourse/internal/policy"
	"recourse/models"
)

// Record is where cases, and what decides on their figures, are on record; internal/store has it.
type Record interface {
	Entries
	RowsOf(ctx context.Context, ids []string) (map[string]models.Case, error)
	Survivors(ctx context.Context) (map[string]string, error)
	Volumes(ctx context.Context) ([]models.Volume, error)
	Rosters(ctx context.Context) ([]models.Roster, error)
}

// Desk simulates cases on record for people who wait for the answer: one simulation at a time, so that the rest of
// the process is not held up.
type Desk struct {
	Record Record
	Policy func(ctx context.Context, version string) (policy.Policy, error) // empty: the one in force; CodeNotFound
	Open   func(p policy.Policy) func(models.Case, string, time.Time, time.Time) (time.Duration, error)
	Zone   *time.Location
	Now    func() time.Time
	Most   int // cases of one simulation

	busy atomic.Bool
}

// Ask is a question: what would have become of some cases, had the policy in force been another?
type Ask struct {
	Cases       []string  // ids
	From, Until time.Time // of the period that figures are asked of
	Version     string    // of the policy to try; empty: the one in force
	Limits      []Limit   // what of it is to be otherwise
}

// Limit is a promise that is to be another.
type Limit struct {
	Clock    models.Clock
	Severity models.Severity
	Of       time.Duration
}

// shownMost is how many changed verdicts an answer names.
const shownMost = 500

// Answer is a report, with the first of the verdicts that changed.
type Answer struct {
	Report

	Changes []Change
}

// What answers a question. CodeInvalid: there are too many cases, at /from; CodeTooMany: another simulation is under
// way; CodeNotFound: there is no such version.
func (d *Desk) What(ctx context.Context, ask Ask) (Answer, error) {
	if len(ask.Cases) > d.Most {
		return Answer{}, models.Invalid("/from", fmt.Sprintf(
			"these are %d cases; at most %d are simulated at once: choose a shorter period or a filter, or use recourse simulate", len(ask.Cases), d.Most))
	}
	if !d.busy.CompareAndSwap(false, true) {
		return Answer{}, models.Refuse(models.CodeTooMany, "another simulation is under way; ask again in a moment")
	}
	defer d.busy.Store(false)
	was, err := d.Policy(ctx, "")
	if err != nil {
		return Answer{}, err
	}
	is, err := d.Policy(ctx, ask.Version)
	if err != nil {
		return Answer{}, err
	}
	is = Varied(is, ask.Limits)
	cfg, err := d.config(ctx, ask, d.variant(was), d.variant(is))
	if err != nil {
		return Answer{}, err
	}
	return d.run(ctx, cfg, ask.Cases)
}

func (d *Desk) variant(p policy.Policy) Variant {
	return Variant{Name: p.Version, Rules: Under(p), Open: d.Open(p)}
}

func (d *Desk) config(ctx context.Context, ask Ask, variants ...Variant) (cfg Config, err error) {
	cfg = Config{
		Variants: variants, AsOf: d.Now().UTC().Truncate(time.Microsecond), Zone: d.Zone, From: ask.From, Until: ask.Until,
		Workers: max(1, runtime.GOMAXPROCS(0)/2), // the other half is for those who wait for something else
	}
	if cfg.Survivors, err = d.Record.Survivors(ctx); err != nil {
		return cfg, err
	}
	if cfg.Volumes, err = d.Record.Volumes(ctx); err != nil {
		return cfg, err
	}
	cfg.Rosters, err = RostersOf(ctx, d.Record)
	return cfg, err
}

func (d *Desk) run(ctx context.Context, cfg Config, ids []string) (answer Answer, err error) {
	s, err := New(cfg)
	if err != nil {
		return answer, err
	}
	defer func() {
		if fault := s.Close(); err == nil {
			err = fault
		}
	}()
	for page := range slices.Chunk(ids, inBatch) {
		if err := d.add(ctx, s, page); err != nil {
			return answer, err
		}
	}
	if answer.Report, err = s.Report(); err != nil {
		return answer, err
	}
	answer.Changes, err = answer.first(shownMost)
	return answer, err
}

// add adds the cases of a page; an end of ctx ends it.
func (d *Desk) add(ctx context.Context, s *Simulation, ids []string) error {
	rows, err := d.Record.RowsOf(ctx, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		row, is := rows[id]
		if !is {
			continue
		}
		c, err := Recorded(ctx, d.Record, row, s.cfg.AsOf)
		if err != nil {
			return err
		}
		if err := s.Add(c); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// Varied is a policy with other limits. A target that lies no longer before its limit falls away.
func Varied(p policy.Policy, limits []Limit) policy.Policy {
	p.Clocks = slices.Clone(p.Clocks)
	for _, l := range limits {
		i := slices.IndexFunc(p.Clocks, func(r models.ClockRule) bool { return r.Clock == l.Clock })
		if i < 0 {
			continue
		}
		limit, target := amountOf(&p.Clocks[i].Limit, l.Severity), amountOf(&p.Clocks[i].Target, l.Severity)
		limit.Of = l.Of
		if target.Of >= limit.Of {
			*target = models.Amount{}
		}
	}
	return p
}

func amountOf(b *models.BySeverity, s models.Severity) *models.Amount {
	switch s {
	case models.SeverityImportant:
		return &b.Important
	case models.SeverityUrgent:
		return &b.Urgent
	case models.SeverityGeneral:
	}
	return &b.General
}

// RostersOf are the rosters on record.
func RostersOf(ctx context.Context, record interface {
	Rosters(ctx context.Context) ([]models.Roster, error)
},
) (all []Roster, err error) {
	rows, err := record.Rosters(ctx)
	for _, row := range rows {
		r := Roster{Role: row.Role, Department: row.Department}
		if err := json.Unmarshal(row.Document, &r.Roster); err != nil {
			return nil, fmt.Errorf("roster of %s %s: %w", row.Role, row.Department, err)
		}
		all = append(all, r)
	}
	return all, err
}
