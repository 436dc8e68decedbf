package main

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/internal/lifecycle"
	"recourse/internal/pgtest"
	"recourse/internal/policies"
	"recourse/internal/policy"
	"recourse/internal/samples"
	"recourse/internal/simulate"
	"recourse/internal/store"
	"recourse/internal/vault"
	"recourse/models"
)

// sampled is a stack over a record of the samples.
func sampled(t *testing.T, url string, now time.Time) *stack {
	t.Helper()
	record, err := store.Open(t.Context(), url, store.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, record.Close()) })
	require.NoError(t, record.Migrate(t.Context()))
	v, err := vault.New(bytes.Repeat([]byte{7}, vault.MasterSize))
	require.NoError(t, err)
	clock := func() time.Time { return now }
	book := policies.NewBook(policies.Config{Record: record, Company: time.UTC, Rules: lifecycle.RulesVersion(), Now: clock})
	svc := cases.New(cases.Config{
		Store: record, Vault: v, Plans: book, Hash: vault.TokenHash, Language: models.LanguageZH, Zone: time.UTC,
		Now: clock, NewID: func() string { return uuid.Must(uuid.NewV7()).String() }, Logger: slog.New(slog.DiscardHandler),
	})
	_, err = samples.Load(t.Context(), svc, record, now)
	require.NoError(t, err)
	return &stack{store: record, plans: book}
}

// simulated is the report of a simulation over a record.
func simulated(t *testing.T, s *stack, f simulateFlags) (r simulate.Report) {
	t.Helper()
	f.fromStore, f.zone, f.memory, f.temp = true, "UTC", 80, t.TempDir()
	f.json = filepath.Join(t.TempDir(), "report.json")
	require.NoError(t, f.sound(nil))
	cmd := &cobra.Command{}
	cmd.SetOut(&bytes.Buffer{})
	require.NoError(t, f.overRecord(t.Context(), cmd, s))
	written, err := os.ReadFile(f.json)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(written, &r), string(written))
	return r
}

func TestARecordOnEitherDatabaseIsSimulatedAlikeAndByItsFilters(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.March, 18, 12, 0, 0, 0, time.UTC)
	asOf := now.Format(time.RFC3339)
	other := filepath.Join(t.TempDir(), "strict.yaml")
	strict := bytes.Replace(policy.DefaultDocument(), []byte("first_response: {limit: 24h, target: {important: 8h, urgent: 1h}}"), []byte("first_response: {limit: 30m}"), 1)
	require.NoError(t, os.WriteFile(other, strict[:bytes.Index(strict, []byte("\nexamples:"))], 0o600))
	onSQLite, onPostgres := sampled(t, filepath.Join(t.TempDir(), "record.db"), now), sampled(t, pgtest.URL(t), now)

	all := simulated(t, onSQLite, simulateFlags{asOf: asOf, compare: other})
	require.Equal(t, all, simulated(t, onPostgres, simulateFlags{asOf: asOf, compare: other}))
	require.Positive(t, all.Changed.Worse, "half an hour is hardly kept")
	require.NotEmpty(t, all.Policies[0].KPIs)

	parts := 0
	for _, s := range models.Severities() {
		part := simulated(t, onPostgres, simulateFlags{asOf: asOf, filters: []string{"severity:" + string(s)}})
		require.Less(t, part.Cases, all.Cases)
		parts += part.Cases
	}
	require.Equal(t, all.Cases, parts, "every case has a severity")
	require.Equal(t, all.Cases, simulated(t, onSQLite, simulateFlags{asOf: asOf, severities: []string{"general", "important"}, filters: []string{"severity:urgent"}}).Cases)
	require.Zero(t, simulated(t, onSQLite, simulateFlags{asOf: asOf, from: "2020-01-01", until: "2020-02-01"}).Cases)
	earlier := simulated(t, onSQLite, simulateFlags{asOf: now.AddDate(0, 0, -3).Format(time.RFC3339)})
	require.Less(t, earlier.Cases, all.Cases, "what came later is left out")

	for _, wrong := range []string{"severty:urgent", "severity:urgnt"} {
		f := simulateFlags{fromStore: true, zone: "UTC", memory: 80, filters: []string{wrong}}
		require.ErrorContains(t, f.overRecord(t.Context(), &cobra.Command{}, onSQLite), "there", wrong)
	}
}

func TestASimulatedLogKnowsWhoComplainedAgain(t *testing.T) {
	t.Parallel()
	log := written(t, "log.csv", "id,in,answered,out,team,about,who,thing\n"+
		"A,2020-01-01,,2020-01-04,Gas,pipes,c-1,\nB,2020-01-10,,2020-01-12,Gas,pipes,c-1,\nC,2020-01-10,,2020-01-12,Gas,pipes,c-2,\nD,2020-01-10,,2020-01-12,Gas,pipes,,\n")
	mapping, out := written(t, "map.yaml", deskMapping), filepath.Join(t.TempDir(), "out.json")
	r := &tool{t: t}
	said := r.must("simulate", log, "--mapping", mapping, "--policy", "../../examples/policies/flat.yaml", "--zone", "UTC", "--as-of", "2020-03-01", "--json", out)
	text, err := os.ReadFile(out)
	require.NoError(t, err, said)
	var told simulate.Report
	require.NoError(t, json.Unmarshal(text, &told))
	for _, k := range told.Policies[0].KPIs {
		if k.Key == "recurrence_rate@1" {
			require.Equal(t, []any{int64(4), int64(1)}, []any{k.Value.N, k.Value.Hits}, "A came again as B; nobody knows whose D is")
			return
		}
	}
	t.Fatal("recurrence is not told")
}

func TestAnAsOfInTheFutureIsRefusedByBoth(t *testing.T) {
	t.Parallel()
	r := newTool(t)
	log, mapping := written(t, "log.csv", "id,in,answered,out,team,about,who,thing\nA,2020-01-01,,,Gas,pipes,,\n"), written(t, "map.yaml", deskMapping)
	for _, args := range [][]string{{"import", log, "--mapping", mapping}, {"simulate", log, "--mapping", mapping, "--policy", "../../examples/policies/flat.yaml"}} {
		_, err := r.run(append(args, "--as-of", "2098-01-01")...)
		require.ErrorContains(t, err, "lies in the future")
	}
}
