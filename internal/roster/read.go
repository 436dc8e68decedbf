package roster

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"recourse/models"
)

// Place is where in a file something is wrong.
type Place struct {
	Line   int
	Column int    // among the columns, from 1; 0: the whole line
	Name   string // of the column, as the header has it
	Says   string
}

// String is the place as a line of text.
func (p Place) String() string {
	if p.Column == 0 {
		return fmt.Sprintf("line %d: %s", p.Line, p.Says)
	}
	return fmt.Sprintf("line %d, column %d (%s): %s", p.Line, p.Column, p.Name, p.Says)
}

// Change is a row that a file adds or changes.
type Change struct {
	ID    string
	New   bool
	Moves []Move
}

// Move is a field that changes.
type Move struct{ Field, From, To string }

// String is the change as a line of text.
func (c Change) String() string {
	sign, says := "~", make([]string, len(c.Moves))
	if c.New {
		sign = "+"
	}
	for i, m := range c.Moves {
		says[i] = fmt.Sprintf("%s %q → %q", m.Field, m.From, m.To)
		if c.New {
			says[i] = fmt.Sprintf("%s %q", m.Field, m.To)
		}
	}
	return fmt.Sprintf("%s %s: %s", sign, c.ID, strings.Join(says, ", "))
}

// Import is what a file wants of the organisation.
type Import struct {
	Wish    models.Company // rows to be put: those that are new or change
	Changes []Change
	Same    int // rows that stand so already
	Faults  []Place
}

