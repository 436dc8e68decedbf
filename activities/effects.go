package activities

import (
	"cmp"
	"context"
	"fmt"
	"slices"

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

// PlaceCallback gives somebody outside the handling department a call to make: quality first, else
// a supervisor; the same person for all attempts of a case.
func (a *Activities) PlaceCallback(ctx context.Context, in contract.CallbackInput) error {
	caller, err := a.caller(ctx, in)
	if err != nil {
		return err
	}
	task := models.CallTask{
		CaseID: in.CaseID, Cycle: in.Cycle, Attempt: in.Attempt, Caller: caller,
		NotBefore: in.NotBefore, Until: in.Until, Script: "callback",
	}
	message := models.Message{
		ID: models.EventID(in.CaseID, int64(in.Cycle), fmt.Sprintf("message callback %d", in.Attempt)), CaseID: in.CaseID,
		Template: lifecycle.TellCallback, Channel: models.MessageInbox, Person: caller, Language: in.Language,
		State: models.MessagePending, NextAt: a.now(), CreatedAt: a.now(),
	}
	if caller == "" {
		message.Roles = []models.Role{models.RoleQuality, models.RoleSupervisor}
	}
	return a.Store.PutCallTask(ctx, task, []models.Message{message})
}

// caller picks who calls: by case, so that retries and later attempts pick the same.
func (a *Activities) caller(ctx context.Context, in contract.CallbackInput) (string, error) {
	for _, role := range []models.Role{models.RoleQuality, models.RoleSupervisor} {
		people, err := a.Store.PeopleIn(ctx, role, "")
		if err != nil {
			return "", fmt.Errorf("find a caller: %w", err)
		}
		people = slices.DeleteFunc(people, func(p models.Person) bool {
			return slices.Contains(p.Departments, in.Department) && role != models.RoleSupervisor
		})
		if len(people) == 0 {
			continue
		}
		slices.SortFunc(people, func(x, y models.Person) int { return cmp.Compare(x.ID, y.ID) })
		return people[spread(in.CaseID, len(people))].ID, nil
	}
	return "", nil
}

// spread maps a case id evenly onto 0…n-1.
func spread(caseID string, n int) int {
	sum := 0
	for _, b := range []byte(caseID) {
		sum = (sum*31 + int(b)) % 1_000_003
	}
	return sum % n
}
