package models

import "time"

// Volume is how much business there was of a product in a while, so that complaints can be seen in proportion.
type Volume struct {
	Product string     `gorm:"primaryKey"` // empty: what was sold under no product's name
	Kind    VolumeKind `gorm:"primaryKey"`
	From    time.Time  `gorm:"column:from_at;primaryKey"`
	Until   time.Time  `gorm:"column:until_at"` // not in it any more
	Count   int64
}

// VolumeKind says what was counted.
type VolumeKind string

// The kinds of volume.
const (
	VolumeUnits     VolumeKind = "units"     // units sold
	VolumeOrders    VolumeKind = "orders"    // orders taken
	VolumeCustomers VolumeKind = "customers" // customers served
)

// VolumeKinds lists the closed set.
func VolumeKinds() []VolumeKind { return []VolumeKind{VolumeUnits, VolumeOrders, VolumeCustomers} }
