package api_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/gin-gonic/gin"
	"github.com/stretchr/testify/require"

	"recourse/models"
)

// aboutTheDoor are addresses that are in no contract.
var aboutTheDoor = []string{
	"GET /openapi.json", "GET /docs", "GET /docs/start.js", "GET /docs/swagger-ui-bundle.js", "GET /docs/swagger-ui.css", "GET /docs/errors",
}

func TestTheRoutesAreTheContractsAndNoOther(t *testing.T) {
	t.Parallel()
	doc, err := contract()
	require.NoError(t, err)
	want := slices.Clone(aboutTheDoor)
	for path, item := range doc.Paths.Map() {
		for method := range item.Operations() {
			want = append(want, method+" "+path)
		}
	}
	var got []string
	engine, is := newStand(t).handler.(*gin.Engine)
	require.True(t, is)
	for _, route := range engine.Routes() {
		parts := strings.Split(route.Path, "/")
		for i, p := range parts {
			if name, is := strings.CutPrefix(p, ":"); is {
				parts[i] = "{" + name + "}"
			}
		}
		got = append(got, route.Method+" "+strings.Join(parts, "/"))
	}
	require.ElementsMatch(t, want, got)
}

func TestEveryOperationAnswersAsTheContractSays(t *testing.T) {
	t.Parallel()
	for _, o := range operations(t) {
		t.Run(o.id, func(t *testing.T) {
			t.Parallel()
			s := newStand(t)
			s.health.Ready = true
			r := s.ask(t, o.method, o.target, o.body) // ask holds it against the contract
			require.Less(t, r.Code, 300, r.Body)
			require.Equal(t, "nosniff", r.Header().Get("X-Content-Type-Options"))
			require.Equal(t, "no-referrer", r.Header().Get("Referrer-Policy"))
			require.Contains(t, r.Header().Get("Content-Security-Policy"), "frame-ancestors 'none'")
			require.Equal(t, "req-1", r.Header().Get("X-Request-Id"))
		})
	}
}

func TestEveryCodeIsAnsweredAsTheContractSays(t *testing.T) {
	t.Parallel()
	for _, o := range operations(t) {
		for _, code := range models.Codes() {
			s := newStand(t)
			s.refuse = &models.Error{Code: code, Message: "because", Field: "/text", State: models.StateClosed, Possible: []models.Verb{models.VerbReopen}}
			r := s.ask(t, o.method, o.target, o.body)
			if o.id == "Alive" || o.id == "Ready" || o.id == "ShowMe" || o.id == "ListKPIs" || o.id == "ListExtracts" { // these ask nobody
				continue
			}
			p := r.problem(t)
			require.Equal(t, string(code), p.Code, o.id)
			require.GreaterOrEqual(t, p.Status, 400)
			require.Equal(t, "req-1", p.RequestID)
			if code == models.CodeInternal {
				require.Empty(t, p.Detail, "what is internal is shown to nobody")
				continue
			}
			require.Equal(t, "because", p.Detail)
			require.Equal(t, "/text", *p.Errors[0].Pointer)
			require.Equal(t, []string{"reopen"}, p.Possible)
		}
	}
}

// The statuses are written down a second time on purpose: programs rely on them.
func TestStatusesOfCodes(t *testing.T) {
	t.Parallel()
	want := map[models.Code]int{
		"invalid": 422, "malformed": 400, "too_large": 413, "unauthorized": 401, "forbidden": 403, "not_found": 404,
		"unlawful": 409, "conflict": 409, "stale": 412, "key_missing": 400, "key_reused": 422, "in_flight": 409, "gone": 410,
		"too_many": 429, "unavailable": 503, "outcome_unknown": 503, "diverged": 409, "internal": 500,
	}
	require.Len(t, want, len(models.Codes()))
	for _, code := range models.Codes() {
		s := newStand(t)
		s.refuse = models.Refuse(code, "because")
		r := s.ask(t, http.MethodGet, "/api/v1/complaints", "")
		require.Equal(t, want[code], r.Code, code)
		retry := slices.Contains([]models.Code{"unavailable", "outcome_unknown", "in_flight", "too_many"}, code)
		require.Equal(t, retry, r.Header().Get("Retry-After") != "", code)
	}
}

