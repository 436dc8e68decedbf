package storetest

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/store"
	"recourse/models"
)

var intakes = []promise{
	{"an intake that breaks anywhere leaves nothing", func(t *testing.T, s *store.Store) {
		there := letter()
		require.NoError(t, s.AcceptIntake(ctx(t), there))
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
			in := letter()
			spoil(&in)
			require.Error(t, s.AcceptIntake(ctx(t), in), where)
			require.Equal(t, before, everything(t, s), where)
		}
	}},
	{"the same idempotency key is taken once", func(t *testing.T, s *store.Store) {
		one, two := letter(), letter()
		two.Answered.Key = one.Answered.Key
		require.NoError(t, s.AcceptIntake(ctx(t), one))
		err := s.AcceptIntake(ctx(t), two)
		require.ErrorIs(t, err, store.ErrDuplicateKey)
		refused(t, err, models.CodeConflict)
		kept, fresh, err := s.Begin(ctx(t), *two.Answered)
		require.NoError(t, err)
		require.False(t, fresh)
		require.Equal(t, one.Answered.Answer, kept.Answer)
	}},
	{"an intake answers the lease that its own request took, and no other", func(t *testing.T, s *store.Store) {
		mine, theirs := letter(), letter()
		theirs.Answered.Key = mine.Answered.Key
		theirs.Answered.LeaseAt = theirs.Answered.LeaseAt.Add(time.Second)
		_, fresh, err := s.Begin(ctx(t), *mine.Answered)
		require.NoError(t, err)
		require.True(t, fresh)
		require.ErrorIs(t, s.AcceptIntake(ctx(t), theirs), store.ErrDuplicateKey)
		require.NoError(t, s.AcceptIntake(ctx(t), mine))
	}},
	{"a key that has outlived its day is free again", func(t *testing.T, s *store.Store) {
		one, two, three := letter(), letter(), letter()
		two.Answered.Key, three.Answered.Key = one.Answered.Key, one.Answered.Key
		two.Answered.CreatedAt = noon.Add(store.KeyLife)
		three.Answered.CreatedAt = noon.Add(store.KeyLife + time.Second)
		require.NoError(t, s.AcceptIntake(ctx(t), one))
		require.ErrorIs(t, s.AcceptIntake(ctx(t), two), store.ErrDuplicateKey)
		require.NoError(t, s.AcceptIntake(ctx(t), three))
	}},
	{"of many intakes with one key one is accepted", func(t *testing.T, s *store.Store) {
		const many = 8
		var (
			all  sync.WaitGroup
			errs [many]error
		)
		for i := range many {
			in := letter()
			in.Answered.Key = "the same"
			all.Go(func() { errs[i] = s.AcceptIntake(ctx(t), in) })
		}
		all.Wait()
		accepted := 0
		for _, err := range errs {
			if err == nil {
				accepted++
				continue
			}
			require.ErrorIs(t, err, store.ErrDuplicateKey)
		}
		require.Equal(t, 1, accepted)
		n, err := s.CountCases(ctx(t), store.CaseQuery{Visible: store.Visible{All: true}})
		require.NoError(t, err)
		require.EqualValues(t, 1, n)
	}},
	{"two new customers with one phone are one", func(t *testing.T, s *store.Store) {
		const many = 6
		var (
			all  sync.WaitGroup
			errs [many]error
		)
		for i := range many {
			in := letter()
			in.Digests[0].Digest, in.Digests[1].Digest = "phone", "email"
			if i%2 == 0 { // the other way round: must not end in a ring of waiting
				in.Digests[0], in.Digests[1] = in.Digests[1], in.Digests[0]
			}
			all.Go(func() { errs[i] = s.AcceptIntake(ctx(t), in) })
		}
		all.Wait()
		accepted := 0
		for _, err := range errs {
			if err == nil {
				accepted++
				continue
			}
			require.ErrorIs(t, err, store.ErrCustomerTaken)
		}
		require.Equal(t, 1, accepted)
	}},
	{"a known customer's next letter uses their key and adds what finds them", func(t *testing.T, s *store.Store) {
		first := accept(t, s)
		next := letter()
		next.Customer, next.Key = nil, nil
		next.Recording.Case.CustomerID, next.Recording.Case.KeyID, next.Texts[0].KeyID = first.CustomerID, first.KeyID, first.KeyID
		next.Digests = []models.CustomerDigest{
			{Digest: "phone-" + first.CustomerID, CustomerID: first.CustomerID, Kind: "phone"},
			{Digest: "new address", CustomerID: first.CustomerID, Kind: "email"},
		}
		require.NoError(t, s.AcceptIntake(ctx(t), next))
		found, err := s.CustomerByDigest(ctx(t), []string{"new address"})
		require.NoError(t, err)
		require.Equal(t, first.CustomerID, found.ID)
		rows, _, err := s.Cases(ctx(t), store.CaseQuery{Visible: store.Visible{All: true}, CustomerID: first.CustomerID})
		require.NoError(t, err)
		require.Len(t, rows, 2)
	}},
	{"a case may come with its whole past", func(t *testing.T, s *store.Store) {
		in := letter()
		entries, row := extend(in.Recording.Case, 40, "sample")
		in.Recording.Case, in.Recording.Entries = row, append(in.Recording.Entries, entries...)
		require.NoError(t, s.AcceptIntake(ctx(t), in))
		verifyChain(t, s, row.ID)
		some, err := s.Entries(ctx(t), row.ID, 5, 3)
		require.NoError(t, err)
		require.Equal(t, []int64{6, 7, 8}, []int64{some[0].Seq, some[1].Seq, some[2].Seq})
	}},
	{"nobody gets a case number twice", func(t *testing.T, s *store.Store) {
		const each, many = 25, 4
		var (
			all  sync.WaitGroup
			mine [many][]int64
		)
		for i := range many {
			all.Go(func() {
				for range each {
					n, err := s.NextSequence(ctx(t))
					if err != nil {
						t.Error(err)
					}
					mine[i] = append(mine[i], n)
				}
			})
		}
		all.Wait()
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
	var all sync.WaitGroup
	for _, s := range []*store.Store{one, two, one, two} {
		all.Go(func() {
			for range each {
				if err := s.AcceptIntake(ctx(t), letter()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	n, err := one.CountCases(ctx(t), store.CaseQuery{Visible: everyone})
	require.NoError(t, err)
	require.EqualValues(t, 4*each, n)
}
