package check

import (
	"time"

	"recourse/models"
)

// stagedFor is how long a text may wait for the event that names it: the sweep drops it after a day,
// and comes every hour.
const stagedFor = 25 * time.Hour

// texts: every text that an event names is there, bound to that event, and opens to the digest that
// the event keeps, unless its key was erased; then its bytes are gone as well.
func texts(f *file) []string {
	var found complaints
	kept := map[string]models.Text{}
	for _, t := range f.Texts {
		kept[t.Ref] = t
	}
	named := map[string]bool{}
	for _, e := range f.events {
		for _, ref := range e.Texts {
			t, is := kept[ref.Ref]
			switch {
			case !is:
				found.say("text %s of event %d is missing", ref.Name, e.Seq)
				continue
			case named[ref.Ref]:
				found.say("text %s of event %d is another event's", ref.Name, e.Seq)
			case t.Seq != e.Seq || t.Name != ref.Name || t.Digest != ref.Digest || t.KeyID != f.Case.KeyID:
				found.say("text %s of event %d is not the one that the event names", ref.Name, e.Seq)
			}
			named[ref.Ref] = true
			if says := f.opens(t, ref); says != "" {
				found.say("text %s of event %d %s", ref.Name, e.Seq, says)
			}
		}
	}
	for _, t := range f.Texts {
		switch {
		case t.Seq > 0 && !named[t.Ref]:
			found.say("text %s is bound to event %d, which does not name it", t.Ref, t.Seq)
		case t.Seq == 0 && f.round.now.Sub(t.StagedAt) > stagedFor && !f.answering():
			found.say("text %s waits since %s for an event that never came", t.Ref, stamp(t.StagedAt))
		}
	}
	return found
}

// answering says whether a customer's answer waits to be decided: its texts wait with it.
func (f *file) answering() bool {
	for _, in := range f.Incomings {
		if in.State == models.IncomingPending {
			return true
		}
	}
	return false
}

// opens says what is wrong with the words of a text.
func (f *file) opens(t models.Text, ref models.TextRef) string {
	erased := len(f.Key.Wrapped) == 0
	switch {
	case erased && f.Key.ErasedAt == nil:
		return "cannot be read: its key is missing, and was not erased"
	case erased && len(t.Sealed) > 0:
		return "is still there, though its key was erased"
	case erased || f.round.cfg.Vault == nil:
		return ""
	}
	_, digest, err := f.round.cfg.Vault.OpenText(f.Key.Wrapped, t.KeyID, t.Ref, t.Sealed)
	switch {
	case err != nil:
		return "cannot be opened: it was altered or moved"
	case digest != ref.Digest:
		return "is not what was written"
	}
	return ""
}
