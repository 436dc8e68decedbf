package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"recourse/internal/lifecycle"
	"recourse/models"
	"recourse/workflows/contract"
)

// Complaint keeps one complaint moving until its record is sealed. It decides when; what follows is
// for the kernel, and doing it is for activities.
func Complaint(ctx workflow.Context, in contract.CaseInput) error {
	// A case is ended by its verbs, never by a cancel button: cancelling changes nothing.
	ctx, _ = workflow.NewDisconnectedContext(ctx)
	w := newComplaint(ctx, in) // all state before the first handler: registering yields
	if err := w.listen(ctx); err != nil {
		return err
	}
	for {
		w.refreshPlan(ctx)
		w.hearAnswers(ctx)
		w.fireWhatIsDue(ctx)
		w.record(ctx)
		w.carryOut(ctx)
		if err := w.show(ctx); err != nil {
			return err
		}
		if w.over() {
			if err := w.settle(ctx); err != nil || w.over() {
				return err
			}
			continue // read back from the record meanwhile, and alive there
		}
		if w.shouldContinueAsNew(ctx) {
			return w.continueAsNew(ctx)
		}
		if err := w.waitUntilSomethingHappens(ctx); err != nil {
			return err
		}
	}
}

// complaint is the state of one running case.
type complaint struct {
	c lifecycle.Case

	backlog  *models.Recording // decided, not yet on record
	passed   []contract.Passed // customers' answers decided, not yet marked so
	recorded int64             // sequence known to be on record
	degraded bool              // the store did not answer in time; a durable activity catches up
	rebuilt  int               // how often the case was read back from its row

	owed    []lifecycle.Effect // to be carried out once recorded
	running int                // effects under way

	answers  workflow.ReceiveChannel
	response alarm // the 24 h promise
	feedback alarm // the 48 h promise
	next     alarm // the earliest of everything else
	shown    shown
}

func newComplaint(ctx workflow.Context, in contract.CaseInput) *complaint {
	w := &complaint{c: in.Case, recorded: in.Case.Seq, answers: workflow.GetSignalChannel(ctx, contract.SignalAnswer)}
	w.shown = attributesOf(w.c) // as given at the start
	if in.Case.Seq > 1 {        // taken over from the record
		w.owed = lifecycle.Outstanding(w.c)
	}
	if in.Restart != "" {
		w.apply(lifecycle.Restart(w.c, in.Restart, workflow.Now(ctx)))
	}
	return w
}

// apply takes decided events into the case and onto the backlog of what goes on record.
func (w *complaint) apply(events []models.Event) {
	if len(events) == 0 {
		return
	}
	at := w.c
	for _, e := range events {
		at = lifecycle.Evolve(at, e)
		for _, effect := range lifecycle.Effects(at, e) {
			if !lifecycle.WithTheRecord(effect) {
				w.owed = append(w.owed, effect)
			}
		}
	}
	after, rec, err := lifecycle.Write(w.c, events)
	if err != nil { // an event that cannot be written as JSON is a bug; the task fails and is retried after the fix
		panic(err)
	}
	w.c = after
	if w.backlog == nil {
		w.backlog = &rec
		return
	}
	merged := lifecycle.Merge(*w.backlog, rec)
	w.backlog = &merged
}

// fireWhatIsDue lets happen what came due: breaches, rungs, expiries, ends.
func (w *complaint) fireWhatIsDue(ctx workflow.Context) {
	_, events := lifecycle.FireDue(w.c, workflow.Now(ctx))
	w.apply(events)
}

// over says that the record is sealed: nothing can happen to the case any more.
func (w *complaint) over() bool { return !w.c.State.Live() }

// settle waits until everything is on record, every effect carried out and every handler has
// answered; what customers sent in the meantime is refused in the record, not lost.
func (w *complaint) settle(ctx workflow.Context) error {
	w.response.disarm()
	w.feedback.disarm()
	w.next.disarm()
	if err := workflow.Await(ctx, w.allRecorded); err != nil {
		return err
	}
	w.carryOut(ctx)
	err := workflow.Await(ctx, func() bool { return workflow.AllHandlersFinished(ctx) && w.running == 0 })
	if err != nil {
		return err
	}
	w.hearAnswers(ctx)
	w.record(ctx)
	return workflow.Await(ctx, w.allRecorded)
}

// allRecorded says that nothing that was decided is still waiting for the store.
func (w *complaint) allRecorded() bool {
	return w.backlog == nil && len(w.passed) == 0 && !w.degraded
}

// planHorizon is how near the end of a plan's calendars may come before the case asks for fresh ones.
const planHorizon = 30 * 24 * time.Hour

// refreshPlan fetches fresh calendars when the known ones end soon. Without them the case goes on
// by the old ones: time beyond their horizon counts as open.
func (w *complaint) refreshPlan(ctx workflow.Context) {
	for _, cal := range w.c.Plan.Calendars {
		if cal.Until.After(workflow.Now(ctx).Add(planHorizon)) {
			continue
		}
		var plan models.Plan
		in := contract.FreshPlanInput{Policy: w.c.Plan.Policy, Zone: w.c.Opened.Zone}
		err := workflow.ExecuteLocalActivity(withStoreNow(ctx, "fresh calendars"), contract.ActivityFreshPlan, in).Get(ctx, &plan)
		if err != nil {
			workflow.GetLogger(ctx).Warn("calendars end soon and could not be refreshed", "error", err)
			return
		}
		w.c.Plan = plan
		return
	}
}

// shouldContinueAsNew says that the history has grown long and nothing is half done.
func (w *complaint) shouldContinueAsNew(ctx workflow.Context) bool {
	return workflow.GetInfo(ctx).GetContinueAsNewSuggested() && workflow.AllHandlersFinished(ctx) &&
		w.backlog == nil && !w.degraded && w.running == 0 && w.answers.Len() == 0
}

// continueAsNew goes on in a new history with the whole state, absolute instants and decided keys.
func (w *complaint) continueAsNew(ctx workflow.Context) error {
	return workflow.NewContinueAsNewError(ctx, contract.WorkflowComplaint, contract.CaseInput{Case: w.c})
}
