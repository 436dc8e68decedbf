package cases

import (
	"context"
	"errors"
	"regexp"

	"recourse/models"
)

// Cases name each other. Who sees the one need not see the other: then its id and number are left out.

// otherSeen says whether the actor may know of another case that one of theirs names.
func (s *Service) otherSeen(ctx context.Context, a models.Actor, id string) (bool, error) {
	other, err := s.Store.Case(ctx, id)
	if models.CodeOf(err) == models.CodeNotFound {
		return false, nil
	}
	return err == nil && models.See(a, other.Standing()) != models.SightNone, err
}

// shown is an event's data as the actor may see it.
func (s *Service) shown(ctx context.Context, a models.Actor, data models.Data) (models.Data, error) {
	var failed error
	keep := func(o models.Other) models.Other {
		seen, err := s.otherSeen(ctx, a, o.Case)
		failed = errors.Join(failed, err)
		if seen {
			return o
		}
		return models.Other{}
	}
	told := func(copies []models.GroupCopy, g *models.GroupAct) ([]models.GroupCopy, *models.GroupAct) {
		var kept []models.GroupCopy
		for _, c := range copies {
			c.Other = keep(c.Other)
			kept = append(kept, c)
		}
		if g != nil {
			with := *g
			with.Lead, g = keep(g.Lead), &with
		}
		return kept, g
	}
	switch d := data.(type) {
	case models.Merged:
		d.Into = keep(d.Into)
		data = d
	case models.Linked:
		d.Other = keep(d.Other)
		data = d
	case models.SolutionTold:
		d.Copies, d.Group = told(d.Copies, d.Group)
		data = d
	case models.ResultTold:
		d.Copies, d.Group = told(d.Copies, d.Group)
		data = d
	}
	return data, failed
}

var anyNumber = regexp.MustCompile(`RC\d{4}-\d{7,}`)

// unnamed is a refusal without the numbers of cases that the actor may not know of: the kernel, which
// knows no actor's reach, may say which other case stands in the way.
func (s *Service) unnamed(ctx context.Context, a models.Actor, err error) error {
	var refused *models.Error
	if !errors.As(err, &refused) {
		return err
	}
	says := anyNumber.ReplaceAllStringFunc(refused.Message, func(number string) string {
		if _, err := s.visible(ctx, a, number); err != nil {
			return "another case"
		}
		return number
	})
	if says == refused.Message {
		return err
	}
	without := *refused
	without.Message = says
	return &without
}
