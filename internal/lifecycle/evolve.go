package lifecycle

import (
	"slices"
	"time"

	"recourse/models"
)

// Fold replays events from the first on.
func Fold(events []models.Event) Case {
	var c Case
	for _, e := range events {
		c = Evolve(c, e)
	}
	return c
}

// Evolve applies one event. It judges nothing: whatever is on record happened.
func Evolve(c Case, e models.Event) Case {
	before := c
	c = c.clone()
	c.Seq, c.LastAt = e.Seq, e.DecidedAt
	if d, adopted := e.Data.(models.Adopted); adopted {
		c.adopt(e, d)
	} else {
		c.step(e)
	}
	c.remember(e)
	c.trace(before, e, 0)
	return c
}

// step is all that one thing which happened makes of a case.
func (c *Case) step(e models.Event) {
	c.tickClocks(e)
	c.apply(e)
	c.startClocks(e)
}

// tickClocks ends the runs that the event stops, cancels or lets expire, with their alerts.
func (c *Case) tickClocks(e models.Event) {
	for i, r := range c.Runs {
		switch {
		case !r.Running() && revives(*c, r, e):
			c.Runs[i].EndedAt, c.Runs[i].End = time.Time{}, models.ClockRunning
			if r.Clock != models.ClockTotal { // no rung lies before the instant that brought the clock back
				c.Runs[i].MovedAt = e.DecidedAt
			}
		case r.Clock == models.ClockTotal && revives(*c, r, e):
			// it never stopped
		case !r.Running():
		case stops(r, e):
			c.Runs[i] = r.stop(e.DecidedAt)
		case expires(r, e):
			r.LimitMissed = true
			c.Runs[i] = r.ended(e.DecidedAt, models.ClockBreached)
		case cancels(r, e):
			c.Runs[i] = r.ended(e.DecidedAt, models.ClockCancelled)
		}
	}
	c.Alerts = slices.DeleteFunc(c.Alerts, func(a Alert) bool {
		r, _ := c.Run(a.Run)
		return !r.Running()
	})
}

// startClocks starts the runs that the event brings, and moves the bounds of those that run.
func (c *Case) startClocks(e models.Event) {
	var moved []int
	for _, s := range e.Clocks {
		if i := c.running(s, moved); moves(e) && i >= 0 {
			moved = append(moved, i)
			c.Runs[i].ClockSpan, c.Runs[i].MovedAt = s, e.DecidedAt
			c.Moved.note(e, c.Runs[i])
			continue
		}
		r := Run{ClockSpan: s, Key: RunKey(c.Cycle, s.Clock, e.Seq), Cycle: c.Cycle, Seq: e.Seq}
		if stops(r, e) && e.Kind == models.KindOpened { // the record is late or not with the event that starts it
			r = r.stop(e.DecidedAt)
		}
		c.Runs = append(c.Runs, r)
	}
	c.endPause(e)
}

// running returns the position of the run that a span of an event means: of its clock, started at its
// instant, and not meant by another span of the event; -1 when there is none.
func (c *Case) running(s models.ClockSpan, but []int) int {
	for i, r := range c.Runs {
		if r.Clock == s.Clock && r.Running() && r.StartedAt.Equal(s.StartedAt) && !slices.Contains(but, i) {
			return i
		}
	}
	return -1
}

// endPause lets the clocks go on that waited. A pause that has lasted as long as it may ends then, not
// when that was noticed.
func (c *Case) endPause(e models.Event) {
	d, resumed := e.Data.(models.Resumed)
	if !resumed {
		return
	}
	at := e.DecidedAt
	if d.Cause == models.ResumeExpired {
		at = e.HappenedAt
	}
	for i, r := range c.Runs {
		if !r.PausedAt.IsZero() {
			c.Runs[i].Paused, c.Runs[i].PausedAt, c.Runs[i].MovedAt = r.Paused+at.Sub(r.PausedAt), time.Time{}, at
		}
	}
	c.Pause = Pause{}
}

// pause lets clocks wait.
func (c *Case) pause(e models.Event, d models.Paused) {
	c.Pause = Pause{Seq: e.Seq, Reason: d.Reason, Until: d.Until}
	for i, r := range c.Runs {
		if r.Running() && slices.Contains(d.Reason.Pauses(), r.Clock) {
			c.Runs[i].PausedAt = e.DecidedAt
		}
	}
}

func (c *Case) remember(e models.Event) {
	if e.Command == "" {
		return
	}
	if last := len(c.Decided) - 1; last >= 0 && c.Decided[last].Command == e.Command {
		c.Decided[last].Seq = e.Seq
		return
	}
	c.Decided = append(c.Decided, Decided{Command: e.Command, Seq: e.Seq})
	if extra := len(c.Decided) - keepDecided; extra > 0 {
		c.Decided = slices.Delete(c.Decided, 0, extra)
	}
}

