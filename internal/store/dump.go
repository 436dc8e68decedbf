package store

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"gorm.io/gorm"
)

// line is one line of a dump. The first tells what it is, the last that nothing is missing.
type line struct {
	Recourse string         `json:"recourse,omitempty"` // of the first: what the file holds
	Schema   int64          `json:"schema,omitempty"`   // of the first: the version of the tables
	Table    string         `json:"table,omitempty"`
	Row      map[string]any `json:"row,omitempty"`
	End      bool           `json:"end,omitempty"`
	Rows     int64          `json:"rows,omitempty"` // of the last: how many rows there were
}

const (
	dumpOfRecords = "records"
	dumpOfKeys    = "keys"
	caseNumbers   = "case_numbers" // no table of rows: where numbering has come to
)

// Dump writes everything as it stood at one instant, in a form that knows no database: a row to a
// line of JSON, bytes in base64, instants in UTC. The wrapped keys go to a file of their own, to be
// kept apart: records without keys tell nobody what people wrote, and an old file of keys does not
// bring an erased customer back.
func (s *Store) Dump(ctx context.Context, records, keys io.Writer) error {
	version, _, err := s.SchemaVersion(ctx)
	if err != nil {
		return err
	}
	return s.read(ctx, "dump", func(db *gorm.DB) error {
		return db.Transaction(func(tx *gorm.DB) error {
			if err := s.dialect.snapshot(tx); err != nil {
				return err
			}
			d := dump{records: begin(records, dumpOfRecords, version), keys: begin(keys, dumpOfKeys, version)}
			for _, t := range tables {
				if err := t.each(ctx, tx, func(row map[string]any) error { return d.put(t.Name(), row) }); err != nil {
					return fmt.Errorf("table %s: %w", t.Name(), err)
				}
			}
			last, err := s.dialect.lastNumber(tx)
			if err != nil {
				return err
			}
			if err := d.records.put(caseNumbers, map[string]any{"value": last}); err != nil {
				return err
			}
			if err := d.records.end(); err != nil {
				return err
			}
			return d.keys.end()
		})
	})
}

type dump struct{ records, keys *lines }

func (d dump) put(table string, row map[string]any) error {
	if table == "keys" {
		if row["wrapped"] != nil {
			if err := d.keys.put(table, map[string]any{"id": row["id"], "wrapped": row["wrapped"]}); err != nil {
				return err
			}
		}
		delete(row, "wrapped")
	}
	return d.records.put(table, row)
}

// lines writes and counts. An error shows at the end at the latest, as with any buffered writer.
type lines struct {
	out  *bufio.Writer
	json *json.Encoder
	rows int64
}

func begin(w io.Writer, what string, version int64) *lines {
	l := &lines{out: bufio.NewWriter(w)}
	l.json = json.NewEncoder(l.out)
	l.json.SetEscapeHTML(false)
	_ = l.json.Encode(line{Recourse: what, Schema: version})
	return l
}

func (l *lines) put(table string, row map[string]any) error {
	l.rows++
	return l.json.Encode(line{Table: table, Row: row})
}

func (l *lines) end() error {
	if err := l.json.Encode(line{End: true, Rows: l.rows}); err != nil {
		return err
	}
	return l.out.Flush()
}