// Read reads a file of one of Kinds and holds it against what is on record. Where a column is
// missing, what is on record stays; an empty cell empties its field.
func Read(kind string, in io.Reader, record models.Company, now time.Time) (Import, error) {
	content, err := io.ReadAll(in)
	if err != nil {
		return Import{}, fmt.Errorf("read: %w", err)
	}
	content = bytes.TrimPrefix(content, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(content) {
		return Import{}, errors.New("the file is not UTF-8; save it as CSV UTF-8")
	}
	switch kind {
	case "departments":
		return read(content, departmentColumns(now), record.Departments, record,
			func(d *models.Department) { d.CreatedAt = now }, func(c *models.Company) *[]models.Department { return &c.Departments })
	case "teams":
		return read(content, teamColumns(now), record.Teams, record,
			func(t *models.Team) { t.CreatedAt = now }, func(c *models.Company) *[]models.Team { return &c.Teams })
	case "people":
		return read(content, personColumns(now), record.People, record,
			func(p *models.Person) { p.CreatedAt = now }, func(c *models.Company) *[]models.Person { return &c.People })
	case "categories":
		return read(content, categoryColumns(), record.Categories, record,
			func(*models.Category) {}, func(c *models.Company) *[]models.Category { return &c.Categories })
	}
	return Import{}, fmt.Errorf("%q is none of %v", kind, Kinds())
}

// sheet is a file under way: its columns by the header, its rows with their lines.
type sheet[T any] struct {
	columns []column[T] // of the kind
	header  []string
	at      []int // column of the file → column of the kind; -1: not read
	rows    []T
	lines   []int
	faults  []Place
}

func read[T any](content []byte, columns []column[T], known []T, record models.Company, begin func(*T), part func(*models.Company) *[]T) (Import, error) {
	s := &sheet[T]{columns: columns}
	in := csv.NewReader(bytes.NewReader(content))
	in.FieldsPerRecord = -1
	if err := s.readHeader(in); err != nil || len(s.faults) > 0 {
		return Import{Faults: s.faults}, err
	}
	before := byID(columns[0].show, known)
	if err := s.readRows(in, before, begin); err != nil {
		return Import{}, err
	}
	var wish models.Company
	*part(&wish) = s.rows
	for _, f := range Check(record, wish) {
		s.faults = append(s.faults, s.place(s.lines[f.Row], f.Field, f.Says))
	}
	slices.SortStableFunc(s.faults, func(a, b Place) int { return cmp.Or(a.Line-b.Line, a.Column-b.Column) })
	done := Import{Faults: s.faults}
	for _, row := range s.rows {
		change := s.compare(before, row)
		if len(change.Moves) == 0 {
			done.Same++
			continue
		}
		done.Changes = append(done.Changes, change)
		*part(&done.Wish) = append(*part(&done.Wish), row)
	}
	return done, nil
}

func (s *sheet[T]) readHeader(in *csv.Reader) error {
	names, err := in.Read()
	if errors.Is(err, io.EOF) {
		return errors.New("the file is empty: its first line names the columns")
	}
	if err != nil {
		return fmt.Errorf("read the header: %w", err)
	}
	for i, name := range names {
		name = strings.TrimSpace(name)
		s.header = append(s.header, name)
		at := slices.IndexFunc(s.columns, func(c column[T]) bool {
			return strings.EqualFold(c.name, name) || slices.Contains(c.aliases, name)
		})
		switch {
		case at < 0:
			s.faults = append(s.faults, Place{Line: 1, Column: i + 1, Name: name, Says: "there is no such column; there are " + s.names()})
		case slices.Contains(s.at, at):
			s.faults = append(s.faults, Place{Line: 1, Column: i + 1, Name: name, Says: "this column is here twice"})
		}
		s.at = append(s.at, at)
	}
	if len(s.faults) == 0 && !slices.Contains(s.at, 0) {
		s.faults = append(s.faults, Place{Line: 1, Says: "there is no column id"})
	}
	return nil
}

func (s *sheet[T]) names() string {
	names := make([]string, len(s.columns))
	for i, c := range s.columns {
		names[i] = c.name
		if len(c.aliases) > 0 {
			names[i] += " (" + c.aliases[0] + ")"
		}
	}
	return strings.Join(names, ", ")
}

func (s *sheet[T]) readRows(in *csv.Reader, before map[string]T, begin func(*T)) error {
	seen := map[string]int{}
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read: %w", err) // it names the line
		}
		line, _ := in.FieldPos(0)
		if len(cells) != len(s.header) {
			s.faults = append(s.faults, Place{Line: line, Says: fmt.Sprintf("it has %d columns, the header has %d", len(cells), len(s.header))})
			continue
		}
		id := strings.TrimSpace(cells[slices.Index(s.at, 0)])
		if first, twice := seen[id]; twice {
			s.faults = append(s.faults, s.place(line, "id", fmt.Sprintf("%q stands in line %d already", id, first)))
			continue
		}
		seen[id] = line
		row, known := before[id]
		if !known {
			begin(&row)
		}
		s.fill(&row, cells, line)
		s.rows, s.lines = append(s.rows, row), append(s.lines, line)
	}
}

func (s *sheet[T]) fill(row *T, cells []string, line int) {
	for i, cell := range cells {
		c := s.columns[s.at[i]]
		cell = strings.TrimSpace(cell)
		if c.show(*row) == cell {
			continue
		}
		if err := c.set(row, cell); err != nil {
			s.faults = append(s.faults, s.place(line, c.name, err.Error()))
		}
	}
}

// place finds the column of a field; one that the file does not have is the whole line's fault.
func (s *sheet[T]) place(line int, field, says string) Place {
	for i, at := range s.at {
		if s.columns[at].name == field {
			return Place{Line: line, Column: i + 1, Name: s.header[i], Says: says}
		}
	}
	return Place{Line: line, Says: field + " " + says}
}

// compare says what a row changes.
func (s *sheet[T]) compare(before map[string]T, row T) Change {
	id := s.columns[0].show(row)
	old, known := before[id]
	change := Change{ID: id, New: !known}
	for _, c := range s.columns[1:] {
		from, to := "", c.show(row)
		if known {
			from = c.show(old)
		}
		if from != to && (known || to != "no") {
			change.Moves = append(change.Moves, Move{Field: c.name, From: from, To: to})
		}
	}
	if !known && len(change.Moves) == 0 {
		change.Moves = []Move{{Field: "id", To: id}}
	}
	return change
}
