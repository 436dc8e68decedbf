package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/store"
	"recourse/models"
)

func act(kind models.CustomerActKind, customer, into string) models.CustomerAct {
	return models.CustomerAct{ID: newID(), CustomerID: customer, Into: into, Kind: kind, Person: "p-1", ActedAt: later(0)}
}

func merge(t *testing.T, s *store.Store, from, into models.Case) {
	t.Helper()
	a := act(models.ActMerge, from.CustomerID, into.CustomerID)
	a.KeyID, a.Reason = from.KeyID, []byte("sealed why")
	require.NoError(t, s.MergeCustomers(t.Context(), a))
}

func records(t *testing.T, s *store.Store, id string) (all []string) {
	t.Helper()
	rows, err := s.CustomerRecords(t.Context(), id)
	require.NoError(t, err)
	for _, r := range rows {
		all = append(all, r.ID)
	}
	return all
}

var customers = []promise{
	{"merged customers are one: found by either digest, with the cases of both", func(t *testing.T, s *store.Store) {
		one, two, three, other := accept(t, s), accept(t, s), accept(t, s), accept(t, s)
		merge(t, s, one, two)
		require.Equal(t, []string{two.CustomerID, one.CustomerID}, records(t, s, one.CustomerID))
		merge(t, s, two, three) // the survivor is merged in turn: still one step to who survives
		for _, row := range []models.Case{one, two, three} {
			require.Equal(t, []string{three.CustomerID, one.CustomerID, two.CustomerID}, records(t, s, row.CustomerID))
			customer, err := s.CustomerByDigest(t.Context(), []string{"phone-" + row.CustomerID})
			require.NoError(t, err)
			require.Equal(t, three.CustomerID, customer.ID)
			kept, err := s.Case(t.Context(), row.ID)
			require.NoError(t, err)
			require.Equal(t, row.CustomerID, kept.CustomerID, "the row says what its events say")
		}
		rows, _, err := s.Cases(t.Context(), models.CaseQuery{Visible: everyone, CustomerID: three.CustomerID})
		require.NoError(t, err)
		require.Equal(t, []string{one.ID, two.ID, three.ID}, ids(rows))
		acts, err := s.CustomerActs(t.Context(), three.CustomerID)
		require.NoError(t, err)
		require.Len(t, acts, 2)
		require.Equal(t, two.CustomerID, acts[0].Into)
		require.Equal(t, []string{other.CustomerID}, records(t, s, other.CustomerID))
		_, err = s.CustomerRecords(t.Context(), "nobody")
		refused(t, err, models.CodeNotFound)
	}},
	{"nobody is merged into themselves, in a ring, twice, or with nobody", func(t *testing.T, s *store.Store) {
		one, two, three, gone := accept(t, s), accept(t, s), accept(t, s), accept(t, s)
		merge(t, s, one, two)
		require.NoError(t, s.Erase(t.Context(), gone.CustomerID, noon))
		before := everything(t, s)
		for name, try := range map[string]struct {
			from, into string
			code       models.Code
		}{
			"self": {three.CustomerID, three.CustomerID, models.CodeInvalid}, "ring": {two.CustomerID, one.CustomerID, models.CodeInvalid},
			"twice": {one.CustomerID, two.CustomerID, models.CodeConflict}, "elsewhere": {one.CustomerID, three.CustomerID, models.CodeConflict},
			"into nobody": {three.CustomerID, "nobody", models.CodeInvalid}, "nobody": {"nobody", three.CustomerID, models.CodeNotFound},
			"erased": {gone.CustomerID, three.CustomerID, models.CodeConflict}, "into erased": {three.CustomerID, gone.CustomerID, models.CodeConflict},
		} {
			err := s.MergeCustomers(t.Context(), act(models.ActMerge, try.from, try.into))
			require.Error(t, err, name)
			require.Equal(t, try.code, models.CodeOf(err), name)
			require.Equal(t, before, everything(t, s), name)
		}
	}},
	{"of two mergers towards each other one wins", func(t *testing.T, s *store.Store) {
		for range 4 {
			one, two := accept(t, s), accept(t, s)
			errs := atOnce(2, func(i int) error {
				if i == 0 {
					return s.MergeCustomers(t.Context(), act(models.ActMerge, one.CustomerID, two.CustomerID))
				}
				return s.MergeCustomers(t.Context(), act(models.ActMerge, two.CustomerID, one.CustomerID))
			})
			require.Equal(t, 1, won(t, errs, models.CodeInvalid))
			require.Len(t, records(t, s, one.CustomerID), 2)
		}
	}},
	{"erasing a merged customer erases all of them", func(t *testing.T, s *store.Store) {
		for _, byWhom := range []int{0, 1} {
			pair := []models.Case{accept(t, s), accept(t, s)}
			merge(t, s, pair[0], pair[1])
			require.NoError(t, s.Erase(t.Context(), pair[byWhom].CustomerID, noon))
			for _, row := range pair {
				key, err := s.Key(t.Context(), row.KeyID)
				require.NoError(t, err)
				require.Empty(t, key.Wrapped)
			}
			acts, err := s.CustomerActs(t.Context(), pair[1].CustomerID)
			require.NoError(t, err)
			require.Len(t, acts, 1)
			require.Empty(t, acts[0].Reason)
		}
	}},
	{"a hold is put once, released once, and follows a merger", func(t *testing.T, s *store.Store) {
		one, two := accept(t, s), accept(t, s)
		hold := func(c models.Case) error { return s.HoldCustomer(t.Context(), act(models.ActHold, c.CustomerID, "")) }
		release := func(c models.Case) error {
			return s.ReleaseCustomer(t.Context(), act(models.ActRelease, c.CustomerID, ""))
		}
		refused(t, release(one), models.CodeConflict)
		require.NoError(t, hold(one))
		refused(t, hold(one), models.CodeConflict)
		merge(t, s, one, two)
		refused(t, hold(two), models.CodeConflict)
		require.NoError(t, release(two))
		rows, err := s.CustomerRecords(t.Context(), one.CustomerID)
		require.NoError(t, err)
		require.Nil(t, rows[0].HeldAt)
		require.Nil(t, rows[1].HeldAt)
		refused(t, s.HoldCustomer(t.Context(), act(models.ActHold, "nobody", "")), models.CodeNotFound)
		require.NoError(t, s.Erase(t.Context(), two.CustomerID, noon))
		refused(t, hold(two), models.CodeConflict)
	}},
	{"who read contact data is listed for the case and its customer's page, latest first", func(t *testing.T, s *store.Store) {
		one, two, other := accept(t, s), accept(t, s), accept(t, s)
		merge(t, s, one, two)
		read := func(caseID, customer string, after time.Duration) {
			require.NoError(t, s.PutContactRead(t.Context(), models.ContactRead{
				ID: newID(), CaseID: caseID, CustomerID: customer, Person: "p-1", ReadAt: noon.Add(after), Place: models.ReadCase,
			}))
		}
		read(one.ID, one.CustomerID, 0)
		read("", two.CustomerID, time.Minute)
		read(two.ID, two.CustomerID, 2*time.Minute)
		read(other.ID, other.CustomerID, 3*time.Minute)
		read("", other.CustomerID, 4*time.Minute)
		page, next, err := s.ContactReads(t.Context(), one, "", 1)
		require.NoError(t, err)
		require.Equal(t, two.CustomerID, page[0].CustomerID, "the page of the customer as they are one now")
		rest, next, err := s.ContactReads(t.Context(), one, next, 1)
		require.NoError(t, err)
		require.Equal(t, one.ID, rest[0].CaseID)
		require.Empty(t, next)
		nameless := other
		nameless.ID, nameless.CustomerID = "c-0", ""
		page, _, err = s.ContactReads(t.Context(), nameless, "", 0)
		require.NoError(t, err)
		require.Empty(t, page)
	}},
}
