package signals

import (
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
	known    []int64 // complaints whose cause is known
	business map[models.VolumeKind][]int64
	products map[models.VolumeKind]map[string][]int64
}

// lay counts the periods of a step that are complete at an instant.
func lay(table *kpi.Table, step kpi.Step, at time.Time, zone *time.Location) (*grid, error) {
	until := step.Begin(at.In(zone))
	buckets, err := kpi.Buckets(back(step, until, base+recent+judged-1), until, zone, step)
	if err != nil {
		return nil, err
	}
	g := &grid{
		step: step, zone: zone.String(), buckets: buckets, lines: map[key]*line{}, known: make([]int64, len(buckets)),
		business: map[models.VolumeKind][]int64{}, products: map[models.VolumeKind]map[string][]int64{},
	}
	for _, kind := range models.VolumeKinds() {
		g.business[kind], g.products[kind] = make([]int64, len(buckets)), map[string][]int64{}
	}
	for i := range buckets {
		if err := g.count(table, i); err != nil {
			return nil, err
		}
	}
	return g, g.remember(table)
}

// back is the beginning of the n-th period before one that begins at an instant.
func back(step kpi.Step, at time.Time, n int) time.Time {
	noon := time.Date(at.Year(), at.Month(), at.Day(), 12, 0, 0, 0, at.Location()) // no clock is turned at noon
	if step == kpi.StepMonth {
		return step.Begin(noon.AddDate(0, -n, 0))
	}
	return step.Begin(noon.AddDate(0, 0, -7*n))
}

// query asks for everything that is on record of a while, whoever may see it: signals name no case.
func query(from, until time.Time) kpi.Query {
	q := kpi.Query{From: from, Until: until, Visible: models.Visible{Whole: true}, Measures: []string{"received"}}
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
		if by == kpi.ByProduct {
			continue
		}
		for k, kind := range models.VolumeKinds() {
			g.business[kind][i] = b.Total[k+1].Denominator
		}
	}
	volumes, err := table.VolumesIn(q)
	for _, v := range volumes {
		if v.Product == "" {
			continue
		}
		if g.products[v.Kind][v.Product] == nil {
			g.products[v.Kind][v.Product] = make([]int64, len(g.buckets))
		}
		g.products[v.Kind][v.Product][i] = v.Count
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

// remember notes which values had complaints before.
func (g *grid) remember(table *kpi.Table) error {
	q := query(time.Unix(0, 0), g.buckets[0].From)
	for _, by := range []kpi.Dimension{kpi.ByProduct, kpi.ByCategory} {
		b, err := table.Breakdown(q, by)
		if err != nil {
			return err
		}
		for _, row := range b.Rows {
			if l := g.lines[key{by, row.Keys[0]}]; l != nil {
				l.old = true
			}
		}
	}
	return nil
}
