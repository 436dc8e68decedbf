package workflows

import (
	"go.temporal.io/sdk/workflow"

	"recourse/internal/lifecycle"
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
	_, err := lifecycle.Decide(w.c, order.Command, w.c.PlanFor(order.Command, order.Plan), workflow.Now(ctx))
	return contract.Failure(err)
}

// command decides a command and answers once it is on record, or once the store is known to lag.
// When the case had to be read back from its row meanwhile, the command is on record already (a
// worker died between recording and saying so), or it went with what was decided beside the record:
// then it is decided again, on the case as it is.
func (w *complaint) command(ctx workflow.Context, order contract.Order) (contract.Outcome, error) {
	for {
		d, decided := w.c.DecidedAs(order.Command.ID)
		if !decided {
			if err := w.decide(ctx, order); err != nil {
				return contract.Outcome{}, contract.Failure(err)
			}
			d.Seq = w.c.Seq
		}
		outcome, stands, err := w.answer(ctx, d.Seq)
		if err != nil || stands {
			return outcome, err
		}
	}
}

func (w *complaint) decide(ctx workflow.Context, order contract.Order) error {
	plan := w.c.PlanFor(order.Command, order.Plan)
	events, err := lifecycle.Decide(w.c, order.Command, plan, workflow.Now(ctx))
	if err != nil {
		return err
	}
	w.c.Plan = plan
	w.apply(events)
	return nil
}

// answer waits for the record. It does not stand when the case was read back from its row meanwhile.
func (w *complaint) answer(ctx workflow.Context, seq int64) (outcome contract.Outcome, stands bool, err error) {
	rebuilt := w.rebuilt
	err = workflow.Await(ctx, func() bool { return w.recorded >= seq || w.degraded || w.rebuilt != rebuilt })
	if err != nil || w.rebuilt != rebuilt {
		return contract.Outcome{}, false, err
	}
	return contract.Outcome{Seq: seq, State: w.c.State, Recorded: w.recorded >= seq}, true, nil
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
