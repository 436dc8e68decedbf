package rig

import (
	"time"

	"recourse/models"
)

// Words that the steps of the road need.
const (
	text      = models.TextText
	objective = models.TextObjective
	solution  = models.TextSolution
	minutes   = models.TextMinutes
	result    = models.TextResult
	reason    = models.TextReason
)

// ToDispatched issues the work order.
func (r *Rig) ToDispatched(number string) {
	r.T.Helper()
	r.Do(models.RoleSupervisor, number, models.Dispatched{
		Department: Care, Supervising: Management, Nature: models.NatureCustomer,
	}, objective, "find out why it leaks")
}

// ToInvestigating goes on from dispatched.
func (r *Rig) ToInvestigating(number string) {
	r.T.Helper()
	r.ToDispatched(number)
	r.Do(models.RoleHandler, number, models.Accepted{})
}

// ToImplementing goes on from investigating: reply, solution (approved where it must be), told.
func (r *Rig) ToImplementing(number string) {
	r.T.Helper()
	r.Do(models.RoleHandler, number, models.Replied{Channel: models.ChannelPhone}, text, "we are on it")
	r.Solve(number)
}

// Solve proposes a solution, lets it be approved where it must be, and tells it.
func (r *Rig) Solve(number string) {
	r.T.Helper()
	r.Do(models.RoleHandler, number, models.Proposed{
		Measures: []models.Measure{{Owner: string(models.RoleHandler), Due: time.Now().Add(time.Hour)}},
	}, solution, "a new kettle", minutes, "we met and agreed", models.TextMeasure(0), "send it")
	if r.Row(number).State == models.StateAwaitingApproval {
		r.Do(models.RoleExecutive, number, models.Approved{}, reason, "fair")
	}
	r.Do(models.RoleHandler, number, models.SolutionTold{Channel: models.ChannelPhone}, text, "you get a new kettle")
}

// ToFollowingUp goes on from implementing: resolved and told.
func (r *Rig) ToFollowingUp(number string) {
	r.T.Helper()
	r.Do(models.RoleHandler, number, models.Resolved{MeasuresDone: true, Outcome: models.OutcomeUpheld}, result, "the new kettle is there")
	r.Do(models.RoleHandler, number, models.ResultTold{
		Channel: models.ChannelPhone, Done: true, Effect: true, FollowUp: true, Thanks: true,
	}, text, "it is there; thank you")
}

// ToClosed goes on from following up: the customer says it is solved.
func (r *Rig) ToClosed(number string) {
	r.T.Helper()
	r.Do(models.RoleQuality, number, models.CallbackRecorded{Outcome: models.CallbackReachedSolved, Scores: &models.Scores{Result: 5}}, text, "happy")
}
