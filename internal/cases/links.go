package cases

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"recourse/internal/lifecycle"
	"recourse/models"
	"recourse/workflows/contract"
)

// linked returns the case behind a customer's secret link. A wrong, expired or foreign link is not
// found, without saying which.
func (s *Service) linked(ctx context.Context, token string, kind models.LinkKind) (models.Link, models.Case, error) {
	link, err := s.Store.Link(ctx, s.Hash(token), s.now())
	if err == nil && link.Kind != kind {
		err = models.Refuse(models.CodeNotFound, "this link is not valid")
	}
	if err != nil {
		return models.Link{}, models.Case{}, err
	}
	row, err := s.Store.Case(ctx, link.CaseID)
	return link, row, err
}

// Status shows the customer where their complaint stands, and everything that was told to them.
func (s *Service) Status(ctx context.Context, token string) (StatusView, error) {
	_, row, err := s.linked(ctx, token, models.LinkStatus)
	if err != nil {
		return StatusView{}, err
	}
	v := StatusView{
		Number: row.Number, State: row.State, Language: row.Language, ReceivedAt: row.ReceivedAt, RepliedAt: row.FirstReplyAt,
		ResponseDue: row.ResponseLimitAt, FeedbackDue: row.FeedbackLimitAt,
		CanConfirm: row.State == models.StateFollowingUp,
		CanMessage: models.Lawful(models.VerbMessage, row.State),
		Zone:       row.Zone, Anonymous: row.Anonymous, Ended: row.Ending,
		CanNotSolved:  row.State == models.StateFollowingUp || row.State == models.StateClosed,
		CanWithdraw:   models.Lawful(models.VerbWithdraw, row.State),
		CanReschedule: models.Lawful(models.VerbReschedule, row.State) && !row.Anonymous,
	}
	events, err := s.events(ctx, row.ID)
	if err != nil {
		return v, err
	}
	words, err := s.read(ctx, row)
	if err != nil {
		return v, err
	}
	for _, e := range events {
		said := words.of(e, models.TextText)
		switch {
		case said == "":
		case toldTheCustomer(e):
			v.Posts = append(v.Posts, Post{At: e.DecidedAt, Kind: e.Kind, Text: said})
		case e.Actor.Kind == models.ActorCustomer:
			v.Said = append(v.Said, Post{At: e.DecidedAt, Kind: e.Kind, Text: said})
		}
	}
	if v.Promises, err = s.promises(row); err != nil {
		return v, err
	}
	v.Waiting, err = s.waiting(ctx, row.ID)
	return v, err
}

// owed are the clocks that the customer was given an instant of.
var owed = []models.Clock{
	models.ClockFirstResponse, models.ClockFeedback, models.ClockHandling, models.ClockResult, models.ClockNextContact,
	models.ClockNextReply, models.ClockCallback,
}

// promises are what the customer is owed: to its limit, which was promised to them, whatever shorter
// target we have among ourselves. What waits for the customer is owed at no instant.
func (s *Service) promises(row models.Case) (all []Promise, err error) {
	c, err := lifecycle.Restore(row)
	if err != nil {
		return nil, err
	}
	for _, r := range c.Runs {
		due := r.Limit
		if due.IsZero() {
			due = r.Target
		}
		if r.Running() && r.PausedAt.IsZero() && !due.IsZero() && slices.Contains(owed, r.Clock) {
			all = append(all, Promise{Clock: r.Clock, Due: due, Late: s.now().After(due)})
		}
	}
	slices.SortStableFunc(all, func(a, b Promise) int { return a.Due.Compare(b.Due) })
	return all, nil
}

// waiting are what a customer said and nobody has decided yet.
func (s *Service) waiting(ctx context.Context, caseID string) (verbs []models.Verb, err error) {
	all, err := s.Store.Incomings(ctx, caseID)
	for _, in := range all {
		if in.State == models.IncomingPending && models.May(models.TheCustomer(), in.Verb, models.Standing{}) == nil {
			verbs = append(verbs, in.Verb)
		}
	}
	return verbs, err
}

// toldTheCustomer says whether an event's text was meant for the customer.
func toldTheCustomer(e models.Event) bool {
	switch d := e.Data.(type) {
	case models.Replied, models.SolutionTold, models.ResultTold, models.Settled, models.ProgressTold, models.InterimTold:
		return true
	case models.Noted:
		return d.Audience == models.AudienceCustomer
	default:
		return false
	}
}

// Say takes what a customer says by their status link: confirm, not_solved or message. It is on
// record when this returns, and decided as soon as the engine is up.
func (s *Service) Say(ctx context.Context, call Call, token string, v models.Verb, text string) error {
	_, row, err := s.linked(ctx, token, models.LinkStatus)
	if err != nil {
		return err
	}
	data := map[models.Verb]models.Data{
		models.VerbConfirm: models.Confirmed{}, models.VerbNotSolved: models.NotSolved{},
		models.VerbMessage: models.Messaged{Channel: models.ChannelWeb}, models.VerbWithdraw: models.Withdrawn{},
	}[v]
	if data == nil {
		return models.Refuse(models.CodeInternal, fmt.Sprintf("%s is not said by link", v))
	}
	if text == "" && v != models.VerbConfirm {
		return models.Invalid("/text", "say what it is about")
	}
	return s.takeAnswer(ctx, call, row, v, row.Cycle, data, text)
}

