package api_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"recourse/api"
	"recourse/internal/cases"
	"recourse/models"
)

const complaints = "/api/v1/complaints"

func TestAComplaintReachesTheCases(t *testing.T) {
	t.Parallel()
	s := newStand(t, func(c *api.Config) { c.PublicURL = "https://recourse.example" })
	r := s.ask(t, http.MethodPost, complaints, bodies["OpenComplaint"])
	require.Equal(t, http.StatusCreated, r.Code)
	require.Equal(t, "/api/v1/complaints/"+number, r.Header().Get("Location"))
	require.Contains(t, r.Body.String(), `"status_url":"https://recourse.example/t/`+customer+`"`)
	require.Empty(t, r.Header().Values("Idempotent-Replayed"))

	require.Equal(t, "POST /complaints", s.call.Route)
	require.Equal(t, "k-1", s.call.Key)
	require.Len(t, s.call.Body, 32)
	require.Equal(t, "p-1", s.call.Actor.ID)
	require.Equal(t, "T", s.opened.Text)
	require.Equal(t, models.Contact{Name: "N", Phone: "123", Email: "a@b", ExternalID: "E", Address: "A", Second: &models.SecondContact{Name: "S", Phone: "456"}}, s.opened.Contact)
	require.True(t, s.opened.Opened.Answered)
	require.Equal(t, time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC), s.opened.Opened.ReceivedAt)
	require.Equal(t, "2026-01-31", s.opened.Particulars.PurchaseDate)
}

func TestAVerbReachesTheCases(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	r := s.ask(t, http.MethodPost, complaints+"/"+number+"/propose", bodies["Propose"], with{"If-Match": `"v6"`})
	require.Equal(t, http.StatusOK, r.Code, r.Body)
	require.Equal(t, `"v7"`, r.Header().Get("ETag"))
	require.Equal(t, number, s.number)
	require.Equal(t, "POST /complaints/"+number+"/propose", s.call.Route, "one key for two cases is two wishes")
	require.Equal(t, models.VerbPropose, s.wish.Verb)
	require.Equal(t, map[string]string{"solution": "S", "minutes": "M", "measure.0": "T"}, s.wish.Words)
	require.EqualValues(t, 6, s.wish.IfSeq)
	require.True(t, s.wish.HappenedAt.IsZero())
	require.Equal(t, "d-1", s.wish.Data.(models.Proposed).Measures[0].Owner)
}

func TestEveryVerbSendsItsOwnKind(t *testing.T) {
	t.Parallel()
	for _, o := range operations(t) {
		_, verb, is := strings.Cut(o.target, number+"/")
		if !is || o.method != http.MethodPost || !slices.Contains(models.Verbs(), models.Verb(verb)) {
			continue
		}
		s := newStand(t)
		body := strings.Replace(o.body, "{", `{"happened_at":"2026-11-20T10:00:00+08:00",`, 1)
		r := s.ask(t, o.method, o.target, strings.Replace(body, ",}", "}", 1))
		require.Equal(t, http.StatusOK, r.Code, r.Body)
		require.Equal(t, models.Verb(verb), s.wish.Verb)
		require.NotNil(t, s.wish.Data, verb)
		require.Equal(t, noon.Add(-10*time.Hour), s.wish.HappenedAt, verb)
		for _, word := range []string{"text", "reason", "result", "objective", "facts", "solution", "minutes"} {
			require.Equal(t, strings.Contains(o.body, `"`+word+`":"`) && !strings.Contains(o.body, `[{"`+word), s.wish.Words[word] != "", "%s %s", verb, word)
		}
	}
}

func TestAZeroScoreOfRecommendationIsAnAnswer(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	s.ask(t, http.MethodPost, complaints+"/"+number+"/record_callback", bodies["RecordCallback"])
	scores := s.wish.Data.(models.CallbackRecorded).Scores
	require.NotNil(t, scores.Recommend)
	require.Zero(t, *scores.Recommend)
	require.Equal(t, 5, scores.Result)

	s.ask(t, http.MethodPost, complaints+"/"+number+"/record_callback", `{"outcome":"no_answer"}`)
	require.Nil(t, s.wish.Data.(models.CallbackRecorded).Scores)
}

func TestNumbersOnTheTimelineKeepTheirDigits(t *testing.T) {
	t.Parallel()
	r := newStand(t).ask(t, http.MethodGet, complaints+"/"+number+"/timeline", "")
	require.Contains(t, r.Body.String(), `"request":9007199254740993`)
}

