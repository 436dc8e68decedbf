package report

import (
	"time"

	"recourse/internal/kpi"
)

// Twin is what a report says beyond its figures when it restates another.
type Twin struct {
	Original string       `json:"original"` // its id
	Digest   string       `json:"digest"`   // of its body
	Cut      time.Time    `json:"cut"`      // its data cut
	Reason   string       `json:"reason"`
	Changes  []Difference `json:"changes"` // of every figure that the original has
}

// Cause is why a figure says something else than it did.
type Cause string

// The causes, in the order in which they are taken off: each step is counted over the table as it is today
// and changes one thing against the step before, so that all of them add up to the whole.
const (
	CauseRecord     Cause = "record"     // what was on record by then is told otherwise now: corrected, or known without an instant
	CauseLate       Cause = "late"       // cases of the period that came on record after the data cut
	CauseTime       Cause = "time"       // what happened, and what fell due, after the data cut
	CauseDefinition Cause = "definition" // the figure is defined otherwise
	CauseRest       Cause = "rest"       // what no step tells, because the old definition cannot be counted any more
)

// Difference is how one figure changed.
type Difference struct {
	Old   Definition `json:"old"`
	Was   string     `json:"was"` // id of its definition then
	Is    string     `json:"is"`  // and now
	Then  Value      `json:"then"`
	Now   Value      `json:"now"`
	Steps []Stepwise `json:"steps"`
}

// Stepwise is where a figure stood once one more cause was taken into account, and by how much that moved it.
type Stepwise struct {
	Cause Cause    `json:"cause"`
	After Value    `json:"after"`
	N     int64    `json:"n"`
	Hits  int64    `json:"hits"`
	By    *float64 `json:"by,omitempty"` // against the last value that there was; nothing where there was none, or is none now
}

// Changed says whether a figure says anything else than it did.
func (d Difference) Changed() bool {
	if d.Was != d.Is {
		return true
	}
	for _, s := range d.Steps {
		if s.N != 0 || s.Hits != 0 || s.By != nil && *s.By != 0 {
			return true
		}
	}
	return false
}

// Restate counts the period of a report anew, at another data cut and by today's definitions, and tells of
// each of its figures why it differs.
func Restate(table *kpi.Table, original Body, a Ask) (Body, []Difference, error) {
	b, err := Make(table, a)
	if err != nil {
		return Body{}, nil, err
	}
	were, are, pairs := pair(original)
	q := kpi.Query{From: a.From, Until: a.Until, Zone: a.Zone, Visible: Sight, Filters: a.Filters, Measures: were}
	counted := map[Cause]map[string]Value{}
	for _, step := range []struct {
		cause         Cause
		cut, recorded time.Time
		measures      []string
	}{
		{CauseRecord, original.Cut, original.Cut, were},
		{CauseLate, original.Cut, a.Cut, were},
		{CauseTime, a.Cut, a.Cut, were},
		{CauseDefinition, a.Cut, a.Cut, are},
	} {
		q.Cut, q.Recorded, q.Measures = step.cut, step.recorded, step.measures
		if counted[step.cause], err = count(table, q); err != nil {
			return Body{}, nil, err
		}
	}
	var all []Difference
	for _, f := range original.Figures {
		d := difference(f, pairs[f.ID], counted)
		d.Old = original.Definition(f.ID)
		all = append(all, d)
	}
	return b, all, nil
}

// pair finds for each figure of a report what it is defined as today. Figures that this release cannot
// count any more are no part of were.
func pair(original Body) (were, are []string, is map[string]string) {
	is = map[string]string{}
	for _, d := range original.Definitions {
		is[d.ID] = d.ID
		if _, err := kpi.Find(d.ID); err == nil {
			were = append(were, d.ID)
		}
		if m, err := kpi.Find(d.Key); err == nil {
			is[d.ID] = m.ID()
			are = append(are, m.ID())
		}
	}
	return were, are, is
}

// count answers measures, by their ids.
func count(table *kpi.Table, q kpi.Query) (map[string]Value, error) {
	out := map[string]Value{}
	if len(q.Measures) == 0 {
		return out, nil
	}
	s, err := table.Summary(q)
	for _, a := range s.Answers {
		out[a.ID()] = valueOf(a.Value)
	}
	return out, err
}

func difference(f Figure, is string, counted map[Cause]map[string]Value) Difference {
	d := Difference{Was: f.ID, Is: is, Then: f.Now, Now: f.Now}
	at, value := f.Now, f.Now.Value
	step := func(c Cause, to Value) {
		s := Stepwise{Cause: c, After: to, N: to.N - at.N, Hits: to.Hits - at.Hits}
		if to.Value != nil && value != nil {
			s.By = new(*to.Value - *value)
		}
		if to.Value != nil { // a step that leaves nothing to divide by moves no value: the next that has one tells it
			value = to.Value
		}
		d.Steps, d.Now, at = append(d.Steps, s), to, to
	}
	now, counts := counted[CauseDefinition][is]
	if _, known := counted[CauseRecord][f.ID]; known {
		for _, c := range []Cause{CauseRecord, CauseLate, CauseTime} {
			step(c, counted[c][f.ID])
		}
		if counts {
			step(CauseDefinition, now)
		}
	} else if counts {
		step(CauseRest, now)
	}
	return d
}
