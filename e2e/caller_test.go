package e2e_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/models"
)

// A caller is somebody at the door.
type caller struct {
	door, token string
	flight      *atomic.Int64 // counts calls under way; may be nil
}

// as is the person with that id, which is the role's name for most.
func (s *stack) as(person models.Role) caller {
	return caller{door: s.door, token: s.tokens[string(person)]}
}

func (s *stack) nobody() caller { return caller{door: s.door} }

// wire is the way to the door for all callers.
var wire = &http.Client{
	Timeout:   30 * time.Second,
	Transport: &http.Transport{MaxIdleConnsPerHost: 200, MaxIdleConns: 1000, IdleConnTimeout: 5 * time.Second},
}

// A reply is what came back, if anything did.
type reply struct {
	status int
	header http.Header
	body   []byte
	err    error
}

// An outcome is what a caller knows of a wish.
type outcome string

// The outcomes.
const (
	done    outcome = "ok"
	refused outcome = "refused"
	unknown outcome = "unknown" // it may have happened, or may still
)

func (r reply) outcome() outcome {
	switch {
	case r.err != nil, r.status >= 500, r.code() == models.CodeInFlight, r.code() == models.CodeTooMany:
		return unknown
	case r.status < 300:
		return done
	}
	return refused
}

// problem is a refusal, as far as tests look at it.
type problem struct {
	Code      models.Code `json:"code"`
	Detail    string      `json:"detail"`
	Status    int         `json:"status"`
	Title     string      `json:"title"`
	Type      string      `json:"type"`
	Instance  string      `json:"instance"`
	RequestID string      `json:"request_id"`
}

func (r reply) problem() (p problem) {
	_ = json.Unmarshal(r.body, &p)
	return p
}

func (r reply) code() models.Code {
	if r.err != nil || r.status < 300 {
		return ""
	}
	return r.problem().Code
}

// into reads the body of a reply that must be a good one.
func (r reply) into(t *testing.T, v any) {
	t.Helper()
	require.NoError(t, r.err)
	require.Less(t, r.status, 300, "%s", r.body)
	require.NoError(t, json.Unmarshal(r.body, v), "%s", r.body)
}

func (c caller) get(t *testing.T, path string) reply {
	t.Helper()
	return c.call(t, http.MethodGet, path, "", nil)
}

func (c caller) post(t *testing.T, path, key string, body any) reply {
	t.Helper()
	return c.call(t, http.MethodPost, path, key, body)
}

func (c caller) call(t *testing.T, method, path, key string, body any) reply {
	t.Helper()
	if c.flight != nil {
		c.flight.Add(1)
		defer c.flight.Add(-1)
	}
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return reply{err: err}
		}
		content = bytes.NewReader(text)
	}
	if !strings.HasPrefix(path, "http") {
		path = c.door + path
	}
	request, err := http.NewRequestWithContext(t.Context(), method, path, content)
	if err != nil {
		return reply{err: err}
	}
	request.Header.Set("Content-Type", "application/json")
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	if key != "" {
		request.Header.Set("Idempotency-Key", key)
	}
	answer, err := wire.Do(request)
	if err != nil {
		return reply{err: err}
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	return reply{status: answer.StatusCode, header: answer.Header, body: text, err: err}
}

// insistFor is how long a caller repeats a wish whose outcome is unknown.
const insistFor = 3 * time.Minute

// insist repeats a wish with the same key until its outcome is known, and says how often it was not.
func (c caller) insist(t *testing.T, path, key string, body any) (r reply, unknowns int) {
	t.Helper()
	for deadline := time.Now().Add(insistFor); time.Now().Before(deadline); unknowns++ {
		if r = c.post(t, path, key, body); r.outcome() != unknown {
			return r, unknowns
		}
		<-time.After(200 * time.Millisecond)
	}
	return r, unknowns
}

// pathOf returns the path of a link.
func pathOf(link string) string {
	at, err := url.Parse(link)
	if err != nil {
		return link
	}
	return at.Path
}
