package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/stretchr/testify/require"

	"recourse/api"
	"recourse/internal/extract"
	"recourse/internal/policies"
)

// stand is a door with a neighbour behind it, and what it logged and observed.
type stand struct {
	*neighbour
	handler  http.Handler
	log      *bytes.Buffer
	observed []string
	now      time.Time
}

func newStand(tb testing.TB, change ...func(*api.Config)) *stand {
	tb.Helper()
	s := &stand{neighbour: &neighbour{}, log: &bytes.Buffer{}, now: noon}
	cfg := api.Config{
		Cases: s.neighbour, Figures: s.neighbour, Reports: reporting{s.neighbour}, Extracts: noExtracts(s.neighbour), Log: slog.New(slog.NewTextHandler(s.log, nil)), Now: func() time.Time { return s.now },
		NewID: func() string { return "req-1" }, CustomerRate: 1000, CustomerBurst: 10_000,
		Observe: func(route, method string, status int, _ time.Duration) {
			s.observed = append(s.observed, method+" "+route+" "+http.StatusText(status))
		},
	}
	for _, c := range change {
		c(&cfg)
	}
	handler, err := api.New(cfg)
	require.NoError(tb, err)
	s.handler = handler
	return s
}

// noExtracts is a record for extracts under which every hour counts.
func noExtracts(n *neighbour) extract.Source {
	return extract.Source{Record: n, Past: func(context.Context, string, ...string) (extract.Past, error) { return policies.Past{}, nil }}
}

// problem is what a refused caller reads.
type problem struct {
	Type, Title, Detail, Instance, Code, State string
	Status                                     int
	RequestID                                  string `json:"request_id"`
	Possible                                   []string
	Errors                                     []struct {
		Pointer           *string
		Parameter, Detail string
	}
}

// a reply is an answer that was held against the contract.
type reply struct {
	*httptest.ResponseRecorder
}

func (r reply) problem(t *testing.T) problem {
	t.Helper()
	require.Equal(t, "application/problem+json", r.Header().Get("Content-Type"), r.Body.String())
	var p problem
	require.NoError(t, json.Unmarshal(r.Body.Bytes(), &p))
	require.Equal(t, r.Code, p.Status)
	require.Equal(t, "/docs/errors#"+p.Code, p.Type)
	return p
}

// with are headers in pairs; an empty value takes a header away.
type with map[string]string

// ask sends a request as a careful client would, and holds the answer against the contract.
func (s *stand) ask(t *testing.T, method, target, body string, headers ...with) reply {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+token)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if boundary, is := strings.CutPrefix(body, "--"); is {
		boundary, _, _ = strings.Cut(boundary, "\r\n")
		r.Header.Set("Content-Type", "multipart/form-data; boundary="+boundary)
	}
	if method == http.MethodPost {
		r.Header.Set("Idempotency-Key", "k-1")
	}
	for _, set := range headers {
		for name, value := range set {
			r.Header.Del(name)
			if value != "" {
				r.Header[http.CanonicalHeaderKey(name)] = []string{value}
			}
		}
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	held(t, r, w)
	return reply{w}
}

var contract = sync.OnceValues(func() (*openapi3.T, error) {
	for _, kind := range []string{"image/png", "text/html"} {
		openapi3filter.RegisterBodyDecoder(kind, openapi3filter.FileBodyDecoder)
	}
	return api.Contract()
})

// form is a multipart body with one part.
func form(boundary, field, name, kind, content string) string {
	head := fmt.Sprintf("--%s\r\nContent-Disposition: form-data; name=%q; filename=\"%s\"\r\n", boundary, field, name)
	if kind != "" {
		head += "Content-Type: " + kind + "\r\n"
	}
	return head + "\r\n" + content + "\r\n--" + boundary + "--\r\n"
}

