package api

import (
	"context"

	"recourse/api/openapi"
	"recourse/internal/cases"
	"recourse/models"
)

// Settle solves a complaint in the first contact.
func (d *door) Settle(ctx context.Context, r openapi.SettleRequestObject) (openapi.SettleResponseObject, error) {
	b := r.Body
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbSettle, HappenedAt: b.HappenedAt, Words: words("text", b.Text, "result", b.Result),
		Data: models.Settled{
			Channel: models.Channel(b.Channel), Department: b.Department, Nature: models.Nature(b.Nature), Category: b.Category,
			Outcome: models.Outcome(b.Outcome), Cause: models.Cause(b.Cause), Attribution: models.Attribution(b.Attribution),
		},
	})
	return openapi.Settle200JSONResponse{DoneJSONResponse: done}, err
}

// Return sends the work order back.
func (d *door) Return(ctx context.Context, r openapi.ReturnRequestObject) (openapi.ReturnResponseObject, error) {
	b := r.Body
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbReturn, HappenedAt: b.HappenedAt, Words: words("reason", b.Reason),
		Data: models.Returned{},
	})
	return openapi.Return200JSONResponse{DoneJSONResponse: done}, err
}

// Recall takes the work order back.
func (d *door) Recall(ctx context.Context, r openapi.RecallRequestObject) (openapi.RecallResponseObject, error) {
	b := r.Body
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbRecall, HappenedAt: b.HappenedAt, Words: words("reason", b.Reason),
		Data: models.Recalled{},
	})
	return openapi.Recall200JSONResponse{DoneJSONResponse: done}, err
}

// Transfer hands the case to another department.
func (d *door) Transfer(ctx context.Context, r openapi.TransferRequestObject) (openapi.TransferResponseObject, error) {
	b := r.Body
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbTransfer, HappenedAt: b.HappenedAt, Words: words("reason", b.Reason, "objective", b.Objective),
		Data: models.Transferred{Department: b.Department, Supervising: b.Supervising, Person: b.Person},
	})
	return openapi.Transfer200JSONResponse{DoneJSONResponse: done}, err
}

// Retract takes a request back.
func (d *door) Retract(ctx context.Context, r openapi.RetractRequestObject) (openapi.RetractResponseObject, error) {
	b := r.Body
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbRetract, HappenedAt: b.HappenedAt, Words: words("reason", b.Reason),
		Data: models.Retracted{Request: b.Request},
	})
	return openapi.Retract200JSONResponse{DoneJSONResponse: done}, err
}

// Assign makes a person of the department responsible.
func (d *door) Assign(ctx context.Context, r openapi.AssignRequestObject) (openapi.AssignResponseObject, error) {
	b := r.Body
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbAssign, HappenedAt: b.HappenedAt,
		Data: models.Assigned{Person: b.Person},
	})
	return openapi.Assign200JSONResponse{DoneJSONResponse: done}, err
}

// GiveTask gives another department a part of the investigation.
func (d *door) GiveTask(ctx context.Context, r openapi.GiveTaskRequestObject) (openapi.GiveTaskResponseObject, error) {
	b := r.Body
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbGiveTask, HappenedAt: b.HappenedAt, Words: words("text", b.Text),
		Data: models.TaskGiven{Department: b.Department, Due: b.Due.UTC()},
	})
	return openapi.GiveTask200JSONResponse{DoneJSONResponse: done}, err
}

// FinishTask finishes a joint task.
func (d *door) FinishTask(ctx context.Context, r openapi.FinishTaskRequestObject) (openapi.FinishTaskResponseObject, error) {
	b := r.Body
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbFinishTask, HappenedAt: b.HappenedAt, Words: words("text", b.Text),
		Data: models.TaskFinished{Task: b.Task},
	})
	return openapi.FinishTask200JSONResponse{DoneJSONResponse: done}, err
}

