package store

import (
	"context"
	"encoding/json"

	"gorm.io/gorm"

	"recourse/models"
)

// PutReport adds a report and says whether it was added: of a period and scope there is one original, and
// the one on record stays.
func (s *Store) PutReport(ctx context.Context, r models.Report) (added bool, err error) {
	if r.Scope == nil {
		r.Scope = []string{} // one way of writing nothing, for the index
	}
	err = s.change(ctx, "put report", func(db *gorm.DB) error {
		done := db.Clauses(ifNew).Create(&r)
		added = done.RowsAffected > 0
		return done.Error
	})
	return added, err
}

// Report returns a report with its body; CodeNotFound when there is none.
func (s *Store) Report(ctx context.Context, id string) (r models.Report, err error) {
	err = s.read(ctx, "report "+id, func(db *gorm.DB) error {
		return missing(db.Where("id = ?", id).Take(&r).Error, "report")
	})
	return r, err
}

// OriginalReport returns the original of the same period and scope; CodeNotFound when there is none.
func (s *Store) OriginalReport(ctx context.Context, like models.Report) (r models.Report, err error) {
	if like.Scope == nil {
		like.Scope = []string{}
	}
	scope, err := json.Marshal(like.Scope)
	if err != nil {
		return r, err
	}
	err = s.read(ctx, "original report", func(db *gorm.DB) error {
		same := db.Where("step = ? AND from_at = ? AND scope = ? AND original = ''", like.Step, instant(like.FromAt), string(scope))
		return missing(same.Take(&r).Error, "report")
	})
	return r, err
}

// Reports returns one page of reports without their bodies, the latest made first, and the cursor of the next page.
func (s *Store) Reports(ctx context.Context, from string, limit int) (page []models.Report, next string, err error) {
	after, err := readCursor(from)
	if err != nil {
		return nil, "", err
	}
	limit = pageSize(limit)
	err = s.read(ctx, "reports", func(db *gorm.DB) error {
		if after != nil {
			db = db.Where("(made_at, id) < (?, ?)", after.At, after.ID)
		}
		return db.Omit("body").Order("made_at DESC, id DESC").Limit(limit + 1).Find(&page).Error
	})
	if len(page) > limit {
		page = page[:limit]
		next = cursor{At: page[limit-1].MadeAt, ID: page[limit-1].ID}.String()
	}
	return page, next, err
}

// Twins returns what restates a report, the latest made first, without bodies.
func (s *Store) Twins(ctx context.Context, original string) (all []models.Report, err error) {
	err = s.read(ctx, "twins of "+original, func(db *gorm.DB) error {
		return db.Omit("body").Where("original = ? AND original <> ''", original).Order("made_at DESC, id DESC").Find(&all).Error
	})
	return all, err
}
