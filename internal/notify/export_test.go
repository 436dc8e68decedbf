package notify

import (
	"fmt"
	"time"

	"recourse/models"
)

// Batch is how many messages one worker is handed at a time.
const Batch = batch

// MissingWords lists the members of closed sets that cannot be said in both languages.
func MissingWords() []string {
	var missing []string
	note := func(member any, p phrase) {
		if p.zh == "" || p.en == "" {
			missing = append(missing, fmt.Sprintf("%T %v", member, member))
		}
	}
	for _, s := range models.Severities() {
		note(s, severities[s])
	}
	for _, s := range models.States() {
		note(s, states[s])
	}
	for _, c := range models.Clocks() {
		note(c, clocks[c])
	}
	for _, b := range []models.Bound{models.BoundTarget, models.BoundLimit} {
		note(b, bounds[b])
	}
	for _, r := range []models.LateReason{models.LateRecorded, models.LateOutage} {
		note(r, lateReasons[r])
	}
	for _, r := range []models.RequestKind{models.RequestApproveSolution, models.RequestArchiveEarly} {
		note(r, requests[r])
	}
	for _, r := range []models.ReworkCause{
		models.ReworkByHand, models.ReworkCallback, models.ReworkNotReceived, models.ReworkScore, models.ReworkCustomer,
	} {
		note(r, reworks[r])
	}
	return missing
}

// Instant and Span are how times are written.
var (
	Instant = instant
	Span    = span
)

// Backoff is the wait after so many attempts, Attempts how many there are.
var Backoff func(attempt int) time.Duration = backoff

// Attempts is how often a message is tried.
const Attempts = attempts
