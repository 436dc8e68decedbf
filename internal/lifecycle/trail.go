package lifecycle

import (
	"cmp"
	"slices"
	"time"

	"recourse/models"
)

// Trail is what figures need of a case's past and nobody decides by: see Facts. It grows with each event and
// lies in the snapshot, so its fields are short. A case that came under this program with an older snapshot
// has none, and gets none: its facts are folded from its events.
type Trail struct {
	Names  []string   `json:"n,omitempty"` // of departments and people, each once; the others call them by their place, from 1
	Cycles []Passage  `json:"c,omitempty"` // in order
	Owners []Holding  `json:"o,omitempty"` // in order
	Limits []Unpaused `json:"u,omitempty"` // of runs whose limit a pause moved
	Levers []Pull     `json:"l,omitempty"`
	Asker  int        `json:"a,omitempty"` // who asked for what was granted last
}

// Micros is an instant in microseconds since 1970; 0: none.
type Micros int64

// Passage is one cycle. Its instants are those of models.Fact.
type Passage struct {
	Began     Micros `json:"b"`
	Ended     Micros `json:"e,omitempty"`
	Solution  Micros `json:"s,omitempty"`
	Resolved  Micros `json:"r,omitempty"`
	Told      Micros `json:"t,omitempty"`
	Closed    Micros `json:"c,omitempty"`
	Interim   Micros `json:"i,omitempty"`
	Settled   Micros `json:"f,omitempty"`
	Contact   Micros `json:"k,omitempty"`
	Proposed  Micros `json:"p,omitempty"`
	Minutes   Micros `json:"m,omitempty"`
	Approved  Micros `json:"v,omitempty"`
	Complete  Micros `json:"x,omitempty"`
	Called    Micros `json:"h,omitempty"`
	Confirmed Micros `json:"j,omitempty"`

	Words []Micros `json:"w,omitempty"` // to the customer, in order

	Offered  Micros  `json:"o,omitempty"`
	Answered Micros  `json:"a,omitempty"`
	Survey   bool    `json:"y,omitempty"` // answered by survey, not callback
	Scores   *Scored `json:"z,omitempty"`
}

// Scored are the scores that count: process, result, speed, attitude, and the recommendation plus one; 0: not given.
type Scored [5]int

// Holding is a while in somebody's hands.
type Holding struct {
	Seq        int64  `json:"s"`
	Cycle      int    `json:"c"`
	Department int    `json:"d,omitempty"`
	Person     int    `json:"p,omitempty"`
	Pause      int    `json:"w,omitempty"` // place in models.PauseReasons, from 1
	From       Micros `json:"f"`
	Until      Micros `json:"u,omitempty"`
}

// Unpaused is where the limit of a run would be, had it never waited.
type Unpaused struct {
	Run int    `json:"r"` // place in Case.Runs
	At  Micros `json:"t"`
}

// Pull is a lever pulled.
type Pull struct {
	Seq        int64  `json:"s"`
	Move       int    `json:"m,omitempty"`
	Kind       int    `json:"k"` // place in models.LeverKinds
	Cycle      int    `json:"c"`
	At         Micros `json:"t"`
	Person     int    `json:"p,omitempty"`
	Department int    `json:"d,omitempty"`
	Since      Micros `json:"f,omitempty"`
	Bound      Micros `json:"b,omitempty"`
}

func micros(t time.Time) Micros {
	if t.IsZero() {
		return 0
	}
	return Micros(t.UnixMicro())
}

// Time returns the instant; zero when there is none.
func (m Micros) Time() time.Time {
	if m == 0 {
		return time.Time{}
	}
	return time.UnixMicro(int64(m)).UTC()
}

func (m Micros) maybe() *time.Time { return maybe(m.Time()) }

func (m Micros) after(since Micros) time.Duration { return time.Duration(m-since) * time.Microsecond }

// Traced says that the trail reaches back to the beginning, so that Facts can tell everything.
func (c Case) Traced() bool { return len(c.Trail.Cycles) > 0 }

func (t Trail) clone() Trail {
	t.Names, t.Cycles, t.Owners = slices.Clone(t.Names), slices.Clone(t.Cycles), slices.Clone(t.Owners)
	t.Limits, t.Levers = slices.Clone(t.Limits), slices.Clone(t.Levers)
	return t
}

// place is how the trail calls a name; 0 is nobody.
func (t *Trail) place(name string) int {
	if name == "" {
		return 0
	}
	if i := slices.Index(t.Names, name); i >= 0 {
		return i + 1
	}
	t.Names = append(t.Names, name)
	return len(t.Names)
}

// name is what a place means.
func (t *Trail) name(place int) string {
	if place == 0 {
		return ""
	}
	return t.Names[place-1]
}

// cycle is the passage of a cycle; nil for one that the record does not have.
func (t *Trail) cycle(n int) *Passage {
	if n < 1 || n > len(t.Cycles) {
		return nil
	}
	return &t.Cycles[n-1]
}

