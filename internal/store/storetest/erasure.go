package storetest

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/store"
	"recourse/models"
)

var erasures = []promise{
	{"an erased customer's words are gone, their case stands, others are untouched", func(t *testing.T, s *store.Store) {
		row, other := accept(t, s), accept(t, s)
		_, err := s.Stage(t.Context(), row.KeyID, []models.Text{draft(row, "cmd", "text")})
		require.NoError(t, err)
		entries, next := extend(row, 1, "told")
		sent, toHead := message(row, 2, "told", ""), message(row, 2, "alert", "")
		sent.State, sent.KeyID, sent.Body = models.MessageSent, row.KeyID, []byte("sealed body")
		toHead.Roles = []models.Role{models.RoleSupervisor}
		require.NoError(t, s.Record(t.Context(), models.Recording{Case: next, Entries: entries, Messages: []models.Message{sent, toHead}}))

		require.NoError(t, s.Erase(t.Context(), row.CustomerID, noon.Add(time.Hour)))
		once := everything(t, s)
		require.NoError(t, s.Erase(t.Context(), row.CustomerID, noon.Add(2*time.Hour)))
		require.Equal(t, once, everything(t, s))

		verifyChain(t, s, row.ID)
		key, err := s.Key(t.Context(), row.KeyID)
		require.NoError(t, err)
		require.Empty(t, key.Wrapped)
		require.Equal(t, new(later(time.Hour)), key.ErasedAt)
		_, err = s.CustomerByDigest(t.Context(), []string{"phone-" + row.CustomerID, "email-" + row.CustomerID})
		refused(t, err, models.CodeNotFound)
		texts, err := s.Texts(t.Context(), row.ID)
		require.NoError(t, err)
		require.Empty(t, texts[0].Sealed)
		require.NotEmpty(t, texts[0].Digest)
		messages, err := s.Messages(t.Context(), row.ID)
		require.NoError(t, err)
		states := map[string]models.MessageState{}
		for _, m := range messages {
			require.Empty(t, m.Body)
			states[m.Template] = m.State
		}
		require.Equal(t, map[string]models.MessageState{
			"received": models.MessageSkipped, "told": models.MessageSent, "alert": models.MessagePending,
		}, states)
		for _, line := range once {
			if strings.Contains(line, row.CustomerID) || strings.Contains(line, row.ID) {
				require.NotContains(t, line, "c2VhbGVk", "base64 of sealed")
			}
		}

		untouched, err := s.Texts(t.Context(), other.ID)
		require.NoError(t, err)
		require.NotEmpty(t, untouched[0].Sealed)
		theirs, err := s.Key(t.Context(), other.KeyID)
		require.NoError(t, err)
		require.NotEmpty(t, theirs.Wrapped)
		list, err := s.Erasures(t.Context())
		require.NoError(t, err)
		require.Len(t, list, 1)
		require.Equal(t, row.CustomerID, list[0].ID)
		require.Empty(t, list[0].Profile)
	}},
	{"nothing is sealed for an erased customer any more", func(t *testing.T, s *store.Store) {
		row := accept(t, s)
		require.NoError(t, s.Erase(t.Context(), row.CustomerID, noon))
		_, err := s.Stage(t.Context(), row.KeyID, []models.Text{draft(row, "cmd", "text")})
		require.ErrorIs(t, err, models.ErrErased)
		next := Letter()
		next.Customer, next.Key, next.Digests = nil, nil, nil
		next.Recording.Case.KeyID, next.Texts[0].KeyID = row.KeyID, row.KeyID
		require.ErrorIs(t, s.AcceptIntake(t.Context(), next), models.ErrErased)
		refused(t, s.Erase(t.Context(), "nobody", noon), models.CodeNotFound)
	}},
	{"a command that was under way while its customer was erased is still recorded", func(t *testing.T, s *store.Store) {
		row := accept(t, s)
		refs, err := s.Stage(t.Context(), row.KeyID, []models.Text{draft(row, "cmd", "text")})
		require.NoError(t, err)
		require.NoError(t, s.Erase(t.Context(), row.CustomerID, noon))
		entries, next := extend(row, 1, "note")
		require.NoError(t, s.Record(t.Context(), models.Recording{Case: next, Entries: entries, Texts: refs, Seqs: []int64{2}}))
	}},
}
