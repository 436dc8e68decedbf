package figures_test

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
	"recourse/internal/extract"
	"recourse/internal/figures"
	"recourse/internal/kpi"
	"recourse/internal/lifecycle"
	"recourse/internal/pgtest"
	"recourse/internal/policies"
	"recourse/internal/samples"
	"recourse/internal/store"
	"recourse/internal/vault"
	"recourse/models"
)

// noon is a Wednesday, twelve o'clock in the company's zone.
var noon = time.Date(2026, time.March, 18, 12, 0, 0, 0, shanghai)

// supervisor sees everything but what is guarded.
var supervisor = models.Actor{Kind: models.ActorPerson, ID: "x", Roles: []models.Role{models.RoleSupervisor}}

// company is a record with a generated company on it, and the figures over it.
type company struct {
	*store.Store

	svc     *cases.Service
	book    *policies.Book
	figures *figures.Service
}

// newCompany generates a company of n cases; the same one on every database.
func newCompany(t *testing.T, url string, n int) company {
	t.Helper()
	s, err := store.Open(t.Context(), url, store.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	require.NoError(t, s.Migrate(t.Context()))
	v, err := vault.New(bytes.Repeat([]byte{7}, vault.MasterSize))
	require.NoError(t, err)
	now := func() time.Time { return noon }
	c := company{Store: s, book: policies.NewBook(policies.Config{Record: s, Company: shanghai, Rules: lifecycle.RulesVersion(), Now: now})}
	c.svc = cases.New(cases.Config{
		Store: s, Vault: v, Plans: c.book, Hash: vault.TokenHash, Language: models.LanguageZH, Zone: shanghai,
		Now: now, NewID: func() string { return uuid.Must(uuid.NewV7()).String() }, Logger: slog.New(slog.DiscardHandler),
	})
	_, err = samples.Load(t.Context(), c.svc, c, noon)
	require.NoError(t, err)
	require.NoError(t, samples.Crowd(t.Context(), c.svc, c, c.together, n, noon, func(int) {}))
	c.figures = &figures.Service{
		Record: s, Hours: &figures.Office{Policies: c.book}, Zone: shanghai, Now: now, Log: slog.New(slog.DiscardHandler),
	}
	return c
}

// together does much to the record as one.
func (c company) together(ctx context.Context, do func(*cases.Service, samples.Store) error) error {
	return c.AsOne(ctx, func(one *store.Store) error { return do(c.svc.Over(one), one) })
}

// source is where extracts of the company come from.
func (c company) source() extract.Source {
	return extract.Source{Record: c.Store, Past: func(ctx context.Context, zone string, versions ...string) (extract.Past, error) {
		return c.book.Past(ctx, zone, versions...)
	}}
}

// year asks for everything of the company's year.
func (c company) year(t *testing.T, measures ...string) (*kpi.Table, kpi.Query) {
	t.Helper()
	q, err := c.figures.Query(supervisor, figures.Ask{From: noon.AddDate(-2, 0, 0), Measures: measures})
	require.NoError(t, err)
	table, err := c.figures.Table(t.Context())
	require.NoError(t, err)
	return table, q
}

// everyMeasure are the keys of all figures, retired versions too.
func everyMeasure() (all []string) {
	for _, m := range slices.Concat(kpi.Measures(), kpi.Retired()) {
		all = append(all, m.ID())
	}
	return all
}

// everything is all that the figures say of a company.
func everything(t *testing.T, c company) []byte {
	t.Helper()
	table, q := c.year(t, everyMeasure()...)
	said := map[string]any{}
	keep := func(name string, answer any, err error) {
		require.NoError(t, err, name)
		said[name] = answer
	}
	summary, err := table.Summary(q)
	keep("summary", summary, err)
	for _, step := range kpi.Steps() {
		trend, err := table.Trend(q, step)
		keep("trend by "+string(step), trend, err)
		backlog, err := table.Backlog(q, step)
		keep("backlog by "+string(step), backlog, err)
	}
	for _, d := range kpi.Dimensions() {
		b, err := table.Breakdown(q, d.Key)
		keep("by "+string(d.Key), b, err)
	}
	cross, err := table.Breakdown(q, kpi.ByWeekday, kpi.ByHour)
	keep("by weekday and hour", cross, err)
	survey, err := table.Survey(q)
	keep("survey", survey, err)
	live, err := table.Live(kpi.Query{Cut: q.Cut, Visible: q.Visible})
	keep("live", live, err)
	written, err := json.MarshalIndent(said, "", " ")
	require.NoError(t, err)
	return written
}

func TestBothDatabasesSayTheSameOfFiveThousandCases(t *testing.T) {
	t.Parallel()
	n := 5000
	if testing.Short() {
		n = 300
	}
	url := pgtest.URL(t)
	onPostgres := everything(t, newCompany(t, url, n))
	onSQLite := everything(t, newCompany(t, filepath.Join(t.TempDir(), "company.db"), n))
	require.Equal(t, string(onPostgres), string(onSQLite))
	require.NotContains(t, string(onPostgres), "NaN")
}
