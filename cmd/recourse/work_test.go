package main

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/files"
	"recourse/internal/store"
	"recourse/models"
)

func TestTheSweepTakesUploadsThatNothingNamedWithTheirBytes(t *testing.T) {
	t.Parallel()
	record, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "record.db"), store.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, record.Close()) })
	require.NoError(t, record.Migrate(t.Context()))
	s := &stack{store: record, files: files.In(t.TempDir())}
	stage := func(id string, age time.Duration) string {
		blob, err := s.files.Put([]byte(id))
		require.NoError(t, err)
		require.NoError(t, record.StageFile(t.Context(),
			models.Attachment{ID: id, Uploader: "person:ann", KeyID: id, Blob: blob, StagedAt: time.Now().Add(-age)},
			models.Key{ID: id, Wrapped: []byte("w"), CreatedAt: time.Now()}))
		return blob
	}
	old, young := stage("old", 25*time.Hour), stage("young", 23*time.Hour)
	stage("without bytes", 25*time.Hour)
	require.NoError(t, s.files.Remove(files.NameOf([]byte("without bytes"))))

	for range 2 {
		require.NoError(t, s.sweepFiles(t.Context()))
		_, err = s.files.Get(old)
		require.ErrorIs(t, err, files.ErrMissing)
		_, err = s.files.Get(young)
		require.NoError(t, err)
		var left []string
		require.NoError(t, record.AllFiles(t.Context(), func(a models.Attachment) error { left = append(left, a.ID); return nil }))
		require.Equal(t, []string{"young"}, left)
	}
}
