package check_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/check"
	"recourse/internal/check/checktest"
	"recourse/internal/pgtest"
	"recourse/internal/store"
	"recourse/models"
)

const (
	seed  = 20261120
	cases = 260 // of the healthy record
	few   = 60  // of the one that is damaged, once for each damage
)

func config() check.Config {
	return check.Config{
		Now: func() time.Time { return checktest.Now.Add(time.Second) }, Plans: checktest.Plans{}, Vault: checktest.Vault(), Files: checktest.Files(), Most: cases,
	}
}

// healthy fills a database with cases.
func healthy(n int) func(url string) error {
	return func(url string) error {
		ctx := context.Background()
		s, err := store.Open(ctx, url, store.Options{})
		if err != nil {
			return err
		}
		if err := s.Migrate(ctx); err != nil {
			return err
		}
		if err := checktest.Fill(ctx, s, seed, n); err != nil {
			return err
		}
		return s.Close()
	}
}

func open(t *testing.T, url string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), url, store.Options{Connections: 4})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func run(t *testing.T, s *store.Store, engine check.Engine) check.Report {
	t.Helper()
	report, err := check.Run(t.Context(), s, engine, config())
	require.NoError(t, err)
	return report
}

func said(t *testing.T, r check.Report) string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, r.Write(&b))
	return b.String()
}

// databases are fresh copies of a healthy record of n cases, one maker for each database.
func databases(t *testing.T, n int) map[string]func(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "healthy.db")
	require.NoError(t, healthy(n)(file))
	return map[string]func(t *testing.T) string{
		"SQLite": func(t *testing.T) string {
			t.Helper()
			return copied(t, file)
		},
		"Postgres": func(t *testing.T) string {
			t.Helper()
			return pgtest.Template(t, fmt.Sprintf("check %d", n), healthy(n))
		},
	}
}

// copied is another file with the same record.
func copied(t *testing.T, file string) string {
	t.Helper()
	another := filepath.Join(t.TempDir(), "copy.db")
	b, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(another, b, 0o600))
	return another
}

func TestAHealthyRecordPasses(t *testing.T) {
	t.Parallel()
	for name, fresh := range databases(t, cases) {
		t.Run(name, func(t *testing.T) {
			r := run(t, open(t, fresh(t)), nil)
			require.True(t, r.OK(), said(t, r))
			require.Equal(t, cases, r.Cases)
			require.Greater(t, r.Events, 10*cases)
			m := r.Messages
			require.Equal(t, m.Created, m.Sent+m.Pending+m.Failed+m.Skipped+m.Distributed)
			require.True(t, r.Verdict(check.KeyWorkflows).Skipped)
			b, err := json.Marshal(r)
			require.NoError(t, err)
			require.Contains(t, string(b), `"key":"chain"`)
			t.Log("\n" + said(t, r))
		})
	}
}

// TestTheLivesKnowWhateverCanHappen keeps the record that everything is checked by from being poorer
// than what cases go through.
func TestTheLivesKnowWhateverCanHappen(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "cases.db")
	require.NoError(t, healthy(cases)(file))
	page, err := open(t, file).Dossiers(t.Context(), "", cases)
	require.NoError(t, err)
	known, told := map[models.Kind]bool{models.KindRestarted: true}, map[string]bool{}
	for _, d := range page {
		for _, entry := range d.Entries {
			e, err := entry.Event()
			require.NoError(t, err)
			known[e.Kind] = true
			switch d := e.Data.(type) {
			case models.Dispatched:
				told["dispatched by itself"] = told["dispatched by itself"] || e.Actor.Kind == models.ActorSystem
			case models.SolutionTold:
				told["solution with a group"] = told["solution with a group"] || d.Group != nil
				told["solution to a group"] = told["solution to a group"] || len(d.Copies) > 0
			case models.ResultTold:
				told["result with a group"] = told["result with a group"] || d.Group != nil
				told["result to a group"] = told["result to a group"] || len(d.Copies) > 0
			}
		}
	}
	var missing []string
	for _, k := range models.Kinds() {
		if !known[k] {
			missing = append(missing, string(k))
		}
	}
	for what, is := range told {
		if !is {
			missing = append(missing, what)
		}
	}
	require.Empty(t, missing)
}

// engine runs workflows for the cases it names.
type engine map[string]bool

func (e engine) Running(context.Context) ([]string, error) {
	var ids []string
	for id := range e {
		ids = append(ids, id)
	}
	return ids, nil
}

func (e engine) Runs(_ context.Context, id string) (bool, error) { return e[id], nil }

