package submit_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// neighbour is the API as its contract has it: one case per key, the same answer to the same key.
// What goes wrong is decided per request.
type neighbour struct {
	*httptest.Server

	mu       sync.Mutex
	requests int
	bodies   map[string]string         // by key
	cases    map[string]map[string]any // by key
	order    []string                  // keys as they came
	keys     []string                  // of every request
	fail     func(n int, key string) (status int, header map[string]string)
	lose     func(n int, key string) bool // the case is on record, the answer never arrives
	refuse   func(body map[string]any) string
	forget   bool // keys, as no server of ours does
	waiting  int  // looks at /readyz until the relay is done
	page     int
}

func newNeighbour(t *testing.T) *neighbour {
	t.Helper()
	n := &neighbour{bodies: map[string]string{}, cases: map[string]map[string]any{}, page: 200}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/v1/complaints", n.open)
	mux.HandleFunc("GET /api/v1/complaints", n.list)
	mux.HandleFunc("GET /readyz", n.ready)
	n.Server = httptest.NewServer(mux)
	t.Cleanup(n.Close)
	return n
}

func (n *neighbour) open(w http.ResponseWriter, r *http.Request) {
	raw, _ := io.ReadAll(r.Body)
	var body map[string]any
	if err := json.Unmarshal(raw, &body); err != nil {
		problem(w, 400, "malformed", err.Error())
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.requests++
	key := r.Header.Get("Idempotency-Key")
	n.keys = append(n.keys, key)
	switch {
	case r.Header.Get("Authorization") != "Bearer rc_intake":
		problem(w, 401, "unauthorized", "no valid token")
		return
	case key == "":
		problem(w, 400, "key_missing", "no Idempotency-Key")
		return
	case n.fail != nil:
		if status, header := n.fail(n.requests, key); status != 0 {
			for name, value := range header {
				w.Header().Set(name, value)
			}
			problem(w, status, map[int]string{409: "in_flight", 429: "too_many"}[status], "come again")
			return
		}
	}
	if n.refuse != nil {
		if why := n.refuse(body); why != "" {
			problem(w, 422, "invalid", why)
			return
		}
	}
	n.answer(w, key, string(raw))
}

func (n *neighbour) answer(w http.ResponseWriter, key, body string) {
	if n.forget && n.cases[key] != nil {
		key += " again"
	}
	kept, is := n.cases[key]
	switch {
	case is && n.bodies[key] != body:
		problem(w, 422, "key_reused", "the key was used with another body")
		return
	case is:
		w.Header().Set("Idempotent-Replayed", "true")
	default:
		kept = map[string]any{
			"id": fmt.Sprintf("case-%d", len(n.order)+1), "number": fmt.Sprintf("RC2026-%07d", len(n.order)+1),
			"received_at": time.Now().UTC().Format(time.RFC3339Nano), "orchestration": "pending",
		}
		n.cases[key], n.bodies[key], n.order = kept, body, append(n.order, key)
	}
	if n.lose != nil && n.lose(n.requests, key) {
		panic(http.ErrAbortHandler)
	}
	w.WriteHeader(http.StatusCreated)
	_ = json.NewEncoder(w).Encode(kept)
}

func problem(w http.ResponseWriter, status int, code, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{
		"title": "Refused", "status": status, "code": code, "detail": detail,
		"errors": []map[string]string{{"pointer": "/text", "detail": detail}},
	})
}

// list shows what is on record, latest first, page by page.
func (n *neighbour) list(w http.ResponseWriter, r *http.Request) {
	n.mu.Lock()
	defer n.mu.Unlock()
	from, _ := strconv.Atoi(r.URL.Query().Get("cursor"))
	latest := slices.Clone(n.order)
	slices.Reverse(latest)
	until := min(from+n.page, len(latest))
	items := []map[string]any{}
	for _, key := range latest[from:until] {
		items = append(items, n.cases[key])
	}
	if until < len(latest) {
		w.Header().Set("Link", fmt.Sprintf("<%s/api/v1/complaints?cursor=%d>; rel=\"next\"", n.URL, until))
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"items": items})
}

func (n *neighbour) ready(w http.ResponseWriter, _ *http.Request) {
	n.mu.Lock()
	defer n.mu.Unlock()
	age := 0
	if n.waiting--; n.waiting >= 0 {
		age = 3600
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"ready": true, "relay_age_seconds": age})
}

// tasks counts a workflow for every case, as an engine does that has kept up; off makes it miscount.
type tasks struct {
	n   *neighbour
	off int
}

// FirstTasks implements submit.Counter.
func (c tasks) FirstTasks(context.Context) (int, error) {
	c.n.mu.Lock()
	defer c.n.mu.Unlock()
	if len(c.n.order) == 0 {
		return 0, nil
	}
	return len(c.n.order) + c.off, nil
}

func (n *neighbour) texts() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	var all []string
	for _, key := range n.order {
		var body struct {
			Text string `json:"text"`
		}
		_ = json.Unmarshal([]byte(n.bodies[key]), &body)
		all = append(all, strings.TrimSpace(body.Text))
	}
	slices.Sort(all)
	return all
}