// CancelTask takes a joint task back.
func (d *door) CancelTask(ctx context.Context, r openapi.CancelTaskRequestObject) (openapi.CancelTaskResponseObject, error) {
	b := r.Body
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbCancelTask, HappenedAt: b.HappenedAt, Words: words("reason", b.Reason),
		Data: models.TaskCancelled{Task: b.Task},
	})
	return openapi.CancelTask200JSONResponse{DoneJSONResponse: done}, err
}

// ImmediateMeasure records what was done to stop the harm.
func (d *door) ImmediateMeasure(ctx context.Context, r openapi.ImmediateMeasureRequestObject) (openapi.ImmediateMeasureResponseObject, error) {
	b := r.Body
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbImmediateMeasure, HappenedAt: b.HappenedAt, Words: words("text", b.Text),
		Data: models.MeasureTaken{},
	})
	return openapi.ImmediateMeasure200JSONResponse{DoneJSONResponse: done}, err
}

// TellProgress tells the customer how the work is coming on.
func (d *door) TellProgress(ctx context.Context, r openapi.TellProgressRequestObject) (openapi.TellProgressResponseObject, error) {
	b := r.Body
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbTellProgress, HappenedAt: b.HappenedAt, Words: words("text", b.Text),
		Data: models.ProgressTold{Channel: models.Channel(b.Channel)},
	})
	return openapi.TellProgress200JSONResponse{DoneJSONResponse: done}, err
}

// TellInterim gives the customer a reasoned answer in the meantime.
func (d *door) TellInterim(ctx context.Context, r openapi.TellInterimRequestObject) (openapi.TellInterimResponseObject, error) {
	b := r.Body
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbTellInterim, HappenedAt: b.HappenedAt, Words: words("text", b.Text),
		Data: models.InterimTold{Channel: models.Channel(b.Channel), Until: b.Until.UTC()},
	})
	return openapi.TellInterim200JSONResponse{DoneJSONResponse: done}, err
}

// PromiseContact promises the customer to be heard from.
func (d *door) PromiseContact(ctx context.Context, r openapi.PromiseContactRequestObject) (openapi.PromiseContactResponseObject, error) {
	b := r.Body
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbPromiseContact, HappenedAt: b.HappenedAt,
		Data: models.ContactPromised{At: b.At.UTC()},
	})
	return openapi.PromiseContact200JSONResponse{DoneJSONResponse: done}, err
}

// Pause lets clocks wait.
func (d *door) Pause(ctx context.Context, r openapi.PauseRequestObject) (openapi.PauseResponseObject, error) {
	b := r.Body
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbPause, HappenedAt: b.HappenedAt, Words: words("reason", b.Reason),
		Data: models.Paused{Reason: models.PauseReason(b.WaitingFor), Until: b.Until.UTC(), Evidence: b.Evidence},
	})
	return openapi.Pause200JSONResponse{DoneJSONResponse: done}, err
}

// Resume ends a pause.
func (d *door) Resume(ctx context.Context, r openapi.ResumeRequestObject) (openapi.ResumeResponseObject, error) {
	b := r.Body
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbResume, HappenedAt: b.HappenedAt,
		Data: models.Resumed{},
	})
	return openapi.Resume200JSONResponse{DoneJSONResponse: done}, err
}

// Extend asks for a later handling due.
func (d *door) Extend(ctx context.Context, r openapi.ExtendRequestObject) (openapi.ExtendResponseObject, error) {
	b := r.Body
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbExtend, HappenedAt: b.HappenedAt, Words: words("reason", b.Reason),
		Data: models.Requested{Until: b.Until.UTC()},
	})
	return openapi.Extend200JSONResponse{DoneJSONResponse: done}, err
}

// LowerSeverity asks for a lower severity.
func (d *door) LowerSeverity(ctx context.Context, r openapi.LowerSeverityRequestObject) (openapi.LowerSeverityResponseObject, error) {
	b := r.Body
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbLowerSeverity, HappenedAt: b.HappenedAt, Words: words("reason", b.Reason),
		Data: models.Requested{Severity: models.Severity(b.Severity)},
	})
	return openapi.LowerSeverity200JSONResponse{DoneJSONResponse: done}, err
}

