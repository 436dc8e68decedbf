package api_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/api"
	"recourse/internal/cases"
	"recourse/internal/policy"
	"recourse/models"
)

func TestOnlyTokensComeIn(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{
		"":                            `Bearer realm="recourse"`,
		"Bearer":                      `Bearer realm="recourse", error="invalid_token"`,
		"Bearer rc_nobody":            `Bearer realm="recourse", error="invalid_token"`,
		"Basic rc_supervisor":         `Bearer realm="recourse", error="invalid_token"`,
		"rc_supervisor":               `Bearer realm="recourse", error="invalid_token"`,
		"Bearer rc_\xff":              `Bearer realm="recourse", error="invalid_token"`,
		"Bearer rc_supervisor extra":  `Bearer realm="recourse", error="invalid_token"`,
		"Bearer supervisor":           `Bearer realm="recourse", error="invalid_token"`,
		"Bearer " + longToken("rc_a"): `Bearer realm="recourse", error="invalid_token"`,
	} {
		r := newStand(t).ask(t, http.MethodGet, complaints, "", with{"Authorization": header})
		p := r.problem(t)
		require.Equal(t, http.StatusUnauthorized, r.Code, header)
		require.Equal(t, "unauthorized", p.Code)
		require.Equal(t, want, r.Header().Get("WWW-Authenticate"), header)
	}
	require.Equal(t, 200, newStand(t).ask(t, http.MethodGet, complaints, "", with{"Authorization": "bearer  " + token}).Code, "the scheme's name has no case")
}

func longToken(s string) string { return s + strings.Repeat("x", 300) }

// Whoever has no token learns nothing of the contract's judgement.
func TestEveryAddressButTheCustomersAsksForAToken(t *testing.T) {
	t.Parallel()
	for _, o := range operations(t) {
		s := newStand(t)
		s.health.Ready = true
		r := s.ask(t, o.method, o.target, o.body, with{"Authorization": ""})
		public := strings.HasPrefix(o.target, "/t/") || strings.HasPrefix(o.target, "/s/") || strings.HasSuffix(o.target, "z")
		require.Equal(t, public, r.Code != http.StatusUnauthorized, o.id)
	}
}

func TestEveryPostCarriesAKey(t *testing.T) {
	t.Parallel()
	for _, o := range operations(t) {
		if o.method != http.MethodPost {
			continue
		}
		s := newStand(t)
		r := s.ask(t, o.method, o.target, o.body, with{"Idempotency-Key": ""})
		if strings.HasPrefix(o.target, "/t/") || strings.HasPrefix(o.target, "/s/") {
			require.Equal(t, http.StatusAccepted, r.Code, o.id)
			require.Len(t, s.call.Key, 64, o.id)
			continue
		}
		require.Equal(t, "key_missing", r.problem(t).Code, o.id)
	}
}

func TestAKeyIsPrintable(t *testing.T) {
	t.Parallel()
	for key, code := range map[string]string{
		"x": "", strings.Repeat("x", 255): "", "8e03978e-40d5-43dd-bc93-6894a57f9324": "", `"quoted"`: "", "a b~!": "",
		strings.Repeat("x", 256): "malformed", "钥匙": "malformed", "a\tb": "malformed", "a\x7f": "malformed", "a\xff": "malformed",
	} {
		s := newStand(t)
		r := s.ask(t, http.MethodPost, complaints, bodies["OpenComplaint"], with{"Idempotency-Key": key})
		if code == "" {
			require.Equal(t, http.StatusCreated, r.Code, "%q %s", key, r.Body)
			require.Equal(t, key, s.call.Key)
			continue
		}
		p := r.problem(t)
		require.Equal(t, code, p.Code, "%q", key)
		require.Equal(t, "Idempotency-Key", p.Errors[0].Parameter)
	}
	r := httptest.NewRequest(http.MethodPost, complaints, strings.NewReader(bodies["OpenComplaint"]))
	r.Header = http.Header{"Authorization": {"Bearer " + token}, "Content-Type": {"application/json"}, "Idempotency-Key": {"a", "b"}}
	w := httptest.NewRecorder()
	newStand(t).handler.ServeHTTP(w, r)
	require.Equal(t, http.StatusBadRequest, w.Code, "two keys are none")
}

func TestTheBodysHashTellsBodiesApart(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	hash := func(body string) string {
		s.ask(t, http.MethodPost, complaints, body)
		return string(s.call.Body)
	}
	one := hash(`{"channel":"phone","text":"a"}`)
	require.Equal(t, one, hash(`{"channel":"phone","text":"a"}`))
	require.NotEqual(t, one, hash(`{"channel":"phone","text":"b"}`))
	require.NotEqual(t, one, hash(`{"channel":"phone", "text":"a"}`), "the raw body counts")
}

