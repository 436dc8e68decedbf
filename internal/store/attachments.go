package store

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"recourse/models"
)

// StageFile keeps an upload with its key before its bytes are written: what a crash leaves behind is a
// row that the sweep finds, never bytes that nobody knows.
func (s *Store) StageFile(ctx context.Context, file models.Attachment, key models.Key) error {
	return s.write(ctx, "stage file "+file.ID, func(tx *gorm.DB) error {
		return together(tx, append(insert([]models.Key{key}), insert([]models.Attachment{file})...))
	})
}

// Uploads returns those of the attachments called ids that somebody uploaded, staged or bound.
func (s *Store) Uploads(ctx context.Context, uploader string, ids []string) (files []models.Attachment, err error) {
	err = s.read(ctx, "uploads", func(db *gorm.DB) error {
		return db.Where("uploader = ? AND id IN ?", uploader, ids).Find(&files).Error
	})
	return files, err
}

// ClaimFiles keeps uploads for a command on a case, before the command is sent; keyID is the key of
// the case. The same claim again changes nothing. CodeInvalid with the field of the upload that is not
// there, somebody else's, or taken. ErrErased: the customer was erased.
func (s *Store) ClaimFiles(ctx context.Context, keyID string, claim models.Attachment, ids []string) error {
	return s.write(ctx, "claim files of "+claim.CaseID, func(tx *gorm.DB) error {
		steps := []step{sealing(keyID)}
		for i, id := range ids {
			steps = append(steps, step{
				do: func(tx *gorm.DB) *gorm.DB {
					return tx.Model(&models.Attachment{}).Where("id = ? AND uploader = ?", id, claim.Uploader).
						Where("case_id = '' OR case_id = ? AND (seq = 0 OR command = ?)", claim.CaseID, claim.Command).
						Updates(map[string]any{"case_id": claim.CaseID, "command": claim.Command, "staged_at": claim.StagedAt})
				},
				ends: taking(i),
			})
		}
		return together(tx, steps)
	})
}

// taking refuses the upload at a place of the list unless it could be taken.
func taking(i int) func(rows int64, err error) error {
	return func(rows int64, err error) error {
		if err == nil && rows == 0 {
			return models.Invalid(fmt.Sprintf("/attachments/%d", i), "is no upload of yours that is still free")
		}
		return err
	}
}

// takeFiles claims the uploads that a new complaint names and binds them to its first event.
func takeFiles(in models.Intake) (steps []step) {
	for i, f := range in.Recording.Files {
		steps = append(steps, step{
			do: func(tx *gorm.DB) *gorm.DB {
				return tx.Model(&models.Attachment{}).
					Where("id = ? AND uploader = ? AND uploader <> '' AND case_id = ''", f.ID, in.Uploader).
					Updates(map[string]any{"case_id": in.Recording.Case.ID, "command": in.Recording.Entries[0].Command, "seq": f.Seq})
			},
			ends: taking(i),
		})
	}
	return steps
}

// bindFiles ties claimed attachments to the entries that name them. One that two commands named at
// once stays with the first.
func bindFiles(rec models.Recording, after int64) (steps []step) {
	for _, f := range rec.Files {
		if f.Seq <= after {
			continue // came with its entry
		}
		steps = append(steps, step{
			do: func(tx *gorm.DB) *gorm.DB {
				return tx.Model(&models.Attachment{}).Where("id = ? AND case_id = ?", f.ID, rec.Case.ID).
					Update("seq", gorm.Expr("CASE WHEN seq = 0 THEN ? ELSE seq END", f.Seq))
			},
			ends: func(rows int64, err error) error {
				if err == nil && rows == 0 {
					return fmt.Errorf("attachment %s of entry %d: %w", f.ID, f.Seq, ErrNotStaged)
				}
				return err
			},
		})
	}
	return steps
}

// Attachments returns what a case's events name, in their order.
func (s *Store) Attachments(ctx context.Context, caseID string) (files []models.Attachment, err error) {
	err = s.read(ctx, "attachments of "+caseID, func(db *gorm.DB) error {
		return db.Where("case_id = ? AND seq > 0", caseID).Order("seq, id").Find(&files).Error
	})
	return files, err
}

// DisownFiles takes uploads staged before an instant, and never bound, away from whoever uploaded
// them: nobody can name them any more. It returns all of those, for their bytes to be removed before
// DropFiles forgets them; a crash in between is made good the next time.
func (s *Store) DisownFiles(ctx context.Context, before time.Time) (files []models.Attachment, err error) {
	err = s.write(ctx, "disown staged files", func(tx *gorm.DB) error {
		err := tx.Model(&models.Attachment{}).Where("seq = 0 AND staged_at < ?", before).
			Updates(map[string]any{"uploader": "", "case_id": ""}).Error
		if err != nil {
			return err
		}
		files = nil
		return tx.Where("uploader = '' AND seq = 0").Find(&files).Error
	})
	return files, err
}

// DropFiles forgets disowned uploads and their keys.
func (s *Store) DropFiles(ctx context.Context, files []models.Attachment) error {
	var ids, keys []string
	for _, f := range files {
		ids, keys = append(ids, f.ID), append(keys, f.KeyID)
	}
	return s.write(ctx, "drop staged files", func(tx *gorm.DB) error {
		if err := tx.Where("uploader = '' AND seq = 0 AND id IN ?", ids).Delete(&models.Attachment{}).Error; err != nil {
			return err
		}
		return tx.Where("id IN ?", keys).Delete(&models.Key{}).Error
	})
}

// AllFiles visits every attachment, staged or not, without its name, in the order of ids.
func (s *Store) AllFiles(ctx context.Context, visit func(models.Attachment) error) error {
	return s.read(ctx, "all files", func(db *gorm.DB) error {
		rows, err := db.Model(&models.Attachment{}).Omit("name").Order("id").Rows()
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var file models.Attachment
			if err := db.ScanRows(rows, &file); err != nil {
				return err
			}
			if err := visit(file); err != nil {
				return err
			}
		}
		return rows.Err()
	})
}
