package store

import (
	"context"

	"gorm.io/gorm"

	"recourse/models"
)

// Rosters returns the latest version of every roster, those of the whole company first.
func (s *Store) Rosters(ctx context.Context) (all []models.Roster, err error) {
	err = s.read(ctx, "rosters", func(db *gorm.DB) error {
		return db.Where("NOT EXISTS (SELECT 1 FROM rosters later WHERE later.role = rosters.role AND later.department = rosters.department AND later.version > rosters.version)").
			Order("department, role").Find(&all).Error
	})
	return all, err
}

// Roster returns the latest version of a role's roster in a department, or of the whole company's when it
// is empty; CodeNotFound when there is none.
func (s *Store) Roster(ctx context.Context, role models.Role, department string) (row models.Roster, err error) {
	err = s.read(ctx, "roster of "+string(role), func(db *gorm.DB) error {
		return missing(db.Where("role = ? AND department = ?", role, department).Order("version DESC").Take(&row).Error, "roster")
	})
	return row, err
}

// PutRoster adds a version, the one after the highest of its role and department; CodeStale when the highest
// is not the one that row.Version follows.
func (s *Store) PutRoster(ctx context.Context, row models.Roster) error {
	return s.write(ctx, "put roster", func(tx *gorm.DB) error {
		var highest int64
		of := tx.Model(&models.Roster{}).Where("role = ? AND department = ?", row.Role, row.Department)
		if err := of.Select("COALESCE(MAX(version), 0)").Scan(&highest).Error; err != nil {
			return err
		}
		if row.Version != highest+1 {
			return errRosterMoved
		}
		added := tx.Clauses(ifNew).Create(&row)
		if added.Error == nil && added.RowsAffected == 0 { // somebody else between our two statements
			return errRosterMoved
		}
		return added.Error
	})
}

var errRosterMoved = models.Refuse(models.CodeStale, "the roster has another version by now; read it again")
