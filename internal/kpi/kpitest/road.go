package kpitest

import (
	"time"

	"recourse/models"
)

const hour = time.Hour

// live lets the case go its way, as far as time lets it.
func (s *story) live() {
	if !s.goes(40*time.Minute, 1) {
		return
	}
	switch {
	case s.chance(5) && s.c().Severity == models.SeverityGeneral:
		s.settle()
		return
	case s.chance(2):
		s.ends(models.StateNotAccepted)
		s.pulls(models.LeverRefusal, &s.fact.Response)
		return
	case s.chance(2):
		s.ends(models.StateMerged)
		s.pulls(models.LeverMerge, &s.fact.Response)
		return
	}
	if s.dispatch() && s.answer() && s.tell() {
		for s.resolve() && s.follow() {
		}
	}
}

// settle solves the complaint in the first contact.
func (s *story) settle() {
	c := s.c()
	s.hold(department(0), c.RecordedBy)
	c.FirstReplyAt, c.FirstSolutionAt, c.FirstResolvedAt, c.ResolvedAt, c.ResultToldAt = s.at(), s.at(), s.at(), s.at(), s.at()
	s.fact.Settled, s.fact.SettledAt = true, s.at()
	for _, k := range []*models.ClockFact{&s.fact.Response, &s.fact.Feedback, &s.fact.Handling} {
		s.meets(k)
	}
	s.told()
	s.follow()
}

func (s *story) dispatch() bool {
	c, to := s.c(), s.r.IntN(departments)
	c.State, c.FirstDispatchedAt = models.StateDispatched, s.at()
	s.hold(department(to), "")
	for s.chance(10) && c.Returns+c.Transfers < 4 {
		if !s.goes(2*hour, 1) {
			return false
		}
		s.pulls(models.LeverTransfer, &s.fact.Response)
		to = s.r.IntN(departments)
		if s.chance(30) {
			c.Returns++
			s.hold("", "")
			if !s.goes(hour, 0.5) {
				return false
			}
		} else {
			c.Transfers++
		}
		s.hold(department(to), "")
	}
	if !s.goes(2*hour, 1) {
		return false
	}
	c.State, c.FirstAcceptedAt = models.StateInvestigating, s.at()
	s.hold(department(to), person(to, s.r.IntN(people)))
	return true
}

// answer gives the first reply, after urges and by the way of withdrawals.
func (s *story) answer() bool {
	c := s.c()
	if s.chance(6) {
		c.Urges = 1 + s.r.IntN(3)
	}
	if s.chance(3) {
		if s.goes(10*hour, 1) {
			s.ends(models.StateWithdrawn)
		}
		return false
	}
	if !s.goes(5*hour, 1.2) {
		return false
	}
	c.FirstReplyAt = s.at()
	s.meets(&s.fact.Response)
	if s.chance(2) {
		s.pulls(models.LeverBackdating, &s.fact.Response)
	}
	if s.chance(3) {
		s.pulls(models.LeverDowngrade, &s.fact.Response)
	}
	return true
}

// tell tells the solution, after an interim answer or a pause perhaps.
func (s *story) tell() bool {
	c := s.c()
	if s.chance(10) && !s.pause(models.PauseCustomer) {
		return false
	}
	interim := s.chance(9)
	if interim {
		if !s.goes(20*hour, 0.8) {
			return false
		}
		s.fact.Interim, s.fact.InterimAt = true, s.at()
		c.Interim = c.Cycle == 1
		s.meets(&s.fact.Feedback)
		s.pulls(models.LeverInterim, &s.fact.Feedback)
	}
	if !s.goes(16*hour, 0.9) {
		return false
	}
	c.State = models.StateImplementing
	s.fact.SolutionAt, s.fact.ProposedAt = s.at(), s.at()
	if !interim {
		s.meets(&s.fact.Feedback)
	}
	if c.FirstSolutionAt == nil {
		c.FirstSolutionAt = s.at()
	}
	if s.chance(8) {
		s.fact.Missing |= models.StepContact
	}
	if s.chance(6) && c.Severity.NeedsApproval() {
		s.fact.Missing |= models.StepMinutes
	}
	return true
}

