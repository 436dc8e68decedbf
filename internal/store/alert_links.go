package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"recourse/models"
)

// PutAlertLink keeps the hash of an alert's link; the same hash a second time changes nothing.
func (s *Store) PutAlertLink(ctx context.Context, link models.AlertLink) error {
	return s.change(ctx, "put alert link of "+link.CaseID, func(db *gorm.DB) error {
		return db.Clauses(ifNew).Create(&link).Error
	})
}

// AlertLink returns what the token with this hash opens, used or not. CodeNotFound: nothing. CodeGone: it
// has expired.
func (s *Store) AlertLink(ctx context.Context, hash string, now time.Time) (link models.AlertLink, err error) {
	err = s.read(ctx, "alert link", func(db *gorm.DB) error {
		if err := db.Where("hash = ?", hash).Take(&link).Error; err != nil {
			return missing(err, "link")
		}
		if !now.Before(link.ExpiresAt) {
			return models.Refuse(models.CodeGone, "this link has expired")
		}
		return nil
	})
	return link, err
}

// UseAlertLink takes a link for a wish; the same wish may have it again. CodeGone: it was used for another.
func (s *Store) UseAlertLink(ctx context.Context, hash, wish string, at time.Time) error {
	return s.change(ctx, "use alert link", func(db *gorm.DB) error {
		done := db.Model(&models.AlertLink{}).Where("hash = ? AND wish IN ?", hash, []string{"", wish}).
			Updates(map[string]any{"wish": wish, "used_at": gorm.Expr("COALESCE(used_at, ?)", at)})
		if done.Error == nil && done.RowsAffected == 0 {
			return models.Refuse(models.CodeGone, "this link was used already; sign in to do more")
		}
		return done.Error
	})
}

// FreeAlertLink gives a link back whose wish came to nothing.
func (s *Store) FreeAlertLink(ctx context.Context, hash, wish string) error {
	return s.change(ctx, "free alert link", func(db *gorm.DB) error {
		return db.Model(&models.AlertLink{}).Where("hash = ? AND wish = ?", hash, wish).Updates(map[string]any{"wish": "", "used_at": nil}).Error
	})
}
