package cases

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"time"

	"recourse/models"
)

// TokenPrefix begins every token, so that leaked ones can be searched for.
const TokenPrefix = "rc_"

// HashToken is what is kept of a token's secret.
func HashToken(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// Authenticate returns whose token it is; CodeUnauthorized for any that does not let in.
func (s *Service) Authenticate(ctx context.Context, secret string) (models.Person, error) {
	refused := models.Refuse(models.CodeUnauthorized, "no valid token; send Authorization: Bearer rc_…")
	if !strings.HasPrefix(secret, TokenPrefix) {
		return models.Person{}, refused
	}
	person, token, err := s.Store.PersonByToken(ctx, HashToken(secret), s.now())
	switch code := models.CodeOf(err); {
	case code == models.CodeNotFound || code == models.CodeGone || code == models.CodeUnauthorized:
		return models.Person{}, refused
	case err != nil:
		return models.Person{}, err
	}
	if err := s.Store.TouchToken(ctx, token, s.now()); err != nil { // reads must not need writes
		s.Logger.DebugContext(ctx, "last use of a token not noted", "error", err)
	}
	return person, nil
}

// Departments lists the departments.
func (s *Service) Departments(ctx context.Context) ([]models.Department, error) {
	return s.Store.Departments(ctx)
}

// PutDepartment adds or changes a department; admin only.
func (s *Service) PutDepartment(ctx context.Context, a models.Actor, d models.Department) error {
	if err := adminOnly(a); err != nil {
		return err
	}
	if err := named(d.ID, d.NameZH, d.NameEN); err != nil {
		return err
	}
	if d.Supervising != "" && d.Supervising != d.ID {
		if err := s.known(ctx, "", d.Supervising, ""); err != nil {
			return models.Invalid("/supervising", fmt.Sprintf("%q is not on record", d.Supervising))
		}
	}
	d.CreatedAt = s.now()
	return s.Store.PutDepartment(ctx, d)
}

// Categories lists the tree of categories.
func (s *Service) Categories(ctx context.Context) ([]models.Category, error) {
	return s.Store.Categories(ctx)
}

// PutCategory adds or changes a category; admin only.
func (s *Service) PutCategory(ctx context.Context, a models.Actor, c models.Category) error {
	if err := adminOnly(a); err != nil {
		return err
	}
	if err := named(c.ID, c.NameZH, c.NameEN); err != nil {
		return err
	}
	return s.Store.PutCategory(ctx, c)
}

// People lists the people of the company; contact data is for admin and hr.
func (s *Service) People(ctx context.Context, a models.Actor) ([]models.Person, error) {
	people, err := s.Store.People(ctx)
	if a.Is(models.RoleAdmin) || a.Is(models.RoleHR) {
		return people, err
	}
	for i := range people {
		people[i].Email = ""
	}
	return people, err
}

// PutPerson adds or changes a person; admin only.
func (s *Service) PutPerson(ctx context.Context, a models.Actor, p models.Person) error {
	if err := adminOnly(a); err != nil {
		return err
	}
	if err := named(p.ID, p.Name, p.Name); err != nil {
		return err
	}
	for i, d := range p.Departments {
		if err := s.known(ctx, "", d, ""); err != nil {
			return models.Invalid(fmt.Sprintf("/departments/%d", i), fmt.Sprintf("%q is not on record", d))
		}
	}
	p.CreatedAt = s.now()
	return s.Store.PutPerson(ctx, p)
}

func adminOnly(a models.Actor) error {
	if a.Is(models.RoleAdmin) {
		return nil
	}
	return models.Refuse(models.CodeForbidden, "only an admin changes the company's organisation")
}

func named(id, zh, en string) error {
	switch {
	case id == "":
		return models.Invalid("/id", "give it an id")
	case zh == "":
		return models.Invalid("/name_zh", "give it a Chinese name")
	case en == "":
		return models.Invalid("/name_en", "give it an English name")
	}
	return nil
}

// Health says whether we can work: without the database nothing goes, without Temporal intake does.
func (s *Service) Health(ctx context.Context) Health {
	var h Health
	if err := s.Store.Ping(ctx); err != nil {
		h.Database = "does not answer"
	}
	if err := s.Engine.Reachable(ctx); err != nil {
		h.Temporal = "does not answer"
	}
	if oldest, err := s.Store.OldestStart(ctx); err == nil && oldest != nil {
		h.RelayAge = max(s.now().Sub(*oldest), 0).Truncate(time.Millisecond)
	}
	h.Ready = h.Database == "" // without Temporal intake goes on: nobody may take us out of service for it
	return h
}
