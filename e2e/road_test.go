package e2e_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/models"
)

// A step is a verb on the main road, who uses it, and its body around somebody's words.
type step struct {
	verb models.Verb
	by   models.Role
	body func(words string) map[string]any
}

// dueLater is an instant that is the same whenever a wish is repeated.
var dueLater = time.Now().Add(72 * time.Hour).UTC().Truncate(time.Second)

func said(words string) map[string]any {
	return map[string]any{"channel": "phone", "text": words}
}

// road is the main road of a case without approval, up to its close.
var road = []step{
	{models.VerbNote, models.RoleSupervisor, func(words string) map[string]any {
		return map[string]any{"audience": "internal", "text": words}
	}},
	{models.VerbDispatch, models.RoleSupervisor, func(words string) map[string]any {
		return map[string]any{"department": care, "supervising": management, "nature": "customer", "objective": words, "facts": words}
	}},
	{models.VerbAccept, models.RoleHandler, func(string) map[string]any { return map[string]any{} }},
	{models.VerbReply, models.RoleHandler, said},
	{models.VerbLogContact, models.RoleHandler, func(words string) map[string]any {
		return with(said(words), map[string]any{"direction": "out", "held": true})
	}},
	{models.VerbPropose, models.RoleHandler, func(words string) map[string]any {
		return map[string]any{"solution": words, "minutes": words, "measures": []any{
			map[string]any{"text": words, "owner": models.RoleHandler, "due": dueLater},
		}}
	}},
	{models.VerbTellSolution, models.RoleHandler, said},
	{models.VerbResolve, models.RoleHandler, func(words string) map[string]any {
		return map[string]any{"measures_done": true, "outcome": "upheld", "result": words}
	}},
	{models.VerbTellResult, models.RoleHandler, func(words string) map[string]any {
		return with(said(words), map[string]any{"done": true, "effect": true, "follow_up": true, "thanks": true, "reason": words})
	}},
	{models.VerbRecordCallback, models.RoleQuality, func(words string) map[string]any {
		return map[string]any{"outcome": "reached_solved", "scores": map[string]any{"result": 5}, "text": words}
	}},
}

// stepOf finds a step of the road.
func stepOf(v models.Verb) step {
	for _, s := range road {
		if s.verb == v {
			return s
		}
	}
	panic("no such step: " + v)
}

// complaint is the body of an intake around somebody's words.
func complaint(words string) map[string]any {
	return map[string]any{"channel": "phone", "text": words, "contact": map[string]any{"external_id": words}}
}

// letter is a complaint that reached the company thirty hours before it is recorded.
func letter(words string) map[string]any {
	return with(complaint(words), map[string]any{
		"channel": "letter_box", "received_at": time.Now().Add(-30 * time.Hour).UTC().Truncate(time.Second),
		"receipt_evidence": "postmark: " + words,
	})
}

// urgent is a complaint that cannot wait.
func urgent(words string) map[string]any {
	return with(complaint(words), map[string]any{"severity": "urgent"})
}

// open puts a complaint on record and must succeed.
func (s *stack) open(t *testing.T, key string, body map[string]any) accepted {
	t.Helper()
	r, _ := s.as(models.RoleIntake).insist(t, "/api/v1/complaints", key, body)
	var a accepted
	r.into(t, &a)
	require.NotEmpty(t, a.Number)
	return a
}

// walk takes a case along some steps, each with its own words, and must succeed.
func (s *stack) walk(t *testing.T, number string, steps []step, words func(step) string) {
	t.Helper()
	for _, step := range steps {
		s.do(t, number, step.by, step.verb, step.body(words(step)))
	}
}

// do uses a verb and must succeed.
func (s *stack) do(t *testing.T, number string, by models.Role, verb models.Verb, body map[string]any) {
	t.Helper()
	r, _ := s.as(by).insist(t, verbPath(number, verb), newKey(), body)
	require.Equal(t, done, r.outcome(), "%s by %s: %d %v %s", verb, by, r.status, r.err, r.body)
	s.awaitRecord(t, r)
}

// awaitRecord waits for the tables when an answer says that they are catching up: what is decided is
// safe in the workflow, and whoever comes next by the record may not see it yet.
func (s *stack) awaitRecord(t *testing.T, r reply) {
	t.Helper()
	var done struct {
		Number   string
		Seq      int64
		Recorded *bool
	}
	r.into(t, &done)
	if done.Recorded == nil || *done.Recorded {
		return
	}
	t.Logf("the store lags behind event %d of %s", done.Seq, done.Number)
	await(t, settleWithin, "the record catches up", func() bool { return s.standing(t, done.Number).Seq >= done.Seq })
}

func verbPath(number string, verb models.Verb) string {
	return fmt.Sprintf("/api/v1/complaints/%s/%s", number, verb)
}
