package simulate_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/internal/check/checktest"
	"recourse/internal/figures"
	"recourse/internal/kpi"
	"recourse/internal/lifecycle"
	"recourse/internal/policies"
	"recourse/internal/policy"
	"recourse/internal/samples"
	"recourse/internal/simulate"
	"recourse/internal/store"
	"recourse/internal/vault"
	"recourse/models"
)

// knownPlans is a policy for every version that cases name.
type knownPlans struct{ all []policy.Policy }

func (k knownPlans) named(version string) policy.Policy {
	return k.all[slices.IndexFunc(k.all, func(p policy.Policy) bool { return p.Version == version })]
}

func (k knownPlans) plan(version string, at time.Time, zone string) models.Plan {
	return k.named(version).Plan(at, zone, lifecycle.RulesVersion())
}

// Past implements figures.Policies for the one version that is asked for.
func (k knownPlans) Past(ctx context.Context, zone string, versions ...string) (policies.Past, error) {
	return policies.Only{Policy: k.named(versions[0])}.Past(ctx, zone, versions...)
}

// opening is how long departments were open, by the versions that cases ran under.
func opening(ctx context.Context, office *figures.Office) func(models.Case, string, time.Time, time.Time) (time.Duration, error) {
	return func(row models.Case, department string, from, until time.Time) (time.Duration, error) {
		return office.Open(ctx, row, department, from, until)
	}
}

// everything is all that a table says of all its cases, and of each value of each dimension.
func everything(t *testing.T, table *kpi.Table, q kpi.Query) map[string]string {
	t.Helper()
	for _, m := range slices.Concat(kpi.Measures(), kpi.Retired()) {
		q.Measures = append(q.Measures, m.ID())
	}
	said := map[string]string{}
	keep := func(name string, answer any, err error) {
		require.NoError(t, err, name)
		written, err := json.MarshalIndent(answer, "", " ")
		require.NoError(t, err)
		said[name] = string(written)
	}
	summary, err := table.Summary(q)
	keep("summary", summary, err)
	for _, d := range kpi.Dimensions() {
		b, err := table.Breakdown(q, d.Key)
		keep("by "+string(d.Key), b, err)
	}
	for _, step := range kpi.Steps() {
		trend, err := table.Trend(q, step)
		keep("trend by "+string(step), trend, err)
	}
	survey, err := table.Survey(q)
	keep("survey", survey, err)
	live, err := table.Live(kpi.Query{Cut: q.Cut, Visible: q.Visible})
	keep("live", live, err)
	return said
}

// recordedBy are the rules that cases ran under.
func recordedBy(t *testing.T, known knownPlans) simulate.Variant {
	t.Helper()
	return simulate.Variant{Name: "as recorded", Rules: simulate.AsRecorded(known.plan), Open: opening(t.Context(), &figures.Office{Policies: known})}
}

// reproduced lives all cases of a record once more by rules that are those they ran under, and holds what is counted of
// them against what is counted of the record.
func reproduced(t *testing.T, s *store.Store, known knownPlans, by simulate.Variant, asOf time.Time) simulate.Report {
	t.Helper()
	service := &figures.Service{
		Record: s, Hours: &figures.Office{Policies: known}, Zone: time.UTC, Now: func() time.Time { return asOf }, Log: slog.New(slog.DiscardHandler),
	}
	onRecord, err := service.Table(t.Context())
	require.NoError(t, err)
	survivors, err := s.Survivors(t.Context())
	require.NoError(t, err)
	volumes, err := s.Volumes(t.Context())
	require.NoError(t, err)
	sim, err := simulate.New(simulate.Config{
		Variants: []simulate.Variant{by}, AsOf: asOf, Zone: time.UTC, Temp: t.TempDir(), Survivors: survivors, Volumes: volumes,
	})
	require.NoError(t, err)
	defer func() { require.NoError(t, sim.Close()) }()
	for _, c := range casesOf(t, s) {
		require.NoError(t, sim.Add(c))
	}
	report, err := sim.Report()
	require.NoError(t, err)
	q := kpi.Query{From: asOf.AddDate(-2, 0, 0), Until: asOf, Cut: asOf, Visible: models.Visible{All: true, Whole: true}}
	was, is := everything(t, onRecord, q), everything(t, sim.Table(0), q)
	for name := range was {
		require.Equal(t, was[name], is[name], name)
	}
	require.Positive(t, report.Cases)
	return report
}

func TestTheRulesThatRandomLivesRanUnderGiveEveryFigureOnRecord(t *testing.T) {
	t.Parallel()
	s := fresh(t)
	require.NoError(t, checktest.Fill(t.Context(), s, 11, 120)) // an eighth of them adopted
	known := knownPlans{checktest.Versions()}
	report := reproduced(t, s, known, recordedBy(t, known), checktest.Now.Add(time.Second))
	require.NotNil(t, report.Policies[0].BeforeImport, "adopted cases would have been told of")
	sums := 0
	for _, r := range report.Policies[0].Rungs {
		sums += r.Alerts
	}
	require.Equal(t, alertsOn(t, s), sums, "as many alerts as on record")
}

// alertsOn is how many alerts are on record.
func alertsOn(t *testing.T, s *store.Store) (n int) {
	t.Helper()
	rows, err := s.AllCases(t.Context(), "", 10_000)
	require.NoError(t, err)
	for _, row := range rows {
		alerts, err := s.AlertsOf(t.Context(), row.ID)
		require.NoError(t, err)
		n += len(alerts)
	}
	return n
}

func TestThePolicyInForceGivesEveryFigureOfAGeneratedCompany(t *testing.T) {
	t.Parallel()
	s := fresh(t)
	shanghai, err := policy.Zone("Asia/Shanghai")
	require.NoError(t, err)
	noon := time.Date(2026, time.March, 18, 12, 0, 0, 0, shanghai)
	v, err := vault.New(bytes.Repeat([]byte{7}, vault.MasterSize))
	require.NoError(t, err)
	now := func() time.Time { return noon }
	svc := cases.New(cases.Config{
		Store: s, Vault: v, Plans: policies.NewBook(policies.Config{Record: s, Company: shanghai, Rules: lifecycle.RulesVersion(), Now: now}),
		Hash: vault.TokenHash, Language: models.LanguageZH, Zone: shanghai,
		Now: now, NewID: func() string { return uuid.Must(uuid.NewV7()).String() }, Logger: slog.New(slog.DiscardHandler),
	})
	_, err = samples.Load(t.Context(), svc, s, noon)
	require.NoError(t, err)
	require.NoError(t, samples.Crowd(t.Context(), svc, s, func(ctx context.Context, do func(*cases.Service, samples.Store) error) error {
		return s.AsOne(ctx, func(one *store.Store) error { return do(svc.Over(one), one) })
	}, 100, noon, func(int) {}))
	known := knownPlans{[]policy.Policy{policy.Default(shanghai)}}
	asIs := reproduced(t, s, known, recordedBy(t, known), noon).Policies[0]
	named := reproduced(t, s, known, simulate.Variant{Name: "as recorded", Rules: simulate.Under(known.all[0]), Open: recordedBy(t, known).Open}, noon).Policies[0]
	require.Equal(t, asIs, named, "unchanged, and named as a policy to try")
}

// fresh is an empty record.
func fresh(t *testing.T) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "cases.db"), store.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	require.NoError(t, s.Migrate(t.Context()))
	return s
}
