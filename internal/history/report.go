package history

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"recourse/models"
)

// Fault is what is wrong with a row of the log. The row is refused, or its contradiction is mended.
type Fault struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Row    int    `json:"row,omitempty"` // counted from 1 behind the header; 0: it is about the case
	Case   string `json:"case,omitempty"`
	Column string `json:"column,omitempty"`
	Says   string `json:"says"`
	Mended bool   `json:"mended,omitempty"`
}

// String is the fault as a line of text.
func (f Fault) String() string {
	what := "refused"
	if f.Mended {
		what = "mended"
	}
	var about strings.Builder
	if f.Case != "" {
		fmt.Fprintf(&about, " case %s", f.Case)
	}
	if f.Column != "" {
		fmt.Fprintf(&about, " column %s", f.Column)
	}
	return fmt.Sprintf("%s %s line %d%s: %s", what, f.File, f.Line, about.String(), f.Says)
}

// Report is what reading a log came to.
type Report struct {
	Source      string     `json:"source"`
	Files       []FileRead `json:"files"`
	AsOf        time.Time  `json:"as_of,omitzero"`
	RowsRead    int        `json:"rows_read"`
	RowsSkipped int        `json:"rows_skipped"` // by where
	RowsRefused int        `json:"rows_refused"`
	Superseded  int        `json:"rows_superseded"` // by a later row of the same case

	Cases         int `json:"cases"`
	Open          int `json:"open"`
	Closed        int `json:"closed"`
	CasesRefused  int `json:"cases_refused"` // for contradictions
	Contradicting int `json:"contradicting"` // cases that contradict themselves, refused or mended

	LeftOut LeftOut `json:"left_out"`
	Behind  Behind  `json:"behind"`
	Gaps    int     `json:"clock_gaps"`   // instants that no clock of the zone showed
	Twice   int     `json:"clock_doubts"` // instants that it showed twice

	Transfers Counter `json:"transfers"`
	Reopens   Counter `json:"reopens"`

	Resolution Spread    `json:"resolution_hours"`
	PeakOpen   int       `json:"peak_open"`
	PeakAt     time.Time `json:"peak_at,omitzero"`
	First      time.Time `json:"first_received,omitzero"`
	Last       time.Time `json:"last_received,omitzero"`

	Names []Name  `json:"unmapped"` // values that the mapping does not name
	Lacks []Lack  `json:"lacks"`
	Moves []Count `json:"moves"`
	Told  []Count `json:"told"` // fields, by how many cases the log tells them of

	spans  []span
	moves  map[models.Kind]int
	fields map[string]int
	names  nameCounts
}

// FileRead is a file of the log.
type FileRead struct {
	Path   string `json:"path"`
	Digest string `json:"digest"` // hex SHA-256 of what lies there
	Rows   int    `json:"rows"`
}

// LeftOut counts moves that make no sense where they stand.
type LeftOut struct {
	Twice    int `json:"twice"`     // what had happened already
	AfterEnd int `json:"after_end"` // what happened to a case that had ended
}

// Behind counts what lies behind the instant up to which the log is read.
type Behind struct {
	Cases int `json:"cases"`
	Rows  int `json:"rows"`  // of events; they count for nothing else
	Moves int `json:"moves"` // told by other columns than that of the row's own instant
}

// Counter sums up what the log's own counter says: in how many cases it is more than nothing, how often in
// all, and how often at most in one case.
type Counter struct {
	Known bool `json:"known"` // the mapping names a counter; else moves are counted
	Cases int  `json:"cases"`
	Times int  `json:"times"`
	Most  int  `json:"most"`
}

func (c *Counter) add(n int) {
	c.Times += n
	c.Most = max(c.Most, n)
	if n > 0 {
		c.Cases++
	}
}

// Spread describes lengths of time, in hours. With n = 0 there are none.
type Spread struct {
	N      int     `json:"n"`
	Mean   float64 `json:"mean"`
	Median float64 `json:"median"`
	Max    float64 `json:"max"`
}

// Count is a name and how often.
type Count struct {
	Name string `json:"name"`
	N    int    `json:"n"`
}

// Name is a value in the log that the mapping does not name.
type Name struct {
	Column string `json:"column"`
	Value  string `json:"value"`
	Rows   int    `json:"rows"`
}

// nameCounts counts values by column; only so many different ones are kept.
type nameCounts struct{ rows map[[2]string]int }

const maxNames = 500

