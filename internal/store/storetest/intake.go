package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/store"
	"recourse/models"
)

var intakes = []promise{
	{"an intake that breaks anywhere leaves nothing", func(t *testing.T, s *store.Store) {
		there := Letter()
		require.NoError(t, s.AcceptIntake(t.Context(), there))
		before := everything(t, s)
		for where, spoil := range map[string]func(*models.Intake){
			"key":         func(in *models.Intake) { in.Key.ID = there.Key.ID },
			"customer":    func(in *models.Intake) { in.Customer.ID = there.Customer.ID },
			"digest":      func(in *models.Intake) { in.Digests[1].Digest = there.Digests[1].Digest },
			"case":        func(in *models.Intake) { in.Recording.Case.ID = there.Recording.Case.ID },
			"number":      func(in *models.Intake) { in.Recording.Case.Number = there.Recording.Case.Number },
			"entry":       func(in *models.Intake) { in.Recording.Entries[0].ID = there.Recording.Entries[0].ID },
			"chain":       func(in *models.Intake) { in.Recording.Entries[0].Body = []byte("{}") },
			"text":        func(in *models.Intake) { in.Texts[0].Ref = there.Texts[0].Ref },
			"lost text":   func(in *models.Intake) { in.Recording.Texts[0].Ref = "none" },
			"message":     func(in *models.Intake) { in.Recording.Messages[0].CaseID = "c-0" },
			"alert":       func(in *models.Intake) { in.Recording.Alerts = []models.Alert{alert(models.Case{ID: "c-0"}, 1, "k")} },
			"link":        func(in *models.Intake) { in.Links[0].Hash = there.Links[0].Hash },
			"start":       func(in *models.Intake) { in.Start.CaseID = "c-0" },
			"idempotency": func(in *models.Intake) { in.Answered.Key = there.Answered.Key },
		} {
			in := Letter()
			spoil(&in)
			require.Error(t, s.AcceptIntake(t.Context(), in), where)
			require.Equal(t, before, everything(t, s), where)
		}
	}},
	{"the same idempotency key is taken once", func(t *testing.T, s *store.Store) {
		one, two := Letter(), Letter()
		two.Answered.Key = one.Answered.Key
		require.NoError(t, s.AcceptIntake(t.Context(), one))
		err := s.AcceptIntake(t.Context(), two)
		require.ErrorIs(t, err, models.ErrDuplicateKey)
		refused(t, err, models.CodeConflict)
		kept, fresh, err := s.Begin(t.Context(), *two.Answered)
		require.NoError(t, err)
		require.False(t, fresh)
		require.Equal(t, one.Answered.Answer, kept.Answer)
	}},
	{"an intake answers the lease that its own request took, and no other", func(t *testing.T, s *store.Store) {
		mine, theirs := Letter(), Letter()
		theirs.Answered.Key = mine.Answered.Key
		theirs.Answered.LeaseAt = theirs.Answered.LeaseAt.Add(time.Second)
		_, fresh, err := s.Begin(t.Context(), *mine.Answered)
		require.NoError(t, err)
		require.True(t, fresh)
		require.ErrorIs(t, s.AcceptIntake(t.Context(), theirs), models.ErrDuplicateKey)
		require.NoError(t, s.AcceptIntake(t.Context(), mine))
	}},
	{"a key that has outlived its day is free again", func(t *testing.T, s *store.Store) {
		one, two, three := Letter(), Letter(), Letter()
		two.Answered.Key, three.Answered.Key = one.Answered.Key, one.Answered.Key
		two.Answered.CreatedAt = noon.Add(store.KeyLife)
		three.Answered.CreatedAt = noon.Add(store.KeyLife + time.Second)
		require.NoError(t, s.AcceptIntake(t.Context(), one))
		require.ErrorIs(t, s.AcceptIntake(t.Context(), two), models.ErrDuplicateKey)
		require.NoError(t, s.AcceptIntake(t.Context(), three))
	}},
	{"of many intakes with one key one is accepted", func(t *testing.T, s *store.Store) {
		for round := range 3 {
			errs := atOnce(6, func(int) error {
				in := Letter()
				in.Answered.Key = fmt.Sprint("the same ", round)
				return s.AcceptIntake(t.Context(), in)
			})
			require.Equal(t, 1, won(t, errs, models.CodeConflict))
			for _, err := range errs {
				require.True(t, err == nil || errors.Is(err, models.ErrDuplicateKey), "%v", err)
			}
		}
		n, err := s.CountCases(t.Context(), models.CaseQuery{Visible: everyone})
		require.NoError(t, err)
		require.EqualValues(t, 3, n)
	}},
	{"two new customers with one phone are one", func(t *testing.T, s *store.Store) {
		for round := range 4 {
			errs := atOnce(6, func(i int) error {
				in := Letter()
				in.Digests[0].Digest, in.Digests[1].Digest = fmt.Sprint("phone ", round), fmt.Sprint("email ", round)
				if i%2 == 0 { // the other way round: must not end in a ring of waiting
					in.Digests[0], in.Digests[1] = in.Digests[1], in.Digests[0]
				}
				return s.AcceptIntake(t.Context(), in)
			})
			require.Equal(t, 1, won(t, errs, models.CodeConflict))
			for _, err := range errs {
				require.True(t, err == nil || errors.Is(err, models.ErrCustomerTaken), "%v", err)
			}
		}
	}},
	{"a known customer's next letter uses their key and adds what finds them", func(t *testing.T, s *store.Store) {
		first := accept(t, s)
		next := Letter()
		next.Customer, next.Key = nil, nil
		next.Recording.Case.CustomerID, next.Recording.Case.KeyID, next.Texts[0].KeyID = first.CustomerID, first.KeyID, first.KeyID
		next.Digests = []models.CustomerDigest{
			{Digest: "phone-" + first.CustomerID, CustomerID: first.CustomerID, Kind: "phone"},
			{Digest: "new address", CustomerID: first.CustomerID, Kind: "email"},
		}
		require.NoError(t, s.AcceptIntake(t.Context(), next))
		found, err := s.CustomerByDigest(t.Context(), []string{"new address"})
		require.NoError(t, err)
		require.Equal(t, first.CustomerID, found.ID)
		rows, _, err := s.Cases(t.Context(), models.CaseQuery{Visible: models.Visible{All: true, Guards: true}, CustomerID: first.CustomerID})
		require.NoError(t, err)
		require.Len(t, rows, 2)
	}},
	{"a case may come with its whole past", func(t *testing.T, s *store.Store) {
		in := Letter()
		entries, row := extend(in.Recording.Case, 40, "sample")
		in.Recording.Case, in.Recording.Entries = row, append(in.Recording.Entries, entries...)
		require.NoError(t, s.AcceptIntake(t.Context(), in))
		verifyChain(t, s, row.ID)
		some, err := s.Entries(t.Context(), row.ID, 5, 3)
		require.NoError(t, err)
		require.Equal(t, []int64{6, 7, 8}, []int64{some[0].Seq, some[1].Seq, some[2].Seq})
	}},
	{"nobody gets a case number twice", func(t *testing.T, s *store.Store) {
		var mine [4][]int64
		errs := atOnce(len(mine), func(i int) error {
			for range 25 {
				n, err := s.NextSequence(t.Context())
				if err != nil {
					return err
				}
				mine[i] = append(mine[i], n)
			}
			return nil
		})
		require.NoError(t, errors.Join(errs...))
		seen := map[int64]bool{}
		for _, numbers := range mine {
			for _, n := range numbers {
				require.Positive(t, n)
				require.False(t, seen[n], n)
				seen[n] = true
			}
		}
	}},
}

// Share proves that two stores on one database wait for each other instead of failing.
func Share(t *testing.T, one, two *store.Store) {
	t.Helper()
	const each = 20
	stores := []*store.Store{one, two, one, two}
	errs := atOnce(len(stores), func(i int) error {
		for range each {
			if err := stores[i].AcceptIntake(t.Context(), Letter()); err != nil {
				return err
			}
		}
		return nil
	})
	require.NoError(t, errors.Join(errs...))
	n, err := one.CountCases(t.Context(), models.CaseQuery{Visible: everyone})
	require.NoError(t, err)
	require.EqualValues(t, 4*each, n)
}
