package sheet

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// maxRow bounds a row, in bytes: a quote that is never closed would else be a row as long as the file.
const maxRow = 4 << 20

// csvRows reads the rows of a CSV file.
type csvRows struct {
	table   *csv.Reader
	bound   *bounded
	skipped int // lines before the header
	last    int // line where the last row that could be read ends
	closers []io.Closer
}

// openCSV reads a CSV file, gzipped or not, and closes the closers with it.
func (f File) openCSV(in *bufio.Reader, closers ...io.Closer) (*Table, error) {
	c := &csvRows{closers: closers}
	fail := func(err error) (*Table, error) { return nil, errors.Join(err, c.Close()) }
	if magic, _ := in.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		unzipped, err := gzip.NewReader(in)
		if err != nil {
			return fail(err)
		}
		in = bufio.NewReader(unzipped)
	}
	text, decoded, err := f.text(in)
	if err != nil {
		return fail(err)
	}
	c.bound = &bounded{in: text, left: maxRow}
	lines := bufio.NewReader(c.bound)
	for range f.Skip {
		c.skipped++
		if _, err := lines.ReadString('\n'); err != nil {
			return fail(fmt.Errorf("it has not even the %d lines before the header: %w", f.Skip, err))
		}
	}
	c.table = csv.NewReader(lines)
	c.table.FieldsPerRecord = -1 // a short row is that row's fault, not the file's
	c.table.LazyQuotes = f.Lax
	if f.Comma != "" {
		c.table.Comma, _ = utf8.DecodeRuneInString(f.Comma)
	}
	return &Table{rows: c, decoded: decoded}, nil
}

func (c *csvRows) next() (Row, error) {
	c.bound.left = maxRow
	cells, err := c.table.Read()
	r := Row{Cells: cells}
	var unreadable *csv.ParseError
	switch {
	case errors.As(err, &unreadable):
		r.Line = unreadable.StartLine + c.skipped
		r.Fault = fmt.Errorf("line %d cannot be read: %w", unreadable.Line+c.skipped, unreadable.Err)
		return r, nil
	case errors.Is(err, errLongRow):
		return r, fmt.Errorf("behind line %d: %w", c.last, err)
	case err != nil:
		return r, err
	}
	r.Line, _ = c.table.FieldPos(0)
	r.Line += c.skipped
	c.last, _ = c.table.FieldPos(len(cells) - 1)
	c.last += c.skipped + strings.Count(cells[len(cells)-1], "\n")
	return r, nil
}

// Close implements rows.
func (c *csvRows) Close() (err error) {
	for _, closer := range c.closers {
		err = errors.Join(err, closer.Close())
	}
	return err
}

var errLongRow = fmt.Errorf("a row of more than %d MiB; is there a quote that nothing closes?", maxRow>>20)

// bounded reads only so much on for one row.
type bounded struct {
	in   io.Reader
	left int // bytes
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left < -len(p) { // a buffer in between may read ahead
		return 0, errLongRow
	}
	n, err := b.in.Read(p)
	b.left -= n
	return n, err
}

// Commas are the names that a mapping may use for characters between columns that nobody sees.
func Commas(name string) string {
	switch strings.ToLower(name) {
	case "tab", `\t`:
		return "\t"
	case "comma":
		return ","
	case "semicolon":
		return ";"
	case "pipe":
		return "|"
	}
	return name
}
