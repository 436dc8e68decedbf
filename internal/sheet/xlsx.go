package sheet

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// inMemory bounds what of a workbook's parts is unpacked in memory, in bytes; larger parts are unpacked
// to temporary files.
const inMemory = 1 << 20

// maxUnpacked bounds a workbook unpacked, in bytes.
const maxUnpacked = 8 << 30

// sheetRows reads the rows of one sheet of a workbook. Cells are read as they are kept, not as they are
// shown: a date is a number of days, whatever form it is shown in.
type sheetRows struct {
	book *excelize.File
	rows *excelize.Rows
	line int
}

func (f File) openWorkbook() (*Table, error) {
	book, err := excelize.OpenFile(f.Path, excelize.Options{RawCellValue: true, UnzipXMLSizeLimit: inMemory, UnzipSizeLimit: maxUnpacked})
	if err != nil {
		return nil, err
	}
	name, err := f.sheet(book.GetSheetList())
	if err != nil {
		return nil, errors.Join(err, book.Close())
	}
	rows, err := book.Rows(name)
	if err != nil {
		return nil, errors.Join(err, book.Close())
	}
	s := &sheetRows{book: book, rows: rows}
	props, err := book.GetWorkbookProps()
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	for range f.Skip {
		if s.line++; !rows.Next() {
			return nil, errors.Join(fmt.Errorf("it has not even the %d lines before the header", f.Skip), s.Close())
		}
		if _, err := rows.Columns(); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	return &Table{rows: s, Workbook: true, Since1904: props.Date1904 != nil && *props.Date1904}, nil
}

// sheet is the name of the sheet that is the table.
func (f File) sheet(names []string) (string, error) {
	switch {
	case slices.Contains(names, f.Sheet):
		return f.Sheet, nil
	case f.Sheet != "":
		return "", fmt.Errorf("the workbook has no sheet %q; it has %s", f.Sheet, strings.Join(names, ", "))
	case len(names) == 1:
		return names[0], nil
	default:
		return "", fmt.Errorf("say which sheet; the workbook has %s", strings.Join(names, ", "))
	}
}

// next skips rows in which nothing stands: they are gaps.
func (s *sheetRows) next() (Row, error) {
	for s.rows.Next() {
		s.line++
		cells, err := s.rows.Columns()
		if err != nil {
			return Row{Line: s.line, Fault: fmt.Errorf("line %d cannot be read: %w", s.line, err)}, nil
		}
		if slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" }) {
			return Row{Line: s.line, Cells: cells}, nil
		}
	}
	if err := s.rows.Error(); err != nil {
		return Row{}, err
	}
	return Row{}, io.EOF
}

// pad adds the empty cells at the end that a workbook leaves out, and takes away those too many that say nothing.
func (s *sheetRows) pad(cells []string, columns int) []string {
	for len(cells) < columns {
		cells = append(cells, "")
	}
	for len(cells) > columns && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	return cells
}

// Close implements rows.
func (s *sheetRows) Close() error { return errors.Join(s.rows.Close(), s.book.Close()) }
