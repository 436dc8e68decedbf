package cases

import (
	"context"
	"maps"
	"slices"

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
	if err != nil {
		return nil, err
	}
	return s.callsOf(ctx, a, tasks)
}

// callsOf leaves of some attempts those that the actor may make.
func (s *Service) callsOf(ctx context.Context, a models.Actor, tasks []models.CallTask) ([]CallToMake, error) {
	if len(tasks) == 0 {
		return nil, nil
	}
	var ids []string
	for _, t := range tasks {
		ids = append(ids, t.CaseID)
	}
	rows, err := s.Store.RowsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	holds, err := s.agendasOf(ctx, slices.Collect(maps.Values(rows)))
	if err != nil {
		return nil, err
	}
	var calls []CallToMake
	for _, t := range tasks {
		row := rows[t.CaseID]
		now := holds[t.CaseID]
		if !now.awaits(t.Cycle, t.Attempt) || !mayCall(a, row) { // it may have ended since the list was read
			continue
		}
		calls = append(calls, CallToMake{Row: row, Call: now.call(), Mine: t.Caller == a.ID})
	}
	slices.SortStableFunc(calls, func(a, b CallToMake) int { return a.Call.NotBefore.Compare(b.Call.NotBefore) })
	return calls, nil
}

// mayCall is what the kernel asks of whoever calls back.
func mayCall(a models.Actor, row models.Case) bool {
	return models.May(a, models.VerbRecordCallback, row.Standing()) == nil && !row.Anonymous &&
		(a.Is(models.RoleSupervisor) || !a.In(row.Department))
}
