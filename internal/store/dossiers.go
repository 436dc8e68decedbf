package store

import (
	"context"

	"gorm.io/gorm"

	"recourse/models"
)

// Dossiers returns up to n cases in the order of their ids behind afterID, each with everything on
// record about it, all of it as it stood at one instant: the checker's way through the record.
func (s *Store) Dossiers(ctx context.Context, afterID string, n int) (page []models.Dossier, err error) {
	err = s.glance(ctx, "read dossiers", func(tx *gorm.DB) error {
		var rows []models.Case
		if err := tx.Where("id > ?", afterID).Order("id").Limit(n).Find(&rows).Error; err != nil || len(rows) == 0 {
			return err
		}
		page = make([]models.Dossier, len(rows))
		cases, keys := make([]string, len(rows)), make([]string, len(rows))
		place := make(map[string]*models.Dossier, len(rows))
		for i, row := range rows {
			page[i].Case, cases[i], keys[i] = row, row.ID, row.KeyID
			place[row.ID] = &page[i]
		}
		if err := fill(tx, cases, place); err != nil {
			return err
		}
		for _, d := range page {
			for _, a := range d.Attachments {
				keys = append(keys, a.KeyID)
			}
		}
		return unlock(tx, keys, page)
	})
	return page, err
}

// glance runs queries that all see one state of the record.
func (s *Store) glance(ctx context.Context, doing string, do func(tx *gorm.DB) error) error {
	return s.read(ctx, doing, func(db *gorm.DB) error {
		return db.Transaction(func(tx *gorm.DB) error {
			if err := s.dialect.snapshot(tx); err != nil {
				return err
			}
			return do(tx)
		})
	})
}

// fill adds to each dossier what lies beside its case.
func fill(tx *gorm.DB, cases []string, place map[string]*models.Dossier) error {
	for _, step := range []error{
		beside(tx, cases, "seq", func(r models.Entry) { d := place[r.CaseID]; d.Entries = append(d.Entries, r) }),
		beside(tx, cases, "seq, name, ref", func(r models.Text) { d := place[r.CaseID]; d.Texts = append(d.Texts, r) }),
		beside(tx, cases, "seq, id", func(r models.Attachment) { d := place[r.CaseID]; d.Attachments = append(d.Attachments, r) }),
		beside(tx, cases, "fired_at, key", func(r models.Alert) { d := place[r.CaseID]; d.Alerts = append(d.Alerts, r) }),
		beside(tx, cases, "seq, id", func(r models.Message) { d := place[r.CaseID]; d.Messages = append(d.Messages, r) }),
		beside(tx, cases, "cycle", func(r models.Survey) { d := place[r.CaseID]; d.Surveys = append(d.Surveys, r) }),
		beside(tx, cases, "cycle, attempt", func(r models.CallTask) { d := place[r.CaseID]; d.CallTasks = append(d.CallTasks, r) }),
		beside(tx, cases, "hash", func(r models.Link) { d := place[r.CaseID]; d.Links = append(d.Links, r) }),
		beside(tx, cases, "received_at, id", func(r models.Incoming) { d := place[r.CaseID]; d.Incomings = append(d.Incomings, r) }),
		besideFacts(tx, cases, place),
		beside(tx, cases, "case_id", func(r models.StartIntent) { place[r.CaseID].Start = &r }),
		beside(tx, cases, "case_id", func(r models.Archive) { place[r.CaseID].Archive = &r }),
	} {
		if step != nil {
			return step
		}
	}
	return nil
}

func besideFacts(tx *gorm.DB, cases []string, place map[string]*models.Dossier) error {
	found, err := factsOf(tx, cases)
	for id, rows := range found {
		place[id].FactRows = rows
	}
	return err
}

// beside visits the rows of one table that belong to some cases, each case's in an order.
func beside[T any](tx *gorm.DB, cases []string, order string, visit func(T)) error {
	var rows []T
	if err := tx.Where("case_id IN ?", cases).Order(order).Find(&rows).Error; err != nil {
		return err
	}
	for _, r := range rows {
		visit(r)
	}
	return nil
}

func unlock(tx *gorm.DB, ids []string, page []models.Dossier) error {
	var keys []models.Key
	if err := tx.Where("id IN ?", ids).Find(&keys).Error; err != nil {
		return err
	}
	byID := make(map[string]models.Key, len(keys))
	for _, k := range keys {
		byID[k.ID] = k
	}
	for i := range page {
		page[i].Key = byID[page[i].Case.KeyID]
		for _, a := range page[i].Attachments {
			page[i].FileKeys = append(page[i].FileKeys, byID[a.KeyID])
		}
	}
	return nil
}
