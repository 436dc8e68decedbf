package lifecycle

import (
	"cmp"
	"time"

	"recourse/models"
)

// wordEvery is how long a customer waits for a word at most.
const wordEvery = 3 * 24 * time.Hour

// spoke says whether an event is a talk with the customer, or a word to them with content. A promise to be
// heard from, a message of theirs and a call that reached nobody are none.
func spoke(e models.Event) bool {
	switch d := e.Data.(type) {
	case models.Replied, models.ProgressTold, models.InterimTold, models.SolutionTold, models.ResultTold, models.Settled:
		return true
	case models.Opened:
		return d.Answered
	case models.ContactLogged:
		return d.Held
	case models.CallbackRecorded:
		return reached(d.Outcome)
	}
	return false
}

// talk says whether an event counts as a talk before a solution is proposed: whoever was told the solution was
// told it, not asked.
func talk(e models.Event) bool {
	switch d := e.Data.(type) {
	case models.SolutionTold, models.ResultTold:
		return false
	case models.Reworked: // the callback was a talk, and this cycle is its outcome
		return d.Cause == models.ReworkCallback || d.Cause == models.ReworkNotReceived
	}
	return spoke(e)
}

// traceSteps keeps the instants from which follows what a cycle lacks, as models.Steps has it.
func (c *Case) traceSteps(before Case, e models.Event, move int) {
	p := c.Trail.cycle(c.Cycle)
	if p == nil {
		return
	}
	at := micros(e.DecidedAt)
	note := func(first *Micros, is bool) {
		if is {
			*first = cmp.Or(*first, at)
		}
	}
	note(&p.Contact, talk(e))
	if spoke(e) {
		p.Words = append(p.Words, at)
	}
	switch d := e.Data.(type) {
	case models.Proposed:
		_, minutes := e.Text(models.TextMinutes)
		note(&p.Proposed, true)
		note(&p.Minutes, minutes)
	case models.Approved:
		note(&p.Approved, true)
	case models.ResultTold:
		note(&p.Complete, move > 0 || d.Done && d.Effect && d.FollowUp && d.Thanks)
	case models.Settled:
		note(&p.Complete, true)
	case models.CallbackRecorded:
		note(&p.Called, !e.Actor.In(before.Department) || e.Actor.Is(models.RoleSupervisor))
	case models.Confirmed:
		note(&p.Confirmed, true)
	}
}

// missing are the steps that a cycle lacks.
func (c Case) missing(p Passage) (steps models.Steps) {
	lacks := func(step models.Steps, owed, has Micros) {
		if owed != 0 && (has == 0 || has > owed) {
			steps |= step
		}
	}
	if p.Settled == 0 {
		lacks(models.StepContact, cmp.Or(p.Proposed, p.Solution), p.Contact)
	}
	lacks(models.StepMinutes, p.Approved, p.Minutes)
	if p.Complete == 0 {
		lacks(models.StepResult, cmp.Or(p.Told, p.Closed), 0)
	}
	if !c.Opened.Anonymous && !c.Adopted && (p.Confirmed == 0 || p.Confirmed > p.Closed) {
		lacks(models.StepCallback, p.Closed, p.Called)
	}
	if c.silent(p) {
		steps |= models.StepProgress
	}
	return steps
}

// silent says whether the customer of a cycle ever waited too long for a word.
func (c Case) silent(p Passage) bool {
	last, until := p.Began, micros(c.LastAt)
	for _, end := range []Micros{p.Resolved, p.Ended} {
		if end != 0 {
			until = min(until, end)
		}
	}
	for _, word := range p.Words {
		if c.Trail.owed(last, min(word, until)) > wordEvery {
			return true
		}
		last = word
	}
	return c.Trail.owed(last, until) > wordEvery
}

// owed is how much of a time a customer was owed words in: the case was open, and did not wait for them.
func (t Trail) owed(from, until Micros) (sum time.Duration) {
	if until.after(from) <= wordEvery {
		return 0
	}
	for _, h := range t.Owners {
		if h.Pause > 0 && models.PauseReasons()[h.Pause-1] == models.PauseCustomer {
			continue
		}
		end := until
		if h.Until != 0 {
			end = min(until, h.Until)
		}
		sum += max(0, end.after(max(from, h.From)))
	}
	return sum
}
