package workflows

import (
	"fmt"

	"go.temporal.io/sdk/workflow"

	"recourse/internal/lifecycle"
	"recourse/models"
	"recourse/workflows/contract"
)

// carryOut starts what the case owes the world, once what caused it is on record. Effects run beside
// the case: a slow one holds nothing up.
func (w *complaint) carryOut(ctx workflow.Context) {
	if w.degraded || w.backlog != nil {
		return
	}
	owed := w.owed
	w.owed = nil
	for _, effect := range owed {
		activity, summary, in := w.deed(effect)
		done := workflow.ExecuteActivity(withOutbound(ctx, summary, w.branch().priority), activity, in)
		w.running++
		workflow.GoNamed(ctx, summary, func(ctx workflow.Context) {
			if err := done.Get(ctx, nil); err != nil {
				workflow.GetLogger(ctx).Error("effect failed for good", "effect", summary, "error", err)
			}
			w.running--
		})
	}
}

// deed says which activity carries an effect out, and with what.
func (w *complaint) deed(effect lifecycle.Effect) (activity, summary string, in any) {
	switch e := effect.(type) {
	case lifecycle.OfferSurvey:
		return contract.ActivityOfferSurvey, fmt.Sprintf("offer the survey of cycle %d", e.Cycle),
			contract.SurveyInput{CaseID: w.c.ID, OfferSurvey: e}
	case lifecycle.PlaceCallback:
		return contract.ActivityPlaceCallback, fmt.Sprintf("callback attempt %d of cycle %d", e.Attempt, e.Cycle),
			contract.CallbackInput{CaseID: w.c.ID, Department: w.c.Department, Language: w.c.Opened.Language, PlaceCallback: e}
	case lifecycle.SealArchive:
		return contract.ActivityArchive, "seal the record", contract.ArchiveInput{CaseID: w.c.ID}
	default:
		panic(models.Refuse(models.CodeInternal, fmt.Sprintf("nobody carries out %T", effect)))
	}
}
