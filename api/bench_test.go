package api_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// What the door itself costs a complaint: scan, contract, decoding, view.
func BenchmarkOpen(b *testing.B) {
	s := newStand(b)
	for b.Loop() {
		r := httptest.NewRequest(http.MethodPost, "/api/v1/complaints", strings.NewReader(bodies["OpenComplaint"]))
		r.Header.Set("Authorization", "Bearer "+token)
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Idempotency-Key", "k")
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, r)
		if w.Code != http.StatusCreated {
			b.Fatal(w.Body.String())
		}
		s.log.Reset()
	}
}
