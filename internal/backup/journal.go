package backup

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"recourse/models"
)

// Eraser is the record as far as erasing goes.
type Eraser interface {
	// CustomerRecords returns all records of one customer, by the id of any; CodeNotFound when there is none.
	CustomerRecords(ctx context.Context, id string) ([]models.Customer, error)
	// Erase makes a customer's words unreadable for good.
	Erase(ctx context.Context, customerID string, now time.Time) error
	// Erasures returns the customers erased so far.
	Erasures(ctx context.Context) ([]models.Customer, error)
}

// Journal is the list of erased customers, in a file that is kept beside the keys. It outlives the
// backups that know nothing of them yet.
type Journal struct {
	path string
	mu   sync.Mutex
}

// Erased is one line of the journal.
type Erased struct {
	Customer string    `json:"customer"`
	At       time.Time `json:"at"`
}

// OpenJournal opens the journal in a file, which need not be there yet.
func OpenJournal(path string) *Journal { return &Journal{path: path} }

// All lists everybody in the journal, in the order in which they were erased.
func (j *Journal) All() ([]Erased, error) {
	b, err := os.ReadFile(j.path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read journal of erasures: %w", err)
	}
	var all []Erased
	for i, line := range bytes.Split(b, []byte("\n")) {
		if !bytes.HasSuffix(line, []byte("}")) {
			continue // empty, or torn by a crash before anybody was erased
		}
		var e Erased
		if err := json.Unmarshal(line, &e); err != nil || e.Customer == "" {
			return nil, fmt.Errorf("journal of erasures %s: line %d cannot be read", j.path, i+1)
		}
		all = append(all, e)
	}
	return all, nil
}

// Add writes a customer down; one who is in the journal already stays as they are. It is on disk when
// Add returns.
func (j *Journal) Add(customerID string, at time.Time) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	all, err := j.All()
	if err != nil {
		return err
	}
	for _, e := range all {
		if e.Customer == customerID {
			return nil
		}
	}
	line, err := json.Marshal(Erased{Customer: customerID, At: at.UTC()})
	if err != nil {
		return err
	}
	if err := j.append(line); err != nil {
		return fmt.Errorf("write journal of erasures: %w", err)
	}
	return nil
}

// append writes a line of its own, in one piece, behind whatever a crash left.
func (j *Journal) append(line []byte) error {
	if err := os.MkdirAll(filepath.Dir(j.path), 0o700); err != nil {
		return err
	}
	file, err := os.OpenFile(j.path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(slices.Concat([]byte("\n"), line, []byte("\n")))
	return errors.Join(err, file.Sync(), file.Close(), syncFolder(filepath.Dir(j.path)))
}

// Erase erases a customer: first in the journal, so that no restore forgets it whatever happens
// between the two, then in the record. All records that were merged are written down, because an older
// backup knows them apart. Conflict: there is a legal hold. Doing it again does no harm.
func Erase(ctx context.Context, from Eraser, journal *Journal, customerID string, now time.Time) error {
	records, err := from.CustomerRecords(ctx, customerID)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(records, func(c models.Customer) bool { return c.HeldAt != nil }) {
		return models.Refuse(models.CodeConflict, "there is a legal hold on this customer")
	}
	for _, c := range records {
		if err := journal.Add(c.ID, now); err != nil {
			return err
		}
	}
	return from.Erase(ctx, customerID, now)
}
