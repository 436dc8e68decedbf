package uptime

import (
	"slices"
	"time"

	"recourse/models"
)

// Outages lists when no process of a part was up between two instants, oldest first. Of the time before a
// part's first heartbeat nothing is known, and nothing is said.
func Outages(spans []models.Uptime, from, until time.Time) []models.Outage {
	var all []models.Outage
	for _, part := range models.Parts() {
		all = append(all, silences(part, spans, from, until)...)
	}
	slices.SortStableFunc(all, func(a, b models.Outage) int { return a.From.Compare(b.From) })
	return all
}

// silences lists the gaps between the spans of one part.
func silences(part models.Part, spans []models.Uptime, from, until time.Time) []models.Outage {
	var mine []models.Uptime
	for _, s := range spans {
		if s.Part == part {
			mine = append(mine, s)
		}
	}
	if len(mine) == 0 {
		return nil
	}
	slices.SortFunc(mine, func(a, b models.Uptime) int { return a.Since.Compare(b.Since) })
	var gaps []models.Outage
	gap := func(begun, ended time.Time) {
		if ended.Sub(begun) > Silence && ended.After(from) && begun.Before(until) {
			gaps = append(gaps, models.Outage{Part: part, From: begun, Until: ended})
		}
	}
	reach := mine[0].Until
	for _, s := range mine[1:] {
		gap(reach, s.Since)
		if s.Until.After(reach) {
			reach = s.Until
		}
	}
	gap(reach, until)
	return gaps
}
