package extract

import (
	"context"
	"fmt"
	"io"
	"time"

	"recourse/internal/kpi"
	"recourse/internal/sheet"
	"recourse/models"
)

// Wish is which table somebody wants, and how.
type Wish struct {
	Table  string
	Format string // csv or xlsx; empty: csv
	Mark   bool   // a CSV begins with the mark by which spreadsheets know UTF-8
	Shape  Shape  // of a table of figures
	At     time.Time
}

// File is a table ready to be written.
type File struct {
	Name, Media string
	Write       func(out io.Writer) error // once; what was written before it failed stays a part
}

// Ready makes a table ready to be written as a file, of the cases and figures of a query. What is wrong with the
// wish is told before the file begins: CodeInvalid at /table, /format or /by.
func Ready(ctx context.Context, from Source, figures *kpi.Table, q kpi.Query, w Wish) (File, error) {
	format, is := formats[w.Format]
	if !is {
		return File{}, models.Invalid("/format", fmt.Sprintf("there is no format %q; there are: csv, xlsx", w.Format))
	}
	table, rows, err := read(ctx, from, figures, q, w)
	if err != nil {
		return File{}, err
	}
	return File{
		Name: fmt.Sprintf("%s-%s%s", table.Name, w.At.In(q.Zone).Format("20060102-1504"), format.suffix), Media: format.media,
		Write: func(out io.Writer) error {
			to, err := format.open(out, w.Mark, table.Name, q.Zone, table.Names())
			if err != nil {
				return err
			}
			if err := rows(to.Row); err != nil {
				return err
			}
			return to.Close()
		},
	}, nil
}

// format is how files of a kind are written.
type format struct {
	media, suffix string
	open          func(out io.Writer, mark bool, name string, zone *time.Location, columns []string) (sheet.Writer, error)
}

var commas = format{"text/csv; charset=utf-8", ".csv", func(out io.Writer, mark bool, _ string, _ *time.Location, columns []string) (sheet.Writer, error) {
	return sheet.CSV(out, mark, columns...)
}}

var formats = map[string]format{
	"": commas, "csv": commas,
	"xlsx": {
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx",
		func(out io.Writer, _ bool, name string, zone *time.Location, columns []string) (sheet.Writer, error) {
			return sheet.XLSX(out, name, zone, columns...)
		},
	},
}

// reading visits the rows of a table.
type reading func(row func(...any) error) error

// read says how the rows of a table are read: of figures all at once, of the record case by case.
func read(ctx context.Context, from Source, figures *kpi.Table, q kpi.Query, w Wish) (Table, reading, error) {
	if table, answers := FindAnswers(w.Table); answers {
		var kept [][]any
		err := WriteAnswers(table, figures, q, w.Shape, func(cells ...any) error {
			kept = append(kept, cells)
			return nil
		})
		return table, func(row func(...any) error) error {
			for _, cells := range kept {
				if err := row(cells...); err != nil {
					return err
				}
			}
			return nil
		}, err
	}
	table, err := Find(w.Table)
	if err != nil {
		return table, nil, err
	}
	if table.beside != nil {
		rows, err := table.beside(figures, q)
		return table, rows, err
	}
	ids, err := figures.Matching(q)
	return table, func(row func(...any) error) error { return write(ctx, from, table, ids, q.Cut, row) }, err
}
