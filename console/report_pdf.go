package console

import (
	"errors"
	"fmt"
	"html/template"
	"mime"
	"slices"
	"strconv"

	"recourse/internal/paper"
	"recourse/models"
)

// reportPaper is a report as one file that needs nothing else.
type reportPaper struct {
	reportPage

	Style template.CSS
}

// reportPDF answers with a report as a PDF: the same sheet as the page, on A4.
func (c *console) reportPDF(v *visit) error {
	p, err := c.reportPage(v, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	style := slices.Concat(c.assets.byName["vendor/tabler.min.css"].plain, c.assets.byName["console.css"].plain)
	html, err := v.draw("report", "paper", reportPaper{p, template.CSS(style)}) //nolint:gosec // our own
	if err != nil {
		return err
	}
	pdf, err := c.Press.Print(v.r.Context(), []byte(html))
	if errors.Is(err, paper.ErrNone) {
		return models.Refuse(models.CodeNotFound, "there is no PDF: no Chromium is installed on the server; the page itself can be printed")
	}
	if err != nil {
		return err
	}
	name := fmt.Sprintf("report-%s-%s.pdf", p.Report.Step, p.Report.FromAt.In(c.pages.zone(p.Report.Zone, c.Zone)).Format("2006-01-02"))
	h := v.w.Header()
	h.Set("Content-Type", "application/pdf")
	h.Set("Content-Length", strconv.Itoa(len(pdf)))
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	_, _ = v.w.Write(pdf) //nolint:gosec // a file, and who went away is told nothing
	return nil
}
