package kpi

import (
	"math"
	"math/big"
	"math/bits"
	"slices"
)

// wide is a sum of 128 bits: microseconds squared over a million cases need them. Sums of whole numbers are
// the same in whatever order they are made, and so are the figures.
type wide struct{ hi, lo uint64 }

func (w *wide) add(hi, lo uint64) {
	var carry uint64
	w.lo, carry = bits.Add64(w.lo, lo, 0)
	w.hi, _ = bits.Add64(w.hi, hi, carry)
}

func (w *wide) addProduct(a, b int64) { w.add(bits.Mul64(uint64(a), uint64(b))) } //nolint:gosec // neither is negative

func (w wide) big() *big.Int {
	n := new(big.Int).SetUint64(w.hi)
	return n.Lsh(n, 64).Or(n, new(big.Int).SetUint64(w.lo))
}

// ratio is the nearest float to a fraction.
func ratio(over, under *big.Int) float64 {
	f, _ := new(big.Rat).SetFrac(over, under).Float64()
	return f
}

// moments are what is kept of values that are no verdicts; none is negative.
type moments struct {
	sum, squares wide
	least, most  int64
	values       []int64
}

func (m *moments) add(v int64) {
	m.sum.add(0, uint64(v)) //nolint:gosec // not negative
	m.squares.addProduct(v, v)
	if len(m.values) == 0 {
		m.least, m.most = v, v
	}
	m.least, m.most = min(m.least, v), max(m.most, v)
	m.values = append(m.values, v)
}

func (m *moments) merge(o *moments) {
	m.sum.add(o.sum.hi, o.sum.lo)
	m.squares.add(o.squares.hi, o.squares.lo)
	switch {
	case len(o.values) == 0:
		return
	case len(m.values) == 0:
		m.least, m.most, m.values = o.least, o.most, slices.Clone(o.values)
		return
	}
	m.least, m.most, m.values = min(m.least, o.least), max(m.most, o.most), append(m.values, o.values...)
}

// quantile is the p-quantile by nearest rank, p in percent: the ⌈p·n/100⌉-th smallest value. The median of an
// even number of values is the mean of the two in the middle. It puts the values into another order.
func quantile(values []int64, percent int, scale float64) float64 {
	n := len(values)
	if percent == 50 && n%2 == 0 {
		upper := nth(values, n/2)
		return float64(slices.Max(values[:n/2])+upper) / (2 * scale)
	}
	rank := (percent*n + 99) / 100
	return float64(nth(values, max(rank, 1)-1)) / scale
}

// nth puts the k-th smallest value, from 0, into its place, none greater before it and none smaller after it
// (Hoare's selection): a mean has no need of all values in order.
func nth(values []int64, k int) int64 {
	low, high := 0, len(values)-1
	for high-low > 32 {
		pivot := middle(values[low], values[(low+high)/2], values[high])
		i, j := low, high
		for i <= j {
			for values[i] < pivot {
				i++
			}
			for values[j] > pivot {
				j--
			}
			if i <= j {
				values[i], values[j] = values[j], values[i]
				i, j = i+1, j-1
			}
		}
		switch {
		case k <= j:
			high = j
		case k >= i:
			low = i
		default:
			return values[k]
		}
	}
	slices.Sort(values[low : high+1])
	return values[k]
}

func middle(a, b, c int64) int64 { return max(min(a, b), min(max(a, b), c)) }

// stats says all of the values; nil when there are none. Scale is how many of a value's units make one of the
// figure's.
func (m *moments) stats(scale int64) *Stats {
	n := int64(len(m.values))
	if n == 0 {
		return nil
	}
	by := float64(scale)
	sum, count := m.sum.big(), big.NewInt(n)
	s := &Stats{
		Sum: ratio(sum, big.NewInt(scale)), Mean: ratio(sum, new(big.Int).Mul(count, big.NewInt(scale))),
		Min: float64(m.least) / by, Max: float64(m.most) / by,
		Median: quantile(m.values, 50, by), P90: quantile(m.values, 90, by),
	}
	if n > 1 {
		spread := new(big.Int).Mul(count, m.squares.big())
		spread.Sub(spread, new(big.Int).Mul(sum, sum))
		s.SD = math.Sqrt(ratio(spread, big.NewInt(n*(n-1)))) / by
	}
	return s
}
