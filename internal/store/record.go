package store

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"recourse/models"
)

// Record puts what one decision leaves on record, all of it or nothing. It is safe to run any number
// of times: what is on record with the same id and hash is done already, and a row that has moved on
// since is never moved back. CodeDiverged: other entries are on record at these places, or the ones
// in between are missing. ErrNotStaged: a text that an entry names is not there.
//
// A recording without entries adds its alerts and messages and leaves the row alone.
func (s *Store) Record(ctx context.Context, rec models.Recording) error {
	return s.write(ctx, "record "+rec.Case.ID, func(tx *gorm.DB) error {
		if err := whole(rec); err != nil {
			return err
		}
		at, err := placeOf(tx, rec.Case.ID)
		if err != nil {
			return err
		}
		fresh, err := notYet(tx, rec, at)
		if err != nil {
			return err
		}
		if len(rec.Entries) > 0 && len(fresh.Entries) == 0 {
			return nil // all of it came with its entries
		}
		steps, err := added(fresh, at)
		if err != nil {
			return err
		}
		found, err := findAgain(tx, fresh, at)
		if err != nil {
			return err
		}
		steps = append(steps, found...)
		if len(fresh.Entries) > 0 {
			steps = append([]step{putRow(rec.Case)}, steps...) // the row before all that point to it
		}
		return together(tx, steps)
	})
}

// place is how far a case has come on record; nothing is the beginning of a chain.
type place struct {
	Seq  int64
	Hash []byte
}

// placeOf reads how far the case has come and keeps others from moving it.
func placeOf(tx *gorm.DB, caseID string) (at place, err error) {
	err = tx.Model(&models.Case{}).Clauses(forUpdate).Select("seq", "hash").Where("id = ?", caseID).Limit(1).Find(&at).Error
	return at, err
}

// whole says whether a recording agrees with itself; one that does not is a fault of the program.
func whole(rec models.Recording) error {
	if len(rec.Texts) != len(rec.Seqs) {
		return fmt.Errorf("%d texts with %d places", len(rec.Texts), len(rec.Seqs))
	}
	for i, e := range rec.Entries {
		if e.CaseID != rec.Case.ID || e.Seq != rec.Entries[0].Seq+int64(i) {
			return fmt.Errorf("entry %d is %s/%d: not the next of its case", i, e.CaseID, e.Seq)
		}
	}
	if n := len(rec.Entries); n > 0 {
		if last := rec.Entries[n-1]; rec.Case.Seq != last.Seq || !bytes.Equal(rec.Case.Hash, last.Hash) {
			return fmt.Errorf("the row stands at %d, its last entry is %d", rec.Case.Seq, last.Seq)
		}
	}
	return nil
}

// notYet leaves of a recording what is not on record, after making sure that the rest is.
func notYet(tx *gorm.DB, rec models.Recording, at place) (models.Recording, error) {
	if len(rec.Entries) == 0 {
		return rec, nil
	}
	first := rec.Entries[0].Seq
	if first > at.Seq+1 {
		return rec, diverged("case %s is on record up to %d; the next entry given is %d", rec.Case.ID, at.Seq, first)
	}
	n := min(at.Seq-first+1, int64(len(rec.Entries)))
	if err := same(tx, rec.Entries[:n]); err != nil {
		return rec, err
	}
	rec.Entries = rec.Entries[n:]
	return rec, nil
}

// same compares entries with those on record.
func same(tx *gorm.DB, given []models.Entry) error {
	if len(given) == 0 {
		return nil
	}
	caseID, from, to := given[0].CaseID, given[0].Seq, given[len(given)-1].Seq
	var kept []models.Entry
	err := tx.Select("seq", "id", "hash").Where("case_id = ? AND seq BETWEEN ? AND ?", caseID, from, to).
		Order("seq").Find(&kept).Error
	if err != nil {
		return err
	}
	if len(kept) != len(given) {
		return diverged("case %s has %d of %d entries from %d on record", caseID, len(kept), len(given), from)
	}
	for i, k := range kept {
		if k.ID != given[i].ID || !bytes.Equal(k.Hash, given[i].Hash) {
			return diverged("case %s has another entry on record at %d", caseID, k.Seq)
		}
	}
	return nil
}

