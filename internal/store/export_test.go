package store

import (
	"context"
	"strings"

	"gorm.io/gorm"

	"recourse/models"
)

// Vocabulary is the tables and their columns as the models have them.
func Vocabulary() map[string][]string {
	all := map[string][]string{}
	for _, t := range tables {
		all[t.Name()] = t.(interface{ columns() []string }).columns()
	}
	return all
}

// Columns is the tables and their columns as the migrations made them.
func (s *Store) Columns(ctx context.Context) (map[string][]string, error) {
	ask := `SELECT table_name AS "table", column_name AS "column" FROM information_schema.columns
		WHERE table_schema = current_schema()`
	if _, ok := s.dialect.(sqliteDialect); ok {
		ask = `SELECT t.name AS "table", c.name AS "column" FROM sqlite_master t, pragma_table_info(t.name) c
			WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'`
	}
	var rows []struct{ Table, Column string }
	if err := s.reader.WithContext(ctx).Raw(ask).Scan(&rows).Error; err != nil {
		return nil, err
	}
	all := map[string][]string{}
	for _, r := range rows {
		all[r.Table] = append(all[r.Table], r.Column)
	}
	return all, nil
}

// Pretend puts the database at a version of a later program.
func (s *Store) Pretend(ctx context.Context, version int64) error {
	return s.writer.WithContext(ctx).
		Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (?, ?)", version, true).Error
}

// Plans says how the database goes about the first page of a list, leg by leg.
func (s *Store) Plans(ctx context.Context, q models.CaseQuery) (plans []string, err error) {
	for _, l := range legs(q) {
		var steps []struct{ Detail string }
		asked, err := finding(s.dialect, l.query.Find, narrow(l.query, l.only(s.reader.WithContext(ctx).Session(&gorm.Session{DryRun: true}).Model(&models.Case{}))))
		if err != nil {
			return nil, err
		}
		made := asked.Omit("snapshot").Order(l.order).Limit(51).Find(&[]models.Case{}).Statement
		if err := s.reader.WithContext(ctx).Raw("EXPLAIN QUERY PLAN "+made.SQL.String(), made.Vars...).Scan(&steps).Error; err != nil {
			return nil, err
		}
		var plan []string
		for _, step := range steps {
			plan = append(plan, step.Detail)
		}
		plans = append(plans, strings.Join(plan, "; "))
	}
	return plans, nil
}

// AlertPlan says how the database goes about the first page of the alerts asked for.
func (s *Store) AlertPlan(ctx context.Context, q models.AlertQuery) (string, error) {
	var steps []struct{ Detail string }
	dry := s.reader.WithContext(ctx).Session(&gorm.Session{DryRun: true})
	made := narrowAlerts(q, dry.Model(&models.Alert{}), s.reader).Order("alerts.fired_at DESC, alerts.id DESC").Limit(51).Find(&[]models.Alert{}).Statement
	err := s.reader.WithContext(ctx).Raw("EXPLAIN QUERY PLAN "+made.SQL.String(), made.Vars...).Scan(&steps).Error
	var plan []string
	for _, step := range steps {
		plan = append(plan, step.Detail)
	}
	return strings.Join(plan, "; "), err
}

// LastColumn is the one of a table that lies behind all others, on SQLite.
func (s *Store) LastColumn(ctx context.Context, table string) (last string, err error) {
	err = s.reader.WithContext(ctx).Raw("SELECT name FROM pragma_table_info(?) ORDER BY cid DESC LIMIT 1", table).Scan(&last).Error
	return last, err
}

// Multiply copies the rows of a table that belong to a case, for other cases numbered from one to before another.
func (s *Store) Multiply(ctx context.Context, table, caseID string, from, until int) error {
	var columns, values []string
	for _, column := range Vocabulary()[table] {
		value := `t."` + column + `"`
		if column == "case_id" || column == "id" || column == "number" {
			value = "'x-' || n.n"
		}
		columns, values = append(columns, `"`+column+`"`), append(values, value)
	}
	numbers := "generate_series(CAST(? AS int), CAST(? AS int)) AS n(n)"
	if _, is := s.dialect.(sqliteDialect); is {
		numbers = "(WITH RECURSIVE c(n) AS (SELECT ? UNION ALL SELECT n + 1 FROM c WHERE n < ?) SELECT n FROM c) AS n"
	}
	key := "case_id"
	if table == "cases" {
		key = "id"
	}
	return s.writer.WithContext(ctx).Exec("INSERT INTO "+table+" ("+strings.Join(columns, ", ")+") SELECT "+strings.Join(values, ", ")+
		" FROM "+table+" t, "+numbers+" WHERE t."+key+" = ?", from, until-1, caseID).Error
}

// Analyse lets the database count.
func (s *Store) Analyse(ctx context.Context) error {
	return s.writer.WithContext(ctx).Exec("ANALYZE").Error
}
