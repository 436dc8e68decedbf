package history

import (
	"slices"
	"time"

	"recourse/models"
)

// sane keeps the moves that make sense one after another. A log tells some things twice, and goes on about
// a case that has ended; such rows are counted and left out, for they would move clocks that do not run.
func (d *draft) sane() {
	d.movesUntilAsOf()
	d.closedFirst()
	var kept []models.AdoptedMove
	at := standing{}
	for _, m := range d.moves {
		if at.paused != "" && (m.Kind == models.KindPaused && m.Pause != at.paused || slices.Contains(solved, m.Kind)) {
			kept = append(kept, models.AdoptedMove{At: m.At, Kind: models.KindResumed, Inferred: true, Line: m.Line})
			at.paused = ""
		}
		if why := at.step(m); why != nil {
			*why(&d.report.LeftOut)++
			continue
		}
		kept = append(kept, m)
	}
	d.moves = kept
	if d.m.resolvedIsClosed && at.resolved && !at.ended {
		d.moves = append(d.moves, models.AdoptedMove{At: at.resolvedAt, Kind: models.KindClosed, Inferred: true})
		slices.SortStableFunc(d.moves, func(a, b models.AdoptedMove) int { return a.At.Compare(b.At) })
	}
}

// movesUntilAsOf leaves out the moves behind the end of the log, before anything is judged by them.
func (d *draft) movesUntilAsOf() {
	d.moves = slices.DeleteFunc(d.moves, func(m models.AdoptedMove) bool {
		behind := d.behind(m.At)
		if behind {
			d.report.Behind.Moves++
			d.later = append(d.later, m.Kind)
		}
		return behind
	})
}

// standing is where a case stands while its moves are judged.
type standing struct {
	paused          models.PauseReason
	resolved, ended bool
	resolvedAt      time.Time
}

// afterEnd are the moves that an ended case may still make.
var afterEnd = []models.Kind{
	models.KindReworked, models.KindSurveyAnswered, models.KindArchived, models.KindResultTold, models.KindReplied, models.KindSolutionTold,
}

// step takes a move, or returns which count of moves left out it belongs to.
func (s *standing) step(m models.AdoptedMove) func(*LeftOut) *int {
	if s.ended && !slices.Contains(afterEnd, m.Kind) {
		return func(l *LeftOut) *int { return &l.AfterEnd }
	}
	twice := func(l *LeftOut) *int { return &l.Twice }
	switch m.Kind { //nolint:exhaustive // the others change nothing that is judged here
	case models.KindPaused:
		if s.paused == m.Pause {
			return twice
		}
		s.paused = m.Pause
	case models.KindResumed:
		if s.paused == "" {
			return twice
		}
		s.paused = ""
	case models.KindResolved:
		if s.resolved {
			return twice
		}
		s.resolved, s.resolvedAt = true, m.At
	case models.KindReworked:
		*s = standing{paused: s.paused}
	case models.KindClosed, models.KindWithdrawn, models.KindNotAccepted:
		s.ended = true
	}
	return nil
}

// closedFirst finds every cycle of a case that was closed before it was resolved, with nothing that took it up
// again, and puts the end where the resolution stands. What was resolved before is only told twice.
func (d *draft) closedFirst() {
	resolved := false
	for i := 0; i < len(d.moves); i++ {
		switch d.moves[i].Kind { //nolint:exhaustive // the others say nothing about it
		case models.KindReworked:
			resolved = false
		case models.KindResolved:
			resolved = true
		case models.KindClosed:
			if at := d.resolution(i + 1); !resolved && at > 0 {
				d.contradiction(d.rows[len(d.rows)-1], d.columnOf(models.KindClosed), "closed before it was resolved")
				d.closeAt(i, at)
				resolved, i = true, at // where the end stands now
			}
		}
	}
}

// resolution is the move that resolves the cycle to which a move belongs; 0: none does.
func (d *draft) resolution(from int) int {
	for i := from; i < len(d.moves) && d.moves[i].Kind != models.KindReworked; i++ {
		if d.moves[i].Kind == models.KindResolved {
			return i
		}
	}
	return 0
}

// closeAt moves an end behind the resolution, to its instant.
func (d *draft) closeAt(end, resolution int) {
	m := d.moves[end]
	m.At = d.moves[resolution].At
	d.moves = slices.Insert(slices.Delete(d.moves, end, end+1), resolution, m)
}

// columnOf is the column that tells of a move.
func (d *draft) columnOf(k models.Kind) *column {
	for _, s := range d.m.milestones {
		if s.kind == k {
			return s.column
		}
	}
	if d.m.activity != nil {
		return d.m.activity.column
	}
	if d.m.state != nil {
		return d.m.state.column
	}
	return d.m.at
}
