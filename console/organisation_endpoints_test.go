package console_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/internal/endpoints"
	"recourse/models"
)

// hook is a webhook as its form sends it.
func hook(change ...string) url.Values {
	form := url.Values{
		"name": {"Ticket system"}, "channel": {"webhook"}, "url": {"https://hooks.example.com/in?token=abcdef123456"}, "secret": {""},
		"language": {"en"}, "department": {""}, "per_minute": {""},
	}
	for i := 0; i < len(change); i += 2 {
		form.Set(change[i], change[i+1])
	}
	return form
}

// endpoint makes one, past the console, and returns its id.
func (d *desk) endpoint(t *testing.T, w cases.EndpointWish) string {
	t.Helper()
	if w.URL == "" {
		w.URL = "https://robots.example.com/send?key=0ec2sifa5aaa"
	}
	if w.Name == "" {
		w.Name = "Group chat"
	}
	e, err := d.AddEndpoint(t.Context(), d.call(t, "ops"), w)
	require.NoError(t, err)
	return e.ID
}

var toldSecret = regexp.MustCompile(`<code>(whsec_[^<]+)</code>`)

func TestAnEndpointIsMadeAndItsSecretIsToldOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := d.as(t, "ops")
	require.Contains(t, w.get(t, "/organisation/endpoints").Text(), "No endpoint yet")
	form := hook("key", "one")
	made := w.post(t, "/organisation/endpoints", form)
	require.Equal(t, http.StatusOK, made.Code, made.Text())
	found := toldSecret.FindStringSubmatch(made.Body)
	require.NotNil(t, found, made.Text())
	secret := strings.ReplaceAll(found[1], "&#43;", "+")
	require.NoError(t, endpoints.CheckSecret(models.MessageWebhook, secret))

	again := w.post(t, "/organisation/endpoints", form) // by a second click
	require.Equal(t, found[0], toldSecret.FindString(again.Body), "the same one")
	all, err := d.Endpoints(t.Context(), d.call(t, "ops").Actor)
	require.NoError(t, err)
	require.Len(t, all, 1)
	access, err := d.store.Endpoint(t.Context(), all[0].ID)
	require.NoError(t, err)
	opened, err := d.EndpointAccess(t.Context(), access)
	require.NoError(t, err)
	require.Equal(t, secret, opened.Secret, "what is told is what signs")

	for _, path := range []string{"/organisation/endpoints", "/organisation/endpoints/" + all[0].ID} {
		page := w.get(t, path)
		require.Equal(t, http.StatusOK, page.Code, page.Text())
		require.Contains(t, page.Text(), "hooks.example.com …3456")
		require.NotContains(t, page.Body, "whsec_")
		require.NotContains(t, page.Body, "abcdef")
	}
}

func TestEndpointsAreForAdminAndOps(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.endpoint(t, cases.EndpointWish{Channel: models.MessageWeCom})
	at := "/organisation/endpoints/" + id
	for role, status := range map[string]int{"admin": 200, "ops": 200, "supervisor": 403, "hr": 403, "handler": 403} {
		w := d.as(t, role)
		require.Equal(t, status, w.get(t, "/organisation/endpoints").Code, role)
		require.Equal(t, status, w.get(t, at).Code, role)
		if status == 200 {
			require.Contains(t, w.get(t, "/organisation").Body, `href="/organisation/endpoints"`)
			continue
		}
		require.NotContains(t, w.get(t, "/organisation").Body, `href="/organisation/endpoints"`, role)
		for _, path := range []string{"/organisation/endpoints", at, at + "/secret", at + "/test", at + "/redeliver"} {
			require.Equal(t, http.StatusForbidden, w.post(t, path, hook()).Code, "%s %s", role, path)
		}
	}
	require.Equal(t, http.StatusNotFound, d.as(t, "ops").get(t, "/organisation/endpoints/none").Code)
}

