package sheet

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"
)

// File is a table in a file and how it is written there. The zero value of every field but Path is a CSV
// file in UTF-8 with commas, whose first line is the header. A workbook is known by its content.
type File struct {
	Path     string
	Encoding string // of CSV, one of Encodings; empty: utf-8. A byte order mark goes over it
	Comma    string // of CSV, the one character between columns; empty: a comma
	Lax      bool   // of CSV, quotes may stand where they should not
	Sheet    string // of a workbook or zip with several tables; empty: there is only one
	Skip     int    // lines before the header
	Headless bool   // there is no header: the first row is data
}

// Row is one row of a table: its number, counted from 1 behind the header, its line in the file, and its
// cells or what is wrong with it.
type Row struct {
	Number, Line int
	Cells        []string
	Fault        error
}

// Table is an open file. It must be closed.
type Table struct {
	Header  []string // trimmed; nil when the file is headless
	Columns int      // that every row has
	// Since1904 says that the workbook counts days from 1904, as old Macs did.
	Since1904 bool
	Workbook  bool // whole numbers may be kept as 1.0 or 2.5E3

	rows    rows
	number  int
	first   *Row // of a headless file: read already, to know its width
	decoded bool // from another encoding, in which a character may get lost
}

// rows is what a format gives: the next row as it lies there, io.EOF behind the last.
type rows interface {
	next() (Row, error)
	Close() error
}

// Digest names the content of the file as it lies there: hex SHA-256.
func (f File) Digest() (string, error) {
	in, err := os.Open(f.Path)
	if err != nil {
		return "", err
	}
	defer in.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, in); err != nil {
		return "", fmt.Errorf("read %s: %w", f.Path, err)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// Open opens the table and reads its header.
func (f File) Open() (*Table, error) {
	t, err := f.open()
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", f.Path, err)
	}
	if err := t.begin(f); err != nil {
		return nil, errors.Join(err, t.Close())
	}
	return t, nil
}

func (f File) open() (*Table, error) {
	file, err := os.Open(f.Path)
	if err != nil {
		return nil, err
	}
	in := bufio.NewReader(file)
	magic, _ := in.Peek(4)
	if bytes.Equal(magic, []byte("PK\x03\x04")) {
		if err := file.Close(); err != nil {
			return nil, err
		}
		return f.openZip()
	}
	if bytes.HasPrefix(magic, []byte{0xd0, 0xcf, 0x11, 0xe0}) {
		return nil, errors.Join(errors.New("this is an old or a locked workbook; save it as .xlsx without a password, or as CSV"), file.Close())
	}
	return f.openCSV(in, file)
}

// begin reads the header, or the first row of a file that has none.
func (t *Table) begin(f File) error {
	first, err := t.rows.next()
	switch {
	case errors.Is(err, io.EOF):
		return fmt.Errorf("%s is empty", f.Path)
	case err != nil || first.Fault != nil:
		return fmt.Errorf("read the header of %s: %w", f.Path, errors.Join(err, first.Fault))
	}
	t.Columns = len(first.Cells)
	if f.Headless {
		t.first = &first
		return nil
	}
	t.Header = first.Cells
	for i := range t.Header {
		t.Header[i] = strings.TrimSpace(t.Header[i])
	}
	return nil
}

// Next returns the next row; io.EOF behind the last. The error says that the file cannot be read on, a
// row's own fault stands in it.
func (t *Table) Next() (Row, error) {
	r, err := t.take()
	if err != nil {
		return r, err
	}
	t.number++
	r.Number = t.number
	if r.Fault == nil && len(r.Cells) != t.Columns {
		than := "the header"
		if t.Header == nil {
			than = "the first row"
		}
		r.Fault = fmt.Errorf("it has %d columns, %s has %d", len(r.Cells), than, t.Columns)
	}
	return r, nil
}

func (t *Table) take() (Row, error) {
	if t.first != nil {
		r := *t.first
		t.first = nil
		return r, nil
	}
	r, err := t.rows.next()
	if excess := len(r.Cells) - t.Columns; t.Columns > 0 && excess != 0 {
		if padded, is := t.rows.(padder); is {
			r.Cells = padded.pad(r.Cells, t.Columns)
		}
	}
	return r, err
}

// padder is a format that leaves empty cells at the end of a row out, or has some behind it.
type padder interface {
	pad(cells []string, columns int) []string
}

// Readable says whether a cell is text, which databases take: without NUL. A character that was lost before the file was written is not
// our fault; one that we lose while we read another encoding is.
func (t *Table) Readable(cell string) bool {
	return utf8.ValidString(cell) && !strings.ContainsRune(cell, 0) && (!t.decoded || !strings.ContainsRune(cell, utf8.RuneError))
}

// Close closes the file.
func (t *Table) Close() error { return t.rows.Close() }

// Read visits the header and up to limit rows; a limit of 0 means all of them.
func (f File) Read(ctx context.Context, limit int, header func(*Table) error, visit func(Row) error) (err error) {
	t, err := f.Open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, t.Close()) }()
	if err := header(t); err != nil {
		return err
	}
	for number := 1; limit == 0 || number <= limit; number++ {
		r, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read %s: %w", f.Path, err)
		}
		if err := errors.Join(ctx.Err(), visit(r)); err != nil {
			return err
		}
	}
	return nil
}
