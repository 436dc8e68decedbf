package simulate

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"recourse/internal/lifecycle"
	"recourse/models"
)

// Case is a case that happened: the events on record, or a history of another system.
type Case struct {
	Name   string // by which people know it
	Events []models.Event
}

// History is a case as another system's log tells it, of a customer by their id there; nobody knows whose it is
// where that is empty.
func History(a models.Adopted, customer string, asOf time.Time) Case {
	a.Opened.Rules = lifecycle.RulesVersion()
	if a.Opened.Anonymous = customer == ""; customer != "" {
		a.Opened.CustomerID = a.Source + "/" + customer
	}
	id := a.Source + "/" + a.Reference
	return Case{Name: a.Reference, Events: []models.Event{{
		ID: id, Case: id, Seq: 1, Cycle: 1, Kind: models.KindAdopted, Version: models.KindAdopted.Version(), Actor: models.System(),
		DecidedAt: asOf, HappenedAt: asOf, Data: a,
	}}}
}

// Variant is one policy to try.
type Variant struct {
	Name  string
	Rules lifecycle.Rules
	// Open says how long a department was open between two instants, by the calendars of the policy. Nil: always.
	Open func(row models.Case, department string, from, until time.Time) (time.Duration, error)
}

// Config says what is asked.
type Config struct {
	Variants []Variant // one, or two to be compared
	AsOf     time.Time // up to when clocks run
	Zone     *time.Location
	From     time.Time // of the period that figures are asked of; zero: from the first case received
	Until    time.Time // likewise; zero: up to the last
	Temp     string    // folder for what changed; empty: the system's
	Memory   int64     // bytes that KPIs may take, which need every case at once; 0: DefaultMemory
	Rosters  []Roster
	Workers  int // how many cases are lived at a time; 0: as many as there are processors

	Seen func(c Case, lives []lifecycle.Lived) // is shown each case, and what it came to by each policy; may be nil

	Survivors map[string]string // customer records that were merged, and into which
	Volumes   []models.Volume   // by which rates are measured
}

// DefaultMemory leaves a process that simulates below 300 MB.
const DefaultMemory = 80 << 20

// inBatch is how many cases are lived at a time.
const inBatch = 512

// Simulation takes cases one by one.
type Simulation struct {
	cfg     Config
	batch   []Case
	figures []*figures // of each variant
	changed *changes   // nil: nothing is compared
	cases   int
}

// New begins a simulation. Close it.
func New(cfg Config) (*Simulation, error) {
	s := &Simulation{cfg: cfg}
	for _, v := range cfg.Variants {
		s.figures = append(s.figures, newFigures(v, cfg))
	}
	if len(cfg.Variants) < 2 {
		return s, nil
	}
	file, err := os.CreateTemp(cfg.Temp, "recourse-simulate-*")
	if err != nil {
		return nil, err
	}
	s.changed = newChanges(file)
	return s, nil
}

// Close gives back what the simulation holds.
func (s *Simulation) Close() error {
	if s.changed == nil {
		return nil
	}
	return errors.Join(s.changed.file.Close(), os.Remove(s.changed.file.Name()))
}

// Add takes a case.
func (s *Simulation) Add(c Case) error {
	if s.batch = append(s.batch, c); len(s.batch) < inBatch {
		return nil
	}
	return s.flush()
}

// flush lets the cases of the batch live, as many at a time as there are processors, and takes them into the
// figures in their order.
func (s *Simulation) flush() error {
	results, faults := make([][]lifecycle.Lived, len(s.batch)), make([]error, len(s.batch))
	var (
		work sync.WaitGroup
		next = make(chan int)
	)
	for range cmp.Or(s.cfg.Workers, runtime.GOMAXPROCS(0)) {
		work.Go(func() {
			for i := range next {
				results[i], faults[i] = s.live(s.batch[i])
			}
		})
	}
	for i := range s.batch {
		next <- i
	}
	close(next)
	work.Wait()
	if err := errors.Join(faults...); err != nil {
		return err
	}
	for i, c := range s.batch {
		if err := s.take(c, results[i]); err != nil {
			return err
		}
	}
	s.batch = s.batch[:0]
	return nil
}

// live lets a case live under every variant. A server simulates, too: a fault of ours ends the simulation, not
// the server.
func (s *Simulation) live(c Case) (lives []lifecycle.Lived, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("case %s cannot be simulated: %v\n%s", c.Name, fault, debug.Stack())
		}
	}()
	for _, v := range s.cfg.Variants {
		lives = append(lives, lifecycle.Replay(c.Events, v.Rules, s.cfg.AsOf))
	}
	return lives, nil
}

// take sums one case up.
func (s *Simulation) take(c Case, lives []lifecycle.Lived) error {
	s.cases++
	if s.cfg.Seen != nil {
		s.cfg.Seen(c, lives)
	}
	for i, l := range lives {
		if err := s.figures[i].take(c, l); err != nil {
			return err
		}
	}
	if s.changed == nil {
		return nil
	}
	return s.changed.take(c.Name, lives[0].Case, lives[1].Case)
}

// Report lives what is left and says what all of it came to.
func (s *Simulation) Report() (Report, error) {
	if err := s.flush(); err != nil {
		return Report{}, err
	}
	r := Report{AsOf: s.cfg.AsOf.UTC(), Zone: s.cfg.Zone.String(), Cases: s.cases}
	for _, f := range s.figures {
		outcome, err := f.outcome()
		if err != nil {
			return r, err
		}
		r.Policies = append(r.Policies, outcome)
	}
	if s.changed != nil {
		r.Changed = s.changed.sums()
		r.changes = s.changed
	}
	return r, nil
}