func TestWhatIsWrongWithAnEndpointStandsBesideItsField(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := d.as(t, "admin")
	for field, value := range map[string]string{"name": "", "channel": "fax", "url": "ftp://hooks.example.com", "secret": "hunter2", "language": "tlh", "per_minute": "many", "department": "none"} {
		got := w.post(t, "/organisation/endpoints", hook(field, value))
		require.Equal(t, http.StatusUnprocessableEntity, got.Code, field)
		require.Contains(t, got.Body, `id="fault-`+field+`"`, field)
		if field != "name" {
			require.Contains(t, got.Body, `value="Ticket system"`, "what was typed is kept")
		}
	}
	robot := hook("channel", "wecom", "secret", "x")
	require.Contains(t, w.post(t, "/organisation/endpoints", robot).Body, `id="fault-secret"`)
}

func TestAnEndpointIsChangedAndKeepsItsAddressUnlessToldAnother(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.endpoint(t, cases.EndpointWish{Channel: models.MessageDingTalk, Secret: "SECabc"})
	at, w := "/organisation/endpoints/"+id, d.as(t, "ops")
	drawn := regexp.MustCompile(`name="if_changed" value="([^"]+)"`).FindStringSubmatch(w.get(t, at).Body)[1]
	d.wait(time.Minute)
	form := hook("channel", "", "name", "Night chat", "url", "", "per_minute", "7", "severities", "urgent", "disabled", "yes", "if_changed", drawn)
	require.Equal(t, http.StatusSeeOther, w.post(t, at, form).Code)
	page := w.get(t, at).Text()
	for _, says := range []string{"Night chat", "robots.example.com …5aaa", "switched off", "urgent"} {
		require.Contains(t, page, says)
	}
	form.Set("key", "another")
	stale := w.post(t, at, form)
	require.Equal(t, http.StatusPreconditionFailed, stale.Code, "drawn before it was changed")
	form = hook("channel", "", "url", "https://other.example.com/hook/12345678-9876", "key", "third")
	require.Equal(t, http.StatusSeeOther, w.post(t, at, form).Code)
	require.Contains(t, w.get(t, at).Text(), "other.example.com …9876")
	wrong := w.post(t, at, hook("channel", "", "per_minute", "-1", "key", "fourth"))
	require.Equal(t, http.StatusUnprocessableEntity, wrong.Code)
	require.Contains(t, wrong.Body, `id="fault-per_minute"`)
}

func TestASecretIsRotatedAndTheOneBeforeSignsForAWhile(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := d.as(t, "ops")
	id := d.endpoint(t, cases.EndpointWish{Channel: models.MessageWebhook, Secret: endpoints.Secret(make([]byte, 32))})
	at := "/organisation/endpoints/" + id
	wrong := w.post(t, at+"/secret", url.Values{"secret": {""}, "keep_hours": {"169"}})
	require.Equal(t, http.StatusUnprocessableEntity, wrong.Code)
	require.Contains(t, wrong.Body, `id="fault-keep_hours"`)
	done := w.post(t, at+"/secret", url.Values{"secret": {""}, "keep_hours": {"48"}})
	require.Equal(t, http.StatusOK, done.Code, done.Text())
	require.Regexp(t, toldSecret, done.Body)
	require.Contains(t, done.Text(), "The secret before signs as well until 20 March 2026, 12:00")
	require.NotRegexp(t, toldSecret, w.get(t, at).Body)

	robot := d.endpoint(t, cases.EndpointWish{Channel: models.MessageFeishu, Secret: "one"})
	at = "/organisation/endpoints/" + robot
	require.Equal(t, http.StatusSeeOther, w.post(t, at+"/secret", url.Values{"secret": {"another"}}).Code)
	require.NotContains(t, w.get(t, at).Text(), "signs as well", "a robot knows one secret")
	require.Contains(t, w.post(t, at+"/secret", url.Values{"secret": {"a b"}}).Body, `id="fault-secret"`)
	require.NotContains(t, w.get(t, "/organisation/endpoints/"+d.endpoint(t, cases.EndpointWish{Channel: models.MessageWeCom})).Body, "/secret")
}