// held fails unless the contract knows this answer at this address.
func held(t *testing.T, r *http.Request, w *httptest.ResponseRecorder) {
	t.Helper()
	doc, err := contract()
	require.NoError(t, err)
	path, item, params := find(doc, r.URL)
	if item == nil || item.GetOperation(r.Method) == nil {
		return // not in the contract
	}
	err = openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{
			Request: r, PathParams: params,
			Route: &routers.Route{Spec: doc, Path: path, PathItem: item, Method: r.Method, Operation: item.GetOperation(r.Method)},
		},
		Status: w.Code, Header: w.Header(), Body: io.NopCloser(bytes.NewReader(w.Body.Bytes())),
		Options: &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true},
	})
	require.NoError(t, err, "%s %s: %s", r.Method, r.URL, w.Body)
}

// find looks an address up in the contract: one written down goes before one that a parameter fits.
func find(doc *openapi3.T, at *url.URL) (string, *openapi3.PathItem, map[string]string) {
	if item := doc.Paths.Value(at.EscapedPath()); item != nil {
		return at.EscapedPath(), item, map[string]string{}
	}
	got := strings.Split(at.EscapedPath(), "/")
	for path, item := range doc.Paths.Map() {
		want := strings.Split(path, "/")
		if len(want) != len(got) {
			continue
		}
		params, fits := map[string]string{}, true
		for i, w := range want {
			if strings.HasPrefix(w, "{") {
				params[strings.Trim(w, "{}")] = got[i]
			} else if w != got[i] {
				fits = false
			}
		}
		if fits {
			return path, item, params
		}
	}
	return "", nil, nil
}

