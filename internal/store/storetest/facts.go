package storetest

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/store"
	"recourse/models"
)

// factRows are facts of a case in which nothing is empty.
func factRows(caseID string) models.FactRows {
	at := func(minutes int) *time.Time { return new(later(time.Duration(minutes) * time.Minute)) }
	clock := models.ClockFact{
		StartedAt: at(0), EndedAt: at(2), Target: at(3), Limit: at(4), End: models.ClockMet, Gross: 2 * time.Minute, Net: time.Minute,
		Unpaused: at(3), Department: "sales", Person: "ada",
	}
	return models.FactRows{
		Facts: []models.Fact{{
			CaseID: caseID, Cycle: 1, BeganAt: later(0), EndedAt: at(9), Response: clock, Feedback: clock, Handling: clock,
			SolutionAt: at(3), ResolvedAt: at(4), ResultToldAt: at(5), ClosedAt: at(9), Interim: true, Settled: true,
			Missing: models.StepContact | models.StepCallback, Late: true, SettledAt: at(1), InterimAt: at(2), ContactAt: at(1),
			ProposedAt: at(2), MinutesAt: at(2), ApprovedAt: at(3), CompleteAt: at(5), CalledAt: at(8), ConfirmedAt: at(9),
			Words: []time.Time{*at(1), *at(5)}, OfferedAt: at(5), AnsweredAt: at(8), AnsweredBy: models.AnswerSurvey,
			Process: 1, Result: 2, Speed: 3, Attitude: 4, Recommend: new(0),
		}, {CaseID: caseID, Cycle: 2, BeganAt: *at(10)}},
		Levers: []models.Lever{
			{CaseID: caseID, Seq: 2, Kind: models.LeverBackdating, Cycle: 1, At: *at(2), Person: "ada", Department: "sales", Bell: true, Since: at(0), Bound: at(2)},
			{CaseID: caseID, Seq: 2, Kind: models.LeverInterim, Cycle: 1, At: *at(2)},
			{CaseID: caseID, Seq: 2, Move: 1, Kind: models.LeverInterim, Cycle: 1, At: *at(2)},
		},
		Ownerships: []models.Ownership{
			{CaseID: caseID, Part: 1, Seq: 1, Cycle: 1, From: later(0), Until: at(1)},
			{CaseID: caseID, Part: 2, Seq: 2, Cycle: 1, Department: "sales", Person: "ada", Pause: models.PauseCustomer, From: *at(1)},
		},
	}
}

// acceptWith puts a letter on record with facts.
func acceptFigured(t *testing.T, s *store.Store) models.Case {
	t.Helper()
	return accept(t, s, func(in *models.Intake) { in.Recording.FactRows = factRows(in.Recording.Case.ID) })
}

