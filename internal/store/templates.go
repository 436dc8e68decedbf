package store

import (
	"context"

	"gorm.io/gorm"

	"recourse/models"
)

// Templates returns the latest version of every text that a company put in place of the product's.
func (s *Store) Templates(ctx context.Context) (all []models.Template, err error) {
	err = s.read(ctx, "templates", func(db *gorm.DB) error {
		return db.Where("NOT EXISTS (SELECT 1 FROM templates later WHERE later.name = templates.name AND later.language = templates.language AND later.medium = templates.medium AND later.version > templates.version)").
			Order("name, language, medium").Find(&all).Error
	})
	return all, err
}

// TemplateVersions returns every version of a text, the first one first; none when it never was another
// than the product's.
func (s *Store) TemplateVersions(ctx context.Context, name string, lang models.Language, m models.Medium) (all []models.Template, err error) {
	err = s.read(ctx, "versions of template "+name, func(db *gorm.DB) error {
		return db.Where("name = ? AND language = ? AND medium = ?", name, lang, m).Order("version").Find(&all).Error
	})
	return all, err
}

// PutTemplate adds a version, the one after the highest of its text; CodeStale when the highest is not the
// one that row.Version follows.
func (s *Store) PutTemplate(ctx context.Context, row models.Template) error {
	return s.write(ctx, "put template", func(tx *gorm.DB) error {
		var highest int64
		of := tx.Model(&models.Template{}).Where("name = ? AND language = ? AND medium = ?", row.Name, row.Language, row.Medium)
		if err := of.Select("COALESCE(MAX(version), 0)").Scan(&highest).Error; err != nil {
			return err
		}
		if row.Version != highest+1 {
			return errTemplateMoved
		}
		added := tx.Clauses(ifNew).Create(&row)
		if added.Error == nil && added.RowsAffected == 0 { // somebody else between our two statements
			return errTemplateMoved
		}
		return added.Error
	})
}

var errTemplateMoved = models.Refuse(models.CodeStale, "the template has another version by now; read it again")
