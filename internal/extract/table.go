package extract

import (
	"fmt"
	"strings"
	"time"

	"recourse/internal/kpi"
	"recourse/internal/lifecycle"
	"recourse/models"
)

// Case is one case as extracts read it. Nothing in it is a text, or says who the customer is.
type Case struct {
	models.FigureRow

	Customer string         // opaque: the same for all records that were merged
	Events   []models.Event // all of them, for tables that say Events; else none
	Past     Past           // what the versions of the policy said that it ran under
	Cut      time.Time      // what runs is judged as of then
}

// Past knows what versions of the policy said; policies.Past is one.
type Past interface {
	lifecycle.Past
	Working(version string, channel models.Channel, department string) string
}

// Table is one that can be extracted.
type Table struct {
	Name    string
	About   string // what a row is
	Columns []Column
	Events  bool // it is written from the events

	rows   func(c Case, row func(cells ...any) error) error
	beside func(figures *kpi.Table, q kpi.Query) (reading, error) // in the place of rows, where they belong to no case
}

// Column is one column of a table.
type Column struct {
	Name    string
	About   string
	Derived bool // follows from the others: a duration, or a verdict
}

// Names lists the names of the columns.
func (t Table) Names() []string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	return names
}

// Tables lists the tables.
func Tables() []Table {
	return []Table{
		casesTable(), cyclesTable(), clocksTable(), segmentsTable(), contactsTable(), alertsTable(), requestsTable(), answersTable(),
		leversTable(), paymentsTable(), volumesTable(), eventsTable(),
	}
}

// Find returns the table of the record of this name. CodeInvalid at /table: there is none, nor one of figures.
func Find(name string) (Table, error) {
	var names []string
	for _, t := range Tables() {
		if t.Name == name {
			return t, nil
		}
		names = append(names, t.Name)
	}
	for _, t := range Answers() {
		names = append(names, t.Name)
	}
	return Table{}, models.Invalid("/table", fmt.Sprintf("there is no table %q; there are: %s", name, strings.Join(names, ", ")))
}

// column is a column of a table whose rows are made of T.
type column[T any] struct {
	name, says string
	of         func(T) any
	derived    bool
}

func col[T any](name, says string, of func(T) any) column[T] {
	return column[T]{name: name, says: says, of: of}
}

// derived marks a column that follows from the others.
func derived[T any](name, says string, of func(T) any) column[T] {
	return column[T]{name: name, says: says, of: of, derived: true}
}

// of makes a table of the items of each case. Its first column is the case's number.
func of[T any](name, says string, events bool, items func(Case) []T, columns ...column[T]) Table {
	t := Table{Name: name, About: says, Events: events, Columns: []Column{{Name: "number", About: "of the case"}}}
	for _, c := range columns {
		t.Columns = append(t.Columns, Column{Name: c.name, About: c.says, Derived: c.derived})
	}
	t.rows = func(c Case, row func(...any) error) error {
		for _, item := range items(c) {
			cells := make([]any, 1, len(columns)+1)
			cells[0] = c.Case.Number
			for _, column := range columns {
				cells = append(cells, column.of(item))
			}
			if err := row(cells...); err != nil {
				return err
			}
		}
		return nil
	}
	return t
}

// at is an instant that may be missing.
func at(t *time.Time) any {
	if t == nil {
		return nil
	}
	return *t
}

// seconds is a length; nothing for none.
func seconds(d time.Duration) any {
	if d == 0 {
		return nil
	}
	return float64(d.Microseconds()) / 1e6
}

// list is several values in one cell.
func list[T ~string](values []T) any {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = string(v)
	}
	return strings.Join(words, " ")
}
