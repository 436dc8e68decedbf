package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"recourse/models"
)

// Stage keeps a command's sealed texts before the command is sent, all sealed with the key named
// keyID, and returns how events name them, in the order given. A command that is tried again gets
// the names it got first, so that both tries are one command. CodeNotFound: no such case. ErrErased:
// the customer was erased.
func (s *Store) Stage(ctx context.Context, keyID string, texts []models.Text) (refs []models.TextRef, err error) {
	if len(texts) == 0 {
		return nil, nil
	}
	first := texts[0]
	err = s.write(ctx, "stage texts of "+first.CaseID, func(tx *gorm.DB) error {
		if err := together(tx, []step{sealing(keyID)}); err != nil {
			return err
		}
		var found []string // and locked: two tries of one command come here together
		err := tx.Model(&models.Case{}).Clauses(forUpdate).Where("id = ?", first.CaseID).Pluck("id", &found).Error
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return models.Refuse(models.CodeNotFound, "no such case")
		}
		var staged []models.Text
		err = tx.Select("ref", "name", "digest").Where("case_id = ? AND command = ?", first.CaseID, first.Command).
			Find(&staged).Error
		if err != nil {
			return err
		}
		var added []models.Text
		if refs, added, err = stage(tx, keyID, texts, staged); err != nil {
			return err
		}
		return together(tx, slices.Concat(insert(waysOf(added)), s.dialect.index(indexed(first.CaseID, nil, added))))
	})
	return refs, err
}

// stage adds the texts that are not among those staged before, and says which those are.
func stage(tx *gorm.DB, keyID string, texts, staged []models.Text) (refs []models.TextRef, add []models.Text, err error) {
	before := map[string]models.TextRef{}
	for _, t := range staged {
		before[t.Name] = models.TextRef{Name: t.Name, Ref: t.Ref, Digest: t.Digest}
	}
	for _, t := range texts {
		if t.CaseID != texts[0].CaseID || t.Command != texts[0].Command || t.KeyID != keyID {
			return nil, nil, fmt.Errorf("text %s is not of the same case, command and key", t.Ref)
		}
		ref, known := before[t.Name]
		if !known {
			ref = models.TextRef{Name: t.Name, Ref: t.Ref, Digest: t.Digest}
			before[t.Name] = ref
			t.Seq = 0
			add = append(add, t)
		}
		refs = append(refs, ref)
	}
	return refs, add, known(inChunks(tx, add))
}

// Texts returns the texts that a case's events name, sealed, in the order of the events.
func (s *Store) Texts(ctx context.Context, caseID string) (texts []models.Text, err error) {
	err = s.read(ctx, "texts of "+caseID, func(db *gorm.DB) error {
		return db.Where("case_id = ? AND seq > 0", caseID).Order("seq, name, ref").Find(&texts).Error
	})
	return texts, err
}

// Text returns one text, staged or bound; CodeNotFound when there is none.
func (s *Store) Text(ctx context.Context, ref string) (text models.Text, err error) {
	err = s.read(ctx, "text "+ref, func(db *gorm.DB) error {
		return missing(db.Where("ref = ?", ref).Take(&text).Error, "text")
	})
	return text, err
}

// SweepStaged drops texts staged before an instant that no event came to name, and says how many
// those were. Texts of a case that has a customer's answer waiting stay: theirs are still to come.
func (s *Store) SweepStaged(ctx context.Context, before time.Time) (gone int64, err error) {
	err = s.write(ctx, "sweep staged texts", func(tx *gorm.DB) error {
		waiting := s.writer.Model(&models.Incoming{}).Select("case_id").Where("state = ?", models.IncomingPending)
		var refs []string
		err := tx.Model(&models.Text{}).Clauses(forUpdate).Where("seq = 0 AND staged_at < ? AND case_id NOT IN (?)", before, waiting).
			Pluck("ref", &refs).Error
		if err != nil {
			return err
		}
		gone = int64(len(refs))
		for some := range slices.Chunk(refs, 400) {
			for _, from := range []string{"search_texts", "contact_ways", "texts"} {
				if err := tx.Exec("DELETE FROM "+from+" WHERE ref IN ?", some).Error; err != nil {
					return err
				}
			}
		}
		return nil
	})
	return gone, err
}

// Key returns a data key as wrapped; CodeNotFound when there is none. An erased one has no bytes.
func (s *Store) Key(ctx context.Context, id string) (key models.Key, err error) {
	err = s.read(ctx, "key "+id, func(db *gorm.DB) error {
		return missing(db.Where("id = ?", id).Take(&key).Error, "key")
	})
	return key, err
}
