package store

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"recourse/models"
)

// PutLink keeps the hash of a customer's link; the same hash a second time changes nothing.
func (s *Store) PutLink(ctx context.Context, link models.Link) error {
	return s.change(ctx, "put link of "+link.CaseID, func(db *gorm.DB) error {
		return db.Clauses(ifNew).Create(&link).Error
	})
}

// Link returns what the token with this hash opens. CodeNotFound: nothing. CodeGone: it has expired.
func (s *Store) Link(ctx context.Context, hash string, now time.Time) (link models.Link, err error) {
	err = s.read(ctx, "link", func(db *gorm.DB) error {
		if err := db.Where("hash = ?", hash).Take(&link).Error; err != nil {
			return missing(err, "link")
		}
		if link.ExpiresAt != nil && !now.Before(*link.ExpiresAt) {
			return models.Refuse(models.CodeGone, "this link has expired")
		}
		return nil
	})
	return link, err
}

// PutSurvey keeps the offer of a cycle's survey with its link and the messages that carry it. Offered
// twice is offered once, as it was first.
func (s *Store) PutSurvey(ctx context.Context, survey models.Survey, link models.Link, messages []models.Message) error {
	return s.write(ctx, "put survey of "+survey.CaseID, func(tx *gorm.DB) error {
		if err := tx.Clauses(ifNew).Create(&survey).Error; err != nil {
			return err
		}
		if err := tx.Clauses(ifNew).Create(&link).Error; err != nil {
			return err
		}
		return inChunks(tx, messages, ifNew)
	})
}

// Survey returns the survey of a cycle; CodeNotFound when none was offered.
func (s *Store) Survey(ctx context.Context, caseID string, cycle int) (survey models.Survey, err error) {
	err = s.read(ctx, "survey of "+caseID, func(db *gorm.DB) error {
		return missing(db.Where("case_id = ? AND cycle = ?", caseID, cycle).Take(&survey).Error, "survey")
	})
	return survey, err
}

// SurveyAnswered keeps when a survey was answered, the first time only.
func (s *Store) SurveyAnswered(ctx context.Context, caseID string, cycle int, at time.Time) error {
	return s.change(ctx, "survey answered of "+caseID, func(db *gorm.DB) error {
		return db.Model(&models.Survey{}).Where("case_id = ? AND cycle = ? AND answered_at IS NULL", caseID, cycle).
			Update("answered_at", at).Error
	})
}

// PutCallTask asks for a callback attempt, with the messages that announce it. Asked twice is asked
// once, as it was first. An error when the case has moved on behind seq, up to which the caller knows it:
// it may not want the call any more.
func (s *Store) PutCallTask(ctx context.Context, task models.CallTask, seq int64, messages []models.Message) error {
	return s.write(ctx, "put call task of "+task.CaseID, func(tx *gorm.DB) error {
		at, err := placeOf(tx, task.CaseID)
		if err != nil {
			return err
		}
		if at.Seq != seq {
			return fmt.Errorf("the case stands at %d, no longer at %d", at.Seq, seq)
		}
		if err := tx.Clauses(ifNew).Create(&task).Error; err != nil {
			return err
		}
		return inChunks(tx, messages, ifNew)
	})
}

// CallTasks returns the callback attempts of a case in their order.
func (s *Store) CallTasks(ctx context.Context, caseID string) (tasks []models.CallTask, err error) {
	err = s.read(ctx, "call tasks of "+caseID, func(db *gorm.DB) error {
		return db.Where("case_id = ?", caseID).Order("cycle, attempt").Find(&tasks).Error
	})
	return tasks, err
}

// CallsOf returns up to n attempts that wait to be made in cases which are visible and followed up, and
// that were given to a person or to nobody, those that begin first first.
func (s *Store) CallsOf(ctx context.Context, personID string, visible models.Visible, n int) (tasks []models.CallTask, err error) {
	err = s.read(ctx, "calls of "+personID, func(db *gorm.DB) error {
		db = db.Select("call_tasks.*").Joins("JOIN cases ON cases.id = call_tasks.case_id").
			Where("call_tasks.done_at IS NULL AND call_tasks.caller IN ?", []string{"", personID}).
			Where("cases.state = ? AND cases.cycle = call_tasks.cycle", models.StateFollowingUp)
		return within(visible, db).Order("call_tasks.not_before, call_tasks.case_id").Limit(n).Find(&tasks).Error
	})
	return tasks, err
}

// LinkLife is how long the customer's links still open a sealed record.
const LinkLife = 90 * 24 * time.Hour

// PutArchive keeps the seal of a record and ends the customer's links LinkLife later. The same seal a
// second time changes nothing; another one is CodeDiverged.
func (s *Store) PutArchive(ctx context.Context, archive models.Archive) error {
	return s.write(ctx, "put archive of "+archive.CaseID, func(tx *gorm.DB) error {
		made := tx.Clauses(ifNew).Create(&archive)
		if made.Error != nil {
			return made.Error
		}
		if made.RowsAffected > 0 {
			return tx.Model(&models.Link{}).Where("case_id = ? AND expires_at IS NULL", archive.CaseID).
				Update("expires_at", archive.SealedAt.Add(LinkLife)).Error
		}
		var kept models.Archive
		if err := tx.Where("case_id = ?", archive.CaseID).Take(&kept).Error; err != nil {
			return err
		}
		if !bytes.Equal(kept.Digest, archive.Digest) {
			return diverged("case %s is sealed with another document", archive.CaseID)
		}
		return nil
	})
}

// Archive returns the seal of a record; CodeNotFound when it was not sealed.
func (s *Store) Archive(ctx context.Context, caseID string) (archive models.Archive, err error) {
	err = s.read(ctx, "archive of "+caseID, func(db *gorm.DB) error {
		return missing(db.Where("case_id = ?", caseID).Take(&archive).Error, "archive")
	})
	return archive, err
}

// Unsealed lists up to n cases that were archived before an instant and have no seal.
func (s *Store) Unsealed(ctx context.Context, before time.Time, n int) (ids []string, err error) {
	err = s.read(ctx, "unsealed cases", func(db *gorm.DB) error {
		return db.Model(&models.Case{}).
			Where("state = ? AND archived_at < ? AND NOT EXISTS (SELECT 1 FROM archives WHERE archives.case_id = cases.id)", models.StateArchived, before).
			Order("id").Limit(n).Pluck("id", &ids).Error
	})
	return ids, err
}
