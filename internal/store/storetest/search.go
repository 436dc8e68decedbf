package storetest

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/store"
	"recourse/models"
)

// looking is a query for texts that have all terms of any of the sets.
func looking(sets ...[]int64) models.CaseQuery {
	return models.CaseQuery{Visible: everyone, Find: [][]models.Way{{{Visible: everyone, Any: sets}}}}
}

func found(t *testing.T, s *store.Store, q models.CaseQuery) []string {
	t.Helper()
	rows, _, err := s.Cases(t.Context(), q)
	require.NoError(t, err)
	n, err := s.CountCases(t.Context(), q)
	require.NoError(t, err)
	require.EqualValues(t, len(rows), n, "list and count agree")
	return ids(rows)
}

// indexedCase puts a case on record whose text has these terms.
func indexedCase(t *testing.T, s *store.Store, terms []int64, change ...func(*models.Intake)) models.Case {
	t.Helper()
	return accept(t, s, append(change, func(in *models.Intake) { in.Texts[0].Terms = terms })...)
}

var searches = []promise{
	{"a case is found when one of its texts has all terms", func(t *testing.T, s *store.Store) {
		one := indexedCase(t, s, []int64{1, 2, math.MinInt64, math.MaxInt64})
		two := indexedCase(t, s, []int64{2, 3, 3}, func(in *models.Intake) { in.Terms = []int64{7} })
		accept(t, s)
		require.Equal(t, []string{one.ID}, found(t, s, looking([]int64{1, 2, math.MinInt64, math.MaxInt64})))
		require.Equal(t, []string{one.ID, two.ID}, found(t, s, looking([]int64{2})))
		require.Empty(t, found(t, s, looking([]int64{1, 3})))
		require.Empty(t, found(t, s, looking([]int64{2, 7})), "in two texts, not in one")
		require.Equal(t, []string{one.ID, two.ID}, found(t, s, looking([]int64{1, 2}, []int64{7})), "either")
		both := looking([]int64{2})
		both.Find = append(both.Find, looking([]int64{7}).Find...)
		require.Equal(t, []string{two.ID}, found(t, s, both), "each part of a query in a text of its own")
		require.Empty(t, found(t, s, models.CaseQuery{Visible: everyone, Find: [][]models.Way{nil}}), "no way is no way")
	}},
	{"a way to find is open only where it says, and never shows more than the list", func(t *testing.T, s *store.Store) {
		in := func(department string) models.Case {
			return indexedCase(t, s, []int64{1}, func(in *models.Intake) { in.Recording.Case.Department = department })
		}
		sales, works := in("sales"), in("works")
		q := looking([]int64{1})
		q.Find[0][0].Visible = models.Visible{Departments: []string{"sales"}}
		require.Equal(t, []string{sales.ID}, found(t, s, q))
		q.Find[0] = append(q.Find[0], models.Way{Visible: models.Visible{Departments: []string{"works"}}, Any: [][]int64{{1}}})
		require.Equal(t, []string{sales.ID, works.ID}, found(t, s, q))
		q.Visible = models.Visible{Departments: []string{"works"}}
		require.Equal(t, []string{works.ID}, found(t, s, q))
		q.Visible = models.Visible{}
		require.Empty(t, found(t, s, q))
	}},
	{"staged texts are found by their terms, and no more once they are swept", func(t *testing.T, s *store.Store) {
		row := accept(t, s)
		for range 2 { // the second try stages nothing new
			text := draft(row, "cmd", "text")
			text.Terms = []int64{5}
			_, err := s.Stage(t.Context(), row.KeyID, []models.Text{text})
			require.NoError(t, err)
		}
		require.Equal(t, []string{row.ID}, found(t, s, looking([]int64{5})))
		gone, err := s.SweepStaged(t.Context(), noon.Add(100*time.Hour))
		require.NoError(t, err)
		require.EqualValues(t, 1, gone)
		require.Empty(t, found(t, s, looking([]int64{5})))
	}},
	{"nothing finds an erased customer's words, also not an index that was made meanwhile", func(t *testing.T, s *store.Store) {
		row := indexedCase(t, s, []int64{1}, func(in *models.Intake) { in.Terms = []int64{9} })
		other := indexedCase(t, s, []int64{1})
		require.NoError(t, s.Erase(t.Context(), row.CustomerID, noon))
		require.Equal(t, []string{other.ID}, found(t, s, looking([]int64{1})))
		require.Equal(t, []string{row.ID}, found(t, s, looking([]int64{9})), "its number still finds it")
		require.NoError(t, s.Reindex(t.Context(), []models.SearchText{
			{Ref: row.ID, CaseID: row.ID, Terms: []int64{10}},
			{Ref: "late", CaseID: row.ID, KeyID: row.KeyID, Terms: []int64{1}},
		}))
		require.Equal(t, []string{other.ID}, found(t, s, looking([]int64{1})))
		require.Equal(t, []string{row.ID}, found(t, s, looking([]int64{10})))
		require.Empty(t, found(t, s, looking([]int64{9})), "over what was there")
	}},
	{"a new index replaces the old one and leaves nothing astray", func(t *testing.T, s *store.Store) {
		row := indexedCase(t, s, []int64{1})
		texts, err := s.AllTexts(t.Context(), []string{row.ID})
		require.NoError(t, err)
		require.Len(t, texts, 1)
		for range 2 {
			require.NoError(t, s.Reindex(t.Context(), []models.SearchText{
				{Ref: texts[0].Ref, CaseID: row.ID, KeyID: row.KeyID, Terms: []int64{2}},
				{Ref: "stray", CaseID: row.ID, KeyID: row.KeyID, Terms: []int64{3}},
			}))
		}
		require.Empty(t, found(t, s, looking([]int64{1})))
		require.Equal(t, []string{row.ID}, found(t, s, looking([]int64{2})))
		gone, err := s.DropStrayTerms(t.Context())
		require.NoError(t, err)
		require.EqualValues(t, 1, gone)
		require.Empty(t, found(t, s, looking([]int64{3})))
		require.NoError(t, s.Reindex(t.Context(), nil))
	}},
	{"a long text is found whole, as far as anybody asks", func(t *testing.T, s *store.Store) {
		var terms []int64
		for i := range int64(8192) {
			terms = append(terms, i*i-5)
		}
		row := indexedCase(t, s, terms)
		require.Equal(t, []string{row.ID}, found(t, s, looking(terms[8000:8100])))
	}},
}
