package check_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	acts "recourse/internal/cases"
	"recourse/internal/check"
)

// What an older program or an old dump left behind: columns that are empty, calls that nobody ended.
func TestRowsThatAreBehindAreBroughtInLineOnce(t *testing.T) {
	t.Parallel()
	for database, fresh := range databases(t, few) {
		t.Run(database, func(t *testing.T) {
			v := vandalise(t, fresh(t))
			v.exec("UPDATE cases SET asks = '', due_clock = '', due_from = NULL, soon_at = NULL, due_at = NULL, handling_gross = 0, total_gross = 0")
			v.exec("UPDATE call_tasks SET done_at = NULL, outcome = ''")
			behind := run(t, v.store, nil)
			require.Positive(t, behind.Verdict(check.KeyRows).Broken)
			require.Positive(t, behind.Verdict(check.KeySeals).Broken)

			changed, err := acts.Project(t.Context(), v.store)
			require.NoError(t, err)
			require.Equal(t, behind.Verdict(check.KeyRows).Broken, changed, "only what is behind is written")
			r := run(t, v.store, nil)
			require.True(t, r.OK(), said(t, r))

			v.exec("UPDATE cases SET due_clock = '', due_from = NULL, soon_at = NULL, due_at = NULL")
			changed, err = acts.Project(t.Context(), v.store)
			require.NoError(t, err)
			require.Zero(t, changed, "it is done once")
			require.NoError(t, v.store.SetProjection(t.Context(), 2, "0"))
			changed, err = acts.Project(t.Context(), v.store)
			require.NoError(t, err)
			require.Positive(t, changed, "one that was stopped goes on")
			version, after, err := v.store.Projection(t.Context())
			require.NoError(t, err)
			require.Equal(t, 2, version)
			require.Empty(t, after)
		})
	}
}

// What an older program, an old dump or somebody's hand left behind: facts that are missing, changed or made up.
func TestFactsThatAreBehindAreFoldedFromTheEvents(t *testing.T) {
	t.Parallel()
	for database, fresh := range databases(t, few) {
		t.Run(database, func(t *testing.T) {
			v := vandalise(t, fresh(t))
			v.exec("DELETE FROM facts")
			v.exec("DELETE FROM levers")
			v.exec("UPDATE ownerships SET person = 'nobody', part = part + 1000")
			behind := run(t, v.store, nil)
			require.Equal(t, behind.Cases, behind.Verdict(check.KeyFacts).Broken)
			var told []int64
			progress := func(done, of int64) {
				require.EqualValues(t, behind.Cases, of)
				told = append(told, done)
			}
			changed, err := acts.RebuildFacts(t.Context(), v.store, false, progress)
			require.NoError(t, err)
			require.Equal(t, behind.Cases, changed)
			require.EqualValues(t, behind.Cases, told[len(told)-1])
			r := run(t, v.store, nil)
			require.True(t, r.OK(), said(t, r))

			v.exec("DELETE FROM levers")
			changed, err = acts.RebuildFacts(t.Context(), v.store, false, progress)
			require.NoError(t, err)
			require.Zero(t, changed, "it is done once")
			require.NoError(t, v.store.SetFactsVersion(t.Context(), 1, "0"))
			changed, err = acts.RebuildFacts(t.Context(), v.store, false, progress)
			require.NoError(t, err)
			require.Positive(t, changed, "one that was stopped goes on")
			require.Less(t, changed, behind.Cases, "only what is behind is written")
			v.exec("UPDATE facts SET late = false")
			changed, err = acts.RebuildFacts(t.Context(), v.store, true, progress)
			require.NoError(t, err)
			require.Positive(t, changed, "and again for whoever wants it")
			r = run(t, v.store, nil)
			require.True(t, r.OK(), said(t, r))
		})
	}
}
