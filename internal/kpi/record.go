package kpi

import (
	"time"

	"recourse/models"
)

// Record is all that figures know of one case.
type Record struct {
	Case        models.Case
	Adopted     bool // it came from another system's log
	Cycles      []models.Fact
	Levers      []models.Lever
	Owned       []Held
	Alerts      []models.Alert
	Inspections []Inspection
}

// Held is a while in somebody's hands, with what of it was working time.
type Held struct {
	models.Ownership
	Net time.Duration // without pauses and closed hours; 0 while it lasts
}

// Inspection is a score that quality staff gave to a case, from 1 to 5.
type Inspection struct {
	Cycle int
	At    time.Time
	Score int
}

// RecordOf makes a record of what the store reads of a case; net says how much of a while was working time, and
// is not asked of one in which the case waited, or that lasts.
func RecordOf(row models.FigureRow, net func(models.Ownership) time.Duration) Record {
	r := Record{Case: row.Case, Adopted: row.Case.Source != "", Cycles: row.Facts, Levers: row.Levers, Alerts: row.Alerts}
	for _, o := range row.Ownerships {
		held := Held{Ownership: o}
		if o.Pause == "" && o.Until != nil {
			held.Net = net(o)
		}
		r.Owned = append(r.Owned, held)
	}
	return r
}
