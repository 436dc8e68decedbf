package cases

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"recourse/internal/policy"
	"recourse/models"
)

// completed refuses names in a wish that are not on record, and fills in what the caller names by
// number only.
func (s *Service) completed(ctx context.Context, a models.Actor, row models.Case, d models.Data) (models.Data, error) {
	switch d := d.(type) {
	case models.Dispatched:
		return d, s.order(ctx, row, d.Person, d.Department, d.Supervising, d.Category)
	case models.Transferred:
		return d, s.order(ctx, row, d.Person, d.Department, d.Supervising, "")
	case models.Accepted:
		return d, s.responsible(ctx, row, d.Person, row.Department)
	case models.Assigned:
		return d, s.responsible(ctx, row, d.Person, row.Department)
	case models.HandedOver:
		return d, s.taker(ctx, row, d.Person)
	case models.Settled:
		return d, s.known(ctx, d.Department, d.Category)
	case models.TaskGiven:
		return d, s.known(ctx, d.Department, "")
	case models.Reclassified:
		return d, s.known(ctx, "", d.Category)
	case models.Restricted:
		return d, s.people(ctx, d)
	case models.Amended:
		return d, s.amendable(ctx, d)
	case models.Merged:
		other, err := s.other(ctx, a, d.Into.Number, "/into")
		if err == nil && !other.State.Open() {
			err = models.Invalid("/into", fmt.Sprintf("that case is %s; only an open one goes on for both", other.State))
		}
		d.Into.Case = other.ID
		return d, err
	case models.Linked:
		other, err := s.other(ctx, a, d.Other.Number, "/other")
		d.Other.Case = other.ID
		if d.Relation == models.RelationLead {
			d.Department = other.Department
		}
		return d, err
	default:
		return d, nil
	}
}

// order checks whom a work order names.
func (s *Service) order(ctx context.Context, row models.Case, person, department, supervising, category string) error {
	if err := s.known(ctx, department, category); err != nil {
		return err
	}
	if supervising != "" {
		d, err := s.Store.Department(ctx, supervising)
		if err := missing(err, d.DisabledAt, "/supervising", supervising); err != nil {
			return err
		}
	}
	return s.responsible(ctx, row, person, department)
}

// responsible refuses a person who cannot be responsible for the case: unknown, of another
// department, or one whom it is about.
func (s *Service) responsible(ctx context.Context, row models.Case, person, department string) error {
	if person == "" {
		return nil
	}
	p, err := s.Store.Person(ctx, person)
	if err := missing(err, p.DisabledAt, "/person", person); err != nil {
		return err
	}
	switch {
	case department != "" && !slices.Contains(p.Departments, department):
		return models.Invalid("/person", fmt.Sprintf("%q does not belong to %q", person, department))
	case slices.Contains(row.Named, person):
		return models.Invalid("/person", "the complaint is about this person, who is kept away from it")
	}
	return nil
}

// people checks the people whom a restriction names.
func (s *Service) people(ctx context.Context, d models.Restricted) error {
	for field, ids := range map[string][]string{"/circle": d.Circle, "/named": d.Named} {
		for i, id := range ids {
			p, err := s.Store.Person(ctx, id)
			if err := missing(err, p.DisabledAt, fmt.Sprintf("%s/%d", field, i), id); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Service) amendable(ctx context.Context, d models.Amended) error {
	for _, c := range d.Changes {
		switch c.Field {
		case "department_concerned":
			dep, err := s.Store.Department(ctx, c.Is)
			if err := missing(err, dep.DisabledAt, "/department_concerned", c.Is); err != nil {
				return err
			}
		case "zone":
			if _, err := policy.Zone(c.Is); err != nil {
				return models.Invalid("/zone", err.Error())
			}
		}
	}
	return nil
}

// other finds a case that the caller names by its number, and may know of.
func (s *Service) other(ctx context.Context, a models.Actor, number, field string) (models.Case, error) {
	row, err := s.visible(ctx, a, strings.ToUpper(number))
	if models.CodeOf(err) == models.CodeNotFound {
		return models.Case{}, models.Invalid(field, "there is no such case, or none that you may see")
	}
	return row, err
}
