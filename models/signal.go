package models

import "time"

// Signal is on record when complaints of a product, of a category or with a cause rose in a period beyond what
// chance explains. It is never changed: what led to it stays as it was seen then.
type Signal struct {
	ID        string    `gorm:"primaryKey"` // follows from what it is about: found twice, it is one
	Dimension string    // product, category or cause
	Value     string    // of the dimension
	Step      string    // how long its periods are: week or month
	From      time.Time `gorm:"column:from_at"` // the period that stands out
	Until     time.Time `gorm:"column:until_at"`
	Zone      string    // in which its periods begin
	Chart     string    // u: of business; p: of what has a cause; xmr: a mere count
	Count     int64     // complaints in the period
	Size      int64     // what they are set against; 1 of a mere count
	Center    float64   // what Count/Size was before
	Upper     float64   // the limit that Count/Size stays under while nothing is out of the ordinary
	Rules     []string  `gorm:"serializer:json"` // that fired and that chance does not explain
	Chance    float64   // how likely so many are if nothing changed; of the rule that is least likely
	FirstSeen time.Time // beginning of the first of the periods without a gap that stood out
	Evidence  Evidence  `gorm:"serializer:json"`

	DetectedAt time.Time // when it was looked for
	Sample     bool      // it was found in samples: from the first real case on, nobody is shown it
}

// Rate is the value that stands out.
func (s Signal) Rate() float64 { return float64(s.Count) / float64(s.Size) }

// Expected is how many complaints there would have been if nothing had changed.
func (s Signal) Expected() float64 { return s.Center * float64(s.Size) }

// Evidence is the chart on which a signal was seen.
type Evidence struct {
	Format  int             `json:"format"`           // of this; 1
	Volume  VolumeKind      `json:"volume,omitempty"` // what complaints are set against; empty: no business
	Base    int             `json:"base"`             // limits are made of so many points, the first
	Widened float64         `json:"widened"`          // limits are so many times as wide as chance alone makes them
	Chances []RuleChance    `json:"chances"`          // of the rules that fired
	Points  []EvidencePoint `json:"points"`           // in order of time; the last stands out
}

// RuleChance is how likely what a rule saw is if nothing changed.
type RuleChance struct {
	Rule   string  `json:"rule"`
	Chance float64 `json:"chance"`
}

// EvidencePoint is one period of a chart.
type EvidencePoint struct {
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`
	Label string    `json:"label"`
	Count int64     `json:"count"`
	Size  int64     `json:"size"`
	Lower float64   `json:"lower"`
	Upper float64   `json:"upper"`
	Rules []string  `json:"rules,omitempty"` // that fired upwards
}

// EvidenceFormat is the format in which evidence is written.
const EvidenceFormat = 1

// SignalQuery asks for signals: all conditions that are set hold together.
type SignalQuery struct {
	Dimension  string // product, category or cause
	Value      string
	Step       string
	From       time.Time // of periods that end after it
	Until      time.Time // of periods that begin before it
	DetectedAt time.Time
	Cursor     string
	Limit      int
}