func TestAnAnswerGivenBeforeSaysSo(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	s.replay = true
	for _, target := range []string{complaints, complaints + "/" + number + "/accept"} {
		body := map[bool]string{true: bodies["OpenComplaint"], false: "{}"}[target == complaints]
		require.Equal(t, "true", s.ask(t, http.MethodPost, target, body).Header().Get("Idempotent-Replayed"))
	}
}

// A customer's key is told apart by the link, and the link itself goes nowhere.
func TestACustomersWishIsKnownByLinkAndWords(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	say := func(link, path, text string) cases.Call {
		r := s.ask(t, http.MethodPost, "/t/"+link+path, `{"text":"`+text+`"}`, with{"Idempotency-Key": "", "Authorization": ""})
		require.Equal(t, http.StatusAccepted, r.Code, r.Body)
		return s.call
	}
	first := say(customer, "/message", "你好")
	require.Equal(t, models.TheCustomer(), first.Actor)
	require.Equal(t, models.VerbMessage, s.verb)
	require.Equal(t, "你好", s.said)
	require.NotContains(t, first.Route, customer)
	require.Equal(t, first, say(customer, "/message", "你好"))
	require.NotEqual(t, first.Key, say(customer, "/message", "再见").Key)
	require.NotEqual(t, first.Key, say("anotherlinkofsomebodyelse", "/message", "你好").Key)
	require.NotEqual(t, first.Key, say(customer, "/not-solved", "你好").Key)
	require.Equal(t, models.VerbNotSolved, s.verb)

	s.ask(t, http.MethodPost, "/t/"+customer+"/message", `{"text":"a"}`, with{"Idempotency-Key": "mine"})
	one := s.call
	s.ask(t, http.MethodPost, "/t/anotherlinkofsomebodyelse/message", `{"text":"a"}`, with{"Idempotency-Key": "mine"})
	require.Equal(t, "mine", one.Key)
	require.NotEqual(t, one.Route, s.call.Route, "two customers may think of the same key")
}

func TestAVersionIsNamedByItsTag(t *testing.T) {
	t.Parallel()
	target := complaints + "/" + number + "/accept"
	for match, want := range map[string]int64{"": 0, "*": 0, `"v1"`: 1, `"v999999999999999999"`: 999999999999999999} {
		s := newStand(t)
		require.Equal(t, 200, s.ask(t, http.MethodPost, target, "{}", with{"If-Match": match}).Code, match)
		require.Equal(t, want, s.wish.IfSeq, match)
	}
	for _, match := range []string{"v1", `"1"`, `W/"v1"`, `"v0"`, `"v-1"`, `"v1", "v2"`, `"v9999999999999999999"`, `""`, "\xff"} {
		p := newStand(t).ask(t, http.MethodPost, target, "{}", with{"If-Match": match}).problem(t)
		require.Equal(t, "malformed", p.Code, match)
		require.Equal(t, 400, p.Status)
		require.Equal(t, "If-Match", p.Errors[0].Parameter)
	}
	s := newStand(t)
	s.refuse = models.Refuse(models.CodeStale, "the case has moved on")
	require.Equal(t, http.StatusPreconditionFailed, s.ask(t, http.MethodPost, target, "{}", with{"If-Match": `"v1"`}).Code)
}

func TestAnUnchangedCaseIsNotSentAgain(t *testing.T) {
	t.Parallel()
	for tag, want := range map[string]int{
		"": 200, `"v6"`: 200, `"v7"`: 304, `W/"v7"`: 304, `"a", "v7"`: 304, "*": 304, "v7": 200,
	} {
		r := newStand(t).ask(t, http.MethodGet, complaints+"/"+number, "", with{"If-None-Match": tag})
		require.Equal(t, want, r.Code, tag)
		require.Equal(t, `"v7"`, r.Header().Get("ETag"))
		require.Equal(t, want == 304, r.Body.Len() == 0)
	}
}

func TestTitlesSpeakTheCallersLanguage(t *testing.T) {
	t.Parallel()
	const en, zh = "The case has moved on", "案件已有更新"
	for _, test := range []struct{ accept, token, title string }{
		{"", token, en},
		{"", zhToken, zh},
		{"en", zhToken, en},
		{"zh-CN", token, zh},
		{"zh-CN,zh;q=0.9,en;q=0.8", token, zh},
		{"en-GB,en;q=0.9,zh;q=0.1", token, en},
		{"zh-TW", token, zh},
		{"fr", token, en},
		{"fr, zh;q=0.5", token, zh},
		{"*", token, en},
		{";;;q=,,", zhToken, zh},
		{strings.Repeat("a-", 2000), token, en},
	} {
		s := newStand(t)
		s.refuse = models.Refuse(models.CodeStale, "the case has moved on")
		p := s.ask(t, http.MethodGet, complaints, "", with{"Accept-Language": test.accept, "Authorization": "Bearer " + test.token}).problem(t)
		require.Equal(t, test.title, p.Title, test.accept)
	}
}

