package check

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"recourse/internal/lifecycle"
	"recourse/models"
)

// seals: what was done to the world because of an event is on record as the event says.
func seals(f *file) []string {
	found := sealed(f)
	found = append(found, surveys(f)...)
	return append(found, calls(f)...)
}

// sealed: an archived case has its seal, which holds every event, and nothing else has one.
func sealed(f *file) []string {
	var found complaints
	a := f.Archive
	switch {
	case f.after.State != models.StateArchived && a != nil:
		found.say("the record is sealed, and the case is %s", f.after.State)
	case f.after.State != models.StateArchived:
	case a == nil && f.archivedElsewhere(): // what it was, the chain proves; nothing was done here
	case a == nil:
		if f.round.now.Sub(f.after.Milestones.ArchivedAt) > f.round.cfg.Grace {
			found.say("the case is archived, and its record was never sealed")
		}
	default:
		found = append(found, seal(f, a)...)
	}
	return found
}

// archivedElsewhere says whether the case was archived when it was adopted.
func (f *file) archivedElsewhere() bool {
	return f.after.Adopted && len(f.events) > 0 && f.moment(0).State == models.StateArchived
}

func seal(f *file, a *models.Archive) []string {
	var found complaints
	last := f.Entries[len(f.Entries)-1]
	if digest := sha256.Sum256(a.Document); !bytes.Equal(digest[:], a.Digest) {
		found.say("the sealed document does not have the digest of its seal")
	}
	if a.Seq != last.Seq || !bytes.Equal(a.Head, last.Hash) {
		found.say("the seal is of another end of the chain")
	}
	var doc struct {
		Case    string `json:"case"`
		Number  string `json:"number"`
		Entries []struct {
			Seq   int64           `json:"seq"`
			Event json.RawMessage `json:"event"`
			Hash  string          `json:"hash"`
		} `json:"entries"`
	}
	if err := json.Unmarshal(a.Document, &doc); err != nil || doc.Case != f.Case.ID || doc.Number != f.after.Opened.Number || len(doc.Entries) != len(f.Entries) {
		found.say("the sealed document is not this case's")
		return found
	}
	for i, e := range f.Entries {
		if s := doc.Entries[i]; s.Seq != e.Seq || s.Hash != hex.EncodeToString(e.Hash) || !bytes.Equal(s.Event, e.Body) {
			found.say("event %d is not what was sealed", e.Seq)
		}
	}
	return found
}

// surveys: the survey of a cycle is the one that was offered, and has one answer at most.
func surveys(f *file) []string {
	var found complaints
	offered, answers, answered := map[int]models.SurveyOffered{}, map[int]int{}, map[int]models.Event{}
	for _, e := range f.events {
		switch d := e.Data.(type) {
		case models.SurveyOffered:
			offered[d.SurveyCycle] = d
		case models.SurveyAnswered:
			answers[d.SurveyCycle]++
			answered[d.SurveyCycle] = e
		}
	}
	for cycle, n := range answers {
		if n > 1 {
			found.say("the survey of cycle %d was answered %d times", cycle, n)
		}
	}
	kept := map[int]bool{}
	for _, s := range f.Surveys {
		kept[s.Cycle] = true
		if d, is := offered[s.Cycle]; !is || !d.ExpiresAt.Equal(s.ExpiresAt) {
			found.say("the survey of cycle %d is not one that was offered", s.Cycle)
		}
		if e := answered[s.Cycle]; s.AnsweredAt != nil && answers[s.Cycle] == 0 {
			found.say("the survey of cycle %d is marked as answered, and nobody did", s.Cycle)
		} else if s.AnsweredAt != nil && s.AnsweredAt.Before(e.DecidedAt) {
			found.say("the survey of cycle %d is marked as answered before it was", s.Cycle)
		}
	}
	for _, owed := range f.owed() {
		if o, is := owed.(lifecycle.OfferSurvey); is && !kept[o.Cycle] {
			found.say("the survey of cycle %d was offered, and there is none", o.Cycle)
		}
	}
	return found
}

// owed lists the effects that the case still owes and has had time to carry out.
func (f *file) owed() []lifecycle.Effect {
	if !f.after.State.Live() || f.round.now.Sub(f.after.LastAt) <= f.round.cfg.Grace {
		return nil
	}
	return lifecycle.Outstanding(f.after)
}

// calls: every call to make is one that was placed, waits as long as the case waits for it and no
// longer, and says of its outcome what was recorded.
func calls(f *file) []string {
	var found complaints
	type attempt struct{ cycle, n int }
	placed, outcomes := map[attempt]models.CallbackPlaced{}, map[attempt]models.CallbackOutcome{}
	for _, e := range f.events {
		switch d := e.Data.(type) {
		case models.CallbackPlaced:
			placed[attempt{e.Cycle, d.Attempt}] = d
		case models.CallbackRecorded:
			outcomes[attempt{e.Cycle, d.Attempt}] = d.Outcome
		}
	}
	kept := map[attempt]bool{}
	for _, t := range f.CallTasks {
		at := attempt{t.Cycle, t.Attempt}
		kept[at] = true
		if d, is := placed[at]; !is || !d.NotBefore.Equal(t.NotBefore) || !d.Until.Equal(t.Until) {
			found.say("call %d of cycle %d is not one that was placed", t.Attempt, t.Cycle)
		}
		switch awaited := f.after.Awaits(t.Cycle, t.Attempt); {
		case t.DoneAt == nil && !awaited:
			found.say("call %d of cycle %d waits to be made, and the case does not wait for it any more", t.Attempt, t.Cycle)
		case t.DoneAt != nil && awaited:
			found.say("call %d of cycle %d is done with, and the case still waits for it", t.Attempt, t.Cycle)
		case t.DoneAt != nil && t.Outcome != outcomes[at]:
			found.say("call %d of cycle %d says %q came of it, the events say %q", t.Attempt, t.Cycle, t.Outcome, outcomes[at])
		}
	}
	for _, owed := range f.owed() {
		if p, is := owed.(lifecycle.PlaceCallback); is && !kept[attempt{p.Cycle, p.Attempt}] {
			found.say("call %d of cycle %d was placed, and nobody has it", p.Attempt, p.Cycle)
		}
	}
	return found
}
