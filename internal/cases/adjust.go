package cases

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"recourse/internal/lifecycle"
	"recourse/models"
	"recourse/workflows/contract"
)

// StartAdjustment lets a previewed adjustment come over its cases, and over those that came since. It
// goes on by itself, whatever stops in between; started already is fine.
func (s *Service) StartAdjustment(ctx context.Context, a models.Actor, id string) (Adjustment, error) {
	return s.turnAdjustment(ctx, a, id, models.AdjustmentPreviewed, models.AdjustmentRunning)
}

// UndoAdjustment takes an adjustment back, from each case that was not adjusted again since.
func (s *Service) UndoAdjustment(ctx context.Context, a models.Actor, id string) (Adjustment, error) {
	return s.turnAdjustment(ctx, a, id, models.AdjustmentDone, models.AdjustmentUndoing)
}

// turnAdjustment starts what an adjustment is to do next.
func (s *Service) turnAdjustment(ctx context.Context, a models.Actor, id string, from, to models.AdjustmentState) (Adjustment, error) {
	row, err := s.Store.Adjustment(ctx, id)
	if models.CodeOf(err) == models.CodeNotFound || maySeeAdjustments(a) != nil {
		return s.Adjustment(ctx, a, id) // says so
	}
	if err != nil {
		return Adjustment{}, err
	}
	if err := mayAdjust(a, row.Kind); err != nil {
		return Adjustment{}, err
	}
	if row.State == to {
		return s.adjustment(ctx, a, row)
	}
	if row.State != from {
		return Adjustment{}, models.Refuse(models.CodeConflict, fmt.Sprintf("the adjustment is %s, not %s", row.State, from))
	}
	if err := s.Engine.Reachable(ctx); err != nil {
		return Adjustment{}, models.Refuse(models.CodeUnavailable, "the process engine does not answer; nothing was done, try again soon")
	}
	if _, err := s.Store.MoveAdjustment(ctx, id, from, to, a.ID, s.now()); err != nil {
		return Adjustment{}, err
	}
	row.State = to
	if err := s.carryOn(ctx, row); err != nil { // it is on record, and the sweep starts it
		s.Logger.WarnContext(ctx, "an adjustment waits for the sweep to start it", "adjustment", id, "error", err)
	}
	return s.Adjustment(ctx, a, id)
}

// carryOn lets the engine carry an adjustment out, or take it back.
func (s *Service) carryOn(ctx context.Context, a models.Adjustment) error {
	in := contract.AdjustInput{ID: a.ID, Undo: a.State == models.AdjustmentUndoing}
	says := "carry out: " + string(a.Kind)
	if in.Undo {
		says = "take back: " + string(a.Kind)
	} else if a.NotBefore != nil {
		in.NotBefore = *a.NotBefore
	}
	if a.Policy != "" {
		says += " " + a.Policy
	}
	return s.Engine.Adjust(ctx, in, says)
}

// ResumeAdjustments starts the adjustments again that are on record as under way: their workflow may be
// lost, and one that runs goes on.
func (s *Service) ResumeAdjustments(ctx context.Context) error {
	rows, err := s.Store.Adjustments(ctx, mostShown)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if row.State == models.AdjustmentRunning || row.State == models.AdjustmentUndoing {
			if err := s.carryOn(ctx, row); err != nil {
				return err
			}
		}
	}
	return nil
}

const (
	// adjustFor is how long an activity carries out at a time.
	adjustFor = 20 * time.Second
	// adjustAtATime is how many cases an activity carries out at a time.
	adjustAtATime = 500
	// adjustBeside is how many cases are adjusted beside each other: intake goes on meanwhile.
	adjustBeside = 4
	// adjustTries is how often a case is tried before it is given up.
	adjustTries = 5
	// adjustAgainAfter is how long a case that failed is left alone.
	adjustAgainAfter = 5 * time.Second
)

