package lifecycle

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"recourse/models"
)

// Facts tells what figures read of a case: each cycle, each lever pulled, and each while in somebody's hands.
// They follow from the case alone, which is the fold of its events. Nothing of a case without a trail: fold
// its events instead.
func Facts(c Case) models.FactRows {
	if !c.Traced() {
		return models.FactRows{}
	}
	rows := models.FactRows{Facts: make([]models.Fact, len(c.Trail.Cycles))}
	for i := range c.Trail.Cycles {
		rows.Facts[i] = c.fact(i + 1)
	}
	for _, p := range c.Trail.Levers {
		rows.Levers = append(rows.Levers, models.Lever{
			CaseID: c.ID, Seq: p.Seq, Move: p.Move, Kind: models.LeverKinds()[p.Kind], Cycle: p.Cycle, At: p.At.Time(),
			Person: c.Trail.name(p.Person), Department: c.Trail.name(p.Department),
			Bell: p.Bound != 0 && p.At >= bell(p.Since, p.Bound), Since: p.Since.maybe(), Bound: p.Bound.maybe(),
		})
	}
	for i, h := range c.Trail.Owners {
		o := models.Ownership{
			CaseID: c.ID, Part: i + 1, Seq: h.Seq, Cycle: h.Cycle, Department: c.Trail.name(h.Department),
			Person: c.Trail.name(h.Person), From: h.From.Time(), Until: h.Until.maybe(),
		}
		if h.Pause > 0 {
			o.Pause = models.PauseReasons()[h.Pause-1]
		}
		rows.Ownerships = append(rows.Ownerships, o)
	}
	return rows
}

// FactsOf folds the facts from the entries of a case, from its first on.
func FactsOf(entries []models.Entry) (models.FactRows, error) {
	var c Case
	for _, entry := range entries {
		e, err := entry.Event()
		if err != nil {
			return models.FactRows{}, fmt.Errorf("event %s/%d: %w", entry.CaseID, entry.Seq, err)
		}
		c = Evolve(c, e)
	}
	return Facts(c), nil
}

// fact tells of one cycle.
func (c Case) fact(cycle int) models.Fact {
	p := c.Trail.Cycles[cycle-1]
	f := models.Fact{
		CaseID: c.ID, Cycle: cycle, BeganAt: p.Began.Time(), EndedAt: p.Ended.maybe(),
		Feedback: c.clockFact(models.ClockFeedback, cycle), Handling: c.clockFact(models.ClockHandling, cycle),
		SolutionAt: p.Solution.maybe(), ResolvedAt: p.Resolved.maybe(), ResultToldAt: p.Told.maybe(), ClosedAt: p.Closed.maybe(),
		Interim: p.Interim != 0, Settled: p.Settled != 0, Missing: c.missing(p),
		Late:      slices.ContainsFunc(c.Runs, func(r Run) bool { return r.Cycle == cycle && r.late() }),
		SettledAt: p.Settled.maybe(), InterimAt: p.Interim.maybe(), ContactAt: p.Contact.maybe(), ProposedAt: p.Proposed.maybe(),
		MinutesAt: p.Minutes.maybe(), ApprovedAt: p.Approved.maybe(), CompleteAt: p.Complete.maybe(),
		CalledAt: p.Called.maybe(), ConfirmedAt: p.Confirmed.maybe(),
		OfferedAt: p.Offered.maybe(), AnsweredAt: p.Answered.maybe(),
	}
	for _, w := range p.Words {
		f.Words = append(f.Words, w.Time())
	}
	if cycle == 1 {
		f.Response = c.clockFact(models.ClockFirstResponse, cycle)
	}
	if s := p.Scores; s != nil {
		f.AnsweredBy = models.AnswerCallback
		if p.Survey {
			f.AnsweredBy = models.AnswerSurvey
		}
		f.Process, f.Result, f.Speed, f.Attitude = s[0], s[1], s[2], s[3]
		if s[4] > 0 {
			f.Recommend = new(s[4] - 1)
		}
	}
	return f
}

