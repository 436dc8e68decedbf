// Package casestest stands in for workflows where a test needs the kernel's real decisions and no clock
// that runs.
package casestest

import (
	"context"
	"time"

	"recourse/internal/lifecycle"
	"recourse/models"
	"recourse/workflows/contract"
)

// Record is the record, as the engine needs it.
type Record interface {
	// Case returns the row of a case.
	Case(ctx context.Context, id string) (models.Case, error)
	// Record writes a recording.
	Record(ctx context.Context, rec models.Recording) error
}

// Engine decides each command at once and puts it on record; nothing happens by itself but what is due
// when a command comes.
type Engine struct {
	Record Record
	Now    func() time.Time
}

// Command decides a command on the case as it stands.
func (e Engine) Command(ctx context.Context, caseID string, order contract.Order) (contract.Outcome, error) {
	row, err := e.Record.Case(ctx, caseID)
	if err != nil {
		return contract.Outcome{}, err
	}
	c, err := lifecycle.Restore(row)
	if err != nil {
		return contract.Outcome{}, err
	}
	plan := c.PlanFor(order.Command, order.Plan)
	events, err := lifecycle.Decide(c, order.Command, plan, e.Now().UTC().Truncate(time.Microsecond))
	if err != nil {
		return contract.Outcome{}, err
	}
	c.Plan = plan
	c, rec, err := lifecycle.Write(c, events)
	if err != nil {
		return contract.Outcome{}, err
	}
	return contract.Outcome{Seq: c.Seq, State: c.State, Recorded: true}, e.Record.Record(ctx, rec)
}

// Adjust starts nothing: a test carries an adjustment out itself.
func (Engine) Adjust(context.Context, contract.AdjustInput, string) error { return nil }

// Reachable says that the engine answers.
func (Engine) Reachable(context.Context) error { return nil }

// Troubled says that no workflow is in trouble.
func (Engine) Troubled(context.Context, contract.Trouble) (ids []string, more bool, err error) {
	return nil, false, nil
}