// LongPause asks for a long pause.
func (d *door) LongPause(ctx context.Context, r openapi.LongPauseRequestObject) (openapi.LongPauseResponseObject, error) {
	b := r.Body
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbLongPause, HappenedAt: b.HappenedAt, Words: words("reason", b.Reason),
		Data: models.Requested{Pause: models.PauseReason(b.WaitingFor), Until: b.Until.UTC(), Evidence: b.Evidence},
	})
	return openapi.LongPause200JSONResponse{DoneJSONResponse: done}, err
}

// Compensate gives the customer money, or asks for it.
func (d *door) Compensate(ctx context.Context, r openapi.CompensateRequestObject) (openapi.CompensateResponseObject, error) {
	b := r.Body
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbCompensate, HappenedAt: b.HappenedAt, Words: words("reason", b.Reason),
		Data: models.Requested{Money: moneyOf(b.Money)},
	})
	return openapi.Compensate200JSONResponse{DoneJSONResponse: done}, err
}

// NotAccept asks to refuse the complaint.
func (d *door) NotAccept(ctx context.Context, r openapi.NotAcceptRequestObject) (openapi.NotAcceptResponseObject, error) {
	b := r.Body
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbNotAccept, HappenedAt: b.HappenedAt, Words: words("reason", b.Reason),
		Data: models.Requested{},
	})
	return openapi.NotAccept200JSONResponse{DoneJSONResponse: done}, err
}

// Reclassify changes how the complaint is filed.
func (d *door) Reclassify(ctx context.Context, r openapi.ReclassifyRequestObject) (openapi.ReclassifyResponseObject, error) {
	b := r.Body
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbReclassify, HappenedAt: b.HappenedAt, Words: words("reason", b.Reason),
		Data: models.Reclassified{
			Severity: models.Severity(b.Severity), Nature: models.Nature(b.Nature), Category: b.Category,
			Cause: models.Cause(b.Cause), Attribution: models.Attribution(b.Attribution),
		},
	})
	return openapi.Reclassify200JSONResponse{DoneJSONResponse: done}, err
}

// Urge records that somebody presses for the case.
func (d *door) Urge(ctx context.Context, r openapi.UrgeRequestObject) (openapi.UrgeResponseObject, error) {
	b := r.Body
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbUrge, HappenedAt: b.HappenedAt, Words: words("text", b.Text),
		Data: models.Urged{Channel: models.Channel(b.Channel)},
	})
	return openapi.Urge200JSONResponse{DoneJSONResponse: done}, err
}

// Supervise puts the case under supervision.
func (d *door) Supervise(ctx context.Context, r openapi.SuperviseRequestObject) (openapi.SuperviseResponseObject, error) {
	b := r.Body
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbSupervise, HappenedAt: b.HappenedAt, Words: words("reason", b.Reason),
		Data: models.Supervised{ReportDue: b.ReportDue.UTC()},
	})
	return openapi.Supervise200JSONResponse{DoneJSONResponse: done}, err
}

// Report hands in the written report.
func (d *door) Report(ctx context.Context, r openapi.ReportRequestObject) (openapi.ReportResponseObject, error) {
	b := r.Body
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbReport, HappenedAt: b.HappenedAt, Words: words("text", b.Text),
		Data: models.Reported{},
	})
	return openapi.Report200JSONResponse{DoneJSONResponse: done}, err
}

// Void marks an entry as wrongly recorded.
func (d *door) Void(ctx context.Context, r openapi.VoidRequestObject) (openapi.VoidResponseObject, error) {
	b := r.Body
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbVoid, HappenedAt: b.HappenedAt, Words: words("reason", b.Reason),
		Data: models.Voided{Entry: b.Entry},
	})
	return openapi.Void200JSONResponse{DoneJSONResponse: done}, err
}

