package lifecycle

import (
	"fmt"

	"recourse/models"
)

// Seal applies events to a case, links each to the hash before it, and returns the case after them
// with the entries as they go on record.
func Seal(c Case, events []models.Event) (Case, []models.Entry, error) {
	entries := make([]models.Entry, 0, len(events))
	for _, e := range events {
		body, err := models.Canonical(e)
		if err != nil {
			return c, nil, fmt.Errorf("seal %s/%d: %w", e.Case, e.Seq, err)
		}
		hash := models.Chain(c.Head, body)
		entries = append(entries, models.Entry{
			CaseID: e.Case, Seq: e.Seq, ID: e.ID, Kind: e.Kind, Cycle: e.Cycle, Command: e.Command,
			DecidedAt: e.DecidedAt, Body: body, Hash: hash,
		})
		c = Evolve(c, e)
		c.Head = hash
	}
	return c, entries, nil
}
