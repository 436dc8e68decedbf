package e2e_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/converter"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"recourse/models"
	"recourse/workflows/contract"
)

func TestNoPersonalDataInHistories(t *testing.T) {
	const seed = 20261122
	onEveryDatabase(t, func(t *testing.T, s *stack) {
		a := newAviary(seed)
		s.tellEndpoints(t, a)
		var cases []accepted
		for i := range often(20, 100) {
			cases = append(cases, s.tell(t, a, i))
		}
		found := s.lookEverywhere(t, a, cases)
		s.requireErasureToHold(t, a, cases[0], cases[1])
		t.Logf("seed %d: %d cases, %d canaries, %d windows of six; %d histories with %d events, %d bytes of all kinds searched: none found; one customer erased, the chain verifies",
			seed, len(cases), a.count, len(a.windows), found.histories, found.events, found.bytes)
	})
}

// tell opens a case and walks it some way, with a canary in every word.
func (s *stack) tell(t *testing.T, a *aviary, i int) accepted {
	t.Helper()
	body := map[string]any{
		"channel": "web", "text": a.song(), "answer": a.song(), "language": "zh-CN",
		"contact": map[string]any{
			"name": a.song(), "phone": a.digits() + " " + a.song(), "email": a.plainSong() + "@" + a.plainSong() + ".example",
			"external_id": a.song(), "address": a.song(),
			"second": map[string]any{"name": a.song(), "phone": a.digits() + " " + a.song(), "email": a.song() + "@" + a.plainSong() + ".example"},
		},
		"particulars": map[string]any{
			"happened": a.song(), "serial": a.song(), "order_number": a.song(), "symptom": a.song(), "remedy": a.song(),
		},
	}
	switch i % 5 {
	case 1:
		body = with(letter(a.song()), body, map[string]any{"channel": "email", "receipt_evidence": a.song()})
	case 2:
		body["severity"] = "urgent"
	}
	c := s.open(t, newKey(), body)
	if i%3 == 0 {
		s.do(t, c.Number, models.RoleSupervisor, models.VerbAmend, map[string]any{"reason": a.song(), "text": a.song(), "contact": map[string]any{
			"name": a.song(), "phone": a.digits() + " " + a.song(), "email": a.plainSong() + "@" + a.plainSong() + ".example",
			"external_id": a.song(), "address": a.song(), "second": map[string]any{"name": a.song(), "phone": a.digits()},
		}})
	}
	steps := len(road)
	if i%5 == 2 {
		steps = min(i, 5) // what is urgent needs an approval to go further
	} else if i > 3 {
		steps = i % (len(road) + 1)
	}
	s.walk(t, c.Number, road[:steps], func(step) string { return a.song() })
	s.sayByLink(t, a, c, steps)
	s.beRefused(t, a, c, steps)
	if i == 0 || i%7 == 3 {
		s.askAndBeGranted(t, a, c, steps)
	}
	return c
}

// tellEndpoints makes endpoints whose addresses and secrets are canaries, and which repeat all that they hear.
func (s *stack) tellEndpoints(t *testing.T, a *aviary) {
	t.Helper()
	echo := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, in *http.Request) {
		out.WriteHeader(http.StatusInternalServerError)
		_, _ = fmt.Fprint(out, in.URL, in.Header)
	}))
	t.Cleanup(echo.Close)
	secret := func() string {
		return "whsec_" + base64.StdEncoding.EncodeToString([]byte(a.plainSong()+a.plainSong()))
	}
	for _, body := range []map[string]any{
		{"name": "hook", "channel": "webhook", "secret": secret()},
		{"name": "robot", "channel": "dingtalk", "secret": a.plainSong()},
		{"name": "closed", "channel": "feishu"},
	} {
		body["url"] = echo.URL + "/" + a.plainSong() + "?access_token=" + a.plainSong()
		if body["name"] == "closed" {
			body["url"] = "http://127.0.0.1:1/" + a.plainSong()
		}
		r := s.as(models.RoleAdmin).post(t, "/api/v1/endpoints", newKey(), body)
		require.Equal(t, http.StatusCreated, r.status, "%s", r.body)
		var made struct{ ID string }
		r.into(t, &made)
		tried := s.as(models.RoleAdmin).post(t, "/api/v1/endpoints/"+made.ID+"/test", newKey(), map[string]any{})
		require.Equal(t, http.StatusOK, tried.status, "%s", tried.body)
		for _, said := range [][]byte{
			r.body, tried.body, s.as(models.RoleAdmin).get(t, "/api/v1/endpoints").body,
			s.as(models.RoleAdmin).get(t, "/api/v1/endpoints/"+made.ID+"/deliveries").body,
		} {
			require.Empty(t, a.find(said), "what an endpoint is called by is told nobody")
		}
	}
}

