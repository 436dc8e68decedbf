package cases

import (
	"context"
	"time"

	"recourse/internal/lifecycle"
	"recourse/internal/policies"
	"recourse/internal/uptime"
	"recourse/models"
)

// Segment is a part of a ledger, for those who show it.
type Segment = lifecycle.Segment

// LedgerBreach is a bound that a run passed, for those who show it.
type LedgerBreach = lifecycle.LedgerBreach

// ClockView is one run of a clock: since when, until when, how it ended, and its ledger.
type ClockView struct {
	models.ClockSpan
	Run          string
	Cycle        int
	TargetMissed bool
	LimitMissed  bool
	EndedAt      time.Time
	End          models.ClockEnd
	PausedAt     time.Time // zero: it is not paused

	AsOf     time.Time // up to where the ledger goes: the end, or now
	Segments []Segment
	Sums     lifecycle.Sums
	Breaches []LedgerBreach
	Outages  []models.Outage // that lie on it; never taken off
}

// Clocks shows every run of every clock of a case, with its ledger: written from the events, by the
// versions of the policy that the case ran under.
func (s *Service) Clocks(ctx context.Context, a models.Actor, number string) ([]ClockView, error) {
	row, err := s.visible(ctx, a, number)
	if err != nil {
		return nil, err
	}
	events, err := s.events(ctx, row.ID)
	if err != nil {
		return nil, err
	}
	ledgers, err := s.ledgers(ctx, row, events)
	views := make([]ClockView, len(ledgers))
	for i, l := range ledgers {
		views[i] = ClockView{
			ClockSpan: l.Run.ClockSpan, Run: l.Run.Key, Cycle: l.Run.Cycle, TargetMissed: l.Run.TargetMissed,
			LimitMissed: l.Run.LimitMissed, EndedAt: l.Run.EndedAt, End: l.Run.End, PausedAt: l.Run.PausedAt,
			AsOf: l.AsOf, Segments: l.Segments, Sums: l.Sums, Breaches: l.Breaches, Outages: l.Outages,
		}
	}
	return views, err
}

// ledgers writes the ledgers of a case, with the outages that lie on them.
func (s *Service) ledgers(ctx context.Context, row models.Case, events []models.Event) ([]lifecycle.Ledger, error) {
	past, err := s.Past(ctx, row.Zone, lifecycle.Policies(events)...)
	if models.CodeOf(err) == models.CodeNotFound { // of a record that was put together elsewhere: every hour counts
		s.Logger.WarnContext(ctx, "a policy of a case is not on record", "case", row.ID, "error", err)
		past, err = policies.Past{}, nil
	}
	if err != nil {
		return nil, err
	}
	ledgers := lifecycle.Ledgers(events, past, s.now())
	from, until := row.ReceivedAt, row.ReceivedAt
	for _, l := range ledgers {
		if l.AsOf.After(until) {
			until = l.AsOf
		}
	}
	spans, err := s.Store.Uptimes(ctx, from, until)
	if err != nil {
		return nil, err
	}
	lifecycle.MarkOutages(ledgers, uptime.Outages(spans, from, until))
	return ledgers, nil
}
