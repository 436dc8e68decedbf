package store

import (
	"context"

	"gorm.io/gorm"

	"recourse/models"
)

// waiting are the alerts that somebody still has to acknowledge: asked for, nobody did, and neither
// overtaken by a higher one nor ended with their clock.
const waiting = `(alerts.ack_by IS NOT NULL AND alerts.acknowledged_at IS NULL AND alerts.ended_at IS NULL
	AND NOT alerts.superseded)`

func narrowAlerts(q models.AlertQuery, db, cases *gorm.DB) *gorm.DB {
	db = ofVisible(q.Visible, "alerts.case_id", db, cases)
	if q.CaseID != "" {
		db = db.Where("alerts.case_id = ?", q.CaseID)
	}
	if q.To != nil {
		to := db.Session(&gorm.Session{NewDB: true}).Where("1 = 0")
		for _, r := range q.To {
			to = to.Or("alerts.roles LIKE ?", `%"`+string(r)+`"%`) // a JSON list of names without quotes
		}
		if q.Person != "" {
			to = to.Or("alerts.handed_to = ?", q.Person)
		}
		db = db.Where(to)
	}
	if q.By != "" {
		db = db.Where("alerts.acknowledged_by = ? AND alerts.acknowledged_by <> ''", q.By) // the words of index alerts_by
	}
	if q.Waiting == nil {
		return db
	}
	if *q.Waiting {
		return db.Where(waiting)
	}
	return db.Where("NOT " + waiting)
}

// ofVisible leaves of a query on what belongs to cases that of the cases which v lets see: by how they
// stand now, not by how they stood when it came to be.
func ofVisible(v models.Visible, caseID string, db, cases *gorm.DB) *gorm.DB {
	if v.Whole {
		return db
	}
	return db.Where("EXISTS (?)", within(v, cases.Model(&models.Case{}).Select("1").Where("cases.id = "+caseID)))
}

// Alerts returns one page of the alerts asked for, the latest first or those that are to be
// acknowledged first, and the cursor of the next page.
func (s *Store) Alerts(ctx context.Context, q models.AlertQuery) (page []models.Alert, next string, err error) {
	after, err := readCursor(q.Cursor)
	if err != nil {
		return nil, "", err
	}
	limit := pageSize(q.Limit)
	err = s.read(ctx, "list alerts", func(db *gorm.DB) error {
		db = narrowAlerts(q, db.Model(&models.Alert{}), s.reader)
		if after != nil {
			db = db.Where("(alerts.fired_at, alerts.id) < (?, ?)", after.At, after.ID)
		}
		order := "alerts.fired_at DESC, alerts.id DESC"
		if q.Soonest {
			order = "alerts.ack_by, alerts.id"
		}
		return db.Order(order).Limit(limit + 1).Find(&page).Error
	})
	if len(page) > limit && q.Soonest {
		return page[:limit], "", err
	}
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
