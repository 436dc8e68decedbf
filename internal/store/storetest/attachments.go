package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/store"
	"recourse/models"
)

// upload stages a file of somebody's.
func upload(t *testing.T, s *store.Store, uploader string, at time.Time) models.Attachment {
	t.Helper()
	id := newID()
	file := models.Attachment{
		ID: id, Uploader: uploader, KeyID: "k-" + id, Name: []byte("sealed name"), Digest: "d-" + id, Blob: "b-" + id,
		Size: 7, MediaType: "image/png", StagedAt: at,
	}
	require.NoError(t, s.StageFile(t.Context(), file, models.Key{ID: file.KeyID, Wrapped: []byte("wrapped " + id), CreatedAt: at}))
	return file
}

// acceptWith puts a letter on record that names uploads.
func acceptWith(t *testing.T, s *store.Store, uploader string, files ...models.Attachment) (models.Case, error) {
	t.Helper()
	in := Letter()
	in.Uploader = uploader
	for _, f := range files {
		in.Recording.Files = append(in.Recording.Files, models.FileBinding{ID: f.ID, Seq: 1})
	}
	return in.Recording.Case, s.AcceptIntake(t.Context(), in)
}

// claimFor is a command's claim on a case.
func claimFor(row models.Case, command string) models.Attachment {
	return models.Attachment{CaseID: row.ID, Uploader: "p", Command: command, StagedAt: noon}
}

