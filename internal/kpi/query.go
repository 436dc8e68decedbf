package kpi

import (
	"maps"
	"math"
	"slices"
	"time"

	"recourse/models"
)

// Query says of which cases figures are asked. Without filters these are all that are visible.
type Query struct {
	From, Until time.Time      // received at or after From and before Until
	Cut         time.Time      // counted up to here; zero: up to Until
	Zone        *time.Location // in which days begin; nil: UTC
	Visible     models.Visible
	Filters     map[Dimension][]string // any of the values of each; "" is none given
	Recorded    time.Time              // only what was put on record up to here; zero: all
	Measures    []string               // keys, or keys with versions; empty: the headline figures
}

// scope is a query made ready for a table.
type scope struct {
	t                *Table
	from, until, cut int64
	recorded         int64
	zone             *time.Location
	samples          bool // only samples are on record
	sees             sight
	rows, owners     []filter
	measures         []Measure
	products         bool     // the question is about products
	buckets          []Bucket // of a trend; else the period is one
}

// filter lets through what has one of some values.
type filter struct {
	by  Dimension
	any map[uint32]bool
}

// ready checks a query and makes it ready.
func (t *Table) ready(q Query) (*scope, error) {
	if !q.From.Before(q.Until) {
		return nil, models.Invalid("/from", "the period ends before it begins")
	}
	if q.Cut.IsZero() {
		q.Cut = q.Until
	}
	if q.Zone == nil {
		q.Zone = time.UTC
	}
	s := &scope{
		t: t, from: q.From.UnixMicro(), until: q.Until.UnixMicro(), cut: q.Cut.UnixMicro(), zone: q.Zone,
		samples: t.real == 0, recorded: math.MaxInt64, sees: t.sightOf(q.Visible),
	}
	if !q.Recorded.IsZero() {
		s.recorded = q.Recorded.UnixMicro()
	}
	if err := s.filter(q.Filters); err != nil {
		return nil, err
	}
	measures := q.Measures
	if len(measures) == 0 {
		measures = keys(Headline())
	}
	for _, key := range measures {
		m, err := Find(key)
		if err != nil {
			return nil, err
		}
		s.measures = append(s.measures, m)
	}
	return s, nil
}

func (s *scope) filter(by map[Dimension][]string) error {
	for _, d := range slices.Sorted(maps.Keys(by)) {
		pointer := "/filters/" + string(d)
		if err := knownDimension(pointer, d); err != nil {
			return err
		}
		f := filter{d, map[uint32]bool{}}
		for _, name := range by[d] {
			code, can := s.t.find(d, name)
			if !can {
				return wrong(pointer, d, name)
			}
			f.any[code] = true
		}
		switch {
		case len(by[d]) == 0:
		case owned(d):
			s.owners = append(s.owners, f)
		default:
			s.rows = append(s.rows, f)
		}
	}
	return nil
}

// lets says whether a row is of those asked for, whenever it was received.
func (s *scope) lets(slot uint32, r *row) bool {
	return !r.flags.is(isMystery) && r.flags.is(isSample) == s.samples && r.received <= s.cut && s.names(slot, r)
}

// names says whether a row is of those that filters and visibility name, whether figures count it or not.
func (s *scope) names(slot uint32, r *row) bool {
	if r.flags.is(isGone) || r.recorded > s.recorded {
		return false
	}
	for _, f := range s.rows {
		if !f.any[s.code(f.by, r, owner{})] {
			return false
		}
	}
	return s.sees.of(s.t, slot, r)
}

// in says whether a row was received in the period.
func (s *scope) in(r *row) bool { return r.received >= s.from && r.received < s.until }

// mine says whether an item counts for one of those asked for.
func (s *scope) mine(r *row, o owner) bool {
	for _, f := range s.owners {
		if !f.any[s.code(f.by, r, o)] {
			return false
		}
	}
	return true
}
