package check

import (
	"context"
)

// Keys of the invariants.
const (
	KeyRows      = "rows"
	KeyFacts     = "facts"
	KeyChain     = "chain"
	KeyLawful    = "lawful"
	KeyAlerts    = "alerts"
	KeyWorkflows = "workflows"
	KeyMessages  = "messages"
	KeyTexts     = "texts"
	KeyFiles     = "files"
	KeySeals     = "seals"
	KeyStore     = "store"
)

// Invariant is one thing that always holds.
type Invariant struct {
	Key   string
	Title string

	each  func(ctx context.Context, f *file) ([]string, error)   // what is wrong with one case
	whole func(ctx context.Context, r *round) ([]Finding, error) // what is wrong with the record as a whole, after all cases
	skip  func(r *round) string                                  // why it cannot be checked; empty: it can
}

// Invariants lists everything that is checked, in the order of the report.
func Invariants() []Invariant { return invariants }

var invariants = []Invariant{
	{Key: KeyRows, Title: "every row is the fold of its case's events", each: alone(rows)},
	{Key: KeyFacts, Title: "every fact that figures read follows from its case's events", each: alone(figures)},
	{Key: KeyChain, Title: "every chain of events verifies, without gaps", each: alone(chain)},
	{Key: KeyLawful, Title: "every event was lawful where it stands, by somebody who might", each: alone(lawful)},
	{Key: KeyAlerts, Title: "every due clock has exactly its alerts and no other", each: alone(alerts)},
	{Key: KeyWorkflows, Title: "every live case has its one workflow, no other case has any", each: workflows, whole: strays, skip: withoutEngine},
	{Key: KeyMessages, Title: "every message that an event calls for is there once, and no other", each: alone(messages)},
	{Key: KeyTexts, Title: "every text is there, unaltered, or its key is erased", each: alone(texts)},
	{Key: KeyFiles, Title: "every attachment is there, unaltered, or its key is erased; no bytes are nobody's", each: alone(attachments), whole: nobodys, skip: withoutFiles},
	{Key: KeySeals, Title: "seals, surveys and calls are those of their events", each: alone(seals)},
	{Key: KeyStore, Title: "the database is sound, and nothing points to nothing", whole: sound},
}

// alone is a check that needs nothing but the case.
func alone(check func(*file) []string) func(context.Context, *file) ([]string, error) {
	return func(_ context.Context, f *file) ([]string, error) { return most(check(f)), nil }
}
