package e2e_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/models"
)

func TestNobodySeesWhatIsNotTheirs(t *testing.T) {
	onEveryDatabase(t, func(t *testing.T, s *stack) {
		secret := "nobody else may read this"
		theirs := s.open(t, newKey(), letter(secret))
		s.walk(t, theirs.Number, road[1:4], func(step) string { return secret })
		await(t, settleWithin, "there are alerts and messages", func() bool {
			return len(s.everyEscalation(t)) > 0 && len(all[map[string]any](t, s.as(models.RoleDepartmentHead), "/api/v1/inbox")) > 0
		})
		alert := s.everyEscalation(t)[0]
		require.Equal(t, theirs.Number, alert.Number)

		asked := 0
		for _, who := range []caller{s.as(stranger), s.as(otherClerk), {door: s.door, token: "rc_" + newKey()}, s.nobody()} {
			asked += s.requireNothingOf(t, who, theirs, alert, secret)
		}
		s.requireTextsOnlyForThoseWhoNeedThem(t, theirs.Number, secret)
		t.Logf("%d questions by a stranger, another clerk, a forged token and nobody: foreign and missing answered alike, not a word of it", asked)
	})
}

// missingNumber is a number that is well formed and not given to any case.
var missingNumber = models.Number(2019, 4711)

// requireNothingOf asks for a case in every way, and for one that does not exist: the answers must be
// alike, and say nothing of the case.
func (s *stack) requireNothingOf(t *testing.T, who caller, theirs accepted, alert escalation, secret string) (asked int) {
	t.Helper()
	same := func(method, foreign, missing string, body any) {
		t.Helper()
		asked++
		key := newKey()
		there, nowhere := who.call(t, method, foreign, key, body), who.call(t, method, missing, key+"'", body)
		require.Contains(t, []int{http.StatusNotFound, http.StatusUnauthorized}, there.status, "%s %s: %s", method, foreign, there.body)
		require.Equal(t, anonymous(nowhere), anonymous(there), "%s %s", method, foreign)
		require.NotContains(t, string(there.body), secret)
		require.NotContains(t, string(there.body), theirs.ID)
	}
	for _, view := range []string{"", "/timeline", "/clocks", "/workorder", "/reads"} {
		same(http.MethodGet, "/api/v1/complaints/"+theirs.Number+view, "/api/v1/complaints/"+missingNumber+view, nil)
	}
	for _, step := range road {
		same(http.MethodPost, verbPath(theirs.Number, step.verb), verbPath(missingNumber, step.verb), step.body("let me in"))
	}
	acknowledge := "/api/v1/escalations/%s/acknowledge"
	same(http.MethodPost, fmt.Sprintf(acknowledge, alert.ID), fmt.Sprintf(acknowledge, newKey()), map[string]any{})
	for _, list := range []string{
		"/api/v1/complaints", "/api/v1/complaints?number=" + theirs.Number, "/api/v1/escalations", "/api/v1/inbox",
		"/api/v1/complaints?q=" + theirs.Number, "/api/v1/search?q=" + theirs.Number, "/api/v1/search?q=" + url.QueryEscape(secret),
	} {
		asked++
		r := who.get(t, list)
		require.NotContains(t, string(r.body), theirs.Number, "%s: %s", list, r.body)
		require.NotContains(t, string(r.body), theirs.ID)
		require.NotContains(t, string(r.body), secret)
	}
	return asked
}

// anonymous is an answer without what differs between any two.
func anonymous(r reply) problem {
	p := r.problem()
	p.Instance, p.RequestID = "", ""
	return p
}

// requireTextsOnlyForThoseWhoNeedThem looks at the case with the eyes of every role.
func (s *stack) requireTextsOnlyForThoseWhoNeedThem(t *testing.T, number, secret string) {
	t.Helper()
	for _, role := range []models.Role{models.RoleAdmin, models.RoleOps, models.RoleHR} {
		for _, view := range []string{"", "/timeline", "/workorder"} {
			r := s.as(role).get(t, "/api/v1/complaints/"+number+view)
			require.Equal(t, http.StatusOK, r.status, "%s %s", role, view)
			require.NotContains(t, string(r.body), secret, "%s has no business reading %s", role, view)
		}
	}
	masked := s.as(models.RoleQuality).get(t, "/api/v1/complaints/"+number)
	require.Contains(t, string(masked.body), secret)
	require.Contains(t, string(masked.body), `"external_id":"`+secret[:1]+`***"`, "whoever sees texts masked sees contact data masked")
	require.Contains(t, string(s.as(models.RoleHandler).get(t, "/api/v1/complaints/"+number).body), "external_id")
}
