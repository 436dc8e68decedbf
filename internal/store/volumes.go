package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"recourse/models"
)

var overVolume = over(newTable[models.Volume]())

// PutVolumes puts volumes on record, all of them or none, over what is there of the same product, kind and
// beginning. CodeInvalid: two periods of a product would overlap, and what was sold in both would count twice.
func (s *Store) PutVolumes(ctx context.Context, volumes []models.Volume) error {
	return s.write(ctx, "put volumes", func(tx *gorm.DB) error {
		if err := inChunks(tx, volumes, overVolume); err != nil {
			return err
		}
		return noOverlap(tx, volumes)
	})
}

// noOverlap looks at each volume of the products of some, and the one of its product and kind that begins next.
func noOverlap(tx *gorm.DB, of []models.Volume) error {
	products := map[string]bool{}
	for _, v := range of {
		products[v.Product] = true
	}
	next := tx.Model(&models.Volume{}).Select("*, LEAD(from_at) OVER (PARTITION BY product, kind ORDER BY from_at) AS next")
	var found []models.Volume
	err := tx.Table("(?) AS v", next).Where("next < until_at").Order("product, kind, from_at").Find(&found).Error
	i := slices.IndexFunc(found, func(v models.Volume) bool { return products[v.Product] })
	if err != nil || i < 0 {
		return err
	}
	v := found[i]
	return models.Invalid("/volumes", fmt.Sprintf("%s of %q from %s until %s overlap with a later period; give months or years, not both",
		v.Kind, v.Product, v.From.UTC().Format(time.RFC3339), v.Until.UTC().Format(time.RFC3339)))
}

// Volumes returns all volumes, by product, kind and beginning.
func (s *Store) Volumes(ctx context.Context) (volumes []models.Volume, err error) {
	err = s.read(ctx, "volumes", func(db *gorm.DB) error {
		return db.Order("product, kind, from_at").Find(&volumes).Error
	})
	return volumes, err
}
