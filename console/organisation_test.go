package console_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/policy"
	"recourse/models"
)

var orgPaths = []string{"/organisation", "/organisation/departments", "/organisation/people", "/organisation/people/handler", "/organisation/categories", "/organisation/dispatch", "/organisation/policy", "/organisation/calendars", "/organisation/templates", "/organisation/templates/receipt"}

func TestTheOrganisationIsShownToThoseWhoLookAfterIt(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for _, path := range orgPaths {
		for _, role := range models.Roles() {
			want := http.StatusForbidden
			if role == models.RoleAdmin || role == models.RoleHR || role == models.RoleSupervisor || role == models.RoleOps {
				want = http.StatusOK
			}
			require.Equal(t, want, d.as(t, string(role)).get(t, path).Code, "%s %s", role, path)
		}
	}
	require.Equal(t, http.StatusOK, d.as(t, "admin").get(t, "/organisation/tokens").Code)
	require.Equal(t, http.StatusForbidden, d.as(t, "hr").get(t, "/organisation/tokens").Code)
	require.NotContains(t, d.as(t, "supervisor").get(t, "/organisation/people/handler").Body, "handler@example.com")
}

func TestOnlyAnAdminChangesTheOrganisation(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for path, form := range map[string]url.Values{
		"/organisation/departments":                   {"id": {"new"}, "name_zh": {"新"}, "name_en": {"New"}},
		"/organisation/teams":                         {"id": {"t"}, "department": {"sales"}, "name_zh": {"组"}, "name_en": {"T"}},
		"/organisation/categories":                    {"id": {"c"}, "name_zh": {"类"}, "name_en": {"C"}},
		"/organisation/people":                        {"id": {"somebody"}, "name": {"S"}, "language": {"en"}},
		"/organisation/people/handler/absences":       {"from": {"2026-04-01T08:00"}, "until": {"2026-04-02T08:00"}},
		"/organisation/people/works-handler/tokens":   {"days": {"3"}},
		"/organisation/people/works-handler/password": {},
		"/organisation/people/works-head/leave":       {},
	} {
		for _, id := range []string{"hr", "supervisor", "ops", "handler"} {
			require.Equal(t, http.StatusForbidden, d.as(t, id).post(t, path, form).Code, "%s %s", id, path)
		}
		require.Less(t, d.as(t, "admin").post(t, path, form).Code, 400, path)
	}
	require.Contains(t, d.as(t, "hr").get(t, "/organisation/departments").Text(), "New")
	require.NotContains(t, d.as(t, "hr").get(t, "/organisation/departments").Body, `action="/organisation/departments"`)
}

func TestAFormOfTheOrganisationKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := d.as(t, "admin")
	got := w.post(t, "/organisation/people", url.Values{"id": {"some body"}, "name": {"Typed"}, "language": {"en"}, "departments": {"moon"}})
	require.Equal(t, http.StatusUnprocessableEntity, got.Code)
	require.Contains(t, got.Body, `value="Typed"`)
	require.Contains(t, got.Body, `id="fault-id"`)
	require.Contains(t, got.Body, `id="fault-departments"`)

	got = w.post(t, "/organisation/departments", url.Values{"id": {"sales"}, "name_zh": {"别"}, "name_en": {"Other"}})
	require.Equal(t, http.StatusUnprocessableEntity, got.Code, "a new one never overwrites")
	require.Contains(t, w.get(t, "/organisation/departments").Text(), "The sales")

	got = w.post(t, "/organisation/people", url.Values{"known": {"admin"}, "id": {"admin"}, "name": {"A"}, "language": {"en"}, "roles": {"hr"}})
	require.Equal(t, http.StatusUnprocessableEntity, got.Code)
	require.Contains(t, got.Text(), "This is the last admin")
}

func TestATokenIsShownOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := d.as(t, "admin")
	got := w.post(t, "/organisation/people/handler/tokens", url.Values{"days": {"7"}})
	require.Equal(t, http.StatusOK, got.Code)
	secret := regexp.MustCompile(`rc_[A-Za-z0-9_-]{20,}`).FindString(got.Body)
	require.NotEmpty(t, secret)
	who, err := d.Authenticate(t.Context(), secret)
	require.NoError(t, err)
	require.Equal(t, "handler", who.ID)
	for _, path := range []string{"/organisation/people/handler", "/organisation/tokens"} {
		require.NotContains(t, w.get(t, path).Body, secret)
	}
	revoke := regexp.MustCompile(`/organisation/tokens/[^/]+/revoke`).FindString(w.get(t, "/organisation/tokens").Body)
	require.Equal(t, http.StatusForbidden, d.as(t, "hr").post(t, revoke, url.Values{}).Code)
	require.Equal(t, "/organisation/tokens", w.post(t, revoke, url.Values{"to": {"/organisation/tokens"}}).To())
	_, err = d.Authenticate(t.Context(), secret)
	require.Equal(t, models.CodeUnauthorized, models.CodeOf(err))
	for _, days := range []string{"", "0", "-1", "400", "99999999999999999999"} {
		require.Equal(t, http.StatusUnprocessableEntity, w.post(t, "/organisation/people/handler/tokens", url.Values{"days": {days}}).Code, days)
	}
}

func TestAPasswordIsShownOnceAndLetsIn(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	got := d.as(t, "admin").post(t, "/organisation/people/handler/password", url.Values{})
	plain := regexp.MustCompile(`[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}`).FindString(got.Body)
	_, err := d.SignIn(t.Context(), "handler", plain, "")
	require.NoError(t, err)
}