func TestBadBodiesAreRefusedByName(t *testing.T) {
	t.Parallel()
	const invalid, malformed = "invalid", "malformed"
	tests := map[string]struct {
		body, code, pointer, says string
	}{
		"nothing":                       {"", malformed, "", "there is no body"},
		"no JSON":                       {"{", malformed, "", "this is not JSON"},
		"not an object":                 {`[]`, invalid, "", "value must be an object"},
		"null":                          {`null`, invalid, "", ""},
		"two faults are both named":     {`{"channel":"pigeon"}`, invalid, "/channel", "(and 1 more)"},
		"a missing field":               {`{"channel":"phone"}`, invalid, "/text", "missing"},
		"a field of the wrong type":     {`{"channel":"phone","text":5}`, invalid, "/text", "string"},
		"a null for a text":             {`{"channel":"phone","text":null}`, invalid, "/text", ""},
		"an empty text":                 {`{"channel":"phone","text":""}`, invalid, "/text", "/text: must not be blank"},
		"a blank text":                  {`{"channel":"phone","text":" \n "}`, invalid, "/text", "/text: must not be blank"},
		"a text too long":               {`{"channel":"phone","text":"` + strings.Repeat("长", 20_001) + `"}`, invalid, "/text", "maximum string length is 20000"},
		"an unknown value":              {`{"channel":"phone","text":"a","severity":"dire"}`, invalid, "/severity", "allowed values"},
		"an unknown field":              {`{"channel":"phone","text":"a","sevrity":"urgent"}`, invalid, "/sevrity", "is unsupported"},
		"an unknown field inside":       {`{"channel":"phone","text":"a","contact":{"phone":"123","fax":"1"}}`, invalid, "/contact/fax", "is unsupported"},
		"a key in another case":         {`{"channel":"phone","Text":"a","text":"b"}`, invalid, "", "Text"},
		"a phone without digits":        {`{"channel":"phone","text":"a","contact":{"phone":"none"}}`, invalid, "/contact/phone", "at least three digits"},
		"no instant":                    {`{"channel":"email","text":"a","received_at":"yesterday"}`, invalid, "/received_at", ""},
		"an instant without a zone":     {`{"channel":"email","text":"a","received_at":"2026-11-20T08:00:00"}`, invalid, "/received_at", ""},
		"a year that nobody lived in":   {`{"channel":"email","text":"a","received_at":"9999-12-31T23:59:59-23:59"}`, invalid, "/received_at", ""},
		"the 30th of February":          {`{"channel":"email","text":"a","received_at":"2026-02-30T08:00:00Z"}`, invalid, "/received_at", "must be an instant"},
		"a leap second":                 {`{"channel":"email","text":"a","received_at":"2016-12-31T23:59:60Z"}`, invalid, "/received_at", "must be an instant"},
		"a comma in the seconds":        {`{"channel":"email","text":"a","received_at":"2026-11-20T08:00:00,5Z"}`, invalid, "/received_at", "must be an instant"},
		"an offset of four days":        {`{"channel":"email","text":"a","received_at":"2026-11-20T08:00:00+99:00"}`, invalid, "/received_at", "must be an instant"},
		"the 31st of April":             {`{"channel":"email","text":"a","particulars":{"purchase_date":"2026-04-31"}}`, invalid, "/particulars/purchase_date", "must be a day"},
		"a zone that nobody knows":      {`{"channel":"email","text":"a","zone":"Mars/Olympus"}`, invalid, "/zone", "IANA"},
		"the machine's own zone":        {`{"channel":"email","text":"a","zone":"Local"}`, invalid, "/zone", "IANA"},
		"a duplicate key":               {`{"channel":"phone","text":"a","text":"b"}`, malformed, "/text", "duplicate key at /text"},
		"a NUL":                         {`{"channel":"phone","text":"a\u0000"}`, malformed, "/text", "NUL"},
		"half a surrogate pair":         {`{"channel":"phone","text":"\ud800"}`, malformed, "/text", "surrogate"},
		"invalid UTF-8":                 {"{\"channel\":\"phone\",\"text\":\"\xff\"}", malformed, "", "invalid UTF-8"},
		"too deep":                      {strings.Repeat("[", 40) + strings.Repeat("]", 40), malformed, strings.Repeat("/0", 32), "levels"},
		"too large":                     {`{"text":"` + strings.Repeat("a", 1<<20) + `"}`, "too_large", "", "1048576"},
		"a number out of any range":     {`{"channel":"phone","text":1e999999}`, invalid, "/text", ""},
		"a contact that is a list":      {`{"channel":"phone","text":"a","contact":[]}`, invalid, "/contact", ""},
		"a pointer that needs escaping": {`{"channel":"phone","text":"a","contact":{"a/b~c":1}}`, invalid, "/contact/a~1b~0c", "is unsupported"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStand(t)
			p := s.ask(t, http.MethodPost, complaints, test.body, with{"Content-Type": "application/json"}).problem(t)
			require.Equal(t, test.code, p.Code, p.Detail)
			require.Contains(t, p.Detail, test.says)
			if test.pointer != "" {
				require.NotEmpty(t, p.Errors)
				require.Equal(t, test.pointer, *p.Errors[0].Pointer)
			}
			require.Empty(t, s.call.Key, "nothing was asked")
		})
	}
}

