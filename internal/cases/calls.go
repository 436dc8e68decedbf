package cases

import (
	"context"
	"slices"

	"recourse/internal/lifecycle"
	"recourse/models"
)

// CallToMake is a callback attempt that waits to be made.
type CallToMake struct {
	Row  models.Case
	Call CallView
	Mine bool // given to the actor; else to nobody
}

// Calls lists the attempts that the actor may make and that were given to them or to nobody, those that
// begin first first: never in a case of their own department, unless they supervise.
func (s *Service) Calls(ctx context.Context, a models.Actor) ([]CallToMake, error) {
	if a.ID == "" {
		return nil, nil
	}
	tasks, err := s.Store.CallsOf(ctx, a.ID, models.VisibleTo(a), models.MaxPage)
	if err != nil || len(tasks) == 0 {
		return nil, err
	}
	var ids []string
	for _, t := range tasks {
		ids = append(ids, t.CaseID)
	}
	rows, err := s.Store.CasesOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	var calls []CallToMake
	for _, t := range tasks {
		row := rows[t.CaseID]
		c, err := lifecycle.Restore(row)
		if err != nil {
			return nil, err
		}
		now := c.Callback
		if !c.Awaits(t.Cycle, t.Attempt) || !mayCall(a, row) { // it may have ended since the list was read
			continue
		}
		row.Snapshot = nil
		calls = append(calls, CallToMake{Row: row, Call: CallView{Attempt: now.Attempt, NotBefore: now.NotBefore, Until: now.Until}, Mine: t.Caller == a.ID})
	}
	slices.SortStableFunc(calls, func(a, b CallToMake) int { return a.Call.NotBefore.Compare(b.Call.NotBefore) })
	return calls, nil
}

// mayCall is what the kernel asks of whoever calls back.
func mayCall(a models.Actor, row models.Case) bool {
	return models.May(a, models.VerbRecordCallback, row.Standing()) == nil && !row.Anonymous &&
		(a.Is(models.RoleSupervisor) || !a.In(row.Department))
}
