package store

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"recourse/models"
)

// PutPassword keeps what a person signs in with, in place of what there was, and ends their sessions
// but for one; "" ends all.
func (s *Store) PutPassword(ctx context.Context, p models.Password, but string) error {
	return s.write(ctx, "put password of "+p.PersonID, func(tx *gorm.DB) error {
		over := clause.OnConflict{Columns: []clause.Column{{Name: "person_id"}}, DoUpdates: clause.AssignmentColumns([]string{"hash", "changed_at"})}
		if err := tx.Clauses(over).Create(&p).Error; err != nil {
			return err
		}
		return tx.Model(&models.Session{}).Where("person_id = ? AND id <> ? AND ended_at IS NULL", p.PersonID, but).Update("ended_at", p.ChangedAt).Error
	})
}

// RehashPassword keeps the same password under another hash, unless it was changed meanwhile.
func (s *Store) RehashPassword(ctx context.Context, kept models.Password, hash string) error {
	return s.change(ctx, "hash password of "+kept.PersonID, func(db *gorm.DB) error {
		return db.Model(&models.Password{}).Where("person_id = ? AND hash = ?", kept.PersonID, kept.Hash).Update("hash", hash).Error
	})
}

// Password returns what is kept of what a person signs in with; CodeNotFound when they have none.
func (s *Store) Password(ctx context.Context, personID string) (p models.Password, err error) {
	err = s.read(ctx, "password of "+personID, func(db *gorm.DB) error {
		return missing(db.Where("person_id = ?", personID).Take(&p).Error, "password")
	})
	return p, err
}

// PutSession keeps a new session.
func (s *Store) PutSession(ctx context.Context, session models.Session) error {
	return s.change(ctx, "put session "+session.ID, func(db *gorm.DB) error { return db.Create(&session).Error })
}

// signedIn is a person with what is needed of their session.
type signedIn struct {
	models.Person `gorm:"embedded"`

	SessionID     string
	SessionUsedAt time.Time
}

// PersonBySession returns who is signed in with the session of this hash, and the session's id and
// last use. CodeUnauthorized: nobody; it is unknown, ended, expired or was not used since idle, or the
// person is disabled, and which of these is not told.
func (s *Store) PersonBySession(ctx context.Context, hash []byte, now, idle time.Time) (models.Person, models.Session, error) {
	var in signedIn
	err := s.read(ctx, "person by session", func(db *gorm.DB) error {
		return db.Table("people").Select("people.*, sessions.id AS session_id, sessions.used_at AS session_used_at").
			Joins("JOIN sessions ON sessions.person_id = people.id").
			Where("sessions.hash = ? AND sessions.ended_at IS NULL AND sessions.expires_at > ? AND sessions.used_at > ?", hash, now, idle).
			Where("people.disabled_at IS NULL").Take(&in).Error
	})
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return models.Person{}, models.Session{}, models.Refuse(models.CodeUnauthorized, "nobody is signed in")
	}
	return in.Person, models.Session{ID: in.SessionID, PersonID: in.ID, UsedAt: in.SessionUsedAt}, err
}

// sessionRest is how exactly the last use of a session is kept.
const sessionRest = time.Minute

// TouchSession keeps that a session was used, to within a minute.
func (s *Store) TouchSession(ctx context.Context, session models.Session, now time.Time) error {
	if now.Sub(session.UsedAt) < sessionRest {
		return nil
	}
	return s.change(ctx, "touch session "+session.ID, func(db *gorm.DB) error {
		return db.Model(&models.Session{}).Where("id = ? AND used_at <= ?", session.ID, now.Add(-sessionRest)).Update("used_at", now).Error
	})
}

// Sessions returns where a person is signed in, the last used first.
func (s *Store) Sessions(ctx context.Context, personID string, now, idle time.Time) (sessions []models.Session, err error) {
	err = s.read(ctx, "sessions of "+personID, func(db *gorm.DB) error {
		return db.Where("person_id = ? AND ended_at IS NULL AND expires_at > ? AND used_at > ?", personID, now, idle).
			Order("used_at DESC, id").Find(&sessions).Error
	})
	return sessions, err
}

// EndSession ends a session of a person; CodeNotFound when they have none of this id.
func (s *Store) EndSession(ctx context.Context, personID, id string, at time.Time) error {
	return s.change(ctx, "end session "+id, func(db *gorm.DB) error {
		done := db.Model(&models.Session{}).Where("id = ? AND person_id = ?", id, personID).Update("ended_at", gorm.Expr("COALESCE(ended_at, ?)", at))
		if done.Error == nil && done.RowsAffected == 0 {
			return models.Refuse(models.CodeNotFound, "no such session")
		}
		return done.Error
	})
}
