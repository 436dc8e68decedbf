package store

import (
	"context"
	"reflect"
	"time"

	"gorm.io/gorm"

	"recourse/models"
)

// milestoneColumns are what figures are made of: where a case stands, when it came where, and what
// figures are split by.
var milestoneColumns = []string{
	"id", "number", "state", "severity", "nature", "attribution", "cause", "outcome", "channel", "category", "region",
	"product", "model", "department", "supervising", "assignee", "anonymous", "sample",
	"mystery_shopper", "cycle", "reworks", "breached",
	"escalated", "close_reason", "received_at", "recorded_at", "first_reply_at", "first_dispatched_at", "first_accepted_at",
	"first_solution_at", "first_resolved_at", "resolved_at", "result_told_at", "closed_at", "archived_at",
	"response_limit_at", "response_target_at", "feedback_limit_at", "handling_due_at", "handling_gross", "handling_net", "result_score", "offered", "answered",
}

// Milestones visits the visible cases received or first resolved from one instant until before
// another, oldest first, with the columns that figures need and no others. It holds one row at a time; an error of visit
// ends it and is returned.
func (s *Store) Milestones(ctx context.Context, from, until time.Time, visible models.Visible, visit func(models.Case) error) error {
	return s.read(ctx, "milestones", func(db *gorm.DB) error {
		rows, err := within(visible, db.Model(&models.Case{})).Select(milestoneColumns).
			Where("(cases.received_at >= ? AND cases.received_at < ?) OR (cases.first_resolved_at >= ? AND cases.first_resolved_at < ?)",
				from, until, from, until).
			Order("cases.received_at, cases.id").Rows()
		if err != nil {
			return err
		}
		defer rows.Close()
		var row models.Case
		into := places(ctx, &row)
		for rows.Next() {
			if err := rows.Scan(into...); err != nil {
				return err
			}
			if err := visit(row); err != nil {
				return err
			}
		}
		return rows.Err()
	})
}

var caseTable = newTable[models.Case]()

// places are where the columns go in a row: found once, for GORM finds them anew for each row, which
// costs more than reading it.
func places(ctx context.Context, row *models.Case) []any {
	into := make([]any, len(milestoneColumns))
	for i, column := range milestoneColumns {
		into[i] = caseTable.FieldsByDBName[column].ReflectValueOf(ctx, reflect.ValueOf(row).Elem()).Addr().Interface()
	}
	return into
}
