package lifecycle

import (
	"cmp"
	"slices"

	"recourse/models"
)

// An adopted case lived elsewhere. Its one event is folded as the opening and the moves that it tells of, one
// after the other, each as the event of its kind would be. How is told in docs/adr/0024-simulation.md.

// adoptedClocks are the clocks that run from receipt in every adopted case. The others are promises among
// ourselves, which nobody there had given.
var adoptedClocks = []models.Clock{models.ClockFirstResponse, models.ClockFeedback, models.ClockHandling, models.ClockTotal}

// adopt lets a case live through its history. The event names the clocks as they were started, its moves how they
// moved them.
func (c *Case) adopt(e models.Event, d models.Adopted) { c.adoptBy(e, d, func(Case, models.Event) {}) }

// adoptBy is adopt, and shows every step with the case before it.
func (c *Case) adoptBy(e models.Event, d models.Adopted, see func(before Case, step models.Event)) {
	spans := e.Clocks
	for i := range len(d.Moves) + 1 {
		step := c.adoptedStep(e, d, i)
		if n := min(len(spans), len(startsAdopted(step.Data))); n > 0 {
			step.Clocks, spans = spans[:n], spans[n:]
		} else if i > 0 {
			step.Clocks = d.Moves[i-1].Clocks
		}
		before := c.clone()
		c.live(d, step)
		c.trace(before, step, i)
		see(before, step)
	}
	c.counted(d)
	if e.Version == 1 {
		c.tracePauses()
	}
	c.RecordedAt, c.RecordedBy = e.DecidedAt, e.Actor.ID
}

// tracePauses keeps about where the limits of a history of version 1 would be without its pauses: of the bounds it
// knows only those that they had in the end.
func (c *Case) tracePauses() {
	for i, r := range c.Runs {
		if r.Paused > 0 && !r.Limit.IsZero() && r.Clock.Ladder() == models.LadderPromise {
			c.Trail.Limits = append(c.Trail.Limits, Unpaused{i, micros(r.Limit.Add(-r.Paused))})
		}
	}
}

// counted takes over what the log counted itself.
func (c *Case) counted(d models.Adopted) {
	if d.Transfers != nil {
		c.Transfers = *d.Transfers
	}
	if d.Reworks != nil {
		c.Reworks = *d.Reworks
	}
}

// startsAdopted lists the clocks that a step of a history starts.
func startsAdopted(d models.Data) []models.Clock {
	switch d.(type) {
	case models.Opened:
		return adoptedClocks
	case models.Reworked:
		return []models.Clock{models.ClockFeedback, models.ClockHandling}
	default:
		return nil
	}
}

// adoptedStep is one step of a history as an event: the opening at place 0, then the moves.
func (c *Case) adoptedStep(e models.Event, d models.Adopted, place int) models.Event {
	step := models.Event{Case: e.Case, Seq: e.Seq, Cycle: max(c.Cycle, 1), Actor: models.Actor{Kind: models.ActorPerson}}
	if place == 0 {
		step.Data, step.DecidedAt, step.Actor = d.Opened, d.Opened.ReceivedAt, e.Actor
	} else {
		m := d.Moves[place-1]
		step.Data, step.DecidedAt = c.adoptedData(d, m), m.At
		if !slices.Contains([]models.Kind{models.KindDispatched, models.KindAssigned, models.KindTransferred}, m.Kind) {
			step.Actor.ID = m.Person
		}
	}
	if _, again := step.Data.(models.Reworked); again {
		step.Cycle++
	}
	step.Kind, step.HappenedAt = step.Data.Kind(), step.DecidedAt
	return step
}