func TestARequestKeepsItsSaneID(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"abc-123._X": "abc-123._X", "": "req-1", "two words": "req-1", "<script>": "req-1", strings.Repeat("a", 65): "req-1", "a\xff": "req-1",
	} {
		s := newStand(t)
		s.refuse = errors.New("boom")
		r := s.ask(t, http.MethodGet, complaints, "", with{"X-Request-Id": given})
		require.Equal(t, want, r.Header().Get("X-Request-Id"))
		p := r.problem(t)
		require.Equal(t, want, p.RequestID)
		require.Equal(t, "urn:recourse:request:"+want, p.Instance)
		require.Contains(t, s.log.String(), "request_id="+want)
	}
}

func TestWhatIsInternalStaysInTheLog(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	s.refuse = errors.New("dial postgres://secret@db")
	r := s.ask(t, http.MethodGet, complaints, "")
	require.Equal(t, "internal", r.problem(t).Code)
	require.NotContains(t, r.Body.String(), "postgres")
	require.Contains(t, s.log.String(), "dial postgres://secret@db")
}

func TestAPanicIsAnsweredAndLogged(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	s.panics = true
	r := s.ask(t, http.MethodGet, complaints, "")
	require.Equal(t, "internal", r.problem(t).Code)
	require.NotContains(t, r.Body.String(), "fell over")
	require.Contains(t, s.log.String(), "the neighbour fell over")
	require.Contains(t, s.log.String(), "fake_test.go", "with its stack")
	require.Equal(t, []string{"GET /api/v1/complaints Internal Server Error"}, s.observed)
}

func TestARequestHasItsTime(t *testing.T) {
	t.Parallel()
	s := newStand(t, func(c *api.Config) { c.Timeout = time.Millisecond })
	s.slow = true
	p := s.ask(t, http.MethodGet, complaints, "").problem(t)
	require.Equal(t, "unavailable", p.Code)
	p = s.ask(t, http.MethodPost, complaints, bodies["OpenComplaint"]).problem(t)
	require.Equal(t, "outcome_unknown", p.Code, "it may still happen")
}

func TestTheLogKnowsNoSecrets(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	s.ask(t, http.MethodPost, "/t/"+customer+"/message", `{"text":"跳闸了"}`)
	s.ask(t, http.MethodGet, "/s/"+customer, "")
	s.ask(t, http.MethodPost, complaints, bodies["OpenComplaint"])
	s.ask(t, http.MethodGet, "/nowhere/"+customer, "")
	s.ask(t, http.MethodGet, complaints+"/"+number, "")
	logged := s.log.String()
	for _, secret := range []string{customer, token, "跳闸", "a@b"} {
		require.NotContains(t, logged, secret)
	}
	require.Contains(t, logged, "route=/t/{token}/message")
	require.Contains(t, logged, "route=unmatched")
	require.Contains(t, logged, "actor=p-1")
	require.Equal(t, "GET /api/v1/complaints/{number} OK", s.observed[4])
}

func TestSecretLinksAreKeptByNobody(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	require.Equal(t, "no-store", s.ask(t, http.MethodGet, "/t/"+customer, "").Header().Get("Cache-Control"))
	require.Equal(t, "no-store", s.ask(t, http.MethodGet, "/s/"+customer, "").Header().Get("Cache-Control"))
	require.Equal(t, "private, no-cache", s.ask(t, http.MethodGet, complaints, "").Header().Get("Cache-Control"))
}

func TestCustomersPagesAreSlowedDownPerAddressAndLink(t *testing.T) {
	t.Parallel()
	s := newStand(t, func(c *api.Config) { c.CustomerRate, c.CustomerBurst = 0.5, 2 })
	asked := 0
	get := func(link, from string) reply {
		asked++
		r := httptest.NewRequest(http.MethodGet, "/t/"+link, nil)
		r.RemoteAddr = from + ":1234"
		r.Header.Set("X-Forwarded-For", fmt.Sprintf("203.0.113.%d", asked)) // nobody is trusted with this
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, r)
		held(t, r, w)
		return reply{w}
	}
	require.Equal(t, 200, get(customer, "198.51.100.1").Code)
	require.Equal(t, 200, get(customer, "198.51.100.1").Code)
	slow := get(customer, "198.51.100.1")
	require.Equal(t, "too_many", slow.problem(t).Code)
	require.Equal(t, "2", slow.Header().Get("Retry-After"))
	require.Equal(t, 200, get(customer, "198.51.100.2").Code, "another address")
	require.Equal(t, 200, get("anotherlinkofsomebodyelse", "198.51.100.1").Code, "another link")
	s.now = s.now.Add(2 * time.Second)
	require.Equal(t, 200, get(customer, "198.51.100.1").Code)
	require.Equal(t, 429, get(customer, "198.51.100.1").Code)
	for range 30 {
		require.Equal(t, 200, s.ask(t, http.MethodGet, complaints, "").Code, "who has a token is not slowed down here")
	}
}