// Attach adds attachments.
func (d *door) Attach(ctx context.Context, r openapi.AttachRequestObject) (openapi.AttachResponseObject, error) {
	b := r.Body
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbAttach, HappenedAt: b.HappenedAt,
		Data: models.Attached{}, Attachments: b.Attachments,
	})
	return openapi.Attach200JSONResponse{DoneJSONResponse: done}, err
}

// Restrict names who may see the case.
func (d *door) Restrict(ctx context.Context, r openapi.RestrictRequestObject) (openapi.RestrictResponseObject, error) {
	b := r.Body
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbRestrict, HappenedAt: b.HappenedAt, Words: words("reason", b.Reason),
		Data: models.Restricted{Circle: b.Circle, Named: b.Named},
	})
	return openapi.Restrict200JSONResponse{DoneJSONResponse: done}, err
}

// Withdraw takes the complaint back.
func (d *door) Withdraw(ctx context.Context, r openapi.WithdrawRequestObject) (openapi.WithdrawResponseObject, error) {
	b := r.Body
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbWithdraw, HappenedAt: b.HappenedAt, Words: words("text", b.Text),
		Data: models.Withdrawn{},
	})
	return openapi.Withdraw200JSONResponse{DoneJSONResponse: done}, err
}

// Merge ends the case in an earlier one.
func (d *door) Merge(ctx context.Context, r openapi.MergeRequestObject) (openapi.MergeResponseObject, error) {
	b := r.Body
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbMerge, HappenedAt: b.HappenedAt, Words: words("reason", b.Reason),
		Data: models.Merged{Into: models.Other{Number: b.Into}},
	})
	return openapi.Merge200JSONResponse{DoneJSONResponse: done}, err
}

// Unmerge takes a merged case up again.
func (d *door) Unmerge(ctx context.Context, r openapi.UnmergeRequestObject) (openapi.UnmergeResponseObject, error) {
	b := r.Body
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbUnmerge, HappenedAt: b.HappenedAt, Words: words("reason", b.Reason),
		Data: models.Unmerged{},
	})
	return openapi.Unmerge200JSONResponse{DoneJSONResponse: done}, err
}

// Link says how another case belongs to this one.
func (d *door) Link(ctx context.Context, r openapi.LinkRequestObject) (openapi.LinkResponseObject, error) {
	b := r.Body
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbLink, HappenedAt: b.HappenedAt,
		Data: models.Linked{Other: models.Other{Number: b.Other}, Relation: models.Relation(b.Relation)},
	})
	return openapi.Link200JSONResponse{DoneJSONResponse: done}, err
}

// Amend corrects what was recorded; what is not given stays.
func (d *door) Amend(ctx context.Context, r openapi.AmendRequestObject) (openapi.AmendResponseObject, error) {
	b := r.Body
	var changes []models.Change
	for _, c := range []models.Change{
		{Field: "region", Is: b.Region},
		{Field: "product", Is: b.Product},
		{Field: "model", Is: b.Model},
		{Field: "department_concerned", Is: b.DepartmentConcerned},
		{Field: "language", Is: string(b.Language)},
		{Field: "zone", Is: b.Zone},
	} {
		if c.Is != "" {
			changes = append(changes, c)
		}
	}
	var contact *models.Contact
	if b.Contact != nil {
		contact = new(contactOf(*b.Contact))
	}
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbAmend, HappenedAt: b.HappenedAt, Words: words("text", b.Text, "reason", b.Reason),
		Data: models.Amended{Changes: changes}, Contact: contact,
	})
	return openapi.Amend200JSONResponse{DoneJSONResponse: done}, err
}

// moneyOf reads an amount; none is nil.
func moneyOf(m openapi.Money) *models.Money {
	if m == (openapi.Money{}) {
		return nil
	}
	return &models.Money{Minor: m.Minor, Currency: m.Currency, Kind: models.MoneyKind(m.Kind)}
}

func moneyView(m models.Money) openapi.Money {
	return openapi.Money{Minor: m.Minor, Currency: m.Currency, Kind: openapi.MoneyKind(m.Kind)}
}