// added are the steps that write what is new behind at: entries that continue the chain, and the rows
// that go with them.
func added(rec models.Recording, at place) ([]step, error) {
	previous := at.Hash
	for _, e := range rec.Entries {
		if !bytes.Equal(models.Chain(previous, e.Body), e.Hash) {
			return nil, diverged("case %s: entry %d does not continue the chain on record", e.CaseID, e.Seq)
		}
		previous = e.Hash
	}
	return slices.Concat(
		insert(rec.Entries), bind(rec, at.Seq), bindFiles(rec, at.Seq), insert(rec.Alerts, ifNew), change(rec.Changed), settle(rec.Settled), mark(rec), insert(rec.Messages, ifNew), insert(rec.Relayed, ifNew), putFacts(rec.FactRows), stream(rec),
	), nil
}

// mark notes which surveys were answered and which calls were made, each the first time only. A row
// that the activity has not put there yet stays unmarked; the events know.
func mark(rec models.Recording) (steps []step) {
	for _, s := range rec.Surveys {
		steps = append(steps, step{do: func(tx *gorm.DB) *gorm.DB {
			return tx.Model(&models.Survey{}).Where("case_id = ? AND cycle = ? AND answered_at IS NULL", s.CaseID, s.Cycle).
				Update("answered_at", s.AnsweredAt)
		}})
	}
	for _, c := range rec.Calls {
		steps = append(steps, step{do: func(tx *gorm.DB) *gorm.DB {
			return tx.Model(&models.CallTask{}).
				Where("case_id = ? AND cycle = ? AND attempt = ? AND done_at IS NULL", c.CaseID, c.Cycle, c.Attempt).
				Updates(map[string]any{"outcome": c.Outcome, "done_at": c.DoneAt})
		}})
	}
	return steps
}

// bind ties staged texts to the entries that name them. One staged text may be bound again to the
// same entry, never to another.
func bind(rec models.Recording, after int64) (steps []step) {
	for i, t := range rec.Texts {
		seq := rec.Seqs[i]
		if seq <= after {
			continue // came with its entry
		}
		steps = append(steps, step{
			do: func(tx *gorm.DB) *gorm.DB {
				return tx.Model(&models.Text{}).
					Where("ref = ? AND case_id = ? AND digest = ? AND seq IN (0, ?)", t.Ref, rec.Case.ID, t.Digest, seq).
					Update("seq", seq)
			},
			ends: func(rows int64, err error) error {
				if err == nil && rows == 0 {
					return fmt.Errorf("text %s of entry %d: %w", t.Ref, seq, ErrNotStaged)
				}
				return err
			},
		})
	}
	return steps
}

// change notes that alerts were put off or handed over.
func change(changed []models.AlertChange) (steps []step) {
	for _, c := range changed {
		columns := map[string]any{"ack_by": c.AckBy}
		if c.SnoozedBy != "" {
			columns["snoozed_by"] = c.SnoozedBy
		}
		if c.HandedTo != "" {
			columns["handed_to"], columns["handed_by"] = c.HandedTo, c.HandedBy
		}
		steps = append(steps, step{do: func(tx *gorm.DB) *gorm.DB {
			return tx.Model(&models.Alert{}).Where("case_id = ? AND key = ?", c.CaseID, c.Key).Updates(columns)
		}})
	}
	return steps
}

// settle notes what became of alerts. What came first stays.
func settle(settled []models.AlertEnd) (steps []step) {
	for _, s := range settled {
		alert := func(tx *gorm.DB) *gorm.DB {
			return tx.Model(&models.Alert{}).Where("case_id = ? AND key = ?", s.CaseID, s.Key)
		}
		if s.AcknowledgedAt != nil {
			steps = append(steps, step{do: func(tx *gorm.DB) *gorm.DB {
				return alert(tx).Where("acknowledged_at IS NULL").
					Updates(map[string]any{"acknowledged_at": s.AcknowledgedAt, "acknowledged_by": s.AcknowledgedBy})
			}})
		}
		if s.EndedAt != nil {
			steps = append(steps, step{do: func(tx *gorm.DB) *gorm.DB {
				return alert(tx).Where("ended_at IS NULL").Update("ended_at", s.EndedAt)
			}})
		}
	}
	return steps
}

// putRow writes the whole row, new or not. The caller holds its lock and knows that it goes forward.
func putRow(row models.Case) step {
	return step{do: func(tx *gorm.DB) *gorm.DB {
		return tx.Clauses(clause.OnConflict{
			Columns:   []clause.Column{{Name: "id"}},
			DoUpdates: clause.AssignmentColumns(caseColumns),
		}).Create(&row)
	}}
}

// caseColumns are all columns of a case but its id.
var caseColumns = slices.DeleteFunc(newTable[models.Case]().columns(), func(name string) bool { return name == "id" })
