package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/store"
	"recourse/models"
)

// adopted is a letter as it came from another system's log, with facts and an alert.
func adopted(reference string, open bool) models.Intake {
	in := Letter()
	in.Recording.Case.Source, in.Recording.Case.Reference = "desk", reference
	in.Recording.FactRows = factRows(in.Recording.Case.ID)
	in.Recording.Alerts = []models.Alert{alert(in.Recording.Case, 1, "first")}
	if !open {
		in.Start = models.StartIntent{}
	}
	return in
}

// batch stages intakes with their customers.
func batch(ins ...models.Intake) models.ImportBatch {
	b := models.ImportBatch{Visited: int64(len(ins)), Intakes: ins}
	for _, in := range ins {
		b.Keys = append(b.Keys, *in.Key)
		if in.Customer != nil {
			b.Customers = append(b.Customers, *in.Customer)
		}
		b.Digests = append(b.Digests, in.Digests...)
	}
	return b
}

func begun(t *testing.T, s *store.Store, id, digest string) models.Import {
	t.Helper()
	got, err := s.BeginImport(t.Context(), models.Import{
		ID: id, Source: "desk", Digest: digest, Files: []string{"a.csv"}, AsOf: new(later(0)), StartedBy: "ada", BegunAt: later(0),
	})
	require.NoError(t, err)
	return got
}

func figured(t *testing.T, s *store.Store) map[string]models.FigureRow {
	t.Helper()
	rows := map[string]models.FigureRow{}
	require.NoError(t, s.Figures(context.WithoutCancel(t.Context()), func(r models.FigureRow) error { rows[r.Case.ID] = r; return nil }))
	return rows
}

// byReference are the terms of a case in these tests: the number at the end of its reference.
func byReference(c models.Case) []int64 {
	return []int64{int64(c.Reference[len(c.Reference)-1] - '0'), 99}
}

// clock stands still.
func clock(at time.Duration) func() time.Time { return func() time.Time { return later(at) } }

// foundBy are the cases that the search finds by a term.
func foundBy(t *testing.T, s *store.Store, term int64) (ids []string) {
	t.Helper()
	everything := models.Visible{Whole: true}
	rows, _, err := s.Cases(t.Context(), models.CaseQuery{Visible: everything, Find: [][]models.Way{{{Visible: everything, Any: [][]int64{{term}}}}}, Limit: 9})
	require.NoError(t, err)
	for _, row := range rows {
		ids = append(ids, row.ID)
	}
	return ids
}

