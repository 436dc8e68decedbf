package store

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"recourse/models"
)

// pointers are the columns that name a row of another table, also where no foreign key can say so
// because they may be empty.
var pointers = []struct{ table, column, to string }{
	{"customers", "key_id", "keys"},
	{"customers", "merged_into", "customers"},
	{"customer_acts", "customer_id", "customers"},
	{"customer_acts", `"into"`, "customers"},
	{"customer_acts", "key_id", "keys"},
	{"contact_reads", "case_id", "cases"},
	{"contact_reads", "customer_id", "customers"},
	{"contact_reads", "key_id", "keys"},
	{"customer_digests", "customer_id", "customers"},
	{"tokens", "person_id", "people"},
	{"passwords", "person_id", "people"},
	{"sessions", "person_id", "people"},
	{"teams", "department", "departments"},
	{"absences", "person_id", "people"},
	{"departures", "person_id", "people"},
	{"cases", "key_id", "keys"},
	{"cases", "customer_id", "customers"},
	{"entries", "case_id", "cases"},
	{"texts", "case_id", "cases"},
	{"texts", "key_id", "keys"},
	{"attachments", "case_id", "cases"},
	{"attachments", "key_id", "keys"},
	{"start_intents", "case_id", "cases"},
	{"alerts", "case_id", "cases"},
	{"messages", "case_id", "cases"},
	{"messages", "key_id", "keys"},
	{"messages", "endpoint", "endpoints"},
	{"endpoints", "key_id", "keys"},
	{"deliveries", "endpoint_id", "endpoints"},
	{"surveys", "case_id", "cases"},
	{"links", "case_id", "cases"},
	{"alert_links", "case_id", "cases"},
	{"alert_links", "alert_id", "alerts"},
	{"alert_links", "person_id", "people"},
	{"incomings", "case_id", "cases"},
	{"call_tasks", "case_id", "cases"},
	{"archives", "case_id", "cases"},
	{"facts", "case_id", "cases"},
	{"levers", "case_id", "cases"},
	{"ownerships", "case_id", "cases"},
}

// Loose lists what points to rows that are not there, whether or not the database was told to mind, and
// corrected contact data that finds nobody.
func (s *Store) Loose(ctx context.Context) (found []string, err error) {
	err = s.glance(ctx, "look for loose rows", func(tx *gorm.DB) error {
		for _, p := range pointers {
			var n int64
			err := tx.Table(p.table).Where(p.column + " <> '' AND " + p.column + " NOT IN (SELECT id FROM " + p.to + ")").Count(&n).Error
			if err != nil {
				return err
			}
			if n > 0 {
				found = append(found, fmt.Sprintf("%d rows of %s point by %s to nothing in %s", n, p.table, p.column, p.to))
			}
		}
		lost, err := lostWays(tx)
		found = append(found, lost...)
		return err
	})
	return found, err
}

// OpenedTwice returns the first entries of cases that were opened by one and the same command, by
// command and instant.
func (s *Store) OpenedTwice(ctx context.Context) (entries []models.Entry, err error) {
	err = s.glance(ctx, "look for cases opened twice", func(tx *gorm.DB) error {
		twice := tx.Session(&gorm.Session{NewDB: true}).Model(&models.Entry{}).Select("command").
			Where("seq = 1 AND command <> ''").Group("command").Having("COUNT(*) > 1")
		return tx.Where("seq = 1 AND command IN (?)", twice).Order("command, decided_at, case_id").Find(&entries).Error
	})
	return entries, err
}

// AnsweredKeys visits the idempotency keys whose answer is kept, one at a time.
func (s *Store) AnsweredKeys(ctx context.Context, visit func(models.IdempotencyKey) error) error {
	return s.read(ctx, "answered keys", func(db *gorm.DB) error {
		rows, err := db.Model(&models.IdempotencyKey{}).Where("state = ?", models.KeyDone).Rows()
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var key models.IdempotencyKey
			if err := db.ScanRows(rows, &key); err != nil {
				return err
			}
			if err := visit(key); err != nil {
				return err
			}
		}
		return rows.Err()
	})
}
