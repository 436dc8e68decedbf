package submit

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// Report is what became of a file.
type Report struct {
	File         string        `json:"file"`
	Digest       string        `json:"digest"` // of its bytes
	Clients      int           `json:"clients"`
	Header       []string      `json:"header"`
	Rows         int           `json:"rows"`           // read
	Sent         int           `json:"sent"`           // deliveries, the repeated ones too
	Repeats      int           `json:"repeats"`        // rows sent twice on purpose
	Retries      int           `json:"retries"`        // requests sent again because no answer came, or 503 or 429
	Accepted     int           `json:"accepted"`       // 201, new
	Replayed     int           `json:"replayed"`       // 201, answered from the store
	Recovered    int           `json:"recovered"`      // rows answered from the store because the first answer was lost
	Earlier      int           `json:"earlier"`        // rows that an earlier run put on record
	RefusedByAPI int           `json:"refused_by_api"` // deliveries, not rows that were never sent
	Refused      []Fault       `json:"refused"`
	Unanswered   []Fault       `json:"unanswered"`       // nobody knows; the same file may be sent again
	Doubled      []int         `json:"doubled"`          // rows that led to more than one case, or two rows to one
	Cases        int           `json:"cases"`            // that rows led to, by their numbers
	OnRecord     int           `json:"on_record"`        // of these, found in the list
	Started      int           `json:"started"`          // of these, with a workflow
	FirstTasks   *int          `json:"first_tasks"`      // workflows that completed their first task since; nil: not counted
	Took         time.Duration `json:"took_ns"`          // the sending
	StartedAfter time.Duration `json:"started_after_ns"` // after the last answer
	SettledAfter time.Duration `json:"settled_after_ns"`
	Rate         float64       `json:"rate"` // answers a second
	P50          time.Duration `json:"p50_ns"`
	P90          time.Duration `json:"p90_ns"`
	P99          time.Duration `json:"p99_ns"`
	Max          time.Duration `json:"max_ns"`
}

// Fault is a row that is not on record, and why.
type Fault struct {
	Row   int      `json:"row"`  // counted from 1 behind the header
	Line  int      `json:"line"` // of the file
	Why   string   `json:"why"`
	Cells []string `json:"cells"` // the whole row
}

// finish works out what follows from the counts.
func (rep Report) finish(r *run) Report {
	rep.Header, rep.Cases, rep.Took = r.header, len(r.cases), r.done.Sub(r.began)
	byRow := func(a, b Fault) int { return a.Row - b.Row }
	slices.SortFunc(rep.Refused, byRow)
	slices.SortFunc(rep.Unanswered, byRow)
	slices.Sort(rep.Doubled)
	if len(r.took) == 0 {
		return rep
	}
	slices.Sort(r.took)
	at := func(percent int) time.Duration { return r.took[(len(r.took)*percent+99)/100-1] } // nearest rank
	rep.P50, rep.P90, rep.P99, rep.Max = at(50), at(90), at(99), at(100)
	if rep.Took > 0 {
		rep.Rate = float64(len(r.took)) / rep.Took.Seconds()
	}
	return rep
}

// Verdict says what does not agree; nil says that every row is on record exactly once.
func (rep Report) Verdict() error {
	var faults []error
	agree := func(what string, is, should int) {
		if is != should {
			faults = append(faults, fmt.Errorf("%s: %d, and it should be %d", what, is, should))
		}
	}
	if n := len(rep.Refused); n > 0 {
		faults = append(faults, fmt.Errorf("%d rows were refused; mend them in a file of their own, the others are on record", n))
	}
	if n := len(rep.Unanswered); n > 0 {
		faults = append(faults, fmt.Errorf("%d rows had no answer; send the same file again, what is on record stays one case", n))
	}
	if len(rep.Doubled) > 0 {
		faults = append(faults, fmt.Errorf("rows that are not one case each: %v", rep.Doubled))
	}
	agree("answers to what was sent", rep.Accepted+rep.Replayed+rep.RefusedByAPI+len(rep.Unanswered), rep.Sent)
	agree("cases of rows that were taken", rep.Cases, rep.Rows-len(rep.Refused)-len(rep.Unanswered))
	agree("cases on record", rep.OnRecord, rep.Cases)
	agree("cases with a workflow", rep.Started, rep.Cases)
	if rep.FirstTasks != nil {
		least, most := rep.newCases()
		agree("workflows that completed their first task", *rep.FirstTasks, min(max(*rep.FirstTasks, least), most))
	}
	return errors.Join(faults...)
}

// newCases says how many cases are new with this run. When an earlier run put rows on record, nobody
// knows of a row with a lost answer which of the two it was.
func (rep Report) newCases() (least, most int) {
	most = rep.Accepted + rep.Recovered
	if rep.Earlier > 0 {
		return rep.Accepted, most
	}
	return most, most
}

// shownFaults is how many rows that are not on record are printed; the report has all of them.
const shownFaults = 20

// Write prints the report for a person.
func (rep Report) Write(out io.Writer) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	line := func(what string, value any, more ...any) {
		fmt.Fprintf(table, "%s\t%v\t%s\n", what, value, fmt.Sprint(more...))
	}
	line("rows read", rep.Rows)
	line("sent", rep.Sent, rep.Repeats, " of them twice on purpose, by ", rep.Clients, " clients")
	line("accepted", rep.Accepted)
	line("answered from the store", rep.Replayed, rep.Recovered, " after a lost answer, ", rep.Earlier, " from an earlier run")
	line("refused", len(rep.Refused))
	line("without an answer", len(rep.Unanswered), rep.Retries, " requests were sent again")
	line("cases on record", rep.OnRecord, "of ", rep.Cases)
	line("cases with a workflow", rep.Started, "the last ", round(rep.StartedAfter), " after the last answer")
	if rep.FirstTasks != nil {
		line("first tasks completed", *rep.FirstTasks, "the last ", round(rep.SettledAfter), " after the last answer")
	}
	line("rate", fmt.Sprintf("%.1f/s", rep.Rate), "in ", round(rep.Took))
	line("latency", "p50 "+round(rep.P50), "p90 ", round(rep.P90), "  p99 ", round(rep.P99), "  max ", round(rep.Max))
	if err := table.Flush(); err != nil {
		return err
	}
	writeFaults(out, "refused", rep.Refused)
	writeFaults(out, "no answer to", rep.Unanswered)
	return nil
}

func writeFaults(out io.Writer, what string, faults []Fault) {
	for i, f := range faults {
		if i == shownFaults {
			fmt.Fprintf(out, "… and %d more; the report has all of them\n", len(faults)-i)
			return
		}
		fmt.Fprintf(out, "%s row %d (line %d): %s\n    %s\n", what, f.Row, f.Line, f.Why, strings.Join(f.Cells, " | "))
	}
}

// WriteRefused writes the rows that were refused as a CSV file, to be mended and sent by itself.
func (rep Report) WriteRefused(out io.Writer) error {
	table := csv.NewWriter(out)
	rows := [][]string{append(slices.Clone(rep.Header), "why")}
	for _, f := range rep.Refused {
		rows = append(rows, append(slices.Clone(f.Cells), f.Why))
	}
	return table.WriteAll(rows)
}

func round(d time.Duration) string {
	if d > time.Second {
		return d.Round(10 * time.Millisecond).String()
	}
	return d.Round(100 * time.Microsecond).String()
}
