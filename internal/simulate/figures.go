package simulate

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"time"

	"recourse/internal/kpi"
	"recourse/internal/lifecycle"
	"recourse/models"
)

// mostForKPIs bounds the cases of which KPIs are computed: they need every case at once, about 600 bytes each.
const mostForKPIs = 130_000

// figures are the sums of one policy.
type figures struct {
	name     string
	cfg      Config
	open     int
	clocks   map[models.Clock]*Clock
	rungs    map[rung]*Rung
	load     map[models.Role]*Load
	lengths  map[int]*Length
	own      OwnDue
	table    *kpi.Table // nil: there are too many cases
	mostKPIs int
	received [2]time.Time // the earliest and the latest
}

type rung struct {
	clock  models.Clock
	bound  models.Bound
	rung   int
	repeat int
}

func newFigures(name string, cfg Config) *figures {
	return &figures{
		name: name, cfg: cfg, mostKPIs: mostForKPIs / len(cfg.Variants), clocks: map[models.Clock]*Clock{}, rungs: map[rung]*Rung{}, load: map[models.Role]*Load{},
		lengths: map[int]*Length{}, table: kpi.NewTable(),
	}
}

// take takes one case in.
func (f *figures) take(c Case, l lived) error {
	if l.c.State.Open() {
		f.open++
	}
	for _, r := range l.c.Runs {
		f.run(r, l.c)
	}
	for _, e := range l.events {
		f.event(e)
	}
	f.ownDue(c, l.c)
	f.count(l)
	return nil
}

// run takes one run of a clock in.
func (f *figures) run(r lifecycle.Run, c lifecycle.Case) {
	if r.Clock == models.ClockTotal || r.Clock == models.ClockSurvey {
		return
	}
	of := at(f.clocks, r.Clock, func() *Clock { return &Clock{Clock: r.Clock} })
	of.Runs++
	switch r.End {
	case models.ClockRunning:
		of.Running++
	case models.ClockMet:
		of.Met++
	case models.ClockBreached:
		of.Breached++
	case models.ClockCancelled:
		of.Cancelled++
	}
	ended := r.EndedAt
	if !r.StoodAt.IsZero() {
		ended = r.StoodAt
	}
	unkept := closedUnkept(r, c)
	if unkept {
		of.ClosedUnkept++
	}
	for _, b := range r.Bounds() {
		sums := &of.Limit
		if b == models.BoundTarget {
			sums = &of.Target
		}
		sums.Set++
		switch {
		case r.Missed(b), unkept && r.At(b).Before(f.cfg.AsOf):
			sums.Passed++
		case r.End == models.ClockMet || r.End == models.ClockBreached:
			sums.InTime++
		}
		if ended.Equal(r.At(b)) && r.End != models.ClockRunning && r.End != models.ClockCancelled {
			sums.AtTheInstant++
		}
	}
}

// closedUnkept says whether another system closed a case without ever keeping a promise: ours cannot, and closing
// keeps none. It is broken when its bound has passed.
func closedUnkept(r lifecycle.Run, c lifecycle.Case) bool {
	return c.Adopted && r.End == models.ClockCancelled && r.Clock.Ladder() == models.LadderPromise &&
		c.Ending == models.StateClosed && r.EndedAt.Equal(c.Milestones.EndedAt)
}

// event takes an alert, or an acknowledgement, in.
func (f *figures) event(e models.Event) {
	switch d := e.Data.(type) {
	case models.Escalated:
		key := rung{d.Clock, d.Bound, d.Rung, d.Repeat}
		of := at(f.rungs, key, func() *Rung { return &Rung{Clock: d.Clock, Bound: d.Bound, Rung: d.Rung, Repeat: d.Repeat} })
		of.Alerts++
		if d.Follows != "" {
			of.Unacknowledged++
		}
		if d.Superseded {
			of.Superseded++
			return
		}
		local := e.DecidedAt.In(f.cfg.Zone)
		for _, role := range d.Roles {
			load := at(f.load, role, func() *Load { return &Load{Role: role} })
			load.Alerts++
			load.ByHour[int(local.Weekday()+6)%7][local.Hour()]++
			if !d.AckBy.IsZero() {
				load.ToAcknowledge++
			}
		}
	}
}

func at[K comparable, V any](of map[K]*V, key K, fresh func() *V) *V {
	v, known := of[key]
	if !known {
		v = fresh()
		of[key] = v
	}
	return v
}