var facts = []promise{
	{"facts come with the intake, and are read back as they were", func(t *testing.T, s *store.Store) {
		row := acceptFigured(t, s)
		got, err := s.FactsOf(t.Context(), row.ID)
		require.NoError(t, err)
		require.Equal(t, factRows(row.ID), got)
		got, err = s.FactsOf(t.Context(), acceptBare(t, s).ID)
		require.NoError(t, err)
		require.Zero(t, got, "a case may have none")
		page, err := s.Dossiers(t.Context(), "", 10)
		require.NoError(t, err)
		require.Equal(t, factRows(row.ID), page[0].FactRows)
		require.Zero(t, page[1].FactRows)
	}},
	{"facts come with their entries, over those before, once and for all", func(t *testing.T, s *store.Store) {
		row := acceptFigured(t, s)
		entries, next := extend(row, 1, "late")
		want := factRows(row.ID)
		want.Facts[1].EndedAt, want.Facts[1].Late, want.Facts[1].Words = new(later(time.Hour)), true, []time.Time{later(time.Hour)}
		want.Levers[1].Person, want.Ownerships[1].Until = "eve", new(later(time.Hour))
		more := models.Ownership{CaseID: row.ID, Part: 3, Seq: 2, Cycle: 2, From: later(time.Hour)}
		rec := models.Recording{Case: next, Entries: entries, FactRows: models.FactRows{
			Facts: want.Facts[1:], Levers: want.Levers[1:2], Ownerships: append(want.Ownerships[1:2:2], more),
		}}
		require.NoError(t, s.Record(t.Context(), rec))
		want.Ownerships = append(want.Ownerships, more)
		got, err := s.FactsOf(t.Context(), row.ID)
		require.NoError(t, err)
		require.Equal(t, want, got)

		rec.Facts = []models.Fact{{CaseID: row.ID, Cycle: 1, BeganAt: later(0)}} // a late repetition
		require.NoError(t, s.Record(t.Context(), rec))
		got, err = s.FactsOf(t.Context(), row.ID)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}},
	{"figures read every case with all that belongs to it", func(t *testing.T, s *store.Store) {
		one, two := acceptFigured(t, s), accept(t, s, func(in *models.Intake) {
			in.Recording.FactRows = models.FactRows{}
			in.Recording.Case.Tasks, in.Recording.Case.Circle = []string{"works"}, []string{"p-1", "p-2"}
			in.Recording.Alerts = []models.Alert{alert(in.Recording.Case, 1, "k")}
		})
		var read []models.FigureRow
		require.NoError(t, s.Figures(t.Context(), func(r models.FigureRow) error {
			read = append(read, r)
			return nil
		}))
		require.Len(t, read, 2)
		slices.SortFunc(read, func(a, b models.FigureRow) int { return strings.Compare(a.Case.ID, b.Case.ID) })
		broken := errors.New("broken")
		require.ErrorIs(t, s.Figures(t.Context(), func(models.FigureRow) error { return broken }), broken)
		want := asKept(one)
		want.Snapshot, want.Hash, want.KeyID = nil, nil, ""
		require.Equal(t, want, asKept(read[0].Case))
		rows := factRows(one.ID)
		rows.Facts[0].Words = nil
		require.Equal(t, rows, read[0].FactRows)
		require.Equal(t, []string{"works"}, read[1].Case.Tasks)
		require.Equal(t, []string{"p-1", "p-2"}, read[1].Case.Circle)
		require.Zero(t, read[1].FactRows)
		require.Len(t, read[1].Alerts, 1)
		call := read[1].Alerts[0]
		require.Equal(t, []models.Role{models.RoleSupervisor}, call.Roles)
		require.Equal(t, later(time.Hour), *call.AckBy)
		require.Equal(t, later(time.Minute), call.FiredAt)

		of, err := s.FiguresOf(t.Context(), []string{two.ID, "nobody's"})
		require.NoError(t, err)
		require.Equal(t, read[1:], of)
		of, err = s.FiguresOf(t.Context(), nil)
		require.NoError(t, err)
		require.Empty(t, of)
	}},
	{"figures follow what was written, also much of one instant", func(t *testing.T, s *store.Store) {
		var cases []string
		for range 5 {
			cases = append(cases, accept(t, s).ID)
		}
		slices.Sort(cases)
		_, changed, err := s.RewriteFacts(t.Context(), "", 10, given) // touches all of them in one instant
		require.NoError(t, err)
		require.Equal(t, 5, changed)
		var read []string
		at, id := time.Time{}, ""
		for {
			page, last, err := s.FiguresSince(t.Context(), at, id, 2)
			require.NoError(t, err)
			if len(page) == 0 {
				break
			}
			require.Len(t, page[0].Facts, 2)
			for _, r := range page {
				read = append(read, r.Case.ID)
			}
			require.True(t, id == "" || last.Equal(at), "one instant")
			at, id = last, page[len(page)-1].Case.ID
		}
		require.Equal(t, cases, read)

		entries, next := extend(asKept(rowOf(t, s, cases[3])), 1, "late")
		require.NoError(t, s.Record(t.Context(), models.Recording{Case: next, Entries: entries}))
		page, last, err := s.FiguresSince(t.Context(), at, id, 10)
		require.NoError(t, err)
		require.Len(t, page, 1)
		require.Equal(t, next.Seq, page[0].Case.Seq)
		require.True(t, last.After(at))
	}},
	{"facts are rewritten from their entries, and only what differs is touched", func(t *testing.T, s *store.Store) {
		one, two, three := acceptFigured(t, s), acceptFigured(t, s), accept(t, s)
		_, before, err := s.FiguresSince(t.Context(), time.Time{}, "", 10)
		require.NoError(t, err)
		want := factRows(two.ID)
		want.Facts, want.Levers = want.Facts[:1], nil // what is on record and does not follow goes
		facts := func(entries [][]models.Entry) ([]models.FactRows, error) {
			rows := make([]models.FactRows, len(entries))
			for i, of := range entries {
				require.Len(t, of, 1)
				rows[i] = map[string]models.FactRows{one.ID: factRows(one.ID), two.ID: want, three.ID: factRows(three.ID)}[of[0].CaseID]
			}
			return rows, nil
		}
		last, changed, err := s.RewriteFacts(t.Context(), "", 2, facts)
		require.NoError(t, err)
		require.Equal(t, two.ID, last)
		require.Equal(t, 1, changed)
		got, err := s.FactsOf(t.Context(), two.ID)
		require.NoError(t, err)
		require.Equal(t, want, got)
		n, err := s.CasesBehind(t.Context(), last)
		require.NoError(t, err)
		require.EqualValues(t, 1, n)
		last, changed, err = s.RewriteFacts(t.Context(), last, 2, facts)
		require.NoError(t, err)
		require.Equal(t, [2]any{three.ID, 1}, [2]any{last, changed})
		last, _, err = s.RewriteFacts(t.Context(), last, 2, facts)
		require.NoError(t, err)
		require.Empty(t, last)
		page, _, err := s.FiguresSince(t.Context(), before, "zzz", 10)
		require.NoError(t, err)
		require.Len(t, page, 2, "whoever follows is told")
	}},
	{"how far the facts are is kept", func(t *testing.T, s *store.Store) {
		version, after, err := s.FactsVersion(t.Context())
		require.NoError(t, err)
		require.Zero(t, version)
		require.Empty(t, after)
		require.NoError(t, s.SetFactsVersion(t.Context(), 3, "c-7"))
		version, after, err = s.FactsVersion(t.Context())
		require.NoError(t, err)
		require.Equal(t, 3, version)
		require.Equal(t, "c-7", after)
	}},
	{"merged customers are known by their survivors", func(t *testing.T, s *store.Store) {
		twin, survivor := accept(t, s).CustomerID, accept(t, s).CustomerID
		require.NoError(t, s.MergeCustomers(t.Context(), act(models.ActMerge, twin, survivor)))
		got, err := s.Survivors(t.Context())
		require.NoError(t, err)
		require.Equal(t, map[string]string{twin: survivor}, got)
	}},
}

// acceptBare puts a letter on record without facts.
func acceptBare(t *testing.T, s *store.Store) models.Case {
	t.Helper()
	return accept(t, s, func(in *models.Intake) { in.Recording.FactRows = models.FactRows{} })
}

// given gives every case the facts of the fixture.
func given(entries [][]models.Entry) ([]models.FactRows, error) {
	rows := make([]models.FactRows, len(entries))
	for i, of := range entries {
		rows[i] = factRows(of[0].CaseID)
	}
	return rows, nil
}

func rowOf(t *testing.T, s *store.Store, id string) models.Case {
	t.Helper()
	row, err := s.Case(t.Context(), id)
	require.NoError(t, err)
	return row
}