// adoptedData is what the event says here that a move stands for. What the log leaves open stays as it is.
func (c *Case) adoptedData(d models.Adopted, m models.AdoptedMove) models.Data {
	switch m.Kind { //nolint:exhaustive // of models.AdoptedKinds; the others are refused before
	case models.KindDispatched:
		return models.Dispatched{
			Department: cmp.Or(m.Department, c.Department), Person: m.Person, Severity: cmp.Or(m.Severity, c.Severity),
			Nature: c.Nature, Category: c.Category,
		}
	case models.KindAccepted:
		return models.Accepted{Person: cmp.Or(m.Person, c.Assignee)}
	case models.KindReplied:
		return models.Replied{Channel: c.Opened.Channel}
	case models.KindInterimTold:
		return models.InterimTold{Channel: c.Opened.Channel}
	case models.KindSolutionTold:
		return models.SolutionTold{Channel: c.Opened.Channel}
	case models.KindResolved:
		return models.Resolved{
			MeasuresDone: true, Outcome: cmp.Or(m.Outcome, c.Outcome), Cause: cmp.Or(m.Cause, c.Cause),
			Attribution: cmp.Or(m.Attribution, c.Attribution),
		}
	case models.KindResultTold:
		return models.ResultTold{Channel: c.Opened.Channel}
	case models.KindSurveyAnswered:
		answered := models.SurveyAnswered{SurveyCycle: c.Cycle}
		if m.Scores != nil {
			answered.Scores = *m.Scores
		}
		return answered
	case models.KindClosed:
		return models.Closed{}
	case models.KindReworked:
		return models.Reworked{}
	case models.KindAssigned:
		return models.Assigned{Person: m.Person}
	case models.KindTransferred:
		return models.Transferred{Department: cmp.Or(m.Department, c.Department), Person: m.Person}
	default:
		return c.adoptedBeside(d, m)
	}
}

// adoptedBeside is adoptedData of what happens beside the road.
func (c *Case) adoptedBeside(d models.Adopted, m models.AdoptedMove) models.Data {
	switch m.Kind { //nolint:exhaustive // as above
	case models.KindPaused:
		return models.Paused{Reason: m.Pause, Until: d.PausedUntil}
	case models.KindResumed:
		return models.Resumed{Cause: models.ResumeByHand}
	case models.KindReturned:
		return models.Returned{}
	case models.KindReclassified:
		return models.Reclassified{Severity: m.Severity, Cause: m.Cause, Attribution: m.Attribution}
	case models.KindUrged:
		return models.Urged{Channel: c.Opened.Channel}
	case models.KindNotAccepted:
		return models.NotAccepted{}
	case models.KindWithdrawn:
		return models.Withdrawn{}
	case models.KindArchived:
		return models.Archived{Cause: models.ArchiveWindow}
	default: // a move that nobody knows moves nothing
		return models.Noted{Audience: models.AudienceInternal}
	}
}

// live applies one step of a history. Logs go on telling who has a case that is resolved, which takes nothing
// back here: from there on only a rework does. One that is archived was closed.
func (c *Case) live(d models.Adopted, e models.Event) {
	was := c.State
	if _, sealed := e.Data.(models.Archived); sealed && !was.Ended() && was.Live() {
		closing := e
		closing.Data, closing.Kind = models.Closed{}, models.KindClosed
		c.step(closing)
	}
	if a, answered := e.Data.(models.SurveyAnswered); answered && c.survey(a.SurveyCycle) < 0 {
		c.Surveys = append(c.Surveys, Survey{Cycle: a.SurveyCycle, Expires: e.DecidedAt})
		if p := c.Trail.cycle(a.SurveyCycle); p != nil {
			p.Offered = micros(e.DecidedAt)
		}
	}
	c.step(e)
	if _, opening := e.Data.(models.Opened); opening {
		c.Adopted, c.Source, c.Reference, c.DueSet = true, d.Source, d.Reference, !d.HandlingDue.IsZero()
	}
	if _, again := e.Data.(models.Reworked); !again && settledness(was) > settledness(c.State) {
		c.State = was
	}
}

// settledness orders the states from which a history leads back by a rework alone.
func settledness(s models.State) int {
	switch {
	case s == models.StateResolved:
		return 1
	case s == models.StateFollowingUp:
		return 2
	case s.Ended():
		return 3
	case s == models.StateArchived:
		return 4
	default:
		return 0
	}
}