// ownDue judges a case by the due date of its own log.
func (f *figures) ownDue(c Case, now lifecycle.Case) {
	d, is := c.Events[0].Data.(models.Adopted)
	r, ran := now.First(models.ClockHandling)
	if !is || !ran || d.HandlingDue.IsZero() {
		return
	}
	f.own.Cases++
	late := r.LimitMissed
	if late {
		f.own.Overdue++
	} else {
		f.own.OnTime++
	}
	hours := onTheWall(d.Opened.ReceivedAt, d.HandlingDue, d.Opened.Zone).Hours()
	whole := math.Round(hours)
	if math.Abs(hours-whole) >= 0.1 || whole > maxLength || whole < 0 {
		f.own.Uneven++
		return
	}
	of := at(f.lengths, int(whole), func() *Length { return &Length{Hours: int(whole)} })
	of.Cases++
	if late {
		of.Overdue++
	}
}

// maxLength bounds the lengths that are told apart, in hours: a year.
const maxLength = 366 * 24

// onTheWall is how much later a clock on the wall of a zone showed at an instant, whatever was done to it between.
func onTheWall(from, to time.Time, name string) time.Duration {
	zone, err := time.LoadLocation(name)
	if err != nil {
		zone = time.UTC
	}
	wall := func(t time.Time) time.Time {
		t = t.In(zone)
		_, offset := t.Zone()
		return t.Add(time.Duration(offset) * time.Second)
	}
	return wall(to).Sub(wall(from))
}

// count puts a case into the table that KPIs are computed from, while there is room.
func (f *figures) count(l lived) {
	if f.table == nil {
		return
	}
	if f.table.Len() >= f.mostKPIs {
		f.table = nil
		return
	}
	row := models.FigureRow{Case: lifecycle.Columns(l.c), FactRows: lifecycle.Facts(l.c), Alerts: lifecycle.AlertsOf(l.c, l.events)}
	record := kpi.RecordOf(row, func(o models.Ownership) time.Duration { return o.Until.Sub(o.From) })
	record.Adopted = l.c.Adopted
	f.table.Put(record)
	received := l.c.Opened.ReceivedAt
	if f.received[0].IsZero() || received.Before(f.received[0]) {
		f.received[0] = received
	}
	if received.After(f.received[1]) {
		f.received[1] = received
	}
}

// outcome is what the policy came to.
func (f *figures) outcome() (Outcome, error) {
	o := Outcome{Policy: f.name, OpenAtTheEnd: f.open}
	for _, k := range models.Clocks() {
		if of, is := f.clocks[k]; is {
			o.Clocks = append(o.Clocks, *of)
		}
	}
	for _, of := range f.rungs {
		o.Rungs = append(o.Rungs, *of)
	}
	slices.SortFunc(o.Rungs, func(a, b Rung) int {
		return cmp.Or(cmp.Compare(slices.Index(models.Clocks(), a.Clock), slices.Index(models.Clocks(), b.Clock)),
			-cmp.Compare(a.Bound, b.Bound), cmp.Compare(a.Rung, b.Rung), cmp.Compare(a.Repeat, b.Repeat))
	})
	for _, role := range models.Roles() {
		if of, is := f.load[role]; is {
			o.Load = append(o.Load, *of)
		}
	}
	if f.own.Cases > 0 {
		own := f.own
		for _, hours := range slices.Sorted(maps.Keys(f.lengths)) {
			own.ByLength = append(own.ByLength, *f.lengths[hours])
		}
		o.OwnDue = &own
	}
	return o, f.kpis(&o)
}

// kpis adds the headline figures of all cases received.
func (f *figures) kpis(o *Outcome) error {
	switch {
	case f.table == nil:
		o.KPIsLeftOut = "there are more cases than KPIs are computed of here; import them and read the dashboard"
		return nil
	case f.table.Len() == 0:
		return nil
	}
	summary, err := f.table.Summary(kpi.Query{
		From: f.received[0], Until: f.received[1].Add(time.Microsecond), Cut: f.cfg.AsOf, Zone: f.cfg.Zone, Visible: models.Visible{All: true, Whole: true},
	})
	for _, a := range summary.Answers {
		o.KPIs = append(o.KPIs, KPI{Key: a.ID(), Unit: string(a.Unit), Title: a.Title.EN, Value: a.Value})
	}
	return err
}