// bodies are the smallest lawful body of every operation that takes one, with every text filled in.
var bodies = map[string]string{
	"OpenComplaint": `{"channel":"email","text":"T","contact":{"name":"N","phone":"123","email":"a@b","external_id":"E","address":"A","second":{"name":"S","phone":"456"}},
		"region":"R","product":"P","model":"M","receipt_evidence":"V","answer":"W","zone":"Asia/Shanghai","category":"k-1","received_at":"2026-11-20T08:00:00+08:00",
		"particulars":{"happened":"H","serial":"S","order_number":"O","symptom":"Y","remedy":"R","purchase_date":"2026-01-31"}}`,
	"FindDuplicates":   `{"channel":"email","text":"T","contact":{"phone":"123456"},"product":"P"}`,
	"Unmask":           `{"reason":"R"}`,
	"EraseCustomer":    `{}`,
	"HoldCustomer":     `{"reason":"R"}`,
	"ReleaseCustomer":  `{"reason":"R"}`,
	"MergeCustomer":    `{"into":"cu-2","reason":"R"}`,
	"UploadAttachment": form("B", "file", "漏水.png", "image/png", "png"),
	"Dispatch":         `{"department":"d-1","objective":"O","facts":"F"}`,
	"Accept":           `{}`,
	"Reply":            `{"channel":"phone","text":"T"}`,
	"LogContact":       `{"channel":"phone","direction":"out","held":true,"text":"T"}`,
	"Note":             `{"audience":"internal","text":"T"}`,
	"Message":          `{"channel":"email","text":"T"}`,
	"Propose":          `{"solution":"S","minutes":"M","measures":[{"text":"T","owner":"d-1","due":"2026-12-01T00:00:00Z"}]}`,
	"Approve":          `{"reason":"R"}`,
	"Reject":           `{"reason":"R"}`,
	"TellSolution":     `{"channel":"phone","text":"T"}`,
	"Resolve":          `{"measures_done":true,"result":"R","outcome":"upheld"}`,
	"TellResult":       `{"channel":"phone","text":"T","done":true,"effect":true,"follow_up":true,"thanks":true}`,
	"RecordCallback":   `{"outcome":"reached_solved","scores":{"result":5,"recommend":0},"text":"T"}`,
	"Close":            `{"reason":"R"}`,
	"Rework":           `{"reason":"R"}`,
	"Reopen":           `{"reason":"R"}`,
	"Archive":          `{}`,
	"ArchiveEarly":     `{"reason":"R"}`,
	"Decide":           `{"request":5,"granted":true,"reason":"R"}`,
	"Acknowledge":      `{}`,
	"Snooze":           `{"until":"2026-12-01T00:00:00Z","reason":"R"}`,
	"HandOver":         `{"person":"p-2","reason":"R"}`,
	"PutDepartment":    `{"name_zh":"售后","name_en":"E"}`,
	"PutPerson":        `{"name":"N","roles":["handler"],"departments":["d-1"]}`,
	"PutCategory":      `{"name_zh":"质量","name_en":"E"}`,
	"Confirm":          `{"text":"T"}`,
	"NotSolved":        `{"text":"T"}`,
	"SendMessage":      `{"text":"T"}`,
	"Settle":           `{"channel":"phone","text":"T","result":"R","outcome":"upheld","department":"d-1","nature":"customer"}`,
	"Return":           `{"reason":"R"}`,
	"Recall":           `{"reason":"R"}`,
	"Transfer":         `{"department":"d-1","reason":"R","objective":"O"}`,
	"Retract":          `{"reason":"R"}`,
	"Assign":           `{"person":"p-1"}`,
	"GiveTask":         `{"department":"d-1","due":"2026-12-01T00:00:00Z","text":"T"}`,
	"FinishTask":       `{"text":"T"}`,
	"CancelTask":       `{"reason":"R"}`,
	"ImmediateMeasure": `{"text":"T"}`,
	"TellProgress":     `{"channel":"phone","text":"T"}`,
	"TellInterim":      `{"channel":"phone","until":"2026-12-01T00:00:00Z","text":"T"}`,
	"PromiseContact":   `{"at":"2026-12-01T00:00:00Z"}`,
	"Pause":            `{"waiting_for":"waiting_for_customer","until":"2026-12-01T00:00:00Z","reason":"R"}`,
	"Resume":           `{}`,
	"Extend":           `{"until":"2026-12-01T00:00:00Z","reason":"R"}`,
	"LowerSeverity":    `{"severity":"general","reason":"R"}`,
	"LongPause":        `{"waiting_for":"waiting_for_others","until":"2026-12-01T00:00:00Z","reason":"R"}`,
	"Compensate":       `{"money":{"minor":100,"currency":"CNY","kind":"refund"},"reason":"R"}`,
	"NotAccept":        `{"reason":"R"}`,
	"Reclassify":       `{"cause":"process","reason":"R"}`,
	"Urge":             `{"channel":"phone","text":"T"}`,
	"Supervise":        `{"report_due":"2026-12-01T00:00:00Z","reason":"R"}`,
	"Report":           `{"text":"T"}`,
	"Amend":            `{"region":"R","product":"P","model":"M","text":"T","reason":"R","contact":{"name":"N","phone":"123","email":"a@b","external_id":"E","address":"A","second":{"name":"S","phone":"456"}}}`,
	"Void":             `{"entry":2,"reason":"R"}`,
	"Attach":           `{"attachments":["f-1"]}`,
	"Restrict":         `{"circle":["p-1"],"named":["p-2"],"reason":"R"}`,
	"Withdraw":         `{"text":"T"}`,
	"Merge":            `{"into":"RC2026-0000017","reason":"R"}`,
	"Unmerge":          `{"reason":"R"}`,
	"Link":             `{"other":"RC2026-0000017","relation":"related"}`,
	"WithdrawByLink":   `{"text":"T"}`,
	"RescheduleByLink": `{"to":"2026-12-01T00:00:00Z"}`,
	"AnswerSurvey":     `{"scores":{"result":1},"text":"T"}`,
	"PutRoster":        `{"role":"executive","reason":"R","roster":{"zone":"UTC","start":"2026-11-23","hand_over":"09:00","turn_days":7,"people":["p-1"],"swaps":[{"from":"2026-12-01T00:00:00Z","until":"2026-12-02T00:00:00Z","person":"p-1"}]}}`,
	"PutTeam":          `{"department":"d-1","name_zh":"北","name_en":"N"}`,
	"PutAbsences":      `{"items":[{"from":"2026-12-01T08:00:00+08:00","until":"2026-12-02T00:00:00Z","reason":"R"}]}`,
	"Leave":            `{"successor":"p-2"}`,
	"PutDispatchTable": `{"reason":"R","table":{"rules":[{"name":"N","match":{"category":"k-1","product":"P*","channel":"phone"},"department":"d-1","team":"t-1",
		"auto":true,"examples":[{"facts":{"category":"k-1"}}]}],"fallback":{"department":"d-1"}}}`,
	"TryDispatch": `{"category":"k-1","language":"en"}`,
	"PreviewAdjustment": `{"kind":"later","later":"1d working","clocks":["handling"],"policy":"policy-3","grace":"4h","until":"2026-12-01T00:00:00Z","tell":true,"reason":"R",
		"filter":{"channels":["phone"],"regions":["R"],"departments":["d-1"],"categories":["k-1"],"products":["P"],"severities":["urgent"]}}`,
	"PreviewTemplate": `{"subject":"{{.Number}}","body":"{{.StatusURL}}"}`,
	"PublishTemplate": `{"words":{"subject":"{{.Number}}","body":"{{.StatusURL}}"},"reason":"R","if_version":2}`,
	"TryPolicy":       `{"document":"clocks: {}"}`,
	"ImportDays":      `{"calendar":"working","content":"date,name","name":"days.csv","known_until":"2027-12-31","document":"clocks: {}"}`,
	"PublishPolicy":   `{"document":"clocks: {}","reason":"R","effective_at":"2026-12-01T00:00:00Z","after":"policy-2"}`,
	"AddEndpoint":     `{"name":"N","channel":"webhook","url":"https://hooks.example.com/in","secret":"whsec_x","department":"d-1","language":"en","severities":["urgent"],"per_minute":0,"confidential":true,"disabled":true}`,
	"ChangeEndpoint":  `{"name":"N","url":"https://hooks.example.com/in","department":"d-1","language":"en","severities":["urgent"],"per_minute":7,"confidential":true,"disabled":true,"if_changed_at":"2026-12-01T00:00:00Z"}`,
	"TestEndpoint":    `{"to":"123"}`,
	"MakeReport":      `{"step":"quarter","day":"2026-08-01"}`,
	"RestateReport":   `{"reason":"R"}`,
	"RotateSecret":    `{"secret":"whsec_y","keep_hours":48}`,
}