// Adjust carries an adjustment out on some more of its cases, or takes it back: it implements
// activities.Adjuster. What was decided is on record with each case, so that doing it again is doing it once.
func (s *Service) Adjust(ctx context.Context, id string, undo bool, progress func()) (so contract.AdjustResult, err error) {
	row, err := s.Store.Adjustment(ctx, id)
	if err != nil {
		return so, err
	}
	under, ends := models.AdjustmentRunning, models.AdjustmentDone
	if undo {
		under, ends = models.AdjustmentUndoing, models.AdjustmentUndone
	}
	if row.State != under {
		return so, nil // taken back while it ran, or at its end already
	}
	if !undo {
		if err := s.gather(ctx, row); err != nil {
			return so, err
		}
	}
	if err := s.adjustSome(ctx, row, undo, progress); err != nil {
		return so, err
	}
	if so, err = s.soFar(ctx, id, undo); err != nil || so.Left > 0 {
		return so, err
	}
	_, err = s.Store.MoveAdjustment(ctx, id, under, ends, "", s.now())
	return so, err
}

// gather adds the cases that came since the preview.
func (s *Service) gather(ctx context.Context, a models.Adjustment) error {
	first, err := s.Store.Adjusted(ctx, a.ID, "", 1, models.AdjustedDone, models.AdjustedSkipped, models.AdjustedFailed)
	if err != nil || len(first) > 0 {
		return err // it was under way before
	}
	planned, err := s.plan(ctx, a)
	if err != nil {
		return err
	}
	return s.Store.AddAdjusted(ctx, planned)
}

// waitingFor are the states of the cases that are still to come.
func waitingFor(undo bool) []models.AdjustedState {
	if undo {
		return []models.AdjustedState{models.AdjustedDone}
	}
	return []models.AdjustedState{models.AdjustedPlanned, models.AdjustedFailed}
}

// adjustSome carries out what there is time for.
func (s *Service) adjustSome(ctx context.Context, a models.Adjustment, undo bool, progress func()) error {
	began := s.now()
	for after, n := "", 0; n < adjustAtATime; {
		page, err := s.Store.Adjusted(ctx, a.ID, after, adjustPage, waitingFor(undo)...)
		if err != nil || len(page) == 0 {
			return err
		}
		after = page[len(page)-1].CaseID
		due := slices.DeleteFunc(slices.Clone(page), func(one models.AdjustedCase) bool {
			return givenUp(one) || one.Attempts > 0 && s.now().Sub(*one.At) < adjustAgainAfter
		})
		for some := range slices.Chunk(due, adjustBeside) {
			if s.now().Sub(began) >= adjustFor {
				return nil
			}
			if err := s.adjustThese(ctx, a, some, undo); err != nil {
				return err
			}
			n += len(some)
			progress()
		}
		if len(page) < adjustPage {
			return nil
		}
	}
	return nil
}