var imports = []promise{
	{"an import is seen by nobody until all of it is in, then by everybody at once", func(t *testing.T, s *store.Store) {
		require.Equal(t, models.ImportStaging, begun(t, s, "i-1", "d-1").State)
		one, two := adopted("A1", false), adopted("A2", true)
		require.NoError(t, s.StageImport(t.Context(), "i-1", batch(one)))
		again := begun(t, s, "i-2", "d-1")
		require.Equal(t, []any{"i-1", int64(1), int64(1)}, []any{again.ID, again.Visited, again.Cases}, "it goes on where it stopped")
		require.NoError(t, s.StageImport(t.Context(), "i-1", batch(two)))
		digests, customers, err := s.StagedDigests(t.Context())
		require.NoError(t, err)
		require.Len(t, digests, len(one.Digests)+len(two.Digests))
		require.Len(t, customers, 2)
		require.Empty(t, figured(t, s))
		known, err := s.KnownReferences(t.Context(), "desk", []string{"A1", "A2", "A3"})
		require.NoError(t, err)
		require.Empty(t, known)

		require.NoError(t, s.FinishImport(t.Context(), "i-1", models.Newcomers{
			Departments: []models.Department{{ID: "water", CreatedAt: later(0)}},
			People:      []models.Person{{ID: "ann", CreatedAt: later(0)}},
			Categories:  []models.Category{{ID: "pipes"}},
		}, later(9)))
		require.NoError(t, s.IndexImported(t.Context(), byReference, clock(9)))
		require.Equal(t, []string{two.Recording.Case.ID}, foundBy(t, s, 2), "by what it was called there")
		rows := figured(t, s)
		require.Len(t, rows, 2)
		got := rows[one.Recording.Case.ID]
		require.Equal(t, []string{"desk", "A1"}, []string{got.Case.Source, got.Case.Reference})
		require.Len(t, got.Alerts, 1)
		facts, err := s.FactsOf(t.Context(), one.Recording.Case.ID)
		require.NoError(t, err)
		require.Equal(t, factRows(one.Recording.Case.ID), facts)
		entries, err := s.Entries(t.Context(), one.Recording.Case.ID, 0, 9)
		require.NoError(t, err)
		require.Len(t, entries, 1)
		require.Equal(t, [][]byte{one.Recording.Entries[0].Body, one.Recording.Entries[0].Hash}, [][]byte{entries[0].Body, entries[0].Hash})
		kept, err := s.Case(t.Context(), one.Recording.Case.ID)
		require.NoError(t, err)
		require.Equal(t, one.Recording.Case.Snapshot, kept.Snapshot)
		_, err = s.Start(t.Context(), two.Recording.Case.ID)
		require.NoError(t, err)
		_, err = s.Start(t.Context(), one.Recording.Case.ID)
		refused(t, err, models.CodeNotFound)
		_, err = s.Department(t.Context(), "water")
		require.NoError(t, err)
		since, _, err := s.FiguresSince(t.Context(), later(8), "", 10)
		require.NoError(t, err)
		require.Len(t, since, 2, "they count as touched when they became visible")

		known, err = s.KnownReferences(t.Context(), "desk", []string{"A1", "A2", "A3"})
		require.NoError(t, err)
		require.ElementsMatch(t, []string{"A1", "A2"}, known)
		done := begun(t, s, "i-3", "d-1")
		require.Equal(t, []any{"i-1", models.ImportDone, int64(2)}, []any{done.ID, done.State, done.Cases})
		all, err := s.Imports(t.Context())
		require.NoError(t, err)
		require.Equal(t, []models.Import{done}, all)
		refused(t, s.StageImport(t.Context(), "i-1", batch()), models.CodeNotFound)
		refused(t, s.FinishImport(t.Context(), "i-1", models.Newcomers{}, later(9)), models.CodeNotFound)
	}},
	{"one import is under way at a time, and what is dropped was never there", func(t *testing.T, s *store.Store) {
		begun(t, s, "i-1", "d-1")
		require.NoError(t, s.StageImport(t.Context(), "i-1", batch(adopted("A1", true))))
		_, err := s.BeginImport(t.Context(), models.Import{ID: "i-2", Digest: "d-2", BegunAt: later(0)})
		refused(t, err, models.CodeConflict)
		refused(t, s.DropImport(t.Context(), "i-2"), models.CodeNotFound)
		require.NoError(t, s.DropImport(t.Context(), "i-1"))
		require.Zero(t, begun(t, s, "i-3", "d-1").Visited)
		require.NoError(t, s.FinishImport(t.Context(), "i-3", models.Newcomers{}, later(9)))
		require.Empty(t, figured(t, s))
	}},
	{"an import that took long is seen by whoever had looked past its beginning", func(t *testing.T, s *store.Store) {
		begun(t, s, "i-1", "d-1")
		require.NoError(t, s.StageImport(t.Context(), "i-1", batch(adopted("A1", true))))
		require.NoError(t, s.FinishImport(t.Context(), "i-1", models.Newcomers{}, later(time.Second)))
		seen := func() int {
			rows, _, err := s.FiguresSince(t.Context(), later(30*time.Second), "", 9)
			require.NoError(t, err)
			return len(rows)
		}
		require.Zero(t, seen())
		require.NoError(t, s.IndexImported(t.Context(), byReference, clock(time.Minute)))
		require.Equal(t, 1, seen())
	}},
	{"what a stopped import left out of the search is found when it goes on, and what is staged is left alone", func(t *testing.T, s *store.Store) {
		begun(t, s, "i-1", "d-1")
		const many = 1000 // as many as one transaction takes
		var all []models.Intake
		for range many {
			all = append(all, adopted(newID()+"1", false))
		}
		last := adopted("A2", false)
		require.NoError(t, s.StageImport(t.Context(), "i-1", batch(append(all, last)...)))
		require.NoError(t, s.IndexImported(t.Context(), byReference, clock(9)))
		require.NoError(t, s.FinishImport(t.Context(), "i-1", models.Newcomers{}, later(9)))
		_, _, err := s.StagedDigests(t.Context())
		require.Error(t, err, "an erasure finds no second copy of whom it erases")
		ctx, stop := context.WithCancel(t.Context())
		require.ErrorIs(t, s.IndexImported(ctx, func(c models.Case) []int64 {
			stop()
			return byReference(c)
		}, clock(time.Minute)), context.Canceled)
		require.Empty(t, foundBy(t, s, 2))
		seen, _, err := s.FiguresSince(t.Context(), later(30*time.Second), "", 2*many)
		require.NoError(t, err)
		require.Len(t, seen, many+1, "whoever follows the changes sees them all the same")
		require.NoError(t, s.Reindex(t.Context(), []models.SearchText{{Ref: last.Recording.Case.ID, CaseID: last.Recording.Case.ID, Terms: []int64{7}}}))
		require.NoError(t, s.IndexImported(t.Context(), byReference, clock(9)))
		require.Equal(t, []string{last.Recording.Case.ID}, foundBy(t, s, 2))
		begun(t, s, "i-2", "d-2")
		require.NoError(t, s.StageImport(t.Context(), "i-2", batch(adopted("A3", true))))
		require.NoError(t, s.IndexImported(t.Context(), byReference, clock(9)), "another one is under way: nothing of it is lost")
		require.NoError(t, s.FinishImport(t.Context(), "i-2", models.Newcomers{}, later(9)))
		require.Len(t, figured(t, s), many+2)
	}},
	{"an import of a case that is on record already puts nothing on record", func(t *testing.T, s *store.Store) {
		begun(t, s, "i-1", "d-1")
		require.NoError(t, s.StageImport(t.Context(), "i-1", batch(adopted("A1", true))))
		require.NoError(t, s.FinishImport(t.Context(), "i-1", models.Newcomers{}, later(9)))
		begun(t, s, "i-2", "d-2")
		require.NoError(t, s.StageImport(t.Context(), "i-2", batch(adopted("A2", true), adopted("A1", true))))
		refused(t, s.FinishImport(t.Context(), "i-2", models.Newcomers{}, later(9)), models.CodeConflict)
		require.Len(t, figured(t, s), 1)
		require.NoError(t, s.DropImport(t.Context(), "i-2"))
	}},
	{"volumes are put on record over what is there", func(t *testing.T, s *store.Store) {
		fan := models.Volume{Product: "fan", Kind: models.VolumeUnits, From: later(0), Until: later(time.Hour), Count: 7}
		all := models.Volume{Kind: models.VolumeOrders, From: later(0), Until: later(time.Hour), Count: 9}
		require.NoError(t, s.PutVolumes(t.Context(), []models.Volume{fan, all}))
		fan.Count, fan.Until = 8, later(2*time.Hour)
		require.NoError(t, s.PutVolumes(t.Context(), []models.Volume{fan}))
		got, err := s.Volumes(t.Context())
		require.NoError(t, err)
		require.Equal(t, []models.Volume{all, fan}, got)
	}},
	{"volumes of one product never overlap", func(t *testing.T, s *store.Store) {
		year := models.Volume{Product: "fan", Kind: models.VolumeUnits, From: later(0), Until: later(12 * time.Hour), Count: 7}
		month, after, other := year, year, year
		month.From, month.Until = later(11*time.Hour), later(13*time.Hour)
		after.From, after.Until = later(12*time.Hour), later(13*time.Hour)
		other.Kind, other.From = models.VolumeOrders, later(time.Hour)
		require.NoError(t, s.PutVolumes(t.Context(), []models.Volume{year, after, other}), "one begins as another ends; orders are not units")
		refused(t, s.PutVolumes(t.Context(), []models.Volume{month}), models.CodeInvalid)
		got, err := s.Volumes(t.Context())
		require.NoError(t, err)
		require.Len(t, got, 3)
	}},
}