// asking is what an operation must be asked with beside its path.
var asking = map[string]string{
	"PrintLetter": "?kind=receipt", "ShowSummary": "?from=2026-11-01T00:00:00Z&until=2026-12-01T00:00:00Z",
	"ShowOnDuty": "?role=executive&department=d-1&at=2026-12-01T00:00:00Z", "Search": "?q=" + url.QueryEscape("漏电"),
	"ShowBreakdown": "?by=severity&by=channel", "DownloadExtract": "?by=severity&format=xlsx", "ShowDistribution": "?kpi=resolution_time", "ListFigureCases": "?kpi=first_response_rate",
	"ShowPareto": "?kpi=received&by=channel", "ShowCorrelation": "?x=resolution_time&y=csat",
}

// an operation of the contract, with an address and a body that it takes.
type operation struct{ id, method, target, body string }

func operations(t *testing.T) []operation {
	t.Helper()
	doc, err := contract()
	require.NoError(t, err)
	fill := strings.NewReplacer("{number}", number, "{id}", "x-1", "{token}", customer, "{version}", "policy-3", "{name}", "receipt", "{medium}", "sms", "{language}", "en", "{table}", "breakdown", "{topic}", "report")
	var all []operation
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			o := operation{op.OperationID, method, fill.Replace(path), bodies[op.OperationID]}
			require.Equal(t, op.RequestBody != nil, o.body != "", "a body for %s", o.id)
			o.target += asking[o.id]
			all = append(all, o)
		}
	}
	return all
}

func newLog() *slog.Logger { return slog.New(slog.DiscardHandler) }
