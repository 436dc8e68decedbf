package lifecycle_test

import (
	"reflect"
	"slices"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/lifecycle"
	"recourse/internal/policy"
	"recourse/models"
)

// relive lets a finished walk happen once more by the rules that it went by: every event comes again, in its
// place, with its clocks, by nothing but what people did.
func (k *walk) relive() {
	looked := time.Time{}
	if last := k.events[len(k.events)-1]; last.Command == "" { // what the last command brought up, nobody has seen yet
		looked = last.DecidedAt
	}
	again := lifecycle.Replay(k.events, lifecycle.Rules{Plan: k.planOf}, looked).Events
	for i, e := range k.events {
		if i >= len(again) || !reflect.DeepEqual(e, again[i]) {
			got := models.Event{}
			if i < len(again) {
				got = again[i]
			}
			require.FailNow(k.rt, "it happens otherwise", "event %d: %+v\n%+v", e.Seq, e, got)
		}
	}
	require.Len(k.rt, again, len(k.events))
}

// planOf is the plan of a version as this walk's shell made it: at most twenty days before.
func (k *walk) planOf(version string, at time.Time, zone string) models.Plan {
	of := walked()
	if version != of.Version {
		of = versions[slices.IndexFunc(versions, func(p policy.Policy) bool { return p.Version == version })]
	}
	return of.Plan(at, zone, lifecycle.RulesVersion())
}