func TestReadyDependsOnTheDatabaseAlone(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		health cases.Health
		status int
		body   string
	}{
		{cases.Health{Ready: true}, 200, `{"calendars":"ok","database":"ok","ready":true,"relay_age_seconds":0,"temporal":"ok"}`},
		{cases.Health{Ready: true, Temporal: "dial 10.0.0.1", RelayAge: time.Minute, Ending: []policy.Ending{{Calendar: "working"}}}, 200, `{"calendars":"ending","database":"ok","ready":true,"relay_age_seconds":60,"temporal":"failing"}`},
		{cases.Health{Database: "dial 10.0.0.2"}, 503, `{"calendars":"ok","database":"failing","ready":false,"relay_age_seconds":0,"temporal":"ok"}`},
	} {
		s := newStand(t)
		s.health = test.health
		r := s.ask(t, http.MethodGet, "/readyz", "", with{"Authorization": ""})
		require.Equal(t, test.status, r.Code)
		require.JSONEq(t, test.body, r.Body.String())
		require.Contains(t, s.log.String(), test.health.Database+test.health.Temporal, "what is wrong is for the log")
	}
}

func TestMetricsAreServedWhereAsked(t *testing.T) {
	t.Parallel()
	s := newStand(t, func(c *api.Config) {
		c.Metrics = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	})
	require.Equal(t, http.StatusTeapot, s.ask(t, http.MethodGet, "/metrics", "").Code)
}

func TestADoorSaysWhatItLacks(t *testing.T) {
	t.Parallel()
	_, err := api.New(api.Config{})
	require.ErrorContains(t, err, "needs cases")
	cfg := api.Config{Cases: &neighbour{}, Figures: &neighbour{}, Reports: reporting{}, Log: newLog(), Now: time.Now, NewID: func() string { return "" }, TrustedProxies: []string{"nonsense"}}
	_, err = api.New(cfg)
	require.ErrorContains(t, err, "trusted proxies")
}

func TestSurveysWantAScore(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	p := s.ask(t, http.MethodPost, "/s/"+customer, `{"scores":{}}`).problem(t)
	require.Equal(t, "/scores", *p.Errors[0].Pointer)
	require.Equal(t, 202, s.ask(t, http.MethodPost, "/s/"+customer, `{"scores":{"result":4},"text":"好"}`).Code)
	require.Equal(t, 4, s.scores.Result)
	require.Equal(t, "好", s.said)
}

func TestFiguresHaveAPeriodThatEndsAfterItBegins(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	const path = "/api/v1/kpis/summary"
	require.Equal(t, 200, s.ask(t, http.MethodGet, path, "").Code, "without one it is the service's own")
	require.Equal(t, "invalid", s.ask(t, http.MethodGet, path+"?from=2026-11-02T00:00:00Z&until=2026-11-01T00:00:00Z", "").problem(t).Code)
	r := s.ask(t, http.MethodGet, path+"?from=2026-11-20T00:00:00Z&until=2026-12-01T00:00:00Z", "")
	require.Contains(t, r.Body.String(), `"key":"first_response_rate"`)
	require.Contains(t, r.Body.String(), "24小时首次响应率")
}

func TestCompanyDataIsPutByName(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	require.Equal(t, 204, s.ask(t, http.MethodPut, "/api/v1/departments/d-9", `{"name_zh":"售后","name_en":"E","supervising":"d-1","disabled":true}`).Code)
	require.Equal(t, models.Department{ID: "d-9", NameZH: "售后", NameEN: "E", Supervising: "d-1", DisabledAt: &noon}, s.put)
	require.Equal(t, 204, s.ask(t, http.MethodPut, "/api/v1/people/p-9", bodies["PutPerson"]).Code)
	require.Equal(t, models.Person{ID: "p-9", Name: "N", Roles: []models.Role{"handler"}, Departments: []string{"d-1"}}, s.put)
	require.Equal(t, 204, s.ask(t, http.MethodPut, "/api/v1/categories/k-9", `{"name_zh":"质量","name_en":"E","parent":"k-1"}`).Code)
	require.Equal(t, models.Category{ID: "k-9", NameZH: "质量", NameEN: "E", Parent: "k-1"}, s.put)
	require.Contains(t, s.ask(t, http.MethodGet, "/api/v1/me", "").Body.String(), `"roles":["supervisor"]`)
}
