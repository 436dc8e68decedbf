package check

import (
	"cmp"
	"slices"
	"time"

	"recourse/internal/lifecycle"
	"recourse/models"
)

// history follows the clocks of a case that was adopted: by the moves that the event tells of, and by itself.
// Whether any move was lawful is not asked; when each clock of ours must have stopped is.
type history struct {
	w      *watch
	spans  []models.ClockSpan // as the event names them, not yet taken
	cycle  int
	plain  bool // each bound lies where the policy had it when its clock started
	paused bool
}

// adopt takes an adopted case on from the event that brought it; c is the case after it.
func (w *watch) adopt(e models.Event, d models.Adopted, c lifecycle.Case) {
	h := &history{w: w, spans: e.Clocks, cycle: 1, plain: e.Version > 1 || plain(d)}
	w.department = ""
	w.severity, w.raisedAt, w.dueSet = d.Opened.Severity, d.Opened.ReceivedAt, !d.HandlingDue.IsZero()
	received := d.Opened.ReceivedAt
	h.begin(models.ClockFirstResponse, received, time.Time{})
	h.begin(models.ClockFeedback, received, time.Time{})
	h.begin(models.ClockHandling, received, d.HandlingDue)
	h.begin(models.ClockTotal, received, time.Time{})
	if d.Opened.Answered {
		h.end(received, false, models.ClockFirstResponse)
	}
	for _, m := range d.Moves {
		h.move(m)
	}
	if len(h.spans) > 0 {
		w.found.say("event %d (adopted) names %d clocks more than its moves start", e.Seq, len(h.spans))
	}
	if e.Cycle != h.cycle {
		w.found.say("event %d (adopted) is of cycle %d, and its moves lead to %d", e.Seq, e.Cycle, h.cycle)
	}
	if h.paused {
		w.pausedUntil = d.PausedUntil
	}
	w.department, w.state, w.endedAt, w.endedFrom = c.Department, c.State, c.Milestones.EndedAt, c.EndedFrom
	if c.State == models.StateClosed { // whatever stood before it there, it had its resolution
		w.endedFrom = models.StateFollowingUp
	}
}

// plain says whether the bounds of a history of version 1, which names those that its clocks had in the end, lie
// where the policy put them when they started.
func plain(d models.Adopted) bool {
	return !slices.ContainsFunc(d.Moves, func(m models.AdoptedMove) bool {
		return m.Kind == models.KindPaused || m.Severity != "" && m.Severity != d.Opened.Severity
	})
}

// begin takes the next clock that the event names.
func (h *history) begin(k models.Clock, from, due time.Time) {
	if len(h.spans) == 0 || h.spans[0].Clock != k || !h.spans[0].StartedAt.Equal(from) {
		h.w.found.say("an adopted case starts clock %s at %s, and its event does not say so", k, stamp(from))
		return
	}
	s := h.spans[0]
	h.spans = h.spans[1:]
	if h.plain {
		want := models.ClockSpan{Clock: k, StartedAt: from, Calendar: h.w.chosen(k)}
		want.Target, want.Limit = h.w.bounded(k, h.w.severity, from, want.Calendar)
		if !due.IsZero() {
			want.Limit = due
			if !want.Target.Before(due) {
				want.Target = time.Time{}
			}
		}
		if !asOne(s, want) {
			h.w.found.say("clock %s of an adopted case is at %s; the policy says %s", k, bounds(s), bounds(want))
		}
	}
	h.w.runs = append(h.w.runs, &run{key: runKey(h.cycle, k, 1), clock: k, cycle: h.cycle, span: s})
}

// end stops those of some clocks that run.
func (h *history) end(at time.Time, cancelled bool, clocks ...models.Clock) {
	for _, r := range h.w.runs {
		if r.running() && slices.Contains(clocks, r.clock) {
			r.end(at, cancelled)
		}
	}
}

// kept says which promises a move keeps.
var kept = map[models.Kind][]models.Clock{
	models.KindReplied:      {models.ClockFirstResponse},
	models.KindInterimTold:  {models.ClockFirstResponse, models.ClockFeedback},
	models.KindSolutionTold: {models.ClockFirstResponse, models.ClockFeedback},
	models.KindResolved:     {models.ClockHandling, models.ClockTotal},
}

// move takes one move into the clocks, and what it says that it did to their bounds.
func (h *history) move(m models.AdoptedMove) {
	h.follow(m)
	taken := map[*run]bool{}
	for _, s := range m.Clocks {
		r := h.w.meant(s, taken)
		if r == nil {
			h.w.found.say("a move of an adopted case, %s at %s, names clock %s, which does not run", m.Kind, stamp(m.At), s.Clock)
			continue
		}
		taken[r] = true
		r.span, r.movedAt = s, m.At
	}
}

// follow takes one move into the clocks.
func (h *history) follow(m models.AdoptedMove) {
	w := h.w
	h.end(m.At, false, kept[m.Kind]...)
	switch m.Kind { //nolint:exhaustive // the others touch no clock
	case models.KindDispatched, models.KindTransferred:
		w.department = cmp.Or(m.Department, w.department)
		h.weigh(m)
	case models.KindReturned:
		w.department = ""
	case models.KindReclassified:
		h.weigh(m)
	case models.KindResultTold:
		w.toldAt = m.At
	case models.KindClosed, models.KindWithdrawn, models.KindNotAccepted, models.KindArchived:
		h.end(m.At, true, models.Clocks()...)
		h.paused = false
	case models.KindReworked:
		h.again(m.At)
	case models.KindPaused:
		h.paused = true
		for _, r := range w.runs {
			if r.running() && slices.Contains(m.Pause.Pauses(), r.clock) {
				r.pausedAt = m.At
			}
		}
	case models.KindResumed:
		h.paused = false
		for _, r := range w.runs {
			if !r.pausedAt.IsZero() {
				r.paused += m.At.Sub(r.pausedAt)
				r.pausedAt, r.movedAt = time.Time{}, m.At
			}
		}
	}
}

func (h *history) weigh(m models.AdoptedMove) {
	if m.Severity != "" && m.Severity != h.w.severity && m.Kind != models.KindTransferred {
		h.w.severity, h.w.raisedAt = m.Severity, m.At
	}
}

// again begins another cycle: the total goes on, the solution is owed anew.
func (h *history) again(at time.Time) {
	h.end(at, true, models.ClockFirstResponse, models.ClockFeedback, models.ClockHandling)
	for _, r := range h.w.runs {
		if r.clock == models.ClockTotal && !r.running() {
			r.endedAt, r.stoodAt, r.cancelled = time.Time{}, time.Time{}, false
		}
	}
	h.cycle++
	h.w.dueSet = false
	h.begin(models.ClockFeedback, at, time.Time{})
	h.begin(models.ClockHandling, at, time.Time{})
}

// stamped lists what fell due on clocks that stand in a pause, before that began: it is put on record as the
// case is adopted.
func (w *watch) stamped(r *run) []due {
	return slices.DeleteFunc(append(w.breaches(r), w.ladder(r)...), func(d due) bool { return !d.at.Before(r.pausedAt) })
}
