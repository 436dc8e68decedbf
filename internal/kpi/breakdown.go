package kpi

import (
	"cmp"
	"slices"
	"strconv"

	"recourse/models"
)

// Breakdown is what measures say of each value of one or two dimensions, and of all together.
type Breakdown struct {
	By       []Dimension
	Measures []Measure
	Rows     []Row
	Total    []Value
}

// Row is the values of the measures where the dimensions have these values; "" is none given.
type Row struct {
	Keys   []string
	Values []Value
}

// Breakdown answers the measures of a query for each value of a dimension, or of two: every value that any
// item has, in the order of the values. Items of rows add up to the total, save of measures that are not
// Additive.
func (t *Table) Breakdown(q Query, by ...Dimension) (b Breakdown, err error) {
	t.read(func() { b, err = t.breakdown(q, by) })
	return b, err
}

func (t *Table) breakdown(q Query, by []Dimension) (Breakdown, error) {
	if len(by) == 0 || len(by) > 2 || len(by) == 2 && by[0] == by[1] {
		return Breakdown{}, models.Invalid("/by", "cut by one dimension, or by two different ones")
	}
	for _, d := range by {
		if err := knownDimension("/by", d); err != nil {
			return Breakdown{}, err
		}
	}
	s, err := t.ready(q)
	if err != nil {
		return Breakdown{}, err
	}
	s.products = slices.Contains(by, ByProduct)
	cells := s.count(func(r *row, _ int64, o owner) (uint64, bool) {
		key := uint64(s.code(by[0], r, o))
		if len(by) == 2 {
			key = key<<32 | uint64(s.code(by[1], r, o))
		}
		return key, true
	})
	b := Breakdown{By: by, Measures: s.measures}
	total := make([]tally, len(s.measures))
	for key, counted := range cells {
		codes := []uint32{uint32(key)} //nolint:gosec // packed above
		if len(by) == 2 {
			codes = []uint32{uint32(key >> 32), uint32(key)} //nolint:gosec // packed above
		}
		b.Rows = append(b.Rows, t.brokenRow(s, by, codes, counted))
		for i := range total {
			total[i].merge(&counted[i])
		}
	}
	for i := range total {
		s.over(&s.measures[i], &total[i], 0, nil)
		b.Total = append(b.Total, t.figure(&s.measures[i], &total[i]))
	}
	slices.SortFunc(b.Rows, func(a, b Row) int { return compareKeys(by, a.Keys, b.Keys) })
	return b, nil
}

func (t *Table) brokenRow(s *scope, by []Dimension, codes []uint32, counted []tally) Row {
	row := Row{}
	var product *uint32
	for i, d := range by {
		row.Keys = append(row.Keys, t.name(d, codes[i]))
		if d == ByProduct {
			product = &codes[i]
		}
	}
	for i := range s.measures {
		s.over(&s.measures[i], &counted[i], 0, product)
		row.Values = append(row.Values, t.figure(&s.measures[i], &counted[i]))
	}
	return row
}

// compareKeys sorts by the values of dimensions: closed sets in the order of their meaning, numbers as numbers,
// everything else by its letters.
func compareKeys(by []Dimension, a, b []string) int {
	for i, d := range by {
		if c := cmp.Or(cmp.Compare(rank(d, a[i]), rank(d, b[i])), cmp.Compare(a[i], b[i])); c != 0 {
			return c
		}
	}
	return 0
}

// rank is the place of a value of a dimension that has an order of its own.
func rank(d Dimension, value string) int {
	switch d { //nolint:exhaustive // the others are sorted by their letters
	case BySeverity:
		return slices.Index(models.Severities(), models.Severity(value))
	case ByNature:
		return slices.Index(models.Natures(), models.Nature(value))
	case ByChannel:
		return slices.Index(models.Channels(), models.Channel(value))
	case ByCause:
		return slices.Index(models.Causes(), models.Cause(value))
	case ByCycle, ByHour, ByWeekday:
		n, _ := strconv.Atoi(value)
		return n
	}
	return 0
}
