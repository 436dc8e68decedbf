package kpi

import (
	"cmp"
	"fmt"
	"slices"

	"recourse/models"
)

// Scatter is what a correlation is made of: the cases that have both measures, counted by bins of both, and those
// of one cell case by case.
type Scatter struct {
	Correlation
	XBins, YBins []Bin     // from the first to the last that holds a case; of a rate: no and yes
	Counts       [][]int64 // by bin of Y, then of X
	Total        int64     // cases of the cell that is asked for; without one, of all
	Pairs        []Pair    // of them, the first by time of receipt
}

// Pair is one case with what it has of both measures: seconds, numbers, scores, or of a rate 1 and 0.
type Pair struct {
	Number string
	X, Y   float64
}

// CellOf names a cell of a scatter by its bins, from 0.
type CellOf struct{ X, Y int }

// Scatter answers a correlation with its cases: of one cell, or of all where none is named; at most so many.
func (t *Table) Scatter(q Query, x, y string, in *CellOf, most int) (c Scatter, err error) {
	t.read(func() { c, err = t.scatter(q, x, y, in, most) })
	return c, err
}

func (t *Table) scatter(q Query, x, y string, in *CellOf, most int) (Scatter, error) {
	s, c, err := t.correlated(q, x, y)
	if err != nil {
		return Scatter{}, err
	}
	pairs := s.pairs()
	c.tell(pairs)
	out := Scatter{Correlation: c}
	mx, my := &s.measures[0], &s.measures[1]
	xs, ys := newAxis(mx, pairs, func(p pair) int64 { return p.x }), newAxis(my, pairs, func(p pair) int64 { return p.y })
	out.XBins, out.YBins = xs.bins, ys.bins
	if in != nil && (in.X < 0 || in.X >= len(xs.bins) || in.Y < 0 || in.Y >= len(ys.bins)) {
		return Scatter{}, models.Invalid("/cell", fmt.Sprintf("the chart has no cell in column %d and row %d", in.X, in.Y))
	}
	out.Counts = make([][]int64, len(ys.bins))
	for i := range out.Counts {
		out.Counts[i] = make([]int64, len(xs.bins))
	}
	var kept []pair
	for _, p := range pairs {
		at := CellOf{xs.at(p.x), ys.at(p.y)}
		out.Counts[at.Y][at.X]++
		if in == nil || at == *in {
			kept = append(kept, p)
		}
	}
	out.Total = int64(len(kept))
	slices.SortFunc(kept, func(a, b pair) int {
		return cmp.Or(cmp.Compare(t.row(a.slot).received, t.row(b.slot).received), cmp.Compare(a.slot, b.slot))
	})
	for _, p := range kept[:min(len(kept), most)] {
		out.Pairs = append(out.Pairs, Pair{t.numberOf(p.slot, t.row(p.slot)), float64(p.x) / float64(mx.scale()), float64(p.y) / float64(my.scale())})
	}
	return out, nil
}

// binAxis is the bins of one side of a scatter, those at its ends left out that hold nothing.
type binAxis struct {
	edges []int64 // where bins begin
	first int
	bins  []Bin
}

func newAxis(m *Measure, pairs []pair, of func(pair) int64) binAxis {
	a := binAxis{edges: edges(*m)}
	if m.judge != nil {
		a.edges = []int64{0, 1}
	}
	if len(pairs) == 0 {
		return a
	}
	values := make([]int64, len(pairs))
	for i, p := range pairs {
		values[i] = of(p)
	}
	slices.Sort(values)
	low, high := values[0], values[len(values)-1]
	if m.judge != nil {
		low, high = 0, 1
	}
	a.first = a.place(low)
	a.bins = binned(a.edges, float64(m.scale()), values)[a.first : a.place(high)+1]
	return a
}

// place is the bin of a value among all.
func (a binAxis) place(v int64) int {
	i, is := slices.BinarySearch(a.edges, v)
	if is {
		return i
	}
	return max(0, i-1)
}

// at is the bin of a value among those shown.
func (a binAxis) at(v int64) int { return a.place(v) - a.first }

// Pairable says whether single cases have the measure, so that it can be set against another.
func (m Measure) Pairable() bool {
	return m.shape != flow && m.shape != customers && m.shape != perVolume && m.Unit != UnitMoney
}
