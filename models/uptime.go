package models

import "time"

// Part is a part of the system whose being up is on record.
type Part string

// The parts.
const (
	PartWorker   Part = "worker"   // runs the workflows: without one nothing due is noticed
	PartTemporal Part = "temporal" // as a worker or the API reached it: without it no timer fires
	PartAPI      Part = "api"      // serves console and API: without it nothing comes in
)

// Parts lists the closed set.
func Parts() []Part { return []Part{PartWorker, PartTemporal, PartAPI} }

// Uptime is a span of time in which one process was up, or saw Temporal up: one row while it lasts.
type Uptime struct {
	ID    string `gorm:"primaryKey"`
	Part  Part
	Since time.Time
	Until time.Time // of the last heartbeat
}

// Outage is a span of time in which no process of a part was up.
type Outage struct {
	Part  Part
	From  time.Time
	Until time.Time
}
