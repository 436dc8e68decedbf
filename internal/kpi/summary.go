package kpi

import (
	"slices"
	"time"
)

// Summary is what the measures say of a period.
type Summary struct {
	From, Until, Cut time.Time
	PreviousFrom     time.Time // the period before reaches from here to From
	Samples          bool      // no real case is on record; these are the samples' figures

	Received    int64 // without merged and mystery-shopper cases
	Withdrawn   int64
	NotAccepted int64
	Merged      int64
	Anonymous   int64 // of those received
	Open        int64
	Resolved    int64 // of those neither withdrawn nor not accepted

	Answers []Answer
}

// Answer is a measure with what it says of this period, of the one before, and of the anonymous cases among them.
type Answer struct {
	Measure
	Value     Value
	Anonymous Value
	Previous  *Value
	Beside    []Answer // what must stand beside it
}

// told are the measures by which a summary says how many cases there were.
var told = []string{"withdrawn_rate", "not_accepted_rate", "merge_rate", "open_rate", "resolution_rate"}

// Summary answers the measures of a query, each with what stands beside it, and with the period before.
func (t *Table) Summary(q Query) (s Summary, err error) {
	t.read(func() { s, err = t.summary(q) })
	return s, err
}

// Samples says whether the figures are those of samples: no real case is on record.
func (t *Table) Samples() (are bool) {
	t.read(func() { are = t.real == 0 && len(t.slots) > 0 })
	return are
}

func (t *Table) summary(q Query) (Summary, error) {
	asked, err := t.ready(q)
	if err != nil {
		return Summary{}, err
	}
	keys := withBeside(asked.measures)
	q.Measures = keys
	now, err := t.values(q)
	if err != nil {
		return Summary{}, err
	}
	before := q
	before.From, before.Until = Previous(q.From, q.Until, asked.zone)
	if before.Cut.IsZero() {
		before.Cut = q.Until
	}
	then, err := t.values(before)
	if err != nil {
		return Summary{}, err
	}
	s := Summary{From: q.From, Until: q.Until, Cut: instant(asked.cut), PreviousFrom: before.From, Samples: asked.samples && len(t.slots) > 0}
	s.tell(now)
	for _, m := range asked.measures {
		s.Answers = append(s.Answers, answerOf(m, now, then))
	}
	return s, nil
}

// withBeside are the keys of measures, of what stands beside them, and of what a summary counts.
func withBeside(measures []Measure) []string {
	var all []string
	add := func(key string) {
		if !slices.Contains(all, key) {
			all = append(all, key)
		}
	}
	for _, m := range measures {
		add(m.ID())
		for _, key := range m.Beside {
			add(found(key).ID())
		}
	}
	for _, key := range told {
		add(found(key).ID())
	}
	return all
}

// found is a measure of our own naming.
func found(key string) Measure {
	m, err := Find(key)
	if err != nil {
		panic(err) // a test finds every key that a definition names
	}
	return m
}

// both are the values of a measure in a period: of all cases, and of the anonymous among them.
type both struct{ all, anonymous Value }

// values counts measures once over a period, by their ids.
func (t *Table) values(q Query) (map[string]both, error) {
	s, err := t.ready(q)
	if err != nil {
		return nil, err
	}
	cells := s.count(func(r *row, _ int64, _ owner) (uint64, bool) { return uint64(yes(r.flags.is(isAnonymous))), true })
	named, anonymous := s.cell(cells[0]), s.cell(cells[1])
	out := map[string]both{}
	for i := range s.measures {
		m := &s.measures[i]
		named[i].merge(&anonymous[i])
		s.over(m, &named[i], 0, nil)
		s.over(m, &anonymous[i], 0, nil)
		out[m.ID()] = both{t.figure(m, &named[i]), t.figure(m, &anonymous[i])}
	}
	return out, nil
}

// cell is a cell as counted, an empty one where nothing was.
func (s *scope) cell(c []tally) []tally {
	if c == nil {
		return make([]tally, len(s.measures))
	}
	return c
}

func (s *Summary) tell(now map[string]both) {
	of := func(i int) both { return now[found(told[i]).ID()] }
	s.Received, s.Withdrawn, s.Anonymous = of(0).all.N, of(0).all.Hits, of(0).anonymous.N
	s.NotAccepted, s.Merged, s.Open, s.Resolved = of(1).all.Hits, of(2).all.Hits, of(3).all.Hits, of(4).all.Hits
}

func answerOf(m Measure, now, then map[string]both) Answer {
	one := func(m Measure) Answer {
		v, previous := now[m.ID()], then[m.ID()].all
		return Answer{Measure: m, Value: v.all, Anonymous: v.anonymous, Previous: &previous}
	}
	a := one(m)
	for _, key := range m.Beside {
		a.Beside = append(a.Beside, one(found(key)))
	}
	return a
}
