package headline

import (
	"time"

	"recourse/internal/stats"
	"recourse/models"
)

// Beside is a figure that stands beside another.
type Beside struct {
	Key         string
	Title       Text
	Numerator   int
	Denominator int
	Rate        *float64 // nil: nothing to divide by
}

// Figure is a measure with what was counted.
type Figure struct {
	Measure
	Numerator   int
	Denominator int
	Rate        *float64 // nil: nothing to divide by
	Low, High   float64  // Wilson interval, 95 %; 0 and 1 when there is no rate
	Beside      []Beside
}

// Summary is the headline figures of the cases received in a period.
type Summary struct {
	From, Until time.Time // received at or after From and before Until
	Cut         time.Time // counted up to here
	Samples     bool      // no real case is on record; these are the samples' figures
	Received    int       // without merged and mystery-shopper cases
	Withdrawn   int
	NotAccepted int
	Anonymous   int
	Open        int
	Resolved    int
	Figures     []Figure
}

// Tally counts cases one by one, so that rows can be streamed. It wants every case received in the
// period, and for the flow ratio every case first resolved in it.
type Tally struct {
	from, until, cut time.Time
	measures         []Measure
	real, samples    ledger
}

// ledger is what was counted among real cases, or among samples.
type ledger struct {
	summary Summary
	counts  []count // by measure
	flow    int     // first resolved in the period, whenever received
}

type count struct {
	main, anonymous pair
	beside          []pair
}

type pair struct{ numerator, denominator int }

func (p *pair) add(v verdict, weight int) {
	if v == leftOut {
		return
	}
	p.denominator += weight
	if v == hit {
		p.numerator += weight
	}
}

func (p pair) rate() *float64 {
	if p.denominator == 0 {
		return nil
	}
	r := float64(p.numerator) / float64(p.denominator)
	return &r
}

// NewTally begins a tally of the headline figures at the data cut.
func NewTally(from, until, cut time.Time) *Tally {
	t := &Tally{from: from, until: until, cut: cut, measures: Headline()}
	for _, l := range []*ledger{&t.real, &t.samples} {
		l.counts = make([]count, len(t.measures))
		for i, m := range t.measures {
			l.counts[i].beside = make([]pair, len(m.beside))
		}
	}
	return t
}

// Add counts a case.
func (t *Tally) Add(c models.Case) {
	if c.MysteryShopper || c.State == models.StateMerged {
		return
	}
	l := &t.real
	if c.Sample {
		l = &t.samples
	}
	if c.FirstResolvedAt != nil && t.covers(*c.FirstResolvedAt) && done(c.FirstResolvedAt, t.cut) {
		l.flow++
	}
	if t.covers(c.ReceivedAt) {
		t.count(l, c)
	}
}

func (t *Tally) covers(at time.Time) bool { return !at.Before(t.from) && at.Before(t.until) }

func (t *Tally) count(l *ledger, c models.Case) {
	l.summary.Received++
	if c.Anonymous {
		l.summary.Anonymous++
	}
	switch c.State { //nolint:exhaustive // the two ends that leave the figures
	case models.StateWithdrawn:
		l.summary.Withdrawn++
		return
	case models.StateNotAccepted:
		l.summary.NotAccepted++
		return
	default:
	}
	if c.State.Open() {
		l.summary.Open++
	}
	if done(c.ResolvedAt, t.cut) {
		l.summary.Resolved++
	}
	for i, m := range t.measures {
		l.counts[i].add(m, c, t.cut)
	}
}

func (n *count) add(m Measure, c models.Case, cut time.Time) {
	v := m.judge(c, cut)
	n.main.add(v, 1)
	if c.Anonymous {
		n.anonymous.add(v, 1)
	}
	for i, s := range m.beside {
		if s.share != nil {
			part, whole := s.share(c, cut)
			n.beside[i].numerator += part
			n.beside[i].denominator += whole
			continue
		}
		weight := 1
		if s.weigh != nil {
			weight = s.weigh(c)
		}
		n.beside[i].add(s.judge(c, cut), weight)
	}
}

// Summary returns the figures. anyReal says whether a real case is on record at all, in this period or
// another: from then on samples count no more.
func (t *Tally) Summary(anyReal bool) Summary {
	l, samples := &t.real, false
	if !anyReal && l.summary.Received == 0 && l.flow == 0 {
		l, samples = &t.samples, true
	}
	s := l.summary
	s.From, s.Until, s.Cut, s.Samples = t.from, t.until, t.cut, samples
	for i, m := range t.measures {
		s.Figures = append(s.Figures, figure(m, l, l.counts[i]))
	}
	return s
}

func figure(m Measure, l *ledger, n count) Figure {
	f := Figure{Measure: m, Numerator: n.main.numerator, Denominator: n.main.denominator, Rate: n.main.rate()}
	f.Low, f.High = stats.Wilson(f.Numerator, f.Denominator)
	for i, s := range m.beside {
		f.Beside = append(f.Beside, beside(s.key, s.title, n.beside[i]))
	}
	if m.Key == "resolution_rate" {
		f.Beside = append(f.Beside, beside(flowRatio.key, flowRatio.title, pair{l.flow, l.summary.Received}))
	}
	f.Beside = append(f.Beside,
		beside(anonymousCases.key, anonymousCases.title, n.anonymous),
		beside(withdrawnCases.key, withdrawnCases.title, pair{l.summary.Withdrawn, l.summary.Received}),
		beside(notAccepted.key, notAccepted.title, pair{l.summary.NotAccepted, l.summary.Received}),
	)
	return f
}

func beside(key string, title Text, p pair) Beside {
	return Beside{Key: key, Title: title, Numerator: p.numerator, Denominator: p.denominator, Rate: p.rate()}
}

// What stands beside figures and is counted for all of them at once.
var (
	flowRatio      = side{key: "flow_ratio", title: Text{"resolved in the period, of received in the period", "流量比：本期解决÷本期收到"}}
	anonymousCases = side{key: "anonymous", title: Text{"the anonymous among them", "其中匿名投诉"}}
	withdrawnCases = side{key: "withdrawn_rate", title: Text{"withdrawn, of received", "撤回率"}}
	notAccepted    = side{key: "not_accepted_rate", title: Text{"not accepted, of received", "不予受理率"}}
)
