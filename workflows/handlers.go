package workflows

import (
	"go.temporal.io/sdk/workflow"

	"recourse/internal/lifecycle"
	"recourse/models"
	"recourse/workflows/contract"
)

// listen takes commands from people and programs. Everything they need must stand before: the
// registration runs what is queued.
func (w *complaint) listen(ctx workflow.Context) error {
	return workflow.SetUpdateHandlerWithOptions(ctx, contract.UpdateCommand, w.command, workflow.UpdateHandlerOptions{
		Validator:   w.refuseEarly,
		Description: "A verb of the law, with its actor and data; texts by reference.",
	})
}

// refuseEarly asks the kernel before anything is written, so that a refused command leaves no trace
// in the history. The handler decides again: what is queued before it may change the answer.
func (w *complaint) refuseEarly(ctx workflow.Context, order contract.Order) error {
	if _, decided := w.c.DecidedAs(order.Command.ID); decided {
		return nil
	}
	_, err := lifecycle.Decide(w.c, order.Command, order.Plan, workflow.Now(ctx))
	return contract.Failure(err)
}

// command decides a command and answers once it is on record, or once the store is known to lag.
func (w *complaint) command(ctx workflow.Context, order contract.Order) (contract.Outcome, error) {
	if d, decided := w.c.DecidedAs(order.Command.ID); decided {
		return w.answer(ctx, d.Seq)
	}
	if err := w.decide(ctx, order); err != nil {
		return contract.Outcome{}, contract.Failure(err)
	}
	return w.answer(ctx, w.c.Seq)
}

func (w *complaint) decide(ctx workflow.Context, order contract.Order) error {
	events, err := lifecycle.Decide(w.c, order.Command, order.Plan, workflow.Now(ctx))
	if err != nil {
		return err
	}
	w.c.Plan = order.Plan
	w.apply(ctx, events)
	return nil
}

// answer waits for the record. When the case had to be read back from its row meanwhile, the
// command may be gone with what was decided beside the record: the caller must ask again.
func (w *complaint) answer(ctx workflow.Context, seq int64) (contract.Outcome, error) {
	rebuilt := w.rebuilt
	err := workflow.Await(ctx, func() bool { return w.recorded >= seq || w.degraded || w.rebuilt != rebuilt })
	if err != nil {
		return contract.Outcome{}, err
	}
	if w.rebuilt != rebuilt {
		return contract.Outcome{}, contract.Failure(models.Refuse(models.CodeConflict,
			"the case was changed beside its workflow and read back from the record; look at it and try again"))
	}
	return contract.Outcome{Seq: seq, State: w.c.State, Recorded: w.recorded >= seq}, nil
}

// hearAnswers decides what customers sent by link. It is on record already; a refusal is told to
// the record, and nobody waits.
func (w *complaint) hearAnswers(ctx workflow.Context) {
	for {
		var a contract.Answer
		if !w.answers.ReceiveAsync(&a) {
			return
		}
		said := contract.Passed{ID: a.ID}
		if _, decided := w.c.DecidedAs(a.Order.Command.ID); !decided {
			if err := w.decide(ctx, a.Order); err != nil {
				said.Refusal = err.Error()
			}
		}
		w.passed = append(w.passed, said)
	}
}
