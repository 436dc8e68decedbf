package store

import (
	"slices"
	"time"

	"gorm.io/gorm"

	"recourse/models"
)

// leg is a stretch of a list in one order. A list whose order has no single index is read leg by leg:
// NULL stands first in one database and last in the other, and no database goes down one column and
// up the next along an index.
type leg struct {
	query  models.CaseQuery // what of the list's query is still to be asked
	only   func(*gorm.DB) *gorm.DB
	order  string
	behind func(db *gorm.DB, c cursor) *gorm.DB
	at     func(models.Case) time.Time
}

// legs are the stretches of a list, in their order.
func legs(q models.CaseQuery) []leg {
	switch q.Order {
	case models.OrderDue:
		return byDue(q, func(db *gorm.DB) *gorm.DB { return db })
	case models.OrderSeverity:
		var all []leg
		for _, severity := range []models.Severity{models.SeverityUrgent, models.SeverityImportant, models.SeverityGeneral} {
			if len(q.Severities) > 0 && !slices.Contains(q.Severities, severity) {
				continue
			}
			all = append(all, byDue(q, func(db *gorm.DB) *gorm.DB { return db.Where("cases.severity = ?", severity) })...)
		}
		return all
	case models.OrderReceived, "":
	}
	received := "cases.received_at"
	if len(q.Asks) > 0 { // a few out of all: found by their index and sorted, never met on the way along all
		received = "coalesce(cases.received_at, cases.recorded_at)"
	}
	return []leg{{
		query: q,
		only:  func(db *gorm.DB) *gorm.DB { return db },
		order: received + " DESC, cases.id DESC",
		behind: func(db *gorm.DB, c cursor) *gorm.DB {
			return db.Where("("+received+", cases.id) < (?, ?)", c.At, c.ID)
		},
		at: func(row models.Case) time.Time { return row.ReceivedAt },
	}}
}

// byDue are those of which a clock runs, the most pressing first, then the others, the newest first.
func byDue(q models.CaseQuery, only func(*gorm.DB) *gorm.DB) []leg {
	clocked := leg{
		query:  q,
		only:   func(db *gorm.DB) *gorm.DB { return pressing(q, only(db)) },
		order:  "cases.due_at, cases.id",
		behind: func(db *gorm.DB, c cursor) *gorm.DB { return db.Where("(cases.due_at, cases.id) > (?, ?)", c.At, c.ID) },
		at:     func(row models.Case) time.Time { return *row.DueAt },
	}
	clocked.query.Open, clocked.query.SoonAt = false, nil // the legs ask for them
	if q.LateAt != nil || q.SoonAt != nil {
		return []leg{clocked} // the others are neither late nor due soon
	}
	return []leg{clocked, {
		query:  clocked.query,
		only:   func(db *gorm.DB) *gorm.DB { return asOpen(q, only(db).Where("cases.due_at IS NULL")) },
		order:  "cases.id DESC",
		behind: func(db *gorm.DB, c cursor) *gorm.DB { return db.Where("cases.id < ?", c.ID) },
		at:     func(models.Case) time.Time { return time.UnixMicro(0) },
	}}
}

// pressing leaves those of which a clock runs, and asks of them what Open and SoonAt mean.
func pressing(q models.CaseQuery, db *gorm.DB) *gorm.DB {
	db = db.Where("cases.due_at IS NOT NULL")
	if q.SoonAt != nil {
		db = db.Where("cases.due_at >= ?", *q.SoonAt).Where(unweighed("cases.soon_at <= ?"), *q.SoonAt)
	}
	return asOpen(q, db)
}

// asOpen asks for open cases in the words of the index cases_waiting.
func asOpen(q models.CaseQuery, db *gorm.DB) *gorm.DB {
	if q.Open {
		return db.Where(unweighed(openOnly))
	}
	return db
}

// unweighed is a condition that nearly all cases fulfil of which a clock runs, and that few fulfil of
// all there are. Of a CASE Postgres thinks that every second row fulfils it, and walks along what is due
// until a page is full; said plainly it takes it for rare, and sorts whatever is due.
func unweighed(condition string) string {
	return "CASE WHEN " + condition + " THEN TRUE ELSE FALSE END"
}
