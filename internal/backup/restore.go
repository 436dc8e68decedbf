package backup

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"recourse/models"
)

// Target is the empty, migrated record that a backup is put back into. What it says of its loading is
// its own affair: both files were read before, and more is known of them.
type Target[Loaded any] interface {
	// Load puts a dump back, all of it or nothing; it refuses a store that is not empty.
	Load(ctx context.Context, records, keys io.Reader) (Loaded, error)
	// SchemaVersion is the version of the database and the one this program knows.
	SchemaVersion(ctx context.Context) (current, known int64, err error)
	Eraser
}

// Options say how a backup is put back.
type Options struct {
	Journal     *Journal                    // of erasures; nil: only those that the records know
	WithoutKeys bool                        // go on although keys are missing: what they sealed cannot be read
	Check       func(context.Context) error // proves the restored record; nil: nobody asks
}

// Restored is what was put back.
type Restored struct {
	CreatedAt   time.Time // when the backup was made
	Rows        int64     // of records
	OtherKeys   bool      // the keys were written with another backup than the records
	KeysMissing []string  // ids of keys that were not erased and are not there
	Erased      []string  // customers whom the journal says were erased since
}

// Restore puts a backup back into an empty store, whichever database either is. Before it writes
// anything it reads both files to their ends. Then customers erased since are erased again, and the
// caller's check has the last word.
func Restore[Loaded any](ctx context.Context, to Target[Loaded], from Files, opts Options) (Restored, error) {
	done, err := inspect(ctx, to, from, opts)
	if err != nil {
		return Restored{}, fmt.Errorf("restore: %w; nothing was written", err)
	}
	records, keys := lines(from.Records, holdsRecords), lines(from.Keys, holdsKeys)
	_, err = to.Load(ctx, records, keys)
	// Whoever writes into a pipe that nobody reads any more must hear of it.
	if err = errors.Join(err, records.Close(), keys.Close()); err != nil {
		return Restored{}, fmt.Errorf("restore: %w; nothing was written", err)
	}
	if done.Erased, err = replay(ctx, to, opts.Journal); err != nil {
		return done, fmt.Errorf("restore: the record is back, but not everybody erased since was erased again: %w", err)
	}
	if opts.Check != nil {
		if err := opts.Check(ctx); err != nil {
			return done, fmt.Errorf("restore: the record is back, but does not pass the check: %w", err)
		}
	}
	return done, nil
}

// inspect reads both files to their ends and says whether they can be put back.
func inspect[Loaded any](ctx context.Context, to Target[Loaded], from Files, opts Options) (done Restored, err error) {
	_, known, err := to.SchemaVersion(ctx)
	if err != nil {
		return done, err
	}
	have := map[string]bool{}
	keys, err := read(from.Keys, holdsKeys, func(line []byte) error {
		if row, is := keyOf(line); is {
			have[row.ID] = true
		}
		return nil
	})
	if err != nil {
		return done, err
	}
	records, err := read(from.Records, holdsRecords, func(line []byte) error {
		if bytes.HasPrefix(line, []byte(`{"table":`)) {
			done.Rows++
		}
		if row, is := keyOf(line); is && row.ErasedAt == nil && !have[row.ID] {
			done.KeysMissing = append(done.KeysMissing, row.ID)
		}
		return nil
	})
	done.CreatedAt, done.OtherKeys = records.CreatedAt, records.Pair != keys.Pair
	switch {
	case err != nil:
		return done, err
	case records.Schema > known:
		return done, fmt.Errorf("the backup is of schema %d, this program knows %d: use a newer program", records.Schema, known)
	case len(done.KeysMissing) > 0 && !opts.WithoutKeys:
		return done, fmt.Errorf("%s lacks %d keys of the records, %s among them (it was made %s, the records %s)", from.Keys,
			len(done.KeysMissing), done.KeysMissing[0], keys.CreatedAt.Format(time.RFC3339), records.CreatedAt.Format(time.RFC3339))
	}
	return done, nil
}

type keyRow struct {
	ID       string     `json:"id"`
	ErasedAt *time.Time `json:"erased_at"`
}

// keyOf reads a line about a data key, of either file.
func keyOf(line []byte) (keyRow, bool) {
	var l struct {
		Table string `json:"table"`
		Row   keyRow `json:"row"`
	}
	if !bytes.Contains(line, []byte(`"table":"keys"`)) { // spares reading the others
		return keyRow{}, false
	}
	err := json.Unmarshal(line, &l)
	return l.Row, err == nil && l.Table == "keys"
}

// lines is the dump inside a file. It is checked once more while it is read, so that what is put
// back is what was inspected.
func lines(path, holds string) io.ReadCloser {
	out, in := io.Pipe()
	go func() {
		_, err := read(path, holds, func(line []byte) error {
			_, err := in.Write(line)
			return err
		})
		in.CloseWithError(err)
	}()
	return out
}

// replay erases everybody again whom the journal names, and lets the journal know of those whom only
// the record does.
func replay(ctx context.Context, to Eraser, journal *Journal) (again []string, err error) {
	if journal == nil {
		return nil, nil
	}
	erased, err := to.Erasures(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range erased {
		if err := journal.Add(c.ID, *c.ErasedAt); err != nil {
			return nil, err
		}
	}
	all, err := journal.All()
	if err != nil {
		return nil, err
	}
	for _, e := range all {
		if slices.ContainsFunc(erased, func(c models.Customer) bool { return c.ID == e.Customer }) {
			continue
		}
		err := to.Erase(ctx, e.Customer, e.At)
		if models.CodeOf(err) == models.CodeNotFound {
			continue // came after the backup
		}
		if err != nil {
			return again, err
		}
		again = append(again, e.Customer)
	}
	return again, nil
}