func TestNumbersAreJudgedByTheContract(t *testing.T) {
	t.Parallel()
	for _, attempt := range []string{"0", "-1", "1.5", "1001", "1e400", "99999999999999999999", `"1"`, "true", "null"} {
		r := newStand(t).ask(t, http.MethodPost, complaints+"/"+number+"/record_callback", `{"outcome":"no_answer","attempt":`+attempt+`}`)
		require.Contains(t, []int{400, 422}, r.Code, "%s: %s", attempt, r.Body)
	}
	for _, request := range []string{"9223372036854775808", "9007199254740992", "1e30"} {
		r := newStand(t).ask(t, http.MethodPost, complaints+"/"+number+"/decide", `{"granted":true,"reason":"R","request":`+request+`}`)
		require.Contains(t, []int{400, 422}, r.Code, "%s: %s", request, r.Body)
	}
}

func TestABodyIsCalledJSON(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]int{
		"application/json": 201, "application/json; charset=utf-8": 201, "": 400, "text/plain": 400, "application/xml": 400,
		"application/jsonp": 400, "multipart/form-data; boundary=x": 400, ";": 400,
	} {
		r := newStand(t).ask(t, http.MethodPost, complaints, bodies["OpenComplaint"], with{"Content-Type": kind})
		require.Equal(t, want, r.Code, "%q %s", kind, r.Body)
	}
}

func TestTheQueryIsJudgedByTheContract(t *testing.T) {
	t.Parallel()
	for query, code := range map[string]string{
		"state=received&state=closed&limit=200": "", "breached=false&number=" + number: "", "received_from=2026-11-01T00:00:00Z": "",
		"received_from=2026-11-01T00%3A00%3A00%2B08%3A00": "", "": "",
		"limit=0": "invalid", "limit=201": "invalid", "limit=ten": "invalid", "limit=1&limit=2": "invalid", "limit=": "invalid",
		"state=lost": "invalid", "sate=received": "invalid", "number=RC1": "invalid", "received_from=now": "invalid",
		"department=%20": "invalid", "cursor=%3Cscript%3E": "invalid", "breached=perhaps": "invalid",
		"department=%00": "malformed", "department=%ff": "malformed", "%00=1": "malformed", "a=%zz": "malformed", "a;b": "malformed",
	} {
		s := newStand(t)
		r := s.ask(t, http.MethodGet, complaints+"?"+query, "")
		if code == "" {
			require.Equal(t, http.StatusOK, r.Code, "%s %s", query, r.Body)
			continue
		}
		p := r.problem(t)
		require.Equal(t, code, p.Code, "%s %s", query, p.Detail)
	}
}

func TestFiltersReachTheCases(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	r := s.ask(t, http.MethodGet, complaints+"?state=received&state=closed&breached=false&limit=20&received_from=2026-11-01T00:00:00Z", "")
	require.Equal(t, []models.State{"received", "closed"}, s.query.States)
	require.False(t, *s.query.Breached)
	require.Nil(t, s.query.Sample)
	require.Equal(t, 20, s.query.Limit)
	require.True(t, s.query.ReceivedTo.IsZero())

	link := r.Header().Get("Link")
	require.Equal(t, `</api/v1/complaints?breached=false&cursor=bmV4dA&limit=20&received_from=2026-11-01T00%3A00%3A00Z&state=received&state=closed>; rel="next"`, link)
	target, _, _ := strings.Cut(strings.TrimPrefix(link, "<"), ">")
	s.ask(t, http.MethodGet, target, "")
	require.Equal(t, "bmV4dA", s.query.Cursor)
	require.Equal(t, []models.State{"received", "closed"}, s.query.States)
	require.Empty(t, s.ask(t, http.MethodGet, "/api/v1/inbox", "").Header().Values("Link"), "the last page links to none")
}