// late says whether a run passed a bound. That a survey expires is no promise of ours broken.
func (r Run) late() bool {
	return r.Clock != models.ClockSurvey && (r.TargetMissed || r.LimitMissed || r.End == models.ClockBreached)
}

// clockFact tells of the first run of a clock in a cycle; nothing when it had none.
func (c Case) clockFact(k models.Clock, cycle int) (f models.ClockFact) {
	i := slices.IndexFunc(c.Runs, func(r Run) bool { return r.Clock == k && r.Cycle == cycle })
	if i < 0 {
		return f
	}
	r := c.Runs[i]
	f = models.ClockFact{
		StartedAt: maybe(r.StartedAt), EndedAt: maybe(r.EndedAt), Target: maybe(r.Target), Limit: maybe(r.Limit), End: r.End,
	}
	f.Gross, f.Net = r.took()
	if j := slices.IndexFunc(c.Trail.Limits, func(u Unpaused) bool { return u.Run == i }); j >= 0 {
		f.Unpaused = c.Trail.Limits[j].At.maybe()
	}
	if h, is := c.Trail.ownerAt(r.decisive()); is {
		f.Department, f.Person = c.Trail.name(h.Department), c.Trail.name(h.Person)
	}
	return f
}

// decisive is the instant at which it was decided whether a run kept its limit: its end, or its limit if that
// was passed before; zero as long as it is open.
func (r Run) decisive() time.Time {
	end := r.EndedAt
	if !r.StoodAt.IsZero() { // it ended in a pause, in which no bound came nearer
		end = r.StoodAt
	}
	passed := r.LimitMissed || !r.Running() && end.After(r.Limit)
	if passed && !r.Limit.IsZero() && (r.Running() || r.Limit.Before(r.EndedAt)) {
		return r.Limit
	}
	return r.EndedAt
}

// ownerAt is in whose hands the case was at an instant; for none, in whose it is or was last.
func (t Trail) ownerAt(at time.Time) (Holding, bool) {
	for _, h := range slices.Backward(t.Owners) {
		if at.IsZero() || h.From <= micros(at) {
			return h, true
		}
	}
	return Holding{}, false
}

// changedFacts are the rows that are new or not as they were.
func changedFacts(was, is models.FactRows) models.FactRows {
	return models.FactRows{
		Facts: unlike(was.Facts, is.Facts), Levers: unlike(was.Levers, is.Levers), Ownerships: unlike(was.Ownerships, is.Ownerships),
	}
}

// unlike lists the rows that stand elsewhere, or are other, than before. Rows are only ever added behind.
func unlike[T any](was, is []T) (rows []T) {
	for i, row := range is {
		if i >= len(was) || asWritten(was[i]) != asWritten(row) {
			rows = append(rows, row)
		}
	}
	return rows
}

// asWritten is a row as it travels.
func asWritten(row any) string {
	b, err := json.Marshal(row)
	if err != nil {
		panic(fmt.Sprintf("a fact of our own cannot be written: %v", err)) // a fault of the program, found by every test of it
	}
	return string(b)
}

// mergeFacts joins rows with later ones: of the same place the later holds.
func mergeFacts(a, b models.FactRows) models.FactRows {
	type place struct {
		seq  int64
		move int
		kind models.LeverKind
	}
	return models.FactRows{
		Facts:      newest(a.Facts, b.Facts, func(f models.Fact) int { return f.Cycle }),
		Levers:     newest(a.Levers, b.Levers, func(l models.Lever) place { return place{l.Seq, l.Move, l.Kind} }),
		Ownerships: newest(a.Ownerships, b.Ownerships, func(o models.Ownership) int { return o.Part }),
	}
}

// newest joins rows: of those with the same key only the later.
func newest[T any, K comparable](a, b []T, key func(T) K) []T {
	again := make(map[K]bool, len(b))
	for _, row := range b {
		again[key(row)] = true
	}
	return slices.Concat(slices.DeleteFunc(slices.Clone(a), func(row T) bool { return again[key(row)] }), b)
}
