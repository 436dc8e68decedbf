package policies_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/policies"
	"recourse/internal/policy"
	"recourse/models"
)

var noon = time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)

// record is a list of versions that may be away.
type record struct {
	rows  []models.Policy
	away  error
	reads int
}

func (r *record) Policies(context.Context) ([]models.Policy, error) {
	r.reads++
	return r.rows, r.away
}

// publish adds a version in which the first response has a limit of its own.
func (r *record) publish(t *testing.T, limit string, effective time.Time) {
	t.Helper()
	document := strings.Replace(string(policy.DefaultDocument()), "first_response: {limit: 24h", "first_response: {limit: "+limit, 1)
	document, _, _ = strings.Cut(document, "examples:")
	r.rows = append(r.rows, models.Policy{Number: int64(len(r.rows) + 1), Document: []byte(document), EffectiveAt: effective})
}

type desk struct {
	*policies.Book
	record *record
	now    time.Time
}

func open(t *testing.T) *desk {
	t.Helper()
	d := &desk{record: &record{}, now: noon}
	d.Book = policies.NewBook(policies.Config{Record: d.record, Company: time.UTC, Rules: 1, Now: func() time.Time { return d.now }})
	return d
}

// limit is the version by which a plan is made, and the limit of its first response.
func (d *desk) limit(t *testing.T, version string, at time.Time) (string, time.Duration) {
	t.Helper()
	plan, err := d.Plan(t.Context(), version, at, "UTC")
	require.NoError(t, err)
	return plan.Policy, plan.Rule(models.ClockFirstResponse).Limit.General.Of
}

func TestAVersionHoldsFromTheInstantItTakesEffect(t *testing.T) {
	t.Parallel()
	d := open(t)
	d.record.publish(t, "20h", noon.Add(2*time.Hour))
	d.record.publish(t, "12h", noon.Add(time.Hour)) // published later, in force earlier
	for _, tt := range []struct {
		at      time.Duration
		version string
		limit   time.Duration
	}{
		{0, policy.DefaultVersion, 24 * time.Hour},
		{time.Hour - time.Microsecond, policy.DefaultVersion, 24 * time.Hour},
		{time.Hour, "policy-2", 12 * time.Hour},
		{2 * time.Hour, "policy-1", 20 * time.Hour},
		{1000 * time.Hour, "policy-1", 20 * time.Hour},
	} {
		version, limit := d.limit(t, "", noon.Add(tt.at))
		require.Equal(t, tt.version, version, tt.at)
		require.Equal(t, tt.limit, limit, tt.at)
	}
}

func TestACaseKeepsTheVersionItRunsUnder(t *testing.T) {
	t.Parallel()
	d := open(t)
	_, limit := d.limit(t, "", noon)
	require.Equal(t, 24*time.Hour, limit)
	d.record.publish(t, "12h", noon)
	d.now = noon.Add(policies.Lead)
	version, limit := d.limit(t, policy.DefaultVersion, d.now)
	require.Equal(t, policy.DefaultVersion, version)
	require.Equal(t, 24*time.Hour, limit)
	_, limit = d.limit(t, "", d.now)
	require.Equal(t, 12*time.Hour, limit)
}

func TestEveryProcessKnowsAVersionBeforeItTakesEffect(t *testing.T) {
	t.Parallel()
	d := open(t)
	d.limit(t, "", noon) // reads
	d.record.publish(t, "12h", noon.Add(policies.Lead))
	for d.now = noon; d.now.Before(noon.Add(policies.Lead)); d.now = d.now.Add(time.Second) {
		d.limit(t, "", d.now)
	}
	version, _ := d.limit(t, "", d.now)
	require.Equal(t, "policy-1", version)
	require.LessOrEqual(t, d.record.reads, 6, "an intake does not read the policy from the record")
}

func TestAVersionJustPublishedElsewhereIsFound(t *testing.T) {
	t.Parallel()
	d := open(t)
	d.limit(t, "", noon)
	d.record.publish(t, "12h", noon)
	version, _ := d.limit(t, "policy-1", noon)
	require.Equal(t, "policy-1", version)
	_, err := d.Plan(t.Context(), "policy-2", noon, "UTC")
	require.Equal(t, models.CodeNotFound, models.CodeOf(err))
}

func TestWhatWasReadHoldsWhileTheRecordIsAway(t *testing.T) {
	t.Parallel()
	d := open(t)
	d.record.away = errors.New("away")
	_, err := d.Plan(t.Context(), "", noon, "UTC")
	require.ErrorContains(t, err, "away", "nothing was ever read: it is not guessed")
	d.record.away = nil
	d.limit(t, "", noon)
	d.record.away, d.now = errors.New("away"), noon.Add(time.Hour)
	version, _ := d.limit(t, "", d.now)
	require.Equal(t, policy.DefaultVersion, version)
}

func TestCalendarsThatEndSoonAreNamed(t *testing.T) {
	t.Parallel()
	china, err := policy.Zone("Asia/Shanghai")
	require.NoError(t, err)
	now := time.Date(2026, time.October, 2, 0, 0, 0, 0, china)
	b := policies.NewBook(policies.Config{Record: &record{}, Company: china, Rules: 1, Now: func() time.Time { return now }})
	require.Empty(t, b.Endings(t.Context(), now), "ninety days ahead lies the last of December")
	require.Equal(t, []policy.Ending{{Calendar: "working", LastDay: "2026-12-31"}, {Calendar: "halves", LastDay: "2026-12-31"}},
		b.Endings(t.Context(), now.AddDate(0, 0, 2)))
	require.Empty(t, open(t).Endings(t.Context(), now.AddDate(0, 0, 2)), "no holidays are known of UTC, and none are kept")
}