func TestATestSaysWhatWasAnswered(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := d.as(t, "ops")
	at := "/organisation/endpoints/" + d.endpoint(t, cases.EndpointWish{Channel: models.MessageDingTalk})
	d.answer = endpoints.Answer{Status: 200, Text: `{"errcode":0}`, Took: 40 * time.Millisecond}
	require.Contains(t, w.post(t, at+"/test", url.Values{}).Text(), "took the test: 200, after 40 ms")

	d.wait(time.Minute)
	d.answer, d.refusal = endpoints.Answer{Code: endpoints.CodeTimeout}, &endpoints.Refused{}
	page := w.post(t, at+"/test", url.Values{})
	require.Contains(t, page.Text(), "did not take the test. no answer in time")
	list := w.get(t, "/organisation/endpoints").Text()
	require.Contains(t, list, "1 failed in 24 hours")
	require.Contains(t, list, "no answer in time")
	d.wait(25 * time.Hour)
	require.NotContains(t, w.get(t, "/organisation/endpoints").Text(), "failed in 24 hours")

	w = d.as(t, "ops")
	sms := "/organisation/endpoints/" + d.endpoint(t, cases.EndpointWish{Channel: models.MessageSMS, Secret: endpoints.Secret(make([]byte, 32))})
	wrong := w.post(t, sms+"/test", url.Values{"to": {""}})
	require.Equal(t, http.StatusUnprocessableEntity, wrong.Code)
	require.Contains(t, wrong.Body, `id="fault-to"`)
}

func TestTheLogShowsEachAttemptAndSendsAgain(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	w := d.as(t, "ops")
	number := d.open(t, told("It drips."))
	id := d.endpoint(t, cases.EndpointWish{Channel: models.MessageFeishu})
	require.NoError(t, d.store.PutMessages(t.Context(), []models.Message{
		{ID: "m-1", CaseID: d.row(t, number).ID, Seq: 1, Template: "alert", Channel: models.MessageFeishu, Endpoint: id, Language: models.LanguageEN, State: models.MessageFailed, NextAt: noon, CreatedAt: noon},
	}))
	require.NoError(t, d.store.PutDelivery(t.Context(), models.Delivery{
		MessageID: "m-1", At: noon, EndpointID: id, Attempt: 3, Took: 1200 * time.Millisecond, Status: 200, Code: "19024", Answer: `{"code":19024,"msg":"Key Words Not Found"}`, Outcome: models.MessageFailed,
	}))
	at := "/organisation/endpoints/" + id
	page := w.get(t, at)
	for _, says := range []string{number, "19024", "Key Words Not Found", "1,200 ms", "Send again"} {
		require.Contains(t, page.Text(), says)
	}
	require.Equal(t, http.StatusSeeOther, w.post(t, at+"/redeliver", url.Values{"message": {"m-1"}}).Code)
	found, err := d.store.MessagesByID(t.Context(), []string{"m-1"})
	require.NoError(t, err)
	require.Equal(t, models.MessagePending, found["m-1"].State)
	require.NotContains(t, w.get(t, at).Text(), "Send again", "it is on its way")
	require.Equal(t, http.StatusSeeOther, w.post(t, at+"/redeliver", url.Values{"message": {"m-1"}}).Code, "it needs no more")
	require.Equal(t, http.StatusNotFound, w.post(t, at+"/redeliver", url.Values{"message": {"none"}}).Code)

	for i := range 31 {
		require.NoError(t, d.store.PutDelivery(t.Context(), models.Delivery{MessageID: "p", At: noon.Add(time.Duration(i+1) * time.Second), EndpointID: id, Attempt: 1, Status: 500, Outcome: models.MessagePending}))
	}
	older := regexp.MustCompile(`href="(/organisation/endpoints/[^"]+cursor=[^"#]+)`).FindStringSubmatch(w.get(t, at).Body)
	require.NotNil(t, older)
	require.Contains(t, w.get(t, older[1]).Text(), "19024")
}
