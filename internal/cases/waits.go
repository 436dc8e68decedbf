package cases

import (
	"context"

	"recourse/models"
)

// MostCounted is up to where the menu counts what waits for somebody: this many stand for any number of
// them, so that a page asks no more than it shows.
const MostCounted = 100

// CasesOverdue counts the open cases that somebody is responsible for and whose clock is past its bound, up
// to MostCounted.
func (s *Service) CasesOverdue(ctx context.Context, a models.Actor) (int, error) {
	if a.ID == "" {
		return 0, nil
	}
	now := s.now()
	n, err := s.Store.CountCases(ctx, models.CaseQuery{
		Visible: models.VisibleTo(a), Assignees: []string{a.ID}, Open: true, LateAt: &now, Limit: MostCounted,
	})
	return int(n), err
}

// AlertsToAcknowledge counts what Waiting lists, up to MostCounted. It reads no snapshot.
func (s *Service) AlertsToAcknowledge(ctx context.Context, a models.Actor) (n int, err error) {
	waiting := true
	found, _, err := s.Store.Alerts(ctx, models.AlertQuery{
		Visible: models.VisibleTo(a), Waiting: &waiting, To: models.TakesOn(a), Person: a.ID, Soonest: true, Limit: MostCounted,
	})
	if err != nil || len(found) == 0 {
		return 0, err
	}
	rows, err := s.Store.RowsOf(ctx, casesNamed(found))
	for _, alert := range found {
		if row, is := rows[alert.CaseID]; is && models.May(a, models.VerbAcknowledge, row.Standing()) == nil {
			n++
		}
	}
	return n, err
}

// DecisionsToMake counts the cases on which Decisions finds something, up to MostCounted.
func (s *Service) DecisionsToMake(ctx context.Context, a models.Actor) (int, error) {
	if len(a.Roles) == 0 {
		return 0, nil
	}
	rows, _, err := s.Store.Cases(ctx, models.CaseQuery{Visible: models.VisibleTo(a), Asks: a.Roles, Limit: MostCounted})
	if err != nil {
		return 0, err
	}
	found, err := s.undecidedOf(ctx, a, rows)
	return len(found), err
}

// CallsDue counts the attempts of Calls whose time has come, up to MostCounted.
func (s *Service) CallsDue(ctx context.Context, a models.Actor) (n int, err error) {
	if a.ID == "" {
		return 0, nil
	}
	now := s.now()
	tasks, err := s.Store.CallsOf(ctx, a.ID, models.VisibleTo(a), MostCounted)
	if err != nil {
		return 0, err
	}
	for i, t := range tasks {
		if t.NotBefore.After(now) {
			tasks = tasks[:i]
			break
		}
	}
	calls, err := s.callsOf(ctx, a, tasks)
	for _, call := range calls {
		if !call.Call.NotBefore.After(now) {
			n++
		}
	}
	return n, err
}
