package cases

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"recourse/internal/lifecycle"
	"recourse/models"
	"recourse/workflows/contract"
)

// Left is what became of somebody who left.
type Left struct {
	Person    string   `json:"person"`
	Successor string   `json:"successor,omitempty"`
	Cases     []string `json:"cases"` // numbers of the open cases that still point at them, as far as the admin may know of them
	Replayed  bool     `json:"-"`
}

// Leave lets somebody go: they are disabled, their tokens end at once, and whoever they stood in for
// gets the successor as deputy. Their cases stay. Those that are open and still point at them are
// named in the answer and go to the successor where they belong to the same department, else back to
// it; until then they are among the gaps (LeftBehind). Done again, it names another successor. Admin
// only.
func (s *Service) Leave(ctx context.Context, call Call, person, successor string) (Left, error) {
	if err := adminOnly(call.Actor); err != nil {
		return Left{}, err
	}
	left, replayed, err := once(ctx, s, call, func() (Left, error) { return s.leave(ctx, call.Actor, person, successor) })
	left.Replayed = replayed
	return left, err
}

func (s *Service) leave(ctx context.Context, a models.Actor, person, successor string) (Left, error) {
	people, err := s.Store.People(ctx)
	if err != nil {
		return Left{}, err
	}
	now := s.now()
	if err := canFollow(people, person, successor); err != nil {
		return Left{}, err
	}
	err = s.Store.Leave(ctx, models.Departure{PersonID: person, Successor: successor, Author: a.ID, LeftAt: now})
	if err != nil {
		return Left{}, err
	}
	behind, err := s.Store.LeftBehind(ctx, person)
	for _, b := range behind {
		if err == nil {
			err = s.handOn(ctx, b, now)
		}
	}
	s.Starter.Wake()
	left := Left{Person: person, Successor: successor, Cases: []string{}}
	if err == nil {
		behind, err = s.behind(ctx, a, behind)
	}
	for _, b := range behind {
		left.Cases = append(left.Cases, b.Number)
	}
	return left, err
}

// handOn puts on record that a case goes to the successor, or back to its department. The relay
// brings it to the case; asked for twice, it happens once.
func (s *Service) handOn(ctx context.Context, b models.LeftBehind, now time.Time) error {
	row, err := s.Store.Case(ctx, b.CaseID)
	if err != nil {
		return err
	}
	if b.Successor != "" && s.responsible(ctx, row, b.Successor, b.Department) != nil {
		b.Successor = "" // of another department, gone as well, or whom it is about: the department decides
	}
	cause := fmt.Sprintf("leave %s %s", b.Assignee, b.Successor)
	id := models.EventID(b.CaseID, row.Seq, cause)
	plan, err := s.Plans.Plan(ctx, row.Policy, now, row.Zone)
	if err != nil {
		return err
	}
	order := contract.Order{
		Command: lifecycle.Command{ID: id, Verb: models.VerbAssign, Actor: models.System(), Data: models.Assigned{Person: b.Successor}},
		Plan:    plan,
	}
	command, err := json.Marshal(order)
	if err != nil {
		return fmt.Errorf("write command: %w", err)
	}
	return s.Store.PutIncoming(ctx, models.Incoming{
		ID: id, CaseID: b.CaseID, Verb: models.VerbAssign, Command: command, State: models.IncomingPending, ReceivedAt: now, NextAt: now,
	})
}

// canFollow refuses a successor who cannot take over cases.
func canFollow(people []models.Person, person, successor string) error {
	if successor == "" {
		return nil
	}
	if successor == person {
		return models.Invalid("/successor", "nobody follows themselves")
	}
	for _, p := range people {
		if p.ID != successor {
			continue
		}
		if p.DisabledAt != nil || p.Service || !p.Actor().Is(models.RoleHandler) && !p.Actor().Is(models.RoleDepartmentHead) {
			return models.Invalid("/successor", fmt.Sprintf("%q neither handles cases nor heads a department", successor))
		}
		return nil
	}
	return models.Invalid("/successor", fmt.Sprintf("%q is not on record", successor))
}
