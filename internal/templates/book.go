package templates

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"recourse/models"
)

// readEvery is how long a book may go by what it has read: every process looks at the record four times a
// minute.
const readEvery = 15 * time.Second

// Record keeps the versions.
type Record interface {
	// Templates returns the latest version of every text that a company put in place of the product's.
	Templates(ctx context.Context) ([]models.Template, error)
}

// Book writes messages: in the company's own words where there are some, else in the product's.
type Book struct {
	record Record
	now    func() time.Time
	log    *slog.Logger

	mu     sync.Mutex
	readAt time.Time // zero: never
	kept   map[Key]version
}

// version is a company's text as it was read.
type version struct {
	number int64
	letter letter
	own    bool // it is the product's own words again, or none that can be read
}

// NewBook makes a book that has read nothing yet.
func NewBook(record Record, now func() time.Time, log *slog.Logger) *Book {
	return &Book{record: record, now: now, log: log}
}

// Render writes a message. Words of the company that cannot be written, which they could when they were
// tried, are told to the log, and the product's go out: a message that says it otherwise is better than none.
func (b *Book) Render(ctx context.Context, k Key, v Values) (subject, body string, err error) {
	is, err := b.version(ctx, k)
	if err != nil {
		return "", "", err
	}
	if !is.own {
		if subject, body, err = is.letter.render(k, v, guard); err == nil {
			return subject, body, nil
		}
		b.log.Warn("a template cannot be written; the product's own words go out", "template", k.Name, "language", k.Language, "medium", k.Medium, "version", is.number, "error", err)
	}
	return Render(k, v)
}

// version is the company's text for a key.
func (b *Book) version(ctx context.Context, k Key) (version, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.refresh(ctx); err != nil {
		return version{}, err
	}
	if is, found := b.kept[k]; found {
		return is, nil
	}
	return version{own: true}, nil
}

// refresh reads what is due. While the record does not answer, what was read goes on to hold; what was
// never read is not guessed.
func (b *Book) refresh(ctx context.Context) error {
	now := b.now()
	if !b.readAt.IsZero() && now.Sub(b.readAt) < readEvery {
		return nil
	}
	rows, err := b.record.Templates(ctx)
	if err != nil {
		if !b.readAt.IsZero() {
			return nil
		}
		return err
	}
	kept := make(map[Key]version, len(rows))
	for _, row := range rows {
		k := KeyOf(row)
		if was, is := b.kept[k]; is && was.number == row.Version {
			kept[k] = was
			continue
		}
		kept[k] = b.opened(row)
	}
	b.kept, b.readAt = kept, now
	return nil
}

// opened reads a version on record.
func (b *Book) opened(row models.Template) version {
	v := version{number: row.Version, own: row.Body == ""}
	if v.own {
		return v
	}
	var err error
	if v.letter, err = parsed(Draft{row.Subject, row.Body}); err != nil {
		b.log.Warn("a template cannot be read; the product's own words go out", "template", row.Name, "language", row.Language, "medium", row.Medium, "version", row.Version, "error", err)
		v.own = true
	}
	return v
}

// KeyOf says which text a version is of.
func KeyOf(row models.Template) Key { return Key{row.Name, row.Language, row.Medium} }
