package cases

import (
	"context"
	"errors"
	"slices"

	"recourse/internal/lifecycle"
	"recourse/models"
	"recourse/workflows/contract"
)

// Do uses a verb on a case. The texts are staged first, then the case's workflow decides; the answer
// comes when the decision is on record. A refusal changes nothing.
func (s *Service) Do(ctx context.Context, call Call, number string, w Wish) (Done, error) {
	row, err := s.visible(ctx, call.Actor, number)
	if err != nil {
		return Done{}, err
	}
	if err := models.May(call.Actor, w.Verb, row.Standing()); err != nil {
		return Done{}, err
	}
	if w.Data, err = s.completed(ctx, call.Actor, row, w.Data); err != nil {
		return Done{}, err
	}
	if w.Contact != nil {
		if err := mayCorrect(call.Actor, row, *w.Contact); err != nil {
			return Done{}, err
		}
	}
	done, replayed, err := once(ctx, s, call, func() (Done, error) { return s.do(ctx, call, row, w) })
	done.Replayed = replayed
	return done, err
}

func (s *Service) do(ctx context.Context, call Call, row models.Case, w Wish) (Done, error) {
	if !row.State.Live() {
		return Done{}, models.Unlawful(w.Verb, row.State)
	}
	data, err := s.claim(ctx, call, row, w)
	if err != nil {
		return Done{}, err
	}
	cmd := lifecycle.Command{
		ID: call.commandID(), Verb: w.Verb, Actor: call.Actor, HappenedAt: w.HappenedAt, IfSeq: w.IfSeq, Data: data,
	}
	words, err := s.corrected(ctx, row, cmd.ID, w)
	if err != nil {
		return Done{}, err
	}
	if cmd.Texts, err = s.stage(ctx, row, cmd.ID, words, data); err != nil {
		return Done{}, err
	}
	if cmd.Data, err = s.toGroup(ctx, row, cmd, w); err != nil {
		return Done{}, err
	}
	outcome, err := s.send(ctx, row, cmd)
	if err != nil {
		return Done{}, s.unnamed(ctx, call.Actor, err)
	}
	stands := row.Standing()
	if now, err := s.Store.Case(ctx, row.ID); err == nil { // the case may have changed hands
		stands = now.Standing()
	}
	stands.State = outcome.State
	return Done{
		Number: row.Number, Seq: outcome.Seq, State: outcome.State, Recorded: outcome.Recorded, Possible: possible(call.Actor, stands),
	}, nil
}

// stage seals a command's texts and keeps them before the command is sent, so that they never travel
// through the engine. Data is what the command would put on record, for what the case is found by.
func (s *Service) stage(ctx context.Context, row models.Case, command string, words map[string]string, data models.Data) ([]models.TextRef, error) {
	key, err := s.Store.Key(ctx, row.KeyID)
	if err != nil {
		return nil, err
	}
	if len(key.Wrapped) == 0 {
		return nil, models.ErrErased
	}
	texts, _, err := s.seal(dataKey{id: key.ID, wrapped: key.Wrapped}, row.ID, command, words, s.now())
	if err != nil {
		return nil, err
	}
	s.findable(row, texts, words, data)
	return s.Store.Stage(ctx, key.ID, texts)
}

// send lets the workflow decide. A case whose workflow has not started yet is started now.
func (s *Service) send(ctx context.Context, row models.Case, cmd lifecycle.Command) (contract.Outcome, error) {
	return s.sendUnder(ctx, row, cmd, row.Policy)
}

// sendUnder is send with the plan of a version of the policy.
func (s *Service) sendUnder(ctx context.Context, row models.Case, cmd lifecycle.Command, version string) (contract.Outcome, error) {
	plan, err := s.Plans.Plan(ctx, version, s.now(), row.Zone)
	if err != nil {
		return contract.Outcome{}, err
	}
	order := contract.Order{Command: cmd, Plan: plan}
	outcome, err := s.Engine.Command(ctx, row.ID, order)
	if !errors.Is(err, contract.ErrNotRunning) {
		return outcome, err
	}
	if started := s.startLate(ctx, row); started {
		outcome, err = s.Engine.Command(ctx, row.ID, order)
	}
	if errors.Is(err, contract.ErrNotRunning) {
		s.Starter.Wake()
		return outcome, models.Refuse(models.CodeUnavailable, "the case is being started; nothing was done, try again in a moment")
	}
	return outcome, err
}

// startLate starts a case that still waits in the queue.
func (s *Service) startLate(ctx context.Context, row models.Case) bool {
	intent, err := s.Store.Start(ctx, row.ID)
	if err != nil {
		return false
	}
	c, err := lifecycle.Restore(row)
	return err == nil && s.Starter.Now(ctx, contract.CaseInput{Case: c, Restart: intent.Restart})
}

// possible lists what an actor may do to a case that stands so.
func possible(a models.Actor, on models.Standing) []models.Verb {
	return slices.DeleteFunc(models.Possible(on.State), func(v models.Verb) bool {
		return models.May(a, v, on) != nil
	})
}
