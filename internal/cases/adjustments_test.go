package cases_test

import (
	"context"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/internal/cases/casestest"
	"recourse/internal/lifecycle"
	"recourse/internal/policies"
	"recourse/internal/policy"
	"recourse/models"
	"recourse/workflows/contract"
)

var (
	otto = actor("otto", models.RoleOps)
	suse = actor("suse", models.RoleSupervisor)
)

// flaky is an engine that does not decide some cases.
type flaky struct {
	casestest.Engine
	fails map[string]int // by case, how often
}

func (f flaky) Command(ctx context.Context, caseID string, order contract.Order) (contract.Outcome, error) {
	if f.fails[caseID] > 0 {
		f.fails[caseID]--
		return contract.Outcome{}, models.Refuse(models.CodeOutcomeUnknown, "no answer")
	}
	return f.Engine.Command(ctx, caseID, order)
}

// adjusting is a house with an engine, and cases of each severity and of two channels.
func adjusting(t *testing.T, n int) (h *house, e flaky, rows []models.Case) {
	t.Helper()
	h = newHouse(t)
	h.executive(t)
	e = flaky{Engine: casestest.Engine{Record: h.store, Now: func() time.Time { return h.now }}, fails: map[string]int{}}
	c := h.Config
	c.Engine = e
	h.Service = cases.New(c)
	for i := range n {
		o := models.Opened{Severity: models.Severities()[i%3], Channel: []models.Channel{models.ChannelPhone, models.ChannelWeb}[i%2], Region: "south"}
		row, _ := h.open(t, o)
		rows = append(rows, row)
		h.now = h.now.Add(time.Minute)
	}
	return h, e, rows
}

// carryOut is what the workflow does.
func (h *house) carryOut(t *testing.T, id string, undo bool) (rounds int) {
	t.Helper()
	for rounds = 1; ; rounds++ {
		require.Less(t, rounds, 20)
		so, err := h.Adjust(t.Context(), id, undo, func() {})
		require.NoError(t, err)
		if so.Left == 0 {
			return rounds
		}
		h.now = h.now.Add(10 * time.Second)
	}
}

// dues are the bounds of every running clock of some cases.
func (h *house) dues(t *testing.T, rows []models.Case) map[string]time.Time {
	t.Helper()
	dues := map[string]time.Time{}
	for _, row := range rows {
		row, err := h.store.Case(t.Context(), row.ID)
		require.NoError(t, err)
		c, err := lifecycle.Restore(row)
		require.NoError(t, err)
		for _, r := range c.Runs {
			for _, b := range r.Bounds() {
				dues[row.ID+" "+r.Key+" "+string(b)] = r.At(b)
			}
		}
	}
	return dues
}

// states counts the cases of an adjustment by what became of them.
func (h *house) adjusted(t *testing.T, id string) map[string]models.AdjustedCase {
	t.Helper()
	all := map[string]models.AdjustedCase{}
	for after := ""; ; {
		page, err := h.AdjustedCases(t.Context(), admin, id, after, 7, "")
		require.NoError(t, err)
		for _, one := range page.Items {
			all[one.CaseID] = one
		}
		if after = page.Next; after == "" {
			return all
		}
	}
}

func (h *house) publish(t *testing.T, document []byte) string {
	t.Helper()
	v, err := h.PublishPolicy(t.Context(), admin, cases.PolicyWish{Document: document, Reason: "the season"})
	require.NoError(t, err)
	h.now = h.now.Add(policies.Lead)
	return v.Version
}

