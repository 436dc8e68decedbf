package api

import (
	"context"
	"fmt"
	"io"
	"time"

	"recourse/api/openapi"
	"recourse/internal/extract"
	"recourse/internal/kpi"
	"recourse/internal/sheet"
	"recourse/models"
)

// extractRoute is where tables leave: they take as long as files.
const extractRoute = "/api/v1/extracts/{table}"

// ListExtracts lists the tables that can be extracted.
func (d *door) ListExtracts(context.Context, openapi.ListExtractsRequestObject) (openapi.ListExtractsResponseObject, error) {
	return openapi.ListExtracts200JSONResponse{Items: each(append(extract.Tables(), extract.Answers()...), func(t extract.Table) openapi.ExtractTable {
		return openapi.ExtractTable{Name: t.Name, About: t.About, Columns: each(t.Columns, func(c extract.Column) openapi.ExtractColumn {
			return openapi.ExtractColumn{Name: c.Name, About: c.About, Derived: c.Derived}
		})}
	})}, nil
}

// DownloadExtract gives a table out as a file, written while it is read.
func (d *door) DownloadExtract(ctx context.Context, r openapi.DownloadExtractRequestObject) (openapi.DownloadExtractResponseObject, error) {
	ctx, in := enter(ctx)
	p := r.Params
	ask := period(p.From, p.Until, p.Cut, p.Zone, p.Filter, p.Kpi)
	table, answers := extract.FindAnswers(r.Table)
	if !answers {
		var err error
		if table, err = extract.Find(r.Table); err != nil {
			return nil, err
		}
		if ask.From.IsZero() {
			ask.From = time.Date(1900, time.January, 1, 0, 0, 0, 0, time.UTC)
		}
	}
	media, suffix, open, err := written(p.Format, p.Mark)
	if err != nil {
		return nil, err
	}
	figures, q, err := d.asked(ctx, in, ask)
	if err != nil {
		return nil, err
	}
	rows, err := d.rows(ctx, table, answers, figures, q, extract.Shape{By: as[kpi.Dimension](p.By), Step: stepOf(p.Step)})
	if err != nil {
		return nil, err
	}
	body, out := io.Pipe()
	go func() {
		defer func() {
			if fault := recover(); fault != nil {
				_ = out.CloseWithError(fmt.Errorf("panic: %v", fault))
			}
		}()
		_ = out.CloseWithError(writeTable(out, table, q.Zone, open, rows))
	}()
	name := fmt.Sprintf("%s-%s%s", table.Name, d.Now().In(q.Zone).Format("20060102-1504"), suffix)
	return openapi.DownloadExtract200AsteriskResponse{
		Body: body, ContentType: media, Headers: openapi.DownloadExtract200ResponseHeaders{ContentDisposition: saveAs(name)},
	}, nil
}

// opener begins a file.
type opener func(out io.Writer, name string, zone *time.Location, columns []string) (sheet.Writer, error)

// written says how a file of a format is written.
func written(format string, mark bool) (media, suffix string, open opener, err error) {
	switch format {
	case "", "csv":
		return "text/csv; charset=utf-8", ".csv", func(out io.Writer, _ string, _ *time.Location, columns []string) (sheet.Writer, error) {
			return sheet.CSV(out, mark, columns...)
		}, nil
	case "xlsx":
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx", func(out io.Writer, name string, zone *time.Location, columns []string) (sheet.Writer, error) {
			return sheet.XLSX(out, name, zone, columns...)
		}, nil
	}
	return "", "", nil, models.Invalid("/format", fmt.Sprintf("there is no format %q; there are: csv, xlsx", format))
}

// rows says how the rows of a table are read. What is wrong with the question is found before the answer begins.
func (d *door) rows(ctx context.Context, t extract.Table, answers bool, figures *kpi.Table, q kpi.Query, shape extract.Shape) (func(row func(...any) error) error, error) {
	if answers {
		var kept [][]any
		err := extract.WriteAnswers(t, figures, q, shape, func(cells ...any) error {
			kept = append(kept, cells)
			return nil
		})
		return func(row func(...any) error) error {
			for _, cells := range kept {
				if err := row(cells...); err != nil {
					return err
				}
			}
			return nil
		}, err
	}
	ids, err := figures.Matching(q)
	return func(row func(...any) error) error { return extract.Write(ctx, d.Extracts, t, ids, q.Cut, row) }, err
}

func writeTable(out io.Writer, t extract.Table, zone *time.Location, open opener, rows func(row func(...any) error) error) error {
	w, err := open(out, t.Name, zone, t.Names())
	if err != nil {
		return err
	}
	if err := rows(w.Row); err != nil {
		return err // what was written stays a part: the connection breaks off
	}
	return w.Close()
}
