package check

import (
	"slices"
	"time"

	"recourse/models"
)

// due is something that happens by itself once its instant has passed.
type due struct {
	at     time.Time
	kind   models.Kind // breached, escalated, survey_expired, closed or archived
	run    *run
	bound  models.Bound
	rung   int
	repeat int
	roles  []models.Role
	by     []models.AlertWay
	ack    time.Duration // within which somebody must acknowledge
	after  string        // key of the alert that nobody acknowledged
}

func (d due) alert() string { return models.AlertKey(d.run.key, d.bound, d.rung, d.repeat) }

// waiting is an alert that somebody must still acknowledge.
type waiting struct {
	key    string
	run    *run
	bound  models.Bound
	rung   int
	repeat int
	ackBy  time.Time
}

// ahead lists everything that is to happen by itself, as the case stands.
func (w *watch) ahead() []due {
	var list []due
	for _, r := range w.runs {
		if !r.pausedAt.IsZero() {
			if w.stamping && r.running() {
				list = append(list, w.stamped(r)...)
			}
			continue
		}
		list = append(list, w.breaches(r)...)
		if r.running() {
			list = append(list, w.ladder(r)...)
		}
		if r.running() && w.apologises(r) {
			list = append(list, due{at: r.span.Limit, kind: models.KindContactPromised, run: r})
		}
	}
	if !w.pausedUntil.IsZero() {
		list = append(list, due{at: w.pausedUntil, kind: models.KindResumed})
	}
	list = append(list, w.unacknowledged()...)
	list = append(list, w.atOnce()...)
	return append(list, w.windows()...)
}

// breaches: a bound is passed by a clock that runs, or that stopped only after it.
func (w *watch) breaches(r *run) []due {
	if r.clock == models.ClockSurvey {
		if !r.running() {
			return nil
		}
		list := []due{{at: r.span.Limit, kind: models.KindSurveyExpired, run: r}}
		if after := w.plan.Survey.Remind; after > 0 && !w.reminded[r.cycle] && w.opened.Rules >= 2 {
			list = append(list, due{at: r.span.StartedAt.Add(after), kind: models.KindSurveyReminded, run: r})
		}
		return list
	}
	var list []due
	for _, b := range r.span.Bounds() {
		if at := r.span.At(b); !slices.Contains(r.missed, b) && (r.running() || r.stoodAt.After(at)) {
			list = append(list, due{at: at, kind: models.KindBreached, run: r, bound: b})
		}
	}
	return list
}

// ladder: the next rung of a running clock, and the word to the executive when its limit was passed
// after its target. Shares and delays count from the first bound.
func (w *watch) ladder(r *run) []due {
	first, bound := r.span.FirstBound()
	if bound.IsZero() || r.clock.Ladder() == models.LadderNone {
		return nil
	}
	var list []due
	if r.owes {
		list = append(list, due{
			at: later(r.span.Limit, r.movedAt), kind: models.KindEscalated, run: r, bound: models.BoundLimit, rung: models.RungLimit,
			roles: []models.Role{models.RoleExecutive},
		})
	}
	if i, rung, is := w.nextRung(r); is {
		list = append(list, due{
			at: w.rungAt(r, rung), kind: models.KindEscalated, run: r, bound: first, rung: i, roles: rung.Roles, by: rung.By, ack: rung.AckWithin,
		})
	}
	return list
}

func (w *watch) rungs(r *run) []models.Rung { return w.plan.Rungs(r.clock, w.severity) }

// nextRung is the lowest rung not yet reached; the one that goes out at once is no part of the climb.
func (w *watch) nextRung(r *run) (int, models.Rung, bool) {
	for i, rung := range w.rungs(r) {
		if i >= r.reached && !rung.AtOnce {
			return i, rung, true
		}
	}
	return 0, models.Rung{}, false
}

// rungAt: a share of the way to the first bound, or so long after it; never before what brought it.
func (w *watch) rungAt(r *run, rung models.Rung) time.Time {
	_, bound := r.span.FirstBound()
	at := bound.Add(rung.After)
	if rung.Share > 0 {
		at = r.span.StartedAt.Add(bound.Sub(r.span.StartedAt) * time.Duration(rung.Share) / 100).Truncate(time.Microsecond)
	}
	return later(w.sinceSeverity(at), r.movedAt)
}

// sinceSeverity: no ladder reaches back before the severity was the case's.
func (w *watch) sinceSeverity(at time.Time) time.Time {
	if w.severity != w.opened.Severity || w.raisedAt.After(w.recorded) {
		return later(at, w.raisedAt)
	}
	return at
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// apologises says whether a clock ends with an apology at its bound: a broken promise of contact.
func (w *watch) apologises(r *run) bool {
	return r.clock == models.ClockNextContact && w.plan.PromiseAgain > 0
}

// unacknowledged: an alert that nobody took on in time goes out again, or the next rung does.
func (w *watch) unacknowledged() []due {
	var list []due
	for _, a := range w.waiting {
		if a.ackBy.IsZero() || !a.run.running() {
			continue
		}
		d := due{at: w.sinceSeverity(a.ackBy), kind: models.KindEscalated, run: a.run, bound: a.bound, after: a.key}
		if rung, known := w.rungOf(a); known && len(rung.RepeatTo) > 0 {
			if a.repeat < rung.Repeats {
				d.rung, d.repeat, d.roles, d.by, d.ack = a.rung, a.repeat+1, rung.RepeatTo, rung.By, rung.AckWithin
				list = append(list, d)
			}
			continue
		}
		if i, rung, is := w.nextRung(a.run); is && a.rung >= 0 {
			d.rung, d.roles, d.by, d.ack = i, rung.Roles, rung.By, rung.AckWithin
			list = append(list, d)
		}
	}
	return list
}

func (w *watch) rungOf(a waiting) (models.Rung, bool) {
	rungs := w.rungs(a.run)
	if a.rung >= 0 && a.rung < len(rungs) {
		return rungs[a.rung], true
	}
	for _, rung := range rungs {
		if a.rung == models.RungAtOnce && rung.AtOnce {
			return rung, true
		}
	}
	return models.Rung{}, false
}

// atOnce: some severities alert once per case as soon as they hold, about the first running promise.
func (w *watch) atOnce() []due {
	if w.alerted {
		return nil
	}
	for _, r := range w.runs {
		if !r.running() || r.clock.Ladder() != models.LadderPromise {
			continue
		}
		for _, rung := range w.rungs(r) {
			if rung.AtOnce {
				first, _ := r.span.FirstBound()
				return []due{{
					at: later(w.raisedAt, r.span.StartedAt), kind: models.KindEscalated, run: r, bound: first, rung: models.RungAtOnce, roles: rung.Roles, by: rung.By, ack: rung.AckWithin,
				}}
			}
		}
	}
	return nil
}

// windows: an anonymous case closes, and an ended one is sealed, when its wait is over.
func (w *watch) windows() []due {
	switch {
	case w.state == models.StateFollowingUp && w.opened.Anonymous:
		return []due{{at: w.toldAt.Add(w.plan.CloseAnonymous), kind: models.KindClosed}}
	case w.state.Ended() && !w.endedAt.IsZero():
		return []due{{at: w.endedAt.Add(w.plan.ReopenWithin), kind: models.KindArchived}}
	}
	return nil
}
