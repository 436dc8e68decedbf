package history

import (
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"recourse/internal/document"
	"recourse/internal/sheet"
)

// table is an open file whose columns are found.
type table struct {
	*sheet.Table
	m    *Mapping
	file int     // among the files of the log
	at   [][]int // indexes of cells, by slot of the column

	asOf   time.Time // end of the log; zero: it has none
	latest time.Time // when it is: nothing happened later. Zero: nobody asks
}

// open opens a file of the log.
func (m *Mapping) open(path string) (*sheet.Table, error) {
	f := m.file
	f.Path = path
	return f.Open()
}

// bind finds the columns of the mapping in a file, and says which it does not have.
func (m *Mapping) bind(t *sheet.Table, path string, file int) (*table, []document.Fault) {
	b := &table{Table: t, m: m, file: file, at: make([][]int, len(m.columns))}
	var faults []document.Fault
	for _, c := range m.columns {
		for _, ref := range c.refs {
			i, says := locate(t, ref)
			if ref.name == "" && ref.position < 1 {
				says = "" // no column at all, which was told
			}
			if says != "" {
				faults = append(faults, document.Fault{
					Path: ref.path, Line: m.lines.Of(ref.path), Says: fmt.Sprintf("%s: %s", filepath.Base(path), says),
				})
			}
			b.at[c.slot] = append(b.at[c.slot], i)
		}
	}
	document.Sort(faults)
	return b, faults
}

// Misfits says which columns of a mapping the files lack, so that it can be told together with what is wrong with
// the mapping itself. What is wrong with the files is not told: how they are written may be what is wrong.
func (m *Mapping) Misfits(files []string) (faults []document.Fault) {
	for i, path := range files {
		t, err := m.open(path)
		if err != nil {
			continue
		}
		_, lacking := m.bind(t, path, i)
		_ = t.Close() // it was only read
		if !m.misread || len(lacking) < m.refs() {
			faults = append(faults, lacking...)
		}
	}
	return faults
}

// refs counts how often the mapping names a column.
func (m *Mapping) refs() (n int) {
	for _, c := range m.columns {
		n += len(c.refs)
	}
	return n
}

// locate is the index of a column, or what is wrong with its name.
func locate(t *sheet.Table, r ref) (index int, says string) {
	if r.position > 0 {
		if r.position > t.Columns {
			return 0, fmt.Sprintf("the file has %d columns and none at position %d", t.Columns, r.position)
		}
		return r.position - 1, ""
	}
	if t.Header == nil {
		return 0, fmt.Sprintf("the file has no header, so %q is named by its position: {position: 3}", r.name)
	}
	var places []string
	for i, name := range t.Header {
		if name == r.name {
			index = i
			places = append(places, strconv.Itoa(i+1))
		}
	}
	switch {
	case len(places) == 1:
		return index, ""
	case len(places) > 1:
		return 0, fmt.Sprintf("the header %q stands at positions %s: name it by one of them, as in {position: %s}",
			r.name, strings.Join(places, " and "), places[0])
	}
	if slices.ContainsFunc(t.Header, func(name string) bool { return !t.Readable(name) }) {
		return 0, fmt.Sprintf("there is no column %q, and some characters of the header cannot be read; is file.encoding right?", r.name)
	}
	return 0, fmt.Sprintf("there is no column %q%s; there are %s", r.name, hint(t.Header, r.name), strings.Join(t.Header, ", "))
}

// hint is why a header may lack a name.
func hint(header []string, name string) string {
	if len(header) == 1 && strings.ContainsAny(header[0], ";\t|,") {
		return " (is file.delimiter right?)"
	}
	for _, h := range header {
		if strings.EqualFold(strings.Join(strings.Fields(h), ""), strings.Join(strings.Fields(name), "")) {
			return fmt.Sprintf(" (%q is written otherwise)", h)
		}
	}
	return ""
}

// cell is what a row says in a column; empty: it does not say.
func (t *table) cell(r sheet.Row, c *column) (text string, err error) {
	if c == nil {
		return "", nil
	}
	var parts []string
	for _, i := range t.at[c.slot] {
		part := strings.TrimSpace(r.Cells[i])
		if t.Workbook && !c.says[part] && !t.silent(c, part) {
			part = plain(part)
		}
		if t.silent(c, part) {
			continue
		}
		if !t.Readable(part) {
			return "", errors.New("some characters cannot be read; is file.encoding right?")
		}
		if len(part) > maxCell {
			return "", fmt.Errorf("it has %d bytes; at most %d are read", len(part), maxCell)
		}
		if c.how == howFirst {
			return part, nil
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, " "), nil
}

// silent says whether a cell is one of those that say nothing.
func (t *table) silent(c *column, text string) bool {
	if c.unknown != nil {
		return text == "" || c.unknown[text]
	}
	return t.m.unknown[text]
}

// plain is a whole number as people write it: workbooks keep 1 as 1.0 and a long number as 2.023E10.
func plain(text string) string {
	whole, fraction, is := strings.Cut(text, ".")
	if is && fraction != "" && strings.Trim(fraction, "0") == "" && isDigits(strings.TrimPrefix(whole, "-")) {
		return whole
	}
	mantissa, exponent, is := strings.Cut(text, "E")
	if !is || !strings.Contains(mantissa, ".") || !isDigits(exponent) {
		return text
	}
	if n, err := strconv.ParseFloat(text, 64); err == nil && n == math.Trunc(n) && math.Abs(n) < 1<<53 {
		return strconv.FormatInt(int64(n), 10)
	}
	return text
}

func isDigits(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }

// maxCell bounds a cell that is read, in bytes.
const maxCell = 4096

// instant is when a row says that something was; zero: it does not say.
func (t *table) instant(r sheet.Row, c *column, turns *[3]int) (time.Time, error) {
	text, err := t.cell(r, c)
	if text == "" || err != nil {
		return time.Time{}, err
	}
	forms := c.forms
	if forms == nil {
		forms = t.m.forms
	}
	at, turned, err := instant(text, forms, t.m.zone, t.Since1904)
	if err == nil {
		turns[turned]++
	}
	return at, err
}
