package e2e_test

import (
	"encoding/json"
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/models"
)

func TestTheSameKeyHasOneAnswer(t *testing.T) {
	onEveryDatabase(t, func(t *testing.T, s *stack) {
		s.requireKeysAreAskedFor(t)
		first := s.requireOneCaseFromManyParallelWishes(t, 100)
		again := s.requireOneEventFromManyParallelCommands(t, first.Number, 20)
		s.api.kill()
		s.startAPI(t)
		s.requireSameAnswersAfterwards(t, first, again)
		t.Logf("100 parallel intakes and 20 parallel commands with one key each: 1 case, 1 event, all answers equal, also after kill -9 of the API")
	})
}

func (s *stack) requireKeysAreAskedFor(t *testing.T) {
	t.Helper()
	intake := s.as(models.RoleIntake)
	r := intake.post(t, "/api/v1/complaints", "", complaint("without a key"))
	require.Equal(t, http.StatusBadRequest, r.status)
	require.Equal(t, models.CodeKeyMissing, r.code())
	require.Empty(t, s.everyCase(t))
}

// parallel sends the same wish many times at once, each until it is answered.
func parallel(t *testing.T, c caller, n int, path, key string, body any) []reply {
	t.Helper()
	replies := make([]reply, n)
	var all sync.WaitGroup
	for i := range replies {
		all.Go(func() { replies[i], _ = c.insist(t, path, key, body) })
	}
	all.Wait()
	return replies
}

const theKey = "the same key"

func (s *stack) requireOneCaseFromManyParallelWishes(t *testing.T, n int) accepted {
	t.Helper()
	var first accepted
	fresh := 0
	for i, r := range parallel(t, s.as(models.RoleIntake), n, "/api/v1/complaints", theKey, complaint("only once")) {
		var a accepted
		require.Equal(t, http.StatusCreated, r.status, "%v %s", r.err, r.body)
		r.into(t, &a)
		if r.header.Get("Idempotent-Replayed") == "" {
			fresh++
		}
		a.Orchestration = "" // the workflow may have started between two answers
		if i == 0 {
			first = a
		}
		require.Equal(t, first, a)
	}
	require.Equal(t, 1, fresh, "one answer is the first, all others repeat it")
	require.Len(t, s.everyCase(t), 1)
	r := s.as(models.RoleIntake).post(t, "/api/v1/complaints", theKey, complaint("something else"))
	require.Equal(t, http.StatusUnprocessableEntity, r.status)
	require.Equal(t, models.CodeKeyReused, r.code())
	require.Len(t, s.everyCase(t), 1)
	return first
}

func (s *stack) requireOneEventFromManyParallelCommands(t *testing.T, number string, n int) json.RawMessage {
	t.Helper()
	dispatch := stepOf(models.VerbDispatch)
	var first json.RawMessage
	for _, r := range parallel(t, s.as(dispatch.by), n, verbPath(number, dispatch.verb), theKey, dispatch.body("only once")) {
		require.Equal(t, http.StatusOK, r.status, "%v %s", r.err, r.body)
		if first == nil {
			first = r.body
		}
		require.JSONEq(t, string(first), string(r.body))
	}
	require.Equal(t, 1, count(s.timeline(t, number), models.KindDispatched))
	r := s.as(dispatch.by).post(t, verbPath(number, dispatch.verb), theKey, dispatch.body("something else"))
	require.Equal(t, models.CodeKeyReused, r.code())
	r = s.as(dispatch.by).post(t, verbPath(number, dispatch.verb), "", dispatch.body("without a key"))
	require.Equal(t, models.CodeKeyMissing, r.code())
	return first
}

func (s *stack) requireSameAnswersAfterwards(t *testing.T, first accepted, again json.RawMessage) {
	t.Helper()
	r, _ := s.as(models.RoleIntake).insist(t, "/api/v1/complaints", theKey, complaint("only once"))
	var a accepted
	r.into(t, &a)
	a.Orchestration = ""
	require.Equal(t, first, a)
	require.Equal(t, "true", r.header.Get("Idempotent-Replayed"))
	dispatch := stepOf(models.VerbDispatch)
	r, _ = s.as(dispatch.by).insist(t, verbPath(first.Number, dispatch.verb), theKey, dispatch.body("only once"))
	require.Equal(t, http.StatusOK, r.status, "%s", r.body)
	require.JSONEq(t, string(again), string(r.body))
	require.Len(t, s.everyCase(t), 1)
	require.Equal(t, 1, count(s.timeline(t, first.Number), models.KindDispatched))
}

func count(timeline []moment, kind models.Kind) int {
	n := 0
	for _, m := range timeline {
		if m.Kind == kind {
			n++
		}
	}
	return n
}
