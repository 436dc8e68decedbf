package cases

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"recourse/internal/roster"
	"recourse/models"
)

// Departments lists the departments.
func (s *Service) Departments(ctx context.Context) ([]models.Department, error) {
	return s.Store.Departments(ctx)
}

// Teams lists the teams.
func (s *Service) Teams(ctx context.Context) ([]models.Team, error) { return s.Store.Teams(ctx) }

// Categories lists the tree of categories.
func (s *Service) Categories(ctx context.Context) ([]models.Category, error) {
	return s.Store.Categories(ctx)
}

// People lists the people of the company; contact data is for admin and hr.
func (s *Service) People(ctx context.Context, a models.Actor) ([]models.Person, error) {
	people, err := s.Store.People(ctx)
	if knowsPeople(a) {
		return people, err
	}
	for i := range people {
		people[i].Email, people[i].Phone = "", ""
	}
	return people, err
}

// knowsPeople says who may read what is personal about the people of the company.
func knowsPeople(a models.Actor) bool { return a.Is(models.RoleAdmin) || a.Is(models.RoleHR) }

// PutDepartment adds or changes a department; admin only.
func (s *Service) PutDepartment(ctx context.Context, a models.Actor, d models.Department) error {
	d.CreatedAt = s.now()
	return s.put(ctx, a, models.Company{Departments: []models.Department{d}})
}

// PutTeam adds or changes a team; admin only.
func (s *Service) PutTeam(ctx context.Context, a models.Actor, t models.Team) error {
	t.CreatedAt = s.now()
	return s.put(ctx, a, models.Company{Teams: []models.Team{t}})
}

// PutCategory adds or changes a category; admin only.
func (s *Service) PutCategory(ctx context.Context, a models.Actor, c models.Category) error {
	return s.put(ctx, a, models.Company{Categories: []models.Category{c}})
}

// PutPerson adds or changes a person; admin only.
func (s *Service) PutPerson(ctx context.Context, a models.Actor, p models.Person) error {
	p.CreatedAt = s.now()
	return s.put(ctx, a, models.Company{People: []models.Person{p}})
}

// put puts a part of the organisation, all of it or nothing, unless it would point to nobody.
func (s *Service) put(ctx context.Context, a models.Actor, wish models.Company) error {
	if err := adminOnly(a); err != nil {
		return err
	}
	record, err := s.company(ctx)
	if err != nil {
		return err
	}
	if err := faulty(roster.Check(record, wish)); err != nil {
		return err
	}
	defer s.rules.forget()
	err = s.Store.PutCompany(ctx, wish)
	if errors.Is(err, models.ErrLastAdmin) { // somebody else took the role from the other admin meanwhile
		for i, p := range record.People {
			if !slices.ContainsFunc(wish.People, func(w models.Person) bool { return w.ID == p.ID }) {
				record.People[i].Roles = nil
			}
		}
		return faulty(roster.Check(record, wish))
	}
	return err
}

// company reads the whole organisation.
func (s *Service) company(ctx context.Context) (c models.Company, err error) {
	if c.Departments, err = s.Store.Departments(ctx); err != nil {
		return c, err
	}
	if c.Teams, err = s.Store.Teams(ctx); err != nil {
		return c, err
	}
	if c.People, err = s.Store.People(ctx); err != nil {
		return c, err
	}
	c.Categories, err = s.Store.Categories(ctx)
	return c, err
}

// Refused is a wish refused for all its faults at once.
type Refused struct {
	Base   *models.Error
	Faults []Fault
}

// Fault is one thing that is wrong with a wish.
type Fault struct {
	Pointer string // JSON pointer
	Says    string
	Line    int // of a document; 0: not known
}

// Error returns the sentence.
func (r *Refused) Error() string { return r.Base.Message }

// Unwrap lets errors.As find the models.Error.
func (r *Refused) Unwrap() error { return r.Base }

// refusal names the first fault in its sentence and all of them in its list; nil without any.
func refusal(faults []Fault) error {
	if len(faults) == 0 {
		return nil
	}
	first := faults[0]
	says := strings.TrimPrefix(first.Pointer+": "+first.Says, ": ")
	if more := len(faults) - 1; more > 0 {
		says += fmt.Sprintf(" (and %d more)", more)
	}
	return &Refused{Base: &models.Error{Code: models.CodeInvalid, Message: says, Field: first.Pointer}, Faults: faults}
}

func faulty(found []roster.Fault) error {
	faults := make([]Fault, len(found))
	for i, f := range found {
		faults[i] = Fault{Pointer: f.Pointer(), Says: f.Says}
	}
	return refusal(faults)
}

func adminOnly(a models.Actor) error {
	if a.Is(models.RoleAdmin) {
		return nil
	}
	return models.Refuse(models.CodeForbidden, "only an admin changes the company's organisation")
}

// Absences lists when somebody is away; why, is for admin and hr.
func (s *Service) Absences(ctx context.Context, a models.Actor, person string) ([]models.Absence, error) {
	if _, err := s.Store.Person(ctx, person); err != nil {
		return nil, err
	}
	absences, err := s.Store.Absences(ctx, person)
	if !knowsPeople(a) {
		for i := range absences {
			absences[i].Reason = ""
		}
	}
	return absences, err
}

// PutAbsences says when somebody is away, in place of what was said before; admin only.
func (s *Service) PutAbsences(ctx context.Context, a models.Actor, person string, absences []models.Absence) error {
	if err := adminOnly(a); err != nil {
		return err
	}
	absences = slices.Clone(absences)
	var faults []Fault
	for i := range absences {
		one := &absences[i]
		one.PersonID, one.FromAt, one.UntilAt = person, cutInstant(one.FromAt), cutInstant(one.UntilAt)
		at := fmt.Sprintf("/items/%d", i)
		if !one.FromAt.Before(one.UntilAt) {
			faults = append(faults, Fault{Pointer: at + "/until", Says: "an absence ends after it begins"})
		}
		if slices.ContainsFunc(absences[:i], func(b models.Absence) bool {
			return one.FromAt.Before(b.UntilAt) && b.FromAt.Before(one.UntilAt)
		}) {
			faults = append(faults, Fault{Pointer: at + "/from", Says: "it overlaps with one before it"})
		}
	}
	if err := refusal(faults); err != nil {
		return err
	}
	return s.Store.PutAbsences(ctx, person, absences)
}

// cutInstant is t as precise as the record.
func cutInstant(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
