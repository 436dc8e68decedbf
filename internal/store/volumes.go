package store

import (
	"context"

	"gorm.io/gorm"

	"recourse/models"
)

var overVolume = over(newTable[models.Volume]())

// PutVolumes puts volumes on record, all of them or none, over what is there of the same product, kind and
// beginning.
func (s *Store) PutVolumes(ctx context.Context, volumes []models.Volume) error {
	return s.write(ctx, "put volumes", func(tx *gorm.DB) error { return inChunks(tx, volumes, overVolume) })
}

// Volumes returns all volumes, by product, kind and beginning.
func (s *Store) Volumes(ctx context.Context) (volumes []models.Volume, err error) {
	err = s.read(ctx, "volumes", func(db *gorm.DB) error {
		return db.Order("product, kind, from_at").Find(&volumes).Error
	})
	return volumes, err
}
