package history

import (
	"fmt"
	"io"
	"strings"
	"time"

	"recourse/models"
)

// Write prints the report for people.
func (r Report) Write(out io.Writer) error {
	var b strings.Builder
	line := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "%-24s %s\n", name, fmt.Sprintf(format, args...))
	}
	line("source", "%s", r.Source)
	for _, f := range r.Files {
		line("file", "%s, %d rows, sha256 %.12s…", f.Path, f.Rows, f.Digest)
	}
	line("rows read", "%d, of them %d refused, %d left out by where and %d superseded", r.RowsRead, r.RowsRefused, r.RowsSkipped, r.Superseded)
	line("cases", "%d: %d open, %d closed; %d more refused for contradictions", r.Cases, r.Open, r.Closed, r.CasesRefused)
	line("contradictions", "in %d cases", r.Contradicting)
	if r.Cases > 0 {
		line("received", "from %s to %s", r.First.Format(time.RFC3339), r.Last.Format(time.RFC3339))
	}
	if !r.AsOf.IsZero() {
		line("as of", "%s; %d cases, %d rows and %d moves lie behind it and are left out", r.AsOf.Format(time.RFC3339), r.Behind.Cases, r.Behind.Rows, r.Behind.Moves)
	}
	line("moves left out", "%d told twice, %d after the end of their case", r.LeftOut.Twice, r.LeftOut.AfterEnd)
	line("wall clock", "%d instants in an hour that was skipped, %d in an hour that came twice (the first is meant)", r.Gaps, r.Twice)
	line("reassigned", "%s", r.Transfers)
	line("reopened", "%s", r.Reopens)
	if s := r.Resolution; s.N > 0 {
		line("resolution, hours", "n %d, mean %.3f, median %.3f, max %.3f", s.N, s.Mean, s.Median, s.Max)
	} else {
		line("resolution, hours", "n 0")
	}
	if r.PeakOpen > 0 {
		line("peak open", "%d at %s", r.PeakOpen, r.PeakAt.Format(time.RFC3339))
	}
	for _, m := range r.Moves {
		line("moves", "%d %s", m.N, m.Name)
	}
	for _, l := range r.Lacks {
		line("not told", "%s in %d cases; misses: %s", l.What, l.Cases, strings.Join(l.Figures, ", "))
	}
	for _, n := range r.Names {
		line("not in the mapping", "%s %q in %d rows", n.Column, n.Value, n.Rows)
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// String is the counter as words.
func (c Counter) String() string {
	by := "by counting moves"
	if c.Known {
		by = "by the log's own counter"
	}
	return fmt.Sprintf("%d cases, %d times, at most %d (%s)", c.Cases, c.Times, c.Most, by)
}

// Write prints the report for people.
func (r VolumeReport) Write(out io.Writer) error {
	var b strings.Builder
	line := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "%-24s %s\n", name, fmt.Sprintf(format, args...))
	}
	line("source", "%s", r.Source)
	for _, f := range r.Files {
		line("file", "%s, %d rows, sha256 %.12s…", f.Path, f.Rows, f.Digest)
	}
	line("rows read", "%d, of them %d refused and %d left out by where", r.RowsRead, r.RowsRefused, r.RowsSkipped)
	line("volumes", "%d", r.Volumes)
	for _, kind := range models.VolumeKinds() {
		if n, is := r.Totals[kind]; is {
			line(string(kind), "%d", n)
		}
	}
	if r.Volumes > 0 {
		line("periods", "from %s to %s", r.First.Format(time.RFC3339), r.Last.Format(time.RFC3339))
	}
	_, err := io.WriteString(out, b.String())
	return err
}
