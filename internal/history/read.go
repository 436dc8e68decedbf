package history

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"recourse/internal/document"
	"recourse/internal/sheet"
	"recourse/models"
)

// Options say how a log is read.
type Options struct {
	AsOf     time.Time       // up to when the log reaches; what lies behind is left out. Zero: all of it
	Language models.Language // of complaints of which the log does not tell it; empty: zh-CN
	Now      time.Time       // without AsOf, what is said to have happened later is refused. Zero: nothing is
	Temp     string          // folder for temporary files; empty: the system's
	Fault    func(Fault)     // is told every fault as it is found; nil: nobody is
	Progress func(rows int)  // is told how many rows were read, now and then; nil: nobody is

	inPart int64 // bytes of records that are sorted in memory at a time; 0: maxInPart
}

// ErrMapping says that the mapping does not fit the files. Its text names every fault with its line.
type ErrMapping struct{ Faults []document.Fault }

func (e *ErrMapping) Error() string {
	lines := make([]string, len(e.Faults))
	for i, f := range e.Faults {
		lines[i] = f.String()
	}
	return fmt.Sprintf("the mapping has %d faults:\n%s", len(e.Faults), strings.Join(lines, "\n"))
}

// Read reads the files of a log, one after another as if they were one, and visits the history of every
// case, in an order that is the same every time. The report says what the log came to; it is whole only
// without an error. Nothing is visited before every file is found to have the columns of the mapping.
func (m *Mapping) Read(ctx context.Context, files []string, opt Options, visit func(History) error) (report Report, err error) {
	l := &reading{m: m, opt: opt, files: files, report: Report{
		Source: m.Source, AsOf: opt.AsOf, moves: map[models.Kind]int{}, fields: map[string]int{},
	}}
	if err := l.fit(); err != nil {
		return l.report, err
	}
	folder, err := os.MkdirTemp(opt.Temp, "recourse-history-*")
	if err != nil {
		return l.report, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	l.spill = &spill{folder: folder, most: cmp.Or(opt.inPart, maxInPart)}
	defer func() { err = errors.Join(err, l.spill.drop()) }()
	for i := range files {
		if err := l.rows(ctx, i); err != nil {
			return l.report, err
		}
	}
	if err := l.cases(ctx, visit); err != nil {
		return l.report, err
	}
	l.report.finish()
	return l.report, nil
}

// reading is a log under way.
type reading struct {
	m      *Mapping
	opt    Options
	files  []string
	report Report
	spill  *spill
	turns  [3]int
	read   int
}

func (l *reading) tell(f Fault) {
	if l.opt.Fault != nil {
		l.opt.Fault(f)
	}
}

// fit says whether every file has the columns that the mapping names, and names the files.
func (l *reading) fit() error {
	if l.m.Volumes() {
		return errors.New("this mapping is for volumes, not for cases")
	}
	faults, digests, err := l.m.fit(l.files)
	if err != nil {
		return err
	}
	for i, path := range l.files {
		l.report.Files = append(l.report.Files, FileRead{Path: path, Digest: digests[i]})
	}
	if len(faults) > 0 {
		return &ErrMapping{Faults: faults}
	}
	return nil
}

// fit opens every file once: it names them by their digests and says which columns they lack.
func (m *Mapping) fit(files []string) (faults []document.Fault, digests []string, err error) {
	for i, path := range files {
		digest, err := sheet.File{Path: path}.Digest()
		if err != nil {
			return nil, nil, err
		}
		if at := slices.Index(digests, digest); at >= 0 {
			return nil, nil, fmt.Errorf("%s is the same file as %s", path, files[at])
		}
		digests = append(digests, digest)
		t, err := m.open(path)
		if err != nil {
			return nil, nil, err
		}
		_, found := m.bind(t, path, i)
		if err := t.Close(); err != nil {
			return nil, nil, err
		}
		faults = append(faults, found...)
	}
	return faults, digests, nil
}

// tellEvery is after how many rows progress is told.
const tellEvery = 1000

// rows reads one file, and keeps what its rows say until the cases are put together.
func (l *reading) rows(ctx context.Context, i int) (err error) {
	t, err := l.m.open(l.files[i])
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, t.Close()) }()
	b, _ := l.m.bind(t, l.files[i], i)
	b.asOf = l.opt.AsOf
	if l.opt.AsOf.IsZero() {
		b.latest = l.opt.Now
	}
	for {
		r, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read %s: %w", l.files[i], err)
		}
		l.report.Files[i].Rows++
		l.report.RowsRead++
		if l.read++; l.read%tellEvery == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
			if l.opt.Progress != nil {
				l.opt.Progress(l.read)
			}
		}
		if err := l.row(b, r); err != nil {
			return err
		}
	}
}

func (l *reading) row(b *table, r sheet.Row) error {
	rec, wanted, faults := b.understand(r, &l.turns, &l.report.names)
	switch {
	case !wanted:
		l.report.RowsSkipped++
		return nil
	case len(faults) > 0:
		l.report.RowsRefused++
		for _, f := range faults {
			f.File = filepath.Base(l.files[b.file])
			l.tell(f)
		}
		return nil
	case l.m.Rows == RowsEvents && b.behind(rec.at):
		l.report.Behind.Rows++
		if !soundNumber(rec.number) {
			return nil
		}
	}
	return l.spill.add(rec) // one behind the end, too: its case may have no other
}

// cases puts the rows of each case together.
func (l *reading) cases(ctx context.Context, visit func(History) error) error {
	b := &builder{m: l.m, opt: l.opt, report: &l.report, tell: l.tell}
	for i, path := range l.files {
		b.files = append(b.files, filepath.Base(path))
		b.digest = append(b.digest, l.report.Files[i].Digest)
	}
	l.report.Gaps, l.report.Twice = l.turns[turnGap], l.turns[turnTwice]
	l.report.Transfers.Known, l.report.Reopens.Known = l.m.transfers != nil, l.m.reopens != nil
	return l.spill.each(func(all []record) error {
		slices.SortStableFunc(all, func(x, y record) int { return strings.Compare(x.number, y.number) })
		for len(all) > 0 {
			n := 1
			for n < len(all) && all[n].number == all[0].number {
				n++
			}
			h, is := b.build(all[:n:n])
			all = all[n:]
			if !is {
				continue
			}
			l.report.add(h)
			if err := errors.Join(ctx.Err(), visit(h)); err != nil {
				return err
			}
		}
		return nil
	})
}

// AsOfNeeded says that cases are open in the log and nobody said up to when it reaches.
func (r Report) AsOfNeeded() error {
	if r.Open == 0 || !r.AsOf.IsZero() {
		return nil
	}
	return fmt.Errorf("%d of %d cases are open in this log; say with --as-of up to when it reaches, for they were open then", r.Open, r.Cases)
}

// Instant reads an instant that a person gives with a log: ISO 8601, in the mapping's zone when it names no
// offset.
func (m *Mapping) Instant(text string) (time.Time, error) {
	c, ok := readISO(strings.TrimSpace(text), false)
	if !ok {
		return time.Time{}, fmt.Errorf("%q is not an instant such as 2017-03-01T00:00:00Z or 2017-03-01 08:00", text)
	}
	at, _ := c.in(m.zone)
	return at, nil
}