func TestFaultsOfTheDispatchTableStandAtTheirLines(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for _, id := range []string{"admin", "ops"} {
		w := d.as(t, id)
		table := "{\n \"rules\": [\n  {\"name\": \"a\", \"department\": \"sales\", \"match\": {\"channel\": \"phone\"}},\n  {\"name\": \"b\",\n   \"department\": \"moon\"}\n ]\n}"
		got := w.post(t, "/organisation/dispatch", url.Values{"table": {table}, "reason": {"to try"}})
		require.Equal(t, http.StatusUnprocessableEntity, got.Code)
		require.Contains(t, got.Text(), `Line 5 "department": "moon"}`)
		require.Contains(t, got.Body, "to try")

		got = w.post(t, "/organisation/dispatch", url.Values{"table": {"{\n \"rules\": [\n  oops\n"}, "reason": {"x"}})
		require.Equal(t, http.StatusUnprocessableEntity, got.Code)
		require.Contains(t, got.Text(), "Line 3 oops")
		got = w.post(t, "/organisation/dispatch", url.Values{"table": {"{\n \"rulez\": []}"}, "reason": {"x"}})
		require.Contains(t, got.Text(), `Line 2 "rulez": []}`)
	}
	w := d.as(t, "admin")
	sound := `{"rules":[{"name":"calls","match":{"channel":"phone"},"department":"sales"}],"fallback":{"department":"works"}}`
	require.Equal(t, http.StatusForbidden, d.as(t, "supervisor").post(t, "/organisation/dispatch", url.Values{"table": {sound}, "reason": {"x"}}).Code)
	require.Equal(t, http.StatusSeeOther, w.post(t, "/organisation/dispatch", url.Values{"table": {sound}, "reason": {"calls to sales"}}).Code)
	require.Contains(t, w.get(t, "/organisation/dispatch").Text(), "calls to sales")
	require.Contains(t, w.get(t, "/organisation/dispatch?try=1&channel=phone").Text(), "“calls” sends it to The sales")
	got := w.get(t, "/organisation/dispatch?try=1&channel=web")
	require.Contains(t, got.Text(), "“fallback” sends it to The works")
	require.Contains(t, got.Text(), "“calls” was passed over: another channel")
	require.Equal(t, http.StatusOK, w.get(t, "/organisation/dispatch?try=1&category=moon").Code)
}

func TestThePolicyIsTriedAndPublishedByAForm(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	require.NoError(t, d.store.PutPerson(t.Context(), models.Person{ID: "top", Name: "Top", Roles: []models.Role{models.RoleExecutive}, CreatedAt: noon}))
	shown := d.as(t, "supervisor").get(t, "/organisation/policy")
	require.Equal(t, http.StatusOK, shown.Code)
	require.NotContains(t, shown.Body, `name="policy_document"`, "who may not change it is shown its text")
	require.Contains(t, shown.Text(), "first_response")
	w := d.as(t, "ops")
	twelve := strings.Replace(string(policy.DefaultDocument()), "first_response: {limit: 24h", "first_response: {limit: 12h", 1)
	form := url.Values{"policy_document": {twelve}, "reason": {"the season"}, "act": {"try"}}
	got := w.post(t, "/organisation/policy", form)
	require.Equal(t, http.StatusOK, got.Code)
	require.Contains(t, got.Text(), "would be due 2026-07-04 04:30, not 2026-07-04 16:30", "an example does not hold")
	require.Contains(t, got.Body, "the season")
	form.Set("act", "publish")
	require.Equal(t, http.StatusUnprocessableEntity, w.post(t, "/organisation/policy", form).Code)

	form.Set("policy_document", strings.Replace(twelve, "due: 2026-07-04 16:30", "due: 2026-07-04 04:30", 1))
	form.Set("act", "try")
	require.Contains(t, w.post(t, "/organisation/policy", form).Text(), "3 places differ from default-1")
	versions, err := d.Policies(t.Context())
	require.NoError(t, err)
	require.Len(t, versions, 1, "nothing is published yet")
	form.Set("act", "publish")
	require.Equal(t, http.StatusForbidden, d.as(t, "supervisor").post(t, "/organisation/policy", form).Code)
	form.Set("effective_at", "1999-01-01T00:00")
	require.Equal(t, http.StatusUnprocessableEntity, w.post(t, "/organisation/policy", form).Code)
	form.Del("effective_at")
	form.Set("key", "another wish")
	published := w.post(t, "/organisation/policy", form)
	require.Equal(t, http.StatusSeeOther, published.Code, published.Text())
	require.Contains(t, w.get(t, "/organisation/policy").Text(), "the season")
	require.Contains(t, w.get(t, "/organisation/policy?version=policy-1").Text(), "policy-1")
	require.Equal(t, http.StatusNotFound, w.get(t, "/organisation/policy?version=policy-9").Code)
}

var (
	columnOf = regexp.MustCompile(`<th scope="col">([^<]*)</th>`)
	rowOf    = regexp.MustCompile(`(?s)<tr>\s*<td>.*?</tr>`)
	cellIs   = regexp.MustCompile(`data-is="([^"]*)"`)
)

// A phone shows each row as a card, without the heads of the columns: each cell says which it was.
func TestEachCellOfThePeopleSaysWhatItIs(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	got := d.as(t, "admin").get(t, "/organisation/people")
	require.Contains(t, got.Body, `<table class="table stacks">`)
	var columns []string
	for _, head := range columnOf.FindAllStringSubmatch(got.Body, -1) {
		columns = append(columns, head[1])
	}
	rows := rowOf.FindAllString(got.Body, -1)
	require.GreaterOrEqual(t, len(rows), len(models.Roles()))
	for _, row := range rows {
		var cells []string
		for _, cell := range cellIs.FindAllStringSubmatch(row, -1) {
			cells = append(cells, cell[1])
		}
		require.Equal(t, columns[1:], cells, "the first is who it is")
	}
}
