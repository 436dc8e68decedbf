package store

import (
	"context"
	"strconv"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"recourse/models"
)

// replace writes a row over the one with the same primary key.
var replace = clause.OnConflict{UpdateAll: true}

// PutTeam keeps a team, new or changed.
func (s *Store) PutTeam(ctx context.Context, t models.Team) error {
	return put(ctx, s, "put team "+t.ID, t)
}

// Team returns a team, also a disabled one; CodeNotFound when there is none.
func (s *Store) Team(ctx context.Context, id string) (models.Team, error) {
	return byID[models.Team](ctx, s, "team", id)
}

// Teams returns all teams, also the disabled, by id.
func (s *Store) Teams(ctx context.Context) ([]models.Team, error) {
	return all[models.Team](ctx, s, "teams")
}

// PutCompany keeps departments, teams, people and categories, new or changed, all of them or none.
// models.ErrLastAdmin: no admin would be left.
func (s *Store) PutCompany(ctx context.Context, c models.Company) error {
	return s.write(ctx, "put company", func(tx *gorm.DB) error {
		for _, step := range []func() error{
			func() error { return putAll(tx, c.Departments) },
			func() error { return putAll(tx, c.Teams) },
			func() error { return putPeople(tx, c.People) },
			func() error { return putAll(tx, c.Categories) },
		} {
			if err := step(); err != nil {
				return err
			}
		}
		return nil
	})
}

func putPeople(tx *gorm.DB, people []models.Person) error {
	if len(people) == 0 {
		return nil
	}
	return keepingAnAdmin(tx, func() error { return putAll(tx, people) })
}

func putAll[T any](tx *gorm.DB, rows []T) error {
	if len(rows) == 0 {
		return nil
	}
	return inChunks(tx, rows, changed[T]())
}

// PutAbsences keeps when somebody is away, in place of what was known before; CodeNotFound when there
// is no such person.
func (s *Store) PutAbsences(ctx context.Context, personID string, absences []models.Absence) error {
	return s.write(ctx, "put absences of "+personID, func(tx *gorm.DB) error {
		if err := missing(tx.Where("id = ?", personID).Clauses(forShare).Take(&models.Person{}).Error, "person"); err != nil {
			return err
		}
		if err := tx.Where("person_id = ?", personID).Delete(&models.Absence{}).Error; err != nil || len(absences) == 0 {
			return err
		}
		return inChunks(tx, absences)
	})
}

// Absences returns when somebody is away, earliest first.
func (s *Store) Absences(ctx context.Context, personID string) (absences []models.Absence, err error) {
	err = s.read(ctx, "absences of "+personID, func(db *gorm.DB) error {
		return db.Where("person_id = ?", personID).Order("from_at").Find(&absences).Error
	})
	return absences, err
}

// Absent returns the ids of everybody who is away at an instant.
func (s *Store) Absent(ctx context.Context, at time.Time) (ids []string, err error) {
	err = s.read(ctx, "who is absent", func(db *gorm.DB) error {
		return db.Model(&models.Absence{}).Where("from_at <= ? AND until_at > ?", at, at).Distinct().Order("person_id").
			Pluck("person_id", &ids).Error
	})
	return ids, err
}

// AbsencesFrom returns the absences of everybody that are not over at an instant.
func (s *Store) AbsencesFrom(ctx context.Context, at time.Time) (absences []models.Absence, err error) {
	err = s.read(ctx, "absences to come", func(db *gorm.DB) error {
		return db.Where("until_at > ?", at).Order("person_id, from_at").Find(&absences).Error
	})
	return absences, err
}

// Leave keeps that somebody left: the person is disabled, their tokens and sessions end, and whoever
// they were the deputy of gets the successor. Done again, it only changes the successor. CodeNotFound when there is
// no such person, models.ErrLastAdmin when no admin would be left.
func (s *Store) Leave(ctx context.Context, d models.Departure) error {
	return s.write(ctx, "leave "+d.PersonID, func(tx *gorm.DB) error {
		return keepingAnAdmin(tx, func() error { return leave(tx, d) })
	})
}

func leave(tx *gorm.DB, d models.Departure) error {
	left := tx.Model(&models.Person{}).Where("id = ?", d.PersonID).Update("disabled_at", gorm.Expr("COALESCE(disabled_at, ?)", d.LeftAt))
	if left.Error != nil || left.RowsAffected == 0 {
		return orMissing(left.Error, "person")
	}
	err := tx.Model(&models.Token{}).Where("person_id = ? AND revoked_at IS NULL", d.PersonID).Update("revoked_at", d.LeftAt).Error
	if err != nil {
		return err
	}
	if err := tx.Model(&models.Session{}).Where("person_id = ? AND ended_at IS NULL", d.PersonID).Update("ended_at", d.LeftAt).Error; err != nil {
		return err
	}
	if err := tx.Model(&models.Person{}).Where("deputy = ? AND id <> ?", d.PersonID, d.Successor).Update("deputy", d.Successor).Error; err != nil {
		return err
	}
	if err := tx.Model(&models.Person{}).Where("deputy = ?", d.PersonID).Update("deputy", "").Error; err != nil { // nobody is their own deputy
		return err
	}
	again := clause.OnConflict{
		Columns:   []clause.Column{{Name: "person_id"}},
		DoUpdates: clause.AssignmentColumns([]string{"successor", "author"}),
	}
	return tx.Clauses(again).Create(&d).Error
}