// sayByLink lets the customer speak, and answer the survey once there is one.
func (s *stack) sayByLink(t *testing.T, a *aviary, c accepted, steps int) {
	t.Helper()
	anybody := s.nobody()
	r, _ := anybody.insist(t, pathOf(c.StatusURL)+"/message", newKey(), map[string]any{"text": a.song()})
	require.Contains(t, []int{http.StatusAccepted, http.StatusGone}, r.status, "%s", r.body)
	if steps < len(road)-1 {
		return
	}
	survey := "/s/" + s.vault.LinkToken(models.SurveyLink(c.ID, 1)...)
	await(t, settleWithin, "the survey is offered", func() bool { return anybody.get(t, survey).status == http.StatusOK })
	score := 5
	if steps == len(road)-1 {
		score = 1 // starts a rework
	}
	r, _ = anybody.insist(t, survey, newKey(), map[string]any{"scores": map[string]any{"result": score}, "text": a.song()})
	require.Equal(t, http.StatusAccepted, r.status, "%s", r.body)
	await(t, settleWithin, "the answer is decided", func() bool { return s.standing(t, c.Number).Score == score })
}

// beRefused wishes for what the law, the kernel or nobody's role allows now, with words.
func (s *stack) beRefused(t *testing.T, a *aviary, c accepted, steps int) {
	t.Helper()
	for _, step := range []step{stepOf(models.VerbTellResult), stepOf(models.VerbResolve), stepOf(models.VerbPropose)} {
		if steps >= 3 && s.standing(t, c.Number).State != models.StateClosed {
			continue // it may be possible now
		}
		r := s.as(step.by).post(t, verbPath(c.Number, step.verb), newKey(), step.body(a.song()))
		require.Equal(t, refused, r.outcome(), "%s: %d %s", step.verb, r.status, r.body)
	}
	r := s.as(models.RoleAdmin).post(t, verbPath(c.Number, models.VerbNote), newKey(), stepOf(models.VerbNote).body(a.song()))
	require.Equal(t, refused, r.outcome())
	r = s.as(models.RoleIntake).post(t, "/api/v1/complaints", newKey(), with(complaint(a.song()), map[string]any{"zone": "Nowhere/" + "At_all", "product": a.song()}))
	require.Equal(t, refused, r.outcome(), "%s", r.body)
}

// askAndBeGranted asks to seal the record of a closed case early, and lets another decide.
func (s *stack) askAndBeGranted(t *testing.T, a *aviary, c accepted, steps int) {
	t.Helper()
	if steps < len(road) {
		return
	}
	s.do(t, c.Number, models.RoleSupervisor, models.VerbArchiveEarly, map[string]any{"reason": a.song()})
	request := s.standing(t, c.Number).Requests
	require.Len(t, request, 1)
	s.do(t, c.Number, secondOne, models.VerbDecide, map[string]any{"request": request[0].Request, "granted": true, "reason": a.song()})
	await(t, settleWithin, "the record is sealed", func() bool { return s.standing(t, c.Number).State == models.StateArchived })
}

// searched counts what was looked at.
type searched struct{ histories, events, bytes int }

