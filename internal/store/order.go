package store

import (
	"time"

	"gorm.io/gorm"

	"recourse/models"
)

// leg is a stretch of a list in one order. A list whose order has no single index is read leg by leg:
// NULL stands first in one database and last in the other, and no database goes down one column and
// up the next along an index.
type leg struct {
	only   func(*gorm.DB) *gorm.DB
	order  string
	behind func(db *gorm.DB, c cursor) *gorm.DB
	at     func(models.Case) time.Time
}

// legs are the stretches of a list, in their order.
func legs(q models.CaseQuery) []leg {
	switch q.Order {
	case models.OrderDue:
		return byDue(func(db *gorm.DB) *gorm.DB { return db })
	case models.OrderSeverity:
		var all []leg
		for _, severity := range []models.Severity{models.SeverityUrgent, models.SeverityImportant, models.SeverityGeneral} {
			all = append(all, byDue(func(db *gorm.DB) *gorm.DB { return db.Where("cases.severity = ?", severity) })...)
		}
		return all
	case models.OrderReceived, "":
	}
	return []leg{{
		only:  func(db *gorm.DB) *gorm.DB { return db },
		order: "cases.received_at DESC, cases.id DESC",
		behind: func(db *gorm.DB, c cursor) *gorm.DB {
			return db.Where("(cases.received_at, cases.id) < (?, ?)", c.At, c.ID)
		},
		at: func(row models.Case) time.Time { return row.ReceivedAt },
	}}
}

// byDue are those of which a clock runs, the most pressing first, then the others, the newest first.
func byDue(only func(*gorm.DB) *gorm.DB) []leg {
	return []leg{{
		only:   func(db *gorm.DB) *gorm.DB { return only(db).Where("cases.due_at IS NOT NULL") },
		order:  "cases.due_at, cases.id",
		behind: func(db *gorm.DB, c cursor) *gorm.DB { return db.Where("(cases.due_at, cases.id) > (?, ?)", c.At, c.ID) },
		at:     func(row models.Case) time.Time { return *row.DueAt },
	}, {
		only:   func(db *gorm.DB) *gorm.DB { return only(db).Where("cases.due_at IS NULL") },
		order:  "cases.id DESC",
		behind: func(db *gorm.DB, c cursor) *gorm.DB { return db.Where("cases.id < ?", c.ID) },
		at:     func(models.Case) time.Time { return time.UnixMicro(0) },
	}}
}
