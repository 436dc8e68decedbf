package cases_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/internal/policy"
	"recourse/models"
)

const rules = `{"rules":[
	{"name":"safety","match":{"category":"product.safety"},"department":"legal"},
	{"name":"products","match":{"category":"product","channel":"phone"},"department":"repairs","team":"north",
	 "examples":[{"facts":{"category":"product","channel":"phone"}}]}]}`

// put puts a table in force.
func (h *house) put(t *testing.T, table string) cases.DispatchTable {
	t.Helper()
	v, err := h.PutDispatchTable(t.Context(), actor("olaf", models.RoleOps), cases.TableWish{Document: []byte(table), Reason: "because"})
	require.NoError(t, err)
	return v
}

func TestWithoutATableNoRuleIsAskedButTriageHasAFallback(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	row, opened := h.open(t, models.Opened{Category: "product"})
	require.Nil(t, opened.Route)
	_, err := h.DispatchTable(t.Context())
	refused(t, err, models.CodeNotFound, "no dispatch table yet")
	got, err := h.Route(t.Context(), actor("sue", models.RoleSupervisor), row.Number)
	require.NoError(t, err)
	require.Equal(t, cases.Routing{Route: &models.Route{Rule: "fallback", Department: "legal", Supervising: "legal"}, At: -1}, got)
	gaps, err := h.Gaps(t.Context(), admin)
	require.NoError(t, err)
	require.Contains(t, gaps, models.Gap{Kind: models.GapNoDispatchTable, ID: "dispatch-table", To: "legal"})
}

func TestANewComplaintCarriesWhatTheTableProposes(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.person(t, "ann")
	h.person(t, "bea")
	h.put(t, rules)
	first, opened := h.open(t, models.Opened{Category: "product"})
	require.Equal(t, &models.Route{Rule: "products", Department: "repairs", Person: "ann", Supervising: "legal"}, opened.Route)
	h.give(t, first, "ann")
	second, opened := h.open(t, models.Opened{Category: "product"})
	require.Equal(t, "bea", opened.Route.Person, "ann has a case already")

	require.NoError(t, h.PutAbsences(t.Context(), admin, "bea", []models.Absence{{FromAt: monday, UntilAt: monday.Add(time.Hour)}}))
	got, err := h.Route(t.Context(), actor("sue", models.RoleSupervisor), second.Number)
	require.NoError(t, err)
	require.Equal(t, "ann", got.Route.Person, "computed anew: bea is absent")
	require.Equal(t, "north", got.Team)

	_, opened = h.open(t, models.Opened{Category: "product.safety"})
	require.Equal(t, &models.Route{Rule: "safety", Department: "legal", Supervising: "legal"}, opened.Route, "a department alone: whoever accepts")
	_, err = h.Route(t.Context(), actor("sue", models.RoleSupervisor), first.Number)
	refused(t, err, models.CodeUnlawful, "")
}

func TestARuleMayDispatchByItself(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.person(t, "ann")
	h.put(t, strings.Replace(rules, `"team":"north",`, `"team":"north","auto":true,`, 1))
	row, _ := h.open(t, models.Opened{Category: "product"})
	require.Equal(t, models.StateDispatched, row.State)
	require.Equal(t, "repairs", row.Department)
	require.Equal(t, "ann", row.Assignee)
	row, _ = h.open(t, models.Opened{Category: "product", Nature: models.NatureInternal})
	require.Equal(t, models.StateReceived, row.State, "what is about staff is dispatched by a person")
}

func TestACallerCannotSmuggleARouteIn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, opened := h.open(t, models.Opened{Route: &models.Route{Rule: "mine", Department: "repairs", Auto: true}})
	require.Nil(t, opened.Route)
}

func TestTheTableIsKeptInVersions(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	first := h.put(t, rules)
	require.EqualValues(t, 1, first.Version)
	require.EqualValues(t, 1, h.put(t, rules).Version, "the same again is no new version")
	_, opened := h.open(t, models.Opened{Category: "product"})
	require.Equal(t, "products", opened.Route.Rule)

	second := h.put(t, `{"rules":[{"name":"all","department":"legal"}]}`)
	require.EqualValues(t, 2, second.Version)
	_, opened = h.open(t, models.Opened{Category: "product"})
	require.Equal(t, "all", opened.Route.Rule, "at once where it was put")
	got, err := h.DispatchTable(t.Context())
	require.NoError(t, err)
	require.Equal(t, second, got)
	require.Equal(t, "olaf", got.Author)

	stale := cases.TableWish{Document: []byte(rules), Reason: "late", IfVersion: 1}
	_, err = h.PutDispatchTable(t.Context(), admin, stale)
	refused(t, err, models.CodeStale, "version 2")
}