func TestEveryLiveCaseHasItsWorkflowAndNoOtherHasOne(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "cases.db")
	require.NoError(t, healthy(few)(file))
	s := open(t, file)
	rows, err := s.AllCases(t.Context(), "", few)
	require.NoError(t, err)
	all, number := engine{}, map[bool]string{}
	id := map[bool]string{}
	for _, row := range rows {
		live := row.State.Live()
		if live {
			all[row.ID] = true
		} else if row.ArchivedAt.After(checktest.Now.Add(-time.Hour)) {
			continue // its workflow may still be about to end
		}
		id[live], number[live] = row.ID, row.Number
	}
	require.True(t, run(t, s, all).OK(), said(t, run(t, s, all)))

	delete(all, id[true])
	r := run(t, s, all)
	require.Equal(t, []string{number[true]}, r.Verdict(check.KeyWorkflows).Numbers(), said(t, r))
	now := checktest.Now.Add(-time.Second)
	require.NoError(t, s.PutStart(t.Context(), models.StartIntent{CaseID: id[true], CreatedAt: now, NextAt: now}))
	require.True(t, run(t, s, all).OK(), "it was asked for a moment ago")

	all[id[false]], all["nobody"] = true, true
	r = run(t, s, all)
	require.Equal(t, []string{number[false], ""}, r.Verdict(check.KeyWorkflows).Numbers(), said(t, r))
}

func TestWithALiveEngineWhatIsDueByNowMustHaveHappened(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "cases.db")
	require.NoError(t, healthy(few)(file))
	s := open(t, file)
	cfg := config()
	cfg.Now = func() time.Time { return checktest.Now.Add(3 * 24 * time.Hour) }
	r, err := check.Run(t.Context(), s, nil, cfg)
	require.NoError(t, err)
	require.Zero(t, r.Verdict(check.KeyAlerts).Broken, said(t, r))
	r, err = check.Run(t.Context(), s, engine{}, cfg)
	require.NoError(t, err)
	require.Positive(t, r.Verdict(check.KeyAlerts).Broken)
}

func TestAReportSaysHowManyAndNamesTheFirst(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "cases.db")
	require.NoError(t, healthy(few)(file))
	v := vandalise(t, file)
	v.exec("UPDATE cases SET region = 'x'")
	cfg := config()
	cfg.Most = 3
	r, err := check.Run(t.Context(), v.store, nil, cfg)
	require.NoError(t, err)
	require.Equal(t, few, r.Verdict(check.KeyRows).Broken)
	require.Len(t, r.Verdict(check.KeyRows).Findings, 3)
	require.Contains(t, said(t, r), fmt.Sprintf("and %d more", few-3))
	require.Contains(t, said(t, r), "column Region is not what the events")
}

func TestEveryInvariantIsBrokenByOneDamageAtLeast(t *testing.T) {
	t.Parallel()
	told := map[string]bool{check.KeyWorkflows: true} // has a test of its own
	for _, d := range damages {
		told[d.key] = true
	}
	for _, inv := range check.Invariants() {
		require.True(t, told[inv.Key], inv.Key)
		require.NotEmpty(t, inv.Title)
	}
}

// strays is a folder with bytes that no row knows.
type strays struct {
	*checktest.Shelf

	name  string
	since time.Time
}

func (s strays) Each(visit func(string, time.Time) error) error { return visit(s.name, s.since) }

func TestBytesWithoutARowAreToldOnceTheyAreADayOld(t *testing.T) {
	t.Parallel()
	url := filepath.Join(t.TempDir(), "stray.db")
	require.NoError(t, healthy(few)(url))
	s := open(t, url)
	var known string
	require.NoError(t, s.AllFiles(t.Context(), func(a models.Attachment) error { known = a.Blob; return nil }))
	for _, tt := range []struct {
		name string
		age  time.Duration
		ok   bool
	}{{"stray", 26 * time.Hour, false}, {"stray", time.Hour, true}, {known, 26 * time.Hour, true}} {
		cfg := config()
		cfg.Files = strays{checktest.Files(), tt.name, checktest.Now.Add(-tt.age)}
		r, err := check.Run(t.Context(), s, nil, cfg)
		require.NoError(t, err)
		require.Equal(t, tt.ok, r.OK(), said(t, r))
	}
	cfg := config()
	cfg.Files = nil
	r, err := check.Run(t.Context(), s, nil, cfg)
	require.NoError(t, err)
	require.True(t, r.Verdict(check.KeyFiles).Skipped)
}
