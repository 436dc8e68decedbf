package console

import (
	"fmt"
	"strings"
	"time"

	"recourse/internal/cases"
	"recourse/models"
)

// mostSegments is how many segments of a run are listed; the rest is in the API.
const mostSegments = 50

// ledgerRow is the ledger of one run of a clock: a band to look at, sums that add up, breaches with their
// delay, and every segment in words.
type ledgerRow struct {
	Clock    models.Clock
	Cycle    int
	Seq      int64 // of the event that started it
	Gross    string
	Sums     []ledgerSum
	Bars     []bar // of segments
	Downs    []bar // of outages
	Marks    []mark
	Left     string // of the band that lies ahead, in percent from its left; empty: nothing does
	Breaches []string
	Segments []segmentRow
	More     int
	Policy   string
	Calendar string
}

// LedgerKinds are the kinds of segment that the page shows, and what else its bands do: its legend.
func (p *casePage) LedgerKinds() []string {
	shown := map[string]bool{}
	for _, l := range p.Ledgers {
		for _, s := range l.Sums {
			shown[s.Kind] = true
		}
		shown["down"] = shown["down"] || len(l.Downs) > 0
		shown["mark"] = shown["mark"] || len(l.Marks) > 0
		shown["ahead"] = shown["ahead"] || l.Left != ""
	}
	var kinds []string
	for _, kind := range []string{"running", "paused", "closed", "holiday", "over", "ahead", "mark", "down"} {
		if shown[kind] {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

// Parts says whether the run was more than running.
func (r ledgerRow) Parts() bool { return len(r.Sums) != 1 || r.Sums[0].Kind != "running" }

// ledgerSum is what a run was of one kind, in all.
type ledgerSum struct{ Kind, Says string }

// bar is a part of the band, in percent of its width.
type bar struct{ Kind, X, Width, Middle, Letter string }

// mark is a bound on the band.
type mark struct {
	Bound models.Bound
	X     string
}

// segmentRow is one segment, to the second.
type segmentRow struct {
	Kind        string
	From, Until string
	Lasts       string
	Counted     bool
	Why         string
	Seq         int64
}

// ledgerRows are the ledgers of the runs that took any time, in the order of their table.
func (s *sheet) ledgerRows(clocks []clockRow) []ledgerRow {
	var rows []ledgerRow
	for _, c := range clocks {
		if c.Sums.Gross >= time.Second {
			rows = append(rows, s.ledgerRow(c.ClockView))
		}
	}
	return rows
}

func (s *sheet) ledgerRow(c cases.ClockView) ledgerRow {
	row := ledgerRow{Clock: c.Clock, Cycle: c.Cycle, Gross: s.v.Exactly(seconds(c.StartedAt, c.AsOf))}
	took := map[string]time.Duration{}
	var kinds []string
	for _, g := range c.Segments {
		kind := string(g.Kind)
		if _, met := took[kind]; !met {
			kinds = append(kinds, kind)
		}
		took[kind] += seconds(g.From, g.Until)
		row.Policy = g.Policy
		if row.Seq == 0 {
			row.Seq = g.Seq
		}
		if g.Calendar != "" {
			row.Calendar = g.Calendar
		}
		if len(row.Segments) < mostSegments {
			row.Segments = append(row.Segments, s.segmentRow(g))
		}
	}
	row.More = len(c.Segments) - len(row.Segments)
	for _, kind := range kinds {
		row.Sums = append(row.Sums, ledgerSum{kind, s.v.Exactly(took[kind])})
	}
	for _, b := range c.Breaches {
		row.Breaches = append(row.Breaches, s.breachLine(b))
	}
	s.lay(&row, c)
	return row
}

// seconds is the time between two instants on a clock that shows seconds: parts then add up to the whole.
func seconds(from, until time.Time) time.Duration {
	return until.Truncate(time.Second).Sub(from.Truncate(time.Second))
}

func (s *sheet) segmentRow(g cases.Segment) segmentRow {
	row := segmentRow{
		Kind: string(g.Kind), From: s.v.ToTheSecond(g.From, s.v.Zone), Until: s.v.ToTheSecond(g.Until, s.v.Zone),
		Lasts: s.v.Exactly(seconds(g.From, g.Until)), Counted: g.Kind.Counted(), Seq: g.Seq,
	}
	switch {
	case g.Reason != "":
		row.Why = s.v.Say("ledger.by", "what", s.v.Name(g.Reason), "who", s.actorName(g.Actor))
	case row.Kind == "holiday" && g.NameEN+g.NameZH != "":
		if row.Why = g.NameEN; s.v.Language == models.LanguageZH {
			row.Why = g.NameZH
		}
	case row.Kind == "closed" || row.Kind == "holiday":
		row.Why = s.v.Say("ledger.calendar", "name", g.Calendar)
	default:
		row.Why = s.v.Say("ledger.by", "what", s.v.Name(s.kindOf(g.Seq)), "who", s.actorName(g.Actor))
	}
	return row
}

// kindOf is what the event with this sequence was.
func (s *sheet) kindOf(seq int64) models.Kind {
	for _, m := range s.Moments {
		if m.Event.Seq == seq {
			return m.Event.Kind
		}
	}
	return ""
}

// breachLine says of a breach when it was due, when it was noticed, and why not at once.
func (s *sheet) breachLine(b cases.LedgerBreach) string {
	facts := []any{
		"bound", capital(s.v.Name(b.Bound)), "due", s.v.ToTheSecond(b.DueAt, s.v.Zone), "noticed", s.v.ToTheSecond(b.NoticedAt, s.v.Zone),
		"delay", s.v.Exactly(b.Delay()), "down", s.downtimes(b.Outages),
	}
	if b.Cause == "" {
		return s.v.Say("ledger.breach", facts...)
	}
	return s.v.Say("ledger.breach_"+string(b.Cause), facts...)
}

// downtimes says which parts of the system were down when: those that went and came together in one.
func (s *sheet) downtimes(outages []models.Outage) string {
	var order []string
	parts := map[string][]string{}
	for _, o := range outages {
		when := s.v.Between(o.From, o.Until, s.v.Zone)
		if len(parts[when]) == 0 {
			order = append(order, when)
		}
		parts[when] = append(parts[when], s.v.Name(o.Part))
	}
	for i, when := range order {
		order[i] = s.v.Say("ledger.down", "part", strings.Join(parts[when], s.v.Say("ledger.comma")), "when", when)
	}
	return strings.Join(order, s.v.Say("ledger.and"))
}

// letterFrom is how wide a bar must be, in percent, to hold a letter.
const letterFrom = 4

// lay lays the segments out on a band that goes from the start of the run to its end, or as far ahead
// as its bounds lie while it runs.
func (s *sheet) lay(row *ledgerRow, c cases.ClockView) {
	from, until := c.StartedAt, c.AsOf
	moving := c.End == models.ClockRunning && c.PausedAt.IsZero()
	if moving {
		for _, b := range c.Bounds() {
			if at := c.At(b); at.After(until) {
				until = at
			}
		}
	}
	share := func(at time.Time) float64 {
		return 100 * min(1, max(0, float64(at.Sub(from))/float64(until.Sub(from))))
	}
	percent := func(share float64) string { return fmt.Sprintf("%.2f%%", share) }
	place := func(kind string, a, b time.Time) bar {
		x, end := share(a), share(b)
		p := bar{Kind: kind, X: percent(x), Width: percent(max(end-x, 0.15)), Middle: percent((x + end) / 2)}
		if end-x >= letterFrom {
			p.Letter = s.v.Say("ledger.letter_" + kind)
		}
		return p
	}
	for _, g := range c.Segments {
		row.Bars = append(row.Bars, place(string(g.Kind), g.From, g.Until))
	}
	for _, o := range c.Outages {
		row.Downs = append(row.Downs, place("down", o.From, o.Until))
	}
	for _, b := range c.Bounds() {
		if at := c.At(b); (moving || !at.After(c.AsOf)) && c.PausedAt.IsZero() {
			row.Marks = append(row.Marks, mark{b, percent(share(at))})
		}
	}
	if until.After(c.AsOf) {
		row.Left = percent(share(c.AsOf))
	}
}
