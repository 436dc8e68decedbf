package models

import "time"

// Import is the log of another system that is put on record as a whole: its cases are staged, and seen by
// nobody until all of them are in.
type Import struct {
	ID        string   `gorm:"primaryKey"`
	Source    string   // what the mapping calls the system
	Digest    string   // hex SHA-256 of files, mapping and AsOf: the same log again changes nothing
	Files     []string `gorm:"serializer:json"` // paths as given
	State     ImportState
	AsOf      *time.Time
	Visited   int64 // cases of the log that were staged or skipped
	Cases     int64 // staged, later on record
	Skipped   int64 // cases that another import had put on record
	StartedBy string
	BegunAt   time.Time
	DoneAt    *time.Time
}

// ImportState says how far an import has come.
type ImportState string

// The states.
const (
	ImportStaging ImportState = "staging"
	ImportDone    ImportState = "done"
)

// ImportBatch is a part of a log, staged at once.
type ImportBatch struct {
	Visited   int64 // cases of the log that it is made of
	Skipped   int64 // of them that are on record already
	Intakes   []Intake
	Keys      []Key // used by several cases, or by customers of earlier ones
	Customers []Customer
	Digests   []CustomerDigest
}

// Newcomers are what a log names that nobody knew.
type Newcomers struct {
	Departments []Department
	People      []Person
	Categories  []Category
}
