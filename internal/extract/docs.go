package extract

import "strings"

//go:generate go test -run TestTheDocsListEveryColumn . -write

// Docs returns docs/extracts.md: every table with its columns.
func Docs() string {
	var b strings.Builder
	b.WriteString("# Extracts\n\nGenerated from internal/extract; `go generate ./internal/extract` writes it again.\n\n" +
		"`GET /api/v1/extracts/{table}` gives a table out as a file, row by row, of the cases that you may see: `format=csv` (by itself) or `xlsx`, " +
		"`mark=true` for a CSV that Excel opens as UTF-8, `from`, `until`, `cut`, `zone` and `filter` as everywhere. " +
		"Without `from` it is everything on record. No table holds a text, or says who a customer is.\n\n" +
		"- In CSV instants are UTC to the microsecond and lengths are seconds. A text that a spreadsheet would take for a formula gets an apostrophe in front: one whose first character, apostrophes aside, is one of `=+-@＝＋－＠`, a tab or an end of line. Whoever reads such a text takes one apostrophe away.\n" +
		"- In workbooks instants are dates in the zone, and texts are texts. A sheet holds 1,048,575 rows; CSV any number.\n" +
		"- A file that could not be read to its end breaks off: the connection ends without the last piece, and no program takes it for whole.\n\n" +
		"*derived* marks what follows from the other columns. docs/recompute.py counts the figures of docs/kpis.md from the other columns alone:\n\n" +
		"```sh\nfor t in cases cycles clocks segments contacts alerts answers levers payments volumes; do\n" +
		"  curl -sf -H \"Authorization: Bearer $TOKEN\" -o folder/$t.csv \"$URL/api/v1/extracts/$t\"\ndone\n" +
		"python3 docs/recompute.py folder --from 2026-10-01T00:00:00+08:00 --until 2026-11-01T00:00:00+08:00 --by ,department\n```\n")
	section(&b, "Tables of the record", Tables())
	section(&b, "Tables of figures", Answers())
	return b.String()
}

func section(b *strings.Builder, title string, tables []Table) {
	b.WriteString("\n## " + title + "\n")
	for _, t := range tables {
		b.WriteString("\n### " + t.Name + "\n\n" + t.About + "\n\n| column | |\n|---|---|\n")
		for _, c := range t.Columns {
			about := c.About
			if c.Derived {
				about = strings.TrimSuffix("*derived*; "+about, "; ")
			}
			b.WriteString("| `" + c.Name + "` | " + about + " |\n")
		}
	}
}
