package lifecycle

import (
	"time"

	"recourse/models"
)

// took fills in what figures say that the clocks of a case took.
func (c Case) took(row *models.Case) {
	row.ResponseGross, row.ResponseNet = c.first(models.ClockFirstResponse)
	row.FeedbackGross, row.FeedbackNet = c.first(models.ClockFeedback)
	row.HandlingGross, row.HandlingNet = c.first(models.ClockHandling)
	row.TotalGross, _ = c.first(models.ClockTotal)
	for _, r := range c.Runs {
		if r.Clock == models.ClockHandling {
			row.PausedFor += r.Paused
		}
	}
}

// first is what the first run of a clock took, and of that what it was not paused.
func (c Case) first(k models.Clock) (gross, net time.Duration) {
	r, _ := c.First(k)
	return r.took()
}

// took is what a run took, gross and net of pauses; nothing until it reached its milestone.
func (r Run) took() (gross, net time.Duration) {
	if r.Running() || r.End == models.ClockCancelled {
		return 0, 0
	}
	gross = r.EndedAt.Sub(r.StartedAt)
	return gross, gross - r.Paused
}