// apply moves everything that is not a clock.
func (c *Case) apply(e models.Event) {
	m := &c.Milestones
	switch d := e.Data.(type) {
	case models.Opened:
		c.open(e, d)
	case models.Dispatched:
		c.dispatch(e, d)
	case models.Accepted:
		c.State, c.Assignee = models.StateInvestigating, d.Person
		first(&m.FirstAcceptAt, e.DecidedAt)
	case models.Replied:
		first(&m.FirstReplyAt, e.DecidedAt)
	case models.Proposed:
		c.propose(e, d)
	case models.Approved:
		c.State = models.StateSolutionReady
		c.settleRequest(d.Request)
	case models.Rejected:
		c.State = models.StateInvestigating
		c.settleRequest(d.Request)
	case models.SolutionTold:
		c.State = models.StateImplementing
		first(&m.FirstReplyAt, e.DecidedAt)
		first(&m.FirstSolutionAt, e.DecidedAt)
		c.follow(d.Group)
	case models.Resolved:
		c.State, c.Outcome = models.StateResolved, d.Outcome
		c.Cause, c.Attribution = d.Cause, d.Attribution
		m.ResolvedAt = e.DecidedAt
		first(&m.FirstResolvedAt, e.DecidedAt)
	case models.ResultTold:
		if d.Group != nil {
			first(&m.ResolvedAt, e.DecidedAt)
			first(&m.FirstResolvedAt, e.DecidedAt)
			c.Outcome, c.Cause, c.Attribution = d.Group.Outcome, d.Group.Cause, d.Group.Attribution
		}
		c.State, m.ResultToldAt = models.StateFollowingUp, e.DecidedAt
		c.follow(d.Group)
	case models.SurveyOffered:
		c.Surveys = append(c.Surveys, Survey{Cycle: d.SurveyCycle, Expires: d.ExpiresAt})
	case models.SurveyAnswered:
		c.endSurvey(d.SurveyCycle, func(s *Survey) { s.Answered = true })
		c.answer(d.SurveyCycle, d.Scores.Result, true)
	case models.SurveyExpired:
		c.endSurvey(d.SurveyCycle, func(s *Survey) { s.Expired = true })
	case models.CallbackPlaced:
		c.Callback.Attempt, c.Callback.Open = d.Attempt, true
		c.Callback.NotBefore, c.Callback.Until = d.NotBefore, d.Until
	case models.CallbackRecorded:
		c.recordCallback(d)
	case models.Closed:
		c.CloseReason, m.ClosedAt = d.Reason, e.DecidedAt
		c.end(models.StateClosed, e)
	case models.Reworked:
		c.again(models.StateInvestigating)
	case models.Reopened:
		if c.startsOver() {
			c.again(d.To)
		} else {
			c.comeBack(d.To)
		}
	case models.Requested:
		c.Requests = append(c.Requests, Request{Seq: e.Seq, What: d.What, Asker: e.Actor.ID, Decider: d.Decider, Asked: d})
	case models.Decided:
		c.settleRequest(d.Request)
	case models.Archived:
		c.State, m.ArchivedAt = models.StateArchived, e.DecidedAt
		c.Requests = nil
	case models.Acknowledged:
		c.Alerts = slices.DeleteFunc(c.Alerts, func(a Alert) bool { return a.Key == d.Alert })
	case models.Snoozed:
		c.alert(d.Alert, func(a *Alert) { a.AckBy, a.Snoozed = d.Until, true })
	case models.HandedOver:
		c.alert(d.Alert, func(a *Alert) { a.AckBy, a.HandedTo = d.AcceptBy, d.Person })
	case models.Breached:
		c.breach(d)
	case models.Escalated:
		c.escalate(d)
	case models.ContactLogged, models.Noted, models.Messaged, models.Confirmed, models.NotSolved, models.Restarted:
		// on record; nothing moves
	default:
		c.applyTraffic(e)
	}
	if outbound(e) {
		c.Outbound = e.Seq
	}
}

func first(milestone *time.Time, at time.Time) {
	if milestone.IsZero() {
		*milestone = at
	}
}

func (c *Case) open(e models.Event, d models.Opened) {
	c.ID, c.Opened, c.State, c.Cycle = e.Case, d, models.StateReceived, 1
	c.RecordedAt, c.RecordedBy = e.DecidedAt, e.Actor.ID
	c.Severity, c.SeverityAt, c.Nature, c.Category = d.Severity, e.DecidedAt, d.Nature, d.Category
	if d.Answered {
		c.Milestones.FirstReplyAt = e.DecidedAt
	}
	c.Files = len(d.Files)
}

func (c *Case) dispatch(e models.Event, d models.Dispatched) {
	c.State = models.StateDispatched
	c.Department, c.Supervising, c.Assignee = d.Department, d.Supervising, d.Person
	c.Nature, c.Category, c.DispatchedBy, c.OrderedIn = d.Nature, d.Category, e.Actor.ID, c.Cycle
	c.DueSet = c.DueSet || !d.HandlingDue.IsZero()
	if d.Severity != c.Severity {
		c.Severity, c.SeverityAt = d.Severity, e.DecidedAt
	}
	first(&c.Milestones.FirstDispatchAt, e.DecidedAt)
}

