package submit

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// Encodings lists how a file may be written.
func Encodings() []string { return []string{"utf-8", "gb18030"} }

// File is a CSV file, gzipped or not, with a header.
type File struct {
	Path     string
	Encoding string // one of Encodings; empty: utf-8
}

// row is one row of a file: its number, counted from 1 behind the header, its line, and its cells or
// what is wrong with it.
type row struct {
	number, line int
	cells        []string
	fault        error
}

// digest names the content of the file as it lies there.
func (f File) digest() (string, error) {
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

// text opens the file as UTF-8 without a byte order mark.
func (f File) text() (io.Reader, io.Closer, error) {
	file, err := os.Open(f.Path)
	if err != nil {
		return nil, nil, err
	}
	in := bufio.NewReader(file)
	if magic, _ := in.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		unzipped, err := gzip.NewReader(in)
		if err != nil {
			return nil, nil, errors.Join(fmt.Errorf("read %s: %w", f.Path, err), file.Close())
		}
		in = bufio.NewReader(unzipped)
	}
	switch encoding := strings.ToLower(f.Encoding); {
	case f.plain():
	case encoding == "gb18030" || encoding == "gbk" || encoding == "gb2312":
		in = bufio.NewReader(simplifiedchinese.GB18030.NewDecoder().Reader(in))
	default:
		return nil, nil, errors.Join(fmt.Errorf("encoding %q is none of %v", f.Encoding, Encodings()), file.Close())
	}
	if mark, _ := in.Peek(3); bytes.Equal(mark, []byte("\xef\xbb\xbf")) {
		_, _ = in.Discard(3)
	}
	return in, file, nil
}

// read visits the header and up to limit rows; a limit of 0 means all of them.
func (f File) read(ctx context.Context, comma string, limit int, header func([]string) error, visit func(row) error) error {
	in, closer, err := f.text()
	if err != nil {
		return err
	}
	defer closer.Close()
	table := csv.NewReader(in)
	table.FieldsPerRecord = -1 // a short row is that row's fault, not the file's
	if comma != "" {
		table.Comma, _ = utf8.DecodeRuneInString(comma)
	}
	names, err := table.Read()
	if err != nil {
		return fmt.Errorf("read the header of %s: %w", f.Path, err)
	}
	for i := range names {
		names[i] = strings.TrimSpace(names[i])
	}
	if err := header(names); err != nil {
		return err
	}
	for number := 1; limit == 0 || number <= limit; number++ {
		r, err := next(table, number, len(names))
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

// next reads a row; the error says that the file cannot be read on, a row's own fault stands in it.
func next(table *csv.Reader, number, columns int) (row, error) {
	cells, err := table.Read()
	r := row{number: number, cells: cells}
	var unreadable *csv.ParseError
	switch {
	case errors.As(err, &unreadable):
		r.line, r.fault = unreadable.StartLine, fmt.Errorf("line %d cannot be read: %w", unreadable.Line, unreadable.Err)
		return r, nil
	case err != nil:
		return r, err
	}
	r.line, _ = table.FieldPos(0)
	if len(cells) != columns {
		r.fault = fmt.Errorf("it has %d columns, the header has %d", len(cells), columns)
	}
	return r, nil
}

// readable says whether a cell is text. A character that was lost before the file was written is not
// our fault; one that we lose while we read another encoding is.
func (f File) readable(cell string) bool {
	return utf8.ValidString(cell) && (f.plain() || !strings.ContainsRune(cell, utf8.RuneError))
}

func (f File) plain() bool {
	encoding := strings.ToLower(f.Encoding)
	return encoding == "" || encoding == "utf-8" || encoding == "utf8"
}
