package cases_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/models"
	"recourse/workflows/contract"
)

// filed stands in for the data of a verb that names uploads.
type filed struct {
	models.Noted

	Files []models.FileRef
}

func (f filed) NamedFiles() []models.FileRef { return f.Files }

func (f filed) WithFiles(files []models.FileRef) models.Data {
	f.Files = files
	return f
}

// scribe is an engine that decides everything and records nothing.
type scribe struct{ order contract.Order }

func (s *scribe) Command(_ context.Context, _ string, order contract.Order) (contract.Outcome, error) {
	s.order = order
	return contract.Outcome{Seq: 2, State: models.StateReceived, Recorded: true}, nil
}

func (*scribe) Adjust(context.Context, contract.AdjustInput, string) error { return nil }

func (*scribe) Reachable(context.Context) error { return nil }

func (*scribe) Troubled(context.Context, contract.Trouble) (ids []string, more bool, err error) {
	return nil, false, nil
}

func TestAVerbThatNamesUploadsClaimsThemBeforeItIsDecided(t *testing.T) {
	t.Parallel()
	o, engine := newOffice(t), &scribe{}
	o.Engine = engine
	a, err := o.Open(t.Context(), o.by(ann), complaint(o.upload(t, ann, "a.png", png).ID))
	require.NoError(t, err)
	other, err := o.Open(t.Context(), o.by(ann), complaint())
	require.NoError(t, err)
	up := o.upload(t, ann, "b.png", png)
	wish := cases.Wish{Verb: models.VerbNote, Data: filed{}, Attachments: []string{up.ID}}
	_, err = o.Do(t.Context(), o.by(ann), a.Number, wish)
	require.NoError(t, err)
	named := engine.order.Command.Data.(filed).Files
	require.Len(t, named, 1)
	require.Equal(t, up.ID, named[0].ID)
	require.NotEmpty(t, named[0].Digest)

	_, err = o.Do(t.Context(), o.by(ann), other.Number, wish)
	pointer(t, err, models.CodeInvalid, "/attachments/0")
	wish.Attachments = []string{o.upload(t, sue, "c.png", png).ID}
	_, err = o.Do(t.Context(), o.by(ann), a.Number, wish)
	pointer(t, err, models.CodeInvalid, "/attachments/0")
	wish.Attachments = []string{"x", "y", "z"}
	_, err = o.Do(t.Context(), o.by(ann), a.Number, wish)
	pointer(t, err, models.CodeInvalid, "/attachments")
	wish.Data = models.Noted{}
	_, err = o.Do(t.Context(), o.by(ann), a.Number, wish)
	pointer(t, err, models.CodeInvalid, "/attachments")
}
