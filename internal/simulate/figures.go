package simulate

import (
	"maps"
	"math"
	"slices"
	"time"

	"recourse/internal/lifecycle"
	"recourse/models"
)

// figures are the sums of one policy.
type figures struct {
	name    string
	cfg     Config
	open    int
	clocks  map[models.Clock]*Clock
	ladders *ladders
	before  *ladders // before cases came on record from another system
	lengths map[int]*Length
	own     OwnDue
	kpis    *kpis
}

func newFigures(v Variant, cfg Config) *figures {
	return &figures{
		name: v.Name, cfg: cfg, clocks: map[models.Clock]*Clock{}, lengths: map[int]*Length{}, kpis: newKPIs(v, cfg),
		ladders: newLadders(cfg), before: newLadders(cfg),
	}
}

// take takes one case in.
func (f *figures) take(c Case, l lifecycle.Lived) error {
	if l.Case.State.Open() {
		f.open++
	}
	begun, passed := map[models.Clock]bool{}, map[bound]bool{}
	for _, r := range l.Case.Runs {
		if first := !begun[r.Clock]; f.run(r, l.Case, first, passed) && first {
			f.clocks[r.Clock].Cases++
			begun[r.Clock] = true
		}
	}
	f.ladders.take(l)
	if l.Before != nil {
		f.before.take(*l.Before)
	}
	f.ownDue(c, l.Case)
	return f.kpis.take(l)
}

// bound is a bound of one of the clocks of a case.
type bound struct {
	clock models.Clock
	is    models.Bound
}

// run takes one run of a clock in, the first of its case or another one, and notes the bounds that it passed.
// It says whether the clock is counted.
func (f *figures) run(r lifecycle.Run, c lifecycle.Case, first bool, passed map[bound]bool) bool {
	if r.Clock == models.ClockTotal || r.Clock == models.ClockSurvey {
		return false
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
			sums.pass(first, !passed[bound{r.Clock, b}])
			passed[bound{r.Clock, b}] = true
		case r.End == models.ClockMet || r.End == models.ClockBreached:
			sums.InTime++
		}
		if ended.Equal(r.At(b)) && r.End != models.ClockRunning && r.End != models.ClockCancelled {
			sums.AtTheInstant++
		}
	}
	return true
}

// pass counts a run that passed the bound: the first of its case, and the first of it to pass.
func (b *Bound) pass(firstRun, firstToPass bool) {
	b.Passed++
	if firstRun {
		b.FirstPassed++
	}
	if firstToPass {
		b.CasesPassed++
	}
}

// closedUnkept says whether another system closed a case without ever keeping a promise: ours cannot, and closing
// keeps none. It is broken when its bound has passed.
func closedUnkept(r lifecycle.Run, c lifecycle.Case) bool {
	return c.Adopted && r.End == models.ClockCancelled && r.Clock.Ladder() == models.LadderPromise &&
		c.Ending == models.StateClosed && r.EndedAt.Equal(c.Milestones.EndedAt)
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

// outcome is what the policy came to.
func (f *figures) outcome() (Outcome, error) {
	o := Outcome{Policy: f.name, OpenAtTheEnd: f.open}
	for _, k := range models.Clocks() {
		if of, is := f.clocks[k]; is {
			o.Clocks = append(o.Clocks, *of)
		}
	}
	o.Ladders = f.ladders.told()
	if f.before.alerts > 0 {
		before := f.before.told()
		o.BeforeImport = &before
	}
	if f.own.Cases > 0 {
		own := f.own
		for _, hours := range slices.Sorted(maps.Keys(f.lengths)) {
			own.ByLength = append(own.ByLength, *f.lengths[hours])
		}
		o.OwnDue = &own
	}
	err := f.kpis.tell(&o)
	return o, err
}
