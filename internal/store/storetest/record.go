package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/store"
	"recourse/models"
)

var recordings = []promise{
	{"an intake is on record whole", func(t *testing.T, s *store.Store) {
		in := Letter()
		require.NoError(t, s.AcceptIntake(t.Context(), in))
		want := in.Recording.Case

		got, err := s.Case(t.Context(), want.ID)
		require.NoError(t, err)
		require.Equal(t, asKept(want), got)
		byNumber, err := s.CaseByNumber(t.Context(), want.Number)
		require.NoError(t, err)
		require.Equal(t, got, byNumber)

		entries, err := s.Entries(t.Context(), want.ID, 0, 0)
		require.NoError(t, err)
		require.Len(t, entries, 1)
		require.Equal(t, in.Recording.Entries[0].Body, entries[0].Body)
		require.Equal(t, instant(in.Recording.Entries[0].DecidedAt), entries[0].DecidedAt)

		texts, err := s.Texts(t.Context(), want.ID)
		require.NoError(t, err)
		require.Len(t, texts, 1)
		require.Equal(t, []byte("sealed words"), texts[0].Sealed)
		customer, err := s.CustomerByDigest(t.Context(), []string{"nobody's", in.Digests[1].Digest})
		require.NoError(t, err)
		require.Equal(t, in.Customer.ID, customer.ID)
		key, err := s.Key(t.Context(), want.KeyID)
		require.NoError(t, err)
		require.Equal(t, in.Key.Wrapped, key.Wrapped)
		start, err := s.Start(t.Context(), want.ID)
		require.NoError(t, err)
		require.Nil(t, start.StartedAt)
		kept, fresh, err := s.Begin(t.Context(), *in.Answered)
		require.NoError(t, err)
		require.False(t, fresh)
		require.Equal(t, in.Answered.Answer, kept.Answer)
	}},
	{"what nobody put on record is not found", func(t *testing.T, s *store.Store) {
		_, err := s.Case(t.Context(), "c-0")
		refused(t, err, models.CodeNotFound)
		_, err = s.CaseByNumber(t.Context(), "RC")
		refused(t, err, models.CodeNotFound)
		_, err = s.CustomerByDigest(t.Context(), []string{"x"})
		refused(t, err, models.CodeNotFound)
		_, err = s.CustomerByDigest(t.Context(), nil)
		refused(t, err, models.CodeNotFound)
		_, err = s.Key(t.Context(), "k")
		refused(t, err, models.CodeNotFound)
	}},
	{"recording twice changes nothing", func(t *testing.T, s *store.Store) {
		row := accept(t, s)
		entries, next := extend(row, 3, "note")
		next.State = models.StateDispatched
		rec := models.Recording{
			Case: next, Entries: entries, Alerts: []models.Alert{alert(row, 2, "first_response/limit/1")},
			Messages: []models.Message{message(row, 2, "note", "p-1")},
			Settled:  []models.AlertEnd{{CaseID: row.ID, Key: "first_response/limit/1", EndedAt: new(later(time.Hour))}},
		}
		require.NoError(t, s.Record(t.Context(), rec))
		before := everything(t, s)
		for range 2 {
			rec.Alerts = []models.Alert{alert(row, 2, "first_response/limit/1")} // another id, the same key
			require.NoError(t, s.Record(t.Context(), rec))
			require.Equal(t, before, everything(t, s))
		}
	}},
	{"a part that is on record is skipped, the rest is added", func(t *testing.T, s *store.Store) {
		row := accept(t, s)
		entries, _ := extend(row, 2, "note")
		_, half := extend(row, 1, "note")
		_, whole := extend(row, 2, "note")
		require.NoError(t, s.Record(t.Context(), models.Recording{Case: half, Entries: entries[:1]}))
		require.NoError(t, s.Record(t.Context(), models.Recording{Case: whole, Entries: entries}))
		got, err := s.Case(t.Context(), row.ID)
		require.NoError(t, err)
		require.Equal(t, asKept(whole), got)
	}},
	{"a late repetition never moves a row back", func(t *testing.T, s *store.Store) {
		row := accept(t, s)
		first, then := extend(row, 1, "one")
		second, now := extend(then, 1, "two")
		require.NoError(t, s.Record(t.Context(), models.Recording{Case: then, Entries: first}))
		require.NoError(t, s.Record(t.Context(), models.Recording{Case: now, Entries: second}))
		require.NoError(t, s.Record(t.Context(), models.Recording{Case: then, Entries: first}))
		got, err := s.Case(t.Context(), row.ID)
		require.NoError(t, err)
		require.Equal(t, asKept(now), got)
	}},
	{"another entry at the same place diverges", func(t *testing.T, s *store.Store) {
		row := accept(t, s)
		entries, next := extend(row, 1, "mine")
		require.NoError(t, s.Record(t.Context(), models.Recording{Case: next, Entries: entries}))
		before := everything(t, s)

		others, other := extend(row, 1, "theirs")
		refused(t, s.Record(t.Context(), models.Recording{Case: other, Entries: others}), models.CodeDiverged)
		longer, further := extend(row, 2, "theirs")
		refused(t, s.Record(t.Context(), models.Recording{Case: further, Entries: longer}), models.CodeDiverged)
		forged := append([]models.Entry(nil), entries...)
		forged[0].Hash = []byte("the same id, another hash")
		after := next
		after.Hash = forged[0].Hash
		refused(t, s.Record(t.Context(), models.Recording{Case: after, Entries: forged}), models.CodeDiverged)
		require.Equal(t, before, everything(t, s))
	}},
	{"a gap diverges", func(t *testing.T, s *store.Store) {
		row := accept(t, s)
		entries, next := extend(row, 2, "note")
		refused(t, s.Record(t.Context(), models.Recording{Case: next, Entries: entries[1:]}), models.CodeDiverged)
		got, err := s.Case(t.Context(), row.ID)
		require.NoError(t, err)
		require.Equal(t, int64(1), got.Seq)
	}},
	{"an entry that does not continue the chain diverges", func(t *testing.T, s *store.Store) {
		row := accept(t, s)
		other := row
		other.Hash = []byte("another past")
		entries, next := extend(other, 1, "note")
		refused(t, s.Record(t.Context(), models.Recording{Case: next, Entries: entries}), models.CodeDiverged)
	}},
	{"of many who record the next entry at once one wins", func(t *testing.T, s *store.Store) {
		row := accept(t, s)
		for round := range 6 { // the first rounds open connections, one after the other
			errs := atOnce(6, func(i int) error {
				entries, next := extend(row, 1+i%2, fmt.Sprint(round, "-", i))
				return s.Record(t.Context(), models.Recording{Case: next, Entries: entries})
			})
			require.Equal(t, 1, won(t, errs, models.CodeDiverged))
			verifyChain(t, s, row.ID)
			var err error
			row, err = s.Case(t.Context(), row.ID)
			require.NoError(t, err)
		}
	}},
	{"an entry names only texts that were staged for its case", func(t *testing.T, s *store.Store) {
		row, other := accept(t, s), accept(t, s)
		refs, err := s.Stage(t.Context(), row.KeyID, []models.Text{draft(row, "cmd", "text")})
		require.NoError(t, err)
		strange, err := s.Stage(t.Context(), other.KeyID, []models.Text{draft(other, "cmd", "text")})
		require.NoError(t, err)
		changed := refs[0]
		changed.Digest = "other words"
		entries, next := extend(row, 1, "note")
		for _, wrong := range []models.TextRef{strange[0], changed, {Name: "text", Ref: "none"}} {
			err := s.Record(t.Context(), models.Recording{Case: next, Entries: entries, Texts: []models.TextRef{wrong}, Seqs: []int64{2}})
			require.ErrorIs(t, err, store.ErrNotStaged)
		}
		require.NoError(t, s.Record(t.Context(), models.Recording{Case: next, Entries: entries, Texts: refs, Seqs: []int64{2}}))

		entries, after := extend(next, 1, "note")
		err = s.Record(t.Context(), models.Recording{Case: after, Entries: entries, Texts: refs, Seqs: []int64{3}})
		require.ErrorIs(t, err, store.ErrNotStaged, "a bound text belongs to its entry")
	}},
	{"a command that is staged again names the same texts", func(t *testing.T, s *store.Store) {
		row := accept(t, s)
		first, err := s.Stage(t.Context(), row.KeyID, []models.Text{draft(row, "cmd", "text"), draft(row, "cmd", "solution")})
		require.NoError(t, err)
		again, err := s.Stage(t.Context(), row.KeyID, []models.Text{draft(row, "cmd", "solution"), draft(row, "cmd", "text")})
		require.NoError(t, err)
		require.Equal(t, []models.TextRef{first[1], first[0]}, again)
		other, err := s.Stage(t.Context(), row.KeyID, []models.Text{draft(row, "cmd2", "text")})
		require.NoError(t, err)
		require.NotEqual(t, first[0].Ref, other[0].Ref)

		entries, next := extend(row, 1, "note")
		require.NoError(t, s.Record(t.Context(), models.Recording{Case: next, Entries: entries, Texts: first[:1], Seqs: []int64{2}}))
		gone, err := s.SweepStaged(t.Context(), noon.Add(time.Hour))
		require.NoError(t, err)
		require.EqualValues(t, 2, gone, "the bound one stays")
		texts, err := s.Texts(t.Context(), row.ID)
		require.NoError(t, err)
		require.Len(t, texts, 2)
	}},
	{"nothing is staged for nobody's case", func(t *testing.T, s *store.Store) {
		row := accept(t, s)
		lost := draft(row, "cmd", "text")
		lost.CaseID = "c-0"
		_, err := s.Stage(t.Context(), row.KeyID, []models.Text{lost})
		refused(t, err, models.CodeNotFound)
	}},
	{"a recording that disagrees with itself is refused", func(t *testing.T, s *store.Store) {
		row := accept(t, s)
		entries, next := extend(row, 2, "note")
		for _, wrong := range []models.Recording{
			{Case: row, Entries: entries},
			{Case: next, Entries: []models.Entry{entries[1], entries[0]}},
			{Case: next, Entries: entries, Texts: []models.TextRef{{}}},
		} {
			refused(t, s.Record(t.Context(), wrong), models.CodeInternal)
		}
	}},
}

func draft(row models.Case, command, name string) models.Text {
	return models.Text{
		Ref: newID(), CaseID: row.ID, KeyID: row.KeyID, Command: command, Name: name, Sealed: []byte("sealed"),
		Digest: "d-" + newID(), StagedAt: noon,
	}
}

// asKept is a row as it comes back: in UTC, to the microsecond.
func asKept(row models.Case) models.Case {
	eachInstant(&row, func(at *time.Time) { *at = instant(*at) })
	return row
}

func verifyChain(t *testing.T, s *store.Store, caseID string) {
	t.Helper()
	row, err := s.Case(t.Context(), caseID)
	require.NoError(t, err)
	entries, err := s.Entries(t.Context(), caseID, 0, 0)
	require.NoError(t, err)
	var previous []byte
	for i, e := range entries {
		require.EqualValues(t, i+1, e.Seq)
		require.Equal(t, models.Chain(previous, e.Body), e.Hash)
		previous = e.Hash
	}
	require.Equal(t, row.Seq, int64(len(entries)))
	require.Equal(t, row.Hash, previous)
}