// lookEverywhere looks for canaries in every place that is no record: what Temporal knows, by its API
// and in its file, what processes say and show, and the app's own file, where words are encrypted.
func (s *stack) lookEverywhere(t *testing.T, a *aviary, cases []accepted) (found searched) {
	t.Helper()
	look := func(place string, text []byte) {
		found.bytes += len(text)
		if song := a.find(text); song != "" {
			t.Errorf("%s: %s", place, song)
		}
	}
	await(t, settleWithin, "the index knows all workflows", func() bool {
		return len(executions(t, s.client, "WorkflowType = '"+contract.WorkflowComplaint+"'")) >= len(cases)
	})
	for _, e := range executions(t, s.client, "") {
		id, run := e.GetExecution().GetWorkflowId(), e.GetExecution().GetRunId()
		found.histories++
		strings_(e, func(text []byte) { look("list, "+id, text) })
		for _, event := range eventsOf(t, s.client, id, run) {
			found.events++
			strings_(event, func(text []byte) {
				look(fmt.Sprintf("%s, event %d %s", id, event.GetEventId(), event.GetEventType()), text)
			})
		}
		desc, err := s.client.DescribeWorkflowExecution(t.Context(), id, run)
		require.NoError(t, err)
		strings_(desc, func(text []byte) { look("description of "+id, text) })
		if strings.HasPrefix(id, contract.WorkflowID("")) {
			details, err := s.client.QueryWorkflow(t.Context(), id, run, "__temporal_workflow_metadata")
			require.NoError(t, err)
			var page converter.RawValue
			require.NoError(t, details.Get(&page))
			require.Contains(t, string(page.Payload().GetData()), "### RC", "the details name the case")
			look("details of "+id, page.Payload().GetData())
		}
	}
	for place, text := range s.saidByAll(t) {
		look(place, text)
	}
	files, err := filepath.Glob(s.history() + "*")
	require.NoError(t, err)
	if path, is := strings.CutPrefix(s.url, "sqlite://"); is {
		own, err := filepath.Glob(path + "*")
		require.NoError(t, err)
		files = append(files, own...)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		look(filepath.Base(file), text)
	}
	if t.Failed() {
		t.FailNow()
	}
	return found
}

// strings_ visits every string and every run of bytes in a message.
func strings_(m proto.Message, visit func([]byte)) {
	var message func(protoreflect.Message)
	one := func(kind protoreflect.Kind, v protoreflect.Value) {
		switch kind { //nolint:exhaustive // numbers say no words
		case protoreflect.StringKind:
			visit([]byte(v.String()))
		case protoreflect.BytesKind:
			visit(v.Bytes())
		case protoreflect.MessageKind, protoreflect.GroupKind:
			message(v.Message())
		}
	}
	message = func(m protoreflect.Message) {
		m.Range(func(field protoreflect.FieldDescriptor, v protoreflect.Value) bool {
			switch {
			case field.IsMap():
				v.Map().Range(func(key protoreflect.MapKey, value protoreflect.Value) bool {
					one(field.MapKey().Kind(), key.Value())
					one(field.MapValue().Kind(), value)
					return true
				})
			case field.IsList():
				for i := range v.List().Len() {
					one(field.Kind(), v.List().Get(i))
				}
			default:
				one(field.Kind(), v)
			}
			return true
		})
	}
	message(m.ProtoReflect())
}

// requireErasureToHold erases the customer of one case: their words are gone at every door, while the
// chain verifies and other customers' words stay.
func (s *stack) requireErasureToHold(t *testing.T, a *aviary, gone, stays accepted) {
	t.Helper()
	require.NotEmpty(t, a.find(s.everythingSaidOf(t, gone)), "before, the door shows the words")
	row, err := s.record(t).CaseByNumber(t.Context(), gone.Number)
	require.NoError(t, err)
	hashes := s.timeline(t, gone.Number)
	s.recourse(t, "erase", "--journal", filepath.Join(s.folder, "erasures.jsonl"), row.CustomerID)
	require.Empty(t, a.find(s.everythingSaidOf(t, gone)), "after, nothing is to be read")
	require.True(t, s.standing(t, gone.Number).Erased)
	for i, m := range s.timeline(t, gone.Number) {
		require.Empty(t, m.Texts)
		require.Equal(t, hashes[i].Hash, m.Hash, "the chain is as it was")
	}
	require.NotEmpty(t, a.find(s.everythingSaidOf(t, stays)), "another customer's words stay")
}

// everythingSaidOf is what every door says of a case.
func (s *stack) everythingSaidOf(t *testing.T, c accepted) []byte {
	t.Helper()
	var said []byte
	for _, view := range []string{"", "/timeline", "/workorder"} {
		said = append(said, s.as(models.RoleAuditor).get(t, "/api/v1/complaints/"+c.Number+view).body...)
	}
	for _, role := range models.Roles() {
		said = append(said, s.as(role).get(t, "/api/v1/inbox?limit=200").body...)
	}
	return append(said, s.nobody().get(t, pathOf(c.StatusURL)).body...)
}
