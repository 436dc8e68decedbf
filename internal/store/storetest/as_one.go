package storetest

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/store"
	"recourse/models"
)

var ones = []promise{
	{"what is written as one is on record together, or not at all", func(t *testing.T, s *store.Store) {
		before, broken := everything(t, s), errors.New("broken")
		first, second := Letter(), Letter()
		put := func(one *store.Store) error {
			return errors.Join(one.AcceptIntake(t.Context(), first), one.AcceptIntake(t.Context(), second))
		}
		err := s.AsOne(t.Context(), func(one *store.Store) error { return errors.Join(put(one), broken) })
		require.ErrorIs(t, err, broken)
		require.Equal(t, before, everything(t, s))
		require.NoError(t, s.AsOne(t.Context(), put))
		n, err := s.CountCases(t.Context(), models.CaseQuery{Visible: everyone})
		require.NoError(t, err)
		require.EqualValues(t, 2, n)
	}},
	{"what is written as one is read there at once", func(t *testing.T, s *store.Store) {
		first := Letter()
		require.NoError(t, s.AsOne(t.Context(), func(one *store.Store) error {
			require.NoError(t, one.AcceptIntake(t.Context(), first))
			found, err := one.CustomerByDigest(t.Context(), []string{first.Digests[0].Digest})
			require.NoError(t, err)
			require.Equal(t, first.Customer.ID, found.ID)
			row := first.Recording.Case
			entries, row := extend(row, 1, "noted")
			require.NoError(t, one.Record(t.Context(), models.Recording{Case: row, Entries: entries}))
			number, err := one.NextSequence(t.Context())
			require.NoError(t, err)
			require.Positive(t, number)
			return nil
		}))
		row, err := s.Case(t.Context(), first.Recording.Case.ID)
		require.NoError(t, err)
		require.EqualValues(t, 2, row.Seq)
	}},
	{"what is written as one is found by all of its words", func(t *testing.T, s *store.Store) {
		var all []models.Intake
		for i := range int64(3) {
			in := Letter()
			in.Terms, in.Texts[0].Terms = []int64{100 + i, 7}, []int64{200 + i, 8, 8, -9}
			all = append(all, in)
		}
		require.NoError(t, s.AsOne(t.Context(), func(one *store.Store) error {
			var errs []error
			for _, in := range all {
				errs = append(errs, one.AcceptIntake(t.Context(), in))
			}
			return errors.Join(errs...)
		}))
		find := func(terms ...int64) []string { return found(t, s, looking(terms)) }
		for i, in := range all {
			require.Equal(t, []string{in.Recording.Case.ID}, find(100+int64(i), 7))
			require.Equal(t, []string{in.Recording.Case.ID}, find(200+int64(i), -9))
		}
		require.Len(t, find(8), 3)
		require.Empty(t, find(100, 8), "they are in two texts")
	}},
	{"numbers taken ahead are given out in their order, each once", func(t *testing.T, s *store.Store) {
		before, err := s.NextSequence(t.Context())
		require.NoError(t, err)
		require.NoError(t, s.TakeNumbers(t.Context(), 25))
		require.NoError(t, s.TakeNumbers(t.Context(), 20), "there are as many")
		for range 30 {
			next, err := s.NextSequence(t.Context())
			require.NoError(t, err)
			require.Equal(t, before+1, next)
			before = next
		}
	}},
	{"a count goes as far as its limit", func(t *testing.T, s *store.Store) {
		for range 4 {
			accept(t, s)
		}
		for limit, want := range map[int]int64{0: 4, 3: 3, 9: 4} {
			n, err := s.CountCases(t.Context(), models.CaseQuery{Visible: everyone, Limit: limit})
			require.NoError(t, err)
			require.Equal(t, want, n, "up to %d", limit)
		}
	}},
}
