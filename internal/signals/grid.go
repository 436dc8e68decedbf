package signals

import (
	"slices"
	"time"

	"recourse/internal/kpi"
	"recourse/models"
)

// measures are asked of every period: how many complaints, then the rates by kind of volume.
var measures = map[models.VolumeKind]string{
	models.VolumeUnits: "complaint_rate", models.VolumeOrders: "complaint_rate_orders", models.VolumeCustomers: "complaint_rate_customers",
}

// key is what a line is about.
type key struct {
	by    kpi.Dimension
	value string
}

// line is what was counted of one value in each period of a grid.
type line struct {
	received []int64
	covered  map[models.VolumeKind][]int64 // of those, the ones of which business is known
	old      bool                          // there were some before the grid begins
}

// grid is what was counted of all values in the periods that end before an instant.
type grid struct {
	step     kpi.Step
	zone     string
	buckets  []kpi.Bucket
	lines    map[key]*line
	first    int     // the period of the first complaint of all: before, none were recorded
	total    []int64 // complaints of all
	known    []int64 // complaints whose cause is known
	business map[models.VolumeKind][]int64
	products map[models.VolumeKind]map[string][]int64 // nothing: none is known; of no product: all business
	told     map[models.VolumeKind]map[string][]bool  // of which something is known, be it that nothing was sold
}

// lay counts the periods of a step that are complete at an instant.
func lay(table *kpi.Table, step kpi.Step, at time.Time, zone *time.Location) (*grid, error) {
	until := step.Begin(at.In(zone))
	buckets, err := kpi.Buckets(back(step, until, base+recent+judged-1), until, zone, step)
	if err != nil {
		return nil, err
	}
	g := &grid{
		step: step, zone: zone.String(), buckets: buckets, lines: map[key]*line{}, total: make([]int64, len(buckets)), known: make([]int64, len(buckets)),
		business: map[models.VolumeKind][]int64{}, products: map[models.VolumeKind]map[string][]int64{}, told: map[models.VolumeKind]map[string][]bool{},
	}
	for _, kind := range models.VolumeKinds() {
		g.business[kind], g.products[kind], g.told[kind] = make([]int64, len(buckets)), map[string][]int64{}, map[string][]bool{}
	}
	for i := range buckets {
		if err := g.count(table, i); err != nil {
			return nil, err
		}
	}
	g.wait()
	return g, g.remember(table)
}

// wait leaves out periods of which the business of all is not known yet: a product, or what was sold under no
// product's name, of which something was known in one of the periods just before is missing.
func (g *grid) wait() {
	for kind, all := range g.told {
		for _, told := range all {
			for i := range told {
				if !told[i] && slices.Contains(told[max(0, i-judged):i], true) {
					g.business[kind][i] = 0
				}
			}
		}
	}
}

// back is the beginning of the n-th period before one that begins at an instant.
func back(step kpi.Step, at time.Time, n int) time.Time {
	noon := time.Date(at.Year(), at.Month(), at.Day(), 12, 0, 0, 0, at.Location()) // no clock is turned at noon
	if step == kpi.StepMonth {
		return step.Begin(noon.AddDate(0, -n, 0))
	}
	return step.Begin(noon.AddDate(0, 0, -7*n))
}

// query asks for what whoever sees the company sees: what is for a named circle only stands in no signal.
func query(from, until time.Time) kpi.Query {
	q := kpi.Query{From: from, Until: until, Visible: models.Visible{All: true}, Measures: []string{"received"}}
	for _, kind := range models.VolumeKinds() {
		q.Measures = append(q.Measures, measures[kind])
	}
	return q
}

// count counts one period.
func (g *grid) count(table *kpi.Table, i int) error {
	q := query(g.buckets[i].From, g.buckets[i].Until)
	for _, by := range []kpi.Dimension{kpi.ByProduct, kpi.ByCategory, kpi.ByCause} {
		b, err := table.Breakdown(q, by)
		if err != nil {
			return err
		}
		for _, row := range b.Rows {
			g.put(i, by, row)
		}
		if g.total[i] = b.Total[0].N; by == kpi.ByProduct {
			continue
		}
		for k, kind := range models.VolumeKinds() {
			g.business[kind][i] = b.Total[k+1].Denominator
		}
	}
	volumes, err := table.VolumesIn(q)
	for _, v := range volumes {
		if g.products[v.Kind][v.Product] == nil {
			g.products[v.Kind][v.Product], g.told[v.Kind][v.Product] = make([]int64, len(g.buckets)), make([]bool, len(g.buckets))
		}
		g.products[v.Kind][v.Product][i], g.told[v.Kind][v.Product][i] = v.Count, true
	}
	return err
}

func (g *grid) put(i int, by kpi.Dimension, row kpi.Row) {
	value := row.Keys[0]
	if value == "" {
		return
	}
	if by == kpi.ByCause {
		g.known[i] += row.Values[0].N
	}
	l := g.line(key{by, value})
	l.received[i] = row.Values[0].N
	for k, kind := range models.VolumeKinds() {
		l.covered[kind][i] = row.Values[k+1].Hits
	}
}

func (g *grid) line(k key) *line {
	if g.lines[k] == nil {
		l := &line{received: make([]int64, len(g.buckets)), covered: map[models.VolumeKind][]int64{}}
		for _, kind := range models.VolumeKinds() {
			l.covered[kind] = make([]int64, len(g.buckets))
		}
		g.lines[k] = l
	}
	return g.lines[k]
}

// remember notes which values had complaints before, and when the first of all was.
func (g *grid) remember(table *kpi.Table) error {
	if g.first = slices.IndexFunc(g.total, func(n int64) bool { return n > 0 }); g.first < 0 {
		g.first = len(g.total)
	}
	q := query(time.Unix(0, 0), g.buckets[0].From)
	for _, by := range []kpi.Dimension{kpi.ByProduct, kpi.ByCategory} {
		b, err := table.Breakdown(q, by)
		if err != nil {
			return err
		}
		if b.Total[0].N > 0 {
			g.first = 0
		}
		for _, row := range b.Rows {
			if l := g.lines[key{by, row.Keys[0]}]; l != nil {
				l.old = true
			}
		}
	}
	return nil
}