// pause lets the case wait for something.
func (s *story) pause(why models.PauseReason) bool {
	before, who := s.now, *s.c()
	s.hold(who.Department, who.Assignee)
	s.rec.Owned[len(s.rec.Owned)-1].Pause = why
	s.pulls(models.LeverPause, &s.fact.Handling)
	if !s.goes(15*hour, 0.7) {
		s.c().PauseReason = why
		return false
	}
	took := s.now.Sub(before)
	s.paused += took
	for _, k := range []*models.ClockFact{&s.fact.Feedback, &s.fact.Handling} {
		if k.EndedAt == nil && !before.After(*k.Limit) {
			if k.Unpaused == nil {
				k.Unpaused = k.Limit
			}
			later := k.Limit.Add(took)
			k.Limit = &later
		}
	}
	s.hold(who.Department, who.Assignee)
	return true
}

func (s *story) resolve() bool {
	c := s.c()
	if s.chance(5) {
		later := s.fact.Handling.Limit.Add(48 * hour)
		s.pulls(models.LeverExtension, &s.fact.Handling)
		if s.fact.Handling.Unpaused != nil {
			unpaused := s.fact.Handling.Unpaused.Add(48 * hour)
			s.fact.Handling.Unpaused = &unpaused
		}
		s.fact.Handling.Limit = &later
	}
	if s.chance(4) {
		s.pulls(models.LeverAttribution, &s.fact.Handling)
	}
	if !s.goes(48*hour, 0.9) {
		return false
	}
	c.State, c.ResolvedAt, s.fact.ResolvedAt = models.StateResolved, s.at(), s.at()
	c.Outcome = pick(s.r, []int{6, 3, 1}, models.Outcomes())
	s.meets(&s.fact.Handling)
	if c.FirstResolvedAt == nil {
		c.FirstResolvedAt = s.at()
	}
	if s.chance(6) {
		c.GivenMinor, c.GivenCurrency = int64(500+s.r.IntN(50000)), pick(s.r, []int{9, 1}, []string{"CNY", "EUR"})
	}
	if !s.goes(5*hour, 0.8) {
		return false
	}
	s.told()
	return true
}

// told tells the result, and with it the survey is offered.
func (s *story) told() {
	s.c().State, s.c().ResultToldAt = models.StateFollowingUp, s.at()
	s.fact.ResultToldAt = s.at()
	if s.chance(5) {
		s.fact.Missing |= models.StepResult
	}
	if !s.c().Anonymous {
		s.fact.OfferedAt = s.at()
		s.c().Offered++
	}
}

// follow asks the customer and closes; true: it is done again.
func (s *story) follow() bool {
	c := s.c()
	if s.fact.OfferedAt != nil && s.chance(48) {
		if !s.goes(20*hour, 0.8) {
			return false
		}
		s.scored()
	}
	if !s.goes(24*hour, 0.6) {
		return false
	}
	if c.Cycle < 4 && (s.fact.Result > 0 && s.fact.Result <= 2 || s.chance(3)) {
		s.rework()
		return s.tell()
	}
	c.State, c.Ending, c.ClosedAt, s.fact.ClosedAt, s.fact.EndedAt = models.StateClosed, models.StateClosed, s.at(), s.at(), s.at()
	c.CloseReason = models.CloseSolved
	if s.chance(5) {
		c.CloseReason = models.CloseByHand
		s.pulls(models.LeverHandClose, &s.fact.Handling)
	}
	s.let()
	return false
}

func (s *story) scored() {
	f := s.fact
	f.AnsweredAt, f.AnsweredBy = s.at(), pick(s.r, []int{1, 1}, []models.AnswerSource{models.AnswerCallback, models.AnswerSurvey})
	scores := func() int { return pick(s.r, []int{4, 5, 14, 37, 40}, []int{1, 2, 3, 4, 5}) }
	f.Process, f.Result = scores(), scores()
	if f.AnsweredBy == models.AnswerSurvey {
		f.Speed, f.Attitude = scores(), scores()
		recommend := s.r.IntN(11)
		f.Recommend = &recommend
	}
	s.c().Answered++
	s.c().ResultScore = f.Result
}

