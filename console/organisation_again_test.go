package console_test

import (
	"net/http"
	"net/url"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/policy"
	"recourse/models"
)

var secret = regexp.MustCompile(`class="secret[^>]*><code>([^<]+)<`)

func TestAFormOfTheOrganisationThatIsSentTwiceIsOneWish(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := d.as(t, "admin")
	for path, form := range map[string]url.Values{
		"/organisation/departments": {"id": {"care"}, "name_zh": {"客服"}, "name_en": {"Care"}},
		"/organisation/teams":       {"id": {"north"}, "department": {"sales"}, "name_zh": {"北方组"}, "name_en": {"North"}},
		"/organisation/categories":  {"id": {"noise"}, "name_zh": {"噪音"}, "name_en": {"Noise"}},
		"/organisation/people":      {"id": {"ada"}, "name": {"Ada"}, "language": {"en"}, "roles": {"auditor"}},
	} {
		form.Set("key", "of "+path)
		first := w.post(t, path, form)
		require.Equal(t, http.StatusSeeOther, first.Code, first.Text())
		again := w.post(t, path, form)
		require.Equal(t, http.StatusSeeOther, again.Code, again.Text())
		require.Equal(t, first.To(), again.To())
		form.Set("key", "another")
		require.Equal(t, http.StatusUnprocessableEntity, w.post(t, path, form).Code, "another form finds it there")
	}
	away := url.Values{"key": {"k-away"}, "from": {"2026-05-01T08:00"}, "until": {"2026-05-02T08:00"}}
	for range 2 {
		got := w.post(t, "/organisation/people/handler/absences", away)
		require.Equal(t, http.StatusSeeOther, got.Code, got.Text())
	}
	absences, err := d.Absences(t.Context(), d.call(t, "admin").Actor, "handler")
	require.NoError(t, err)
	require.Len(t, absences, 1)
}

func TestASecretThatIsAskedForTwiceIsOneAndToldBothTimes(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := d.as(t, "admin")
	for _, what := range []string{"tokens", "password"} {
		path, form := "/organisation/people/handler/"+what, url.Values{"days": {"7"}, "key": {"k-1"}}
		first, again := w.post(t, path, form), w.post(t, path, form)
		require.Equal(t, http.StatusOK, again.Code, again.Text())
		told := secret.FindStringSubmatch(first.Body)
		require.NotNil(t, told, first.Text())
		require.Equal(t, told, secret.FindStringSubmatch(again.Body), what)
		form.Set("key", "k-2")
		require.NotEqual(t, told, secret.FindStringSubmatch(w.post(t, path, form).Body), what)
	}
	tokens, err := d.Tokens(t.Context(), d.call(t, "admin").Actor, "handler")
	require.NoError(t, err)
	require.Len(t, tokens, 2)
}

func TestADispatchTableThatIsSentTwiceIsOneVersion(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := d.as(t, "admin")
	put := func(key, version, department string) {
		t.Helper()
		got := w.post(t, "/organisation/dispatch", url.Values{
			"key": {key}, "version": {version}, "reason": {"to " + department}, "table": {`{"rules":[],"fallback":{"department":"` + department + `"}}`},
		})
		require.Equal(t, http.StatusSeeOther, got.Code, got.Text())
	}
	put("k-0", "0", "works")
	put("k-1", "1", "sales")
	put("k-1", "1", "sales") // by now version 2 is in force
	put("k-2", "2", "works")
	put("k-1", "1", "sales")
	versions, err := d.DispatchTables(t.Context(), "", 10)
	require.NoError(t, err)
	require.Len(t, versions.Items, 3)
	require.Equal(t, "to works", versions.Items[0].Reason, "what was sent before does not come back")
}

func TestAPolicyThatIsSentTwiceIsOneVersion(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := d.as(t, "admin")
	require.NoError(t, d.store.PutPerson(t.Context(), models.Person{ID: "top", Name: "Top", Roles: []models.Role{models.RoleExecutive}, CreatedAt: noon}))
	form := url.Values{
		"key": {"k-1"}, "after": {policy.DefaultVersion}, "reason": {"the season"}, "act": {"publish"}, "policy_document": {string(policy.DefaultDocument()) + "\n# the season\n"},
	}
	for range 2 {
		got := w.post(t, "/organisation/policy", form)
		require.Equal(t, http.StatusSeeOther, got.Code, got.Text())
	}
	versions, err := d.Policies(t.Context())
	require.NoError(t, err)
	require.Len(t, versions, 2, "the one that is shipped and the one that was sent")
}
