package check

import (
	"bytes"
	"encoding/json"
	"time"

	"recourse/models"
)

// chain: every entry follows the one before it, and is what its bytes say.
func chain(f *file) []string {
	var (
		found    complaints
		previous []byte
		decided  time.Time
	)
	if f.unread != nil {
		found.say("%s", f.unread)
	}
	for i, e := range f.Entries {
		if want := int64(i + 1); e.Seq != want {
			found.say("event %d is missing", want)
			return found // everything behind a gap would be told again
		}
		if !bytes.Equal(models.Chain(previous, e.Body), e.Hash) {
			found.say("event %d does not continue the chain: it was altered, or what stands before it", e.Seq)
		}
		if !f.canonical(i) {
			found.say("event %d is not written in the canonical form", e.Seq)
		}
		if e.DecidedAt.Before(decided) {
			found.say("event %d was decided before the one before it", e.Seq)
		}
		if i < len(f.events) {
			found = append(found, columns(e, f.events[i])...)
		}
		previous, decided = e.Hash, e.DecidedAt
	}
	return found
}

// canonical says whether an entry is written in the canonical form. Most are what today's program
// would write for their event; only the others need to be taken apart.
func (f *file) canonical(i int) bool {
	body := f.Entries[i].Body
	if i < len(f.should.Entries) && bytes.Equal(f.should.Entries[i].Body, body) {
		return true
	}
	again, err := models.Canonical(json.RawMessage(body))
	return err == nil && bytes.Equal(again, body)
}

// columns compares the columns of an entry with its bytes.
func columns(e models.Entry, body models.Event) []string {
	var found complaints
	said := models.Entry{
		CaseID: body.Case, Seq: body.Seq, ID: body.ID, Kind: body.Kind, Cycle: body.Cycle, Command: body.Command,
		DecidedAt: body.DecidedAt, Body: e.Body, Hash: e.Hash,
	}
	for _, column := range differ(said, e) {
		found.say("column %s of event %d is not what its bytes say", column, e.Seq)
	}
	return found
}