func TestWhatIsLookedForReachesTheCases(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	s.ask(t, http.MethodGet, complaints+"?q=%E6%BC%8F%E7%94%B5&state=closed", "")
	require.Equal(t, "漏电", s.query.Q)
	r := s.ask(t, http.MethodGet, complaints+"/count?q=kettle&breached=true", "")
	require.JSONEq(t, `{"count":7,"more":true}`, r.Body.String())
	require.Equal(t, "kettle", s.query.Q)
	require.True(t, *s.query.Breached)
	s.ask(t, http.MethodGet, "/api/v1/search?q=kettle", "")
	require.Equal(t, "kettle", s.asked)
	s.ask(t, http.MethodGet, "/api/v1/customers?phone=138%200013%208000", "")
	require.Equal(t, cases.CustomerQuery{Phone: "138 0013 8000"}, s.asked)
	s.ask(t, http.MethodPost, "/api/v1/customers/cu-1/merge", bodies["MergeCustomer"])
	require.Equal(t, "cu-1", s.asked)
	require.Equal(t, "cu-2 R", s.said)
}

func TestWhatCannotBeLookedForIsRefusedByItsParameter(t *testing.T) {
	t.Parallel()
	for target, name := range map[string]string{
		"/api/v1/search": "q", "/api/v1/search?q=": "q", "/api/v1/search?q=%20": "q", "/api/v1/search?q=" + strings.Repeat("x", 101): "q",
		"/api/v1/search?q=a&limit=0": "limit", "/api/v1/complaints/count?limit=5": "limit", "/api/v1/customers?phone=x": "phone",
		"/api/v1/customers?email=x": "email", "/api/v1/customers?surname=x": "surname",
	} {
		p := newStand(t).ask(t, http.MethodGet, target, "").problem(t)
		require.Equal(t, "invalid", p.Code, target)
		require.Equal(t, name, p.Errors[0].Parameter, target)
	}
	for _, target := range []string{"/api/v1/search?q=x", complaints + "?q=x", complaints + "/count?q=x"} {
		s := newStand(t)
		s.refuse = models.Invalid("/q", "too short")
		p := s.ask(t, http.MethodGet, target, "").problem(t)
		require.Equal(t, 422, p.Status)
		require.Equal(t, "q", p.Errors[0].Parameter)
		require.Nil(t, p.Errors[0].Pointer)
	}
}

func TestAnAddressThatCannotBeIsNotFound(t *testing.T) {
	t.Parallel()
	for _, path := range []string{
		"/", "/api", "/api/v1/complaints/", "/api/v1/complaints/RC2026-1", "/api/v1/complaints/" + number + "/delete",
		"/api/v1/complaints/..%2f..%2fetc%2fpasswd", "/api/v1/complaints/%00", "/api/v1/complaints/%ff", "/t/short", "/t/" + strings.Repeat("a", 300),
		"/docs/../openapi.yaml", "/metrics", "/API/V1/COMPLAINTS", "//api/v1/complaints",
	} {
		s := newStand(t)
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.URL.Path, r.URL.RawPath = "", ""
		r.URL.Opaque = ""
		parsed, err := r.URL.Parse(path)
		require.NoError(t, err)
		if strings.HasPrefix(path, "//") || strings.Contains(path, "..") {
			parsed = r.URL
			parsed.Path = path
		}
		r.URL = parsed
		r.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, r)
		require.Contains(t, []int{400, 404}, w.Code, "%s %s", path, w.Body)
		require.Equal(t, "application/problem+json", w.Header().Get("Content-Type"), path)
	}
	require.Equal(t, 404, newStand(t).ask(t, http.MethodDelete, complaints, "").Code)
}

// texts are the places of a schema where a text may stand, as paths of keys.
func texts(at *openapi3.Schema, path []string) [][]string {
	switch {
	case at.Type.Is(openapi3.TypeString) && len(at.Enum) == 0:
		return [][]string{path}
	case at.Type.Is(openapi3.TypeArray):
		return texts(at.Items.Value, append(slices.Clip(path), "0"))
	}
	var all [][]string
	for name, p := range at.Properties {
		all = append(all, texts(p.Value, append(slices.Clip(path), name))...)
	}
	return all
}