func TestWhatAnAdjustmentDoesIsWhatItsPreviewSaidAndTakenBackExactly(t *testing.T) {
	t.Parallel()
	h, engine, rows := adjusting(t, 40)
	version := h.publish(t, twelve())
	before := h.dues(t, rows)
	a, err := h.PreviewAdjustment(t.Context(), h.call(otto), cases.AdjustmentWish{Kind: models.AdjustPolicy, Policy: version, Reason: "the season"})
	require.NoError(t, err)
	require.Equal(t, []any{models.AdjustmentPreviewed, 40, 40, 0, 0}, []any{a.State, a.Cases, a.Earlier, a.LaterBy, a.AtOnce})
	require.Equal(t, before, h.dues(t, rows), "a preview changes nothing")

	engine.fails[rows[3].ID], engine.fails[rows[4].ID] = 2, 99
	late, _ := h.open(t, models.Opened{Severity: models.SeverityGeneral})
	_, err = h.Do(t.Context(), h.call(suse), rows[7].Number, cases.Wish{
		Verb: models.VerbReclassify, Data: models.Reclassified{Severity: models.SeverityImportant, Category: "product"}, Words: map[string]string{models.TextReason: "r"},
	})
	require.NoError(t, err, "commands keep coming")
	a, err = h.StartAdjustment(t.Context(), otto, a.ID)
	require.NoError(t, err)
	require.Equal(t, models.AdjustmentRunning, a.State)
	require.Greater(t, h.carryOut(t, a.ID, false), 1)

	all := h.adjusted(t, a.ID)
	require.Len(t, all, 40, "the one that came after it came under it")
	require.NotContains(t, all, late.ID)
	after := h.dues(t, rows)
	for i, row := range rows {
		one := all[row.ID]
		switch i {
		case 4:
			require.Equal(t, []any{models.AdjustedFailed, 5}, []any{one.State, one.Attempts})
			require.Contains(t, one.Why, "no answer")
			continue
		case 7: // moved by somebody meanwhile
		default:
			require.Equal(t, one.Planned, one.Moved, row.Number)
		}
		require.Equal(t, models.AdjustedDone, one.State)
		require.NotEmpty(t, one.Moved)
		for _, m := range one.Moved {
			require.Equal(t, m.To, after[row.ID+" "+m.Run+" "+string(m.Bound)])
		}
		now, err := h.store.Case(t.Context(), row.ID)
		require.NoError(t, err)
		require.Equal(t, version, now.Policy)
		require.Equal(t, row.ReceivedAt.Add(12*time.Hour), now.ResponseLimitAt)
	}
	a, err = h.UndoAdjustment(t.Context(), otto, a.ID)
	require.NoError(t, err)
	h.carryOut(t, a.ID, true)
	before[rows[7].ID+" 1/first_response/1 target"] = h.dues(t, rows[7:8])[rows[7].ID+" 1/first_response/1 target"] // raised meanwhile
	now := h.dues(t, rows)
	maps.DeleteFunc(now, func(k string, _ time.Time) bool { return strings.HasPrefix(k, rows[7].ID) })
	maps.DeleteFunc(before, func(k string, _ time.Time) bool { return strings.HasPrefix(k, rows[7].ID) })
	require.Equal(t, before, now, "to the microsecond")
	a, err = h.Adjustment(t.Context(), otto, a.ID)
	require.NoError(t, err)
	require.Equal(t, []any{models.AdjustmentUndone, 39, 1}, []any{a.State, a.By[models.AdjustedUndone], a.By[models.AdjustedFailed]})
}

func TestAnAdjustmentComesOverTheCasesOfItsFilterAndSkipsWhatHasEnded(t *testing.T) {
	t.Parallel()
	h, _, rows := adjusting(t, 12)
	wish := cases.AdjustmentWish{
		Kind: models.AdjustLater, Later: "1d working", Clocks: []models.Clock{models.ClockHandling},
		Filter: models.AdjustmentFilter{Channels: []string{"phone"}, Regions: []string{"south"}}, Reason: "typhoon day",
	}
	a, err := h.PreviewAdjustment(t.Context(), h.call(suse), wish)
	require.NoError(t, err)
	require.Equal(t, []any{6, 0, 6}, []any{a.Cases, a.Earlier, a.LaterBy})
	before := h.dues(t, rows)
	_, err = h.Do(t.Context(), h.call(suse), rows[2].Number, cases.Wish{
		Verb: models.VerbWithdraw, Data: models.Withdrawn{}, Words: map[string]string{models.TextText: "by phone"},
	})
	require.NoError(t, err)
	_, err = h.StartAdjustment(t.Context(), suse, a.ID)
	require.NoError(t, err)
	h.carryOut(t, a.ID, false)
	all, after := h.adjusted(t, a.ID), h.dues(t, rows)
	require.Equal(t, models.AdjustedSkipped, all[rows[2].ID].State)
	for i, row := range rows {
		key := row.ID + " 1/handling/1 limit"
		switch {
		case i%2 == 1, i == 2:
			require.Equal(t, before[key], after[key])
		default:
			require.True(t, after[key].After(before[key]))
		}
	}
	again, err := h.StartAdjustment(t.Context(), suse, a.ID)
	require.Equal(t, models.CodeConflict, models.CodeOf(err), "it is done: %v", again.State)
}

func TestAPauseComesOverManyCasesAndIsTakenBack(t *testing.T) {
	t.Parallel()
	h, _, all := adjusting(t, 7)
	h.person(t, "hal")
	rows := []models.Case{all[0], all[3], all[6]} // the general ones
	for _, row := range rows {
		h.give(t, row, "hal")
	}
	a, err := h.PreviewAdjustment(t.Context(), h.call(suse), cases.AdjustmentWish{Kind: models.AdjustPause, Until: h.now.Add(24 * time.Hour), Reason: "typhoon day"})
	require.NoError(t, err)
	_, err = h.StartAdjustment(t.Context(), suse, a.ID)
	require.NoError(t, err)
	h.carryOut(t, a.ID, false)
	for _, row := range rows {
		now, err := h.store.Case(t.Context(), row.ID)
		require.NoError(t, err)
		require.Equal(t, models.PauseOutside, now.PauseReason)
	}
	_, err = h.UndoAdjustment(t.Context(), suse, a.ID)
	require.NoError(t, err)
	h.carryOut(t, a.ID, true)
	for _, row := range rows {
		now, err := h.store.Case(t.Context(), row.ID)
		require.NoError(t, err)
		require.Empty(t, now.PauseReason)
	}
}

