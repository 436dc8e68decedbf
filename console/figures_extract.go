package console

import (
	"fmt"
	"net/http"

	"recourse/internal/extract"
	"recourse/internal/kpi"
)

// extract gives a table out as a file, written while it is read.
func (c *console) extract(v *visit) error {
	a, err := c.readAsking(v.r.URL.Query())
	if err != nil {
		return v.sorryFigures(err)
	}
	table, q, err := c.figures(v, a, a.Kpis...)
	if err != nil {
		return v.sorryFigures(err)
	}
	shape := extract.Shape{Step: a.step(), By: given([]kpi.Dimension{a.By, a.And})}
	file, err := extract.Ready(v.r.Context(), c.Extracts, table, q, extract.Wish{Table: v.r.PathValue("table"), Format: a.Format, Mark: true, Shape: shape, At: c.Now()})
	if err != nil {
		return v.sorryFigures(err)
	}
	v.takeLong(transferTime)
	v.w.Header().Set("Content-Type", file.Media)
	v.w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", file.Name))
	if err := file.Write(v.w); err != nil {
		v.c.Log.WarnContext(v.r.Context(), "a table broke off", "table", v.r.PathValue("table"), "error", err)
		panic(http.ErrAbortHandler) // what was sent is no whole file, and must not look like one
	}
	return nil
}
