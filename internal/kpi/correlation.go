package kpi

import (
	"cmp"
	"math/big"
	"slices"

	"recourse/internal/stats"
	"recourse/models"
)

// Correlation is how two measures go together, case by case.
type Correlation struct {
	X, Y              Measure
	N                 int64     // cases that have both
	Pearson, Spearman *float64  // nil: too few, or one of the two never varies
	Interval          *Interval // 95 %, of Pearson's; Fisher
	RankInterval      *Interval // likewise of Spearman's
}

// Correlation answers whether two measures go together, case by case: a rate is 1 or 0, a share of answers is
// its score. A case with several items counts by the last of them that counts.
func (t *Table) Correlation(q Query, x, y string) (c Correlation, err error) {
	t.read(func() { c, err = t.correlation(q, x, y) })
	return c, err
}

// pair is what a case has of both measures.
type pair struct {
	x, y int64
	slot uint32
}

func (t *Table) correlation(q Query, x, y string) (Correlation, error) {
	s, c, err := t.correlated(q, x, y)
	if err != nil {
		return Correlation{}, err
	}
	c.tell(s.pairs())
	return c, nil
}

// correlated makes the question ready of two measures, each with the values that a case has of it.
func (t *Table) correlated(q Query, x, y string) (*scope, Correlation, error) {
	var c Correlation
	var err error
	if c.X, err = paired("/x", x); err != nil {
		return nil, c, err
	}
	if c.Y, err = paired("/y", y); err != nil {
		return nil, c, err
	}
	q.Measures = []string{x, y}
	s, err := t.ready(q)
	if err != nil {
		return nil, c, err
	}
	first, _ := c.X.valued()
	second, _ := c.Y.valued()
	s.measures = []Measure{first, second}
	return s, c, nil
}

// paired finds a measure that single cases have; pointer says where it was given.
func paired(pointer, key string) (Measure, error) {
	m, err := Find(key)
	switch {
	case err != nil:
		all := slices.DeleteFunc(Measures(), func(m Measure) bool { return !m.Pairable() })
		return m, unknown(pointer, "measure", key, keys(all))
	case !m.Pairable():
		return m, models.Invalid(pointer, m.Key+" says nothing of single cases")
	}
	return m, nil
}

// tell says how pairs go together.
func (c *Correlation) tell(pairs []pair) {
	c.N = int64(len(pairs))
	c.Pearson = pearson(pairs)
	c.Spearman = pearson(ranked(pairs))
	c.Interval, c.RankInterval = fisher(c.Pearson, len(pairs)), fisher(c.Spearman, len(pairs))
}

func fisher(r *float64, n int) *Interval {
	if r == nil {
		return nil
	}
	low, high := stats.Fisher(*r, n)
	return &Interval{low, high}
}

func (s *scope) pairs() []pair {
	type found struct {
		pairs []pair
		look  look
	}
	visit := func(f *found, slot uint32, r *row) {
		if !s.in(r) || !s.lets(slot, r) {
			return
		}
		x := &f.look
		x.r, x.slot = r, slot
		a, isA := s.single(x, &s.measures[0])
		b, isB := s.single(x, &s.measures[1])
		if isA && isB {
			f.pairs = append(f.pairs, pair{a, b, slot})
		}
	}
	return sweep(s.t, func() *found { return &found{look: look{t: s.t, cut: s.cut}} }, visit,
		func(into, from *found) { into.pairs = append(into.pairs, from.pairs...) }).pairs
}

// single is what one case has of a measure.
func (s *scope) single(x *look, m *Measure) (v int64, is bool) {
	if !x.r.flags.counts(m.of) {
		return 0, false
	}
	x.items(m, func(o owner) {
		if !s.mine(x.r, o) {
			return
		}
		if m.value != nil {
			if one, counts := m.value(x); counts {
				v, is = one, true
			}
			return
		}
		if verdict := m.judge(x); verdict != leftOut {
			v, is = int64(yes(verdict == hit)), true
		}
	})
	return v, is
}

// pearson is the correlation of pairs of whole numbers, from exact sums: the nearest float to it, the same in
// whatever order they come. Nil where it is not defined.
func pearson(pairs []pair) *float64 {
	var x, y, xx, yy, xy wide
	for _, p := range pairs {
		x.add(0, uint64(p.x)) //nolint:gosec // none is negative
		y.add(0, uint64(p.y)) //nolint:gosec // none is negative
		xx.addProduct(p.x, p.x)
		yy.addProduct(p.y, p.y)
		xy.addProduct(p.x, p.y)
	}
	n := big.NewInt(int64(len(pairs)))
	moment := func(of, a, b wide) *big.Int {
		m := new(big.Int).Mul(n, of.big())
		return m.Sub(m, new(big.Int).Mul(a.big(), b.big()))
	}
	under := new(big.Int).Mul(moment(xx, x, x), moment(yy, y, y))
	if under.Sign() <= 0 {
		return nil
	}
	const exactly = 512
	root := new(big.Float).SetPrec(exactly).SetInt(under)
	r, _ := new(big.Float).SetPrec(exactly).Quo(new(big.Float).SetPrec(exactly).SetInt(moment(xy, x, y)), root.Sqrt(root)).Float64()
	return &r
}

// ranked replaces values by twice their ranks, so that the mean rank of equal ones is a whole number.
func ranked(pairs []pair) []pair {
	out := make([]pair, len(pairs))
	rank := func(of func(pair) int64, set func(*pair, int64)) {
		order := make([]int, len(pairs))
		for i := range order {
			order[i] = i
		}
		slices.SortFunc(order, func(a, b int) int { return cmp.Compare(of(pairs[a]), of(pairs[b])) })
		for i := 0; i < len(order); {
			j := i
			for j < len(order) && of(pairs[order[j]]) == of(pairs[order[i]]) {
				j++
			}
			for k := i; k < j; k++ {
				set(&out[order[k]], int64(i+j+1))
			}
			i = j
		}
	}
	rank(func(p pair) int64 { return p.x }, func(p *pair, r int64) { p.x = r })
	rank(func(p pair) int64 { return p.y }, func(p *pair, r int64) { p.y = r })
	return out
}
