package console

import (
	"slices"
	"time"

	"recourse/internal/cases"
	"recourse/models"
)

// countdown is an instant that is coming.
type countdown struct {
	Clock     models.Clock
	Bound     models.Bound
	From, Due time.Time
	Late      bool
	Says      string
	Next      *countdown // the next bound ahead, of whatever clock; of one that has passed its own
}

// Missed says whether this was a shorter target, behind which there is a limit.
func (d *countdown) Missed() bool { return d.Late && d.Bound == models.BoundTarget }

func (s *sheet) countdownTo(clock models.Clock, bound models.Bound, from, due time.Time) *countdown {
	d := &countdown{Clock: clock, Bound: bound, From: from, Due: due}
	left := due.Sub(s.v.c.Now())
	if d.Late = left < 0; d.Late {
		d.Says = s.v.Say("case.late_by", "span", s.v.Span(-left))
	} else {
		d.Says = s.v.Say("case.left", "span", s.v.Span(left))
	}
	return d
}

// pressing is what presses on the case, as the queue says it: the first bound of a clock, passed or
// not, and once it passed the next bound ahead as well.
func (s *sheet) pressing(clocks []cases.ClockView) *countdown {
	row := s.View.Case
	if row.DueAt == nil {
		return nil
	}
	d := s.countdownTo(row.DueClock, "", instantOf(row.DueFrom), *row.DueAt)
	for _, c := range clocks {
		if bound, at := c.FirstBound(); c.End == models.ClockRunning && c.Clock == row.DueClock && at.Equal(*row.DueAt) {
			d.Bound = bound
		}
	}
	if next := ahead(row, s.v.c.Now()); !next.IsZero() {
		d.Next = s.countdownTo("", "", instantOf(row.DueFrom), next)
	}
	return d
}

// ahead is the next bound that a clock of a case will pass, where what presses most has passed its own;
// else zero.
func ahead(row models.Case, now time.Time) time.Time {
	if row.DueAt == nil || row.NextDue == nil || !row.DueAt.Before(now) || !row.NextDue.After(now) {
		return time.Time{}
	}
	return *row.NextDue
}

// dueOf is the next bound that a running clock has not passed; of one that has passed all, the last.
func dueOf(c cases.ClockView) (models.Bound, time.Time) {
	if c.End != models.ClockRunning || !c.PausedAt.IsZero() || c.Clock == models.ClockSurvey || c.Clock == models.ClockTotal {
		return "", time.Time{}
	}
	bounds := c.Bounds()
	for i, b := range bounds {
		missed := b == models.BoundTarget && c.TargetMissed || b == models.BoundLimit && c.LimitMissed
		if !missed || i == len(bounds)-1 {
			return b, c.At(b)
		}
	}
	return "", time.Time{}
}

// clockRow is one run of a clock.
type clockRow struct {
	cases.ClockView

	Paused    bool
	Countdown *countdown
	Elapsed   string
	EndTone   string
}

// clockRows lists the clocks, those that run first.
func (s *sheet) clockRows(clocks []cases.ClockView) []clockRow {
	rows := make([]clockRow, 0, len(clocks))
	for _, c := range clocks {
		r := clockRow{ClockView: c, Elapsed: s.v.Span(c.Sums.Gross), Paused: !c.PausedAt.IsZero()}
		if bound, due := dueOf(c); !due.IsZero() {
			r.Countdown = s.countdownTo(c.Clock, bound, c.StartedAt, due)
		}
		switch c.End {
		case models.ClockMet:
			r.EndTone = "good"
		case models.ClockBreached:
			r.EndTone = "bad"
		case models.ClockCancelled, models.ClockRunning:
			r.EndTone = "plain"
		}
		rows = append(rows, r)
	}
	slices.SortStableFunc(rows, func(a, b clockRow) int {
		running := func(r clockRow) int {
			if r.End == models.ClockRunning {
				return 0
			}
			return 1
		}
		return running(a) - running(b)
	})
	return rows
}