// The contract's closed sets and the models' are one vocabulary.
func TestClosedSetsAreTheModels(t *testing.T) {
	t.Parallel()
	doc, err := contract()
	require.NoError(t, err)
	sets := map[string][]string{
		"State": plain(models.States()), "Severity": plain(models.Severities()), "Nature": plain(models.Natures()),
		"Attribution": plain(models.Attributions()), "Cause": plain(models.Causes()), "Channel": plain(models.Channels()),
		"Outcome": plain(models.Outcomes()), "CallbackOutcome": plain(models.CallbackOutcomes()),
		"Language": plain(models.Languages()), "Role": plain(models.Roles()), "GapKind": plain(models.GapKinds()), "Code": plain(models.Codes()),
	}
	for name, want := range sets {
		var got []string
		for _, v := range doc.Components.Schemas[name].Value.Enum {
			got = append(got, v.(string))
		}
		require.Equal(t, want, got, name)
	}
}

func plain[T ~string](set []T) []string {
	words := make([]string, len(set))
	for i, v := range set {
		words[i] = string(v)
	}
	return words
}

// Every verb of the law that a person uses has its path, and no path names a verb that is none.
func TestEveryVerbHasItsPath(t *testing.T) {
	t.Parallel()
	doc, err := contract()
	require.NoError(t, err)
	onAlerts := []models.Verb{models.VerbAcknowledge, models.VerbSnooze, models.VerbHandOver}
	byLink := []models.Verb{models.VerbConfirm, models.VerbNotSolved, models.VerbAnswerSurvey, models.VerbReschedule}
	for _, v := range models.Verbs() {
		if v == models.VerbOpen || slices.Contains(onAlerts, v) || slices.Contains(byLink, v) {
			continue
		}
		item := doc.Paths.Value("/api/v1/complaints/{number}/" + string(v))
		require.NotNil(t, item, v)
		require.NotNil(t, item.Post, v)
	}
}

// Requests are judged by the 3.0 validator, so the contract must not say what only 3.1 can.
func TestTheContractSaysNothingThatTheFastValidatorCannotJudge(t *testing.T) {
	t.Parallel()
	doc, err := contract()
	require.NoError(t, err)
	require.Equal(t, "3.1.0", doc.OpenAPI)
	for name, s := range doc.Components.Schemas {
		require.NoError(t, openapi3.NewSchemaRef("", s.Value).WalkSubtree(func(_ string, at *openapi3.SchemaRef) error {
			v := at.Value
			require.LessOrEqual(t, len(v.Type.Slice()), 1, name)
			require.Nil(t, v.Const, name)
			require.Empty(t, v.PrefixItems, name)
			require.Nil(t, v.Contains, name)
			require.Empty(t, v.PatternProperties, name)
			require.Empty(t, v.DependentRequired, name)
			require.Empty(t, v.DependentSchemas, name)
			require.Nil(t, v.PropertyNames, name)
			require.Nil(t, v.If, name)
			require.False(t, v.ExclusiveMin.IsSet() || v.ExclusiveMax.IsSet(), name)
			return nil
		}))
	}
}

// A body with a field too many is refused everywhere, so that a misspelt one is noticed.
func TestUnknownFieldsAreRefused(t *testing.T) {
	t.Parallel()
	for _, o := range operations(t) {
		if !strings.HasPrefix(o.body, "{") { // none, or a form, which has a table of its own
			continue
		}
		body := strings.Replace(o.body, "{", `{"surprise":1,`, 1)
		body = strings.Replace(body, ",}", "}", 1)
		p := newStand(t).ask(t, o.method, o.target, body).problem(t)
		require.Equal(t, "invalid", p.Code, o.id)
		require.Contains(t, p.Errors[0].Detail, "surprise", o.id)
	}
}

func TestTheContractIsServed(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	r := s.ask(t, http.MethodGet, "/openapi.json", "", with{"Authorization": ""})
	require.Equal(t, http.StatusOK, r.Code)
	served, err := openapi3.NewLoader().LoadFromData(r.Body.Bytes())
	require.NoError(t, err)
	require.Equal(t, "3.1.0", served.OpenAPI)
	require.True(t, json.Valid(r.Body.Bytes()))
}

func TestDocsLoadNothingFromOutside(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	for _, address := range aboutTheDoor {
		_, path, _ := strings.Cut(address, " ")
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		require.Equal(t, http.StatusOK, w.Code, path)
		require.NotEmpty(t, w.Body.Bytes(), path)
	}
	for _, path := range []string{"/docs", "/docs/start.js", "/docs/errors"} {
		r := s.ask(t, http.MethodGet, path, "")
		require.NotContains(t, r.Body.String(), "http://")
		require.NotContains(t, r.Body.String(), "https://")
	}
	require.Contains(t, s.ask(t, http.MethodGet, "/docs", "").Header().Get("Content-Security-Policy"), "connect-src 'self'")
	errors := s.ask(t, http.MethodGet, "/docs/errors", "").Body.String()
	for _, code := range models.Codes() {
		require.Contains(t, errors, `id="`+string(code)+`"`)
	}
}
