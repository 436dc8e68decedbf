package api

import (
	"context"
	"fmt"

	"recourse/api/openapi"
	"recourse/internal/cases"
	"recourse/models"
)

// words are the texts of a wish by the names that the kernel knows; empty ones do not travel.
func words(pairs ...string) map[string]string {
	said := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			said[pairs[i]] = pairs[i+1]
		}
	}
	return said
}

// do asks for a verb and writes the answer that all verbs share.
func (d *door) do(ctx context.Context, number, match string, w cases.Wish) (openapi.DoneJSONResponse, error) {
	ctx, in := enter(ctx)
	w.IfSeq, w.HappenedAt = ifSeq(match), w.HappenedAt.UTC()
	done, err := d.Cases.Do(ctx, in.call(), number, w)
	if err != nil {
		return openapi.DoneJSONResponse{}, err
	}
	return doneOf(done), nil
}

func doneOf(done cases.Done) openapi.DoneJSONResponse {
	possible := names(done.Possible)
	if possible == nil {
		possible = []string{}
	}
	return openapi.DoneJSONResponse{
		Body: openapi.Done{
			Number: done.Number, Seq: done.Seq, State: openapi.State(done.State), Recorded: done.Recorded, Possible: possible,
		},
		Headers: openapi.DoneResponseHeaders{ETag: etag(done.Seq), IdempotentReplayed: replayed(done.Replayed)},
	}
}

// Dispatch issues the work order.
func (d *door) Dispatch(ctx context.Context, r openapi.DispatchRequestObject) (openapi.DispatchResponseObject, error) {
	b := r.Body
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbDispatch, HappenedAt: b.HappenedAt, Words: words("objective", b.Objective, "facts", b.Facts),
		Data: models.Dispatched{
			Department: b.Department, Supervising: b.Supervising, Person: b.Person, Severity: models.Severity(b.Severity),
			Nature: models.Nature(b.Nature), Category: b.Category, HandlingDue: b.HandlingDue.UTC(),
		},
	})
	return openapi.Dispatch200JSONResponse{DoneJSONResponse: done}, err
}

// Accept signs for the work order.
func (d *door) Accept(ctx context.Context, r openapi.AcceptRequestObject) (openapi.AcceptResponseObject, error) {
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbAccept, HappenedAt: r.Body.HappenedAt, Data: models.Accepted{Person: r.Body.Person},
	})
	return openapi.Accept200JSONResponse{DoneJSONResponse: done}, err
}

// Reply answers the customer.
func (d *door) Reply(ctx context.Context, r openapi.ReplyRequestObject) (openapi.ReplyResponseObject, error) {
	b := r.Body
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbReply, HappenedAt: b.HappenedAt, Words: words("text", b.Text),
		Data: models.Replied{Channel: models.Channel(b.Channel)},
	})
	return openapi.Reply200JSONResponse{DoneJSONResponse: done}, err
}

// LogContact records a contact.
func (d *door) LogContact(ctx context.Context, r openapi.LogContactRequestObject) (openapi.LogContactResponseObject, error) {
	b := r.Body
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbLogContact, HappenedAt: b.HappenedAt, Words: words("text", b.Text),
		Data: models.ContactLogged{Channel: models.Channel(b.Channel), Direction: models.Direction(b.Direction), Held: b.Held},
	})
	return openapi.LogContact200JSONResponse{DoneJSONResponse: done}, err
}

// Note leaves a note.
func (d *door) Note(ctx context.Context, r openapi.NoteRequestObject) (openapi.NoteResponseObject, error) {
	b := r.Body
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbNote, HappenedAt: b.HappenedAt, Words: words("text", b.Text),
		Data: models.Noted{Audience: models.Audience(b.Audience)},
	})
	return openapi.Note200JSONResponse{DoneJSONResponse: done}, err
}

// Message records a message from the customer.
func (d *door) Message(ctx context.Context, r openapi.MessageRequestObject) (openapi.MessageResponseObject, error) {
	b := r.Body
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbMessage, HappenedAt: b.HappenedAt, Words: words("text", b.Text),
		Data: models.Messaged{Channel: models.Channel(b.Channel)},
	})
	return openapi.Message200JSONResponse{DoneJSONResponse: done}, err
}

// Propose proposes a solution.
func (d *door) Propose(ctx context.Context, r openapi.ProposeRequestObject) (openapi.ProposeResponseObject, error) {
	b := r.Body
	said := words("solution", b.Solution, "minutes", b.Minutes)
	measures := make([]models.Measure, len(b.Measures))
	for i, m := range b.Measures {
		measures[i] = models.Measure{Owner: m.Owner, Due: m.Due.UTC()}
		said[fmt.Sprintf("measure.%d", i)] = m.Text
	}
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbPropose, HappenedAt: b.HappenedAt, Words: said,
		Data: models.Proposed{Measures: measures, Money: moneyOf(b.Money)},
	})
	return openapi.Propose200JSONResponse{DoneJSONResponse: done}, err
}

// Approve approves the proposed solution.
func (d *door) Approve(ctx context.Context, r openapi.ApproveRequestObject) (openapi.ApproveResponseObject, error) {
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbApprove, HappenedAt: r.Body.HappenedAt, Words: words("reason", r.Body.Reason), Data: models.Approved{},
	})
	return openapi.Approve200JSONResponse{DoneJSONResponse: done}, err
}

