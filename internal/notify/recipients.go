package notify

import (
	"context"
	"fmt"
	"slices"

	"recourse/models"
)

// distribute puts a message to roles or a department into people's inboxes, one copy each.
func (d *Dispatcher) distribute(ctx context.Context, m models.Message, row models.Case) error {
	people, err := d.recipients(ctx, m, row)
	if err != nil {
		return err
	}
	copies := make([]models.Message, len(people))
	for i, p := range people {
		copies[i] = d.copyFor(m, row, p, models.MessageInbox)
	}
	robots, err := d.robots(ctx, m, row)
	if err != nil {
		return err
	}
	return d.o.Outbox.Distribute(ctx, m.ID, d.o.Now(), append(copies, robots...))
}

// copyFor is message m to person p by a channel. Its id follows from those, so that it is made once
// however often this is tried.
func (d *Dispatcher) copyFor(m models.Message, row models.Case, p models.Person, channel models.MessageChannel) models.Message {
	return models.Message{
		ID:     models.EventID(m.CaseID, m.Seq, fmt.Sprintf("copy %s %s %s", m.ID, channel, p.ID)),
		CaseID: m.CaseID, Seq: m.Seq, Template: m.Template, Channel: channel, Person: p.ID, Language: d.language(p),
		State: models.MessagePending, CreatedAt: m.CreatedAt, NextAt: d.o.Now(), KeyID: row.KeyID,
	}
}

func (d *Dispatcher) language(p models.Person) models.Language {
	if slices.Contains(models.Languages(), p.Language) {
		return p.Language
	}
	return d.o.Company.Language
}

// recipients finds the people that a message to roles or a department is for, each once. Nobody is
// told of a case that they may not see; if that leaves nobody, it is for the case's circle.
func (d *Dispatcher) recipients(ctx context.Context, m models.Message, row models.Case) ([]models.Person, error) {
	department, roles := row.Department, m.Roles
	if m.Department != "" {
		department, roles = m.Department, []models.Role{models.RoleDepartmentHead}
	}
	if len(roles) == 0 { // it was for one person, who is gone
		roles = []models.Role{models.RoleDepartmentHead}
	}
	var found []models.Person
	for _, role := range roles {
		people, err := d.reach(ctx, m, role, department, row)
		if err != nil {
			return nil, err
		}
		for _, p := range people {
			if !slices.ContainsFunc(found, func(f models.Person) bool { return f.ID == p.ID }) {
				found = append(found, p)
			}
		}
	}
	if len(found) == 0 {
		return d.circle(ctx, row)
	}
	return found, nil
}

// circle are those of a case's circle who are still with us and may see it.
func (d *Dispatcher) circle(ctx context.Context, row models.Case) (people []models.Person, err error) {
	for _, id := range row.Circle {
		p, is, err := d.present(ctx, id)
		if err != nil {
			return nil, err
		}
		if is && sees(p, row) {
			people = append(people, p)
		}
	}
	return people, nil
}

func sees(p models.Person, row models.Case) bool {
	return models.See(p.Actor(), row.Standing()) != models.SightNone
}

// reach finds the people of a role who may see the case, or of the nearest role above it: an alert that
// nobody gets is worse than one that the wrong person gets. An alert is for whoever is on duty for the role.
func (d *Dispatcher) reach(ctx context.Context, m models.Message, role models.Role, department string, row models.Case) ([]models.Person, error) {
	fallback := models.Above(models.RoleDepartmentHead)
	if slices.Contains(models.EscalationChain(), role) {
		fallback = models.Above(role)
	}
	for _, r := range append([]models.Role{role}, fallback...) {
		if m.Template == templateAlert {
			if p, is, err := d.onDuty(ctx, r, department, row); err != nil || is {
				return []models.Person{p}, err
			}
		}
		people, err := d.holders(ctx, r, department, row)
		people = slices.DeleteFunc(people, func(p models.Person) bool { return !sees(p, row) })
		if err != nil || len(people) > 0 {
			return people, err
		}
	}
	return nil, nil
}

// holders finds who has a role for a case: the handler is whoever is responsible for it, a head is
// one of the department, all others are the company's.
func (d *Dispatcher) holders(ctx context.Context, role models.Role, department string, row models.Case) ([]models.Person, error) {
	switch {
	case role == models.RoleHandler && row.Assignee == "":
		return nil, nil // nobody is responsible yet
	case role == models.RoleHandler:
		p, is, err := d.present(ctx, row.Assignee)
		if err != nil || !is {
			return nil, err
		}
		return []models.Person{p}, nil
	case role == models.RoleSupervisor && department != row.Department: // a copy: a supervising department's own first
		people, err := d.o.Outbox.PeopleIn(ctx, role, department)
		if err != nil || slices.ContainsFunc(people, func(p models.Person) bool { return sees(p, row) }) {
			return people, err
		}
		department = ""
	case role != models.RoleDepartmentHead:
		department = ""
	case department == "":
		return nil, nil // no department yet: not the heads of all of them
	}
	return d.o.Outbox.PeopleIn(ctx, role, department)
}

// present returns a person who is still with us, and whether there is one.
func (d *Dispatcher) present(ctx context.Context, id string) (models.Person, bool, error) {
	p, err := d.o.Outbox.Person(ctx, id)
	if models.CodeOf(err) == models.CodeNotFound {
		return models.Person{}, false, nil
	}
	return p, err == nil && p.DisabledAt == nil, err
}
