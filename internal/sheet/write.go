package sheet

import (
	"archive/zip"
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// Writer writes a table row by row, so that a table of any length takes constant memory. A cell is a
// string, an int, an int64, a float64, a bool, a time.Time, or nil for an empty one; a zero instant is
// empty too. What was written is whole only after Close.
type Writer interface {
	Row(cells ...any) error
	Close() error
}

// Instant is how an instant is written in CSV: UTC, to the microsecond, always as long.
const Instant = "2006-01-02T15:04:05.000000Z"

// CSV writes comma-separated UTF-8 with the names of the columns in the first row. Lines end with LF, for
// Go's writer changes texts that hold other ends where it is asked for CRLF. With mark it begins with a byte
// order mark, by which Excel knows that it is UTF-8.
//
// A text that a spreadsheet would take for a formula gets an apostrophe in front, and so does one that looks like that
// already.
func CSV(out io.Writer, mark bool, columns ...string) (Writer, error) {
	buffered := bufio.NewWriterSize(out, 32<<10)
	if mark {
		if _, err := buffered.WriteString("\ufeff"); err != nil {
			return nil, err
		}
	}
	w := &csvWriter{out: buffered, table: csv.NewWriter(buffered), cells: make([]string, len(columns))}
	return w, w.table.Write(columns)
}

type csvWriter struct {
	out   *bufio.Writer
	table *csv.Writer
	cells []string
}

func (w *csvWriter) Row(cells ...any) error {
	if len(cells) != len(w.cells) {
		return fmt.Errorf("a row of %d cells under %d columns", len(cells), len(w.cells))
	}
	for i, c := range cells {
		w.cells[i] = plain(c)
	}
	return w.table.Write(w.cells)
}

func (w *csvWriter) Close() error {
	w.table.Flush()
	return errors.Join(w.table.Error(), w.out.Flush())
}

// plain is a cell as text.
func plain(cell any) string {
	switch c := cell.(type) {
	case nil:
		return ""
	case string:
		return inert(c)
	case int:
		return strconv.Itoa(c)
	case int64:
		return strconv.FormatInt(c, 10)
	case float64:
		return strconv.FormatFloat(c, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(c)
	case time.Time:
		if c.IsZero() {
			return ""
		}
		return c.UTC().Format(Instant)
	default:
		return inert(fmt.Sprint(c))
	}
}

// formulas are the characters by which a spreadsheet takes a text for a formula; ends of lines and tabs it passes over.
const formulas = "=+-@\t\r\n＝＋－＠"

// inert keeps a spreadsheet from taking a text for a formula. A text that has apostrophes before such a character gets
// one more, so that whoever reads it takes one away from either.
func inert(text string) string {
	if bare := strings.TrimLeft(text, "'"); bare != "" && strings.ContainsRune(formulas, []rune(bare)[0]) {
		return "'" + text
	}
	return text
}

// MostRows is how many rows a sheet of Excel holds, the names of the columns among them.
const MostRows = excelize.TotalRows

// ErrTooLong says that a workbook has no room for more rows; CSV has.
var ErrTooLong = fmt.Errorf("a workbook holds %d rows; export CSV instead", MostRows-1)

// XLSX writes a workbook with one sheet. Instants become dates in zone, which the names of their columns
// should tell; texts are texts and never formulas. Rows are kept in a file until Close, which writes all
// of it to out.
func XLSX(out io.Writer, name string, zone *time.Location, columns ...string) (Writer, error) {
	w := &xlsxWriter{out: out, zone: zone, book: excelize.NewFile(), columns: len(columns)}
	err := w.begin(name, columns)
	if err != nil {
		return nil, errors.Join(err, w.book.Close())
	}
	return w, nil
}

type xlsxWriter struct {
	out     io.Writer
	zone    *time.Location
	book    *excelize.File
	stream  *excelize.StreamWriter
	instant int // the style of instants
	columns int
	rows    int
}

func (w *xlsxWriter) begin(name string, columns []string) (err error) {
	if err = w.book.SetSheetName("Sheet1", name); err != nil {
		return err
	}
	if w.stream, err = w.book.NewStreamWriter(name); err != nil {
		return err
	}
	format := "yyyy-mm-dd hh:mm:ss"
	if w.instant, err = w.book.NewStyle(&excelize.Style{CustomNumFmt: &format}); err != nil {
		return err
	}
	head, err := w.book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	names := make([]any, len(columns))
	for i, c := range columns {
		names[i] = excelize.Cell{StyleID: head, Value: c}
		if err := w.stream.SetColWidth(i+1, i+1, float64(min(max(len(c)+2, 10), 40))); err != nil {
			return err
		}
	}
	if err := w.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	w.rows = 1
	return w.stream.SetRow("A1", names)
}

func (w *xlsxWriter) Row(cells ...any) error {
	if len(cells) != w.columns {
		return fmt.Errorf("a row of %d cells under %d columns", len(cells), w.columns)
	}
	if w.rows++; w.rows > MostRows {
		return ErrTooLong
	}
	row := make([]any, len(cells))
	for i, c := range cells {
		row[i] = w.cell(c)
	}
	return w.stream.SetRow("A"+strconv.Itoa(w.rows), row)
}

func (w *xlsxWriter) cell(cell any) any {
	switch c := cell.(type) {
	case nil, int, int64, float64, bool:
		return c
	case string:
		return legal(c)
	case time.Time:
		if c.IsZero() {
			return nil
		}
		at := c.In(w.zone) // a date of Excel has no zone: the hands of the clock as they stood there
		return excelize.Cell{StyleID: w.instant, Value: time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), at.Second(), at.Nanosecond(), time.UTC)}
	default:
		return legal(fmt.Sprint(c))
	}
}

// legal is a text as a cell of Excel can hold it: no longer than its 32,767 characters.
func legal(text string) string {
	if len(text) <= excelize.TotalCellChars {
		return text
	}
	if runes := []rune(text); len(runes) > excelize.TotalCellChars {
		return string(runes[:excelize.TotalCellChars])
	}
	return text
}

func (w *xlsxWriter) Close() error {
	err := w.stream.Flush()
	if err == nil {
		// Whole in memory is how a workbook is put together by itself: straight to out it needs no more than its rows did.
		w.book.SetZipWriter(func(io.Writer) excelize.ZipWriter { return zip.NewWriter(w.out) })
		_, err = w.book.WriteToBuffer()
	}
	return errors.Join(err, w.book.Close())
}
