package workflows

import (
	"fmt"
	"time"

	"go.temporal.io/sdk/workflow"

	"recourse/internal/lifecycle"
	"recourse/models"
)

// alarm is a durable timer for an absolute instant, set again only when the instant moves.
type alarm struct {
	at     time.Time
	timer  workflow.Future
	cancel workflow.CancelFunc
}

// justAfter is how long after its instant an alarm rings: what happens at the instant itself is
// still in time, and a server's timers keep milliseconds.
const justAfter = time.Millisecond

// arm sets the alarm, unless it is set for that instant already; a zero instant disarms it.
func (a *alarm) arm(ctx workflow.Context, at time.Time, summary string) {
	if a.timer != nil && a.at.Equal(at) && !a.timer.IsReady() {
		return
	}
	a.disarm()
	if at.IsZero() {
		return
	}
	var timed workflow.Context
	timed, a.cancel = workflow.WithCancel(ctx)
	a.at = at
	a.timer = workflow.NewTimerWithOptions(timed, at.Add(justAfter).Sub(workflow.Now(ctx)), workflow.TimerOptions{Summary: summary})
}

func (a *alarm) disarm() {
	if a.timer != nil && !a.timer.IsReady() {
		a.cancel()
	}
	a.at, a.timer, a.cancel = time.Time{}, nil, nil
}

func (a *alarm) rings() bool { return a.timer != nil && a.timer.IsReady() }

// waitUntilSomethingHappens sleeps until a command, an answer or one of the three alarms.
func (w *complaint) waitUntilSomethingHappens(ctx workflow.Context) error {
	w.setAlarms(ctx)
	seq, degraded := w.c.Seq, w.degraded
	return workflow.Await(ctx, func() bool {
		return w.c.Seq != seq || w.degraded != degraded || w.answers.Len() > 0 || !w.degraded && !w.allRecorded() ||
			w.response.rings() || w.feedback.rings() || w.next.rings()
	})
}

// setAlarms sets the two promises of every case and the earliest of everything else.
func (w *complaint) setAlarms(ctx workflow.Context) {
	w.armPromise(ctx, &w.response, models.ClockFirstResponse, "24 h promise: first response")
	w.armPromise(ctx, &w.feedback, models.ClockFeedback, "48 h promise: feedback")
	due, is := w.earliest()
	if !is {
		w.next.disarm()
		return
	}
	w.next.arm(ctx, due.At, w.what(due))
}

// armPromise sets the alarm of a promise; its summary says until when, and what happens then.
func (w *complaint) armPromise(ctx workflow.Context, a *alarm, k models.Clock, promise string) {
	at := w.promiseDue(k)
	a.arm(ctx, at, fmt.Sprintf("%s by %s, else breach and %s", promise, at.Format(time.RFC3339), w.branch().late))
}

// promiseDue returns the instant at which a promise is broken, zero when it is kept or broken already.
func (w *complaint) promiseDue(k models.Clock) time.Time {
	_, agenda := lifecycle.Agenda(w.c)
	for _, due := range agenda {
		if due.Promise() && due.Clock == k {
			return due.At
		}
	}
	return time.Time{}
}

// earliest returns what happens first beside the two promises.
func (w *complaint) earliest() (lifecycle.Due, bool) {
	_, agenda := lifecycle.Agenda(w.c)
	for _, due := range agenda {
		if !due.Promise() {
			return due, true
		}
	}
	return lifecycle.Due{}, false
}

// what says in one line what a due does, for the Temporal UI.
func (w *complaint) what(due lifecycle.Due) string {
	at := due.At.Format(time.RFC3339)
	switch due.Kind {
	case lifecycle.DueBreach:
		return fmt.Sprintf("%s %s passes at %s: breach, the ladder climbs", due.Clock, due.Bound, at)
	case lifecycle.DueRung:
		return fmt.Sprintf("%s at %s: %s", due.Clock, at, w.branch().rung(w.c.RolesOf(due)))
	case lifecycle.DueUnacked:
		return fmt.Sprintf("%s alert unacknowledged at %s: it climbs", due.Clock, at)
	case lifecycle.DueApology:
		return fmt.Sprintf("promised contact missed at %s: apology and a new date", at)
	case lifecycle.DueResume:
		return fmt.Sprintf("pause ends at %s: the clocks go on", at)
	case lifecycle.DueRemind:
		return fmt.Sprintf("survey of cycle %d unanswered at %s: the one reminder", due.Cycle, at)
	case lifecycle.DueSurvey:
		return fmt.Sprintf("survey of cycle %d expires at %s", due.Cycle, at)
	case lifecycle.DueClose:
		return "anonymous case closes at " + at
	case lifecycle.DueArchive:
		return fmt.Sprintf("reopen window ends at %s: the record is sealed", at)
	}
	return at
}
