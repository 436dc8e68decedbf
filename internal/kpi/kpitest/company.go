// Package kpitest makes the cases of a company that does not exist: any number of them, the same for the same
// seed, with all that can happen to a case. Tests and benchmarks of figures count them.
package kpitest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"time"

	"recourse/internal/kpi"
	"recourse/models"
)

// Company is a company and how long it took complaints.
type Company struct {
	Seed        uint64
	Cases       int
	From, Until time.Time // when its cases were received
	AsOf        time.Time // nothing happened later: what was under way then is open
}

// Year is a company with a number of cases, received in 2025 and counted as of the first of February after.
func Year(seed uint64, cases int) Company {
	from := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	return Company{seed, cases, from, from.AddDate(1, 0, 0), from.AddDate(1, 1, 0)}
}

// Records makes the cases one by one, in the order of their numbers.
func (c Company) Records() iter.Seq[kpi.Record] {
	return func(yield func(kpi.Record) bool) {
		for i := range c.Cases {
			if !yield(c.Record(i)) {
				return
			}
		}
	}
}

// Volumes are units, orders and customers of each product and month, as if nothing else changed.
func (c Company) Volumes() []models.Volume {
	var all []models.Volume
	for month := c.From; month.Before(c.Until); month = month.AddDate(0, 1, 0) {
		for p := range products {
			for k, kind := range models.VolumeKinds() {
				if p%5 != 4 || kind == models.VolumeUnits { // not everything is known of every product
					all = append(all, models.Volume{
						Product: product(p), Kind: kind, From: month, Until: month.AddDate(0, 1, 0), Count: int64(1000 + 137*p + 311*k),
					})
				}
			}
		}
	}
	return all
}

// How large the company is.
const (
	departments = 12
	people      = 9 // in each department
	products    = 40
	categories  = 24
	regions     = 8
)

func department(n int) string         { return fmt.Sprintf("department-%02d", n) }
func person(department, n int) string { return fmt.Sprintf("person-%02d-%d", department, n) }
func product(n int) string            { return fmt.Sprintf("product-%02d", n) }

// id is a UUID of what it names.
func id(of string, seed uint64, n int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d %d", of, seed, n))
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80
	h := hex.EncodeToString(sum[:16])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// pick is one of some values, by their weights.
func pick[T any](r *rand.Rand, weights []int, values []T) T {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	at := r.IntN(sum)
	for i, w := range weights {
		if at < w {
			return values[i]
		}
		at -= w
	}
	return values[len(values)-1]
}

// skewed is a number below n, small ones oftener than great ones.
func skewed(r *rand.Rand, n int) int { return int(float64(n) * math.Pow(r.Float64(), 2)) }

// long is a length of time around a median, seldom much longer: a log-normal one, cut to microseconds.
func long(r *rand.Rand, median time.Duration, spread float64) time.Duration {
	return time.Duration(float64(median) * math.Exp(spread*r.NormFloat64())).Truncate(time.Microsecond)
}
