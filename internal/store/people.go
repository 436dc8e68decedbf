package store

import (
	"context"
	"errors"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"recourse/models"
)

// PutPerson keeps a person or service, new or changed; models.ErrLastAdmin when no admin would be left.
func (s *Store) PutPerson(ctx context.Context, p models.Person) error {
	return s.write(ctx, "put person "+p.ID, func(tx *gorm.DB) error {
		return keepingAnAdmin(tx, func() error { return putAll(tx, []models.Person{p}) })
	})
}

// keepingAnAdmin changes people, and refuses what would leave nobody to change the organisation where
// there was somebody. Two who take the role from each other wait for each other here.
func keepingAnAdmin(tx *gorm.DB, change func() error) error {
	before, err := admins(tx.Clauses(forUpdate))
	if err != nil {
		return err
	}
	if err := change(); err != nil || before == 0 {
		return err
	}
	after, err := admins(tx)
	if err == nil && after == 0 {
		err = models.ErrLastAdmin
	}
	return err
}

func admins(tx *gorm.DB) (n int, err error) {
	var people []models.Person // all of them, in one order: whoever locks some waits for nobody in a ring
	err = tx.Session(&gorm.Session{}).Order("id").Find(&people).Error
	for _, p := range people {
		if p.Admin() {
			n++
		}
	}
	return n, err
}

// PutLanguage keeps the language in which a person is spoken to, and nothing else of them.
func (s *Store) PutLanguage(ctx context.Context, personID string, lang models.Language) error {
	return s.change(ctx, "put language of "+personID, func(db *gorm.DB) error {
		return db.Model(&models.Person{}).Where("id = ?", personID).Update("language", lang).Error
	})
}

// PutDepartment keeps a department, new or changed.
func (s *Store) PutDepartment(ctx context.Context, d models.Department) error {
	return put(ctx, s, "put department "+d.ID, d)
}

// PutCategory keeps a category, new or changed.
func (s *Store) PutCategory(ctx context.Context, c models.Category) error {
	return put(ctx, s, "put category "+c.ID, c)
}

func put[T any](ctx context.Context, s *Store, doing string, row T) error {
	return s.change(ctx, doing, func(db *gorm.DB) error { return db.Clauses(changed[T]()).Create(&row).Error })
}

// changed writes a row over the one with the same id, but for the instants that are facts: when it
// came to be, and since when it is switched off.
func changed[T any]() clause.OnConflict {
	t := newTable[T]()
	over := clause.OnConflict{Columns: []clause.Column{{Name: "id"}}}
	var plain []string
	for _, column := range t.DBNames {
		switch column {
		case "id", "created_at":
		case "disabled_at":
			over.DoUpdates = append(over.DoUpdates, clause.Assignment{Column: clause.Column{Name: column}, Value: gorm.Expr(
				"CASE WHEN excluded.disabled_at IS NULL THEN NULL ELSE COALESCE(" + t.Table + ".disabled_at, excluded.disabled_at) END",
			)})
		default:
			plain = append(plain, column)
		}
	}
	over.DoUpdates = append(over.DoUpdates, clause.AssignmentColumns(plain)...)
	return over
}

// Person returns a person or service, also a disabled one; CodeNotFound when there is none.
func (s *Store) Person(ctx context.Context, id string) (models.Person, error) {
	return byID[models.Person](ctx, s, "person", id)
}

// Department returns a department, also a disabled one; CodeNotFound when there is none.
func (s *Store) Department(ctx context.Context, id string) (models.Department, error) {
	return byID[models.Department](ctx, s, "department", id)
}

// Category returns a category; CodeNotFound when there is none.
func (s *Store) Category(ctx context.Context, id string) (models.Category, error) {
	return byID[models.Category](ctx, s, "category", id)
}

func byID[T any](ctx context.Context, s *Store, what, id string) (row T, err error) {
	err = s.read(ctx, what+" "+id, func(db *gorm.DB) error {
		return missing(db.Where("id = ?", id).Take(&row).Error, what)
	})
	return row, err
}

// People returns everybody, also the disabled, by id.
func (s *Store) People(ctx context.Context) ([]models.Person, error) {
	return all[models.Person](ctx, s, "people")
}

