package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"recourse/models"
)

// AlertQuery asks for alerts: all conditions that are set hold together, and only of cases that are
// Visible as they stand now.
type AlertQuery struct {
	Visible     Visible
	CaseID      string
	Severities  []models.Severity
	Clocks      []models.Clock
	Departments []string // that handled the case when the alert went out
	Open        bool     // still to be acknowledged: asked for, nobody did, not ended, not superseded
	FiredFrom   *time.Time
	FiredUntil  *time.Time

	Cursor string
	Limit  int // 1 to MaxPage; 0: 50
}

func (q AlertQuery) filter(db, cases *gorm.DB) *gorm.DB {
	if !q.Visible.All {
		db = db.Where("alerts.case_id IN (?)", q.Visible.within(cases.Model(&models.Case{}).Select("id")))
	}
	if q.CaseID != "" {
		db = db.Where("alerts.case_id = ?", q.CaseID)
	}
	db = among(db, "alerts.severity IN ?", q.Severities)
	db = among(db, "alerts.clock IN ?", q.Clocks)
	db = among(db, "alerts.department IN ?", q.Departments)
	if q.Open {
		db = db.Where(`alerts.ack_by IS NOT NULL AND alerts.acknowledged_at IS NULL AND alerts.ended_at IS NULL
			AND NOT alerts.superseded`)
	}
	if q.FiredFrom != nil {
		db = db.Where("alerts.fired_at >= ?", *q.FiredFrom)
	}
	if q.FiredUntil != nil {
		db = db.Where("alerts.fired_at < ?", *q.FiredUntil)
	}
	return db
}

// Alerts returns one page of the alerts asked for, the latest first, and the cursor of the next page.
func (s *Store) Alerts(ctx context.Context, q AlertQuery) (page []models.Alert, next string, err error) {
	after, err := readCursor(q.Cursor)
	if err != nil {
		return nil, "", err
	}
	limit := pageSize(q.Limit)
	err = s.read(ctx, "list alerts", func(db *gorm.DB) error {
		db = q.filter(db.Model(&models.Alert{}), s.reader)
		if after != nil {
			db = db.Where("(alerts.fired_at, alerts.id) < (?, ?)", after.At, after.ID)
		}
		return db.Order("alerts.fired_at DESC, alerts.id DESC").Limit(limit + 1).Find(&page).Error
	})
	if len(page) > limit {
		page = page[:limit]
		next = cursor{At: page[limit-1].FiredAt, ID: page[limit-1].ID}.String()
	}
	return page, next, err
}

// Alert returns one alert by id; CodeNotFound when there is none.
func (s *Store) Alert(ctx context.Context, id string) (alert models.Alert, err error) {
	err = s.read(ctx, "alert "+id, func(db *gorm.DB) error {
		return missing(db.Where("id = ?", id).Take(&alert).Error, "alert")
	})
	return alert, err
}

// AlertsOf returns all alerts of a case in the order in which they went out.
func (s *Store) AlertsOf(ctx context.Context, caseID string) (all []models.Alert, err error) {
	err = s.read(ctx, "alerts of "+caseID, func(db *gorm.DB) error {
		return db.Where("case_id = ?", caseID).Order("fired_at, key").Find(&all).Error
	})
	return all, err
}