func TestAnAdjustmentThatCannotBeMeantIsRefusedWithItsField(t *testing.T) {
	t.Parallel()
	h, _, _ := adjusting(t, 1)
	day := "1d"
	handling := []models.Clock{models.ClockHandling}
	for name, tt := range map[string]struct {
		who   models.Actor
		wish  cases.AdjustmentWish
		code  models.Code
		field string
	}{
		"of no kind":                 {otto, cases.AdjustmentWish{Kind: "x", Reason: "r"}, models.CodeInvalid, "/kind"},
		"without a reason":           {otto, cases.AdjustmentWish{Kind: models.AdjustPolicy, Policy: policy.DefaultVersion, Reason: " "}, models.CodeInvalid, "/reason"},
		"to no version":              {otto, cases.AdjustmentWish{Kind: models.AdjustPolicy, Reason: "r"}, models.CodeInvalid, "/policy"},
		"to a version there is not":  {otto, cases.AdjustmentWish{Kind: models.AdjustPolicy, Policy: "policy-9", Reason: "r"}, models.CodeInvalid, "/policy"},
		"with grace for ever":        {otto, cases.AdjustmentWish{Kind: models.AdjustPolicy, Policy: policy.DefaultVersion, Grace: "999d", Reason: "r"}, models.CodeInvalid, "/grace"},
		"by a supervisor":            {suse, cases.AdjustmentWish{Kind: models.AdjustPolicy, Policy: policy.DefaultVersion, Reason: "r"}, models.CodeForbidden, ""},
		"by nothing":                 {suse, cases.AdjustmentWish{Kind: models.AdjustLater, Clocks: handling, Reason: "r"}, models.CodeInvalid, "/later"},
		"by a word":                  {suse, cases.AdjustmentWish{Kind: models.AdjustLater, Later: "soon", Clocks: handling, Reason: "r"}, models.CodeInvalid, "/later"},
		"with grace at work":         {otto, cases.AdjustmentWish{Kind: models.AdjustPolicy, Policy: policy.DefaultVersion, Grace: "1d working", Reason: "r"}, models.CodeInvalid, "/grace"},
		"in no calendar":             {suse, cases.AdjustmentWish{Kind: models.AdjustLater, Later: "1d moon", Clocks: handling, Reason: "r"}, models.CodeInvalid, "/later"},
		"of no clock":                {suse, cases.AdjustmentWish{Kind: models.AdjustLater, Later: day, Reason: "r"}, models.CodeInvalid, "/clocks"},
		"of a promise":               {suse, cases.AdjustmentWish{Kind: models.AdjustLater, Later: day, Clocks: []models.Clock{models.ClockFirstResponse}, Reason: "r"}, models.CodeInvalid, "/clocks/0"},
		"until the past":             {suse, cases.AdjustmentWish{Kind: models.AdjustPause, Until: monday.Add(-time.Hour), Reason: "r"}, models.CodeInvalid, "/until"},
		"by ops":                     {otto, cases.AdjustmentWish{Kind: models.AdjustLater, Later: day, Clocks: handling, Reason: "r"}, models.CodeForbidden, ""},
		"in a channel there is not":  {suse, cases.AdjustmentWish{Kind: models.AdjustLater, Later: day, Clocks: handling, Reason: "r", Filter: models.AdjustmentFilter{Channels: []string{"smoke"}}}, models.CodeInvalid, "/filter/channels/0"},
		"in a department that's not": {suse, cases.AdjustmentWish{Kind: models.AdjustLater, Later: day, Clocks: handling, Reason: "r", Filter: models.AdjustmentFilter{Departments: []string{"legal", "x"}}}, models.CodeInvalid, "/filter/departments/1"},
	} {
		_, err := h.PreviewAdjustment(t.Context(), h.call(tt.who), tt.wish)
		var refused *models.Error
		require.ErrorAs(t, err, &refused, name)
		require.Equal(t, []any{tt.code, tt.field}, []any{refused.Code, refused.Field}, "%s: %v", name, err)
	}
	all, err := h.Adjustments(t.Context(), admin)
	require.NoError(t, err)
	require.Empty(t, all)
	_, err = h.StartAdjustment(t.Context(), otto, "x")
	require.Equal(t, models.CodeNotFound, models.CodeOf(err))
	_, err = h.Adjustments(t.Context(), actor("ida", models.RoleIntake))
	require.Equal(t, models.CodeForbidden, models.CodeOf(err))
}
