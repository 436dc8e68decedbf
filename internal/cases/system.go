package cases

import (
	"context"
	"slices"
	"time"

	"recourse/internal/uptime"
	"recourse/models"
	"recourse/workflows/contract"
)

// System is how the program itself is doing: no text, no contact data.
type System struct {
	Health

	Pending  int64 // workflows still to be started
	Starts   []StartView
	Restarts []StartView
	Messages []models.MessageCount
	Refused  []RefusedAnswer // of the last refusedShown
	Sessions int64
	Outages  []models.Outage // of the last outagesShown, the latest first
	Troubles []TroubleView   // for ops
}

// TroubleView is one way in which workflows are in trouble, with the numbers of the first cases.
type TroubleView struct {
	Trouble contract.Trouble
	Known   bool // Temporal answered
	Cases   int
	More    bool // than Cases
	Numbers []string
}

// mostTroubled is how many numbers System shows of each trouble.
const mostTroubled = 10

// StartView is a start of a workflow, with the number of its case.
type StartView struct {
	models.StartIntent

	Number string
}

// RefusedAnswer is what a customer sent by link, or another case asked for, and the case refused: nobody was
// there to be told so.
type RefusedAnswer struct {
	Number string
	Verb   models.Verb
	At     time.Time
	Why    *models.Error
}

// refusedShown is how long System shows an answer that was refused.
const refusedShown = 14 * 24 * time.Hour

// outagesShown is how long System shows that a part of the system was down.
const outagesShown = 30 * 24 * time.Hour

// outages lists when parts of the system were down lately, the latest first.
func (s *Service) outages(ctx context.Context, now time.Time) ([]models.Outage, error) {
	since := now.Add(-outagesShown)
	spans, err := s.Store.Uptimes(ctx, since, now)
	if err != nil {
		return nil, err
	}
	all := uptime.Outages(spans, since, now)
	slices.Reverse(all)
	return all[:min(len(all), mostShown)], nil
}

// mostShown bounds the lists of System.
const mostShown = 50

// System shows how the program is doing; for ops and admin.
func (s *Service) System(ctx context.Context, a models.Actor) (v System, err error) {
	if err := only(a, "the system is shown to ops and administrators", models.RoleOps, models.RoleAdmin); err != nil {
		return v, err
	}
	if v.Health = s.Health(ctx); v.Database != "" {
		return v, nil
	}
	numbers := map[string]string{}
	if v.Pending, err = s.Store.PendingStarts(ctx); err != nil {
		return v, err
	}
	waiting, err := s.Store.WaitingStarts(ctx, mostShown)
	if err != nil {
		return v, err
	}
	if v.Starts, err = s.startViews(ctx, waiting, numbers); err != nil {
		return v, err
	}
	again, err := s.Store.Restarts(ctx, mostShown)
	if err != nil {
		return v, err
	}
	if v.Restarts, err = s.startViews(ctx, again, numbers); err != nil {
		return v, err
	}
	if v.Messages, err = s.Store.CountMessages(ctx); err != nil {
		return v, err
	}
	now := s.now()
	if v.Refused, err = s.refusedAnswers(ctx, now.Add(-refusedShown), numbers); err != nil {
		return v, err
	}
	if v.Outages, err = s.outages(ctx, now); err != nil {
		return v, err
	}
	if v.Sessions, err = s.Store.CountSessions(ctx, now, now.Add(-sessionIdle)); err != nil || !a.Is(models.RoleOps) {
		return v, err
	}
	v.Troubles, err = s.troubles(ctx)
	return v, err
}

// troubles asks the engine, which may be away, for the workflows that are in trouble.
func (s *Service) troubles(ctx context.Context) (views []TroubleView, err error) {
	for _, t := range contract.Troubles() {
		ids, more, away := s.Engine.Troubled(ctx, t)
		if away != nil {
			s.Logger.DebugContext(ctx, "not known which workflows are in trouble", "trouble", t, "error", away)
			views = append(views, TroubleView{Trouble: t})
			continue
		}
		one := TroubleView{Trouble: t, Known: true, Cases: len(ids), More: more}
		ids = ids[:min(len(ids), mostTroubled)]
		rows, err := s.Store.RowsOf(ctx, ids)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			if row, is := rows[id]; is { // others may use the same Temporal
				one.Numbers = append(one.Numbers, row.Number)
			}
		}
		views = append(views, one)
	}
	return views, nil
}

func (s *Service) startViews(ctx context.Context, starts []models.StartIntent, numbers map[string]string) (views []StartView, err error) {
	for _, start := range starts {
		number, err := s.numberOf(ctx, start.CaseID, numbers)
		if err != nil {
			return nil, err
		}
		start.LastFailure = withoutAddresses(start.LastFailure)
		views = append(views, StartView{start, number})
	}
	return views, nil
}

func (s *Service) refusedAnswers(ctx context.Context, since time.Time, numbers map[string]string) (views []RefusedAnswer, err error) {
	refused, err := s.Store.RefusedIncomings(ctx, since, mostShown)
	if err != nil {
		return nil, err
	}
	for _, in := range refused {
		number, err := s.numberOf(ctx, in.CaseID, numbers)
		if err != nil {
			return nil, err
		}
		views = append(views, RefusedAnswer{
			Number: number, Verb: in.Verb, At: *in.PassedAt, Why: models.Refuse(models.CodeUnlawful, in.Refusal),
		})
	}
	return views, nil
}