func (c *Case) propose(e models.Event, d models.Proposed) {
	c.State, c.Proposal = models.StateSolutionReady, Proposal{Seq: e.Seq, By: e.Actor.ID}
	if d.NeedsApproval {
		c.State = models.StateAwaitingApproval
		c.Requests = append(c.Requests, Request{
			Seq: e.Seq, What: models.RequestApproveSolution, Asker: e.Actor.ID, Decider: models.RoleExecutive,
		})
	}
}

func (c *Case) settleRequest(seq int64) {
	c.Requests = slices.DeleteFunc(c.Requests, func(r Request) bool { return r.Seq == seq })
}

func (c *Case) recordCallback(d models.CallbackRecorded) {
	c.Callback.Open = false
	if missed(d.Outcome) {
		c.Callback.Missed++
	}
	if d.Scores != nil && d.Scores.Result > 0 {
		c.answer(c.Cycle, d.Scores.Result, false)
	}
}

// endSurvey changes the survey of a cycle; a record with a hole in it may have none.
func (c *Case) endSurvey(cycle int, change func(*Survey)) {
	if i := c.survey(cycle); i >= 0 {
		change(&c.Surveys[i])
	}
}

// answer keeps the one score of a cycle: the callback's comes first, a survey replaces it.
func (c *Case) answer(cycle, result int, replace bool) {
	if result == 0 {
		return
	}
	i := slices.IndexFunc(c.Answers, func(a Answer) bool { return a.Cycle == cycle })
	switch {
	case i < 0:
		c.Answers = append(c.Answers, Answer{Cycle: cycle, Result: result})
	case replace:
		c.Answers[i].Result = result
	}
}

// again starts another cycle.
func (c *Case) again(to models.State) {
	c.State = to
	c.Cycle++
	c.Reworks++
	c.Requests, c.Tasks, c.Callback, c.CloseReason, c.Ending, c.DueSet = nil, nil, Callback{}, "", "", false
	c.Milestones.ResolvedAt, c.Milestones.ResultToldAt, c.Milestones.ClosedAt = time.Time{}, time.Time{}, time.Time{}
	c.Milestones.EndedAt, c.EndedFrom = time.Time{}, ""
	if to == models.StateReceived {
		c.Department, c.Supervising, c.Assignee = "", "", ""
	}
}

func (c *Case) breach(d models.Breached) {
	c.EverLate = true
	for i, r := range c.Runs {
		if r.Key == d.Run {
			c.Runs[i].TargetMissed = r.TargetMissed || d.Bound == models.BoundTarget
			c.Runs[i].LimitMissed = r.LimitMissed || d.Bound == models.BoundLimit
		}
	}
}

func (c *Case) escalate(d models.Escalated) {
	if !c.stamped(d) {
		c.EverAlert = true
		c.reach(d.Roles)
	}
	if d.Rung == models.RungAtOnce {
		c.AtOnce = true
	}
	for i, r := range c.Runs {
		if r.Key == d.Run && d.Rung >= r.Rung {
			c.Runs[i].Rung = d.Rung + 1
		}
		if r.Key == d.Run && d.Rung == models.RungLimit {
			c.Runs[i].LimitTold = true
		}
	}
	c.Alerts = slices.DeleteFunc(c.Alerts, func(a Alert) bool { return a.Key == d.Follows })
	if !d.Superseded {
		c.Alerts = append(c.Alerts, Alert{
			Key: d.Alert, Run: d.Run, Bound: d.Bound, Rung: d.Rung, Repeat: d.Repeat, Roles: d.Roles, AckBy: d.AckBy,
		})
	}
}

// stamped says whether an alert fell due before the case was adopted: it went to nobody.
func (c *Case) stamped(d models.Escalated) bool {
	return c.Adopted && d.Superseded && d.DueAt.Before(c.RecordedAt)
}

// reach keeps the highest role that was ever alerted.
func (c *Case) reach(roles []models.Role) {
	for _, r := range roles {
		if slices.Index(models.EscalationChain(), r) > slices.Index(models.EscalationChain(), c.Highest) {
			c.Highest = r
		}
	}
}

// alert changes an alert that waits; a record with a hole in it may have none.
func (c *Case) alert(key string, change func(*Alert)) {
	for i := range c.Alerts {
		if c.Alerts[i].Key == key {
			change(&c.Alerts[i])
		}
	}
}

// reached says whether an attempt reached the customer.
func reached(o models.CallbackOutcome) bool {
	return o == models.CallbackReachedSolved || o == models.CallbackReachedUnsolved || o == models.CallbackNotReceived
}

// missed says whether an attempt counts as one that did not reach the customer.
func missed(o models.CallbackOutcome) bool {
	return o == models.CallbackNoAnswer || o == models.CallbackRefused || o == models.CallbackWrongNumber
}