// Departments returns all departments, also the disabled, by id.
func (s *Store) Departments(ctx context.Context) ([]models.Department, error) {
	return all[models.Department](ctx, s, "departments")
}

// Categories returns all categories by id.
func (s *Store) Categories(ctx context.Context) ([]models.Category, error) {
	return all[models.Category](ctx, s, "categories")
}

func all[T any](ctx context.Context, s *Store, doing string) (rows []T, err error) {
	err = s.read(ctx, doing, func(db *gorm.DB) error { return db.Order("id").Find(&rows).Error })
	return rows, err
}

// PeopleIn returns the people, not services, who have a role now: in one department, or in any when
// department is empty.
func (s *Store) PeopleIn(ctx context.Context, role models.Role, department string) ([]models.Person, error) {
	everybody, err := s.People(ctx) // a company's people are few, and who is who changes seldom
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(everybody, func(p models.Person) bool {
		return p.DisabledAt != nil || p.Service || !slices.Contains(p.Roles, role) ||
			department != "" && !slices.Contains(p.Departments, department)
	}), nil
}

// PutToken keeps a new token's hash.
func (s *Store) PutToken(ctx context.Context, token models.Token) error {
	return s.change(ctx, "put token "+token.ID, func(db *gorm.DB) error { return db.Create(&token).Error })
}

// RevokeToken ends a token; CodeNotFound when there is none.
func (s *Store) RevokeToken(ctx context.Context, id string, at time.Time) error {
	return s.change(ctx, "revoke token "+id, func(db *gorm.DB) error {
		done := db.Model(&models.Token{}).Where("id = ?", id).Update("revoked_at", gorm.Expr("COALESCE(revoked_at, ?)", at))
		if done.Error == nil && done.RowsAffected == 0 {
			return models.Refuse(models.CodeNotFound, "no such token")
		}
		return done.Error
	})
}

// Tokens returns the tokens of a person, newest first.
func (s *Store) Tokens(ctx context.Context, personID string) (tokens []models.Token, err error) {
	err = s.read(ctx, "tokens of "+personID, func(db *gorm.DB) error {
		return db.Where("person_id = ?", personID).Order("created_at DESC, id").Find(&tokens).Error
	})
	return tokens, err
}

// admitted is a person with what is needed of the token that lets them in.
type admitted struct {
	models.Person `gorm:"embedded"`

	TokenID     string
	TokenUsedAt *time.Time
}

// PersonByToken returns whom the token with this hash lets in at now, and the token's id and last use.
// CodeUnauthorized: nobody; it is unknown, expired or revoked, or the person is disabled, and which of
// these is not told. Every request asks this, so it is one query.
func (s *Store) PersonByToken(ctx context.Context, hash []byte, now time.Time) (models.Person, models.Token, error) {
	var in admitted
	err := s.read(ctx, "person by token", func(db *gorm.DB) error {
		return db.Table("people").Select("people.*, tokens.id AS token_id, tokens.used_at AS token_used_at").
			Joins("JOIN tokens ON tokens.person_id = people.id").
			Where("tokens.hash = ? AND tokens.revoked_at IS NULL AND tokens.expires_at > ?", hash, now).
			Where("people.disabled_at IS NULL").Take(&in).Error
	})
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return models.Person{}, models.Token{}, models.Refuse(models.CodeUnauthorized, "no valid token")
	}
	return in.Person, models.Token{ID: in.TokenID, PersonID: in.ID, UsedAt: in.TokenUsedAt}, err
}

// tokenRest is how exactly the last use of a token is kept: a write for every request would cost
// more than the request.
const tokenRest = 5 * time.Minute

// TouchToken keeps that a token was used, to within five minutes.
func (s *Store) TouchToken(ctx context.Context, token models.Token, now time.Time) error {
	if token.UsedAt != nil && now.Sub(*token.UsedAt) < tokenRest {
		return nil
	}
	return s.change(ctx, "touch token "+token.ID, func(db *gorm.DB) error {
		return db.Model(&models.Token{}).Where("id = ? AND (used_at IS NULL OR used_at <= ?)", token.ID, now.Add(-tokenRest)).
			Update("used_at", now).Error
	})
}
