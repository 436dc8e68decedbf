package store

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"gorm.io/gorm"

	"recourse/models"
)

// projectionFact is how far the columns of cases are in line with their snapshots: the version of the
// projection, and, while it is under way, the last case that was done.
const projectionFact = "projection"

// Projection returns the version of the projection that the columns of all cases have, or of the one under
// way and the id of the case it came to. 0: nobody knows.
func (s *Store) Projection(ctx context.Context) (version int, after string, err error) {
	return s.howFar(ctx, projectionFact)
}

// SetProjection keeps how far the projection has come; without a case it is done.
func (s *Store) SetProjection(ctx context.Context, version int, after string) error {
	return s.setHowFar(ctx, projectionFact, version, after)
}

// howFar reads what setHowFar keeps: how far a work over all cases has come.
func (s *Store) howFar(ctx context.Context, fact string) (version int, after string, err error) {
	kept, err := s.Meta(ctx, fact)
	if models.CodeOf(err) == models.CodeNotFound {
		return 0, "", nil
	}
	if err == nil {
		number, rest, _ := strings.Cut(kept, " ")
		after = rest
		_, err = fmt.Sscan(number, &version)
	}
	return version, after, err
}

func (s *Store) setHowFar(ctx context.Context, fact string, version int, after string) error {
	return s.SetMeta(ctx, fact, strings.TrimSpace(fmt.Sprintf("%d %s", version, after)))
}

// Project brings up to n cases in the order of their ids behind afterID in line with what project makes of
// each row and of its calls that are not done: their columns, but the snapshot, and the calls that it ends.
// It returns the last id, empty when there was none, and how many rows were behind. Nobody moves these cases
// meanwhile.
func (s *Store) Project(
	ctx context.Context, afterID string, n int, project func(row models.Case, undone []models.CallTask) (models.Recording, error),
) (last string, changed int, err error) {
	err = s.write(ctx, "project cases", func(tx *gorm.DB) error {
		last, changed = "", 0
		var rows []models.Case
		if err := tx.Clauses(forUpdate).Where("id > ?", afterID).Order("id").Limit(n).Find(&rows).Error; err != nil || len(rows) == 0 {
			return err
		}
		last = rows[len(rows)-1].ID
		undone, err := undoneCalls(tx, afterID, last)
		if err != nil {
			return err
		}
		var steps []step
		for _, row := range rows {
			rec, err := project(row, undone[row.ID])
			if err != nil {
				return err
			}
			rec.Case.Snapshot = row.Snapshot
			if !sameColumns(ctx, row, rec.Case) {
				steps, changed = append(steps, putRow(rec.Case)), changed+1
			}
			steps = append(steps, mark(rec)...)
		}
		return together(tx, steps)
	})
	return last, changed, err
}

func undoneCalls(tx *gorm.DB, afterID, last string) (map[string][]models.CallTask, error) {
	var tasks []models.CallTask
	err := tx.Where("done_at IS NULL AND case_id > ? AND case_id <= ?", afterID, last).Find(&tasks).Error
	undone := map[string][]models.CallTask{}
	for _, t := range tasks {
		undone[t.CaseID] = append(undone[t.CaseID], t)
	}
	return undone, err
}

// sameColumns says whether two rows are one to the database.
func sameColumns(ctx context.Context, a, b models.Case) bool {
	one, err := json.Marshal(caseTable.values(ctx, reflect.ValueOf(&a).Elem()))
	two, err2 := json.Marshal(caseTable.values(ctx, reflect.ValueOf(&b).Elem()))
	empty := strings.NewReplacer(":[]", ":null")
	return err == nil && err2 == nil && empty.Replace(string(one)) == empty.Replace(string(two))
}