// Reschedule takes the customer's wish to be called back at another time.
func (s *Service) Reschedule(ctx context.Context, call Call, token string, to time.Time) error {
	_, row, err := s.linked(ctx, token, models.LinkStatus)
	if err != nil {
		return err
	}
	if !to.After(s.now()) {
		return models.Invalid("/to", "lies in the past")
	}
	return s.takeAnswer(ctx, call, row, models.VerbReschedule, row.Cycle, models.Rescheduled{To: to}, "")
}

// Survey shows the customer the survey of a cycle.
func (s *Service) Survey(ctx context.Context, token string) (SurveyView, error) {
	link, row, err := s.linked(ctx, token, models.LinkSurvey)
	if err != nil {
		return SurveyView{}, err
	}
	survey, err := s.Store.Survey(ctx, row.ID, link.Cycle)
	if err != nil {
		return SurveyView{}, err
	}
	answered, err := s.answered(ctx, row.ID, link.Cycle)
	return SurveyView{
		Number: row.Number, Cycle: link.Cycle, Language: row.Language, ExpiresAt: survey.ExpiresAt,
		Answered: answered || survey.AnsweredAt != nil, Zone: row.Zone, Open: models.Lawful(models.VerbAnswerSurvey, row.State),
	}, err
}

// answered says whether an answer to the survey of a cycle is on record, decided or not.
func (s *Service) answered(ctx context.Context, caseID string, cycle int) (bool, error) {
	all, err := s.Store.Incomings(ctx, caseID)
	if err != nil {
		return false, err
	}
	for _, in := range all {
		if in.Verb == models.VerbAnswerSurvey && in.Cycle == cycle && in.State != models.IncomingRefused {
			return true, nil
		}
	}
	return false, nil
}

// AnswerSurvey takes the one answer to the survey of a cycle.
func (s *Service) AnswerSurvey(ctx context.Context, call Call, token string, scores models.Scores, text string) error {
	link, row, err := s.linked(ctx, token, models.LinkSurvey)
	if err != nil {
		return err
	}
	if scores == (models.Scores{}) && text == "" {
		return models.Invalid("/scores", "an empty answer says nothing")
	}
	data := models.SurveyAnswered{SurveyCycle: link.Cycle, Scores: scores}
	return s.takeAnswer(ctx, call, row, models.VerbAnswerSurvey, link.Cycle, data, text)
}

// takeAnswer puts what a customer sent on record and wakes the relay. The same answer twice is one;
// another one with the same key is refused, not thanked for and dropped.
func (s *Service) takeAnswer(ctx context.Context, call Call, row models.Case, v models.Verb, cycle int, d models.Data, text string) error {
	call.Actor = models.TheCustomer()
	call.Route += " " + row.ID
	_, _, err := once(ctx, s, call, func() (struct{}, error) {
		return struct{}{}, s.putAnswer(ctx, call, row, v, cycle, d, text)
	})
	return err
}

func (s *Service) putAnswer(ctx context.Context, call Call, row models.Case, v models.Verb, cycle int, d models.Data, text string) error {
	if !models.Lawful(v, row.State) {
		return models.Refuse(models.CodeGone, "this case does not take answers any more")
	}
	if v == models.VerbAnswerSurvey {
		if before, err := s.answered(ctx, row.ID, cycle); err != nil || before {
			if err == nil {
				err = s.sameAnswer(ctx, call, row.ID)
			}
			return err
		}
	}
	plan, err := s.Plans.Plan(ctx, row.Policy, s.now(), row.Zone)
	if err != nil {
		return err
	}
	cmd := lifecycle.Command{ID: call.commandID(), Verb: v, Actor: call.Actor, Data: d}
	if cmd.Texts, err = s.stage(ctx, row, cmd.ID, map[string]string{models.TextText: text}, cmd.Data); err != nil {
		return err
	}
	body, err := json.Marshal(contract.Order{Command: cmd, Plan: plan})
	if err != nil {
		return fmt.Errorf("write answer: %w", err)
	}
	in := models.Incoming{
		ID: cmd.ID, CaseID: row.ID, Verb: v, Cycle: cycle, Command: body, State: models.IncomingPending,
		ReceivedAt: s.now(), NextAt: s.now(),
	}
	if err := s.Store.PutIncoming(ctx, in); err != nil {
		return err
	}
	s.Starter.Wake()
	return nil
}

// sameAnswer lets a repeated request with the same key pass, and refuses another answer.
func (s *Service) sameAnswer(ctx context.Context, call Call, caseID string) error {
	all, err := s.Store.Incomings(ctx, caseID)
	if err != nil {
		return err
	}
	for _, in := range all {
		if in.ID == call.commandID() {
			return nil
		}
	}
	return models.Refuse(models.CodeGone, "this survey has been answered already; thank you")
}