var attachments = []promise{
	{"an upload is bound with the complaint that names it, once", func(t *testing.T, s *store.Store) {
		one, two := upload(t, s, "p", noon), upload(t, s, "p", noon)
		row, err := acceptWith(t, s, "p", one, two)
		require.NoError(t, err)
		bound, err := s.Attachments(t.Context(), row.ID)
		require.NoError(t, err)
		require.Len(t, bound, 2)
		require.EqualValues(t, 1, bound[0].Seq)
		require.Equal(t, []byte("sealed name"), bound[0].Name)
		require.ElementsMatch(t, []string{one.ID, two.ID}, []string{bound[0].ID, bound[1].ID})

		before := everything(t, s)
		_, err = acceptWith(t, s, "p", upload(t, s, "p", noon), two)
		refused(t, err, models.CodeInvalid)
		require.ErrorContains(t, err, "still free")
		require.Len(t, everything(t, s), len(before)+3, "nothing of the second complaint is on record: only its upload, with its key twice")
	}},
	{"nobody names another's upload, nor one that is not there", func(t *testing.T, s *store.Store) {
		file := upload(t, s, "p", noon)
		_, err := acceptWith(t, s, "q", file)
		refused(t, err, models.CodeInvalid)
		_, err = acceptWith(t, s, "p", models.Attachment{ID: "nothing"})
		refused(t, err, models.CodeInvalid)
		theirs, err := s.Uploads(t.Context(), "q", []string{file.ID})
		require.NoError(t, err)
		require.Empty(t, theirs)
		mine, err := s.Uploads(t.Context(), "p", []string{file.ID, "nothing"})
		require.NoError(t, err)
		require.Len(t, mine, 1)
	}},
	{"two complaints that name one upload at once: one gets it", func(t *testing.T, s *store.Store) {
		file := upload(t, s, "p", noon)
		errs := atOnce(4, func(int) error {
			_, err := acceptWith(t, s, "p", file)
			return err
		})
		require.Equal(t, 1, won(t, errs, models.CodeInvalid))
	}},
	{"a command claims uploads before it is sent, and its event binds them however often it is recorded", func(t *testing.T, s *store.Store) {
		row, other := accept(t, s), accept(t, s)
		file := upload(t, s, "p", noon)
		require.NoError(t, s.ClaimFiles(t.Context(), row.KeyID, claimFor(row, "cmd"), []string{file.ID}))
		require.NoError(t, s.ClaimFiles(t.Context(), row.KeyID, claimFor(row, "cmd"), []string{file.ID}), "tried again")
		refused(t, s.ClaimFiles(t.Context(), other.KeyID, claimFor(other, "cmd"), []string{file.ID}), models.CodeInvalid)
		none, err := s.Attachments(t.Context(), row.ID)
		require.NoError(t, err)
		require.Empty(t, none, "claimed is not bound")

		entries, next := extend(row, 1, "attached")
		rec := models.Recording{Case: next, Entries: entries, Files: []models.FileBinding{{ID: file.ID, Seq: 2}}}
		require.NoError(t, s.Record(t.Context(), rec))
		require.NoError(t, s.Record(t.Context(), rec))
		bound, err := s.Attachments(t.Context(), row.ID)
		require.NoError(t, err)
		require.EqualValues(t, 2, bound[0].Seq)
		require.NoError(t, s.ClaimFiles(t.Context(), row.KeyID, claimFor(row, "cmd"), []string{file.ID}), "the same command, after it was decided")
		refused(t, s.ClaimFiles(t.Context(), row.KeyID, claimFor(row, "another"), []string{file.ID}), models.CodeInvalid)

		entries, next = extend(next, 1, "again")
		require.NoError(t, s.Record(t.Context(), models.Recording{Case: next, Entries: entries, Files: []models.FileBinding{{ID: file.ID, Seq: 3}}}))
		bound, err = s.Attachments(t.Context(), row.ID)
		require.NoError(t, err)
		require.EqualValues(t, 2, bound[0].Seq, "it stays with the first event that names it")
		entries, next = extend(next, 1, "nobody's")
		err = s.Record(t.Context(), models.Recording{Case: next, Entries: entries, Files: []models.FileBinding{{ID: "nothing", Seq: 4}}})
		require.ErrorIs(t, err, store.ErrNotStaged)
	}},
	{"uploads that nothing names are swept, bound ones never", func(t *testing.T, s *store.Store) {
		old, young, named := upload(t, s, "p", noon), upload(t, s, "p", noon.Add(time.Hour)), upload(t, s, "p", noon)
		_, err := acceptWith(t, s, "p", named)
		require.NoError(t, err)
		for range 2 { // a crash before the rows are dropped
			gone, err := s.DisownFiles(t.Context(), noon.Add(time.Minute))
			require.NoError(t, err)
			require.Len(t, gone, 1)
			require.Equal(t, old.Blob, gone[0].Blob)
			_, err = acceptWith(t, s, "p", old)
			refused(t, err, models.CodeInvalid)
		}
		gone, err := s.DisownFiles(t.Context(), noon.Add(time.Minute))
		require.NoError(t, err)
		require.NoError(t, s.DropFiles(t.Context(), gone))
		_, err = s.Key(t.Context(), old.KeyID)
		refused(t, err, models.CodeNotFound)
		var left []string
		require.NoError(t, s.AllFiles(t.Context(), func(f models.Attachment) error { left = append(left, f.ID); return nil }))
		require.ElementsMatch(t, []string{young.ID, named.ID}, left)
		gone, err = s.DisownFiles(t.Context(), noon.Add(time.Minute))
		require.NoError(t, err)
		require.Empty(t, gone)
		require.NoError(t, s.DropFiles(t.Context(), gone))
	}},
	{"erasing a customer destroys the keys and names of their attachments, and no other's", func(t *testing.T, s *store.Store) {
		mine, claimed, other := upload(t, s, "p", noon), upload(t, s, "p", noon), upload(t, s, "p", noon)
		row, err := acceptWith(t, s, "p", mine)
		require.NoError(t, err)
		_, err = acceptWith(t, s, "p", other)
		require.NoError(t, err)
		require.NoError(t, s.ClaimFiles(t.Context(), row.KeyID, claimFor(row, "cmd"), []string{claimed.ID}))
		require.NoError(t, s.Erase(t.Context(), row.CustomerID, noon))
		for _, file := range []models.Attachment{mine, claimed} {
			key, err := s.Key(t.Context(), file.KeyID)
			require.NoError(t, err)
			require.Empty(t, key.Wrapped)
			require.NotNil(t, key.ErasedAt)
		}
		bound, err := s.Attachments(t.Context(), row.ID)
		require.NoError(t, err)
		require.Empty(t, bound[0].Name)
		require.NotEmpty(t, bound[0].Digest)
		key, err := s.Key(t.Context(), other.KeyID)
		require.NoError(t, err)
		require.NotEmpty(t, key.Wrapped)
		require.ErrorIs(t, s.ClaimFiles(t.Context(), row.KeyID, claimFor(row, "late"), []string{upload(t, s, "p", noon).ID}), models.ErrErased)

		page, err := s.Dossiers(t.Context(), "", 10)
		require.NoError(t, err)
		for _, d := range page {
			require.Len(t, d.FileKeys, len(d.Attachments))
			for i, a := range d.Attachments {
				require.Equal(t, a.KeyID, d.FileKeys[i].ID)
			}
		}
	}},
}
