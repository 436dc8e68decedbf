package cases_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/internal/cases/casestest"
	"recourse/internal/lifecycle"
	"recourse/internal/policies"
	"recourse/internal/policy"
	"recourse/models"
)

// twelve is the shipped policy with a first response within twelve hours.
func twelve() []byte {
	text := strings.Replace(string(policy.DefaultDocument()), "first_response: {limit: 24h", "first_response: {limit: 12h", 1)
	return []byte(strings.Replace(text, "due: 2026-07-04 16:30", "due: 2026-07-04 04:30", 1))
}

// executive puts somebody on record whom every ladder reaches.
func (h *house) executive(t *testing.T) {
	t.Helper()
	h.person(t, "eve", func(p *models.Person) {
		p.Roles, p.Departments, p.Teams = []models.Role{models.RoleExecutive}, nil, nil
	})
}

func TestAPolicyIsPublishedOnceAndShownWithWhoAndWhy(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.executive(t)
	wish := cases.PolicyWish{Document: twelve(), Reason: "the season", After: policy.DefaultVersion}
	v, err := h.PublishPolicy(t.Context(), admin, wish)
	require.NoError(t, err)
	require.Equal(t, "policy-1", v.Version)
	require.Equal(t, monday.Add(policies.Lead), v.EffectiveAt)
	wish.After = ""
	again, err := h.PublishPolicy(t.Context(), admin, wish)
	require.NoError(t, err)
	require.Equal(t, v.Version, again.Version, "the same once more is no new version")

	in, err := h.Policy(t.Context(), "")
	require.NoError(t, err)
	require.Equal(t, policy.DefaultVersion, in.Version, "not yet")
	h.now = h.now.Add(policies.Lead)
	in, err = h.Policy(t.Context(), "")
	require.NoError(t, err)
	require.Equal(t, "policy-1", in.Version)
	require.Equal(t, string(twelve()), in.Document, "as it was written, comments and all")
	all, err := h.Policies(t.Context())
	require.NoError(t, err)
	require.Len(t, all, 2)
	require.Equal(t, []any{"policy-1", true, "amy", "the season", ""}, []any{all[0].Version, all[0].InForce, all[0].Author, all[0].Reason, all[0].Document})
	require.False(t, all[1].InForce)
}

func TestAPolicyIsRefusedWholeAndTheOneInForceStays(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.executive(t)
	broken := []byte(strings.NewReplacer("{limit: 24h}", "{limit: soon}", "attempts: 3", "attempts: 0").Replace(string(twelve())))
	for name, tt := range map[string]struct {
		actor models.Actor
		wish  cases.PolicyWish
		code  models.Code
		field string
	}{
		"by anybody":         {actor("ida", models.RoleIntake), cases.PolicyWish{Document: twelve(), Reason: "r"}, models.CodeForbidden, ""},
		"without a reason":   {admin, cases.PolicyWish{Document: twelve(), Reason: " "}, models.CodeInvalid, "/reason"},
		"for the past":       {admin, cases.PolicyWish{Document: twelve(), Reason: "r", EffectiveAt: monday}, models.CodeInvalid, "/effective_at"},
		"with faults":        {admin, cases.PolicyWish{Document: broken, Reason: "r"}, models.CodeInvalid, "/document/clocks/record/limit"},
		"after another one":  {admin, cases.PolicyWish{Document: twelve(), Reason: "r", After: "policy-7"}, models.CodeStale, ""},
		"that is none":       {admin, cases.PolicyWish{Document: []byte("tea"), Reason: "r"}, models.CodeInvalid, "/document"},
		"that promises less": {admin, cases.PolicyWish{Document: []byte(strings.Replace(string(twelve()), "12h", "36h", 1)), Reason: "r"}, models.CodeInvalid, "/document/clocks/first_response/limit"},
	} {
		_, err := h.PublishPolicy(t.Context(), tt.actor, tt.wish)
		require.Equal(t, tt.code, models.CodeOf(err), "%s: %v", name, err)
		var refused *models.Error
		require.ErrorAs(t, err, &refused, name)
		require.Equal(t, tt.field, refused.Field, name)
	}
	all, err := h.Policies(t.Context())
	require.NoError(t, err)
	require.Len(t, all, 1)
}

func TestATrialNamesFaultsWarningsAndChanges(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	trial, err := h.TryPolicy(t.Context(), twelve())
	require.NoError(t, err)
	require.Equal(t, policy.DefaultVersion, trial.Against)
	require.NotEmpty(t, trial.Faults, "nobody in the house is executive, and nobody is above")
	require.Empty(t, trial.Changes)
	h.executive(t)
	trial, err = h.TryPolicy(t.Context(), twelve())
	require.NoError(t, err)
	require.Empty(t, trial.Faults)
	require.Len(t, trial.Changes, 3)
	require.Equal(t, policy.Change{Path: "/clocks/first_response/limit/general", Was: "1d", Is: "12h"}, trial.Changes[0])
	require.Contains(t, trial.Warnings[0].Says, "executive is told instead")
	h.now = time.Date(2026, time.November, 22, 0, 0, 0, 0, time.UTC)
	own := strings.Replace(string(twelve()), "\n    holidays: local", "\n    holidays: CN", 1) // past the comment that explains it
	trial, err = h.TryPolicy(t.Context(), []byte(own))
	require.NoError(t, err)
	last := trial.Warnings[len(trial.Warnings)-1]
	require.Equal(t, "/document/calendars/working", last.Pointer)
	require.Contains(t, last.Says, "known up to 2026-12-31")
}

func TestACaseKeepsThePolicyUnderWhichItCameAndTheNextOneHasTheNew(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.executive(t)
	c := h.Config
	c.Engine = casestest.Engine{Record: h.store, Now: func() time.Time { return h.now }}
	h.Service = cases.New(c)
	before, _ := h.open(t, models.Opened{Severity: models.SeverityGeneral})
	require.Equal(t, policy.DefaultVersion, before.Policy)
	_, err := h.PublishPolicy(t.Context(), admin, cases.PolicyWish{Document: twelve(), Reason: "the season"})
	require.NoError(t, err)
	soon, _ := h.open(t, models.Opened{Severity: models.SeverityGeneral})
	require.Equal(t, policy.DefaultVersion, soon.Policy, "the new one is not in force yet")

	h.now = h.now.Add(policies.Lead)
	after, _ := h.open(t, models.Opened{Severity: models.SeverityGeneral})
	require.Equal(t, "policy-1", after.Policy)
	_, err = h.Do(t.Context(), h.call(actor("sue", models.RoleSupervisor)), before.Number, cases.Wish{
		Verb: models.VerbReclassify, Data: models.Reclassified{Severity: models.SeverityImportant}, Words: map[string]string{models.TextReason: "r"},
	})
	require.NoError(t, err)
	for row, limit := range map[string]time.Duration{before.ID: 24 * time.Hour, after.ID: 12 * time.Hour} {
		row, err := h.store.Case(t.Context(), row)
		require.NoError(t, err)
		c, err := lifecycle.Restore(row)
		require.NoError(t, err)
		run, is := c.First(models.ClockFirstResponse)
		require.True(t, is)
		require.Equal(t, row.ReceivedAt.Add(limit), run.Limit)
		require.Equal(t, row.Policy, c.Plan.Policy, "also after a command under the new policy")
	}
}