func (n *nameCounts) add(column, value string) {
	if n.rows == nil {
		n.rows = map[[2]string]int{}
	}
	key := [2]string{column, value}
	if _, is := n.rows[key]; is || len(n.rows) < maxNames {
		n.rows[key]++
	}
}

// span is what the summary keeps of a case: from when until when it was open, in microseconds since 1970, and
// how long it took to its resolution. A case that was taken up again after its end has another one.
type span struct{ opened, ended, resolution int64 }

const never = math.MaxInt64

// add counts a history.
func (r *Report) add(h History) {
	a := h.Adopted
	r.Cases++
	received := a.Opened.ReceivedAt
	if r.First.IsZero() || received.Before(r.First) {
		r.First = received
	}
	if received.After(r.Last) {
		r.Last = received
	}
	resolution := int64(-1)
	transfers, reopens := 0, 0
	for _, m := range a.Moves {
		r.moves[m.Kind]++
		switch m.Kind { //nolint:exhaustive // the others are only counted
		case models.KindTransferred:
			transfers++
		case models.KindReworked:
			reopens++
		case models.KindResolved:
			if resolution < 0 { // resolution_time ends with the first
				resolution = m.At.Sub(received).Microseconds()
			}
		}
	}
	if h.Closed() {
		r.Closed++
	} else {
		r.Open++
	}
	r.Transfers.add(valueOr(a.Transfers, transfers))
	r.Reopens.add(valueOr(a.Reworks, reopens))
	r.spans = append(r.spans, spans(a, resolution)...)
	r.count(h)
}

// spans are when a case was open. The first tells how long its resolution took; -1: it has none.
func spans(a models.Adopted, resolution int64) []span {
	all := []span{{opened: a.Opened.ReceivedAt.UnixMicro(), ended: never, resolution: resolution}}
	for _, m := range a.Moves {
		last := &all[len(all)-1]
		switch open := last.ended == never; m.Kind { //nolint:exhaustive // the others neither end a case nor take it up again
		case models.KindClosed, models.KindWithdrawn, models.KindNotAccepted, models.KindArchived:
			if open {
				last.ended = m.At.UnixMicro()
			}
		case models.KindReworked:
			if !open {
				all = append(all, span{opened: m.At.UnixMicro(), ended: never, resolution: -1})
			}
		}
	}
	return all
}

func valueOr(n *int, other int) int {
	if n == nil {
		return other
	}
	return *n
}

// finish sums up.
func (r *Report) finish() {
	r.resolution()
	r.peak()
	for _, k := range models.AdoptedKinds() {
		if n := r.moves[k]; n > 0 {
			r.Moves = append(r.Moves, Count{string(k), n})
		}
	}
	for key, rows := range r.names.rows {
		r.Names = append(r.Names, Name{key[0], key[1], rows})
	}
	slices.SortFunc(r.Names, func(a, b Name) int {
		return cmp.Or(cmp.Compare(a.Column, b.Column), cmp.Compare(b.Rows, a.Rows), cmp.Compare(a.Value, b.Value))
	})
	r.lacks()
	r.spans = nil
}

func (r *Report) resolution() {
	var took []int64
	sum := 0.0
	for _, s := range r.spans {
		if s.resolution >= 0 {
			took = append(took, s.resolution)
			sum += float64(s.resolution)
		}
	}
	if len(took) == 0 {
		return
	}
	slices.Sort(took)
	n := len(took)
	hours := func(micros float64) float64 { return micros / float64(time.Hour/time.Microsecond) }
	r.Resolution = Spread{
		N: n, Mean: hours(sum / float64(n)), Max: hours(float64(took[n-1])),
		Median: hours((float64(took[(n-1)/2]) + float64(took[n/2])) / 2),
	}
}

// peak finds how many cases were open at once at most. A case that closes as another comes makes room for it.
func (r *Report) peak() {
	begins, ends := make([]int64, 0, len(r.spans)), make([]int64, 0, len(r.spans))
	for _, s := range r.spans {
		begins = append(begins, s.opened)
		ends = append(ends, s.ended)
	}
	slices.Sort(begins)
	slices.Sort(ends)
	over := 0
	for i, at := range begins {
		for over < len(ends) && ends[over] <= at { // a case may end as it comes
			over++
		}
		if open := i + 1 - over; open > r.PeakOpen {
			r.PeakOpen, r.PeakAt = open, time.UnixMicro(at).UTC()
		}
	}
}
