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
		if len(fresh.Entries) > 0 {
			if err := putRow(tx, rec.Case); err != nil {
				return err
			}
		}
		return add(tx, fresh, at)
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

// add writes what is new behind at: entries that continue the chain, and the rows that go with them.
func add(tx *gorm.DB, rec models.Recording, at place) error {
	previous := at.Hash
	for _, e := range rec.Entries {
		if !bytes.Equal(models.Chain(previous, e.Body), e.Hash) {
			return diverged("case %s: entry %d does not continue the chain on record", e.CaseID, e.Seq)
		}
		previous = e.Hash
	}
	if err := inChunks(tx, rec.Entries); err != nil {
		return err
	}
	if err := bind(tx, rec, at.Seq); err != nil {
		return err
	}
	if err := inChunks(tx.Clauses(ifNew), rec.Alerts); err != nil {
		return err
	}
	if err := settle(tx, rec.Settled); err != nil {
		return err
	}
	if err := mark(tx, rec); err != nil {
		return err
	}
	return inChunks(tx.Clauses(ifNew), rec.Messages)
}

// mark notes which surveys were answered and which calls were made, each the first time only. A row
// that the activity has not put there yet stays unmarked; the events know.
func mark(tx *gorm.DB, rec models.Recording) error {
	for _, s := range rec.Surveys {
		err := tx.Model(&models.Survey{}).Where("case_id = ? AND cycle = ? AND answered_at IS NULL", s.CaseID, s.Cycle).
			Update("answered_at", s.AnsweredAt).Error
		if err != nil {
			return err
		}
	}
	for _, c := range rec.Calls {
		err := tx.Model(&models.CallTask{}).
			Where("case_id = ? AND cycle = ? AND attempt = ? AND done_at IS NULL", c.CaseID, c.Cycle, c.Attempt).
			Updates(map[string]any{"outcome": c.Outcome, "done_at": c.DoneAt}).Error
		if err != nil {
			return err
		}
	}
	return nil
}

// bind ties staged texts to the entries that name them. One staged text may be bound again to the
// same entry, never to another.
func bind(tx *gorm.DB, rec models.Recording, after int64) error {
	for i, t := range rec.Texts {
		if rec.Seqs[i] <= after {
			continue // came with its entry
		}
		bound := tx.Model(&models.Text{}).
			Where("ref = ? AND case_id = ? AND digest = ? AND seq IN (0, ?)", t.Ref, rec.Case.ID, t.Digest, rec.Seqs[i]).
			Update("seq", rec.Seqs[i])
		if bound.Error != nil {
			return bound.Error
		}
		if bound.RowsAffected == 0 {
			return fmt.Errorf("text %s of entry %d: %w", t.Ref, rec.Seqs[i], ErrNotStaged)
		}
	}
	return nil
}

// settle notes what became of alerts. What came first stays.
func settle(tx *gorm.DB, settled []models.Settled) error {
	for _, s := range settled {
		if s.AcknowledgedAt != nil {
			err := tx.Model(&models.Alert{}).Where("case_id = ? AND key = ? AND acknowledged_at IS NULL", s.CaseID, s.Key).
				Updates(map[string]any{"acknowledged_at": s.AcknowledgedAt, "acknowledged_by": s.AcknowledgedBy}).Error
			if err != nil {
				return err
			}
		}
		if s.EndedAt != nil {
			err := tx.Model(&models.Alert{}).Where("case_id = ? AND key = ? AND ended_at IS NULL", s.CaseID, s.Key).
				Update("ended_at", s.EndedAt).Error
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// putRow writes the whole row, new or not. The caller holds its lock and knows that it goes forward.
func putRow(tx *gorm.DB, row models.Case) error {
	return tx.Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "id"}},
		DoUpdates: clause.AssignmentColumns(caseColumns),
	}).Create(&row).Error
}

// caseColumns are all columns of a case but its id.
var caseColumns = slices.DeleteFunc(newTable[models.Case]().columns(), func(name string) bool { return name == "id" })
