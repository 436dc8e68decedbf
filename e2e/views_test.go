package e2e_test

import (
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/models"
)

// accepted is the answer to a new complaint.
type accepted struct {
	ID            string    `json:"id"`
	Number        string    `json:"number"`
	WorkflowID    string    `json:"workflow_id"`
	Orchestration string    `json:"orchestration"`
	StatusURL     string    `json:"status_url"`
	ReceivedAt    time.Time `json:"received_at"`
	RecordedAt    time.Time `json:"recorded_at"`
	ResponseDue   time.Time `json:"response_due"`
	FeedbackDue   time.Time `json:"feedback_due"`
}

// standing is a case, as far as tests look at it.
type standing struct {
	ID        string       `json:"id"`
	Number    string       `json:"number"`
	Seq       int64        `json:"seq"`
	State     models.State `json:"state"`
	Severity  string       `json:"severity"`
	Cycle     int          `json:"cycle"`
	Text      string       `json:"text"`
	Erased    bool         `json:"erased"`
	Escalated bool         `json:"escalated"`
	Breached  bool         `json:"breached"`
	Score     int          `json:"result_score"`
	Requests  []struct {
		Request int64 `json:"request"`
	} `json:"requests"`
}

// moment is an event of a timeline.
type moment struct {
	Seq   int64             `json:"seq"`
	Kind  models.Kind       `json:"kind"`
	Data  map[string]any    `json:"data"`
	Texts map[string]string `json:"texts"`
	Hash  string            `json:"hash"`
	Actor struct {
		Kind string `json:"kind"`
		ID   string `json:"id"`
	} `json:"actor"`
}

type escalation struct {
	ID         string            `json:"id"`
	Number     string            `json:"number"`
	Key        string            `json:"key"`
	Clock      models.Clock      `json:"clock"`
	Rung       int               `json:"rung"`
	Superseded bool              `json:"superseded"`
	LateReason models.LateReason `json:"late_reason"`
	LateBy     int64             `json:"late_by_seconds"`
}

func (s *stack) standing(t *testing.T, number string) standing {
	t.Helper()
	var c standing
	s.as(models.RoleAuditor).get(t, "/api/v1/complaints/"+number).into(t, &c)
	return c
}

func (s *stack) timeline(t *testing.T, number string) []moment {
	t.Helper()
	var list struct{ Items []moment }
	s.as(models.RoleAuditor).get(t, "/api/v1/complaints/"+number+"/timeline").into(t, &list)
	return list.Items
}

// all reads every page of a list.
func all[T any](t *testing.T, c caller, path string) []T {
	t.Helper()
	var items []T
	for path != "" {
		var page struct{ Items []T }
		r := c.get(t, path)
		r.into(t, &page)
		items = append(items, page.Items...)
		path = next(r.header)
	}
	return items
}

func next(h http.Header) string {
	link, _, is := strings.Cut(strings.TrimPrefix(h.Get("Link"), "<"), ">")
	if !is {
		return ""
	}
	return link
}

func (s *stack) everyCase(t *testing.T) []standing {
	t.Helper()
	return all[standing](t, s.as(models.RoleAuditor), "/api/v1/complaints?limit=200")
}

func (s *stack) everyEscalation(t *testing.T) []escalation {
	t.Helper()
	return all[escalation](t, s.as(models.RoleAuditor), "/api/v1/escalations?limit=200")
}

// requireNoAlertTwice fails when an alert of a case went out twice, and counts them by case.
func (s *stack) requireNoAlertTwice(t *testing.T) (byCase map[string][]escalation) {
	t.Helper()
	byCase = map[string][]escalation{}
	seen := map[string]bool{}
	for _, e := range s.everyEscalation(t) {
		require.False(t, seen[e.Number+e.Key], "alert %s of %s is there twice", e.Key, e.Number)
		seen[e.Number+e.Key] = true
		byCase[e.Number] = append(byCase[e.Number], e)
	}
	return byCase
}

// with returns a copy of a body with more in it.
func with(body map[string]any, more ...map[string]any) map[string]any {
	body = maps.Clone(body)
	for _, m := range more {
		maps.Copy(body, m)
	}
	return body
}