func orMissing(err error, what string) error {
	if err != nil {
		return err
	}
	return models.Refuse(models.CodeNotFound, "no such "+what)
}

// LeftBehind returns the open cases that point at somebody who is no longer there, with who takes
// over; of one person, or of all when personID is empty.
func (s *Store) LeftBehind(ctx context.Context, personID string) (found []models.LeftBehind, err error) {
	err = s.read(ctx, "cases left behind", func(db *gorm.DB) error {
		db = db.Table("cases").
			Select("cases.id AS case_id, cases.number, cases.department, cases.assignee, COALESCE(departures.successor, '') AS successor").
			Joins("JOIN people ON people.id = cases.assignee AND people.disabled_at IS NOT NULL").
			Joins("LEFT JOIN departures ON departures.person_id = cases.assignee").
			Where("cases.state IN ?", models.OpenStates())
		if personID != "" {
			db = db.Where("cases.assignee = ?", personID)
		}
		return db.Order("cases.number").Scan(&found).Error
	})
	return found, err
}

// openOf counts the open cases by what a column of theirs says.
func (s *Store) openOf(ctx context.Context, column string) (map[string]int, error) {
	var rows []struct {
		Whose string
		N     int
	}
	err := s.read(ctx, "open cases by "+column, func(db *gorm.DB) error {
		return db.Model(&models.Case{}).Select(column+" AS whose, COUNT(*) AS n").
			Where(column+" <> '' AND state IN ?", models.OpenStates()).Group(column).Scan(&rows).Error
	})
	counts := make(map[string]int, len(rows))
	for _, r := range rows {
		counts[r.Whose] = r.N
	}
	return counts, err
}

// OpenByAssignee counts the open cases of each person who is responsible for any.
func (s *Store) OpenByAssignee(ctx context.Context) (map[string]int, error) {
	return s.openOf(ctx, "assignee")
}

// OpenByDepartment counts the open cases of each department that handles any.
func (s *Store) OpenByDepartment(ctx context.Context) (map[string]int, error) {
	return s.openOf(ctx, "department")
}

// DispatchTable returns the version in force, the highest; CodeNotFound when there is none.
func (s *Store) DispatchTable(ctx context.Context) (row models.DispatchTable, err error) {
	err = s.read(ctx, "dispatch table", func(db *gorm.DB) error {
		return missing(db.Order("version DESC").Take(&row).Error, "dispatch table")
	})
	return row, err
}

// DispatchTables returns one page of all versions, the latest first, and the cursor of the next page.
func (s *Store) DispatchTables(ctx context.Context, from string, limit int) (page []models.DispatchTable, next string, err error) {
	after, err := readCursor(from)
	if err != nil {
		return nil, "", err
	}
	limit = pageSize(limit)
	err = s.read(ctx, "dispatch tables", func(db *gorm.DB) error {
		if after != nil {
			version, err := strconv.ParseInt(after.ID, 10, 64)
			if err != nil {
				return errNoCursor
			}
			db = db.Where("version < ?", version)
		}
		return db.Order("version DESC").Limit(limit + 1).Find(&page).Error
	})
	if len(page) > limit {
		page = page[:limit]
		last := page[limit-1]
		next = cursor{At: last.CreatedAt, ID: strconv.FormatInt(last.Version, 10)}.String()
	}
	return page, next, err
}

// PutDispatchTable adds a version, the one after the highest; CodeStale when the highest is not the
// one that row.Version follows.
func (s *Store) PutDispatchTable(ctx context.Context, row models.DispatchTable) error {
	return s.write(ctx, "put dispatch table", func(tx *gorm.DB) error {
		var highest int64
		if err := tx.Model(&models.DispatchTable{}).Select("COALESCE(MAX(version), 0)").Scan(&highest).Error; err != nil {
			return err
		}
		if row.Version != highest+1 {
			return errTableMoved
		}
		added := tx.Clauses(ifNew).Create(&row)
		if added.Error == nil && added.RowsAffected == 0 { // somebody else between our two statements
			return errTableMoved
		}
		return added.Error
	})
}

var errTableMoved = models.Refuse(models.CodeStale, "the dispatch table has another version by now; read it again")