func TestATableThatDoesNotDoWhatItsExamplesSayIsRefusedWithAllFaults(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wish := cases.TableWish{Reason: "r", Document: []byte(`{"rules":[
		{"name":"a","match":{"category":"product"},"department":"moon"},
		{"name":"b","match":{"category":"product.safety"},"department":"legal","examples":[{"facts":{"category":"product"}}]}],
		"fallback":{"department":"repairs"}}`)}
	_, err := h.PutDispatchTable(t.Context(), admin, wish)
	var many *cases.Refused
	require.ErrorAs(t, err, &many)
	require.Equal(t, models.CodeInvalid, models.CodeOf(err))
	require.Len(t, many.Faults, 2)
	require.Equal(t, "/table/rules/0/department", many.Faults[0].Pointer)
	require.Equal(t, "/table/rules/1/examples/0", many.Faults[1].Pointer)

	_, err = h.PutDispatchTable(t.Context(), actor("sue", models.RoleSupervisor), wish)
	refused(t, err, models.CodeForbidden, "ops")
	_, err = h.PutDispatchTable(t.Context(), admin, cases.TableWish{Document: []byte(rules)})
	refused(t, err, models.CodeInvalid, "why")
	_, err = h.PutDispatchTable(t.Context(), admin, cases.TableWish{Document: []byte(`{"rulez":1}`), Reason: "r"})
	refused(t, err, models.CodeInvalid, "rulez")
	_, err = h.DispatchTable(t.Context())
	refused(t, err, models.CodeNotFound, "")
}

func TestATableShowsWhatHasGoneSinceAndRoutesAroundIt(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.put(t, rules)
	require.NoError(t, h.PutDepartment(t.Context(), admin, models.Department{ID: "repairs", NameZH: "x", NameEN: "x", DisabledAt: &h.now}))
	v, err := h.DispatchTable(t.Context())
	require.NoError(t, err)
	require.Contains(t, v.Warnings[0].Pointer, "/table/rules/1/department")
	_, opened := h.open(t, models.Opened{Category: "product"})
	require.Equal(t, "legal", opened.Route.Department)
	require.Equal(t, "fallback", opened.Route.Rule)
}

func TestTryingSaysWhyEarlierRulesDidNotMatch(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.person(t, "ann")
	h.put(t, rules)
	got, err := h.TryDispatch(t.Context(), cases.Facts{Category: "product", Channel: models.ChannelWeb})
	require.NoError(t, err)
	require.Equal(t, -1, got.At)
	require.Equal(t, []policy.Miss{{Rule: "safety", Why: policy.MissCategory}, {Rule: "products", Why: policy.MissChannel}}, got.Passed)
	_, err = h.TryDispatch(t.Context(), cases.Facts{Category: "moon"})
	refused(t, err, models.CodeInvalid, "moon")
}

func TestAComplaintIsTakenThoughTheTableCannotBeRead(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	broken, err := json.Marshal("not a table")
	require.NoError(t, err)
	require.NoError(t, h.store.PutDispatchTable(t.Context(), models.DispatchTable{Version: 1, Document: broken, CreatedAt: monday}))
	_, opened := h.open(t, models.Opened{Category: "product"})
	require.Nil(t, opened.Route)
}

func TestEveryVersionOfTheTableIsToldWithWhoPutItAndWhy(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	none, err := h.DispatchTables(t.Context(), "", 0)
	require.NoError(t, err)
	require.Empty(t, none.Items)
	first := h.put(t, rules)
	h.put(t, rules)
	h.now = h.now.Add(time.Hour)
	_, err = h.PutDispatchTable(t.Context(), admin, cases.TableWish{Document: []byte(`{"rules":[]}`), Reason: "none needed"})
	require.NoError(t, err)
	page, err := h.DispatchTables(t.Context(), "", 0)
	require.NoError(t, err)
	require.Len(t, page.Items, 2, "the same table again is no version")
	require.Equal(t, []any{int64(2), "amy", "none needed", h.now}, []any{page.Items[0].Version, page.Items[0].Author, page.Items[0].Reason, page.Items[0].CreatedAt})
	require.Equal(t, []any{int64(1), "olaf", "because"}, []any{page.Items[1].Version, page.Items[1].Author, page.Items[1].Reason})
	require.JSONEq(t, string(first.Document), string(page.Items[1].Document), "as it was put")
}
