package signals

import (
	"cmp"
	"slices"
	"time"

	"recourse/internal/kpi"
	"recourse/internal/stats"
	"recourse/models"
)

// Find looks for signals in the periods that are complete at an instant, in the order of their periods and of
// what they are about. Weeks are judged by the rate where volumes lie in weeks, else by the count; months by the
// rate where volumes lie in months alone; causes by their share of the complaints whose cause is known, because
// that is only known when a case was looked into.
func Find(table *kpi.Table, at time.Time, zone *time.Location) ([]models.Signal, error) {
	all, err := read(table, at, zone)
	if err != nil {
		return nil, err
	}
	var found []models.Signal
	for _, s := range all {
		found = append(found, Judge(s, at)...)
	}
	for i, samples := 0, table.Samples(); i < len(found); i++ {
		found[i].Sample = samples
	}
	slices.SortFunc(found, compare)
	return found, nil
}

func compare(a, b models.Signal) int {
	return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.Step, b.Step), cmp.Compare(a.Dimension, b.Dimension), cmp.Compare(a.Value, b.Value))
}

// read makes a series of every product, category and cause that has complaints.
func read(table *kpi.Table, at time.Time, zone *time.Location) (all []Series, err error) {
	weeks, err := lay(table, kpi.StepWeek, at, zone)
	if err != nil {
		return nil, err
	}
	months, err := lay(table, kpi.StepMonth, at, zone)
	if err != nil {
		return nil, err
	}
	for k, l := range weeks.lines {
		if k.by == kpi.ByCause {
			all = append(all, weeks.shares(k, l))
			continue
		}
		kind, is := weeks.volume(k)
		if is {
			all = append(all, weeks.rates(k, l, kind))
			continue
		}
		all = append(all, weeks.counts(k, l))
		if kind, is := months.volume(k); is {
			all = append(all, months.rates(k, months.line(k), kind))
		}
	}
	return all, nil
}

// shares are of the complaints whose cause is known. The causes are always the same: none is new.
func (g *grid) shares(k key, l *line) Series {
	return g.series(k, Series{Chart: stats.ChartP}, func(i int) (int64, int64) { return l.received[i], g.known[i] })
}

// counts begin with the first complaint: before, there may have been no such product.
func (g *grid) counts(k key, l *line) Series {
	s := g.series(k, Series{Chart: stats.ChartXmR}, func(i int) (int64, int64) { return l.received[i], 1 })
	return s.from(g.first, l)
}

// rates of a product begin with its first volume; those of a category, which is set against all business, with
// its first complaint.
func (g *grid) rates(k key, l *line, kind models.VolumeKind) Series {
	sizes := g.sizes(k, kind)
	s := g.series(k, Series{Chart: stats.ChartU, Volume: kind}, func(i int) (int64, int64) { return l.covered[kind][i], sizes[i] })
	if k.by == kpi.ByProduct {
		return s
	}
	return s.from(g.first, l)
}

func (g *grid) series(k key, s Series, of func(i int) (count, size int64)) Series {
	s.Dimension, s.Value, s.Step, s.Zone = k.by, k.value, g.step, g.zone
	for i := g.first; i < len(g.buckets); i++ {
		b := g.buckets[i]
		p := Period{From: b.From, Until: b.Until, Label: b.Label}
		p.Count, p.Size = of(i)
		s.Periods = append(s.Periods, p)
	}
	return s
}

// from leaves out the periods before the first complaint; the first is that of its first period.
func (s Series) from(first int, l *line) Series {
	if l.old {
		return s
	}
	for i := range s.Periods {
		if l.received[first+i] > 0 {
			s.Periods = s.Periods[i:]
			return s
		}
	}
	s.Periods = nil
	return s
}

// volume is the first kind of business that is known of a value in one of the newest periods.
func (g *grid) volume(k key) (models.VolumeKind, bool) {
	for _, kind := range models.VolumeKinds() {
		sizes := g.sizes(k, kind)
		if slices.ContainsFunc(sizes[max(0, len(sizes)-judged):], func(n int64) bool { return n > 0 }) && g.covers(k, kind) {
			return kind, true
		}
	}
	return "", false
}

// covers says whether business is known of nearly all complaints of a category; of the others a rate says nothing.
func (g *grid) covers(k key, kind models.VolumeKind) bool {
	if k.by == kpi.ByProduct {
		return true
	}
	var covered, received int64
	for i, size := range g.business[kind] {
		if size > 0 {
			covered, received = covered+g.line(k).covered[kind][i], received+g.line(k).received[i]
		}
	}
	return 10*covered >= 9*received
}

// sizes are the business of a value in every period: of a product its own, else all there is.
func (g *grid) sizes(k key, kind models.VolumeKind) []int64 {
	if k.by != kpi.ByProduct {
		return g.business[kind]
	}
	if sizes := g.products[kind][k.value]; sizes != nil {
		return sizes
	}
	return make([]int64, len(g.buckets))
}
