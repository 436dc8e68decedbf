package lifecycle

import "recourse/models"

// Awaits says whether the case waits for what comes of an attempt to call the customer back.
func (c Case) Awaits(cycle, attempt int) bool {
	return c.Callback.Open && c.Cycle == cycle && c.Callback.Attempt == attempt
}

// CallEnd returns what became of an attempt in the events of a case from the first on; false while it is
// awaited, or when it was never placed.
func CallEnd(events []models.Event, cycle, attempt int) (models.CallTask, bool) {
	var c Case
	for _, e := range events {
		before := c
		c = Evolve(c, e)
		if end, is := callEnd(before, c, e); is && end.Cycle == cycle && end.Attempt == attempt {
			return end, true
		}
	}
	return models.CallTask{}, false
}

// callEnd says what an event made of the attempt that the case waited for: what came of it, or, without
// an outcome, that nobody needs to make it any more.
func callEnd(before, after Case, e models.Event) (models.CallTask, bool) {
	end := models.CallTask{CaseID: e.Case, Cycle: before.Cycle, Attempt: before.Callback.Attempt, DoneAt: &e.DecidedAt}
	if d, is := e.Data.(models.CallbackRecorded); is {
		end.Cycle, end.Attempt, end.Outcome = e.Cycle, d.Attempt, d.Outcome
		return end, true
	}
	return end, before.Callback.Open && !after.Awaits(end.Cycle, end.Attempt)
}
