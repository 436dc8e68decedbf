package policy

import (
	"time"

	"recourse/models"
)

const day = 24 * time.Hour

func wall(d time.Duration) models.Amount { return models.Amount{Of: d} }

// workdays is so many working days: 24 hours of open time each.
func workdays(n int) models.Amount {
	return models.Amount{Of: time.Duration(n) * day, Calendar: models.CalendarWorking}
}

func same(a models.Amount) models.BySeverity {
	return models.BySeverity{General: a, Important: a, Urgent: a}
}

func each(general, important, urgent time.Duration) models.BySeverity {
	return models.BySeverity{General: wall(general), Important: wall(important), Urgent: wall(urgent)}
}

// defaultClocks is the table of product.md, section 3. A target equal to the limit is left out.
func defaultClocks() []models.ClockRule {
	const h, m = time.Hour, time.Minute
	return []models.ClockRule{
		{Clock: models.ClockRecord, Limit: same(wall(24 * h))},
		{Clock: models.ClockTriage, Limit: same(wall(4 * h)), Target: each(0, 1*h, 15*m)},
		{Clock: models.ClockAcceptance, Limit: same(wall(4 * h)), Target: each(0, 2*h, 30*m)},
		{Clock: models.ClockFirstResponse, Limit: same(wall(24 * h)), Target: each(0, 8*h, 1*h)},
		{Clock: models.ClockFeedback, Limit: same(wall(48 * h)), Target: each(0, 0, 24*h)},
		{Clock: models.ClockApproval, Limit: same(wall(8 * h)), Target: each(0, 0, 2*h)},
		{Clock: models.ClockHandling, Limit: each(7*day, 5*day, 3*day)},
		{Clock: models.ClockResult, Limit: same(wall(24 * h))},
		{Clock: models.ClockNextReply, Limit: same(wall(24 * h)), Target: each(0, 8*h, 1*h)},
		{Clock: models.ClockCallback, Limit: same(workdays(3))},
	}
}

// defaultLadders is the table of product.md, section 4.
func defaultLadders() []models.Ladder {
	const (
		handler   = models.RoleHandler
		head      = models.RoleDepartmentHead
		manager   = models.RoleEscalationManager
		executive = models.RoleExecutive
	)
	to := func(roles ...models.Role) []models.Role { return roles }
	return []models.Ladder{
		{Severity: models.SeverityGeneral, Class: models.LadderPromise, Rungs: []models.Rung{
			{Share: 75, Roles: to(handler)},
			{Roles: to(head)},
			{After: 12 * time.Hour, Roles: to(manager)},
		}},
		{Severity: models.SeverityGeneral, Class: models.LadderStep, Rungs: []models.Rung{
			{Roles: to(head)},
			{After: 4 * time.Hour, Roles: to(manager)},
		}},
		{Severity: models.SeverityImportant, Class: models.LadderPromise, Rungs: []models.Rung{
			{Share: 50, Roles: to(handler)},
			{Share: 75, Roles: to(head)},
			{Roles: to(manager), AckWithin: 2 * time.Hour},
			{After: 4 * time.Hour, Roles: to(executive)},
		}},
		{Severity: models.SeverityImportant, Class: models.LadderStep, Rungs: []models.Rung{
			{Roles: to(head)},
			{After: time.Hour, Roles: to(manager)},
		}},
		{Severity: models.SeverityUrgent, Class: models.LadderPromise, Rungs: []models.Rung{
			{AtOnce: true, Roles: to(head, manager), AckWithin: 15 * time.Minute, RepeatTo: to(executive), Repeats: 4},
			{Share: 50, Roles: to(handler)},
			{Roles: to(executive)},
		}},
		{Severity: models.SeverityUrgent, Class: models.LadderStep, Rungs: []models.Rung{
			{Roles: to(manager)},
			{After: 15 * time.Minute, Roles: to(executive)},
		}},
	}
}
