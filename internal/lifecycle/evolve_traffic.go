package lifecycle

import (
	"slices"
	"time"

	"recourse/models"
)

// applyTraffic moves everything that is not a clock, for what happens beside the main road.
func (c *Case) applyTraffic(e models.Event) {
	switch d := e.Data.(type) {
	case models.Settled:
		c.settle(e, d)
	case models.Returned:
		c.Returns++
		c.backToTriage()
	case models.Recalled:
		c.backToTriage()
	case models.Transferred:
		c.Transfers++
		c.State, c.Department, c.Assignee = models.StateDispatched, d.Department, d.Person
		c.DispatchedBy = e.Actor.ID
		if d.Supervising != "" {
			c.Supervising = d.Supervising
		}
	case models.Retracted:
		if d.What == models.RequestApproveSolution {
			c.State = models.StateInvestigating
		}
		c.settleRequest(d.Request)
	case models.Assigned:
		c.Assignee = d.Person
	case models.TaskGiven:
		c.Tasks = append(c.Tasks, Task{Seq: e.Seq, Department: d.Department})
	case models.TaskFinished:
		c.endTask(d.Task)
	case models.TaskCancelled:
		c.endTask(d.Task)
	case models.InterimTold:
		first(&c.Milestones.FirstReplyAt, e.DecidedAt)
		c.Interim = c.Interim || c.Cycle == 1 && c.Milestones.FirstSolutionAt.IsZero() // afterwards it keeps no promise
	case models.Urged:
		c.Urges++
	case models.Reclassified:
		c.reclassify(e, d)
	case models.Amended:
		c.amend(d)
	case models.Attached:
		c.Files += len(d.Files)
	case models.Restricted:
		c.Circle, c.Named = d.Circle, d.Named
	case models.ProblemDeclared:
		c.Problem = true
	case models.Rescheduled:
		c.Callback.Open = false
	case models.SurveyReminded:
		c.endSurvey(d.SurveyCycle, func(s *Survey) { s.Reminded = true })
	case models.Paused:
		c.pause(e, d)
	case models.Extended:
		c.DueSet = true
	case models.DeadlinesMoved:
		c.moveDeadlines(e, d)
	case models.Compensated:
		c.Given = append(c.Given, d.Money)
	default:
		c.applyEnds(e)
	}
}

// applyEnds moves what ends a case otherwise, and what binds it to others.
func (c *Case) applyEnds(e models.Event) {
	switch d := e.Data.(type) {
	case models.NotAccepted:
		c.end(models.StateNotAccepted, e)
	case models.Withdrawn:
		c.end(models.StateWithdrawn, e)
	case models.Merged:
		c.end(models.StateMerged, e)
		c.MergedInto = d.Into
		c.link(models.Linked{Other: d.Into, Relation: models.RelationRelated})
	case models.Unmerged:
		c.comeBack(d.To)
		c.reopenSurveys()
	case models.Linked:
		c.link(d)
	default:
		// measures, progress, promises, supervision, reports, voids and resumptions are on record; nothing
		// but clocks moves
	}
}

func (c *Case) settle(e models.Event, d models.Settled) {
	c.State, c.Department, c.Assignee = models.StateFollowingUp, d.Department, d.Person
	c.Nature, c.Category = d.Nature, d.Category
	c.Outcome, c.Cause, c.Attribution = d.Outcome, d.Cause, d.Attribution
	m := &c.Milestones
	for _, milestone := range []*time.Time{
		&m.FirstReplyAt, &m.FirstDispatchAt, &m.FirstAcceptAt, &m.FirstSolutionAt, &m.FirstResolvedAt,
	} {
		first(milestone, e.DecidedAt)
	}
	m.ResolvedAt, m.ResultToldAt = e.DecidedAt, e.DecidedAt
}

// backToTriage takes the case out of everybody's hands.
func (c *Case) backToTriage() {
	c.State, c.Department, c.Supervising, c.Assignee = models.StateReceived, "", "", ""
}

func (c *Case) endTask(seq int64) {
	c.Tasks = slices.DeleteFunc(c.Tasks, func(t Task) bool { return t.Seq == seq })
}

func (c *Case) reclassify(e models.Event, d models.Reclassified) {
	if d.Severity != "" && d.Severity != c.Severity {
		c.Severity, c.SeverityAt = d.Severity, e.DecidedAt
	}
	if d.Nature != "" {
		c.Nature = d.Nature
	}
	if d.Category != "" {
		c.Category = d.Category
	}
	if d.Cause != "" {
		c.Cause = d.Cause
	}
	if d.Attribution != "" {
		c.Attribution = d.Attribution
	}
}

func (c *Case) amend(d models.Amended) {
	for _, change := range d.Changes {
		if field := c.amendable(change.Field); field != nil {
			*field = change.Is
		}
	}
}

// amendable returns what an amendment of a field changes; nil for a field that nobody may amend.
func (c *Case) amendable(field string) *string {
	switch field {
	case "region":
		return &c.Opened.Region
	case "product":
		return &c.Opened.Product
	case "model":
		return &c.Opened.Model
	case "department_concerned":
		return &c.Opened.Concerned
	case "language":
		return (*string)(&c.Opened.Language)
	case "zone":
		return &c.Opened.Zone
	}
	return nil
}

// end ends the case: nothing is asked, owed or placed any more.
func (c *Case) end(s models.State, e models.Event) {
	c.EndedFrom, c.State, c.Ending = c.State, s, s
	c.Milestones.EndedAt = e.DecidedAt
	c.Requests, c.Tasks, c.Pause, c.Callback.Open = nil, nil, Pause{}, false
	if s != models.StateClosed { // the survey runs on after closing only
		for i := range c.Surveys {
			c.Surveys[i].Expired = c.Surveys[i].Expired || !c.Surveys[i].Answered
		}
	}
}

// comeBack takes up again what ended otherwise than by closing.
func (c *Case) comeBack(to models.State) {
	c.State, c.Ending, c.EndedFrom, c.Requests = to, "", "", nil // what goes on is not archived early
	c.Milestones.EndedAt = time.Time{}
	if to == models.StateReceived {
		c.backToTriage()
	}
}

// reopenSurveys opens again the surveys whose clocks came back with the case.
func (c *Case) reopenSurveys() {
	for _, r := range c.Runs {
		if r.Clock == models.ClockSurvey && r.Running() {
			c.endSurvey(r.Cycle, func(s *Survey) { s.Expired = false })
		}
	}
}

// link keeps how another case belongs to this one now.
func (c *Case) link(d models.Linked) {
	if d.Relation == models.RelationLead && c.Department == "" {
		c.Department = d.Department
	}
	c.Links = slices.DeleteFunc(c.Links, func(l models.Linked) bool { return l.Other.Case == d.Other.Case })
	if d.Relation != models.RelationNone {
		c.Links = append(c.Links, d)
	}
}

// follow takes over from the lead case who is responsible.
func (c *Case) follow(g *models.GroupAct) {
	if g == nil {
		return
	}
	c.Department, c.Assignee = g.Department, g.Person
	c.Tasks = nil
	first(&c.Milestones.FirstDispatchAt, c.LastAt)
	first(&c.Milestones.FirstAcceptAt, c.LastAt)
}

// outbound says whether an event is a contact with the customer that went out.
func outbound(e models.Event) bool {
	switch d := e.Data.(type) {
	case models.Replied, models.ProgressTold, models.InterimTold, models.SolutionTold, models.ResultTold, models.ContactPromised:
		return e.Actor.Kind != models.ActorSystem
	case models.ContactLogged:
		return d.Direction == models.DirectionOut
	}
	return false
}
