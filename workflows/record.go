package workflows

import (
	"errors"
	"fmt"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"recourse/internal/lifecycle"
	"recourse/models"
	"recourse/workflows/contract"
)

// record puts what was decided on record: at once, or, when the store does not answer in time,
// through a durable activity while the case goes on.
func (w *complaint) record(ctx workflow.Context) {
	if w.degraded || w.backlog == nil && len(w.passed) == 0 {
		return
	}
	in, seq := w.takeBacklog(), w.c.Seq
	err := workflow.ExecuteLocalActivity(withStoreNow(ctx, w.recordSummary(seq)), contract.ActivityRecord, in).Get(ctx, nil)
	switch {
	case err == nil:
		w.recorded = seq
	case diverged(err):
		w.rebuild(ctx)
	default:
		w.putBack(in)
		w.degraded = true
		workflow.GoNamed(ctx, "catch up", w.catchUp)
	}
}

// catchUp records the backlog durably, whatever has grown meanwhile included.
func (w *complaint) catchUp(ctx workflow.Context) {
	for w.backlog != nil || len(w.passed) > 0 {
		in, seq := w.takeBacklog(), w.c.Seq
		err := workflow.ExecuteActivity(withStore(ctx, w.recordSummary(seq)), contract.ActivityRecord, in).Get(ctx, nil)
		if diverged(err) {
			w.rebuild(ctx)
			continue
		}
		if err != nil { // only when the workflow itself is being torn down
			w.putBack(in)
			return
		}
		w.recorded = seq
	}
	w.degraded = false
}

// takeBacklog takes what waits to be recorded; new decisions start a new backlog.
func (w *complaint) takeBacklog() contract.RecordInput {
	in := contract.RecordInput{Passed: w.passed}
	if w.backlog != nil {
		in.Recording = *w.backlog
	}
	w.backlog, w.passed = nil, nil
	return in
}

// putBack puts what could not be recorded before what was decided since.
func (w *complaint) putBack(in contract.RecordInput) {
	w.passed = append(in.Passed, w.passed...)
	if len(in.Recording.Entries) == 0 {
		return
	}
	if w.backlog != nil {
		in.Recording = lifecycle.Merge(in.Recording, *w.backlog)
	}
	w.backlog = &in.Recording
}

// rebuild reads the case back from its row, because the record holds something else than this
// workflow decided: the record is right. What was decided beside it is dropped, and whoever waits
// for it is told to look again.
func (w *complaint) rebuild(ctx workflow.Context) {
	workflow.GetLogger(ctx).Error("diverged from the record; reading the case back from its row", "seq", w.c.Seq)
	var row contract.CaseInput
	err := workflow.ExecuteActivity(withStore(ctx, "read the case back from its row"), contract.ActivityReload, w.c.ID).Get(ctx, &row)
	if err != nil {
		workflow.GetLogger(ctx).Error("could not read the case back", "error", err)
		return
	}
	plan := w.c.Plan
	w.c = row.Case
	if len(w.c.Plan.Clocks) == 0 {
		w.c.Plan = plan
	}
	w.backlog, w.passed, w.recorded = nil, nil, w.c.Seq // customers' answers among it are passed on again
	w.owed = lifecycle.Outstanding(w.c)
	w.rebuilt++
	w.apply(lifecycle.Restart(w.c, models.RestartDiverged, workflow.Now(ctx)))
}

func diverged(err error) bool {
	var failure *temporal.ApplicationError
	return errors.As(err, &failure) && failure.Type() == string(models.CodeDiverged)
}

func (w *complaint) recordSummary(seq int64) string {
	return fmt.Sprintf("record up to event %d: %s", seq, w.c.State)
}
