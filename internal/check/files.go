package check

import (
	"context"
	"fmt"
	"time"

	"recourse/models"
)

func withoutFiles(r *round) string {
	if r.cfg.Files == nil {
		return "the folder of attachments was not given"
	}
	return ""
}

// attachments: every attachment that an event names is there, bound to that event, and its bytes open
// to the digest that the event keeps, unless its key was erased; and nothing else is bound.
func attachments(f *file) []string {
	var found complaints
	kept, keys := map[string]models.Attachment{}, map[string]models.Key{}
	for i, a := range f.Attachments {
		kept[a.ID], keys[a.ID] = a, f.FileKeys[i]
	}
	named := map[string]bool{}
	for _, e := range f.events {
		for _, ref := range models.FilesOf(e) {
			a, is := kept[ref.ID]
			switch {
			case !is:
				found.say("attachment %s of event %d is missing", ref.ID, e.Seq)
			case named[ref.ID]: // a second event may name it; it is bound to the first
			case a.Seq != e.Seq || a.Ref() != ref:
				found.say("attachment %s of event %d is not the one that the event names", ref.ID, e.Seq)
			default:
				if says := f.holds(a, keys[a.ID]); says != "" {
					found.say("attachment %s of event %d %s", ref.ID, e.Seq, says)
				}
			}
			named[ref.ID] = true
		}
	}
	for _, a := range f.Attachments {
		if a.Seq > 0 && !named[a.ID] {
			found.say("attachment %s is bound to event %d, which does not name it", a.ID, a.Seq)
		}
	}
	return found
}

// holds says what is wrong with the bytes of an attachment.
func (f *file) holds(a models.Attachment, key models.Key) string {
	switch {
	case len(key.Wrapped) == 0 && key.ErasedAt == nil:
		return "cannot be read: its key is missing, and was not erased"
	case len(key.Wrapped) == 0 && len(a.Name) > 0:
		return "still has its name, though its key was erased"
	case len(key.Wrapped) == 0:
		return ""
	case f.Key.ErasedAt != nil:
		return "can still be read, though the customer was erased"
	}
	sealed, err := f.round.cfg.Files.Get(a.Blob)
	if err != nil {
		return "cannot be read: " + err.Error()
	}
	if f.round.cfg.Vault == nil {
		return ""
	}
	content, err := f.round.cfg.Vault.OpenFile(key.Wrapped, key.ID, a.ID, sealed)
	switch {
	case err != nil:
		return "cannot be opened: it was altered or moved"
	case int64(len(content)) != a.Size || f.round.cfg.Vault.DigestFile(content) != a.Digest:
		return "is not what was uploaded"
	}
	return ""
}

// nobodys are bytes that no row knows, and uploads that the sweep should have taken.
func nobodys(ctx context.Context, r *round) ([]Finding, error) {
	known := map[string]bool{}
	var found complaints
	err := r.record.AllFiles(ctx, func(a models.Attachment) error {
		known[a.Blob] = true
		if a.Seq == 0 && r.now.Sub(a.StagedAt) > stagedFor {
			found.say("upload %s waits since %s for an event that never came", a.ID, stamp(a.StagedAt))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = r.cfg.Files.Each(func(name string, since time.Time) error {
		if !known[name] && r.now.Sub(since) > stagedFor {
			found.say("file %s belongs to no attachment", name)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the folder of attachments: %w", err)
	}
	var findings []Finding
	for _, says := range found {
		findings = append(findings, Finding{Says: []string{says}})
	}
	return findings, nil
}
