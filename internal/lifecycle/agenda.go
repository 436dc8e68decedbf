package lifecycle

import (
	"cmp"
	"slices"
	"time"

	"recourse/models"
)

// DueKind says what happens by itself.
type DueKind string

// The kinds of due, in the order in which they happen at one and the same instant.
const (
	DueBreach  DueKind = "breach"  // a clock runs past a bound
	DueRung    DueKind = "rung"    // a rung of a ladder is reached
	DueUnacked DueKind = "unacked" // nobody acknowledged an alert in time
	DueApology DueKind = "apology" // a promise of contact was broken: apologise and promise anew
	DueResume  DueKind = "resume"  // a pause has lasted as long as it may
	DueRemind  DueKind = "remind"  // a survey was not answered yet
	DueSurvey  DueKind = "survey"  // a survey expires
	DueClose   DueKind = "close"   // an anonymous case has waited long enough
	DueArchive DueKind = "archive" // the reopen window has passed
)

var dueOrder = []DueKind{DueResume, DueBreach, DueRung, DueUnacked, DueApology, DueRemind, DueSurvey, DueClose, DueArchive}

// Due is something that happens by itself as soon as At has passed, unless a command comes first.
type Due struct {
	At    time.Time    `json:"at"`
	Kind  DueKind      `json:"kind"`
	Run   string       `json:"run,omitempty"`
	Clock models.Clock `json:"clock,omitempty"`
	Bound models.Bound `json:"bound,omitempty"`
	Rung  int          `json:"rung,omitempty"`
	Alert string       `json:"alert,omitempty"` // key of the alert that nobody acknowledged
	Cycle int          `json:"cycle,omitempty"` // of the survey
}

// Promise says whether the due is one of the two promises of every case: the 24 h first response
// and the 48 h feedback, which have timers of their own.
func (d Due) Promise() bool {
	return d.Kind == DueBreach && d.Bound == models.BoundLimit &&
		(d.Clock == models.ClockFirstResponse || d.Clock == models.ClockFeedback)
}

// Agenda lists what happens by itself, in the order in which it will, and the instant of the first;
// a zero instant means that nothing will.
func Agenda(c Case) (next time.Time, what []Due) {
	if !c.State.Live() {
		return time.Time{}, nil
	}
	for _, r := range c.Runs {
		if r.Running() && r.PausedAt.IsZero() {
			what = append(what, runAgenda(c, r)...)
		}
	}
	if c.Pause.Seq != 0 {
		what = append(what, Due{At: c.Pause.Until, Kind: DueResume})
	}
	what = append(what, alertAgenda(c)...)
	what = append(what, atOnceAgenda(c)...)
	what = append(what, windowAgenda(c)...)
	slices.SortStableFunc(what, func(a, b Due) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(slices.Index(dueOrder, a.Kind), slices.Index(dueOrder, b.Kind)))
	})
	if len(what) == 0 {
		return time.Time{}, nil
	}
	return what[0].At, what
}

// runAgenda lists the bounds and rungs that a running clock has before it.
func runAgenda(c Case, r Run) []Due {
	if r.Clock == models.ClockSurvey {
		return surveyAgenda(c, r)
	}
	var what []Due
	if r.Clock == models.ClockNextContact && c.Plan.PromiseAgain > 0 {
		what = append(what, Due{At: r.Limit, Kind: DueApology, Run: r.Key, Clock: r.Clock})
	}
	for _, b := range r.Bounds() {
		if !r.Missed(b) {
			what = append(what, Due{At: r.At(b), Kind: DueBreach, Run: r.Key, Clock: r.Clock, Bound: b})
		}
	}
	if rung, at, is := nextRung(c, r); is {
		first, _ := r.FirstBound()
		what = append(what, Due{At: at, Kind: DueRung, Run: r.Key, Clock: r.Clock, Bound: first, Rung: rung})
	}
	return what
}

// surveyAgenda lists the reminder and the end of an open survey.
func surveyAgenda(c Case, r Run) []Due {
	what := []Due{{At: r.Limit, Kind: DueSurvey, Run: r.Key, Clock: r.Clock, Cycle: r.Cycle}}
	i := c.survey(r.Cycle)
	if remind := c.Plan.Survey.Remind; remind > 0 && i >= 0 && !c.Surveys[i].Reminded {
		what = append(what, Due{At: r.StartedAt.Add(remind), Kind: DueRemind, Run: r.Key, Clock: r.Clock, Cycle: r.Cycle})
	}
	return what
}

