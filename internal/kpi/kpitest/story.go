package kpitest

import (
	"fmt"
	"math/rand/v2"
	"time"

	"recourse/internal/kpi"
	"recourse/models"
)

// story is a case as it is made: what happens next happens after now, and nothing after the end.
type story struct {
	r        *rand.Rand
	rec      kpi.Record
	now, end time.Time
	seq      int64
	fact     *models.Fact // of the cycle it is in
	paused   time.Duration
}

// Record makes the n-th case.
func (c Company) Record(n int) kpi.Record {
	s := &story{r: rand.New(rand.NewPCG(c.Seed, uint64(n))), end: c.AsOf, seq: 1} //nolint:gosec // made up, and the same each time
	s.open(c, n)
	s.live()
	s.finish()
	return s.rec
}

func (s *story) c() *models.Case { return &s.rec.Case }

func (s *story) chance(percent float64) bool { return s.r.Float64()*100 < percent }

// goes lets time pass; false: the next thing has not happened yet.
func (s *story) goes(median time.Duration, spread float64) bool {
	at := s.now.Add(long(s.r, median, spread))
	if at.After(s.end) {
		return false
	}
	s.now = at
	s.seq++
	return true
}

func (s *story) at() *time.Time { now := s.now; return &now }

func (s *story) since(d time.Duration) *time.Time { at := s.c().ReceivedAt.Add(d); return &at }

// open puts the complaint on record.
func (s *story) open(company Company, n int) {
	span := company.Until.Sub(company.From)
	s.now = company.From.Add(time.Duration(s.r.Int64N(int64(span)))).Truncate(time.Microsecond)
	if hour := s.now.Hour(); hour < 7 && s.chance(70) { // few complain at night
		s.now = s.now.Add(8 * time.Hour)
		if !s.now.Before(company.Until) {
			s.now = s.now.Add(-8 * time.Hour)
		}
	}
	r := s.r
	c := s.c()
	*c = models.Case{
		ID: id("case", company.Seed, n), Number: models.Number(s.now.Year(), int64(n+1)), State: models.StateReceived, Cycle: 1,
		Severity: pick(r, []int{70, 22, 8}, models.Severities()), Nature: pick(r, []int{92, 3, 4, 1}, models.Natures()),
		Attribution: pick(r, []int{30, 50, 20}, append([]models.Attribution{""}, models.Attributions()...)),
		Cause:       pick(r, []int{20, 25, 15, 10, 15, 5, 10}, append([]models.Cause{""}, models.Causes()...)),
		Channel:     pick(r, []int{30, 25, 15, 2, 10, 8, 8, 2}, models.Channels()),
		Category:    fmt.Sprintf("category-%02d", skewed(r, categories)), Product: product(skewed(r, products)),
		Region: fmt.Sprintf("region-%d", r.IntN(regions)), Language: pick(r, []int{80, 20}, models.Languages()),
		CustomerID: id("customer", company.Seed, skewed(r, company.Cases)), RecordedBy: person(0, r.IntN(people)),
		Anonymous: s.chance(4), MysteryShopper: s.chance(0.5), Policy: pick(r, []int{3, 1}, []string{"1", "2"}),
		ReceivedAt: s.now, RecordedAt: s.now,
	}
	if c.Anonymous {
		c.CustomerID = ""
	}
	target := map[models.Severity]int{models.SeverityGeneral: 24, models.SeverityImportant: 8, models.SeverityUrgent: 1}[c.Severity]
	days := map[models.Severity]int{models.SeverityGeneral: 7, models.SeverityImportant: 5, models.SeverityUrgent: 3}[c.Severity]
	c.ResponseLimitAt, c.FeedbackLimitAt = s.now.Add(24*time.Hour), s.now.Add(48*time.Hour)
	c.HandlingDueAt = s.now.AddDate(0, 0, days)
	c.ResponseTargetAt = s.since(time.Duration(target) * time.Hour)
	s.cycle()
	s.hold("", "")
	run := func(k *models.ClockFact, limit time.Time) { k.StartedAt, k.Limit, k.Unpaused = s.since(0), &limit, nil }
	run(&s.fact.Response, c.ResponseLimitAt)
	s.fact.Response.Target = c.ResponseTargetAt
	run(&s.fact.Feedback, c.FeedbackLimitAt)
	run(&s.fact.Handling, c.HandlingDueAt)
}

// cycle begins a cycle of the case.
func (s *story) cycle() {
	s.rec.Cycles = append(s.rec.Cycles, models.Fact{CaseID: s.c().ID, Cycle: s.c().Cycle, BeganAt: s.now})
	s.fact = &s.rec.Cycles[len(s.rec.Cycles)-1]
}

// hold gives the case into other hands.
func (s *story) hold(department, person string) {
	s.let()
	s.c().Department, s.c().Assignee = department, person
	s.rec.Owned = append(s.rec.Owned, kpi.Held{Ownership: models.Ownership{
		CaseID: s.c().ID, Part: len(s.rec.Owned) + 1, Seq: s.seq, Cycle: s.c().Cycle, Department: department, Person: person, From: s.now,
	}})
}

// let ends the while in which the case is in somebody's hands; a third of it was working time.
func (s *story) let() {
	if n := len(s.rec.Owned); n > 0 && s.rec.Owned[n-1].Until == nil {
		o := &s.rec.Owned[n-1]
		o.Until = s.at()
		if o.Pause == "" {
			o.Net = (s.now.Sub(o.From) / 3).Truncate(time.Microsecond)
		}
	}
}

// meets ends a run of a clock.
func (s *story) meets(k *models.ClockFact) {
	k.EndedAt, k.End = s.at(), models.ClockMet
	k.Gross = s.now.Sub(*k.StartedAt)
	k.Net = k.Gross - s.paused
	if s.now.After(*k.Limit) {
		k.End = models.ClockBreached
	}
}

// pulls uses a lever.
func (s *story) pulls(kind models.LeverKind, of *models.ClockFact) {
	bound := *of.Limit
	ringing := bound.Add(-bound.Sub(*of.StartedAt) / 10)
	s.rec.Levers = append(s.rec.Levers, models.Lever{
		CaseID: s.c().ID, Seq: s.seq, Cycle: s.c().Cycle, Kind: kind, At: s.now, Person: s.c().Assignee, Department: s.c().Department,
		Since: of.StartedAt, Bound: &bound, Bell: !s.now.Before(ringing),
	})
}
