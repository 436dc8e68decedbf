package api

import (
	"context"
	"fmt"
	"io"
	"time"

	"recourse/api/openapi"
	"recourse/internal/extract"
	"recourse/internal/kpi"
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
	if _, answers := extract.FindAnswers(r.Table); !answers && ask.From.IsZero() {
		ask.From = time.Date(1900, time.January, 1, 0, 0, 0, 0, time.UTC)
	}
	figures, q, err := d.asked(ctx, in, ask)
	if err != nil {
		return nil, err
	}
	file, err := extract.Ready(ctx, d.Extracts, figures, q, extract.Wish{
		Table: r.Table, Format: p.Format, Mark: p.Mark, Shape: extract.Shape{By: as[kpi.Dimension](p.By), Step: stepOf(p.Step)}, At: d.Now(),
	})
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
		_ = out.CloseWithError(file.Write(out)) // what was written stays a part: the connection breaks off
	}()
	return openapi.DownloadExtract200AsteriskResponse{
		Body: body, ContentType: file.Media, Headers: openapi.DownloadExtract200ResponseHeaders{ContentDisposition: saveAs(file.Name)},
	}, nil
}
