package lifecycle

import (
	"cmp"
	"slices"
	"time"

	"recourse/models"
)

// backdatedAfter is how much later than it is said to have happened a word to the customer may be put on
// record before that is a lever: whoever writes it down after the call needs a while.
const backdatedAfter = time.Hour

// bellShare is the last part of a clock's time that is called the bell: one in so many.
const bellShare = 10

// traceLevers keeps the levers that an event pulled.
func (c *Case) traceLevers(before Case, e models.Event, move int) {
	t := &c.Trail
	if d, is := e.Data.(models.Decided); is && d.Granted {
		t.Asker = t.place(d.Asker)
	}
	pull := func(kind models.LeverKind, is bool) {
		if !is {
			return
		}
		since, bound := pressed(before.Runs, e.DecidedAt)
		t.Levers = append(t.Levers, Pull{
			Seq: e.Seq, Move: move, Kind: slices.Index(models.LeverKinds(), kind), Cycle: c.Cycle, At: micros(e.DecidedAt),
			Person: t.puller(e), Department: t.place(cmp.Or(before.Department, c.Department)), Since: since, Bound: bound,
		})
	}
	pull(levered(e), levered(e) != "")
	pull(models.LeverDowngrade, before.Severity != "" && lower(c.Severity, before.Severity))
	pull(models.LeverAttribution, changed(before.Attribution, c.Attribution) || changed(before.Cause, c.Cause))
	pull(models.LeverBackdating, backdated(e))
}

// levered is the lever that an event is by its kind; empty: it is none.
func levered(e models.Event) models.LeverKind {
	switch d := e.Data.(type) {
	case models.InterimTold:
		return models.LeverInterim
	case models.Paused:
		return models.LeverPause
	case models.Extended:
		return models.LeverExtension
	case models.DeadlinesMoved:
		if d.Later.Of > 0 && slices.Contains(d.Clocks, models.ClockHandling) {
			return models.LeverExtension
		}
	case models.NotAccepted:
		return models.LeverRefusal
	case models.Merged:
		return models.LeverMerge
	case models.Transferred, models.Returned:
		return models.LeverTransfer
	case models.Closed:
		if d.Reason == models.CloseByHand {
			return models.LeverHandClose
		}
	case models.Reworked:
		if d.Cause == models.ReworkByHand {
			return models.LeverReopening
		}
	case models.Reopened:
		return models.LeverReopening
	}
	return ""
}

// puller is the place of whoever did something: what a granted request brings about was its asker's doing,
// what an adjustment brings about was its orderer's.
func (t *Trail) puller(e models.Event) int {
	switch d := e.Data.(type) {
	case models.DeadlinesMoved:
		return t.place(d.By)
	case models.Paused, models.Extended, models.NotAccepted, models.Reclassified:
		if e.Actor.Kind == models.ActorSystem {
			return t.Asker
		}
	}
	return t.place(e.Actor.ID)
}

// changed says whether what was said was taken back, or said otherwise.
func changed[T ~string](was, is T) bool { return was != "" && is != was }

// backdated says whether an event is a word to the customer, or a contact, of longer ago.
func backdated(e models.Event) bool {
	switch e.Data.(type) {
	case models.Replied, models.ContactLogged, models.ProgressTold, models.InterimTold, models.SolutionTold, models.ResultTold, models.Settled:
		return e.DecidedAt.Sub(e.HappenedAt) > backdatedAfter
	}
	return false
}

// pressed returns start and first bound of the promise's clock that runs at an instant and whose bell comes
// first. Both lie as much later as it has waited: none of its bounds came nearer meanwhile.
func pressed(runs []Run, at time.Time) (since, bound Micros) {
	for _, r := range runs {
		_, first := r.FirstBound()
		if !r.Running() || r.Clock.Ladder() != models.LadderPromise || first.IsZero() {
			continue
		}
		var waits time.Duration
		if !r.PausedAt.IsZero() {
			waits = at.Sub(r.PausedAt)
		}
		s, b := micros(r.StartedAt.Add(r.Paused+waits)), micros(first.Add(waits))
		if bound == 0 || bell(s, b) < bell(since, bound) {
			since, bound = s, b
		}
	}
	return since, bound
}

// bell is where the last part of a clock's time begins.
func bell(since, bound Micros) Micros { return bound - (bound-since)/bellShare }
