package api

import (
	"context"

	"recourse/api/openapi"
	"recourse/internal/cases"
	"recourse/models"
)

// ShowStatus shows the customer how the complaint stands.
func (d *door) ShowStatus(ctx context.Context, r openapi.ShowStatusRequestObject) (openapi.ShowStatusResponseObject, error) {
	ctx, _ = enter(ctx)
	v, err := d.Cases.Status(ctx, r.Token)
	if err != nil {
		return nil, err
	}
	return openapi.ShowStatus200JSONResponse(openapi.Status{
		Number: v.Number, State: openapi.State(v.State), Language: openapi.Language(v.Language), ReceivedAt: v.ReceivedAt,
		ResponseDue: v.ResponseDue, FeedbackDue: v.FeedbackDue, RepliedAt: at(v.RepliedAt),
		CanConfirm: v.CanConfirm, CanMessage: v.CanMessage,
		Posts: each(v.Posts, func(p cases.Post) openapi.Post {
			return openapi.Post{At: p.At, Kind: string(p.Kind), Text: p.Text}
		}),
	}), nil
}

func (d *door) say(ctx context.Context, token string, v models.Verb, text string) (openapi.HeardJSONResponse, error) {
	ctx, in := enter(ctx)
	err := d.Cases.Say(ctx, in.customerCall(token), token, v, text)
	return openapi.HeardJSONResponse{Heard: true}, err
}

// Confirm takes the customer's word that it is solved.
func (d *door) Confirm(ctx context.Context, r openapi.ConfirmRequestObject) (openapi.ConfirmResponseObject, error) {
	heard, err := d.say(ctx, r.Token, models.VerbConfirm, r.Body.Text)
	return openapi.Confirm202JSONResponse{HeardJSONResponse: heard}, err
}

// NotSolved takes the customer's word that it is not solved.
func (d *door) NotSolved(ctx context.Context, r openapi.NotSolvedRequestObject) (openapi.NotSolvedResponseObject, error) {
	heard, err := d.say(ctx, r.Token, models.VerbNotSolved, r.Body.Text)
	return openapi.NotSolved202JSONResponse{HeardJSONResponse: heard}, err
}

// SendMessage takes a message from the customer.
func (d *door) SendMessage(ctx context.Context, r openapi.SendMessageRequestObject) (openapi.SendMessageResponseObject, error) {
	heard, err := d.say(ctx, r.Token, models.VerbMessage, r.Body.Text)
	return openapi.SendMessage202JSONResponse{HeardJSONResponse: heard}, err
}

// ShowSurvey shows the survey.
func (d *door) ShowSurvey(ctx context.Context, r openapi.ShowSurveyRequestObject) (openapi.ShowSurveyResponseObject, error) {
	ctx, _ = enter(ctx)
	v, err := d.Cases.Survey(ctx, r.Token)
	if err != nil {
		return nil, err
	}
	return openapi.ShowSurvey200JSONResponse{
		Number: v.Number, Cycle: v.Cycle, Language: openapi.Language(v.Language), ExpiresAt: v.ExpiresAt, Answered: v.Answered,
	}, nil
}

// AnswerSurvey takes the answer to the survey.
func (d *door) AnswerSurvey(ctx context.Context, r openapi.AnswerSurveyRequestObject) (openapi.AnswerSurveyResponseObject, error) {
	ctx, in := enter(ctx)
	if r.Body.Scores == (openapi.Scores{}) {
		return nil, models.Invalid("/scores", "give at least one score")
	}
	err := d.Cases.AnswerSurvey(ctx, in.customerCall(r.Token), r.Token, scoresOf(r.Body.Scores), r.Body.Text)
	return openapi.AnswerSurvey202JSONResponse{HeardJSONResponse: openapi.HeardJSONResponse{Heard: true}}, err
}

// WithdrawByLink takes the customer's word that they take the complaint back.
func (d *door) WithdrawByLink(ctx context.Context, r openapi.WithdrawByLinkRequestObject) (openapi.WithdrawByLinkResponseObject, error) {
	heard, err := d.say(ctx, r.Token, models.VerbWithdraw, r.Body.Text)
	return openapi.WithdrawByLink202JSONResponse{HeardJSONResponse: heard}, err
}

// RescheduleByLink takes the customer's wish to be called at another time.
func (d *door) RescheduleByLink(ctx context.Context, r openapi.RescheduleByLinkRequestObject) (openapi.RescheduleByLinkResponseObject, error) {
	ctx, in := enter(ctx)
	err := d.Cases.Reschedule(ctx, in.customerCall(r.Token), r.Token, r.Body.To.UTC())
	return openapi.RescheduleByLink202JSONResponse{HeardJSONResponse: openapi.HeardJSONResponse{Heard: true}}, err
}
