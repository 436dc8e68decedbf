// Package storetest is what a store promises, written once and proven for each database.
package storetest

import (
	"testing"

	"recourse/internal/store"
)

// Open opens an empty, migrated store that is closed when tb ends.
type Open func(tb testing.TB) *store.Store

// Run proves every promise on stores that open makes, one for each.
func Run(t *testing.T, open Open) {
	t.Helper()
	for _, p := range promises {
		t.Run(p.says, func(t *testing.T) {
			t.Parallel()
			p.prove(t, open(t))
		})
	}
}

// A promise is one sentence that holds for every database.
type promise struct {
	says  string
	prove func(t *testing.T, s *store.Store)
}

// promises is the whole suite; each file keeps its part.
var promises = concat(recordings, intakes, lists, queues, calls, keys, company, sessions, organisation, policies, rosters, endpoints, templates, adjustments, attachments, erasures, searches, customers, system, uptimes, dumps, ones, facts, imports, signals, reports, subscriptions)

func concat(parts ...[]promise) []promise {
	var all []promise
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}
