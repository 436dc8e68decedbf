package store

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"gorm.io/gorm"
)

// Loaded is what Load put back.
type Loaded struct {
	Rows        int64
	KeysMissing []string // ids of keys that are not erased but not in the file of keys either
}

// Load puts a dump back into an empty store, of either database, all of it or nothing. Keys that the
// records call erased stay erased, whatever the file of keys holds; keys that are missing there are
// named, and what was sealed with them stays unreadable until they are found. Facts of the same name
// in the store (Meta) are replaced. Numbering goes on behind the highest number.
func (s *Store) Load(ctx context.Context, records, keys io.Reader) (done Loaded, err error) {
	_, known, err := s.SchemaVersion(ctx)
	if err != nil {
		return Loaded{}, err
	}
	wrapped := map[string]json.RawMessage{}
	err = readLines(keys, dumpOfKeys, known, func(_ string, row map[string]json.RawMessage) error {
		var id string
		if err := json.Unmarshal(row["id"], &id); err != nil {
			return err
		}
		wrapped[id] = row["wrapped"]
		return nil
	})
	if err != nil {
		return Loaded{}, fmt.Errorf("load keys: %w", err)
	}
	first := true
	err = s.write(ctx, "load", func(tx *gorm.DB) error {
		if !first {
			return errors.New("the transaction was lost and a dump can be read only once; try again")
		}
		first = false
		if err := vacant(tx); err != nil {
			return err
		}
		if err := tx.Where("key IN ?", []string{projectionFact, factsFact}).Delete(&meta{}).Error; err != nil { // the dump says of its own rows
			return err
		}
		l := &load{tx: tx, ctx: ctx, wrapped: wrapped}
		if err := readLines(records, dumpOfRecords, known, l.put); err != nil {
			return err
		}
		if err := l.flush(); err != nil {
			return err
		}
		done = l.done
		s.forgetNumbers()
		return s.dialect.setLastNumber(tx, l.last) // last: a sequence of Postgres is not rolled back
	})
	return done, err
}

// vacant refuses a store that holds anything but facts about itself.
func vacant(tx *gorm.DB) error {
	for _, t := range tables {
		if t.Name() == "meta" {
			continue
		}
		empty, err := t.empty(tx)
		if err != nil {
			return err
		}
		if !empty {
			return fmt.Errorf("the store is not empty: there are rows in %s", t.Name())
		}
	}
	return nil
}

// load collects rows of one table and inserts them together.
type load struct {
	tx      *gorm.DB
	ctx     context.Context
	wrapped map[string]json.RawMessage
	of      table
	rows    []any
	last    int64 // case number given out
	done    Loaded
}

func (l *load) put(name string, row map[string]json.RawMessage) error {
	if name == caseNumbers {
		return json.Unmarshal(row["value"], &l.last)
	}
	if l.of == nil || l.of.Name() != name || len(l.rows) >= 200 {
		if err := l.flush(); err != nil {
			return err
		}
		if l.of = tableNamed(name); l.of == nil {
			return fmt.Errorf("there is no table %q", name)
		}
	}
	if name == "keys" {
		if err := l.unite(row); err != nil {
			return err
		}
	}
	made, err := l.of.read(l.ctx, row)
	if err != nil {
		return err
	}
	l.rows = append(l.rows, made)
	l.done.Rows++
	return nil
}

// unite gives a key's row its bytes back.
func (l *load) unite(row map[string]json.RawMessage) error {
	var id string
	if err := json.Unmarshal(row["id"], &id); err != nil {
		return err
	}
	if !bytes.Equal(row["erased_at"], []byte("null")) {
		return nil
	}
	bytesOf, found := l.wrapped[id]
	if !found {
		l.done.KeysMissing = append(l.done.KeysMissing, id)
		return nil
	}
	row["wrapped"] = bytesOf
	return nil
}

func (l *load) flush() error {
	if len(l.rows) == 0 {
		return nil
	}
	tx := l.tx
	if l.of.Name() == "meta" {
		tx = tx.Clauses(replace)
	}
	err := l.of.insert(tx, l.rows)
	l.rows = nil
	return err
}

func tableNamed(name string) table {
	for _, t := range tables {
		if t.Name() == name {
			return t
		}
	}
	return nil
}

// readLine is a line whose columns are still to be read.
type readLine struct {
	line
	Row map[string]json.RawMessage `json:"row"`
}

// readLines reads one file of a dump and makes sure that it is whole.
func readLines(r io.Reader, what string, known int64, visit func(table string, row map[string]json.RawMessage) error) error {
	in := json.NewDecoder(bufio.NewReader(r))
	next := func() (readLine, error) {
		var l readLine
		err := in.Decode(&l)
		if errors.Is(err, io.EOF) {
			err = errors.New("the file ends too early")
		}
		return l, err
	}
	head, err := next()
	switch {
	case err != nil:
		return err
	case head.Recourse != what:
		return fmt.Errorf("this is no dump of %s", what)
	case head.Schema > known:
		return fmt.Errorf("the dump is of version %d, this program knows %d: use a newer program", head.Schema, known)
	}
	for n := int64(0); ; n++ {
		l, err := next()
		if err != nil {
			return fmt.Errorf("row %d: %w", n+1, err)
		}
		if l.End {
			if l.Rows != n {
				return fmt.Errorf("the file has %d rows and should have %d", n, l.Rows)
			}
			return nil
		}
		if err := visit(l.Table, l.Row); err != nil {
			return fmt.Errorf("row %d: %w", n+1, err)
		}
	}
}

// forgetNumbers gives up the numbers taken ahead: they may lie below the highest one now.
func (s *Store) forgetNumbers() {
	s.numbers.Lock()
	defer s.numbers.Unlock()
	s.numbers.ahead = nil
}