// adjustThese adjusts a few cases beside each other.
func (s *Service) adjustThese(ctx context.Context, a models.Adjustment, some []models.AdjustedCase, undo bool) error {
	errs := make([]error, len(some))
	var all sync.WaitGroup
	for i := range some {
		all.Go(func() {
			s.adjustOne(ctx, a, &some[i], undo)
			errs[i] = s.Store.SetAdjusted(ctx, some[i])
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

// givenUp says whether a case is tried no more.
func givenUp(one models.AdjustedCase) bool { return one.Attempts >= adjustTries }

// soFar counts what is left.
func (s *Service) soFar(ctx context.Context, id string, undo bool) (so contract.AdjustResult, err error) {
	for after := ""; ; {
		page, err := s.Store.Adjusted(ctx, id, after, adjustPage, waitingFor(undo)...)
		if err != nil {
			return so, err
		}
		for _, one := range page {
			after = one.CaseID
			if !givenUp(one) {
				so.Left++
				if one.Attempts > 0 {
					so.Failed++
				}
			}
		}
		if len(page) < adjustPage {
			break
		}
	}
	counts, err := s.Store.CountAdjusted(ctx, id)
	for _, c := range counts {
		if c.State == models.AdjustedDone && !undo || c.State == models.AdjustedUndone {
			so.Done += c.Cases
		}
	}
	return so, err
}

// adjustOne adjusts one case, or takes it back, and notes in one what became of it.
func (s *Service) adjustOne(ctx context.Context, a models.Adjustment, one *models.AdjustedCase, undo bool) {
	now := s.now()
	one.At = &now
	row, err := s.Store.Case(ctx, one.CaseID)
	if err == nil && !row.State.Open() {
		one.State, one.Why = ended(undo), fmt.Sprintf("the case is %s", row.State)
		return
	}
	if err == nil {
		err = s.adjustCase(ctx, a, one, row, undo)
	}
	switch models.CodeOf(err) { //nolint:exhaustive // the others say nothing of the case, and are tried again
	case "":
		one.State, one.Why, one.Attempts = models.AdjustedDone, "", 0
		if undo {
			one.State = models.AdjustedUndone
		}
	case models.CodeConflict, models.CodeUnlawful, models.CodeInvalid, models.CodeForbidden:
		one.State, one.Why = ended(undo), err.Error()
	default:
		one.Attempts++
		one.Why = err.Error()
		if !undo {
			one.State = models.AdjustedFailed
		} else if givenUp(*one) {
			one.State = models.AdjustedStays
		}
		s.Logger.WarnContext(ctx, "a case could not be adjusted", "adjustment", a.ID, "case", one.CaseID, "attempt", one.Attempts, "error", err)
	}
}

// ended is the state of a case that there is nothing to do for any more.
func ended(undo bool) models.AdjustedState {
	if undo {
		return models.AdjustedStays
	}
	return models.AdjustedSkipped
}

// adjustCase sends the command that adjusts a case, or takes it back.
func (s *Service) adjustCase(ctx context.Context, a models.Adjustment, one *models.AdjustedCase, row models.Case, undo bool) error {
	call := Call{Actor: models.System(), Route: "adjustment", Key: a.ID + "/" + row.ID}
	if undo {
		call.Key += "/undo"
	}
	if a.Kind == models.AdjustPause {
		return s.adjustPause(ctx, call, a, one, row, undo)
	}
	cmd := lifecycle.Command{ID: call.commandID(), Verb: models.VerbMoveDeadlines, Actor: call.Actor, Data: moving(a)}
	version := versionFor(a, row)
	if undo {
		c, err := lifecycle.Restore(row)
		if err != nil {
			return err
		}
		if version = c.MovedFrom(); version == "" {
			version = row.Policy
		}
		cmd.Data = models.DeadlinesMoved{Adjustment: a.ID, By: a.UndoneBy, Undoes: one.Seq}
	}
	outcome, err := s.sendUnder(ctx, row, cmd, version)
	if err != nil || undo {
		return err
	}
	after, err := s.Store.Case(ctx, row.ID)
	if err != nil {
		return err
	}
	c, err := lifecycle.Restore(after)
	if err != nil {
		return err
	}
	one.Seq = outcome.Seq
	if moves, seq, is := c.MovedBounds(a.ID); is {
		one.Moved, one.Seq = moves, seq
	}
	one.Earlier, one.Later, one.AtOnce = directions(one.Moved, *one.At)
	return nil
}

// adjustPause lets the clocks of a case wait, or go on.
func (s *Service) adjustPause(ctx context.Context, call Call, a models.Adjustment, one *models.AdjustedCase, row models.Case, undo bool) error {
	cmd := lifecycle.Command{ID: call.commandID(), Actor: call.Actor}
	if undo {
		c, err := lifecycle.Restore(row)
		if err != nil {
			return err
		}
		if c.Pause.Seq != one.Seq {
			return models.Refuse(models.CodeConflict, "the pause is over already, or another one")
		}
		cmd.Verb, cmd.Data = models.VerbResume, models.Resumed{}
		_, err = s.send(ctx, row, cmd)
		return err
	}
	cmd.Verb, cmd.Data = models.VerbPause, models.Paused{Reason: models.PauseOutside, Until: *a.Until}
	var err error
	if cmd.Texts, err = s.stage(ctx, row, cmd.ID, map[string]string{models.TextReason: a.Reason}, cmd.Data); err != nil {
		return err
	}
	outcome, err := s.send(ctx, row, cmd)
	one.Seq = outcome.Seq
	return err
}
