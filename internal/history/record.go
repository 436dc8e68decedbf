package history

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"recourse/internal/sheet"
)

// longestNumber is how long the number of a case may be there, in bytes: an index of it has no more room.
const longestNumber = 256

// record is what one row of the log says, understood.
type record struct {
	file, line         int
	number             string
	order, by          string
	activity, state    string
	at, received, due  time.Time
	stones             []time.Time // by milestone of the mapping
	fields             []string    // by slot
	transfers, reopens int         // none: unsaid
}

const unsaid = -1

// rowFaults are what is wrong with a row.
type rowFaults []Fault

var errFuture = errors.New("it lies in the future; with --as-of what is behind it is left out")

// understand reads a row; with a fault it is refused. Of a row behind the end of the log only its number and its
// instant are read. wanted says that the mapping's filters keep it.
func (t *table) understand(r sheet.Row, turns *[3]int, names *nameCounts) (rec record, wanted bool, faults rowFaults) {
	rec = record{file: t.file, line: r.Line, transfers: unsaid, reopens: unsaid}
	if r.Fault != nil {
		return rec, true, rowFaults{{Line: r.Line, Row: r.Number, Says: r.Fault.Error()}}
	}
	m := t.m
	fault := func(c *column, err error) {
		if err == nil {
			return
		}
		f := Fault{Line: r.Line, Row: r.Number, Case: rec.number, Column: columnName(c), Says: err.Error()}
		if !slices.Contains(faults, f) { // a column may be several milestones
			faults = append(faults, f)
		}
	}
	text := func(c *column) string {
		said, err := t.cell(r, c)
		fault(c, err)
		return said
	}
	when := func(c *column) time.Time {
		at, err := t.instant(r, c, turns)
		if err == nil && !t.latest.IsZero() && at.After(t.latest) {
			err = errFuture
		}
		fault(c, err)
		return at
	}
	for _, f := range m.where {
		if f.values[text(f.column)] != f.keep {
			return rec, false, nil
		}
	}
	rec.number = text(m.number)
	if before := *turns; m.at != nil {
		if rec.at = when(m.at); t.behind(rec.at) {
			*turns = before
			return rec, true, nil
		}
	}
	switch {
	case rec.number == "" && len(faults) == 0:
		fault(m.number, errors.New("it does not say which case this is"))
	case hasControl(rec.number):
		fault(m.number, errors.New("there is a line break or another control character in the case's number"))
	case len(rec.number) > longestNumber:
		fault(m.number, fmt.Errorf("the case's number is longer than %d bytes: is this the right column", longestNumber))
	}
	rec.order, rec.by = text(m.order), text(m.by)
	rec.received = when(m.received)
	due, err := t.instant(r, m.due, turns)
	fault(m.due, err)
	rec.due = due
	needed := m.at
	if m.Rows == RowsCases {
		needed = m.received
	}
	if rec.at.IsZero() && rec.received.IsZero() && len(faults) == 0 || m.Rows == RowsEvents && rec.at.IsZero() && len(faults) == 0 {
		fault(needed, errors.New("it does not say when this was"))
	}
	for _, s := range m.milestones {
		rec.stones = append(rec.stones, when(s.column))
	}
	named := func(a *activity) string {
		if a == nil {
			return ""
		}
		said := text(a.column)
		if _, is := a.values[said]; is || said == "" {
			return said
		}
		names.add(columnName(a.column), said)
		if a.otherwise == nil {
			fault(a.column, fmt.Errorf("the mapping has no move for %q", said))
		}
		return said
	}
	rec.activity, rec.state = named(m.activity), named(m.state)
	rec.fields = make([]string, len(fieldNames))
	for _, f := range m.fields {
		if f.column == nil {
			continue
		}
		value, known, err := f.value(text(f.column))
		if !known {
			names.add(columnName(f.column), text(f.column))
		}
		fault(f.column, err)
		rec.fields[fieldSlot(f.name)] = value
	}
	count := func(c *column) int {
		n, err := counted(text(c))
		fault(c, err)
		return n
	}
	rec.transfers, rec.reopens = count(m.transfers), count(m.reopens)
	return rec, true, faults
}

func hasControl(number string) bool { return strings.ContainsFunc(number, unicode.IsControl) }

// soundNumber says whether a number could be that of a case.
func soundNumber(number string) bool {
	return number != "" && len(number) <= longestNumber && !hasControl(number)
}