// trace takes an event into the trail, by the case before and after it. A move of an adopted case is an event
// of its own here, and move its place among them, from 1; the adopted event itself leaves no trace.
func (c *Case) trace(before Case, e models.Event, move int) {
	switch e.Data.(type) {
	case models.Adopted:
		return
	case models.Opened:
		c.Trail = Trail{Cycles: []Passage{{Began: micros(c.Opened.ReceivedAt)}}}
	}
	if !c.Traced() {
		return
	}
	c.traceCycle(before, e)
	c.traceSteps(before, e, move)
	c.traceAnswers(before, e)
	c.traceLimits(before, e)
	c.traceLevers(before, e, move)
	c.traceOwner(e)
}

// traceCycle keeps when a cycle came where.
func (c *Case) traceCycle(before Case, e models.Event) {
	at := micros(e.DecidedAt)
	if p := c.Trail.cycle(before.Cycle); p != nil && c.Cycle > before.Cycle {
		p.Ended = cmp.Or(p.Ended, at)
		c.Trail.Cycles = append(c.Trail.Cycles, Passage{Began: at})
	}
	p := c.Trail.cycle(c.Cycle)
	if p == nil {
		return
	}
	m := c.Milestones
	p.Resolved, p.Told, p.Closed, p.Ended = micros(m.ResolvedAt), micros(m.ResultToldAt), micros(m.ClosedAt), micros(m.EndedAt)
	switch e.Data.(type) {
	case models.Settled:
		p.Settled, p.Solution = at, cmp.Or(p.Solution, at)
	case models.SolutionTold:
		p.Solution = cmp.Or(p.Solution, at)
	case models.InterimTold:
		if p.Solution == 0 {
			p.Interim = cmp.Or(p.Interim, at)
		}
	}
}

// traceAnswers keeps the scores that count, each by itself: a callback's, until a survey gives another.
func (c *Case) traceAnswers(before Case, e models.Event) {
	switch d := e.Data.(type) {
	case models.SurveyOffered:
		if p := c.Trail.cycle(d.SurveyCycle); p != nil {
			p.Offered = micros(e.DecidedAt)
		}
	case models.SurveyAnswered:
		c.Trail.cycle(d.SurveyCycle).answer(d.Scores, micros(e.DecidedAt), true)
	case models.CallbackRecorded:
		if d.Scores != nil {
			c.Trail.cycle(before.Cycle).answer(*d.Scores, micros(e.DecidedAt), false)
		}
	}
}

// answer takes scores in. The answer that counts is the one that gave the result score; as long as none did,
// the one that gave any.
func (p *Passage) answer(s models.Scores, at Micros, survey bool) {
	given := Scored{s.Process, s.Result, s.Speed, s.Attitude, 0}
	if s.Recommend != nil {
		given[4] = *s.Recommend + 1
	}
	if p == nil || given == (Scored{}) {
		return
	}
	var kept Scored
	if p.Scores != nil {
		kept = *p.Scores
	}
	if p.Answered == 0 || given[1] > 0 && (survey || kept[1] == 0) || survey && kept[1] == 0 {
		p.Answered, p.Survey = at, survey
	}
	for i, score := range given {
		if score > 0 && (survey || kept[i] == 0) {
			kept[i] = score
		}
	}
	p.Scores = &kept
}

// traceOwner begins and ends the whiles in somebody's hands.
func (c *Case) traceOwner(e models.Event) {
	t, at := &c.Trail, micros(e.DecidedAt)
	if d, is := e.Data.(models.Resumed); is && d.Cause == models.ResumeExpired { // however late that was noticed
		at = micros(e.HappenedAt)
	}
	open := c.Ending == "" && c.State.Live()
	now := Holding{
		Seq: e.Seq, Cycle: c.Cycle, Department: t.place(c.Department), Person: t.place(c.Assignee),
		Pause: slices.Index(models.PauseReasons(), c.Pause.Reason) + 1, From: at,
	}
	if len(t.Owners) == 0 {
		now.From = micros(c.Opened.ReceivedAt)
	} else {
		last := &t.Owners[len(t.Owners)-1]
		theirs := last.Department == now.Department && last.Person == now.Person && last.Cycle == now.Cycle
		if last.Until == 0 && open && theirs && last.Pause == now.Pause {
			return
		}
		if last.Until == 0 && open && theirs {
			now.Seq = last.Seq
		}
		last.Until = cmp.Or(last.Until, at)
	}
	if open {
		t.Owners = append(t.Owners, now)
	}
}

// traceLimits keeps where a limit would be without the pauses that moved it. Whatever else moves it moves
// that as far; a date that somebody sets is one for both.
func (c *Case) traceLimits(before Case, e models.Event) {
	_, resumed := e.Data.(models.Resumed)
	_, extended := e.Data.(models.Extended)
	for i, was := range before.Runs {
		is := c.Runs[i]
		if was.Limit.Equal(is.Limit) || is.Clock.Ladder() != models.LadderPromise {
			continue
		}
		j := slices.IndexFunc(c.Trail.Limits, func(u Unpaused) bool { return u.Run == i })
		switch {
		case resumed && j < 0:
			c.Trail.Limits = append(c.Trail.Limits, Unpaused{i, micros(was.Limit)})
		case j < 0 || resumed:
		case extended || was.Limit.IsZero() || is.Limit.IsZero():
			c.Trail.Limits[j].At = micros(is.Limit)
		default:
			c.Trail.Limits[j].At += Micros(is.Limit.Sub(was.Limit).Microseconds())
		}
	}
}
