package models

import (
	"fmt"
	"time"
)

// Policy is one version of the company's policy. Versions are only added, and never change.
type Policy struct {
	Number      int64     `gorm:"primaryKey;autoIncrement:false"`
	Document    []byte    // as it was written, for internal/policy to read
	Author      string    // id of a person
	Reason      string    // why it changed
	EffectiveAt time.Time // complaints put on record from then on run under it
	CreatedAt   time.Time
}

// Version names the policy as cases do that run under it.
func (p Policy) Version() string { return fmt.Sprintf("policy-%d", p.Number) }
