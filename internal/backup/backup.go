package backup

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Source is the record as a backup reads it.
type Source interface {
	// Dump writes everything as it stood at one instant, the wrapped keys apart.
	Dump(ctx context.Context, records, keys io.Writer) error
	// SchemaVersion is the version of the database and the one this program knows.
	SchemaVersion(ctx context.Context) (current, known int64, err error)
}

// Files are the two files of one backup. Keep them apart: either alone tells nobody what people
// wrote, both together and the master key tell everything.
type Files struct {
	Records string
	Keys    string
}

// Name names the files of a backup made at an instant, in a folder for records and one for keys.
func Name(records, keys string, at time.Time) Files {
	stamp := "recourse-" + at.UTC().Format("20060102T150405Z")
	return Files{
		Records: filepath.Join(records, stamp+".records.jsonl.gz"),
		Keys:    filepath.Join(keys, stamp+".keys.jsonl.gz"),
	}
}

// Made is a backup as it was written.
type Made struct {
	Files       Files
	RecordLines int64
	KeyLines    int64
}

// Backup writes both files. They have their names when all of it is on disk, the keys first: where
// there are records there are their keys. After an error there is neither.
func Backup(ctx context.Context, from Source, to Files, now time.Time) (made Made, err error) {
	schema, _, err := from.SchemaVersion(ctx)
	if err != nil {
		return Made{}, err
	}
	for _, path := range []string{to.Records, to.Keys} {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return Made{}, fmt.Errorf("backup: %w", err)
		}
	}
	h := head{Backup: format, Pair: strings.ToLower(rand.Text()), CreatedAt: now.UTC(), Schema: schema}
	var drafts []*draft
	defer func() {
		for _, d := range drafts {
			err = errors.Join(err, d.drop())
		}
	}()
	for _, of := range []struct{ path, holds string }{{to.Keys, holdsKeys}, {to.Records, holdsRecords}} {
		h.Holds = of.holds
		d, err := begin(of.path, h)
		if err != nil {
			return Made{}, fmt.Errorf("backup: %w", err)
		}
		drafts = append(drafts, d)
	}
	keys, records := drafts[0], drafts[1]
	if err := from.Dump(ctx, records, keys); err != nil {
		return Made{}, fmt.Errorf("backup: %w", err)
	}
	if err := publish(keys, records); err != nil {
		return Made{}, fmt.Errorf("backup: %w", err)
	}
	return Made{Files: to, RecordLines: records.lines, KeyLines: keys.lines}, nil
}

// publish finishes both drafts before it names either, and unnames the first when the second fails.
func publish(first, second *draft) error {
	if err := errors.Join(first.end(), second.end()); err != nil {
		return err
	}
	if err := first.keep(); err != nil {
		return err
	}
	if err := second.keep(); err != nil {
		return errors.Join(err, os.Remove(first.path))
	}
	return nil
}