// put puts a text into a decoded body, making what is missing on the way.
func put(tree any, path []string, text string) any {
	if len(path) == 0 {
		return text
	}
	if path[0] == "0" {
		list, _ := tree.([]any)
		if len(list) == 0 {
			list = []any{nil}
		}
		list[0] = put(list[0], path[1:], text)
		return list
	}
	object, _ := tree.(map[string]any)
	if object == nil {
		object = map[string]any{}
	}
	object[path[0]] = put(object[path[0]], path[1:], text)
	return object
}

func TestNaughtyStringsHarmNobody(t *testing.T) {
	t.Parallel()
	const file = "../../shared/data/naughty-strings/blns.json"
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Skipf("NOT TESTED: there are no naughty strings at %s", file)
	}
	var naughty []string
	require.NoError(t, json.Unmarshal(raw, &naughty))
	require.Greater(t, len(naughty), 500)
	doc, err := contract()
	require.NoError(t, err)
	s := newStand(t)
	tried, taken := 0, 0
	for _, o := range operations(t) {
		if o.body == "" {
			continue
		}
		path, item, _ := find(doc, httptest.NewRequest(http.MethodGet, o.target, nil).URL)
		require.NotEmpty(t, path)
		body := item.GetOperation(o.method).RequestBody.Value.Content["application/json"]
		if body == nil {
			continue // an upload; its name and bytes have tests of their own
		}
		schema := body.Schema.Value
		for _, place := range texts(schema, nil) {
			for _, text := range naughty {
				status := naughtyRequest(t, s, o, place, text)
				require.Less(t, status, 500, "%s %v %q", o.id, place, text)
				tried++
				if status < 300 {
					taken++
				}
			}
		}
	}
	t.Logf("%d requests, %d taken, the others refused", tried, taken)
	require.Greater(t, taken, tried/3)
}

func naughtyRequest(t *testing.T, s *stand, o operation, place []string, text string) int {
	t.Helper()
	var tree any
	require.NoError(t, json.Unmarshal([]byte(o.body), &tree))
	body, err := json.Marshal(put(tree, place, text))
	require.NoError(t, err)
	r := httptest.NewRequest(o.method, o.target, strings.NewReader(string(body)))
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", "k")
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	if o.id == "Note" && w.Code == http.StatusOK {
		require.Equal(t, text, s.wish.Words["text"], "what is taken is taken as it is")
	}
	s.log.Reset()
	return w.Code
}

// FuzzRequests sends any bytes to an operation: whatever they are, it is not our fault.
func FuzzRequests(f *testing.F) {
	for _, body := range bodies {
		f.Add([]byte(body), "k", `"v1"`)
	}
	f.Add([]byte("\xff\x00{"), "", "*")
	s := newStand(f)
	f.Fuzz(func(t *testing.T, body []byte, key, match string) {
		for _, target := range []string{complaints, complaints + "/" + number + "/propose", "/s/" + customer} {
			r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(string(body)))
			r.Header["Authorization"] = []string{"Bearer " + token}
			r.Header["Content-Type"] = []string{"application/json"}
			r.Header["Idempotency-Key"], r.Header["If-Match"] = []string{key}, []string{match}
			w := httptest.NewRecorder()
			s.handler.ServeHTTP(w, r)
			require.Less(t, w.Code, 500, w.Body)
		}
		s.log.Reset()
	})
}

func TestAClockShowsItsLedger(t *testing.T) {
	t.Parallel()
	r := newStand(t).ask(t, http.MethodGet, complaints+"/"+number+"/clocks", "")
	require.Equal(t, http.StatusOK, r.Code, r.Body)
	for _, says := range []string{
		`"sums":{"closed_us":0,"gross_us":90000000,"holiday_us":10000000,"net_us":60000000,"paused_us":20000000}`,
		`"elapsed_seconds":90`, `"calendar":"working","counted":true`, `"counted":false`, `"holiday":{"en":"National Day","zh":"国庆节"}`,
		`"reason":"waiting_for_others"`, `"cause":"outage","delay_us":3600000000`, `"part":"worker"`,
	} {
		require.Contains(t, r.Body.String(), says)
	}
}
