package check

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"time"

	"recourse/internal/lifecycle"
	"recourse/models"
)

// rows: the row is what its events fold to, column by column, and so is its snapshot.
func rows(f *file) []string {
	var found complaints
	if len(f.events) == 0 {
		return []string{"there is a row and no event"}
	}
	last := f.Entries[len(f.Entries)-1]
	want, have := f.should.Case, f.Case
	want.Hash, want.Snapshot, have.Snapshot = last.Hash, nil, nil
	for _, column := range differ(want, have) {
		found.say("column %s is not what the events up to %d say", column, last.Seq)
	}
	if says := snapshot(f, last.Hash); says != "" {
		found.say("%s", says)
	}
	return found
}

// snapshot compares the case in the row with the fold. The plan is not part of it: the shell gives it. One that
// is older than the trail has none.
func snapshot(f *file, head []byte) string {
	kept, err := lifecycle.Restore(f.Case)
	if err != nil {
		return "the snapshot cannot be read"
	}
	folded := f.after
	folded.Head = head
	kept.Plan, folded.Plan = models.Plan{}, models.Plan{}
	if !kept.Traced() {
		folded.Trail = lifecycle.Trail{}
	}
	one, err := json.Marshal(kept)
	two, err2 := json.Marshal(folded)
	if err != nil || err2 != nil || !bytes.Equal(one, two) {
		return "the snapshot is not the fold of the events"
	}
	return ""
}

// differ names the fields in which two rows of one type differ. Instants are compared as instants,
// no bytes and empty bytes are the same.
func differ[T any](want, have T) []string {
	var names []string
	w, h := reflect.ValueOf(want), reflect.ValueOf(have)
	for i := range w.NumField() {
		if !alike(w.Field(i).Interface(), h.Field(i).Interface()) {
			names = append(names, w.Type().Field(i).Name)
		}
	}
	return names
}

func alike(a, b any) bool {
	switch a := a.(type) {
	case time.Time:
		return a.Equal(b.(time.Time))
	case *time.Time:
		b := b.(*time.Time)
		return a == b || a != nil && b != nil && a.Equal(*b)
	case []byte:
		return bytes.Equal(a, b.([]byte))
	case []models.Role:
		b := b.([]models.Role)
		return len(a) == 0 && len(b) == 0 || reflect.DeepEqual(a, b)
	case []string:
		return slices.Equal(a, b.([]string))
	default:
		return a == b
	}
}