// nextRung returns the lowest rung that a run has not reached, and its instant.
func nextRung(c Case, r Run) (rung int, at time.Time, is bool) {
	if _, bound := r.FirstBound(); bound.IsZero() {
		return 0, time.Time{}, false
	}
	rungs := c.Plan.Rungs(r.Clock, c.Severity)
	for i := r.Rung; i < len(rungs); i++ {
		if !rungs[i].AtOnce {
			return i, c.rungAt(r, rungs[i]), true
		}
	}
	return 0, time.Time{}, false
}

// rungAt returns the instant of a rung: shares and delays count from the first bound, never from
// the second. No rung lies before the instant that brought it: bounds moved or severity changed.
func (c Case) rungAt(r Run, rung models.Rung) time.Time {
	_, bound := r.FirstBound()
	at := bound.Add(rung.After)
	if rung.Share > 0 {
		at = cut(r.StartedAt.Add(bound.Sub(r.StartedAt) / 100 * time.Duration(rung.Share)))
	}
	return latest(c.sinceSeverity(at), r.MovedAt)
}

// sinceSeverity is an instant, or the later one at which the severity was changed: no ladder reaches
// back before it was the case's.
func (c Case) sinceSeverity(at time.Time) time.Time {
	if c.Severity != c.Opened.Severity || c.SeverityAt.After(c.RecordedAt) { // it may have been raised and lowered again
		return latest(at, c.SeverityAt)
	}
	return at
}

// alertAgenda lists the alerts that climb when nobody acknowledges them.
func alertAgenda(c Case) []Due {
	var what []Due
	for _, a := range c.Alerts {
		r, _ := c.Run(a.Run)
		if a.AckBy.IsZero() || !climbs(c, r, a) {
			continue
		}
		what = append(what, Due{At: c.sinceSeverity(a.AckBy), Kind: DueUnacked, Run: a.Run, Clock: r.Clock, Bound: a.Bound, Rung: a.Rung, Alert: a.Key})
	}
	return what
}

// climbs says whether an unacknowledged alert has somewhere to go: a repetition or a next rung.
func climbs(c Case, r Run, a Alert) bool {
	rung, known := rungOf(c, r, a.Rung)
	if known && len(rung.RepeatTo) > 0 {
		return a.Repeat < rung.Repeats
	}
	_, _, is := nextRung(c, r)
	return is && a.Rung >= 0
}

// rungOf returns the rung of a run's ladder; the at-once rung is wherever the ladder has it.
func rungOf(c Case, r Run, rung int) (models.Rung, bool) {
	rungs := c.Plan.Rungs(r.Clock, c.Severity)
	if rung == models.RungAtOnce {
		i := slices.IndexFunc(rungs, func(g models.Rung) bool { return g.AtOnce })
		if i < 0 {
			return models.Rung{}, false
		}
		return rungs[i], true
	}
	if rung < 0 || rung >= len(rungs) {
		return models.Rung{}, false
	}
	return rungs[rung], true
}

// atOnceAgenda lists the alert that goes out once per case as soon as its severity asks for it. It
// hangs on the first promise that is still running.
func atOnceAgenda(c Case) []Due {
	if c.AtOnce {
		return nil
	}
	for _, r := range c.Runs {
		if !r.Running() || r.Clock.Ladder() != models.LadderPromise {
			continue
		}
		if _, is := rungOf(c, r, models.RungAtOnce); is {
			first, _ := r.FirstBound()
			return []Due{{At: latest(c.SeverityAt, r.StartedAt), Kind: DueRung, Run: r.Key, Clock: r.Clock, Bound: first, Rung: models.RungAtOnce}}
		}
	}
	return nil
}

// windowAgenda lists the waits that end a case.
func windowAgenda(c Case) []Due {
	switch {
	case c.State == models.StateFollowingUp && c.Opened.Anonymous:
		return []Due{{At: c.Milestones.ResultToldAt.Add(c.Plan.CloseAnonymous), Kind: DueClose}}
	case c.State.Ended():
		return []Due{{At: c.reopenUntil(), Kind: DueArchive}}
	default:
		return nil
	}
}

// reopenUntil returns the end of the window in which a closed case may be reopened.
func (c Case) reopenUntil() time.Time {
	return latest(c.Milestones.EndedAt, c.Milestones.ClosedAt).Add(c.Plan.ReopenWithin)
}

// RolesOf returns whom a rung that is due alerts.
func (c Case) RolesOf(due Due) []models.Role {
	r, _ := c.Run(due.Run)
	rung, _ := rungOf(c, r, due.Rung)
	return rung.Roles
}
