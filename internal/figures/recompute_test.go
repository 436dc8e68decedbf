package figures_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/extract"
	"recourse/internal/kpi"
	"recourse/internal/sheet"
	"recourse/models"
)

// script is the check that shares no code with ours.
var script, _ = filepath.Abs("../../docs/recompute.py")

// python runs the script on a folder of extracts and reads what it prints.
func python(t *testing.T, into any, args ...string) {
	t.Helper()
	if _, err := exec.LookPath("python3"); err != nil {
		if os.Getenv("CI") != "" {
			require.FailNow(t, "python3 is missing: nothing checks the figures independently")
		}
		t.Skip("python3 is missing: nothing checks the figures independently")
	}
	run := exec.CommandContext(t.Context(), "python3", append([]string{script}, args...)...)
	run.Stderr = os.Stderr
	said, err := run.Output()
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(said, into))
}

// extracts writes the tables of the record into a folder, without the columns that follow from others.
func extracts(t *testing.T, c company) string {
	t.Helper()
	folder := t.TempDir()
	table, q := c.year(t)
	ids, err := table.Matching(q)
	require.NoError(t, err)
	for _, one := range extract.Tables() {
		file, err := os.Create(filepath.Join(folder, one.Name+".csv"))
		require.NoError(t, err)
		var kept []int
		var names []string
		for i, column := range one.Columns {
			if !column.Derived {
				kept, names = append(kept, i), append(names, column.Name)
			}
		}
		w, err := sheet.CSV(file, false, names...)
		require.NoError(t, err)
		require.NoError(t, extract.Write(t.Context(), c.source(), one, ids, q.Cut, func(cells ...any) error {
			require.Len(t, cells, len(one.Columns), one.Name)
			row := make([]any, len(kept))
			for i, at := range kept {
				row[i] = cells[at]
			}
			return w.Row(row...)
		}))
		require.NoError(t, w.Close())
		require.NoError(t, file.Close())
	}
	return folder
}

// counted is what the script says of one figure.
type counted struct {
	N, Hits, Numerator, Denominator int64
	Value                           *float64
	Stats                           *kpi.Stats
	Money                           map[string]int64
}

// told is a value of ours as the script would say it.
func told(v kpi.Value) counted {
	c := counted{N: v.N, Hits: v.Hits, Numerator: v.Numerator, Denominator: v.Denominator, Value: v.Value, Stats: v.Stats}
	for _, m := range v.Money {
		if c.Money == nil {
			c.Money = map[string]int64{}
		}
		c.Money[m.Currency] = m.Minor
	}
	return c
}

func TestAnIndependentScriptCountsTheSameFromTheExtracts(t *testing.T) {
	t.Parallel()
	c := newCompany(t, filepath.Join(t.TempDir(), "company.db"), 600)
	folder := extracts(t, c)
	var dimensions []string
	for _, d := range kpi.Dimensions() {
		dimensions = append(dimensions, string(d.Key))
	}
	at := []string{folder, "--cut", noon.UTC().Format(time.RFC3339), "--until", noon.UTC().Format(time.RFC3339), "--zone", "Asia/Shanghai"}
	var again map[string]map[string]map[string]counted
	python(t, &again, append(at, "--by", ","+strings.Join(dimensions, ","))...)
	var lists map[string][][]any
	python(t, &lists, append(at, "--lists")...)

	var keys []string
	for _, m := range kpi.Measures() {
		if !strings.HasPrefix(m.Key, "complaint_rate") { // no volumes
			keys = append(keys, m.Key)
		}
	}
	table, q := c.year(t, keys...)
	var wrong []string
	differ := func(where, key string, want counted, got kpi.Value) {
		if w, g := asJSON(t, want), asJSON(t, told(got)); w != g && (want.N != 0 || got.N != 0) {
			wrong = append(wrong, fmt.Sprintf("%s %s:\n  script %s\n  ours   %s", where, key, w, g))
		}
	}
	all, err := table.Summary(q)
	require.NoError(t, err)
	for _, a := range all.Answers {
		differ("all", a.Key, again[""][""][a.Key], a.Value)
	}
	for _, d := range kpi.Dimensions() {
		b, err := table.Breakdown(q, d.Key)
		require.NoError(t, err)
		seen := map[string]bool{}
		for _, row := range b.Rows {
			seen[row.Keys[0]] = true
			for i, m := range b.Measures {
				differ(string(d.Key)+" "+row.Keys[0], m.Key, again[string(d.Key)][row.Keys[0]][m.Key], row.Values[i])
			}
		}
		for value := range maps.Keys(again[string(d.Key)]) {
			if !seen[value] {
				wrong = append(wrong, fmt.Sprintf("%s %q: the script alone knows it", d.Key, value))
			}
		}
	}
	for _, key := range keys {
		if list := behind(t, table, q, key); list != nil && !slices.Equal(list, named(lists[key])) {
			wrong = append(wrong, "the cases behind "+key+" are others")
		}
	}
	slices.Sort(wrong)
	require.Empty(t, wrong, "%d differences, the first: %s", len(wrong), strings.Join(wrong[:min(len(wrong), 30)], "\n"))
}

func asJSON(t *testing.T, v counted) string {
	t.Helper()
	written, err := json.Marshal(v)
	require.NoError(t, err)
	return string(written)
}

// behind lists what a figure counts, as "number cycle hit"; nil where items are no part of one case.
func behind(t *testing.T, table *kpi.Table, q kpi.Query, key string) []string {
	t.Helper()
	m, err := kpi.Find(key)
	require.NoError(t, err)
	if m.Of == kpi.ItemCustomers || key == "flow_ratio" {
		return nil
	}
	list := []string{}
	for cursor := ""; ; {
		page, err := table.Cases(q, kpi.List{Measure: key, Cursor: cursor, Limit: models.MaxPage})
		require.NoError(t, err)
		for _, i := range page.Items {
			list = append(list, fmt.Sprint(i.Number, " ", i.Cycle, " ", i.Hit))
		}
		if cursor = page.Next; cursor == "" {
			slices.Sort(list)
			require.Len(t, list, int(page.Total), key)
			return list
		}
	}
}

func named(items [][]any) []string {
	list := []string{}
	for _, i := range items {
		list = append(list, fmt.Sprint(i[0], " ", i[1], " ", i[2]))
	}
	slices.Sort(list)
	return list
}