// behind says whether a row of events lies behind the end of the log: then nothing else of it is read.
func (t *table) behind(at time.Time) bool { return !t.asOf.IsZero() && at.After(t.asOf) }

// counted reads a counter.
func counted(text string) (int, error) {
	if text == "" {
		return unsaid, nil
	}
	n, err := strconv.ParseFloat(text, 64) // a workbook or a data frame writes 3 as 3.0
	if err != nil || n != float64(int(n)) || n < 0 || n > 1_000_000 {
		return unsaid, fmt.Errorf("%q is no count", text)
	}
	return int(n), nil
}

// value is what a cell means for the field; known says that the mapping names it.
func (f field) value(read string) (value string, known bool, err error) {
	if read == "" {
		return "", true, nil
	}
	if value, is := f.values[read]; is {
		return value, true, nil
	}
	if allowed := fieldValues[f.name]; f.values == nil && allowed != nil {
		if slices.Contains(allowed, read) {
			return read, true, nil
		}
		if n, err := counted(read); err == nil && slices.Contains(allowed, strconv.Itoa(n)) { // a score, as data frames write them
			return strconv.Itoa(n), true, nil
		}
	}
	switch f.otherwise {
	case otherwiseIgnore:
		return "", false, nil
	case otherwiseKeep:
		return read, f.values == nil, nil
	case otherwiseValue:
		return f.instead, false, nil
	case otherwiseRefuse:
	}
	if f.values == nil {
		return "", false, fmt.Errorf("%q is none of %v", read, fieldValues[f.name])
	}
	return "", false, fmt.Errorf("the mapping has no %s for %q", f.name, read)
}

// acts are the moves that a name in the log means.
func (a *activity) acts(name string) []act {
	if a == nil || name == "" {
		return nil
	}
	if acts, is := a.values[name]; is {
		return acts
	}
	return a.otherwise
}

// compareOrder puts two values of the order column in order, as numbers when both are.
func compareOrder(a, b string) int {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	switch {
	case errX != nil || errY != nil:
		return strings.Compare(a, b)
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

// encode writes a record into a temporary file; decode reads it again.
func (rec record) encode(b []byte) []byte {
	b = b[:0]
	for _, n := range []int{rec.file, rec.line, rec.transfers, rec.reopens, len(rec.stones), len(rec.fields)} {
		b = binary.AppendVarint(b, int64(n))
	}
	for _, at := range append([]time.Time{rec.at, rec.received, rec.due}, rec.stones...) {
		b = binary.AppendVarint(b, micros(at))
	}
	for _, text := range append([]string{rec.number, rec.order, rec.by, rec.activity, rec.state}, rec.fields...) {
		b = binary.AppendUvarint(b, uint64(len(text)))
		b = append(b, text...)
	}
	return b
}

// micros is an instant as a number; 0 is none, for nothing in a log happened in that microsecond of 1900.
func micros(at time.Time) int64 {
	if at.IsZero() {
		return 0
	}
	return at.UnixMicro() - origin
}

var origin = time.Date(1899, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()

func (rec *record) decode(in io.ByteReader, read func([]byte) error) error {
	var failed error
	number := func() int {
		n, err := binary.ReadVarint(in)
		failed = errors.Join(failed, err)
		return int(n)
	}
	when := func() time.Time {
		n, err := binary.ReadVarint(in)
		failed = errors.Join(failed, err)
		if n == 0 {
			return time.Time{}
		}
		return time.UnixMicro(n + origin).UTC()
	}
	text := func() string {
		n, err := binary.ReadUvarint(in)
		if err != nil {
			failed = errors.Join(failed, err)
			return ""
		}
		b := make([]byte, n)
		failed = errors.Join(failed, read(b))
		return string(b)
	}
	if rec.file = number(); failed != nil {
		return failed // io.EOF: there is no other
	}
	rec.line, rec.transfers, rec.reopens = number(), number(), number()
	stones, fields := number(), number()
	if failed != nil {
		return failed
	}
	rec.at, rec.received, rec.due = when(), when(), when()
	rec.stones, rec.fields = make([]time.Time, stones), make([]string, fields)
	for i := range rec.stones {
		rec.stones[i] = when()
	}
	rec.number, rec.order, rec.by, rec.activity, rec.state = text(), text(), text(), text(), text()
	for i := range rec.fields {
		rec.fields[i] = text()
	}
	return failed
}
