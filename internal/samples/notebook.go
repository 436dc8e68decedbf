package samples

import (
	"context"
	"slices"
	"time"

	"recourse/models"
)

// deed is something that an activity wrote into the record.
type deed func(context.Context, Store) error

// notebook is the record to the activities of a case that is not there yet: it answers as the record will,
// and notes what they write, to be done when the case is on record.
type notebook struct {
	Store

	rec   models.Recording
	deeds []deed
}

// Case returns the row as it will be.
func (n *notebook) Case(context.Context, string) (models.Case, error) { return n.rec.Case, nil }

// Entries returns those that will be on record.
func (n *notebook) Entries(_ context.Context, _ string, after int64, limit int) ([]models.Entry, error) {
	rest := slices.DeleteFunc(slices.Clone(n.rec.Entries), func(e models.Entry) bool { return e.Seq <= after })
	if limit > 0 {
		rest = rest[:min(limit, len(rest))]
	}
	return rest, nil
}

// PutSurvey notes a survey.
func (n *notebook) PutSurvey(_ context.Context, s models.Survey, l models.Link, messages []models.Message) error {
	return n.note(func(ctx context.Context, store Store) error { return store.PutSurvey(ctx, s, l, messages) })
}

// SurveyAnswered notes when it was answered.
func (n *notebook) SurveyAnswered(_ context.Context, id string, cycle int, at time.Time) error {
	return n.note(func(ctx context.Context, store Store) error { return store.SurveyAnswered(ctx, id, cycle, at) })
}

// PutCallTask notes a call.
func (n *notebook) PutCallTask(_ context.Context, t models.CallTask, seq int64, messages []models.Message) error {
	return n.note(func(ctx context.Context, store Store) error { return store.PutCallTask(ctx, t, seq, messages) })
}

// PutArchive notes the seal.
func (n *notebook) PutArchive(_ context.Context, a models.Archive) error {
	return n.note(func(ctx context.Context, store Store) error { return store.PutArchive(ctx, a) })
}

func (n *notebook) note(d deed) error {
	n.deeds = append(n.deeds, d)
	return nil
}