// Reject sends the proposed solution back.
func (d *door) Reject(ctx context.Context, r openapi.RejectRequestObject) (openapi.RejectResponseObject, error) {
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbReject, HappenedAt: r.Body.HappenedAt, Words: words("reason", r.Body.Reason), Data: models.Rejected{},
	})
	return openapi.Reject200JSONResponse{DoneJSONResponse: done}, err
}

// TellSolution says that the customer was told the solution.
func (d *door) TellSolution(ctx context.Context, r openapi.TellSolutionRequestObject) (openapi.TellSolutionResponseObject, error) {
	b := r.Body
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbTellSolution, HappenedAt: b.HappenedAt, Words: words("text", b.Text), ToAll: b.ToAll,
		Data: models.SolutionTold{Channel: models.Channel(b.Channel)},
	})
	return openapi.TellSolution200JSONResponse{DoneJSONResponse: done}, err
}

// Resolve records that all measures are done.
func (d *door) Resolve(ctx context.Context, r openapi.ResolveRequestObject) (openapi.ResolveResponseObject, error) {
	b := r.Body
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbResolve, HappenedAt: b.HappenedAt, Words: words("result", b.Result),
		Data: models.Resolved{
			MeasuresDone: b.MeasuresDone, Outcome: models.Outcome(b.Outcome), Cause: models.Cause(b.Cause),
			Attribution: models.Attribution(b.Attribution),
		},
	})
	return openapi.Resolve200JSONResponse{DoneJSONResponse: done}, err
}

// TellResult says that the customer was told the result.
func (d *door) TellResult(ctx context.Context, r openapi.TellResultRequestObject) (openapi.TellResultResponseObject, error) {
	b := r.Body
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbTellResult, HappenedAt: b.HappenedAt, Words: words("text", b.Text, "reason", b.Reason), ToAll: b.ToAll,
		Data: models.ResultTold{
			Channel: models.Channel(b.Channel), Done: b.Done, Effect: b.Effect, FollowUp: b.FollowUp, Thanks: b.Thanks,
		},
	})
	return openapi.TellResult200JSONResponse{DoneJSONResponse: done}, err
}

// RecordCallback records what came of a callback attempt.
func (d *door) RecordCallback(ctx context.Context, r openapi.RecordCallbackRequestObject) (openapi.RecordCallbackResponseObject, error) {
	b := r.Body
	data := models.CallbackRecorded{
		Attempt: b.Attempt, Outcome: models.CallbackOutcome(b.Outcome), RescheduledTo: b.RescheduledTo.UTC(), OtherChannel: b.OtherChannel,
	}
	if b.Scores != (openapi.Scores{}) {
		scores := scoresOf(b.Scores)
		data.Scores = &scores
	}
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbRecordCallback, HappenedAt: b.HappenedAt, Words: words("text", b.Text), Data: data,
	})
	return openapi.RecordCallback200JSONResponse{DoneJSONResponse: done}, err
}

func scoresOf(s openapi.Scores) models.Scores {
	return models.Scores{Process: s.Process, Result: s.Result, Speed: s.Speed, Attitude: s.Attitude, Recommend: s.Recommend}
}

// Close closes by hand.
func (d *door) Close(ctx context.Context, r openapi.CloseRequestObject) (openapi.CloseResponseObject, error) {
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbClose, HappenedAt: r.Body.HappenedAt, Words: words("reason", r.Body.Reason), Data: models.Closed{},
	})
	return openapi.Close200JSONResponse{DoneJSONResponse: done}, err
}

// Rework starts another cycle.
func (d *door) Rework(ctx context.Context, r openapi.ReworkRequestObject) (openapi.ReworkResponseObject, error) {
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbRework, HappenedAt: r.Body.HappenedAt, Words: words("reason", r.Body.Reason), Data: models.Reworked{},
	})
	return openapi.Rework200JSONResponse{DoneJSONResponse: done}, err
}

// Reopen takes an ended case up again.
func (d *door) Reopen(ctx context.Context, r openapi.ReopenRequestObject) (openapi.ReopenResponseObject, error) {
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbReopen, HappenedAt: r.Body.HappenedAt, Words: words("reason", r.Body.Reason), Data: models.Reopened{},
	})
	return openapi.Reopen200JSONResponse{DoneJSONResponse: done}, err
}

// Archive seals the record.
func (d *door) Archive(ctx context.Context, r openapi.ArchiveRequestObject) (openapi.ArchiveResponseObject, error) {
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbArchive, HappenedAt: r.Body.HappenedAt, Data: models.Archived{},
	})
	return openapi.Archive200JSONResponse{DoneJSONResponse: done}, err
}

// ArchiveEarly asks to seal the record early.
func (d *door) ArchiveEarly(ctx context.Context, r openapi.ArchiveEarlyRequestObject) (openapi.ArchiveEarlyResponseObject, error) {
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbArchiveEarly, HappenedAt: r.Body.HappenedAt, Words: words("reason", r.Body.Reason), Data: models.Requested{},
	})
	return openapi.ArchiveEarly200JSONResponse{DoneJSONResponse: done}, err
}

// Decide grants or refuses a request.
func (d *door) Decide(ctx context.Context, r openapi.DecideRequestObject) (openapi.DecideResponseObject, error) {
	b := r.Body
	done, err := d.do(ctx, r.Number, r.Params.IfMatch, cases.Wish{
		Verb: models.VerbDecide, HappenedAt: b.HappenedAt, Words: words("reason", b.Reason),
		Data: models.Decided{Request: b.Request, Granted: b.Granted},
	})
	return openapi.Decide200JSONResponse{DoneJSONResponse: done}, err
}
