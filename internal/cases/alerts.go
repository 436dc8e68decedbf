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

	Mine        bool      // it was handed over to the actor
	SnoozeAfter time.Time // it may be put off beyond this instant
	SnoozeUntil time.Time // and until this one at the latest; zero: it may not
	HandTo      []string  // ids of those to whom it may be handed over; none: it may not
}

// Waiting lists the alerts that wait for this actor, the one first that climbs first: those that went
// to one of their roles, or one below it, on cases where they may acknowledge. More: there are others
// beside the MaxPage that must be acknowledged first.
func (s *Service) Waiting(ctx context.Context, a models.Actor) (alerts []WaitingAlert, more bool, err error) {
	return s.waitingOn(ctx, a, "")
}

// WaitingOn is Waiting for the alerts of one case.
func (s *Service) WaitingOn(ctx context.Context, a models.Actor, caseID string) (alerts []WaitingAlert, err error) {
	alerts, _, err = s.waitingOn(ctx, a, caseID)
	return alerts, err
}

func (s *Service) waitingOn(ctx context.Context, a models.Actor, caseID string) (alerts []WaitingAlert, more bool, err error) {
	waiting := true
	found, _, err := s.Store.Alerts(ctx, models.AlertQuery{
		Visible: models.VisibleTo(a), CaseID: caseID, Waiting: &waiting, To: models.TakesOn(a), Person: a.ID, Soonest: true, Limit: models.MaxPage,
	})
	if err != nil || len(found) == 0 {
		return nil, false, err
	}
	rows, err := s.casesOfAlerts(ctx, found)
	if err != nil {
		return nil, false, err
	}
	desk, err := s.alertDesk(ctx, a)
	if err != nil {
		return nil, false, err
	}
	for _, alert := range found {
		row, is := rows[alert.CaseID]
		if !is || models.May(a, models.VerbAcknowledge, row.Standing()) != nil {
			continue
		}
		one, err := desk.waiting(ctx, alert, row)
		if err != nil {
			return nil, false, err
		}
		alerts = append(alerts, one)
	}
	slices.SortStableFunc(alerts, byPlace)
	return alerts, len(found) == models.MaxPage, nil
}

// byPlace puts what was handed over to whoever reads first, then what climbs first.
func byPlace(a, b WaitingAlert) int {
	if a.Mine != b.Mine {
		if a.Mine {
			return -1
		}
		return 1
	}
	return a.climbs().Compare(b.climbs())
}

// alertDesk is what it takes to show somebody their alerts, read once.
type alertDesk struct {
	*Service

	reader models.Actor
	people []models.Person
	absent []string
	plans  map[string]models.Plan // by version of the policy
}

func (s *Service) alertDesk(ctx context.Context, a models.Actor) (*alertDesk, error) {
	people, err := s.Store.People(ctx)
	if err != nil {
		return nil, err
	}
	absent, err := s.Store.Absent(ctx, s.now())
	return &alertDesk{Service: s, reader: a, people: people, absent: absent, plans: map[string]models.Plan{}}, err
}

// plan is what the version of the policy says that a case runs under.
func (d *alertDesk) plan(ctx context.Context, row models.Case) (models.Plan, error) {
	if plan, read := d.plans[row.Policy]; read {
		return plan, nil
	}
	plan, err := d.Plans.Plan(ctx, row.Policy, d.now(), row.Zone)
	d.plans[row.Policy] = plan
	return plan, err
}

func (d *alertDesk) waiting(ctx context.Context, alert models.Alert, row models.Case) (WaitingAlert, error) {
	one := WaitingAlert{AlertView: AlertView{alert, row.Number}, Row: row, Mine: alert.HandedTo == d.reader.ID && d.reader.ID != ""}
	one.Row.Snapshot = nil
	c, err := lifecycle.Restore(row)
	if err != nil {
		return one, err
	}
	if c.Plan, err = d.plan(ctx, row); err != nil {
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
	if after, latest, may := c.MaySnooze(alert.Key, d.now()); may && models.Lawful(models.VerbSnooze, row.State) {
		one.SnoozeAfter, one.SnoozeUntil = after, latest
	}
	if c.MayHandOver(alert.Key) && models.Lawful(models.VerbHandOver, row.State) {
		one.HandTo = takers(d.reader, d.people, d.absent, row)
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
