package activities

import (
	"context"

	"recourse/internal/lifecycle"
	"recourse/models"
	"recourse/workflows/contract"
)

// OfferSurvey gives the customer a secret link to the survey of a cycle, and sends it to them. The
// token is derived, so that it need not be stored and is the same every time.
func (a *Activities) OfferSurvey(ctx context.Context, in contract.SurveyInput) error {
	row, err := a.Store.Case(ctx, in.CaseID)
	if err != nil {
		return err
	}
	token := a.Links.LinkToken(models.SurveyLink(in.CaseID, in.Cycle)...)
	link := models.Link{
		Hash: a.Hash(token), CaseID: in.CaseID, Kind: models.LinkSurvey, Cycle: in.Cycle,
		CreatedAt: a.now(), ExpiresAt: &in.Expires,
	}
	survey := models.Survey{CaseID: in.CaseID, Cycle: in.Cycle, OfferedAt: a.now(), ExpiresAt: in.Expires}
	message := models.Message{
		ID: models.EventID(in.CaseID, int64(in.Cycle), "message survey"), CaseID: in.CaseID, Seq: row.Seq,
		Template: lifecycle.TellSurvey, Channel: models.MessageEmail, Language: row.Language,
		State: models.MessagePending, NextAt: a.now(), CreatedAt: a.now(), KeyID: row.KeyID,
	}
	return a.Store.PutSurvey(ctx, survey, link, []models.Message{message})
}
