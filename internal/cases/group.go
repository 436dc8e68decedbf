package cases

import (
	"context"
	"slices"

	"recourse/internal/lifecycle"
	"recourse/models"
)

// toGroup completes what is told to a customer in a group: a lead case takes its members along when
// that is wished, and a member is told with what its lead case knows.
func (s *Service) toGroup(ctx context.Context, row models.Case, cmd lifecycle.Command, w Wish) (models.Data, error) {
	switch d := cmd.Data.(type) {
	case models.SolutionTold:
		var err error
		if d.Group, err = s.withLead(ctx, row, models.StateSolutionReady); err == nil && w.ToAll {
			d.Copies, err = s.copies(ctx, row, cmd, w.Words, models.VerbTellSolution)
		}
		return d, err
	case models.ResultTold:
		var err error
		if d.Group, err = s.withLead(ctx, row, models.StateResolved); err == nil && w.ToAll {
			d.Copies, err = s.copies(ctx, row, cmd, w.Words, models.VerbTellResult)
		}
		return d, err
	default:
		return cmd.Data, nil
	}
}

// withLead is what a member of a group takes over from its lead case; nil for a case that walks alone.
func (s *Service) withLead(ctx context.Context, row models.Case, alone models.State) (*models.GroupAct, error) {
	if row.GroupLead == "" || row.State == alone {
		return nil, nil //nolint:nilnil // nothing to take over
	}
	lead, err := s.Store.Case(ctx, row.GroupLead)
	if err != nil {
		return nil, err
	}
	return &models.GroupAct{
		Lead: models.Other{Case: lead.ID, Number: lead.Number}, Department: lead.Department, Person: lead.Assignee,
		Outcome: lead.Outcome, Cause: lead.Cause, Attribution: lead.Attribution,
	}, nil
}

// copies seals for every member that can be written to what its customer is told, each with their
// own key. Who came by phone, at the desk or in public is told on their own.
func (s *Service) copies(ctx context.Context, row models.Case, cmd lifecycle.Command, words map[string]string, v models.Verb) ([]models.GroupCopy, error) {
	c, err := lifecycle.Restore(row)
	if err != nil {
		return nil, err
	}
	var copies []models.GroupCopy
	for _, m := range c.Members() {
		member, err := s.Store.Case(ctx, m.Case)
		if err != nil {
			return nil, err
		}
		channel, written := writtenTo(member)
		if !written || !models.Lawful(v, member.State) {
			continue
		}
		texts, err := s.stage(ctx, member, cmd.ID, map[string]string{models.TextText: words[models.TextText]}, cmd.Data)
		if err != nil {
			return nil, err
		}
		copies = append(copies, models.GroupCopy{Other: m, Channel: channel, Texts: texts})
	}
	return copies, nil
}

// writtenTo says by which channel a customer can be written to; an anonymous one reads the status page.
func writtenTo(row models.Case) (models.Channel, bool) {
	if row.Anonymous {
		return models.ChannelWeb, true
	}
	written := []models.Channel{models.ChannelEmail, models.ChannelWeb, models.ChannelApp, models.ChannelAPI, models.ChannelLetterBox}
	return row.Channel, slices.Contains(written, row.Channel)
}
