package cases

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"recourse/internal/lifecycle"
	"recourse/models"
)

// WaitingAlert is an alert that the actor may acknowledge, with what follows when nobody does.
type WaitingAlert struct {
	AlertView

	Row      models.Case
	NextAt   time.Time     // zero: nothing follows
	NextTo   []models.Role // who is alerted then
	Since    time.Time     // when the clock began that it is about
	BoundAt  time.Time     // the bound of it
	Breached bool          // it was passed
}

// Waiting lists the alerts that wait for this actor, the one first that climbs first: those that went
// to one of their roles, or one below it, on cases where they may acknowledge. More: there are others
// beside the MaxPage that must be acknowledged first.
func (s *Service) Waiting(ctx context.Context, a models.Actor) (alerts []WaitingAlert, more bool, err error) {
	waiting := true
	found, _, err := s.Store.Alerts(ctx, models.AlertQuery{
		Visible: models.VisibleTo(a), Waiting: &waiting, To: models.TakesOn(a), Soonest: true, Limit: models.MaxPage,
	})
	if err != nil || len(found) == 0 {
		return nil, false, err
	}
	rows, err := s.casesOfAlerts(ctx, found)
	if err != nil {
		return nil, false, err
	}
	for _, alert := range found {
		row, is := rows[alert.CaseID]
		if !is || models.May(a, models.VerbAcknowledge, row.Standing()) != nil {
			continue
		}
		one, err := waitingAlert(alert, row)
		if err != nil {
			return nil, false, err
		}
		alerts = append(alerts, one)
	}
	slices.SortStableFunc(alerts, func(a, b WaitingAlert) int { return a.climbs().Compare(b.climbs()) })
	return alerts, len(found) == models.MaxPage, nil
}

func waitingAlert(alert models.Alert, row models.Case) (WaitingAlert, error) {
	one := WaitingAlert{AlertView: AlertView{alert, row.Number}, Row: row}
	one.Row.Snapshot = nil
	c, err := lifecycle.Restore(row)
	if err != nil {
		return one, err
	}
	if next, is := c.Climb(alert.Key); is {
		one.NextAt, one.NextTo = next.At, next.To
	}
	for _, r := range c.Runs {
		if strings.HasPrefix(alert.Key, r.Key+"/") {
			one.Since, one.BoundAt, one.Breached = r.StartedAt, r.At(alert.Bound), r.Missed(alert.Bound)
		}
	}
	return one, nil
}

// climbs is when something follows; what nothing follows comes last, by when it should be acknowledged.
func (w WaitingAlert) climbs() time.Time {
	if w.NextAt.IsZero() {
		return w.AckBy.AddDate(100, 0, 0)
	}
	return w.NextAt
}

// Acknowledged lists what the actor acknowledged of late, the latest first.
func (s *Service) Acknowledged(ctx context.Context, a models.Actor, n int) ([]AlertView, error) {
	if a.ID == "" {
		return nil, nil
	}
	found, _, err := s.Store.Alerts(ctx, models.AlertQuery{Visible: models.VisibleTo(a), By: a.ID, Limit: n})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	rows, err := s.casesOfAlerts(ctx, found)
	var views []AlertView
	for _, alert := range found {
		views = append(views, AlertView{alert, rows[alert.CaseID].Number})
	}
	slices.SortStableFunc(views, func(a, b AlertView) int {
		return cmp.Compare(b.AcknowledgedAt.UnixMicro(), a.AcknowledgedAt.UnixMicro())
	})
	return views, err
}

func (s *Service) casesOfAlerts(ctx context.Context, alerts []models.Alert) (map[string]models.Case, error) {
	return s.Store.CasesOf(ctx, casesNamed(alerts))
}

// casesNamed are the cases of some alerts, each once.
func casesNamed(alerts []models.Alert) (ids []string) {
	for _, alert := range alerts {
		if !slices.Contains(ids, alert.CaseID) {
			ids = append(ids, alert.CaseID)
		}
	}
	return ids
}