// rework takes the case up again in another cycle.
func (s *story) rework() {
	c, who := s.c(), *s.c()
	s.fact.EndedAt = s.at()
	c.Reworks++
	c.Cycle++
	c.State, c.ResolvedAt, c.ResultToldAt = models.StateInvestigating, nil, nil
	s.paused = 0
	s.cycle()
	for k, limit := range map[*models.ClockFact]time.Duration{&s.fact.Feedback: 48 * hour, &s.fact.Handling: 120 * hour} {
		due := s.now.Add(limit)
		k.StartedAt, k.Limit = s.at(), &due
	}
	s.hold(who.Department, who.Assignee)
	s.pulls(models.LeverReopening, &s.fact.Handling)
}

func (s *story) ends(as models.State) {
	s.c().State, s.c().Ending, s.fact.EndedAt = as, as, s.at()
	for _, k := range []*models.ClockFact{&s.fact.Response, &s.fact.Feedback, &s.fact.Handling} {
		if k.StartedAt != nil && k.EndedAt == nil {
			k.EndedAt, k.End = s.at(), models.ClockCancelled
		}
	}
	s.let()
}

// finish writes down what follows from the story: what was late, whose it was, what the row says.
func (s *story) finish() {
	c := s.c()
	c.UpdatedAt, c.Seq = s.now, s.seq
	for i := range s.rec.Cycles {
		f := &s.rec.Cycles[i]
		for _, k := range []*models.ClockFact{&f.Response, &f.Feedback, &f.Handling} {
			s.decide(f, k)
		}
		c.Breached = c.Breached || f.Late
	}
	first := s.rec.Cycles[0]
	c.FeedbackLimitAt, c.HandlingDueAt = *first.Feedback.Limit, *first.Handling.Limit
	c.ResponseGross, c.ResponseNet = first.Response.Gross, first.Response.Net
	c.FeedbackGross, c.FeedbackNet = first.Feedback.Gross, first.Feedback.Net
	c.HandlingGross, c.HandlingNet = first.Handling.Gross, first.Handling.Net
	for _, f := range s.rec.Cycles {
		c.PausedFor += f.Handling.Gross - f.Handling.Net
	}
	if c.State.Open() {
		due := s.rec.Cycles[len(s.rec.Cycles)-1].Handling
		from, at := *due.StartedAt, *due.Limit
		soon := from.Add(at.Sub(from) / 4 * 3)
		c.DueClock, c.DueFrom, c.SoonAt, c.DueAt = models.ClockHandling, &from, &soon, &at
	}
}

// decide says whose a clock was at its decisive moment, and alerts where it was late.
func (s *story) decide(f *models.Fact, k *models.ClockFact) {
	if k.StartedAt == nil {
		return
	}
	moment := s.end
	if k.EndedAt != nil {
		moment = *k.EndedAt
	}
	late := moment.After(*k.Limit)
	if late {
		moment = *k.Limit
	}
	for _, o := range s.rec.Owned {
		if !o.From.After(moment) {
			k.Department, k.Person = o.Department, o.Person
		}
	}
	if late {
		f.Late = true
		s.alert(k)
	}
}

func (s *story) alert(k *models.ClockFact) {
	c, due := s.c(), *k.Limit
	c.Escalated = true
	n := len(s.rec.Alerts)
	a := models.Alert{
		ID: models.AlertID(c.ID, int64(n), "late"), CaseID: c.ID, Key: "late", Seq: int64(n), Bound: models.BoundLimit, Rung: n,
		Severity: c.Severity, Department: k.Department, Assignee: k.Person, DueAt: due, FiredAt: due,
	}
	if c.Severity != models.SeverityGeneral {
		by := due.Add(2 * hour)
		a.AckBy = &by
		if at := due.Add(long(s.r, hour, 0.8)); s.chance(80) && !at.After(s.end) {
			a.AcknowledgedAt, a.AcknowledgedBy = &at, person(0, s.r.IntN(people))
		}
	}
	s.rec.Alerts = append(s.rec.Alerts, a)
}
