package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/cases"
	"recourse/internal/config"
	"recourse/internal/history"
	"recourse/internal/store"
	"recourse/models"
)

const deskMapping = `
source: desk
rows: cases
zone: UTC
instants: [iso]
case: id
received: in
milestones: {first_response: answered, resolved: out, closed: out}
fields: {department: team, category: about, customer: who, product: thing}
create: [departments, categories]
`

// tool runs the program on a record of its own.
type tool struct {
	t    *testing.T
	args []string
	db   string
}

func newTool(t *testing.T) *tool {
	t.Helper()
	return newToolOn(t, "sqlite://"+t.TempDir()+"/r.db")
}

func newToolOn(t *testing.T, url string) *tool {
	t.Helper()
	folder := t.TempDir()
	r := &tool{t: t, db: url}
	settings := fmt.Sprintf("database:\n  url: %s\nvault:\n  key_file: %s/master.key\nfiles:\n  dir: %s/files\n", r.db, folder, folder)
	r.args = []string{"--config", written(t, "settings.yaml", settings)}
	r.must("migrate")
	r.must("admin", "key")
	return r
}

func (r *tool) run(args ...string) (string, error) {
	cmd := root()
	var out bytes.Buffer
	cmd.SetArgs(append(args, r.args...))
	cmd.SetOut(&out)
	cmd.SetErr(&out)
	err := cmd.ExecuteContext(r.t.Context())
	return out.String(), err
}

func (r *tool) must(args ...string) string {
	r.t.Helper()
	out, err := r.run(args...)
	require.NoError(r.t, err, out)
	return out
}

// rows are all cases on record, by their number in the other system.
func (r *tool) rows(look func(*store.Store)) map[string]models.FigureRow {
	r.t.Helper()
	record, err := store.Open(r.t.Context(), r.db, store.Options{})
	require.NoError(r.t, err)
	defer func() { require.NoError(r.t, record.Close()) }()
	all := map[string]models.FigureRow{}
	require.NoError(r.t, record.Figures(r.t.Context(), func(row models.FigureRow) error { all[row.Case.Reference] = row; return nil }))
	if look != nil {
		look(record)
	}
	return all
}

func TestALogIsPutOnRecordOnceAndAsAWhole(t *testing.T) {
	t.Parallel()
	r := newTool(t)
	mapping := written(t, "map.yaml", deskMapping)
	log := written(t, "log.csv", "id,in,answered,out,team,about,who,thing\n"+
		"A,2020-01-01,2020-01-01 12:00,2020-01-04,Water Works,pipes,c-1,tap\n"+
		"B,2020-01-02,,,Gas,pipes,c-1,\n"+
		"C,2020-01-02,,2020-01-05,Old,,,\n")
	out, err := r.run("import", log, "--mapping", mapping)
	require.ErrorContains(t, err, "1 of 3 cases are open in this log; say with --as-of", out)
	require.Empty(t, r.rows(nil))

	plain := written(t, "plain.yaml", strings.Replace(deskMapping, "create: [departments, categories]", "", 1))
	_, err = r.run("import", log, "--mapping", plain, "--as-of", "2020-02-01")
	require.ErrorContains(t, err, `the log names 4 that are not on record: departments "Gas", departments "Old", departments "Water Works", categories "pipes"`)
	require.Empty(t, r.rows(nil))

	out = r.must("import", log, "--mapping", mapping, "--as-of", "2020-02-01")
	require.Contains(t, out, "put 3 cases on record (0 were there already)")
	rows := r.rows(func(s *store.Store) {
		departments, err := s.Departments(t.Context())
		require.NoError(t, err)
		off := map[string]bool{}
		for _, d := range departments {
			off[d.NameEN] = d.DisabledAt != nil
		}
		require.Equal(t, map[string]bool{"Water Works": true, "Gas": false, "Old": true}, off, "work is only where something is open")
		starts, err := s.WaitingStarts(t.Context(), 9)
		require.NoError(t, err)
		require.Len(t, starts, 1)
	})
	a, b, c := rows["A"].Case, rows["B"].Case, rows["C"].Case
	require.Equal(t, []any{"desk", models.StateArchived, models.StateClosed, "tap", "pipes"}, []any{a.Source, a.State, a.Ending, a.Product, a.Category})
	require.Equal(t, time.Date(2020, 1, 4, 0, 0, 0, 0, time.UTC), *a.FirstResolvedAt)
	require.Equal(t, 72*time.Hour, a.HandlingGross)
	require.Regexp(t, "^RC[0-9]{4}-", a.Number)
	require.Regexp(t, "^Water-Works-[0-9a-f]{8}$", a.Department)
	require.Equal(t, a.CustomerID, b.CustomerID, "one customer")
	require.True(t, c.Anonymous)
	require.Equal(t, "Gas", b.Department)
	require.False(t, b.State.Ended())
	require.Len(t, rows["A"].Facts, 1)

	require.Contains(t, r.must("import", log, "--mapping", mapping, "--as-of", "2020-02-01"), "nothing was changed")
	more := written(t, "more.csv", "id,in,answered,out,team,about,who,thing\nA,2020-01-01,,2020-01-09,Gas,,,\nD,2020-01-01,,2020-01-09,Gas,,c-1,\n")
	require.Contains(t, r.must("import", more, "--mapping", mapping), "put 1 cases on record (1 were there already)")
	rows = r.rows(nil)
	require.Len(t, rows, 4)
	require.Equal(t, a.HandlingGross, rows["A"].Case.HandlingGross, "what is on record stays")
	require.Equal(t, a.CustomerID, rows["D"].Case.CustomerID)
	require.Contains(t, r.must("check", "--without-temporal"), "every row is the fold")
}

func TestAnImportThatWasStoppedGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	r := newTool(t)
	mapping := written(t, "map.yaml", deskMapping)
	var lines strings.Builder
	lines.WriteString("id,in,answered,out,team,about,who,thing\n")
	for i := range 600 {
		fmt.Fprintf(&lines, "T%d,2020-01-01,,2020-01-04,Gas,,c-%d,\n", i, i%7)
	}
	log := written(t, "log.csv", lines.String())
	r.stopAfter("i-1", mapping, log, 550)
	require.Empty(t, r.rows(nil), "nobody sees half a log")
	other := written(t, "other.csv", "id,in,answered,out,team,about,who,thing\nX,2020-01-01,,2020-01-04,Gas,,,\n")
	_, err := r.run("import", other, "--mapping", mapping)
	require.ErrorContains(t, err, "is under way; finish it by the same command, or drop it with --drop i-1")

	out := r.must("import", log, "--mapping", mapping)
	require.Contains(t, out, "going on behind the first 500 cases")
	require.Contains(t, out, "put 600 cases on record")
	rows := r.rows(nil)
	require.Len(t, rows, 600)
	customers := map[string]bool{}
	for _, row := range rows {
		customers[row.Case.CustomerID] = true
	}
	require.Len(t, customers, 7, "customers of the first part are found again in the second")

	r.stopAfter("i-2", mapping, other, 0)
	r.must("import", "--drop", "i-2")
	require.Contains(t, r.must("import", other, "--mapping", mapping), "put 1 cases on record")
}

// stopAfter begins an import and stops it after so many cases.
func (r *tool) stopAfter(id, mapping, log string, n int) {
	r.t.Helper()
	cfg, err := config.Load(r.args[1], nil)
	require.NoError(r.t, err)
	s, err := openStack(r.t.Context(), cfg)
	require.NoError(r.t, err)
	defer s.close()
	s.service.NewID = func() func() string {
		first := true
		return func() string {
			if first {
				first = false
				return id
			}
			return newID()
		}
	}()
	m, err := readHistoryMapping(mapping, []string{log})
	require.NoError(r.t, err)
	digest, err := logDigest([]string{log}, mapping, time.Time{})
	require.NoError(r.t, err)
	importing, err := s.service.BeginImport(r.t.Context(), s.store, models.System(), models.Import{Source: m.Source, Files: []string{log}, Digest: digest},
		cases.ImportNames{Departments: map[string]bool{"Gas": false}, Create: m.Create})
	require.NoError(r.t, err)
	stop := errors.New("stopped")
	_, err = m.Read(r.t.Context(), []string{log}, history.Options{}, func(h history.History) error {
		if n--; n < 0 {
			return stop
		}
		return importing.Add(r.t.Context(), cases.AdoptedCase{Adopted: h.Adopted, Customer: h.Customer, Closed: h.Closed()})
	})
	require.ErrorIs(r.t, err, stop)
	require.NoError(r.t, importing.Pause())
}

func TestAMappingIsRefusedWithAllOfItsFaultsAtOnce(t *testing.T) {
	t.Parallel()
	wrong := written(t, "map.yaml", strings.Replace(deskMapping, "case: id\n", "case: number\nresolved_is_closd: true\n", 1))
	log := written(t, "log.csv", "id,in,answered,out,team,about,who,thing\n")
	for _, command := range [][]string{{"import", log, "--dry-run"}, {"simulate", log, "--policy", "none.yaml", "--zone", "UTC"}} {
		cmd := root()
		cmd.SetArgs(append(command, "--mapping", wrong))
		cmd.SetOut(io.Discard)
		cmd.SetErr(io.Discard)
		err := cmd.ExecuteContext(t.Context())
		require.ErrorContains(t, err, `there is no column "number"`)
		require.ErrorContains(t, err, `nobody knows "resolved_is_closd"`)
	}
}

func TestVolumesAreImported(t *testing.T) {
	t.Parallel()
	r := newTool(t)
	mapping := written(t, "map.yaml", "source: shop\nrows: volumes\nzone: UTC\ninstants: [YYYY-MM]\nvolumes: {product: p, from: m, period: month, units: n}\n")
	table := written(t, "v.csv", "p,m,n\ntap,2020-01,7\n")
	report := filepath.Join(t.TempDir(), "report.json")
	r.must("import", table, "--mapping", mapping, "--dry-run", "--json", report)
	text, err := os.ReadFile(report)
	require.NoError(t, err)
	require.Contains(t, string(text), `"units": 7`)
	volumes := func() (all []models.Volume) {
		r.rows(func(s *store.Store) {
			all, err = s.Volumes(t.Context())
			require.NoError(t, err)
		})
		return all
	}
	require.Empty(t, volumes())
	require.Contains(t, r.must("import", table, "--mapping", mapping), "put 1 volumes on record")
	require.Equal(t, int64(7), volumes()[0].Count)
}
